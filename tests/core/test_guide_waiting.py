"""The waiting period: waiting, follow-up, last call, ghosted, references. One test per row and sentence."""

from __future__ import annotations

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
    ghosted,
    held,
    history,
    kinds,
    london,
    noted,
    opened,
    outcome,
    prompted,
    said,
    skipped,
    stage,
    steps,
    thanked,
    the,
)
from workflows.guide.immediate import LAPSE_IS_FINAL
from workflows.policy import UNIVERSITY
from workflows.rehearsal import rehearse

SILENCE = ("follow-up", "follow-up-last-call", "ghosted")
SENT = said("follow_up_sent", "2026-03-12T09:00Z")
BY_13 = said("timeline_stated", TALK, respond_by="2026-03-13")


class TestWaiting:
    def test_it_comes_the_morning_after_the_thank_yous_were_sent(self) -> None:
        assert due(thanked(), "waiting") == london("2026-03-03 08:00")

    def test_it_comes_the_morning_after_the_thank_yous_lapsed(self) -> None:
        assert due(after_talk(), "waiting") == london("2026-03-05 08:00")
        lapsed = noted("thank_you_lapsed", "2026-03-04T15:00Z", interview="i1", interviewers=["g"])
        assert due(after_talk(lapsed), "waiting") == london("2026-03-05 08:00")

    @pytest.mark.parametrize(("rules", "comes"), [(LAPSE_IS_FINAL - 1, "2026-03-06 08:00"), (LAPSE_IS_FINAL, "2026-03-05 08:00")])
    def test_thanks_after_the_lapse_do_not_move_it(self, rules: int, comes: str) -> None:
        """Except where the application was opened under the older rules, which count them."""
        lapsed = noted("thank_you_lapsed", "2026-03-04T15:00Z", interview="i1", interviewers=["g"])
        late = said("thank_you_sent", "2026-03-05T10:00Z", interview="i1", interviewer="g")
        app = after_talk(lapsed, late, opening=(opened(rules=rules), calendar()))

        assert due(app, "waiting") == london(comes)

    def test_it_waits_for_the_last_of_them(self) -> None:
        talk = held("i1", TALK, GRACE, HEDY)
        one = said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="g")
        other = said("thank_you_waived", "2026-03-03T10:00Z", interview="i1", interviewer="h")

        assert due(history(talk, one), "waiting") == london("2026-03-05 08:00")
        assert due(history(talk, one, other), "waiting") == london("2026-03-04 08:00")

    def test_only_the_thank_yous_of_the_current_round_matter(self) -> None:
        second = held("i2", "2026-03-03T15:00Z", HEDY)
        app = after_talk(second, said("thank_you_sent", "2026-03-03T18:00Z", interview="i2"))

        assert due(app, "waiting") == london("2026-03-04 08:00")

    def test_a_word_that_promises_a_new_date_brings_it_the_next_morning(self) -> None:
        app = thanked(prompted("waiting/1", "2026-03-03T08:00Z"), said("employer_replied", "2026-03-05T12:00Z", respond_by="2026-03-31"))

        assert due(app, "waiting") == london("2026-03-06 08:00")

    def test_a_word_without_a_new_date_brings_none(self) -> None:
        assert "waiting" not in kinds(thanked(said("employer_replied", "2026-03-05T12:00Z")))
        assert "waiting" not in kinds(thanked(BY_13, said("employer_replied", "2026-03-05T12:00Z")))

    def test_none_once_a_follow_up_was_sent_in_this_silence(self) -> None:
        assert "waiting" not in kinds(thanked(said("follow_up_sent", "2026-03-02T19:00Z")))

    @pytest.mark.parametrize(("respond_by", "left_out"), [("2026-03-03", True), ("2026-03-04", False)])
    def test_none_if_the_follow_up_is_due_within_two_dates(self, respond_by: str, *, left_out: bool) -> None:
        """Waiting would be Tuesday 08:00; the follow-up is Thursday 08:00, or Friday 08:00."""
        app = thanked(said("timeline_stated", TALK, respond_by=respond_by))

        assert ("waiting" not in kinds(app)) == left_out

    def test_it_helps_until_the_follow_up(self) -> None:
        assert the(thanked(), "waiting").until == london("2026-03-12 08:00")

    def test_it_hangs_on_the_silence(self) -> None:
        step = the(thanked(), "waiting")

        assert (step.intent, step.since) == ("waiting/1", at(TALK))
        assert "waiting" not in kinds(thanked(prompted("waiting/1", "2026-03-03T08:00Z")))


class TestNumbers:
    @pytest.mark.parametrize(
        ("promised", "expected"),
        [
            (False, ("2026-03-12 08:00", "2026-03-17 08:00", "2026-03-24 08:00")),
            (True, ("2026-03-21 08:00", "2026-03-26 08:00", "2026-04-02 08:00")),
        ],
    )
    def test_university_waits_a_week_after_a_stated_date(self, expected: tuple[str, str, str], *, promised: bool) -> None:
        facts = (held("i1", TALK, GRACE), *((BY_13,) if promised else ()))
        app = history(*facts, opening=(opened(policy=UNIVERSITY), calendar()))

        assert dues(app, *SILENCE) == list(zip(SILENCE, map(london, expected), strict=True))

    def test_the_start_is_a_date_of_the_employer(self) -> None:
        """15:00 UTC on Monday is already Tuesday in Kiritimati: Wednesday is the first day that counts."""
        app = history(held("i1", TALK, GRACE), opening=(opened(employer="Pacific/Kiritimati", country=None, subdivision=None),))

        assert due(app, "follow-up") == london("2026-03-12 08:00")  # 7 days after the 3rd: Thursday the 12th, 17:00 at +14, is 03:00 UTC

    def test_days_on_which_the_employer_is_away_do_not_count(self) -> None:
        away = said("employer_away", "2026-03-04T12:00Z", until="2026-03-06")

        assert dues(after_talk(away), *SILENCE) == [
            ("follow-up", london("2026-03-17 08:00")),
            ("follow-up-last-call", london("2026-03-20 08:00")),
            ("ghosted", london("2026-03-27 08:00")),
        ]

    def test_an_absence_starts_on_the_date_it_was_said_unless_it_says_so(self) -> None:
        from_9 = said("employer_away", "2026-03-04T12:00Z", until="2026-03-10", **{"from": "2026-03-09"})

        assert due(after_talk(from_9), "follow-up") == london("2026-03-14 08:00")

    def test_an_employer_without_zone_has_the_candidates(self) -> None:
        app = history(held("i1", TALK, GRACE), opening=(opened(employer=None, country=None, subdivision=None), calendar("GB", "ENG")))

        assert due(app, "follow-up") == london("2026-03-11 17:00")

    def test_details_changed_move_what_is_ahead(self) -> None:
        berlin = {"name": "Analytical Engines", "timezone": "Europe/Berlin", "country": "DE", "subdivision": "BE"}
        moved = (said("details_changed", "2026-03-03T12:00Z", employer=berlin), calendar("DE", "BE", "2026-03-03T12:00Z"))
        slower = said("details_changed", "2026-03-03T12:00Z", policy=UNIVERSITY)

        assert due(after_talk(*moved), "follow-up") == london("2026-03-11 16:00")
        assert due(after_talk(BY_13, slower), "follow-up") == london("2026-03-21 08:00")


class TestFollowUp:
    def test_prompted_once_it_is_done(self) -> None:
        assert [k for k, _ in dues(thanked(prompted("follow-up/1", "2026-03-12T08:00Z")), *SILENCE)] == ["follow-up-last-call", "ghosted"]

    def test_sent_there_is_neither_prompt_nor_last_call(self) -> None:
        assert [k for k, _ in dues(thanked(SENT), *SILENCE)] == ["ghosted"]

    def test_a_letter_sent_is_a_follow_up_sent(self) -> None:
        assert dues(thanked(said("letter_sent", "2026-03-12T09:00Z", letter="follow-up/1")), *SILENCE) == dues(thanked(SENT), *SILENCE)

    def test_it_took_shape_with_the_silence_or_at_the_end_of_the_promised_day(self) -> None:
        for kind in SILENCE:
            assert the(after_talk(), kind).since == at(TALK)
            assert the(after_talk(BY_13), kind).since == at("2026-03-13T21:00Z")

    def test_a_date_promised_before_the_silence_leaves_its_shape(self) -> None:
        assert the(after_talk(said("timeline_stated", TALK, respond_by="2026-03-02")), "follow-up").since == at("2026-03-02T22:00Z")
        reply = said("employer_replied", "2026-03-13T22:00Z")
        assert the(after_talk(BY_13, reply), "follow-up").since == at("2026-03-13T22:00Z")

    def test_a_newly_promised_date_brings_the_prompt_again(self) -> None:
        app = thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), said("timeline_stated", "2026-03-13T12:00Z", respond_by="2026-03-27"))

        assert due(app, "follow-up") == london("2026-03-31 08:00")

    def test_a_new_silence_brings_the_prompt_again(self) -> None:
        app = thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), SENT, said("employer_replied", "2026-03-13T12:00Z"))

        assert due(app, "follow-up") == london("2026-03-25 08:00")

    def test_a_word_silences_what_was_ahead(self) -> None:
        app = thanked(said("employer_replied", "2026-03-11T12:00Z"))

        assert due(app, "follow-up") == london("2026-03-21 08:00")


class TestLastCall:
    def test_it_helps_until_twice_the_days_of_ghosting_after_it(self) -> None:
        assert the(after_talk(), "follow-up-last-call").until == at("2026-03-31T21:00Z")

    def test_too_late_for_it_the_follow_up_is_still_prompted_and_then_given_up(self) -> None:
        rehearsal = rehearse((opened(), calendar(), held("i1", TALK, GRACE)), as_of=at("2026-05-01T10:00Z"))
        sent = [(e.intent, e.due) for e in rehearsal.steps if not e.skipped and e.intent.split("/")[0] in SILENCE]

        assert sent == [("follow-up/1", at("2026-05-01T10:00Z")), ("ghosted/1", london("2026-05-09 08:00"))]
        assert {e.intent: e.skipped for e in rehearsal.steps}["follow-up-last-call/1"] == "too late"


class TestGhosted:
    def test_after_a_follow_up_it_counts_from_the_day_it_was_sent(self) -> None:
        assert due(after_talk(said("follow_up_sent", "2026-03-13T09:00Z")), "ghosted") == london("2026-03-21 08:00")

    def test_the_day_it_was_sent_is_the_employers(self) -> None:
        """02:00 UTC on the 13th is still the 12th in New York."""
        assert due(after_talk(said("follow_up_sent", "2026-03-13T02:00Z")), "ghosted") == london("2026-03-20 08:00")

    def test_a_last_call_given_up_to_24_hours_late_changes_nothing(self) -> None:
        assert due(after_talk(prompted("follow-up-last-call/1", "2026-03-18T08:00Z")), "ghosted") == london("2026-03-24 08:00")

    @pytest.mark.parametrize(
        "note",
        [
            prompted("follow-up-last-call/1", "2026-03-18T08:01Z"),
            noted("undeliverable", "2026-03-18T08:01Z", intent="follow-up-last-call/1", reason="no address"),
            skipped("follow-up-last-call/1", "2026-03-18T08:01Z", "too late"),
        ],
        ids=str,
    )
    def test_a_last_call_given_later_leaves_its_days(self, note: object) -> None:
        assert due(after_talk(note), "ghosted") == london("2026-03-26 08:00")  # pyright: ignore[reportArgumentType] -- a fact

    def test_noted_it_closes_and_its_message_is_a_step_of_the_closed_application(self) -> None:
        app = after_talk(prompted("follow-up-last-call/1", "2026-03-17T08:00Z"), ghosted("2026-03-24T08:00Z"))

        assert (outcome(app), stage(app)) == ("ghosted", "closed")
        assert [(s.intent, s.due, s.until) for s in steps(app)] == [("ghosted/1", at("2026-03-24T08:00Z"), at("2026-03-31T21:00Z"))]

    def test_its_message_is_given_once(self) -> None:
        notes = (prompted("follow-up-last-call/1", "2026-03-17T08:00Z"), ghosted("2026-03-24T08:00Z"))

        assert kinds(after_talk(*notes, prompted("ghosted/1", "2026-03-24T08:00Z"))) == []

    def test_a_last_call_that_was_superseded_was_not_given(self) -> None:
        rehearsal = rehearse(
            (opened(), calendar(), held("i1", TALK, GRACE), said("paused", "2026-03-10T09:00Z", until="2026-03-30")), as_of=at(TALK)
        )

        assert [e.intent for e in rehearsal.steps if e.skipped] == ["follow-up/1"]
        assert [e.due for e in rehearsal.steps if e.intent == "ghosted/1"] == [london("2026-04-07 08:00")]

    def test_in_the_agenda_a_snoozed_last_call_is_given_when_it_is_due(self) -> None:
        later = said("snoozed", "2026-03-04T12:00Z", intent="follow-up-last-call/1", until="2026-03-20")

        assert dues(thanked(later), *SILENCE) == [
            ("follow-up", london("2026-03-12 08:00")),
            ("follow-up-last-call", london("2026-03-20 08:00")),
            ("ghosted", london("2026-03-28 08:00")),
        ]

    def test_a_follow_up_sent_before_the_promised_date_waits_for_it_first(self) -> None:
        assert due(thanked(BY_13, said("follow_up_sent", "2026-03-05T12:00Z")), "ghosted") == london("2026-03-24 08:00")

    @pytest.mark.parametrize("letter", ["follow-up/1", "follow-up-last-call/1"])
    def test_the_letter_of_either_prompt_is_the_one_follow_up(self, letter: str) -> None:
        app = thanked(said("letter_sent", "2026-03-17T09:00Z", letter=letter))

        assert dues(app, *SILENCE) == [("ghosted", london("2026-03-25 08:00"))]

    def test_an_absence_told_after_the_prompt_does_not_bring_it_again(self) -> None:
        away = said("employer_away", "2026-03-12T12:00Z", until="2026-03-18", **{"from": "2026-03-05"})

        assert "follow-up" not in kinds(thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), away))

    def test_opened_late_it_goes_as_if_opened_before(self) -> None:
        facts = held("i1", TALK, GRACE), calendar("US", "NY", "2026-03-25T10:00Z")
        entries = rehearse((opened("2026-03-25T10:00Z"), *facts), as_of=at("2026-03-25T10:00Z")).steps

        assert [(e.intent, e.due) for e in entries if not e.skipped and e.intent.split("/")[0] in SILENCE] == [
            ("follow-up-last-call/1", at("2026-03-25T10:00Z")),
            ("ghosted/1", london("2026-04-02 08:00")),
        ]


class TestReferences:
    CHECK = said("hiring_step", "2026-03-05T12:00Z", step="reference_check")

    def test_references_are_briefed_at_once(self) -> None:
        (step,) = steps(thanked(self.CHECK), "references")

        assert (step.intent, step.due, step.since) == ("references/2", at("2026-03-05T12:00Z"), at("2026-03-05T12:00Z"))

    def test_until_the_next_word(self) -> None:
        assert "references" not in kinds(thanked(self.CHECK, said("employer_replied", "2026-03-05T13:00Z")))
        assert "references" not in kinds(thanked(self.CHECK, said("hiring_step", "2026-03-05T13:00Z", step="approval")))

    def test_once(self) -> None:
        assert "references" not in kinds(thanked(self.CHECK, prompted("references/2", "2026-03-05T12:00Z")))

    @pytest.mark.parametrize("other", ["debrief", "shortlist", "approval"])
    def test_other_steps_of_the_team_need_none(self, other: str) -> None:
        assert "references" not in kinds(thanked(said("hiring_step", "2026-03-05T12:00Z", step=other)))

    def test_heard_at_night_it_is_told_in_the_morning(self) -> None:
        night = said("hiring_step", "2026-03-05T23:00Z", step="reference_check")
        rehearsal = rehearse((opened(), calendar(), held("i1", TALK, GRACE), night), as_of=at(TALK))

        assert [e.due for e in rehearsal.steps if e.intent == "references/2"] == [london("2026-03-06 08:00")]
