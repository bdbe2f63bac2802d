"""What went wrong, as problem documents (RFC 9457): the one place where an exception becomes a status and a slug becomes a title."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import compile_path

from client.encryption.missing import KeyMissing
from client.refusals import Fault, Invalid, NotDone

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER: Final = "2"
"""Seconds after which a caller that was turned away may come again."""

_KNOWN: Final[dict[str, tuple[int, str]]] = {
    "invalid": (422, "The message cannot be kept"),
    "key-reused": (422, "The id or key was used for something else"),
    "no-such-application": (404, "No such application"),
    "no-such-candidate": (404, "No such candidate"),
    "no-such-coach": (404, "No such adviser"),
    "no-such-erasure": (404, "No such erasure"),
    "no-such-import": (404, "No such import"),
    "no-such-migration": (404, "No such migration"),
    "no-such-policy": (404, "No such policy"),
    "no-such-webhook": (404, "No such endpoint"),
    "erased": (410, "The application was erased"),
    "different-application": (409, "Another application has this id"),
    "follow-up-already-sent": (409, "The one follow-up of this silence was sent"),
    "no-such-interview": (409, "No such interview"),
    "no-such-interviewer": (409, "No such interviewer"),
    "no-offer": (409, "There is no offer"),
    "no-such-fact": (409, "No such fact"),
    "application-closed": (409, "The application is closed"),
    "letter-has-blanks": (409, "The letter has a blank"),
    "letter-already-approved": (409, "The letter is on its way"),
    "letter-already-sent": (409, "The letter was sent, or may have been"),
    "no-such-letter": (409, "There is no such letter to be sent"),
    "no-address": (409, "Nobody to send it to"),
    "too-early": (409, "Not yet"),
    "coach-has-consent": (409, "The candidate agreed to this adviser under another name"),
    "too-many-coaches": (409, "The candidate has too many advisers"),
    "not-asked": (409, "This adviser does not ask"),
    "not-the-candidate": (409, "Only the candidate agrees"),
    "no-links": (501, "This server sends no links"),
    "unavailable": (503, "No answer in time"),
    "no-test-clock": (501, "This server's clock cannot be moved"),
    "unauthorized": (401, "A key is needed"),
    "forbidden": (403, "The key does not allow this"),
    "too-many": (429, "Too many calls with this key"),
    "too-large": (413, "The body is too large"),
    "too-slow": (408, "The body did not arrive in time"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "Not with this method"),
    "internal": (500, "A fault on our side"),
}


class ProblemError(BaseModel):
    """One thing that is wrong with the request."""

    field: str
    """Its place, from the body's root, joined by dots: `facts.0.ended_at`. Empty: the body as a whole."""
    pointer: str
    """The same place as a JSON pointer."""
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str = Field(examples=["/problems/follow-up-already-sent"])
    title: str
    status: int
    detail: str
    errors: list[ProblemError] | None = None


class Turned(NotDone):
    """Not let in: no key, not this key, not this size."""

    def __init__(self, slug: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(slug, detail)
        self.headers = headers or {}


def problem(slug: str, detail: str, faults: tuple[Fault, ...] = (), headers: dict[str, str] | None = None) -> JSONResponse:
    """The document for a slug, as an answer."""
    body, sent = document(slug, detail, faults), dict(headers or {})
    if body["status"] in (429, 503):
        sent.setdefault("Retry-After", RETRY_AFTER)
    return JSONResponse(body, body["status"], sent, media_type=MEDIA_TYPE)


def document(slug: str, detail: str, faults: tuple[Fault, ...] = ()) -> dict[str, Any]:
    """One that is not known here is a refusal by the guide."""
    status, title = _KNOWN.get(slug, (409, "Refused"))
    body: dict[str, Any] = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}
    if faults:
        body["errors"] = [{"field": ".".join(map(str, f.path)), "pointer": _pointer(f.path), "detail": f.detail} for f in faults]
    return body


async def not_done(_: Request, error: Exception) -> JSONResponse:
    """For every exception of the façade and of this API."""
    assert isinstance(error, NotDone)  # noqa: S101 -- registered for these only
    faults = error.faults if isinstance(error, Invalid) else ()
    return problem(error.slug, error.detail, faults, error.headers if isinstance(error, Turned) else None)


async def not_decrypted(_: Request, error: Exception) -> JSONResponse:
    """For what was encrypted with a key that this process lacks. The log names it; whoever calls may come again."""
    assert isinstance(error, KeyMissing)  # noqa: S101 -- registered for these only
    return problem("unavailable", "What is known of this was encrypted with a key that is not here at the moment.")


async def not_routed(request: Request, error: Exception) -> JSONResponse:
    """For paths and methods that are not there."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for these only
    slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
        headers["allow"] = ", ".join(sorted(methods))  # the framework names those of the first route of that path only
    if slug:
        return problem(slug, f"{request.method} {request.url.path} is not part of this API; see /docs.", headers=headers)
    body = {"type": "about:blank", "title": HTTPStatus(error.status_code).phrase, "status": error.status_code, "detail": str(error.detail)}
    return JSONResponse(body, error.status_code, headers, media_type=MEDIA_TYPE)


def _methods(request: Request) -> set[str]:
    """Every method that the document has for this path."""
    paths: dict[str, Any] = request.app.openapi()["paths"]
    found = (path for path in paths if compile_path(path)[0].match(request.url.path))
    return {method.upper() for path in found for method in paths[path]}


async def not_readable(_: Request, error: Exception) -> JSONResponse:
    """For query parameters and headers that cannot be read."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for these only
    faults = tuple(Fault(tuple(e["loc"][1:]), _plain(str(e["msg"]))) for e in error.errors())
    return problem("invalid", "; ".join(f"{'.'.join(map(str, f.path))}: {f.detail}" for f in faults) + ".", faults)


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _pointer(path: tuple[str | int, ...]) -> str:
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
