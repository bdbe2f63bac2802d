"""Above all steps: pause, snooze, bounces, and what is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.core.histories import (
    GRACE,
    TALK,
    after_talk,
    agenda,
    at,
    calendar,
    due,
    dues,
    held,
    history,
    kinds,
    london,
    noted,
    opened,
    prompted,
    said,
    skipped,
    steps,
    thanked,
    the,
)
from workflows.facts import KINDS, Fact
from workflows.rehearsal import rehearse

SILENCE = ("follow-up", "follow-up-last-call", "ghosted")
PAUSED = said("paused", "2026-03-10T09:00Z")
UNTIL_30 = said("paused", "2026-03-10T09:00Z", until="2026-03-30")


def rehearsed(*facts: Fact) -> list[tuple[str, Any, str | None]]:
    entries = rehearse((opened(), calendar(), held("i1", TALK, GRACE), *facts), as_of=at(TALK)).steps
    return [(e.intent.split("/")[0], e.due, e.skipped) for e in entries]


class TestPause:
    def test_until_a_date_what_was_due_shows_as_due_at_the_start_of_waking_hours_on_it(self) -> None:
        assert dues(thanked(UNTIL_30), *SILENCE) == [
            ("follow-up", london("2026-03-30 08:00")),
            ("follow-up-last-call", london("2026-03-30 08:00")),
            ("ghosted", london("2026-04-07 08:00")),
        ]

    def test_until_a_moment_what_was_due_shows_as_due_then(self) -> None:
        until_noon = said("paused", "2026-03-10T09:00Z", until="2026-03-13T12:00Z")

        assert due(thanked(until_noon), "follow-up") == at("2026-03-13T12:00Z")

    def test_clocks_go_on_so_what_is_due_later_stays(self) -> None:
        until_13 = said("paused", "2026-03-10T09:00Z", until="2026-03-13")

        assert dues(thanked(until_13), "follow-up-last-call", "ghosted") == dues(thanked(), "follow-up-last-call", "ghosted")

    def test_without_an_end_steps_keep_their_due_and_nothing_is_next(self) -> None:
        assert dues(thanked(PAUSED), *SILENCE) == dues(thanked(), *SILENCE)
        assert [kind for kind, _, _ in rehearsed(PAUSED) if kind in SILENCE] == []

    def test_resumed_what_is_overdue_comes_at_once(self) -> None:
        resumed = said("resumed", "2026-03-30T10:00Z")

        assert [e for e in rehearsed(PAUSED, resumed) if e[0] in SILENCE] == [
            ("follow-up", at("2026-03-30T10:00Z"), "superseded"),
            ("follow-up-last-call", at("2026-03-30T10:00Z"), None),
            ("ghosted", london("2026-04-07 08:00"), None),
        ]

    def test_resumed_early_it_is_as_if_never_paused(self) -> None:
        assert dues(thanked(UNTIL_30, said("resumed", "2026-03-11T10:00Z"))) == dues(thanked())

    def test_paused_again_the_latest_pause_counts(self) -> None:
        longer = said("paused", "2026-03-11T09:00Z", until="2026-04-02")

        assert due(thanked(UNTIL_30, longer), "follow-up") == london("2026-04-02 08:00")

    def test_an_employers_own_deadline_is_told_in_spite_of_a_pause(self) -> None:
        offer = said("offer_received", "2026-03-05T12:00Z", in_writing=True, decide_by="2026-03-13")

        assert due(thanked(offer, UNTIL_30), "offer-decide") == london("2026-03-12 20:00")
        assert due(thanked(offer, UNTIL_30), "offer-overdue") == london("2026-03-14 08:00")
        told = [(kind, moment) for kind, moment, skip in rehearsed(offer, PAUSED) if not skip]
        assert ("offer-decide", london("2026-03-12 20:00")) in told
        assert ("offer-overdue", london("2026-03-14 08:00")) in told

    def test_the_policys_own_deadline_is_not(self) -> None:
        offer = said("offer_received", "2026-03-10T08:00Z", in_writing=True)
        paused = said("paused", "2026-03-10T09:00Z")

        assert "offer-decide" not in [kind for kind, _, skip in rehearsed(offer, paused) if not skip]

    def test_outcomes_by_time_wait_too(self) -> None:
        offer = said("offer_received", "2026-03-05T12:00Z", in_writing=True, decide_by="2026-03-13")

        assert due(thanked(offer, UNTIL_30), "offer-lapsed") == london("2026-03-30 08:00")
        assert "offer-lapsed" not in [kind for kind, _, _ in rehearsed(offer, PAUSED)]

    def test_a_thank_you_that_the_pause_outlasts_is_noted_as_too_late(self) -> None:
        entries = rehearsed(said("paused", "2026-03-02T15:30Z", until="2026-03-10"))

        assert {
            (kind, skip) for kind, moment, skip in entries if moment == london("2026-03-10 08:00") and kind.startswith("thank-you")
        } <= {
            ("thank-you", "too late"),
            ("thank-you", "superseded"),
            ("thank-you-nudge", "too late"),
            ("thank-you-nudge", "superseded"),
            ("thank-you-lapsed", None),
        }
        assert not [kind for kind, _, skip in entries if kind in ("thank-you", "thank-you-nudge") and not skip]


def snoozed(intent: str, until: str, moment: str = "2026-03-04T12:00Z") -> Fact:
    return said("snoozed", moment, intent=intent, until=until)


class TestSnooze:
    def test_a_date_means_the_start_of_waking_hours_on_it(self) -> None:
        assert due(thanked(snoozed("follow-up/1", "2026-03-14")), "follow-up") == london("2026-03-14 08:00")

    def test_a_moment_means_that_moment(self) -> None:
        assert due(thanked(snoozed("follow-up/1", "2026-03-14T13:30Z")), "follow-up") == at("2026-03-14T13:30Z")

    def test_only_that_kind_of_step_moves(self) -> None:
        others = ("waiting", "follow-up-last-call", "ghosted")

        assert dues(thanked(snoozed("follow-up/1", "2026-03-14")), *others) == dues(thanked(), *others)

    def test_never_earlier(self) -> None:
        assert due(thanked(snoozed("follow-up/1", "2026-03-06")), "follow-up") == london("2026-03-12 08:00")

    def test_the_number_of_the_silence_is_ignored(self) -> None:
        assert due(thanked(snoozed("follow-up/7", "2026-03-14")), "follow-up") == london("2026-03-14 08:00")

    def test_another_interviews_step_stays(self) -> None:
        assert due(after_talk(snoozed("thank-you/i9", "2026-03-03T10:00Z", "2026-03-02T16:00Z")), "thank-you") == london("2026-03-02 17:00")

    def test_never_beyond_the_last_waking_moment_in_which_it_helps(self) -> None:
        moved = the(after_talk(snoozed("thank-you/i1", "2026-03-09", "2026-03-02T16:00Z")), "thank-you").due
        assert at("2026-03-04T14:58Z") <= moved <= at("2026-03-04T15:00Z")

        asleep = history(held("i1", "2026-03-02T23:30Z", GRACE), snoozed("thank-you/i1", "2026-03-09", "2026-03-03T07:00Z"))
        assert london("2026-03-04 20:58") <= due(asleep, "thank-you") < london("2026-03-04 21:00")

    def test_it_moves_the_step_as_it_stood_then_so_not_that_of_a_later_silence(self) -> None:
        app = thanked(snoozed("follow-up/1", "2026-03-20"), said("employer_replied", "2026-03-05T12:00Z"))

        assert due(app, "follow-up") == london("2026-03-17 08:00")

    def test_nor_that_of_a_date_promised_later(self) -> None:
        app = thanked(snoozed("follow-up/1", "2026-04-20"), said("timeline_stated", "2026-03-05T12:00Z", respond_by="2026-03-31"))

        assert due(app, "follow-up") == london("2026-04-02 08:00")

    def test_it_does_not_bring_back_what_is_done(self) -> None:
        app = thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), snoozed("follow-up/1", "2026-03-14", "2026-03-12T09:00Z"))

        assert "follow-up" not in kinds(app)

    def test_snoozed_again_it_moves_later_only(self) -> None:
        first = snoozed("follow-up/1", "2026-03-17")

        for again, expected in (("2026-03-20", "2026-03-20 08:00"), ("2026-03-16", "2026-03-17 08:00")):
            assert due(thanked(first, snoozed("follow-up/1", again, "2026-03-05T12:00Z")), "follow-up") == london(expected)

    def test_an_extended_deadline_is_another_step(self) -> None:
        first, longer = (
            said("offer_received", m, in_writing=True, decide_by=d)
            for m, d in (("2026-03-05T12:00Z", "2026-03-13"), ("2026-03-09T12:00Z", "2026-03-20"))
        )
        nap = snoozed("offer-decide/1", "2026-03-13T12:00Z", "2026-03-06T12:00Z")

        assert due(after_talk(first, nap), "offer-decide") == at("2026-03-13T12:00Z")
        assert due(after_talk(first, nap, longer), "offer-decide") == london("2026-03-19 20:00")


NOTE = prompted("follow-up/1", "2026-03-12T08:00Z")
BOUNCED = said("bounced", "2026-03-12T08:05Z", intent="follow-up/1", permanent=True)


def moved_to(email: str, moment: str = "2026-03-13T09:00Z") -> Fact:
    candidate = {"id": "cand-7", "name": "Ada Byron", "email": email, "timezone": "Europe/London"}
    return said("candidate_changed", moment, candidate=candidate)


class TestUndeliverable:
    LOST = noted("undeliverable", "2026-03-12T08:00Z", intent="follow-up/1", reason="no such mailbox")

    @pytest.mark.parametrize("facts", [(LOST,), (NOTE, BOUNCED)], ids=["refused", "bounced"])
    def test_it_is_done_until_the_address_changes(self, facts: tuple[Fact, ...]) -> None:
        assert "follow-up" not in kinds(thanked(*facts))
        assert "follow-up" not in kinds(thanked(*facts, moved_to("ada@example.org")))
        assert "follow-up" in kinds(thanked(*facts, moved_to("ada@example.net")))

    def test_an_address_that_changed_before_does_not_count(self) -> None:
        assert "follow-up" not in kinds(thanked(moved_to("ada@example.net", "2026-03-11T09:00Z"), self.LOST))

    def test_a_bounce_for_now_changes_nothing(self) -> None:
        passing = said("bounced", "2026-03-12T08:05Z", intent="follow-up/1", permanent=False)

        assert "follow-up" not in kinds(thanked(NOTE, passing, moved_to("ada@example.net")))

    def test_a_message_that_arrived_is_not_repeated_to_the_new_address(self) -> None:
        assert "follow-up" not in kinds(thanked(NOTE, moved_to("ada@example.net")))

    def test_given_again_at_the_new_address_it_is_done(self) -> None:
        app = thanked(self.LOST, moved_to("ada@example.net"), prompted("follow-up/1", "2026-03-13T09:00Z"))

        assert "follow-up" not in kinds(app)

    def test_an_unknown_fate_is_never_repeated(self) -> None:
        uncertain = prompted("follow-up/1", "2026-03-12T08:00Z", uncertain=True)

        assert "follow-up" not in kinds(thanked(uncertain, moved_to("ada@example.net")))


class TestWhatIsShown:
    FULL = (
        after_talk(),
        thanked(said("next_round_invited", "2026-03-09T12:00Z")),
        after_talk(said("offer_received", "2026-03-05T12:00Z", in_writing=True, decide_by="2026-03-13")),
        after_talk(said("hiring_step", "2026-03-05T12:00Z", step="reference_check")),
        after_talk(said("rejected", "2026-03-10T12:00Z")),
        after_talk(said("withdrawn", "2026-03-10T12:00Z")),
        after_talk(said("offer_accepted", "2026-03-10T12:00Z")),
    )

    def test_together_these_show_every_kind_of_step(self) -> None:
        assert {kind for app in self.FULL for kind in kinds(app)} == set(KINDS)

    def test_steps_are_shown_soonest_first_and_silent_moments_not_at_all(self) -> None:
        for app in self.FULL:
            moments = [step.due for step in agenda(app)]
            assert moments == sorted(moments)
            assert set(kinds(app)) <= set(KINDS)
            assert all(step.action.strip() for step in agenda(app))

    def test_a_step_is_identified_by_its_intent_and_since(self) -> None:
        for app in self.FULL:
            named = [(step.intent, step.since) for step in agenda(app)]
            assert len(named) == len(set(named))

    def test_a_skipped_last_call_and_a_noted_follow_up_leave_the_end(self) -> None:
        app = thanked(NOTE, skipped("follow-up-last-call/1", "2026-03-17T08:00Z", "superseded"))

        assert [s.kind for s in steps(app, *SILENCE)] == ["ghosted"]

    def test_nothing_is_shown_after_everything_was_done(self) -> None:
        day = timedelta(days=1)
        app = thanked(prompted("thank-you/i1", "2026-03-02T17:00Z"), prompted("waiting/1", "2026-03-03T08:00Z"), NOTE)

        assert kinds(app) == ["follow-up-last-call", "ghosted"]
        assert the(app, "ghosted").due - the(app, "follow-up-last-call").due == 7 * day
