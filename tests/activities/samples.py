"""A notice of every kind, as the guide would fill it in, to be written and sent by the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from workflows.facts import Contact
from workflows.names import Addressee, Notice, OfferTerms

ENDED: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)
DUE: Final = datetime(2026, 3, 12, 8, tzinfo=UTC)
WHY: Final = "Thu 12 Mar 08:00 London: 7 business days after Mon 2 Mar (New York) have passed. Policy industry 1."
RECRUITING: Final = Contact(name="Recruiting", email="jobs@example.com")
GRACE: Final = Addressee(
    interview="i1", interviewer="g", name="Grace Hopper", email="grace@example.com", role="hiring manager", ended_at=ENDED
)
ALAN: Final = Addressee(
    interview="i1", interviewer="a", name="Alan Turing", email="alan@example.com", point="the move to steam", ended_at=ENDED
)
NOBODY: Final = Addressee(interview="i1", name="Recruiting", email="jobs@example.com", ended_at=ENDED)
STATED: Final = OfferTerms(
    number=1, in_writing=True, decide_by=datetime(2026, 3, 20, 21, tzinfo=UTC), stated=True, starts_on=date(2026, 5, 4)
)
SPOKEN: Final = OfferTerms(number=1, in_writing=False, asks_for_time=True)


def notice(intent: str, **known: Any) -> Notice:
    """A notice about Ada's application in London to an employer in New York; `known` adds to it or changes it."""
    facts: dict[str, Any] = {
        "application": "app-1",
        "intent": intent,
        "intents": (intent,),
        "key": f"app-1/{intent}/2026-03-02T15:00:00+00:00",
        "due": DUE,
        "why": WHY,
        "to": Contact(name="Ada Byron", email="ada@example.org"),
        "timezone": "Europe/London",
        "employer_timezone": "America/New_York",
        "employer": "Analytical Engines",
        "contact": RECRUITING,
        "position": "Staff Engineer",
        "skills": ("numerical tables",),
        "interviewed_at": ENDED,
        "quiet_since": ENDED,
    }
    return Notice(**{**facts, **known})


OFFICE: Final = datetime(2026, 3, 12, 13, tzinfo=UTC)
EVERY: Final = (
    notice("thank-you/i1", people=(GRACE, ALAN), reflect=("i1",)),
    notice("thank-you-nudge/i1", people=(GRACE,), until=datetime(2026, 3, 4, 15, tzinfo=UTC)),
    notice("waiting/1", follow_up_due=DUE),
    notice("follow-up/1", best_sent_at=OFFICE),
    notice("follow-up-last-call/1", best_sent_at=OFFICE),
    notice("ghosted/1", follow_up_sent=True),
    notice("references/1"),
    notice("offer-thanks/1", offer=SPOKEN),
    notice("offer-review/1", offer=STATED),
    notice("offer-decide/1", offer=STATED),
    notice("offer-overdue/1", offer=STATED),
    notice("offer-lapsed/1", offer=STATED),
    notice("rejection-reply/1", rejected_by="employer"),
    notice("next-round/2", round=2),
    notice("close-others/1"),
    notice("farewell/1"),
)
"""One of every kind that has a message, in the order of the guide."""
