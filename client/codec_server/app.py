"""What the codec server answers: `/decode` and `/encode` as Temporal's UI and command line ask, and the page for a browser's session.

A bearer token opens it to anybody who has one. A session opens it to the pages of the one origin that is set, and a browser lets no other
page read an answer. What cannot be read is answered with the sentence that says why, in its place.
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import parse_qs

import structlog
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload, Payloads

from client.api.envelope import Envelope
from client.api.limits import Limits, limit_in
from client.api.problems import not_done, problem
from client.codec_server import page
from client.codec_server.access import LIFE, Tokens
from client.codec_server.settings import Settings
from client.encryption.codec import ENCODING, Codec
from client.encryption.keys import KeyRing
from client.encryption.missing import KeyMissing
from client.metrics import Counts
from client.refusals import NotDone

LARGEST: Final = 8 * 1_048_576
"""Bytes of a body: Temporal itself takes messages of 4 MB, which JSON makes a third larger."""
_ALLOWED: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "content-type, x-namespace, authorization, authorization-extras",
    "Access-Control-Max-Age": "600",
}
_REFUSED: Final = "It says that it is encrypted, and is no ciphertext of ours."

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("client.codec_server")


def create_app(settings: Settings, keys: KeyRing, tokens: Tokens) -> Starlette:
    answers = _Answers(settings, keys, tokens)
    return Starlette(
        routes=[
            Route("/decode", answers.decode, methods=["POST"]),
            Route("/encode", answers.encode, methods=["POST"]),
            Route("/decode", answers.asked_whether, methods=["OPTIONS"]),
            Route("/encode", answers.asked_whether, methods=["OPTIONS"]),
            Route("/", answers.page, methods=["GET"]),
            Route("/session", answers.begin, methods=["POST"]),
            Route("/session/end", answers.end, methods=["POST"]),
            Route("/healthz", _alive, methods=["GET"]),
        ],
        middleware=[Middleware(Envelope, counts=Counts(), largest=LARGEST)],
        exception_handlers={HTTPException: _not_there, NotDone: not_done},
    )


class _Answers:
    def __init__(self, settings: Settings, keys: KeyRing, tokens: Tokens) -> None:
        self._origin, self._own = settings.codec_origin, settings.codec_url
        self._secure = settings.codec_url.startswith("https:")
        self._cookie = "__Host-afterword-codec" if self._secure else "afterword-codec"
        self._codec, self._tokens = Codec(keys), tokens
        self._limits = Limits(limit_in(settings.codec_rate))

    async def decode(self, request: Request) -> Response:
        return await self._answered(request, "decoded")

    async def encode(self, request: Request) -> Response:
        return await self._answered(request, "encoded")

    async def asked_whether(self, request: Request) -> Response:
        """What a browser asks before it lets a page of the UI ask."""
        return Response(status_code=204, headers=_ALLOWED | self._shared()) if self._is_the_ui(request) else self._elsewhere()

    async def page(self, request: Request) -> Response:
        name = self._in_session(request)
        return page.signed_in(self._origin, name) if name else page.sign_in(self._origin)

    async def begin(self, request: Request) -> Response:
        if request.headers.get("origin") != self._own:
            return self._elsewhere()
        said = parse_qs((await request.body()).decode("utf-8", "replace")).get("token", [""])[0].strip()
        session = self._tokens.session(said)
        if session is None:
            return page.sign_in(self._origin, "This token is not known.", 403)
        answer = RedirectResponse(self._origin, 303, {"Cache-Control": "no-store"})
        answer.set_cookie(self._cookie, session, max_age=LIFE, path="/", secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def end(self, request: Request) -> Response:
        if request.headers.get("origin") != self._own:
            return self._elsewhere()
        answer = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
        answer.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def _answered(self, request: Request, what: str) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin != self._origin:
            return self._elsewhere()
        answer = await self._for_whoever(request, what)
        if origin:
            answer.headers.update(self._shared())
        return answer

    async def _for_whoever(self, request: Request, what: str) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        name = self._tokens.name(token.strip()) if scheme.lower() == "bearer" else None
        if name is None and self._is_the_ui(request):
            name = self._in_session(request)
        if name is None:
            detail = f"Send a token: Authorization: Bearer <token>; or sign in at {self._own}."
            return problem("unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})
        standing = self._limits.charge(name, request.url.path)
        if standing and not standing.taken:
            return problem("too-many", f"{name} has asked too much.", headers={**standing.headers, "Retry-After": str(standing.again)})
        try:
            said = Parse(await request.body(), Payloads(), ignore_unknown_fields=True)
        except (ParseError, ValueError, RecursionError):
            return problem("invalid", "The body is not Payloads in JSON.")
        log.info(what, by=name, payloads=len(said.payloads))
        if what == "encoded":
            found = await self._codec.encode(said.payloads)
        else:
            found = [await self._read(payload) for payload in said.payloads]
        return JSONResponse(MessageToDict(Payloads(payloads=found)), headers={"Cache-Control": "no-store"})

    async def _read(self, payload: Payload) -> Payload:
        try:
            (found,) = await self._codec.decode([payload])
        except KeyMissing as e:
            return _told(str(e))
        return _told(_REFUSED) if found.metadata.get("encoding") == ENCODING else found

    def _in_session(self, request: Request) -> str | None:
        return self._tokens.name_of_session(said) if (said := request.cookies.get(self._cookie)) else None

    def _is_the_ui(self, request: Request) -> bool:
        return request.headers.get("origin") == self._origin

    def _shared(self) -> dict[str, str]:
        return {"Access-Control-Allow-Origin": self._origin, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}

    def _elsewhere(self) -> Response:
        return problem("forbidden", f"Pages of {self._origin} may ask, and no others.", headers={"Vary": "Origin"})


def _told(why: str) -> Payload:
    """What stands in the place of what cannot be read."""
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps({"unreadable": why}).encode())


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for these only
    slug = "method-not-allowed" if error.status_code == 405 else "not-found"
    return problem(slug, f"{request.method} {request.url.path} is not part of the codec server.", headers=dict(error.headers or {}))
