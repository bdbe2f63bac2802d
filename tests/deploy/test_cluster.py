"""The real image before a real Temporal cluster on PostgreSQL: two workers, two API processes, and the demonstration against them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx
import pytest
from testcontainers.core.container import DockerContainer

from tests.deploy.containers import API, Cluster, cluster, reached, said
from tests.deploy.demonstrating import demonstrated
from tests.parts import needs
from tests.server import eventually

pytestmark = [pytest.mark.containers, needs("docker", "images"), pytest.mark.timeout(400)]


@dataclass
class Deployed:
    cluster: Cluster
    workers: tuple[DockerContainer, DockerContainer]
    apis: tuple[DockerContainer, DockerContainer]

    @property
    def addresses(self) -> list[str]:
        return [f"http://{reached(api, API)}" for api in self.apis]


@pytest.fixture(scope="module")
def deployed(image: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Deployed]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        running.sink(image)
        workers = (running.part(image, "worker", "worker"), running.part(image, "worker", "worker"))
        apis = (running.part(image, "client.api", "api"), running.part(image, "client.api", "api"))
        yield Deployed(running, workers, apis)


async def healthy(container: DockerContainer) -> bool:
    """As the image's own health check has it. Fails with what the container said, if it ended."""
    container.reload()
    wrapped = container.get_wrapped_container()
    assert wrapped.status == "running", said(container)
    return wrapped.health == "healthy"


async def test_the_demonstration_is_as_the_table_has_it_on_two_workers_and_two_apis(deployed: Deployed) -> None:
    """What the platform says goes to one API process, what boards say to the other; everything kept is encrypted."""
    for part in (*deployed.workers, *deployed.apis):
        await eventually(partial(healthy, part), timedelta(seconds=120))
    platform, boards = deployed.addresses
    assert await demonstrated(platform, boards) == {}


async def test_what_it_logged_is_json_and_names_nobody(deployed: Deployed) -> None:
    """After the demonstration: every line of every part."""
    for part in (*deployed.workers, *deployed.apis):
        told = said(part)
        assert [line for line in told.splitlines() if not isinstance(json.loads(line), dict)] == []
        assert "@example" not in told


async def test_a_worker_that_is_asked_to_end_does_what_it_is_doing_and_the_other_goes_on(deployed: Deployed) -> None:
    """SIGTERM, as `docker stop` and Kubernetes send it: exit code 0, nothing killed."""
    leaving, staying = deployed.workers
    wrapped = leaving.get_wrapped_container()
    await asyncio.to_thread(wrapped.stop, timeout=40)
    assert wrapped.wait()["StatusCode"] == 0
    assert "worker ends" in [json.loads(line)["event"] for line in said(leaving).splitlines()]
    async with httpx.AsyncClient(base_url=deployed.addresses[0], timeout=30, trust_env=False) as http:
        assert (await http.get("/readyz")).status_code == 200
    assert await healthy(staying)
