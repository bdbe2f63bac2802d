"""How a candidate wants to be written to: the digest, weekends, categories. What cannot wait does not; what an employer set does not move.

Row C of the worked dates (Berlin, the talk ended on Thursday 26 March 2026 at 11:00) has its prompts at 17:00; the talk of the other
stories ended on Wednesday 4 March at 15:00 in London, so that the follow-up falls on Saturday the 14th.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.histories import (
    BERLIN,
    GRACE,
    Application,
    at,
    calendar,
    due,
    ghosted,
    held,
    history,
    kinds,
    london,
    offer,
    opened,
    outcome,
    said,
    scheduled,
    skipped,
    the,
)
from tests.core.looking import awake, examples, known
from tests.core.strategies import LIVELY, START, histories, openings
from workflows.facts import Fact, Opened, Preferences
from workflows.guide import agenda
from workflows.guide.turn import turn
from workflows.notice import notice
from workflows.rehearsal import rehearse

WEDNESDAY: Final = "2026-03-04T15:00Z"
CAN_WAIT: Final = {"waiting", "follow-up", "follow-up-last-call", "ghosted", "rejection-reply"}
"""By the text: all else comes alone and at once."""


def wishing(opening: Fact, **preferences: Any) -> Fact:
    """The opening of a candidate with these preferences."""
    assert isinstance(opening, Opened)
    return opening.model_copy(update={"candidate": opening.candidate.model_copy(update={"preferences": Preferences(**preferences)})})


def row_c(*facts: Fact, **preferences: Any) -> Application:
    opening = (wishing(opened(candidate=BERLIN, employer=BERLIN, country="DE", subdivision="BE"), **preferences), calendar("DE", "BE"))
    return history(held("i1", "2026-03-26T10:00Z", GRACE), *facts, opening=opening)


def on_wednesday(*facts: Fact, **preferences: Any) -> Application:
    return history(held("i1", WEDNESDAY, GRACE), *facts, opening=(wishing(opened(), **preferences), calendar()))


def berlin(text: str) -> datetime:
    return at(text, BERLIN)


class TestDigest:
    def test_prompts_that_can_wait_are_due_at_the_next_start_of_the_day(self) -> None:
        plain, app = row_c(), row_c(digest=True)

        assert [due(plain, kind) for kind in ("follow-up", "follow-up-last-call")] == [
            berlin("2026-04-08T17:00"),
            berlin("2026-04-13T17:00"),
        ]
        assert [due(app, kind) for kind in ("follow-up", "follow-up-last-call")] == [berlin("2026-04-09T08:00"), berlin("2026-04-14T08:00")]

    def test_what_is_due_at_the_start_of_the_day_is_of_that_morning(self) -> None:
        assert due(on_wednesday(digest=True), "follow-up") == due(on_wednesday(), "follow-up") == london("2026-03-14T08:00")

    def test_the_outcome_ghosted_does_not_move(self) -> None:
        assert due(row_c(digest=True), "ghosted") == berlin("2026-04-20T17:00")
        assert due(row_c(said("follow_up_sent", "2026-04-08T16:00Z"), digest=True), "ghosted") == berlin("2026-04-15T17:00")

    def test_but_its_message_waits_for_the_morning(self) -> None:
        told = (said("follow_up_sent", "2026-04-08T16:00Z"), ghosted("2026-04-15T15:00Z"))
        app = row_c(*told, digest=True)

        assert outcome(app) == "ghosted"
        assert due(app, "ghosted") == berlin("2026-04-16T08:00")

    def test_the_answer_to_a_rejection_waits_for_the_morning(self) -> None:
        """Rejected on Monday 30 March at noon: a day later it is Tuesday noon."""
        rejected = said("rejected", "2026-03-30T10:00Z")

        assert due(row_c(rejected), "rejection-reply") == berlin("2026-03-31T12:00")
        assert due(row_c(rejected, digest=True), "rejection-reply") == berlin("2026-04-01T08:00")

    def test_the_reason_says_so(self) -> None:
        assert "digest" in the(row_c(digest=True), "follow-up").why
        assert "digest" not in the(row_c(), "follow-up").why

    def test_thank_yous_come_at_their_hour(self) -> None:
        app = row_c(digest=True)

        assert (due(app, "thank-you"), due(app, "thank-you-nudge")) == (berlin("2026-03-26T13:00"), berlin("2026-03-27T08:00"))

    def test_an_offer_and_the_next_round_come_at_once(self) -> None:
        given, invited = offer("2026-03-30T12:00Z", decide_by="2026-04-10"), said("next_round_invited", "2026-03-30T12:00Z")

        for kind in ("offer-thanks", "offer-review", "offer-decide", "offer-overdue"):
            assert due(row_c(given, digest=True), kind) == due(row_c(given), kind)
        assert due(row_c(invited, digest=True), "next-round") == at("2026-03-30T12:00Z")

    @pytest.mark.parametrize(
        ("wishes", "waits"), [({}, False), ({"digest": True}, True), ({"daily_limit": 2}, True), ({"weekends": False}, False)]
    )
    def test_with_a_digest_or_a_limit_what_can_wait_is_handed_over_and_nothing_else_is(
        self,
        wishes: dict[str, Any],
        waits: bool,  # noqa: FBT001 -- a column of the table
    ) -> None:
        app = on_wednesday(**wishes)

        assert notice(app, the(app, "follow-up")).together is waits
        assert notice(app, the(app, "thank-you")).together is False


class TestWeekends:
    def test_what_can_wait_comes_on_monday(self) -> None:
        assert due(on_wednesday(), "follow-up") == london("2026-03-14T08:00")
        assert due(on_wednesday(weekends=False), "follow-up") == london("2026-03-16T08:00")

    def test_what_falls_on_a_weekday_does_not_move(self) -> None:
        assert due(on_wednesday(weekends=False), "follow-up-last-call") == london("2026-03-19T08:00")

    def test_the_outcome_ghosted_comes_on_its_day(self) -> None:
        """Asked on Friday 13 March; five business days later it is Friday the 20th, 21:00 in London."""
        asked = said("follow_up_sent", "2026-03-13T15:00Z")

        assert due(on_wednesday(asked, weekends=False), "ghosted") == london("2026-03-21T08:00")

    def test_and_its_message_on_monday(self) -> None:
        told = (said("follow_up_sent", "2026-03-13T15:00Z"), ghosted("2026-03-21T08:00Z"))
        app = on_wednesday(*told, weekends=False)

        assert (outcome(app), due(app, "ghosted")) == ("ghosted", london("2026-03-23T08:00"))

    def test_with_the_digest_on_monday_morning(self) -> None:
        """Rejected on Thursday at noon, so on Friday noon, so on Saturday, so on Monday."""
        rejected = said("rejected", "2026-03-12T12:00Z")

        assert due(on_wednesday(rejected, digest=True), "rejection-reply") == london("2026-03-14T08:00")
        assert due(on_wednesday(rejected, digest=True, weekends=False), "rejection-reply") == london("2026-03-16T08:00")

    def test_a_change_of_clocks_over_the_weekend_leaves_the_local_hour(self) -> None:
        """London changes on Sunday 29 March: Monday at 08:00 is 07:00 UTC."""
        rejected = said("rejected", "2026-03-27T12:00Z")

        assert due(on_wednesday(rejected, weekends=False), "rejection-reply") == at("2026-03-30T07:00Z")

    def test_thanks_are_prompted_on_saturday_all_the_same(self) -> None:
        app = history(held("i1", "2026-03-07T15:00Z", GRACE), opening=(wishing(opened(), weekends=False, digest=True), calendar()))

        assert (due(app, "thank-you"), due(app, "thank-you-nudge")) == (london("2026-03-07T17:00"), london("2026-03-08T09:00"))

    def test_a_message_never_moves_beyond_its_use(self) -> None:
        """The last call of 19 March helps until 2 April, 22:00 in London. Snoozed to that afternoon, the next morning is too late."""
        later = said("snoozed", "2026-03-19T10:00Z", intent="follow-up-last-call/1", until="2026-04-02T14:00Z")
        step = the(on_wednesday(skipped("follow-up/1", "2026-03-14T08:00Z"), later, digest=True, weekends=False), "follow-up-last-call")

        assert london("2026-04-02T15:00") <= step.due < london("2026-04-02T22:00")


def skips(app: Application, until: str) -> tuple[list[tuple[str, str, datetime]], Application]:
    """What is skipped in a life, with reason and moment, and what it amounts to."""
    played = rehearse(app.facts, as_of=at(WEDNESDAY), until=at(until))
    return [(e.intent.split("/")[0], e.skipped, e.due) for e in played.steps if e.skipped], played.ended


class TestUnsubscribed:
    def test_the_step_is_noted_as_skipped_when_it_is_due_and_not_before(self) -> None:
        app = on_wednesday(skipped("thank-you/i1", "2026-03-04T17:00Z"), unsubscribed=("follow-up",))
        before, then = turn(app, at("2026-03-14T07:59Z")), turn(app, at("2026-03-14T08:00Z"))

        assert not any(getattr(f, "intent", "").startswith("follow-up") for _, f in before.notes)
        assert [(f.intent, f.reason) for _, f in then.notes if f.type == "skipped" and f.intent.startswith("follow-up")] == [
            ("follow-up/1", "unsubscribed")
        ]
        assert "follow-up" not in [s.kind for s in then.sends]

    def test_its_chain_goes_on_to_ghosted_as_if_it_had_been_told(self) -> None:
        """The last call that nobody wanted to hear of was given on 19 March; five business days later it is ghosted."""
        found, ended = skips(on_wednesday(unsubscribed=("follow-up",)), "2026-04-05T00:00Z")

        assert found == [
            ("follow-up", "unsubscribed", london("2026-03-14T08:00")),
            ("follow-up-last-call", "unsubscribed", london("2026-03-19T08:00")),
        ]
        assert outcome(ended) == "ghosted"
        assert next(f.at for f in ended.facts if f.type == "ghosted") == london("2026-03-26T08:00")
        assert [f.intent for f in ended.facts if f.type == "prompted" and f.intent.startswith("ghosted")] == ["ghosted/1"]

    def test_the_outcome_is_noted_though_its_message_is_not_wanted(self) -> None:
        found, ended = skips(on_wednesday(unsubscribed=("outcomes",)), "2026-04-05T00:00Z")

        assert ("ghosted", "unsubscribed") in [(kind, why) for kind, why, _ in found]
        assert outcome(ended) == "ghosted"

    def test_whoever_wants_no_reminder_of_thanks_still_lets_go_of_them(self) -> None:
        found, ended = skips(on_wednesday(unsubscribed=("thanks",)), "2026-03-08T00:00Z")

        assert [kind for kind, why, _ in found if why == "unsubscribed"] == ["thank-you", "thank-you-nudge"]
        assert [f.type for f in ended.facts if f.type in ("prompted", "thank_you_lapsed")] == ["thank_you_lapsed", "prompted"]

    def test_thanks_and_review_of_an_offer_are_skipped_together(self) -> None:
        app = on_wednesday(offer("2026-03-05T12:00Z"), unsubscribed=("offers",))
        notes = [(f.intent, f.reason) for _, f in turn(app, at("2026-03-05T12:00Z")).notes if f.intent.startswith("offer")]

        assert notes == [("offer-thanks/1", "unsubscribed"), ("offer-review/1", "unsubscribed")]

    def test_other_categories_go_on(self) -> None:
        app = on_wednesday(offer("2026-03-05T12:00Z"), unsubscribed=("follow-up", "waiting", "outcomes", "thanks"))

        assert [s.kind for s in turn(app, at("2026-03-05T12:00Z")).sends] == ["offer-thanks"]

    def test_what_was_skipped_is_not_brought_back_by_subscribing_again(self) -> None:
        again = said("candidate_changed", "2026-03-15T12:00Z", by="process", candidate=_candidate(opened()))
        app = on_wednesday(skipped("follow-up/1", "2026-03-14T08:00Z", "unsubscribed"), again, unsubscribed=("follow-up",))

        assert "follow-up" not in kinds(app)
        assert [s.kind for s in turn(app, at("2026-03-19T08:00Z")).sends] == ["follow-up-last-call"]


def _candidate(opening: Fact) -> Any:
    return opening.model_dump(mode="json")["candidate"]


Wish = dict[str, Any]
wishes = st.fixed_dictionaries(
    {"digest": st.booleans(), "weekends": st.booleans(), "daily_limit": st.none() | st.integers(1, 3), "unsubscribed": st.just(())}
)


class TestAnyWish:
    @examples(150)
    @given(openings(), histories(LIVELY, most=8), wishes)
    def test_nothing_of_it_moves_a_step_that_cannot_wait(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], wish: dict[str, Any]
    ) -> None:
        """Nor takes one away."""
        plain, wished = known(opening, told), known((wishing(opening[0], **wish), opening[1]), told)

        assert [(s.intents, s.due, s.until) for s in agenda(wished) if s.kind not in CAN_WAIT] == [
            (s.intents, s.due, s.until) for s in agenda(plain) if s.kind not in CAN_WAIT
        ]

    @examples(150)
    @given(openings(), histories(LIVELY, most=8), wishes)
    def test_what_can_wait_is_later_only_and_never_beyond_its_use(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], wish: dict[str, Any]
    ) -> None:
        before = {s.intent: s for s in agenda(known(opening, told))}

        for step in agenda(known((wishing(opening[0], **wish), opening[1]), told)):
            plain = before[step.intent]
            assert step.due >= plain.due
            if step.until and step.due != plain.due and plain.until and plain.due < plain.until:
                assert step.due < step.until

    @examples(100)
    @given(openings(), histories(("interview_held", "timeline_stated", "thank_you_sent", "employer_replied"), most=6), wishes)
    def test_what_can_wait_comes_at_the_start_of_a_day_that_is_wanted(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], wish: dict[str, Any]
    ) -> None:
        app = known((wishing(opening[0], **wish), opening[1]), told)
        clock = app.story.candidate_clock

        for step in agenda(app):
            if step.kind not in CAN_WAIT or step.kind == "ghosted" or step.until:
                continue
            local = step.due.astimezone(clock.where)
            assert awake(opening, step.due)
            assert wish["weekends"] or local.weekday() < 5
            assert not wish["digest"] or step.due == clock.start_on(local.date())

    @examples(80)
    @given(openings(), histories(notes=True, most=8), wishes, st.randoms(use_true_random=False))
    def test_the_order_of_arrival_never_matters(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], wish: Wish, dice: Any) -> None:
        mixed = [wishing(opening[0], **wish), opening[1], *told]
        one = Application(id="app-1").apply(*mixed)
        dice.shuffle(mixed)

        assert agenda(Application(id="app-1").apply(*mixed)) == agenda(one)

    @examples(60)
    @given(openings(), st.integers(82, 130), wishes)
    def test_the_messages_come_at_the_moments_that_the_agenda_shows(
        self, opening: tuple[Fact, ...], days: int, wish: dict[str, Any]
    ) -> None:
        talk = START + timedelta(days=days)
        said_now = scheduled("far", (talk - timedelta(hours=1)).isoformat(), talk.isoformat(), START.isoformat())
        app = known((wishing(opening[0], **wish), opening[1]), (said_now,))
        played = rehearse(app.facts, as_of=START + timedelta(days=80), until=START + timedelta(days=300))
        shown = {(s.intent, s.due) for s in agenda(app) if s.kind not in ("thank-you-lapsed", "ghosted")}

        assert {(e.intent, e.due) for e in played.steps if not e.skipped and not e.intent.startswith("ghosted")} == shown
