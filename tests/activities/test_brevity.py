"""Brief means brief: no letter is longer than its kind may be, whatever is known and whatever is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

import pytest

from activities.letters import Draft, drafts
from activities.letters.brevity import LONGEST, LONGEST_POINT
from tests.activities.samples import ALAN, GRACE, NOBODY, OFFICE, SPOKEN, STATED, notice
from workflows.facts import Contact
from workflows.names import Notice, Other

POLICYS: Final = STATED.model_copy(update={"stated": False, "starts_on": None})
UNTIMED: Final = STATED.model_copy(update={"stated": False, "asks_for_time": True, "decide_by": None})
TO_THE_HOUR: Final = STATED.model_copy(update={"decide_by": datetime(2026, 3, 20, 16, tzinfo=UTC)})
LONG: Final = " ".join(["steam"] * LONGEST_POINT)
OTHERS: Final = (Other(application="app-2", employer="Difference Works", position="Analyst", contact=Contact(name="Charles Babbage")),)
THROUGH: Final = ALAN.model_copy(update={"email": "jobs@example.com", "point": LONG})

WHO: Final[dict[str, tuple[Any, ...]]] = {
    "contact": (None, Contact(name="Recruiting", email="jobs@example.com"), Contact(name="Charles Babbage", email="jobs@example.com")),
    "to": (Contact(email="ada@example.org"), Contact(name="Ada Byron", email="ada@example.org")),
    "skills": ((), ("numerical tables",), ("numerical tables", "steam engines")),
}
KNOWN: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    "thank-you/i1": {"people": tuple((p,) for p in (GRACE, ALAN, NOBODY, THROUGH, GRACE.model_copy(update={"point": LONG * 2})))},
    "thank-you-nudge/i1": {"people": ((GRACE,), (GRACE, ALAN, THROUGH))},
    "follow-up/1": {
        "promised": (None, date(2026, 3, 13)),
        "interviewed_at": (None, OFFICE),
        "round": (1, 2),
        "quiet_since": (None, OFFICE),
        "best_sent_at": (None, OFFICE),
    },
    "follow-up-last-call/1": {"promised": (None, date(2026, 3, 13)), "interviewed_at": (None, OFFICE)},
    "references/1": {},
    "offer-thanks/1": {"offer": (None, SPOKEN, STATED, POLICYS, UNTIMED, TO_THE_HOUR)},
    "offer-decide/1": {"offer": (None, SPOKEN, STATED, POLICYS, UNTIMED, TO_THE_HOUR)},
    "offer-overdue/1": {"offer": (None, SPOKEN, STATED, POLICYS, TO_THE_HOUR)},
    "rejection-reply/1": {"rejected_by": (None, "employer", "unknown", "offer-withdrawn"), "feedback": (None, LONG)},
    "next-round/2": {
        "interview_starts_at": (None, OFFICE),
        "round_kind": (None, "case study"),
        "round_with": (None, "Charles Babbage"),
    },
    "close-others/1": {"others": ((), OTHERS)},
    "farewell/1": {"offer": (None, STATED)},
}


def combinations(intent: str) -> Iterator[Notice]:
    """Every combination of what may be known for this kind of step."""
    facts = {**WHO, **KNOWN[intent]}
    for values in product(*facts.values()):
        yield notice(intent, **dict(zip(facts, values, strict=True)))


def template(draft: Draft) -> str:
    kind = draft.intent.partition("/")[0]
    choice = draft.id.removeprefix(draft.intent).strip("/")
    names = {"thank-you-nudge": "thank-you", "follow-up-last-call": "follow-up", "offer-decide": "offer", "offer-overdue": "offer"}
    return f"offer-{choice}" if names.get(kind) == "offer" else names.get(kind, kind)


@pytest.mark.parametrize("intent", KNOWN)
def test_no_letter_is_longer_than_its_kind_may_be(intent: str) -> None:
    """Over all combinations of what is known; a limit is stated for every letter."""
    for of in combinations(intent):
        for draft in drafts(of):
            words, limit = len(draft.body.split()), LONGEST[template(draft)]
            assert words <= limit, f"{words} words, at most {limit}:\n{draft.body}"


def test_a_limit_is_no_more_than_it_needs_to_be() -> None:
    """Each is met within a fifth by some letter, so that a letter that grows is noticed."""
    longest: dict[str, int] = {}
    for intent in KNOWN:
        for of in combinations(intent):
            for draft in drafts(of):
                longest[template(draft)] = max(longest.get(template(draft), 0), len(draft.body.split()))
    assert set(longest) == set(LONGEST)
    assert {name: longest[name] for name in LONGEST if longest[name] < 0.8 * LONGEST[name]} == {}


def test_a_point_that_no_letter_can_hold_becomes_a_blank() -> None:
    """The candidate says it in a sentence or two; nothing is cut off in the middle."""
    (draft,) = drafts(notice("thank-you/i1", people=(GRACE.model_copy(update={"point": "steam " * 2000}),)))
    assert draft.blanks == ("[your point from the talk with Grace Hopper, in one or two sentences]",)
    assert "steam steam" not in draft.body


def test_a_point_without_spaces_is_measured_as_well() -> None:
    """Not every script parts its words."""
    (draft,) = drafts(notice("thank-you/i1", people=(GRACE.model_copy(update={"point": "表" * 10_000}),)))
    assert "表" not in draft.body
