"""No event goes where its file does not say: no private network unless it may, nothing without TLS, nowhere that an answer names."""

from __future__ import annotations

from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.calling import RefusedError, reached
from tests.events.platform import Platform
from tests.server import eventually
from tests.simulators.serving import listening
from workflows.names.events import UNREACHED, stream_id

REDIRECTS = (301, 302, 303, 307, 308)
INSIDE = (
    "127.0.0.1",
    "10.0.0.7",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 -- an address to be refused
    "224.0.0.1",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.7]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
)


async def ask(url: str, *, private: bool) -> int:
    async with reached(httpx.URL(url), {}, "POST", b"{}", private=private) as answer:
        return answer.status_code


@pytest.mark.parametrize("host", INSIDE)
async def test_an_address_in_a_private_network_is_refused_before_anything_is_sent(host: str) -> None:
    """However it is written."""
    with pytest.raises(RefusedError, match="the address is in a private network"):
        await ask(f"https://{host}/events", private=False)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1"])
async def test_a_name_that_leads_into_a_private_network_is_refused(host: str) -> None:
    """Numbers that are no address to Python are one to the system's resolver."""
    with pytest.raises(RefusedError, match="the name leads into a private network"):
        await ask(f"https://{host}/events", private=False)


async def test_nothing_is_sent_over_the_internet_without_tls_even_where_private_is_allowed() -> None:
    with pytest.raises(RefusedError, match="must begin with https"):
        await ask("http://8.8.8.8/events", private=True)


async def refusal(world: Platform, application: str) -> tuple[str, str]:
    """Type and sentence of the failure that an operator sees at the stream."""
    stream = world.client.get_workflow_handle(stream_id(world.name, application))

    async def look() -> tuple[str, str] | None:
        pending = (await stream.describe()).raw_description.pending_activities
        failures = [one.last_failure for one in pending if one.HasField("last_failure")]
        return (failures[0].application_failure_info.type, failures[0].message) if failures else None

    return await eventually(look)


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", "the address is in"), ("localhost", "the name leads into")])
async def test_an_endpoint_inside_takes_nothing_unless_the_file_allows_it(world: Platform, host: str, told: str) -> None:
    """It waits, an operator sees why, and once the file allows it, it is sent."""
    port = urlsplit(world.endpoint.url).port
    world.configure(f"https://{host}:{port}/events", private=False)
    application = await world.opened()
    assert await refusal(world, application) == (UNREACHED, f"{told} a private network")
    assert world.endpoint.asked.total() == 0
    world.configure(f"http://{host}:{port}/events")

    async def taken() -> bool:
        return bool(world.endpoint.of(application))

    await eventually(taken)


async def test_a_redirect_to_a_private_address_is_asked_by_nobody(world: Platform) -> None:
    """Whichever redirect it is: the event rests and is sent to its own endpoint again."""
    heard = list[str]()

    async def inside(request: Request) -> Response:
        heard.append(request.url.path)
        return Response(status_code=204)

    async with listening(Starlette(routes=[Route("/{path:path}", inside, methods=["GET", "POST"])])) as secret:
        statuses = cycle(REDIRECTS)
        answered = set[int]()

        def redirected(_: dict[str, Any]) -> int:
            status = next(statuses)
            answered.add(status)
            return status

        world.endpoint.headers = {"Location": f"{secret}/latest/meta-data"}
        world.endpoint.answer = redirected
        for _ in range(4):
            await world.opened()

        async def tried() -> bool:
            return answered == set(REDIRECTS)

        await eventually(tried)
        world.endpoint.answer = lambda _: 204

        async def taken() -> bool:
            return bool(world.endpoint.taken)

        await eventually(taken)
    assert heard == []
