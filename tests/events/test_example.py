"""The example platform's own copy equals what Afterword says, though its endpoint was down, slow, and refused at random in between."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from client.refusals import Unavailable
from docs.examples.platform import create_app
from tests.events.platform import SECRET, Platform
from tests.server import eventually
from tests.simulators.serving import listening

APPLICATIONS: Final = int(os.environ.get("AFTERWORD_EXAMPLE", "100"))
"""How many: so few meet every weather; 500 take as long as five times as many cost, about 0.3 s of processor time each, server included."""
AT_ONCE: Final = 6
PATIENCE: Final = timedelta(seconds=60)
"""Until the last events are taken once all is well; what failed last may rest for half a minute."""
SAID: Final[tuple[dict[str, Any], ...]] = (
    {"type": "thank_you_sent", "interview": "i1"},
    {"type": "rejected"},
    {"type": "withdrawn"},
    {"type": "paused"},
    {"type": "next_round_invited"},
    {"type": "hiring_step", "step": "debrief"},
    {"type": "employer_replied"},
)


async def repeated(call: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """On a machine that is too busy to answer in time the same is said again, as any caller would."""
    while True:
        with contextlib.suppress(Unavailable):
            await call()
            return


@pytest.mark.timeout(60 + 2 * APPLICATIONS)
async def test_after_many_random_applications_its_copy_equals_the_views(world: Platform, tmp_path: Path) -> None:
    chance = Random(500)  # noqa: S311 -- the same run each time
    app = create_app(SECRET, str(tmp_path / "platform.db"), "http://127.0.0.1:9")
    weather, took = {"now": "down"}, defaultdict[str, list[int]](list)

    async def injured(request: Request, call: Any) -> Response:
        if weather["now"] == "down" or (weather["now"] == "failing" and chance.random() < 0.3):
            return Response(status_code=503 if weather["now"] == "down" else chance.choice((500, 503, 301)))
        if weather["now"] == "slow":
            await asyncio.sleep(0.1)
        answer: Response = await call(request)
        if answer.status_code == 204:
            application, _, revision = request.headers["webhook-id"].rpartition(".")
            took[application].append(int(revision))
        return answer

    app.middleware("http")(injured)
    async with listening(app) as where:
        world.configure(f"{where}/events")
        names, few = [f"app-{world.name}-{n}" for n in range(APPLICATIONS)], asyncio.Semaphore(AT_ONCE)

        async def walk(name: str) -> None:
            held = datetime.now(UTC) - timedelta(hours=chance.randint(1, 72))
            facts = {"type": "interview_held", "interview": "i1", "ended_at": held.isoformat()}
            async with few:
                said = [{"id": f"said-{n}", **fact} for n, fact in enumerate(chance.sample(SAID, chance.randint(0, 3)))]
                await repeated(lambda: world.opened(facts, name=name))
                await repeated(lambda: world.hear(name, *said, by="platform"))

        begun = time.monotonic()
        for n, state in enumerate(("down", "slow", "failing", "well")):
            weather["now"] = state
            await asyncio.gather(*(walk(name) for name in names[n::4]))
        walked = time.monotonic() - begun

        different = set(names)

        async def same() -> bool:
            async with httpx.AsyncClient(base_url=where, trust_env=False) as http:
                own = {one["id"]: one for one in (await http.get("/applications")).json()}
            for name in sorted(different & own.keys()):
                view = await world.view(name)
                if {k: view[k] for k in ("id", "revision", "stage", "outcome")} == own[name]:
                    different.remove(name)
            return not different

        await eventually(same, PATIENCE)
        print(f"{APPLICATIONS} applications walked in {walked:.0f} s, copies equal after {time.monotonic() - begun:.0f} s")  # noqa: T201 -- the figure
    firsts = {name: list(dict.fromkeys(revisions)) for name, revisions in took.items()}
    assert all(revisions == sorted(revisions) for revisions in firsts.values())
    assert {name: len(revisions) for name, revisions in firsts.items()} == {name: max(revisions) for name, revisions in firsts.items()}
