"""What the API's problem documents mean, as the exceptions that the façade raises: callers of either catch the same."""

from __future__ import annotations

from typing import Any, Final, cast

from client import refusals
from client.refusals import INVALID, Broken, Fault, Invalid, NotDone, Refused, Unavailable


class Problem(Exception):  # noqa: N818 -- what was answered; what it means is another exception, and this is its cause
    """A problem document (RFC 9457), whole."""

    def __init__(self, status: int, document: dict[str, Any], request_id: str | None) -> None:
        super().__init__(f"{status} {document.get('title', '')} (Request-Id {request_id})")
        self.status: Final = status
        self.document: Final = document
        self.request_id: Final = request_id
        """Names the call in the API's log."""

    @property
    def slug(self) -> str:
        return str(self.document.get("type", "")).rpartition("/problems/")[2]


class Missing(NotDone):
    """There is nothing of that name; the slug says what."""


class NotLetIn(NotDone):
    """No key, not this key, not so often or not so much: `unauthorized`, `forbidden`, `too-many`, `too-large`, `too-slow`."""


class Unreached(Unavailable):
    """No answer came from there in time, or something else answers there. What was said may have been kept: say it again, unchanged."""


_NOT_LET_IN: Final = (401, 403, 408, 413, 429)


def meaning(problem: Problem) -> NotDone:
    """The exception of the façade. One of a kind that is not known here is what its status says."""
    slug, detail = problem.slug, str(problem.document.get("detail") or problem.document.get("title") or problem.status)
    if slug in INVALID or problem.status == 422:
        return Invalid(detail, _faults(problem.document), slug=slug)
    return _made(_named(slug) or _kind(problem.status), slug, detail)


def _named(slug: str) -> type[NotDone] | None:
    """The exception that is called as the slug is: `no-such-application` is NoSuchApplication."""
    kind: object = vars(refusals).get(slug.title().replace("-", ""))
    return kind if isinstance(kind, type) and issubclass(kind, NotDone) else None


def _kind(status: int) -> type[NotDone]:
    if status in _NOT_LET_IN:
        return NotLetIn
    if status in (404, 405):
        return Missing
    return Refused if status < 500 else Unavailable if status in (502, 503, 504) else Broken


def _made(kind: type[NotDone], slug: str, detail: str) -> NotDone:
    """With the API's own words, whatever the kind would say itself."""
    made = kind.__new__(kind)
    NotDone.__init__(made, slug, detail)
    return made


def _faults(document: dict[str, Any]) -> tuple[Fault, ...]:
    said = document.get("errors")
    entries = cast("list[Any]", said) if isinstance(said, list) else []
    errors = [cast("dict[str, Any]", one) for one in entries if isinstance(one, dict)]
    return tuple(Fault(_path(str(one.get("field", ""))), str(one.get("detail", ""))) for one in errors)


def _path(field: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdecimal() and part.isascii() else part for part in field.split(".")) if field else ()
