"""What the index only counts: follow-ups, and how long the latest silence was that is over."""

from __future__ import annotations

import pytest

from tests.core.histories import after_talk, ghosted, history, said
from workflows.facts import Fact
from workflows.view import counted, index

ASKED = said("follow_up_sent", "2026-03-12T12:00Z")
REPLY = said("employer_replied", "2026-03-14T12:00Z")


@pytest.mark.parametrize(
    ("facts", "follow_ups", "days"),
    [
        ((), None, None),
        ((ASKED,), 1, None),
        ((REPLY,), None, 11),
        ((ASKED, REPLY), 1, 11),
        ((REPLY, said("employer_replied", "2026-03-16T18:00Z")), None, 2),
        ((said("rejected", "2026-03-09T18:00Z"),), None, 7),
        ((ASKED, ghosted("2026-03-20T12:00Z")), 1, 17),
        ((said("withdrawn", "2026-03-14T12:00Z"),), None, None),
        ((REPLY, said("withdrawn", "2026-03-20T12:00Z")), None, 11),
    ],
    ids=str,
)
def test_follow_ups_are_counted_and_a_silence_that_is_over_has_its_length(
    facts: tuple[Fact, ...], follow_ups: int | None, days: int | None
) -> None:
    """It ends with the employer's word, a refusal or ghosting; whoever withdraws ends none, and one that still lasts has no length."""
    assert counted(after_talk(*facts)) == {"FollowUps": follow_ups, "SilenceDays": days}


def test_a_first_word_ends_no_silence() -> None:
    assert counted(history(REPLY))["SilenceDays"] is None


def test_what_is_counted_is_never_a_reason_to_write() -> None:
    """Runs from before it was counted replay: their histories have no upsert for it."""
    assert index(after_talk(ASKED)).keys().isdisjoint(counted(after_talk(ASKED)))
