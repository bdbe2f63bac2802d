"""A message of facts, and its receipt."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from workflows.facts.outside import Saying
from workflows.facts.people import Frozen
from workflows.facts.words import Speaker

F = TypeVar("F", bound=Saying)


class Telling(Frozen, Generic[F]):
    """Facts that are kept all or none: what the update `record` and the signal `heard` take."""

    facts: tuple[F, ...]
    by: Speaker = "platform"
    """Who says the facts that do not say it themselves."""
    key: Annotated[str, Field(max_length=128)] | None = None
    """The caller's idempotency key: names the facts that have no id."""


class Receipt(Frozen):
    revision: int
    """How many facts are known once these are."""
    fresh: bool
    """Whether any of them was new."""
