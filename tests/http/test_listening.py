"""`afterword listen` tells what the event stream would, signed alike, for as long as it runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from client.applications import Applications as Direct
from client.embedded import Stack
from client.http.applications import Applications
from client.listening import Event, Listener
from client.refusals import Unavailable
from tests.activities.test_notices import closed_port
from tests.running import body
from tests.server import eventually
from tests.simulators.serving import listening
from workflows.streaming import event

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PATIENCE = timedelta(seconds=40)


async def told(listener: Listener, application: str) -> list[Event]:
    """What one look finds of an application."""
    return [one async for one in listener.look() if one.content["data"]["application"] == application]


async def all_of(listener: Listener, application: str, revision: int) -> list[Event]:
    found: list[Event] = []

    async def look() -> bool:
        found.extend(await told(listener, application))
        return len(found) >= revision

    await eventually(look, PATIENCE)
    return found


async def test_it_tells_each_fact_once_as_the_stream_does_and_no_private_text(
    ours: Applications, applications: Direct, application: str
) -> None:
    listener = Listener(ours)
    assert [one async for one in listener.look()] == []
    await ours.open(body(application))
    noted = {"type": "reflection_noted", "interview": "i1", "takeaways": "private-takeaway"}
    letter = {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": "Thank you", "body": "private-words", "by": "candidate"}
    view = await ours.record(application, noted, letter)
    found = await all_of(listener, application, view.revision)
    app = await applications.application(application)
    assert [one.id for one in found] == [f"{application}.{n}" for n in range(1, len(found) + 1)]
    assert [one.content for one in found] == [event(app, n) for n in range(1, len(found) + 1)]
    assert "private" not in json.dumps([one.content for one in found])


async def test_what_was_said_before_it_began_is_not_told_and_a_fact_of_the_past_is(ours: Applications, application: str) -> None:
    """Such a fact does not show in the list: whoever is quiet is asked in turn."""
    before = (await ours.open(body(application))).view
    listed = await eventually(lambda: indexed(ours, application))
    listener = Listener(ours)
    assert await told(listener, application) == []
    at = before.facts[-1].at - timedelta(minutes=1)
    await ours.record(application, {"type": "hiring_step", "step": "debrief", "id": "late", "at": at.isoformat()})
    (one,) = await all_of(listener, application, 1)
    assert (one.content["data"]["fact"]["id"], one.content["data"]["revision"]) == ("late", before.revision + 1)
    assert listed


async def indexed(ours: Applications, application: str) -> bool:
    return application in [one.id async for one in ours.list(candidate=f"cand-{application}")]


async def test_where_the_api_is_gone_for_a_while_it_goes_on_where_it_was(stack: Stack, application: str) -> None:
    gone = False

    async def reach(_: httpx.Request) -> None:
        if gone:
            raise httpx.ConnectError("nobody")

    async with httpx.AsyncClient(event_hooks={"request": [reach]}) as http:
        ours = Applications(stack.api, "dev-key", patience=timedelta(0), http=http)
        listener = Listener(ours)
        await told(listener, application)
        view = (await ours.open(body(application))).view
        gone = True
        with pytest.raises(Unavailable):
            await told(listener, application)
        gone = False
        found = await all_of(listener, application, view.revision)
        assert [one.content["data"]["revision"] for one in found] == list(range(1, view.revision + 1))


# -- the command ------------------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def command(url: str, *words: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """`afterword listen`, ended as a person ends it."""
    program = [sys.executable, "-m", "client.command_line", "listen", *words]
    ours = {**os.environ, "AFTERWORD_API_URL": url, "AFTERWORD_API_KEY": "dev-key", "PYTHONUNBUFFERED": "1"}
    child = await asyncio.create_subprocess_exec(*program, env=ours, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    try:
        yield child
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGINT)
        await asyncio.wait_for(child.wait(), 30)


async def line(stream: asyncio.StreamReader | None, word: str) -> str:
    """The next line with that word."""
    assert stream is not None
    async with asyncio.timeout(50):
        while word not in (said := (await stream.readline()).decode()):
            assert said, f"it ended before it said {word!r}"
    return said


@pytest.mark.timeout(180)
async def test_the_command_posts_signed_events_prints_them_and_ends_with_ctrl_c(stack: Stack, ours: Applications, application: str) -> None:
    came: list[tuple[str, dict[str, Any]]] = []

    async def take(request: Request) -> Response:
        came.append((request.headers["webhook-id"], Webhook(SECRET).verify(await request.body(), dict(request.headers))))
        return Response(status_code=503 if len(came) == 1 else 204)

    async with listening(Starlette(routes=[Route("/events", take, methods=["POST"])])) as where:
        async with command(stack.api, "--forward-to", f"{where}/events", "--secret", SECRET, "--json") as child:
            await line(child.stderr, "Listening to")
            view = (await ours.open(body(application))).view
            lines = [json.loads(await line(child.stdout, f'"{application}.{n + 1}"')) for n in range(view.revision)]
        assert child.returncode == 0
    about = [(identity, said) for identity, said in came if said["data"]["application"] == application]
    assert [one["id"] for one in lines] == [identity for identity, _ in about][: view.revision]
    assert [one["event"] for one in lines] == [said for _, said in about][: view.revision]
    assert {one["forwarded"] for one in lines} <= {204, 503}


@pytest.mark.timeout(120)
async def test_where_nobody_answers_it_says_so_once_and_waits() -> None:
    async with command(f"http://127.0.0.1:{closed_port()}") as child:
        assert "It is asked again." in await line(child.stderr, "No answer from http://127.0.0.1")
        assert child.returncode is None
    assert child.returncode == 0


@pytest.mark.timeout(120)
async def test_a_key_that_is_not_let_in_ends_it(stack: Stack) -> None:
    program = [sys.executable, "-m", "client.command_line", "listen"]
    ours = {**os.environ, "AFTERWORD_API_URL": stack.api, "AFTERWORD_API_KEY": "a-key-that-nobody-has"}
    child = await asyncio.create_subprocess_exec(*program, env=ours, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 1
    assert b"A key is needed" in said


@pytest.mark.parametrize(
    "words", [("--forward-to", "nowhere"), ("--forward-to", "ftp://h"), ("--forward-to", "http://h", "--secret", "a b")]
)
async def test_what_makes_no_sense_is_wrong_usage(words: tuple[str, ...]) -> None:
    program = [sys.executable, "-m", "client.command_line", "listen", *words]
    child = await asyncio.create_subprocess_exec(*program, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(child.communicate(), 50)
    assert (child.returncode, b"--" in said) == (2, True)
