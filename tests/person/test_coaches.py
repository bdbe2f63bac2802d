"""What the facts about advisers amount to, without a server: nobody sees anything to whom the candidate did not say so themselves."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.histories import at
from tests.core.looking import examples
from tests.person.lives import ada, ahead, changed, ended, lived, person, registered, told
from workflows.ledger import fresh
from workflows.person import Person, objection
from workflows.person.agenda import every_step, message
from workflows.person.coaches import MOST, STANDS
from workflows.person.facts import PersonFact, PersonWord
from workflows.person.view import details, index, view

NINE = at("2026-03-02T09:00Z")


def asked(moment: str = "2026-03-02T09:00Z", coach: str = "coach-9", name: str = "Mary", ask: str = "ask-1") -> PersonFact:
    return told("coach_asked", moment, coach=coach, name=name, id=ask)


def allowed(moment: str = "2026-03-02T10:00Z", coach: str = "coach-9", ask: str = "ask-1", by: str = "candidate") -> PersonFact:
    return told("coach_allowed", moment, coach=coach, ask=ask, by=by)


def ended_by(by: str, moment: str = "2026-03-02T11:00Z", coach: str = "coach-9") -> PersonFact:
    return told("coach_withdrawn", moment, coach=coach, by=by)


def sees(who: Person) -> list[str]:
    return [one.coach for one in who.life.coaches.values() if one.since]


def against(who: Person, fact: PersonFact) -> str | None:
    """Why it is refused."""
    word, now = PersonWord(facts=(fact,)), fact.at or NINE
    found = objection(who, word, now, who.apply(*fresh(who, word, now)))
    return found.slug if found else None


def test_only_the_candidate_agrees_and_only_to_the_ask_that_stands() -> None:
    """Not the platform, not to an older ask, not once it is over, not before anybody asks."""
    assert sees(ada(asked(), allowed())) == ["coach-9"]
    assert sees(ada(allowed("2026-03-02T08:00Z"), asked())) == []
    assert against(ada(asked()), allowed(by="platform")) == "not-the-candidate"
    assert against(ada(asked()), allowed(ask="ask-0")) == "not-asked"
    assert against(ada(asked(), ended_by("platform", "2026-03-02T09:30Z")), allowed()) == "not-asked"
    assert against(ada(asked(), asked("2026-03-02T09:30Z", name="Grace", ask="ask-2")), allowed()) == "not-asked"
    late = (NINE + STANDS).isoformat()
    assert against(ada(asked()), allowed(late)) == "not-asked"
    assert sees(ada(asked(), allowed(late))) == []


@pytest.mark.parametrize("by", ["candidate", "platform", "process"])
def test_whoever_ends_it_ends_it(by: str) -> None:
    """And an ask anew is a new one."""
    over = ada(asked(), allowed(), ended_by(by))
    assert sees(over) == []
    again = over.apply(asked("2026-03-03T09:00Z", ask="ask-2"))
    assert (sees(again), against(again, allowed("2026-03-03T10:00Z"))) == ([], "not-asked")
    assert sees(again.apply(allowed("2026-03-03T10:00Z", ask="ask-2"))) == ["coach-9"]


def test_an_ask_needs_an_address_and_there_are_not_more_than_so_many() -> None:
    """Those that ended unanswered do not count."""
    assert against(person(registered(email=None, channels=["webhook"])), asked()) == "no-address"
    full = ada(*(asked(coach=f"c{n}", ask=f"ask-{n}") for n in range(MOST)))
    assert against(full, asked("2026-03-03T09:00Z", ask="one-more")) == "too-many-coaches"
    assert against(full, asked((NINE + STANDS).isoformat(), ask="one-more")) is None


def test_each_ask_is_one_message_of_its_own_until_it_is_answered_or_void() -> None:
    """No digest holds it up, nothing said before repeats it, and a changed address gets what the old one did not."""
    asks = ada(asked(), digest=True, weekends=False, daily_limit=1)
    sent, after = lived(asks, until="2026-05-01T09:00Z")
    assert [(m.at, m.intents, m.keys) for m in sent] == [(NINE, ("coach/coach-9",), ("ask-1",))]
    assert ahead(after, "coach") == []
    assert ahead(asks.apply(allowed()), "coach") == []
    assert ahead(asks.apply(ended_by("platform")), "coach") == []
    lost = asks.apply(ended("undeliverable", "2026-03-02T09:00Z", "ask-1", intent="coach/coach-9", reason="BadAddress"))
    assert ahead(lost, "coach") == []
    assert ahead(lost.apply(changed("2026-03-03T09:00Z", email="ada@example.net")), "coach") == [(NINE, ("ask-1",))]


def test_at_night_it_waits_for_the_morning() -> None:
    sent, _ = lived(ada(asked("2026-03-02T23:00Z")), until="2026-05-01T09:00Z")
    assert [m.at for m in sent] == [at("2026-03-03T08:00Z")]


def test_the_index_and_temporals_pages_have_ids_and_no_name() -> None:
    """Who asks is in nothing that is shown there, and only who may see is found."""
    asks = ada(asked(), asked(coach="coach-2", name="Grace", ask="ask-2"))
    assert index(asks)["Coaches"] is None
    agreed = asks.apply(allowed())
    assert index(agreed)["Coaches"] == ["coach-9"]
    assert "Mary" not in details(asks) + details(agreed) + str(index(agreed))
    (step,) = [one for one in every_step(agreed) if one.kind == "coach"]
    assert message(agreed, step).coach is not None


def test_a_run_that_goes_on_as_new_knows_who_agreed() -> None:
    """And that the message was sent."""
    who = ada(asked(), ended("prompted", "2026-03-02T09:01Z", "ask-1", intent="coach/coach-9"), allowed())
    assert view(who.kept())["coaches"] == view(who)["coaches"]
    assert ahead(ada(asked(), ended("prompted", "2026-03-02T09:01Z", "ask-1", intent="coach/coach-9")).kept(), "coach") == []


@st.composite
def lives(draw: st.DrawFn) -> list[PersonFact]:
    found: list[PersonFact] = []
    for n in range(draw(st.integers(1, 14))):
        moment = (NINE + timedelta(hours=draw(st.integers(0, 1000)), seconds=n)).isoformat()
        coach, ask = draw(st.sampled_from(("coach-1", "coach-2"))), draw(st.sampled_from(("ask-1", "ask-2", "ask-3")))
        match draw(st.sampled_from(("asked", "allowed", "allowed", "ended"))):
            case "asked":
                fact = asked(moment, coach, draw(st.sampled_from(("Mary", "Grace"))), f"{ask}-{n}")
            case "allowed":
                fact = allowed(moment, coach, f"{ask}-{draw(st.integers(0, 13))}", draw(st.sampled_from(("candidate", "platform"))))
            case _:
                fact = ended_by(draw(st.sampled_from(("candidate", "platform"))), moment, coach)
        found.append(fact.model_copy(update={"id": fact.id if fact.type == "coach_asked" else f"f{n:02}"}))
    return found


@examples(150)
@given(lives(), st.randoms(use_true_random=False))
def test_whatever_is_said_nobody_sees_without_the_candidates_word_after_the_last_ask(facts: list[PersonFact], order: object) -> None:
    """And in whatever order it arrives, it comes to the same."""
    who = ada(*facts)
    shuffled = list(facts)
    order.shuffle(shuffled)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] -- a random.Random
    assert view(ada(*shuffled))["coaches"] == view(who)["coaches"]
    for coach in sees(who):
        told_of = [one for one in who.facts if getattr(one, "coach", None) == coach]
        said = sorted(told_of, key=lambda one: one.at or NINE)
        assert all((a.at or NINE) <= (b.at or NINE) for a, b in pairwise(said))
        yes = [one for one in said if one.type == "coach_allowed" and one.by == "candidate"]
        assert yes
        assert not [one for one in said if one.type == "coach_withdrawn" and (one.at or NINE) > (yes[-1].at or NINE)]
