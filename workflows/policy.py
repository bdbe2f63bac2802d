"""The guide's numbers as data, each with its source. A policy is pinned when an application opens."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Count = Annotated[int, Field(ge=1, le=365)]


class Policy(BaseModel):
    """One platform's etiquette. Hours are absolute, days are the employer's business days."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    name: Annotated[str, Field(pattern=r"\A[A-Za-z0-9._~-]{1,64}\z")]
    version: Count = 1
    thank_you: Count = 2
    """Hours after the interview until the thank-you prompt. "Not the minute you leave": our choice within the guide's 24 hours."""
    nudge: Count = 18
    """Hours after the interview until the nudge. Our choice within the guide's 24 hours."""
    thank_you_due: Count = 24
    """Hours within which a thank-you is sent. The guide: "within 24 hours of your interview"."""
    thank_you_until: Count = 48
    """Hours until which a late thank-you is still worth sending. Career centres tolerate 48."""
    grace: Count = 1
    """Business days after a stated timeline. The guide: "at least a business day"; university: a week."""
    grace_last: Count = 3
    """Further business days until the last call after a stated timeline."""
    first: Count = 7
    """Business days of silence until the follow-up. The guide: "about 7 to 10 business days"."""
    last: Count = 10
    """Business days of silence until the last call for it. The guide, as above."""
    ghost: Count = 5
    """Business days after the follow-up until the silence counts as ghosting."""
    answer: Count = 2
    """Business days to answer a written offer without a deadline. The guide: "a day or two"; university: two weeks."""
    rejection_reply: Count = 24
    """Hours until the reply to a rejection is suggested."""
    outcome_until: Count = 5
    """Business days for which a message about an outcome is still worth sending."""
    listens: Count = 90
    """Days for which a closed application listens for late word."""

    def model_post_init(self, context: Any, /) -> None:
        self.__pydantic_fields_set__.update(
            type(self).model_fields
        )  # pinned whole, so that a later default cannot reach an open application

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.first < self.last:
            raise ValueError("first must be smaller than last")
        if not self.thank_you < self.nudge < self.thank_you_due <= self.thank_you_until:
            raise ValueError("the hours of a thank-you must grow: thank_you < nudge < thank_you_due <= thank_you_until")
        return self


INDUSTRY: Final = Policy(name="industry")
UNIVERSITY: Final = Policy(name="university", grace=5, answer=10)
POLICIES: Final = {p.name: p for p in (INDUSTRY, UNIVERSITY)}
DEFAULT: Final = INDUSTRY.name
