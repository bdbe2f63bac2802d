"""Immediate next steps: thank-you, nudge, lapse. One test per row and sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    TALK,
    after_talk,
    at,
    calendar,
    due,
    dues,
    held,
    history,
    iso,
    kinds,
    london,
    noted,
    opened,
    prompted,
    rescheduled,
    said,
    scheduled,
    skipped,
    steps,
    the,
)
from workflows.guide.immediate import LAPSE_IS_FINAL

THANKS = ("thank-you", "thank-you-nudge", "thank-you-lapsed")


class TestDue:
    @pytest.mark.parametrize(
        ("ended", "prompt", "nudge"),
        [
            ("2026-03-02 15:00", "2026-03-02 17:00", "2026-03-03 09:00"),
            ("2026-03-02 14:00", "2026-03-02 16:00", "2026-03-03 08:00"),
            ("2026-03-02 09:00", "2026-03-02 11:00", "2026-03-03 08:00"),  # 08:00 is T + 23 h exactly
            ("2026-03-02 08:59", "2026-03-02 10:59", "2026-03-02 20:00"),  # 08:00 would be later than T + 23 h
            ("2026-03-02 06:30", "2026-03-02 08:30", "2026-03-02 20:00"),
            ("2026-03-02 03:00", "2026-03-02 08:00", "2026-03-02 20:00"),
            ("2026-03-02 02:59", "2026-03-02 08:00", "2026-03-02 20:59"),
            ("2026-03-02 18:59", "2026-03-02 20:59", "2026-03-03 12:59"),
            ("2026-03-02 19:00", "2026-03-03 08:00", "2026-03-03 13:00"),
            ("2026-03-02 23:30", "2026-03-03 08:00", "2026-03-03 17:30"),
            ("2026-03-06 17:30", "2026-03-06 19:30", "2026-03-07 11:30"),  # weekends and holidays do not matter here
            ("2026-03-28 15:00", "2026-03-28 17:00", "2026-03-29 10:00"),  # 18 hours, of which the clocks took one
            ("2026-10-24 15:00", "2026-10-24 17:00", "2026-10-25 08:00"),
            ("2026-10-24 18:00", "2026-10-24 20:00", "2026-10-25 11:00"),
        ],
    )
    def test_prompt_and_nudge(self, ended: str, prompt: str, nudge: str) -> None:
        app = history(held("i1", iso(london(ended)), GRACE))

        assert dues(app, "thank-you", "thank-you-nudge") == [("thank-you", london(prompt)), ("thank-you-nudge", london(nudge))]

    @pytest.mark.parametrize(
        ("waking", "ended", "prompt"),
        [
            (("10:00", "13:00"), "2026-03-02 16:00", "2026-03-03 10:00"),  # the nudge would come with the prompt
            (("10:00", "13:00"), "2026-03-02 16:59", "2026-03-03 10:00"),  # or 59 minutes later
            (("20:00", "23:00"), "2026-03-02 00:30", "2026-03-02 20:00"),
        ],
    )
    def test_a_nudge_less_than_an_hour_after_the_prompt_is_left_out(self, waking: tuple[str, str], ended: str, prompt: str) -> None:
        app = history(held("i1", iso(london(ended)), GRACE), opening=(opened(waking=waking), calendar()))

        assert dues(app, "thank-you", "thank-you-nudge") == [("thank-you", london(prompt))]

    def test_a_nudge_an_hour_after_the_prompt_is_given(self) -> None:
        app = history(held("i1", "2026-03-02T17:00Z", GRACE), opening=(opened(waking=("10:00", "13:00")), calendar()))

        assert due(app, "thank-you-nudge") == london("2026-03-03 11:00")

    def test_the_hour_counts_from_the_prompt_as_it_was_given(self) -> None:
        assert "thank-you-nudge" not in kinds(after_talk(prompted("thank-you/i1", "2026-03-03T08:01Z")))
        assert due(after_talk(prompted("thank-you/i1", "2026-03-03T08:00Z")), "thank-you-nudge") == london("2026-03-03 09:00")

    def test_the_hour_counts_from_the_prompt_as_due_after_a_snooze(self) -> None:
        snoozed = said("snoozed", "2026-03-02T16:00Z", intent="thank-you/i1", until="2026-03-03T08:30Z")

        assert dues(after_talk(snoozed), "thank-you", "thank-you-nudge") == [("thank-you", london("2026-03-03 08:30"))]

    def test_a_skipped_prompt_does_not_count(self) -> None:
        app = after_talk(skipped("thank-you/i1", "2026-03-03T08:30Z", "too late"))

        assert due(app, "thank-you-nudge") == london("2026-03-03 09:00")

    def test_it_lapses_after_48_hours_of_absolute_time(self) -> None:
        assert due(after_talk(), "thank-you-lapsed") == at("2026-03-04T15:00Z")
        assert due(history(held("i1", "2026-03-28T15:00Z", GRACE)), "thank-you-lapsed") == london("2026-03-30 16:00")

    def test_it_helps_nobody_after_48_hours(self) -> None:
        assert the(after_talk(), "thank-you").until == at("2026-03-04T15:00Z")
        assert the(after_talk(), "thank-you-nudge").until == at("2026-03-04T15:00Z")
        assert the(after_talk(), "thank-you-lapsed").until is None

    def test_its_steps_took_shape_when_the_interview_ended(self) -> None:
        assert [s.since for s in steps(after_talk(), *THANKS)] == [at(TALK)] * 3


class TestDone:
    def test_what_was_prompted_is_done(self) -> None:
        assert [k for k, _ in dues(after_talk(prompted("thank-you/i1", "2026-03-02T17:00Z")), *THANKS)] == [
            "thank-you-nudge",
            "thank-you-lapsed",
        ]

    def test_what_was_skipped_is_done(self) -> None:
        assert "thank-you" not in kinds(after_talk(skipped("thank-you/i1", "2026-03-04T16:00Z", "too late")))
        assert "thank-you" not in kinds(after_talk(skipped("thank-you/i1", "2026-03-03T10:00Z", "superseded")))

    def test_what_was_skipped_as_no_longer_needed_is_not_done(self) -> None:
        assert "thank-you" in kinds(after_talk(skipped("thank-you/i1", "2026-03-02T17:00Z", "no longer needed")))

    def test_a_note_from_before_the_present_shape_does_not_count(self) -> None:
        moved = rescheduled("i1", "2026-03-05T14:00Z", "2026-03-05T15:00Z", "2026-03-03T10:00Z")

        assert due(after_talk(prompted("thank-you/i1", "2026-03-02T17:00Z"), moved), "thank-you") == london("2026-03-05 17:00")

    def test_a_note_of_the_very_moment_counts(self) -> None:
        assert "thank-you" not in kinds(after_talk(prompted("thank-you/i1", TALK)))

    def test_a_lapse_that_was_noted_is_done(self) -> None:
        assert "thank-you-lapsed" not in kinds(
            after_talk(noted("thank_you_lapsed", "2026-03-04T15:00Z", interview="i1", interviewers=["g"]))
        )

    @pytest.mark.parametrize("rules", [LAPSE_IS_FINAL - 1, LAPSE_IS_FINAL])
    def test_once_it_lapsed_no_nudge_comes_back(self, rules: int) -> None:
        """One left out beside its prompt came back under the older rules when that prompt was skipped, to be noted as too late."""
        talk = held("i1", "2026-03-02T19:30Z", GRACE)
        prompt = skipped("thank-you/i1", "2026-03-04T19:30Z")
        lapsed = noted("thank_you_lapsed", "2026-03-04T19:30Z", interview="i1", interviewers=["g"])
        app = history(talk, prompt, lapsed, opening=(opened(rules=rules), calendar()))

        assert ("thank-you-nudge" in kinds(app)) == (rules < LAPSE_IS_FINAL)

    def test_a_note_about_another_interview_does_not_count(self) -> None:
        assert "thank-you" in kinds(after_talk(prompted("thank-you/i9", "2026-03-02T17:00Z")))


class TestGroups:
    MORNING = held("i1", "2026-03-02T10:00Z", GRACE)
    AFTERNOON = held("i2", "2026-03-02T14:00Z", HEDY)

    def test_interviews_of_one_day_are_one_step_counted_from_the_last(self) -> None:
        app = history(self.MORNING, self.AFTERNOON)

        assert [(s.intent, s.due, s.since) for s in steps(app, "thank-you")] == [
            ("thank-you/i1", at("2026-03-02T16:00Z"), at("2026-03-02T14:00Z"))
        ]
        assert [s.intent for s in steps(app, "thank-you-nudge")] == ["thank-you-nudge/i1"]

    def test_noted_for_all_it_is_done_for_all(self) -> None:
        both = (prompted("thank-you/i1", "2026-03-02T16:00Z"), prompted("thank-you/i2", "2026-03-02T16:00Z"))

        assert "thank-you" not in kinds(history(self.MORNING, self.AFTERNOON, *both))

    def test_its_intent_is_that_of_the_first_not_yet_noted(self) -> None:
        app = history(self.MORNING, self.AFTERNOON, prompted("thank-you/i1", "2026-03-02T16:00Z"))

        assert [(s.intent, s.due) for s in steps(app, "thank-you")] == [("thank-you/i2", at("2026-03-02T16:00Z"))]

    def test_one_added_after_the_prompt_forms_its_own_group(self) -> None:
        app = history(self.MORNING, prompted("thank-you/i1", "2026-03-02T12:00Z"), self.AFTERNOON)

        assert [(s.intent, s.due) for s in steps(app, "thank-you")] == [("thank-you/i2", at("2026-03-02T16:00Z"))]

    def test_one_moved_after_the_prompt_forms_its_own_group(self) -> None:
        plan = scheduled("i2", "2026-03-02T09:30Z", "2026-03-02T10:30Z", "2026-02-27T12:00Z", HEDY)
        moved = rescheduled("i2", "2026-03-02T17:00Z", "2026-03-02T18:00Z", "2026-03-02T13:00Z")
        notes = (prompted("thank-you/i1", "2026-03-02T12:30Z"), prompted("thank-you/i2", "2026-03-02T12:30Z"))

        assert [(s.intent, s.due) for s in steps(history(plan, self.MORNING, *notes, moved), "thank-you")] == [
            ("thank-you/i2", at("2026-03-02T20:00Z"))
        ]

    def test_the_day_is_the_candidates(self) -> None:
        auckland = (opened(candidate="Pacific/Auckland"), calendar())
        late = held("i2", "2026-03-02T16:00Z", HEDY)

        assert len(steps(history(self.MORNING, late), "thank-you")) == 1
        assert len(steps(history(self.MORNING, late, opening=auckland), "thank-you")) == 2

    def test_interviews_of_different_rounds_are_different_steps(self) -> None:
        app = history(self.MORNING, said("next_round_invited", "2026-03-02T11:00Z"), self.AFTERNOON)

        assert [s.intent for s in steps(app, "thank-you")] == ["thank-you/i1", "thank-you/i2"]

    def test_a_cancelled_interview_is_of_no_group(self) -> None:
        plan = scheduled("i2", "2026-03-02T17:00Z", "2026-03-02T18:00Z", "2026-02-27T12:00Z", HEDY)
        app = history(self.MORNING, plan, said("interview_cancelled", "2026-03-02T09:00Z", interview="i2", by_whom="candidate"))

        assert [(s.intent, s.due) for s in steps(app, "thank-you")] == [("thank-you/i1", at("2026-03-02T12:00Z"))]


class TestWhoIsThanked:
    def test_everyone_thanked_already_the_prompt_still_comes_once(self) -> None:
        app = after_talk(said("thank_you_sent", "2026-03-02T15:30Z", interview="i1"))

        assert [k for k, _ in dues(app, *THANKS)] == ["thank-you"]

    def test_the_nudge_stays_while_one_is_unthanked(self) -> None:
        talk = held("i1", TALK, GRACE, HEDY)
        one = said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="g")
        other = said("thank_you_waived", "2026-03-02T18:00Z", interview="i1", interviewer="h")

        assert "thank-you-nudge" in kinds(history(talk, one))
        assert not {"thank-you-nudge", "thank-you-lapsed"} & set(kinds(history(talk, one, other)))

    def test_a_letter_sent_is_a_thank_you_sent(self) -> None:
        talk = held("i1", TALK, GRACE, HEDY)
        letters = [said("letter_sent", "2026-03-02T18:00Z", letter=f"thank-you/i1/{person}") for person in ("g", "h")]

        assert "thank-you-nudge" in kinds(history(talk, letters[0]))
        assert "thank-you-nudge" not in kinds(history(talk, *letters))

    @pytest.mark.parametrize("kind", ["thank-you", "thank-you-nudge"])
    def test_the_letter_of_either_prompt_is_a_thank_you(self, kind: str) -> None:
        app = after_talk(said("letter_sent", "2026-03-03T10:00Z", letter=f"{kind}/i1/g"))

        assert not {"thank-you-nudge", "thank-you-lapsed"} & set(kinds(app))

    @pytest.mark.parametrize("end", ["rejected", "withdrawn", "offer_accepted"])
    def test_nobody_is_thanked_once_it_is_decided(self, end: str) -> None:
        assert not set(THANKS) & set(kinds(after_talk(said(end, "2026-03-02T16:00Z"))))

    def test_nobody_is_thanked_once_it_is_declined(self) -> None:
        offer = said("offer_received", "2026-03-02T15:30Z", in_writing=False)

        assert not set(THANKS) & set(kinds(after_talk(offer, said("offer_declined", "2026-03-02T16:00Z"))))

    def test_an_offer_does_not_end_the_thanks(self) -> None:
        assert "thank-you" in kinds(after_talk(said("offer_received", "2026-03-02T16:00Z", in_writing=True)))


def test_the_nudge_is_never_later_than_24_hours_for_any_end_of_the_interview() -> None:
    for quarter in range(96):
        ended = at("2026-03-02T00:00Z") + timedelta(minutes=15 * quarter)
        app = history(held("i1", iso(ended), GRACE))
        for _, moment in dues(app, "thank-you-nudge"):
            assert moment <= ended + timedelta(hours=24)
