"""deploy/compose.yaml as it is, on images of this machine: everything starts, an upgrade and its rollback lose nothing under load.

It begins with the build that an older commit makes; deploy/rollout takes it to that of this checkout, and back.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.player import KEY
from tests.deploy.containers import DEPLOY, POSTGRES, TEMPORAL, built, dynamic, with_sink
from tests.deploy.test_cluster import demonstrated
from tests.durability.accidents import doubled, letters, with_offer
from tests.parts import ROOT, needs
from tests.server import eventually

pytestmark = [pytest.mark.containers, needs("docker", "images", "compose", "git"), pytest.mark.timeout(900)]

HEADERS = {"Authorization": f"Bearer {KEY}"}
LONG = timedelta(seconds=180)
OURS = ("worker", "api", "codec")
OTHERS = ("postgres", "temporal", "temporal-ui", "mail", "prometheus")


def git(*said: str) -> bytes:
    return subprocess.run(["git", *said], cwd=ROOT, capture_output=True, check=True).stdout


def earlier() -> str:
    """The image of the oldest of the last hundred commits that can be switched from."""
    commits = git("rev-list", "--max-count=100", "HEAD").decode().split()
    known = [commit for commit in commits if git("ls-tree", commit, "worker/versions.py")]
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(git("archive", known[-1]))) as archive:
            archive.extractall(folder, filter="data")
        return built("before", context=Path(folder), build="before")


@dataclass
class Composed:
    """What compose runs, under a project of its own."""

    folder: Path
    environment: dict[str, str]
    project: str = field(default_factory=lambda: f"afterword-{uuid4().hex[:8]}")

    @property
    def arguments(self) -> str:
        files = (DEPLOY / "compose.yaml", ROOT / "tests/deploy/sandbox.yaml")
        return " ".join((*(f"--file {file}" for file in files), f"--project-name {self.project}"))

    def compose(self, *said: str, **other: str) -> str:
        told = subprocess.run(
            ["docker", "compose", *self.arguments.split(), *said],
            env=self.environment | other,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert told.returncode == 0, told.stderr[-1500:] + self._logs()
        return told.stdout

    def _logs(self) -> str:
        files = ["docker", "compose", *self.arguments.split(), "logs", "--tail", "6", "worker", "api"]
        return subprocess.run(files, env=self.environment, capture_output=True, text=True, timeout=60, check=False).stdout[-3000:]

    def ports(self, service: str, port: int) -> list[str]:
        """Where the test reaches that port of each of its containers."""
        ids = self.compose("ps", "--quiet", service).split()
        told = subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True).stdout
        return [f"http://127.0.0.1:{one['NetworkSettings']['Ports'][f'{port}/tcp'][0]['HostPort']}" for one in json.loads(told)]

    def inspected(self, service: str) -> list[dict[str, Any]]:
        told = subprocess.run(
            ["docker", "inspect", *self.compose("ps", "--quiet", service).split()], capture_output=True, text=True, check=True
        )
        return list(json.loads(told.stdout))

    async def rollout(self, image: str) -> str:
        """deploy/rollout to that image; what it said."""
        process = await asyncio.create_subprocess_exec(
            DEPLOY / "rollout",
            image,
            env=self.environment | {"COMPOSE": self.arguments},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 500)
        assert process.returncode == 0, out.decode()
        return out.decode()


@pytest.fixture(scope="module")
def before() -> str:
    return earlier()


@pytest.fixture(scope="module")
def composed(before: str, image: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Composed]:
    folder = tmp_path_factory.mktemp("compose")
    folder.chmod(0o755)
    (folder / "home").mkdir()
    (folder / "home").chmod(0o777)
    (folder / "dynamic.yaml").write_text(dynamic())
    (folder / "configuration").mkdir()
    for name in ("webhooks.toml", "policies.toml"):
        (folder / "configuration" / name).write_text("")
    (folder / "configuration" / "connections.toml").write_text(CONNECTIONS, encoding="utf-8")
    subprocess.run([DEPLOY / "secrets-new", folder / "secrets"], check=True, capture_output=True)
    settings = {
        "SANDBOX": str(folder),
        "AFTERWORD_SECRETS": str(folder / "secrets"),
        "AFTERWORD_CONFIGURATION": str(folder / "configuration"),
        "AFTERWORD_IMAGE": before,
        "POSTGRES_IMAGE": POSTGRES,
        "TEMPORAL_IMAGE": TEMPORAL,
        "TEMPORAL_TOOLS_IMAGE": TEMPORAL,
        "TEMPORAL_UI_IMAGE": "afterword-test/temporal-ui",
        "PROMETHEUS_IMAGE": "afterword-test/prometheus",
        "MAIL_IMAGE": with_sink(image),
    }
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_", "COMPOSE"))}
    running = Composed(folder, theirs | settings)
    try:
        running.compose("up", "--detach", "--wait", "--wait-timeout", "240", "--no-build")
        yield running
    finally:
        running.compose("down", "--volumes", "--timeout", "10")


def test_everything_runs_as_nobody_on_a_file_system_that_it_cannot_write_to(composed: Composed) -> None:
    for service in (*OURS, *OTHERS):
        for one in composed.inspected(service):
            host = one["HostConfig"]
            user, still = one["Config"]["User"].split(":")[0], (host["ReadonlyRootfs"], host["CapDrop"])
            assert (user not in ("", "0", "root"), *still) == (True, True, ["ALL"]), service
            assert host["Memory"] > 0, service
            assert "no-new-privileges:true" in host["SecurityOpt"], service
            secret = [env for env in one["Config"]["Env"] if any(word in env for word in ("PASSWORD=", "PWD=", "API_KEYS="))]
            assert [env for env in secret if not env.split("=", 1)[1].startswith("file:")] == [], service
    assert [len(composed.inspected(service)) for service in OURS] == [2, 2, 1]


async def test_ui_codec_server_and_prometheus_answer_and_prometheus_reads_every_part(composed: Composed) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        for service, port, path in (("temporal-ui", 8080, "/api/v1/settings"), ("codec", 8089, "/healthz")):
            assert (await http.get(composed.ports(service, port)[0] + path)).status_code == 200
        prometheus = composed.ports("prometheus", 9090)[0]

        async def read() -> bool:
            answer = (await http.get(f"{prometheus}/api/v1/targets")).json()["data"]["activeTargets"]
            found = sorted(one["labels"]["job"] for one in answer if one["health"] == "up")
            return found == ["afterword-api", "afterword-api", "afterword-worker", "afterword-worker", "temporal"]

        await eventually(read, LONG)
        rules = (await http.get(f"{prometheus}/api/v1/rules")).json()["data"]["groups"]
        assert sum(len(group["rules"]) for group in rules) > 0


@dataclass
class Load:
    """Applications opened one after the other, each with a message due at once, whatever happens to the API's processes."""

    composed: Composed
    name: str
    opened: list[str] = field(default_factory=list[str])
    again: int = 0
    """Calls that had to be made again."""
    _addresses: list[str] = field(default_factory=list[str])

    async def call(self, http: httpx.AsyncClient, method: str, path: str, said: Any = None) -> dict[str, Any]:
        """Made until it is answered for good, at any process of the API."""
        deadline = asyncio.get_running_loop().time() + LONG.total_seconds()
        for attempt in itertools.count():
            assert asyncio.get_running_loop().time() < deadline, f"{method} {path}"
            if attempt or not self._addresses:
                with suppress(subprocess.CalledProcessError, KeyError, IndexError, AssertionError):
                    self._addresses = await asyncio.to_thread(self.composed.ports, "api", 8080)
            try:
                address = self._addresses[(attempt + len(self.opened)) % len(self._addresses)]
                answer = await http.request(method, f"{address}{path}", json=said, headers=HEADERS)
            except (httpx.TransportError, IndexError, ZeroDivisionError):
                answer = None
            if answer is not None and answer.status_code not in (502, 503):
                assert answer.is_success, answer.text
                return dict(answer.json())
            self.again += 1
            await asyncio.sleep(0.2)
        raise AssertionError

    @asynccontextmanager
    async def going(self, http: httpx.AsyncClient) -> AsyncGenerator[None]:
        ended = asyncio.Event()

        async def opens() -> None:
            while not ended.is_set():
                application = f"{self.name}-{len(self.opened)}"
                await self.call(http, "POST", "/v1/applications", with_offer(application))
                self.opened.append(application)

        opening = asyncio.create_task(opens())
        yield
        ended.set()
        await opening

    async def arrived(self, http: httpx.AsyncClient) -> None:
        """Every application is there, and its message was sent once and noted."""
        for application in self.opened:

            async def noted(application: str = application) -> bool:
                facts = (await self.call(http, "GET", f"/v1/applications/{application}"))["facts"]
                return ("offer-thanks/1", False) in [(f.get("intent"), bool(f.get("uncertain"))) for f in facts if f["type"] == "prompted"]

            await eventually(noted, LONG)
        sent = [application for application, intent, _ in letters(self.composed.folder / "home") if intent == "offer-thanks/1"]
        assert sorted(name for name in sent if name.startswith(f"{self.name}-")) == sorted(self.opened)
        assert doubled(self.composed.folder / "home") == []


async def test_an_upgrade_under_load_loses_nothing_and_doubles_nothing(composed: Composed, image: str) -> None:
    """Workers of both builds are there for a while; each message leaves once, whichever of them it was begun by."""
    load = Load(composed, "upgraded")
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        async with load.going(http):
            told = await composed.rollout(image)
        assert "done: 2 workers and 2 API processes of build this" in told
        assert len(load.opened) >= 3
        await load.arrived(http)
    assert {one["Config"]["Image"] for service in ("worker", "api") for one in composed.inspected(service)} == {image}


async def test_the_demonstration_is_as_the_table_has_it(composed: Composed) -> None:
    platform, boards = composed.ports("api", 8080)
    assert await demonstrated(platform, boards) == {}


async def test_a_rollback_under_load_loses_nothing_either(composed: Composed, before: str) -> None:
    load = Load(composed, "rolled-back")
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        async with load.going(http):
            told = await composed.rollout(before)
        assert "of build before" in told
        await load.arrived(http)


@pytest.fixture
def broken(before: str) -> str:
    """An image whose workers end at once."""
    name = "afterword-test/afterword:broken"
    label, ends = 'LABEL org.opencontainers.image.revision="broken"', 'ENTRYPOINT ["/app/bin/python", "-c", "raise SystemExit(1)"]'
    lines = (f"FROM {before}", label, ends)
    subprocess.run(["docker", "build", "--quiet", "--tag", name, "-"], input="\n".join(lines).encode(), capture_output=True, check=True)
    return name


async def test_an_image_that_does_not_start_changes_nothing(composed: Composed, broken: str) -> None:
    """Its workers never ask for work: the old ones keep it, and the new ones are gone."""
    with pytest.raises(AssertionError, match="nothing has changed"):
        await composed.rollout(broken)
    assert len(composed.inspected("worker")) == 2
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        await Load(composed, "after-all").call(http, "GET", "/v1/applications")
