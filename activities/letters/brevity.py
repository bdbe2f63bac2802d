"""How long a letter may be: brief means brief.

The guide gives no number of words. Of a thank-you it says that it "should be concise", of a follow-up that it "should be polite,
professional, and brief"; the other letters answer in the same spirit. What can be read on a telephone without scrolling far is both:
about a hundred words between greeting and signature. Names, and what a candidate adds in a blank, are their own.
"""

from __future__ import annotations

from typing import Final

LONGEST: Final = {
    "thank-you": 130,
    "follow-up": 90,
    "references": 100,
    "offer-thanks": 90,
    "offer-accept": 70,
    "offer-decline": 80,
    "offer-ask-for-time": 90,
    "rejection-reply": 90,
    "next-round": 90,
    "close-others": 60,
    "farewell": 80,
}
"""Template -> words of the whole body, greeting and signature included, blanks as they stand. Of English: others need some more."""
LONGEST_POINT: Final = 40
"""Words of a specific point that go into a letter as they are; a longer one is for the candidate to put in a sentence or two."""
_LONGEST_POINT_CHARACTERS: Final = 400
"""The same where words are not parted by blanks."""


def concise(point: str) -> bool:
    """Whether a point can go into a letter as it is."""
    return len(point.split()) <= LONGEST_POINT and len(point) <= _LONGEST_POINT_CHARACTERS
