"""What a platform's own policy may say: every number with its unit, its bounds and the reason for them, and which numbers must grow.

Knows no file and no platform. A policy that is pinned already is not judged here: it was judged when it was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workflows.policy import Policy


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a policy: from `least` to `most`, both included."""

    name: str
    unit: str
    least: int
    most: int
    reason: str
    """Why not less, and not more."""

    @property
    def meaning(self) -> str:
        """What it counts, as a sentence."""
        return self._described[0]

    @property
    def source(self) -> str:
        """Where the built-in policies have it from, as a sentence."""
        return self._described[1]

    @property
    def _described(self) -> tuple[str, str]:
        meaning, _, source = (Policy.model_fields[self.name].description or "").replace("\n", " ").partition(". ")
        return f"{meaning.rstrip('.')}.", source or "Our choice."


HOURS: Final = "hours"
BUSINESS_DAYS: Final = "business days"
DAYS: Final = "days"

NUMBERS: Final = {
    number.name: number
    for number in (
        Number("thank_you", HOURS, 1, 22, 'the guide thanks "within 24 hours", and two more moments follow'),
        Number("nudge", HOURS, 2, 23, 'the guide thanks "within 24 hours", and the nudge comes before they end'),
        Number("thank_you_due", HOURS, 3, 24, 'the guide: "within 24 hours of your interview"'),
        Number("thank_you_until", HOURS, 3, 72, "after three days a thank-you is an afterthought"),
        Number("grace", BUSINESS_DAYS, 1, 10, 'the guide: "at least a business day"; after two weeks a stated date means nothing'),
        Number("grace_last", BUSINESS_DAYS, 1, 10, "a last call after two more weeks is a second wait"),
        Number("first", BUSINESS_DAYS, 5, 30, 'the guide: "about 7 to 10 business days"; under a week is impatience, over six of no use'),
        Number("last", BUSINESS_DAYS, 6, 40, "as for first; after eight weeks nobody remembers the interview"),
        Number("ghost", BUSINESS_DAYS, 3, 40, "an employer has some days to answer a follow-up, and not for ever"),
        Number("answer", BUSINESS_DAYS, 1, 20, 'the guide: "a day or two"; career centres: two weeks; a month answers no offer'),
        Number("rejection_reply", HOURS, 1, 72, "a reply after three days is no grace"),
        Number("outcome_until", BUSINESS_DAYS, 1, 20, "after four weeks an outcome is no news"),
        Number("listens", DAYS, 30, 365, "late word comes for weeks; ended runs are kept for a year"),
    )
}
"""In the order of a policy."""


def mistakes(numbers: Mapping[str, object]) -> Iterator[str]:
    """A sentence, without its full stop, for everything that is wrong with these numbers by name, whatever their values are."""
    whole: dict[str, int] = {}
    for name, value in numbers.items():
        number = NUMBERS[name]
        if type(value) is not int or not number.least <= value <= number.most:
            yield f"{name} is a whole number of {number.unit} from {number.least} to {number.most}: {number.reason}"
        else:
            whole[name] = value
    hours = [whole[name] for name in ("thank_you", "nudge", "thank_you_due", "thank_you_until") if name in whole]
    if len(hours) == 4 and not hours[0] < hours[1] < hours[2] <= hours[3]:
        yield "the hours of a thank-you must grow: thank_you < nudge < thank_you_due <= thank_you_until"
    if {"first", "last"} <= whole.keys() and not whole["first"] < whole["last"]:
        yield "first must be smaller than last: the follow-up comes before the last call for it"
    if {"rejection_reply", "outcome_until"} <= whole.keys() and whole["rejection_reply"] >= 24 * whole["outcome_until"]:
        yield "rejection_reply must be shorter than outcome_until: a reply is suggested while it is worth sending"
