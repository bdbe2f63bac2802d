"""The calls about policies: what is in force, what an application goes by, what would move under another one, and moving open ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import JSONResponse, Response

from client.api.answers import Shape, documented
from client.api.bodies import MIGRATION_BODY, Migrating
from client.api.calls import ApplicationId, Facade, Moment
from client.api.keys import allowed
from client.api.numbers import Migration, PolicyList, Previewed, WholePolicy
from client.applications import Applications
from client.door import read
from client.migrations import open_ones
from client.moves import moves
from client.policies import Policies, Sourced, numbers_of
from client.refusals import NoSuchApplication, NoSuchMigration, NoSuchPolicy
from workflows.etiquette import NUMBERS
from workflows.facts import Id
from workflows.names.migrating import Chosen, OpenStage, PolicyWanted
from workflows.policy import Policy

router: Final = APIRouter(prefix="/v1", tags=["policies"])
_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MIGRATION: Final = "5be0c7a1f20d4c6e9a3b8d4f1e7c6a52"
_MIGRATING: Final[TypeAdapter[Migrating]] = TypeAdapter(Migrating)
_AT_ONCE: Final = 8


class Begun(Shape):
    migration: str


class Choice(BaseModel):
    """Which open applications a preview is about."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    candidate: Id | None = None
    stage: OpenStage | None = None
    connection: Id | None = None
    policy: PolicyWanted | None = None
    """The one that they go by: its name, or its name and version as in `industry 1`."""
    due_before: Moment | None = None
    changed_since: Moment | None = None
    cursor: Annotated[str, Field(max_length=4096)] | None = None
    """`next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


async def known(request: Request) -> Mapping[str, Sourced]:
    """The policies in force."""
    return cast("Policies", request.app.state.policies).current()


async def migration_id(migration: Annotated[str, Path(description="The migration's id.")]) -> str:
    """NoSuchMigration for what cannot be an id."""
    if not _ID.fullmatch(migration):
        raise NoSuchMigration("of that id")
    return migration


Known = Annotated[Mapping[str, Sourced], Depends(known)]


async def policy_name(name: Annotated[str, Path(description="The policy's name.")], policies: Known) -> str:
    """NoSuchPolicy for one that is not in force."""
    if name not in policies:
        raise NoSuchPolicy
    return name


PolicyId = Annotated[str, Depends(policy_name)]


def shown(policy: Policy, policies: Mapping[str, Sourced]) -> dict[str, Any]:
    """With the sources of its numbers, where these are the ones in force."""
    found = policies.get(policy.name)
    one = found if found and found.policy == policy else None
    return {
        "name": policy.name,
        "version": policy.version,
        "extends": one.extends if one else None,
        "in_force": one is not None,
        "numbers": {
            name: {
                "value": value,
                "unit": NUMBERS[name].unit,
                "meaning": NUMBERS[name].meaning,
                "source": one.sources.get(name) if one else None,
            }
            for name, value in numbers_of(policy).items()
        },
    }


@router.get(
    "/policies",
    summary="List policies",
    responses={200: documented(PolicyList, "The policies in force.")},
    dependencies=[Depends(allowed("read"))],
)
async def list_policies(request: Request, policies: Known) -> Response:
    """Those that are built in, and those of the file that AFTERWORD_POLICIES names."""
    told = [shown(policies[name].policy, policies) for name in sorted(policies)]
    return JSONResponse({"policies": told, "mistakes": list(cast("Policies", request.app.state.policies).mistakes)})


@router.get(
    "/policies/migrations/{migration}",
    summary="View a migration",
    responses={
        200: documented(
            Migration,
            "How far it is.",
            {
                "status": "finished",
                "policy": "patient 3",
                "of": 41,
                "moved": 40,
                "same": 0,
                "refused": [{"application": "app-1001", "reason": "no-such-application"}],
                "refusals": 1,
            },
        )
    },
    dependencies=[Depends(allowed("operate"))],
)
async def view_migration(applications: Facade, migration: Annotated[str, Depends(migration_id)]) -> Response:
    """Kept for as long as ended runs are."""
    return JSONResponse((await applications.migrations.progress(migration)).model_dump(mode="json"))


@router.get(
    "/policies/{name}",
    summary="View a policy",
    responses={200: documented(WholePolicy, "The policy as it is in force.")},
    dependencies=[Depends(allowed("read"))],
)
async def view_policy(policies: Known, name: PolicyId) -> Response:
    """What a new application gets that names it."""
    return JSONResponse(shown(policies[name].policy, policies))


@router.get(
    "/policies/{name}/preview",
    summary="Preview a migration",
    responses={200: documented(Previewed, "A page of open applications, and which of their steps would move.")},
    dependencies=[Depends(allowed("read"))],
)
async def preview_migration(applications: Facade, policies: Known, name: PolicyId, choice: Annotated[Choice, Query()]) -> Response:
    """Each agenda under the policy that the application goes by, and under this one. Changes nothing. A page may be short."""
    policy, few = policies[name].policy, asyncio.Semaphore(_AT_ONCE)
    wanted = open_ones(Chosen(**choice.model_dump(exclude={"cursor", "limit"})))
    page, of = await asyncio.gather(applications.list(wanted, choice.cursor, choice.limit), applications.count(wanted))

    async def moving(application: str) -> dict[str, Any] | None:
        async with few:
            return await _moving(applications, application, policy)

    told = await asyncio.gather(*(moving(one["id"]) for one in page.applications))
    named = {"name": policy.name, "version": policy.version}
    return JSONResponse({"policy": named, "of": of, "applications": [one for one in told if one], "next": page.next})


@router.post(
    "/policies/{name}/migrations",
    summary="Migrate applications",
    status_code=202,
    responses={202: documented(Begun, "Begun, now or before.", {"migration": _MIGRATION}, Location="Where it is told how far it is.")},
    openapi_extra=MIGRATION_BODY,
    dependencies=[Depends(allowed("operate"))],
)
async def migrate(request: Request, applications: Facade, policies: Known, name: PolicyId) -> Response:
    """Open applications go on by this policy as it is now, each by a fact. While it is under way, said again it is the same one."""
    said = read(_MIGRATING, await request.body())
    migration = await applications.migrations.begin(policies[name].policy, said.where, said.applications)
    return JSONResponse({"migration": migration}, 202, {"Location": f"/v1/policies/migrations/{migration}"})


@router.get(
    "/applications/{application}/policy",
    summary="The policy of an application",
    responses={200: documented(WholePolicy, "The policy that it goes by.")},
    dependencies=[Depends(allowed("read"))],
)
async def view_pinned(applications: Facade, policies: Known, application: ApplicationId) -> Response:
    """As it was pinned when the application opened, or when its details changed."""
    return JSONResponse(shown((await applications.application(application)).story.policy, policies))


async def _moving(applications: Applications, application: str, policy: Policy) -> dict[str, Any] | None:
    """None: it stands for another one, or is gone."""
    try:
        app = await applications.application(application)
    except NoSuchApplication:
        return None
    if app.story.linked:
        return None
    has = {"name": app.story.policy.name, "version": app.story.policy.version}
    found = await asyncio.to_thread(moves, app, policy, datetime.now(UTC))  # a long story must not hold up others
    return {"id": application, "policy": has, "moves": [move.shown(app.story) for move in found]}
