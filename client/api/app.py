"""The application that uvicorn serves: its lifespan, its routes, and the two questions whether it lives and whether it is ready."""

from __future__ import annotations

from datetime import timedelta
from importlib.metadata import version
from typing import Final, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from client.api import answers, boards, calendar, calls, sandbox, subjects, webhooks
from client.api.bodies import document
from client.api.candidates import router as of_candidates
from client.api.coaches import router as of_coaches
from client.api.envelope import Envelope
from client.api.holds import router as of_holds
from client.api.imports import router as of_imports
from client.api.keys import keys_of
from client.api.limits import DEFAULT, Limits, limit_in
from client.api.policies import router as of_policies
from client.api.problems import not_decrypted, not_done, not_readable, not_routed, problem
from client.api.request_ids import telling
from client.api.spans import Calls
from client.api.statistics import router as of_all
from client.applications import Applications
from client.candidates import Candidates
from client.coaches import Coaches
from client.connections import Connections
from client.encryption.missing import KeyMissing
from client.feed.track import Tracks
from client.holds import HoldRuns
from client.hooks import Hooks
from client.imports import Imports
from client.intake import Intakes
from client.metrics import Counts
from client.page.routes import Acts
from client.policies import Policies
from client.refusals import NotDone
from client.settings import Settings, links_of
from client.statistics import Statistics
from client.streams import Streams
from client.traces import Traces
from client.webhooks import Webhooks

_PATIENCE: Final = timedelta(seconds=2)
_DESCRIPTION: Final = """Afterword walks a job application through the time after its interview.

Say what happened as *facts*; read where it stands as a *view*, what comes next as its *agenda*, what to write as *letters*.
Repeating a call is always safe."""

health: Final = APIRouter(tags=["health"])


@health.get("/healthz", summary="Alive", responses={200: answers.documented(answers.Health, "It answers.")})
async def alive() -> Response:
    """Asks nobody else."""
    return JSONResponse({"status": "ok"})


@health.get("/readyz", summary="Ready", responses={200: answers.documented(answers.Health, "Temporal answers too.")})
async def ready(request: Request) -> Response:
    """503 while Temporal does not answer."""
    client = cast("Client", request.app.state.client)
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace), timeout=_PATIENCE)
    except RPCError:
        return problem("unavailable", "Temporal does not answer.")
    return JSONResponse({"status": "ok"})


def create_app(settings: Settings, client: Client, counts: Counts | None = None, traces: Traces | None = None) -> FastAPI:
    """The API of these settings, before that Temporal. CannotStart for keys or connections that make no sense.

    `counts`: None counts nothing. `traces`: None traces nothing.
    """
    app = FastAPI(
        title="Afterword",
        summary="Durable workflows for the time after a job interview.",
        description=_DESCRIPTION,
        version=version("afterword"),
        redirect_slashes=False,  # a POST that is sent elsewhere loses its body with some clients
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # it tells paths, queries and errors
    )
    app.state.settings = settings
    app.state.keys = keys_of(settings)
    app.state.limits = Limits(limit_in(settings.rate_limit or ("off" if settings.embedded else DEFAULT)))
    app.state.client = client = telling(client)
    app.state.policies = policies = Policies(settings.policies)
    app.state.applications = applications = Applications(client, announced=settings.webhooks is not None, policies=policies.by_name)
    app.state.candidates = candidates = Candidates(client)
    app.state.imports = Imports(client, applications)
    app.state.coaches = coaches = Coaches(client, candidates)
    app.state.links = links = links_of(settings.link_keys, settings.public_url)
    app.state.holds = HoldRuns(client)
    app.state.tracks = Tracks()
    app.state.statistics = Statistics(client)
    connections = Connections(settings.connections)
    app.state.out = webhooks.Out(Webhooks(settings.webhooks), Streams(client))
    app.state.hooks = hooks = Hooks(applications, connections, Intakes(client, connections), counts=(counts := counts or Counts()))
    for router in (calls.router, of_candidates, subjects.router, calendar.router, sandbox.router, boards.router, hooks.router(), health):
        app.include_router(router)
    app.include_router(of_all)
    app.include_router(of_coaches)
    app.include_router(of_imports)
    app.include_router(webhooks.router)
    app.include_router(of_holds)
    app.include_router(of_policies)
    if links:
        app.include_router(Acts(links, applications, coaches, client if settings.embedded else None).router())
    app.add_exception_handler(NotDone, not_done)
    app.add_exception_handler(KeyMissing, not_decrypted)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(RequestValidationError, not_readable)
    app.add_middleware(Envelope, counts=counts)
    if traces and traces.tracer:
        app.add_middleware(Calls, tracer=traces.tracer)
    app.openapi = lambda: document(app)
    return app
