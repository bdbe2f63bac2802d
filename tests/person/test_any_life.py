"""Any life across applications: the order of arrival never matters, nothing is said twice, and a run that goes on as new is the same."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.histories import at
from tests.core.looking import examples
from tests.person.lives import ada, ahead, begun, changed, due, ended, handed, lived, means, offered, person, registered, told, waiting
from workflows.calendar import zone
from workflows.person import Person
from workflows.person.agenda import every_step, turn
from workflows.person.facts import PersonFact, Prompted
from workflows.person.view import view

FIRST = at("2026-03-01T09:00Z")
APPLICATIONS = ("app-1", "app-2", "app-3")
ZONES = ("Europe/London", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Pacific/Chatham")
SAID = (True, False)
INTENTS = ("follow-up/1", "ghosted/1", "rejection-reply/1", "waiting/1")


@st.composite
def facts(draw: st.DrawFn, *, notes: bool = True) -> tuple[PersonFact, ...]:
    """Up to a dozen facts of every kind within two months, each with a name and a moment of its own."""

    def one(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    kinds = ("registered", "changed", "begun", "means", "means", "handed", "handed", "left", "calendar", *(["note"] * 3 if notes else []))
    found: list[PersonFact] = []
    for n in range(draw(st.integers(1, 12))):
        moment = (FIRST + timedelta(minutes=7 * draw(st.integers(0, 12000)), seconds=n)).isoformat()
        application = one(*APPLICATIONS)
        match one(*kinds):
            case "registered":
                fact = registered(moment, timezone=one(*ZONES), preferences={"digest": draw(st.booleans())})
            case "changed":
                wishes = {"digest": one(None, *SAID), "weekends": one(None, *SAID), "daily_limit": one(None, 1, 2)}
                address = one("ada@example.org", "ada@example.net")
                fact = changed(moment, by=one("candidate", "platform"), preferences=wishes, email=address)
            case "begun":
                fact = begun(application, moment)
            case "means":
                deadlines = draw(st.lists(st.integers(10, 30), max_size=2))
                offers = [offered(f"2026-03-{day}T17:00Z", n, stated=draw(st.booleans())) for n, day in enumerate(deadlines, 1)]
                fact = means(application, moment, one(None, None, "rejected", "accepted"), *offers)
            case "handed":
                fact = handed(one(*INTENTS), moment, application)
            case "left":
                fact = told("application_left", moment, application=application)
            case "calendar":
                fact = told("calendar_rotated", moment, nonce=f"n{n}")
            case _:
                intent = f"{one('digest', 'keep-going', 'ask-for-time')}/{n}"
                result = one("prompted", "skipped", "undeliverable")
                reason = {} if result == "prompted" else {"reason": one("no longer needed", "too late")}
                fact = ended(result, moment, f"{application} {one(*INTENTS)}", intent=intent, **reason)
        found.append(fact.model_copy(update={"id": f"f{n:02}"}))
    return tuple(found)


def amounts_to(who: Person) -> Any:
    """Everything that is read from it, but for how many facts there are."""
    return every_step(who), waiting(who), {k: v for k, v in view(who).items() if k != "revision"}, who.life.behind(at("2026-05-01T00:00Z"))


class TestAnyLife:
    @examples(80)
    @given(facts(), st.randoms(use_true_random=False))
    def test_the_order_of_arrival_never_matters(self, said: tuple[PersonFact, ...], dice: Any) -> None:
        mixed = [registered(), *said]
        dice.shuffle(mixed)

        assert amounts_to(person(*mixed)) == amounts_to(ada().apply(*said))

    @examples(80)
    @given(facts(), st.randoms(use_true_random=False))
    def test_gone_on_as_new_it_has_the_same_agenda_and_the_same_messages_wait(self, said: tuple[PersonFact, ...], dice: Any) -> None:
        mixed = [registered(), *said]
        dice.shuffle(mixed)
        who = person(*mixed)

        assert amounts_to(who.kept()) == amounts_to(who)
        assert who.kept().kept().facts == who.kept().facts

    @examples(40)
    @given(facts(notes=False))
    def test_in_a_life_no_message_is_said_twice_and_nobody_is_woken(self, said: tuple[PersonFact, ...]) -> None:
        sent, then = lived(ada(*said), until="2026-06-01T00:00Z")
        keys = Counter(key for message in sent for key in message.keys)

        assert not [key for key, count in keys.items() if count > 1]
        assert waiting(then) == []
        if not any(f.type == "registered" for f in said):  # nobody moved
            assert all(8 <= m.at.astimezone(zone("Europe/London")).hour < 21 for m in sent)

    @examples(40)
    @given(facts(notes=False))
    def test_every_message_that_was_handed_over_comes_to_an_end(self, said: tuple[PersonFact, ...]) -> None:
        _, then = lived(ada(*said), until="2026-06-01T00:00Z")
        handed_over = {f.notice.key for f in said if f.type == "deferred"}

        assert handed_over == {key for note in then.life.notes for key in note.fact.keys if "#" not in key}


def a_month_of_digests(first: datetime) -> list[PersonFact]:
    """Two a day, as with a limit of two."""
    moments = [(first + timedelta(hours=12 * n)).isoformat() for n in range(60)]
    return [ended("prompted", moment, f"app-9 follow-up/{n}", intent=f"digest/d{n}") for n, moment in enumerate(moments)]


class TestGoneOnAsNew:
    """What must not be forgotten, however much was said since."""

    def test_what_was_asked_once_is_not_asked_again(self) -> None:
        offers = (
            means("app-1", "2026-03-04T10:00Z", None, offered("2026-06-10T21:00Z")),
            means("app-2", "2026-03-05T11:00Z", None, offered("2026-06-20T21:00Z")),
        )
        _, asked = lived(ada(*offers, unsubscribed=("keep-going",)), until="2026-03-06T00:00Z")
        later = asked.apply(*a_month_of_digests(at("2026-03-06T08:00Z")))

        assert ahead(later, "ask-for-time") == ahead(later.kept(), "ask-for-time") == []

    def test_the_weekly_note_keeps_its_week(self) -> None:
        noted = ended("prompted", "2026-03-09T08:00Z", intent="keep-going/2026-03-09")
        hourly = [ended("prompted", f"2026-03-09T{n:02}:{m:02}Z", intent=f"digest/{n}.{m}") for n in range(9, 20) for m in (0, 20, 40)]
        who = ada(begun("app-1"), noted, *hourly, daily_limit=50)

        assert due(who.kept(), "keep-going") == due(who, "keep-going") == at("2026-03-16T08:00Z")

    def test_a_day_s_limit_of_forty_stays_forty(self) -> None:
        told_today = [ended("prompted", f"2026-03-12T{9 + n // 6:02}:{n % 6 * 10:02}Z", f"k{n}", intent=f"digest/{n}") for n in range(40)]
        who = ada(*told_today, handed("follow-up/1", "2026-03-12T18:00Z"), daily_limit=40)

        assert due(who.kept(), "digest") == due(who, "digest") > at("2026-03-13T08:00Z")

    def test_an_application_heard_of_before_it_was_known_keeps_its_age(self) -> None:
        """From before there were candidates: it is known by what it means, and its first word is its beginning."""
        who = ada(means("app-1", "2026-03-02T10:00Z"), means("app-1", "2026-03-20T10:00Z", None, offered(None)))

        assert due(who.kept(), "keep-going") == due(who, "keep-going")

    def test_messages_that_left_are_forgotten(self) -> None:
        who = ada(*(handed("follow-up/1", "2026-03-05T08:00Z", f"app-{n}") for n in range(50)), digest=True)
        _, then = lived(who, until="2026-03-07T00:00Z")

        assert [f.type for f in then.kept().facts if f.type == "deferred"] == []
        assert len(then.facts) > 50
        assert any(isinstance(f, Prompted) for f in then.kept().facts)
        assert turn(then.kept(), at("2026-03-07T09:00Z")).sends == ()
