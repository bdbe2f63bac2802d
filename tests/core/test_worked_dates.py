"""Every worked date and story of the process, through the agenda and through a rehearsal, which must agree."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.core.histories import (
    GRACE,
    TALK,
    Application,
    at,
    calendar,
    due,
    dues,
    ghosted,
    held,
    history,
    london,
    opened,
    outcome,
    prompted,
    said,
    silence_start,
    stage,
    steps,
)
from tests.core.worked_dates import ROWS, STORIES, Row, Story
from workflows.calendar import zone
from workflows.facts import Fact
from workflows.rehearsal import Rehearsal, rehearse
from workflows.view import view

rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def opening(row: Row) -> tuple[Fact, ...]:
    return (
        opened(candidate=row.candidate, employer=row.employer, country=row.country, subdivision=row.subdivision),
        calendar(row.country, row.subdivision),
    )


def what_was_said(row: Row) -> tuple[Fact, ...]:
    facts = [held("i1", row.ended, GRACE)]
    if row.promised:
        facts.append(said("timeline_stated", row.ended, respond_by=row.promised))
    if row.away:
        facts.append(said("employer_away", row.ended, until=row.away[1], **{"from": row.away[0]}))
    return tuple(facts)


def played(rehearsal: Rehearsal, *kinds: str) -> list[tuple[str, datetime]]:
    """What the candidate received, of those kinds."""
    entries = [(e.intent.split("/")[0], e.due.astimezone(UTC)) for e in rehearsal.steps if not e.skipped]
    return [(kind, moment) for kind, moment in entries if not kinds or kind in kinds]


def left_out(rehearsal: Rehearsal) -> set[str]:
    return {e.intent.split("/")[0] for e in rehearsal.steps if e.skipped}


def never_sent(row: Row) -> list[tuple[str, datetime]]:
    return [
        ("thank-you", at(row.thank_you, row.candidate)),
        ("thank-you-nudge", at(row.nudge, row.candidate)),
        ("follow-up", at(row.follow_up, row.candidate)),
        ("follow-up-last-call", at(row.last_call, row.candidate)),
        ("ghosted", at(row.ghosted_if_never_sent, row.candidate)),
    ]


OF_A_ROW = ("thank-you", "thank-you-nudge", "follow-up", "follow-up-last-call", "ghosted")
OF_A_STORY = ("follow-up", "follow-up-last-call", "ghosted", "rejection-reply")


class TestRows:
    @rows
    def test_the_agenda_has_the_dates_of_the_row(self, row: Row) -> None:
        app = history(*what_was_said(row), opening=opening(row))

        assert dues(app, *OF_A_ROW) == never_sent(row)

    @rows
    def test_a_rehearsal_sends_on_the_dates_of_the_row(self, row: Row) -> None:
        rehearsal = rehearse((*opening(row), *what_was_said(row)), as_of=at(row.ended))

        assert played(rehearsal, *OF_A_ROW) == never_sent(row)
        assert not left_out(rehearsal)

    @rows
    def test_a_follow_up_sent_an_hour_after_its_prompt_leaves_only_the_end(self, row: Row) -> None:
        sent = said("follow_up_sent", at(row.sent, row.candidate).isoformat())
        app = history(
            *what_was_said(row), prompted("follow-up/1", at(row.follow_up, row.candidate).isoformat()), sent, opening=opening(row)
        )

        assert dues(app, "follow-up", "follow-up-last-call", "ghosted") == [("ghosted", at(row.ghosted_if_sent, row.candidate))]

    @rows
    def test_a_rehearsal_with_the_follow_up_sent_ends_on_the_date_of_the_row(self, row: Row) -> None:
        sent = said("follow_up_sent", at(row.sent, row.candidate).isoformat())
        rehearsal = rehearse((*opening(row), *what_was_said(row), sent), as_of=at(row.ended))

        assert played(rehearsal, *OF_A_ROW) == [*never_sent(row)[:3], ("ghosted", at(row.ghosted_if_sent, row.candidate))]

    @rows
    def test_steps_name_what_they_hang_on(self, row: Row) -> None:
        app = history(*what_was_said(row), opening=opening(row))

        assert [s.intent for s in steps(app, *OF_A_ROW)] == [
            "thank-you/i1",
            "thank-you-nudge/i1",
            "follow-up/1",
            "follow-up-last-call/1",
            "ghosted/1",
        ]

    @rows
    def test_dates_are_shown_in_the_candidates_zone(self, row: Row) -> None:
        app = history(*what_was_said(row), opening=opening(row))

        shown = [datetime.fromisoformat(entry["due"]) for entry in view(app)["agenda"]]
        assert [moment.utcoffset() for moment in shown] == [moment.astimezone(zone(row.candidate)).utcoffset() for moment in shown]
        assert [(entry["intent"], moment) for entry, moment in zip(view(app)["agenda"], shown, strict=True)] == [
            (step.intent, step.due) for step in steps(app)
        ]


def story_of(story: Story) -> Rehearsal:
    heard = [said(word["type"], word["at"], **{k: v for k, v in word.items() if k not in ("type", "at")}) for word in story.heard]
    early = min([at(TALK), *(at(word["at"]) for word in story.heard)])
    return rehearse((opened(), calendar(), held("i1", TALK, GRACE), *heard), as_of=at(story.as_of) if story.as_of else max(early, at(TALK)))


class TestStories:
    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
    def test_the_story_goes_as_it_is_told(self, story: Story) -> None:
        rehearsal = story_of(story)

        assert played(rehearsal, *OF_A_STORY) == [(kind, london(moment)) for kind, moment in story.then]
        assert set(story.skipped) <= left_out(rehearsal)

    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
    def test_what_is_received_is_never_also_skipped_at_that_moment(self, story: Story) -> None:
        entries = [(e.intent, e.due) for e in story_of(story).steps]

        assert len(entries) == len(set(entries))

    def test_imported_late_everything_passed_is_noted_at_once_and_only_the_last_call_is_received(self) -> None:
        rehearsal = rehearse((opened(), calendar(), held("i1", TALK, GRACE)), as_of=at("2026-03-25T10:00Z"))

        first = [e for e in rehearsal.steps if e.due == at("2026-03-25T10:00Z")]
        assert [e.intent for e in first if not e.skipped and not e.intent.startswith("thank-you-lapsed")] == ["follow-up-last-call/1"]
        assert {e.intent: e.skipped for e in first}["follow-up/1"] == "superseded"

    def test_imported_at_night_the_last_call_waits_for_the_morning(self) -> None:
        rehearsal = rehearse((opened(), calendar(), held("i1", TALK, GRACE)), as_of=at("2026-03-25T23:10Z"))

        assert played(rehearsal, *OF_A_STORY) == [
            ("follow-up-last-call", london("2026-03-26 08:00")),
            ("ghosted", london("2026-04-03 08:00")),
        ]

    def test_a_late_report_of_an_earlier_reply_takes_the_ghosting_back(self) -> None:
        ended = thank_yous_lapsed_and_ghosted()
        assert (outcome(ended), stage(ended)) == ("ghosted", "closed")

        back = ended.apply(said("employer_replied", "2026-03-20T12:00Z"))

        assert outcome(back) is None
        assert silence_start(back) == at("2026-03-20T12:00Z")
        assert dues(back, *OF_A_STORY) == [
            ("follow-up", london("2026-04-01 08:00")),
            ("follow-up-last-call", london("2026-04-04 08:00")),
            ("ghosted", london("2026-04-11 08:00")),
        ]

    def test_four_interviews_of_one_day_are_two_messages_in_all(self) -> None:
        talks = [held(f"i{n}", f"2026-03-02T{hour}:00Z", GRACE) for n, hour in enumerate((10, 12, 14, 16), start=1)]
        rehearsal = rehearse((opened(), calendar(), *talks), as_of=at("2026-03-02T16:00Z"))

        assert played(rehearsal, "thank-you", "thank-you-nudge") == [
            ("thank-you", london("2026-03-02 18:00")),
            ("thank-you-nudge", london("2026-03-03 10:00")),
        ]

    def test_four_interviews_told_in_advance_are_two_messages_in_all(self) -> None:
        talks = [
            said(
                "interview_scheduled",
                "2026-02-20T12:00Z",
                interview=f"i{n}",
                starts_at=f"2026-03-02T{hour - 1:02}:00Z",
                ends_at=f"2026-03-02T{hour}:00Z",
            )
            for n, hour in enumerate((10, 12, 14, 16), start=1)
        ]
        rehearsal = rehearse((opened(), calendar(), *talks), as_of=at("2026-02-20T12:00Z"))

        assert played(rehearsal, "thank-you", "thank-you-nudge") == [
            ("thank-you", london("2026-03-02 18:00")),
            ("thank-you-nudge", london("2026-03-03 10:00")),
        ]

    def test_a_written_offer_without_a_deadline_has_thanks_and_review_at_once_one_reminder_and_stays_to_be_decided(self) -> None:
        offer = said("offer_received", "2026-03-02T16:00Z", in_writing=True)
        app = history(offer)
        rehearsal = rehearse((opened(), calendar(), offer), as_of=at("2026-03-02T16:00Z"))

        assert stage(app) == "deciding"
        assert dues(app) == [
            ("offer-thanks", london("2026-03-02 16:00")),
            ("offer-review", london("2026-03-02 16:00")),
            ("offer-decide", london("2026-03-03 20:00")),
        ]
        assert played(rehearsal) == [("offer-thanks", london("2026-03-02 16:00")), ("offer-decide", london("2026-03-03 20:00"))]
        later = history(
            offer,
            prompted("offer-thanks/1", "2026-03-02T16:00Z"),
            prompted("offer-review/1", "2026-03-02T16:00Z"),
            prompted("offer-decide/1", "2026-03-03T20:00Z"),
        )
        assert dues(later) == []
        assert (stage(later), outcome(later)) == ("deciding", None)

    def test_after_an_invitation_without_a_date_the_step_belongs_to_the_round(self) -> None:
        app = history(held("i1", TALK, GRACE), said("next_round_invited", "2026-03-09T12:00Z"))

        (step,) = steps(app, "next-round")
        assert (step.intent, step.due) == ("next-round/2", at("2026-03-09T12:00Z"))

    def test_a_rejection_closes_at_once_and_stays_one_after_feedback(self) -> None:
        app = history(held("i1", TALK, GRACE), said("rejected", "2026-03-10T12:00Z"), said("employer_replied", "2026-03-12T12:00Z"))

        assert (outcome(app), stage(app)) == ("rejected", "closed")
        assert due(app, "rejection-reply") == london("2026-03-11 12:00")


def thank_yous_lapsed_and_ghosted() -> Application:
    """Row A to its end, with every note that the process makes on the way."""
    return history(
        held("i1", TALK, GRACE),
        prompted("thank-you/i1", "2026-03-02T17:00Z"),
        prompted("thank-you-nudge/i1", "2026-03-03T09:00Z"),
        said("thank_you_lapsed", "2026-03-04T15:00Z", by="process", interview="i1", interviewers=["g"]),
        prompted("waiting/1", "2026-03-05T08:00Z"),
        prompted("follow-up/1", "2026-03-12T08:00Z"),
        prompted("follow-up-last-call/1", "2026-03-17T08:00Z"),
        ghosted("2026-03-24T08:00Z"),
        prompted("ghosted/1", "2026-03-24T08:00Z"),
    )


def test_row_a_to_its_end_is_closed_with_nothing_ahead() -> None:
    app = thank_yous_lapsed_and_ghosted()

    assert dues(app) == []
    assert outcome(app) == "ghosted"
