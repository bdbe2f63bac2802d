"""The calls about applications: each reads its body at the door, asks the façade, and shows the answer without private text."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from client.api import answers
from client.api.bodies import FACTS_BODY, OPENING_BODY, PREVIEW_BODY
from client.api.bounds import opening_within
from client.api.keys import Key as ApiKey
from client.api.keys import allowed
from client.api.privacy import shown, shown_fact
from client.applications import Applications
from client.door import read_message
from client.index import Filter
from client.opening import read_opening, read_preview
from client.refusals import Fault, Invalid, NoSuchApplication
from workflows.facts import Id, Time, Word
from workflows.names.migrating import PolicyWanted

_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)
_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]", re.ASCII)
_BLANK_OFFSET: Final = re.compile(r" (\d\d:\d\d)\Z", re.ASCII)
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)

router: Final = APIRouter(prefix="/v1", tags=["applications"])


async def facade(request: Request) -> Applications:
    """The one façade of this process."""
    return cast("Applications", request.app.state.applications)


async def application_id(application: Annotated[str, Path(description="The application's id.")]) -> str:
    """NoSuchApplication for what cannot be an id."""
    if not _ID.fullmatch(application):
        raise NoSuchApplication("of that id")
    return application


async def idempotency_key(
    idempotency_key: Annotated[str | None, Header(description="Identifies this call, for the application's life.")] = None,
) -> str | None:
    """The key as facts may be named by it: as it is, or a digest of one with other characters."""
    if idempotency_key is None:
        return None
    if not 1 <= len(idempotency_key) <= 255:
        raise Invalid("Idempotency-Key has 1 to 255 characters.", (Fault(("Idempotency-Key",), "1 to 255 characters"),))
    if _PLAIN_KEY.fullmatch(idempotency_key):
        return idempotency_key
    return "key-" + hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]


Facade = Annotated[Applications, Depends(facade)]
ApplicationId = Annotated[str, Depends(application_id)]
Key = Annotated[str | None, Depends(idempotency_key)]


def _written(said: object) -> object:
    """Digits are no time here either, and a plus sign that was not encoded arrives as a blank."""
    if not isinstance(said, str) or not _WRITTEN.match(said):
        raise ValueError("a time is written with its offset, as in 2026-03-02T15:00:00+00:00")
    return _BLANK_OFFSET.sub(r"+\1", said)


Moment = Annotated[Time, BeforeValidator(_written)]


class Wanted(BaseModel):
    """Which applications are listed."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    candidate: Id | None = None
    stage: answers.Stage | None = None
    outcome: answers.Outcome | None = None
    connection: Id | None = None
    policy: PolicyWanted | None = None
    """The one that they go by: its name, or its name and version as in `industry 1`."""
    due_before: Moment | None = None
    """Whose next step is due before that."""
    changed_since: Moment | None = None
    cursor: Annotated[str, Field(max_length=4096)] | None = None
    """`next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.post(
    "/applications",
    summary="Open an application",
    status_code=201,
    responses={
        200: answers.documented(answers.View, "Opened before with the same content; its current state.", answers.VIEW_EXAMPLE),
        201: answers.documented(answers.View, "Opened.", answers.VIEW_EXAMPLE, Location="Where it is."),
    },
    openapi_extra=OPENING_BODY,
)
async def open_application(
    request: Request, applications: Facade, key: Key, asker: Annotated[ApiKey, Depends(allowed("write", looks=True))]
) -> Response:
    """Registers an application with what has happened so far. Opening it again with the same content changes nothing."""
    opening = read_opening(await request.body())
    if asker.candidate is not None:
        opening = await opening_within(applications, opening, asker.candidate, key)
    answer = await applications.open(opening, key)
    location = f"/v1/applications/{answer.view['id']}"
    return JSONResponse(shown(answer.view), 201 if answer.fresh else 200, {"Location": location, "ETag": etag(answer.view)})


@router.get(
    "/applications",
    summary="List applications",
    responses={200: answers.documented(answers.Summaries, "A page of summaries, a second or so behind.")},
)
async def list_applications(
    applications: Facade, wanted: Annotated[Wanted, Query()], asker: Annotated[ApiKey, Depends(allowed("read", looks=True))]
) -> Response:
    """From Temporal's index. A page may be shorter than `limit`; it is the last one if `next` is null."""
    filters = Filter(**wanted.model_dump(exclude={"cursor", "limit"}))
    if asker.candidate is not None:
        if filters.candidate not in (None, asker.candidate):
            return JSONResponse({"applications": [], "next": None})
        filters = replace(filters, candidate=asker.candidate)
    page = await applications.list(filters, wanted.cursor, wanted.limit)
    return JSONResponse({"applications": page.applications, "next": page.next})


@router.get(
    "/applications/{application}",
    summary="View an application",
    responses={
        200: answers.documented(answers.View, "The application.", answers.VIEW_EXAMPLE, ETag="Changes with the view."),
        304: {"description": "As it was: If-None-Match names its ETag."},
    },
    dependencies=[Depends(allowed("read"))],
)
async def view_application(
    applications: Facade, application: ApplicationId, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Everything that is known of it, without private text."""
    view = await applications.view(application)
    tag = etag(view)
    if if_none_match and (if_none_match.strip() == "*" or tag in (t.strip().removeprefix("W/") for t in if_none_match.split(","))):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(shown(view), headers={"ETag": tag})


@router.post(
    "/applications/{application}/facts",
    summary="Say facts",
    responses={200: answers.documented(answers.View, "Kept, now or before.", answers.VIEW_EXAMPLE)},
    openapi_extra=FACTS_BODY,
    dependencies=[Depends(allowed("write"))],
)
async def say_facts(request: Request, applications: Facade, application: ApplicationId, key: Key) -> Response:
    """One fact, or several, kept all or none. Refused with the guide's reason; `anyway` keeps a fact even so."""
    message = read_message(await request.body())
    answer = await applications.record(application, Word(facts=message.facts, by="platform", key=key))
    return JSONResponse(shown(answer.view), headers={"ETag": etag(answer.view)})


@router.get(
    "/applications/{application}/facts",
    summary="Facts since a revision",
    responses={200: answers.documented(answers.Facts, "In order of arrival.")},
    dependencies=[Depends(allowed("read"))],
)
async def list_facts(applications: Facade, application: ApplicationId, after: Annotated[int, Query(ge=0, le=2**31)] = 0) -> Response:
    """What was said after a revision, without private text."""
    facts, revision = await applications.facts(application, after)
    return JSONResponse({"facts": [shown_fact(fact) for fact in facts], "revision": revision})


@router.get(
    "/applications/{application}/letters",
    summary="Drafts of letters",
    responses={200: answers.documented(answers.Letters, "Drafts of what is prompted and not done.")},
    dependencies=[Depends(allowed("private"))],
)
async def list_letters(applications: Facade, application: ApplicationId) -> Response:
    """Letters hold what the candidate noted in private: the key needs the scope `private`."""
    return JSONResponse({"letters": await applications.letters(application)})


@router.post(
    "/preview",
    summary="Preview an application",
    tags=["preview"],
    responses={200: answers.documented(answers.Previewed, "What the process would do and skip, and the view as of then.")},
    openapi_extra=PREVIEW_BODY,
    dependencies=[Depends(allowed("read", "write", looks=True))],  # all that it reads is in the body
)
async def preview_application(request: Request, applications: Facade) -> Response:
    """An opening, played at once. Facts up to `as_of` are known then, later ones are heard at their own time. Starts nothing."""
    said = read_preview(await request.body())
    made = await asyncio.to_thread(applications.preview, said)  # a long script must not hold up others
    return JSONResponse(made | {"view": shown(made["view"])})


def etag(view: dict[str, Any]) -> str:
    """The revision says which facts; the digest, what this version of the program makes of them."""
    made = hashlib.sha256(repr((view["stage"], view["outcome"], view["agenda"])).encode()).hexdigest()[:12]
    return f'"{view["revision"]}-{made}"'
