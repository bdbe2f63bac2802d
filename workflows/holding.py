"""Which messages a hold stops. It changes no date of the guide: what is held is sent later, or its step passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from workflows.guide.steps import CATEGORY
from workflows.names import ApprovedLetter, CandidateNotice, Message, Notice
from workflows.names.holding import Holds

OF_CANDIDATES: Final = ("digest", "keep-going", "ask-for-time", "coach")
"""Kinds of messages about several applications."""
KINDS: Final = (*CATEGORY, *OF_CANDIDATES)
"""Kinds of steps that send something."""


def known(scope: str) -> bool:
    """Whether there is such a thing to hold: a kind of step has to be one, a connection may come."""
    return not scope.startswith("step/") or scope.removeprefix("step/") in KINDS


def held_until(message: Message, holds: Holds, now: datetime) -> datetime | None:
    """When the last of the holds on this message ends; None: it may leave."""
    scopes = {"all", *_scopes(message)}
    return max((one.until for one in holds.at(now).holds if one.scope in scopes), default=None)


def _scopes(message: Message) -> Iterator[str]:
    """A digest is held with everything that is in it: a part of it cannot leave."""
    match message:
        case Notice():
            yield f"step/{message.intent.split('/')[0]}"
            connection = message.connection
        case ApprovedLetter():
            yield f"step/{message.letter.split('/')[0]}"
            connection = message.connection
        case CandidateNotice():
            yield f"step/{message.intent.split('/')[0]}"
            connection = None
            for notice in message.notices:
                yield from _scopes(notice)
    if connection:
        yield f"connection/{connection}"
