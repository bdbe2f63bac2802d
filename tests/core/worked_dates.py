"""The worked dates and stories of the process as data: local dates by hand, nothing computed.

A row is one interview: what the candidate receives if nobody says another word, and when it would be given up, with and without a
follow-up. A story adds to row A what came in, and says which steps must then stand at which moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Row:
    name: str
    ended: str
    """When the interview ended, RFC 3339."""
    candidate: str
    """The candidate's zone, in which every date below is written."""
    employer: str
    country: str
    subdivision: str
    thank_you: str
    nudge: str
    follow_up: str
    last_call: str
    ghosted_if_never_sent: str
    sent: str
    """One hour after the follow-up's prompt."""
    ghosted_if_sent: str
    promised: str | None = None
    away: tuple[str, str] | None = None


ROWS: Final = (
    Row(
        name="A",
        ended="2026-03-02T15:00:00+00:00",
        candidate="Europe/London",
        employer="America/New_York",
        country="US",
        subdivision="NY",
        thank_you="2026-03-02 17:00",
        nudge="2026-03-03 09:00",
        follow_up="2026-03-12 08:00",
        last_call="2026-03-17 08:00",
        ghosted_if_never_sent="2026-03-24 08:00",
        sent="2026-03-12 09:00",
        ghosted_if_sent="2026-03-20 08:00",
    ),
    Row(
        name="B",
        ended="2026-03-02T15:00:00+00:00",
        candidate="Europe/London",
        employer="America/New_York",
        country="US",
        subdivision="NY",
        promised="2026-03-13",
        thank_you="2026-03-02 17:00",
        nudge="2026-03-03 09:00",
        follow_up="2026-03-17 08:00",
        last_call="2026-03-20 08:00",
        ghosted_if_never_sent="2026-03-27 08:00",
        sent="2026-03-17 09:00",
        ghosted_if_sent="2026-03-25 08:00",
    ),
    Row(
        name="C",
        ended="2026-03-26T11:00:00+01:00",
        candidate="Europe/Berlin",
        employer="Europe/Berlin",
        country="DE",
        subdivision="BE",
        thank_you="2026-03-26 13:00",
        nudge="2026-03-27 08:00",
        follow_up="2026-04-08 17:00",
        last_call="2026-04-13 17:00",
        ghosted_if_never_sent="2026-04-20 17:00",
        sent="2026-04-08 18:00",
        ghosted_if_sent="2026-04-15 17:00",
    ),
    Row(
        name="D",
        ended="2026-11-16T16:30:00-05:00",
        candidate="America/New_York",
        employer="America/New_York",
        country="US",
        subdivision="NY",
        promised="2026-11-25",
        thank_you="2026-11-16 18:30",
        nudge="2026-11-17 10:30",
        follow_up="2026-11-27 17:00",
        last_call="2026-12-02 17:00",
        ghosted_if_never_sent="2026-12-09 17:00",
        sent="2026-11-27 18:00",
        ghosted_if_sent="2026-12-04 17:00",
    ),
    Row(
        name="F",
        ended="2026-05-05T10:00:00-04:00",
        candidate="America/New_York",
        employer="Europe/Berlin",
        country="DE",
        subdivision="BE",
        away=("2026-05-11", "2026-05-15"),
        thank_you="2026-05-05 12:00",
        nudge="2026-05-06 08:00",
        follow_up="2026-05-21 11:00",
        last_call="2026-05-27 11:00",
        ghosted_if_never_sent="2026-06-03 11:00",
        sent="2026-05-21 12:00",
        ghosted_if_sent="2026-05-29 11:00",
    ),
)


@dataclass(frozen=True)
class Story:
    """On row A's interview; every date is London's."""

    name: str
    heard: tuple[dict[str, Any], ...]
    """What came in besides the interview, each with its own time; the process hears it then."""
    then: tuple[tuple[str, str], ...]
    """Every message about the follow-up and the outcome, in order: kind and moment."""
    outcome: str | None = "ghosted"
    as_of: str | None = None
    """Where the process starts; None: when the interview ended."""
    skipped: tuple[str, ...] = ()
    """Kinds that are noted as skipped at the start."""


STORIES: Final = (
    Story(
        "a date stated at once outlives a courtesy reply",
        (
            {"type": "timeline_stated", "at": "2026-03-02T15:00Z", "respond_by": "2026-03-31"},
            {"type": "employer_replied", "at": "2026-03-05T12:00Z"},
        ),
        (("follow-up", "2026-04-02 08:00"), ("follow-up-last-call", "2026-04-07 08:00"), ("ghosted", "2026-04-14 08:00")),
    ),
    Story(
        "an early follow-up does not bring the end nearer than one after the prompt would",
        ({"type": "follow_up_sent", "at": "2026-03-03T12:00Z"},),
        (("ghosted", "2026-03-19 08:00"),),
    ),
    Story(
        "imported late, only the latest that can be performed is",
        (),
        (("follow-up-last-call", "2026-03-25 10:00"), ("ghosted", "2026-04-02 08:00")),
        as_of="2026-03-25T10:00Z",
        skipped=("thank-you", "thank-you-nudge", "follow-up"),
    ),
    Story(
        "paused, what was due is due when the pause ends",
        ({"type": "paused", "at": "2026-03-10T09:00Z", "until": "2026-03-30"},),
        (("follow-up-last-call", "2026-03-30 08:00"), ("ghosted", "2026-04-07 08:00")),
    ),
    Story(
        "a date before the interview is ignored",
        ({"type": "timeline_stated", "at": "2026-02-20T12:00Z", "respond_by": "2026-02-27"},),
        (("follow-up", "2026-03-12 08:00"), ("follow-up-last-call", "2026-03-17 08:00"), ("ghosted", "2026-03-24 08:00")),
    ),
    Story(
        "a date promised after the prompt brings the prompt again",
        ({"type": "timeline_stated", "at": "2026-03-13T12:00Z", "respond_by": "2026-03-27"},),
        (
            ("follow-up", "2026-03-12 08:00"),
            ("follow-up", "2026-03-31 08:00"),
            ("follow-up-last-call", "2026-04-03 08:00"),
            ("ghosted", "2026-04-10 08:00"),
        ),
    ),
    Story(
        "a date promised after the follow-up was sent begins a new silence",
        (
            {"type": "follow_up_sent", "at": "2026-03-12T09:00Z"},
            {"type": "timeline_stated", "at": "2026-03-13T12:00Z", "respond_by": "2026-03-27"},
        ),
        (
            ("follow-up", "2026-03-12 08:00"),
            ("follow-up", "2026-03-31 08:00"),
            ("follow-up-last-call", "2026-04-03 08:00"),
            ("ghosted", "2026-04-10 08:00"),
        ),
    ),
    Story(
        "invited and nothing scheduled, the wait starts anew",
        ({"type": "next_round_invited", "at": "2026-03-09T12:00Z"},),
        (("follow-up", "2026-03-19 08:00"), ("follow-up-last-call", "2026-03-24 08:00"), ("ghosted", "2026-03-31 08:00")),
    ),
    Story(
        "feedback after a rejection leaves it a rejection",
        (
            {"type": "rejected", "at": "2026-03-10T12:00Z"},
            {"type": "employer_replied", "at": "2026-03-12T12:00Z"},
        ),
        (("rejection-reply", "2026-03-11 12:00"),),
        outcome="rejected",
    ),
)
