"""Bodies as nobody should send them: valid ones with something taken away, put in or replaced, at any place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, cast

from hypothesis import strategies as st

from client.api.answers import OPENING_EXAMPLE

FACTS: list[dict[str, Any]] = [
    {"type": "interview_scheduled", "interview": "i2", "starts_at": "2026-03-09T10:00:00Z", "ends_at": "2026-03-09T11:00:00Z"},
    {
        "type": "interview_rescheduled",
        "interview": "i3",
        "replaces": "i2",
        "starts_at": "2026-03-10T10:00:00Z",
        "ends_at": "2026-03-10T11:00:00Z",
    },
    {"type": "interview_cancelled", "interview": "i1", "at": "2026-03-01T10:00:00Z", "by_whom": "candidate"},
    {"type": "reflection_noted", "interview": "i1", "takeaways": "kind people", "points": {"g": "the loom"}},
    {"type": "thank_you_sent", "interview": "i1", "interviewer": "g", "at": "2026-03-02T18:00:00Z"},
    {"type": "thank_you_waived", "interview": "i1"},
    {"type": "timeline_stated", "respond_by": "2026-03-13", "at": "2026-03-02T16:00:00Z"},
    {"type": "follow_up_sent", "at": "2026-03-12T09:00:00Z"},
    {
        "type": "employer_replied",
        "at": "2026-03-13T09:00:00Z",
        "respond_by": "2026-03-27",
        "from": {"name": "Grace", "email": "g@example.com"},
    },
    {"type": "employer_away", "until": "2026-03-13", "from": "2026-03-09", "at": "2026-03-06T09:00:00Z"},
    {"type": "hiring_step", "step": "reference_check", "at": "2026-03-05T09:00:00Z"},
    {"type": "next_round_invited", "kind": "panel", "with": "the board", "at": "2026-03-05T10:00:00Z"},
    {"type": "offer_received", "in_writing": True, "decide_by": "2026-03-20", "offer": "o1", "at": "2026-03-06T09:00:00Z"},
    {"type": "offer_accepted", "offer": "o1", "at": "2026-03-09T09:00:00Z"},
    {"type": "offer_declined", "at": "2026-03-09T09:00:00Z"},
    {"type": "offer_withdrawn", "at": "2026-03-09T12:00:00Z"},
    {"type": "rejected", "by_whom": "unknown", "feedback": "thank you", "at": "2026-03-10T09:00:00Z"},
    {"type": "withdrawn", "reason": "moved", "at": "2026-03-10T09:00:00Z"},
    {"type": "details_changed", "position": "Engineer", "policy": "university", "at": "2026-03-04T09:00:00Z"},
    {"type": "paused", "until": "2026-03-30", "at": "2026-03-04T10:00:00Z"},
    {"type": "resumed", "at": "2026-03-05T10:00:00Z"},
    {"type": "snoozed", "intent": "follow-up/1", "until": "2026-03-18", "at": "2026-03-12T08:30:00Z"},
    {"type": "bounced", "intent": "thank-you/i1", "permanent": True, "at": "2026-03-02T18:00:00Z"},
    {"type": "retracted", "fact": "f1"},
    {"type": "confirmed", "fact": "f2"},
    {"type": "letter_sent", "letter": "thank-you/i1/g", "at": "2026-03-02T18:30:00Z"},
    {
        "type": "letter_approved",
        "letter": "thank-you/i1/g",
        "subject": "Thank you",
        "body": "Thank you for your time.",
        "at": "2026-03-02T18:20:00Z",
    },
]
"""One of every fact that can be said."""

_WORDS = st.sampled_from(
    [
        "",
        " ",
        "a" * 500,
        "\r\nBcc: x@example.org",
        "\u202eabc",
        "👩🏽‍💻",
        "\u2028",
        "../..",
        "{{7*7}}",
        "'; --",
        "i1",
        "g",
        "follow-up/1",
        "next",
    ]
)
_TIMES = st.sampled_from(
    [
        "2026-03-02T15:00:00+00:00", "1970-01-01T00:00:00Z", "2200-12-31T23:59:59+14:00", "2026-03-29T01:30:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "2026-02-30", "2026-03-13", "2200-12-31", "1969-12-31", "24:00", "2026-03-02T25:00:00Z", "now",
    ]
)  # fmt: skip
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _WORDS | _TIMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | _WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value, the root left out."""
    parts = (
        cast("dict[str, Any]", value).items()
        if isinstance(value, dict)
        else enumerate(cast("list[Any]", value))
        if isinstance(value, list)
        else ()
    )
    for name, inner in parts:
        yield (*path, name)
        yield from places(inner, (*path, name))


@st.composite
def openings(draw: st.DrawFn, changes: int = 3) -> dict[str, Any]:
    """An opening with a few facts, changed in up to so many places."""
    said: dict[str, Any] = copy.deepcopy(OPENING_EXAMPLE)
    said["facts"] += copy.deepcopy(draw(st.lists(st.sampled_from(FACTS), max_size=5)))
    for _ in range(draw(st.integers(0, changes))):
        if said:
            change(draw, said)
    return said


@st.composite
def messages(draw: st.DrawFn, changes: int = 2) -> Any:
    """One fact or several, changed in up to so many places."""
    facts = copy.deepcopy(draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=4)))
    said: dict[str, Any] = {"facts": facts} if len(facts) > 1 or draw(st.booleans()) else facts[0]
    for _ in range(draw(st.integers(0, changes))):
        if said:
            change(draw, said)
    return said


def change(draw: st.DrawFn, said: dict[str, Any]) -> None:
    """Takes one place away, or puts something else there or beside it."""
    *way, last = draw(st.sampled_from(sorted(places(said), key=str)))
    inside: Any = said
    for part in way:
        inside = inside[part]
    match draw(st.sampled_from(["away", "instead", "instead", "beside"])):
        case "away":
            del inside[last]
        case "beside" if isinstance(inside, dict):
            inside[draw(_WORDS | st.sampled_from(["by", "assumed", "at", "id", "anyway", "tentative", "type"]))] = draw(_JSON)
        case _:
            inside[last] = draw(_JSON)


def written(value: Any) -> bytes:
    """As JSON bytes, half surrogates as escapes."""
    return json.dumps(value).encode()
