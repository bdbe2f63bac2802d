"""The cursors of lists that Temporal's visibility answers page by page: its token, bound to the question that it belongs to."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from temporalio.service import RPCStatusCode

from client.refusals import Fault, Invalid

UNREADABLE: Final = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.INTERNAL, RPCStatusCode.UNKNOWN})
"""What servers answer to a page token that they did not make."""
_MARK: Final = 12


def cursor_of(question: str, token: bytes | None) -> str | None:
    """For the page after; None: there is none."""
    return _mark(question, token) + base64.urlsafe_b64encode(token).decode().rstrip("=") if token else None


def token_in(question: str, cursor: str | None) -> bytes | None:
    """What the server gave. Invalid for a cursor of another question, or of nobody."""
    if not cursor:
        return None
    mark, text = cursor[:_MARK], cursor[_MARK:]
    try:
        token = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:  # not base64, or not ASCII
        raise not_ours() from None
    if mark != _mark(question, token):
        raise not_ours()
    return token


def not_ours() -> Invalid:
    return Invalid(
        "The cursor does not belong to this list.", (Fault(("cursor",), "a cursor is the `next` of a page of the same filters"),)
    )


def _mark(question: str, token: bytes) -> str:
    return hashlib.sha256(question.encode() + token).hexdigest()[:_MARK]
