"""deploy/compose.yaml as it is, on images of this machine and under a project of its own, with what a test lays over it; and load on it."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx

from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.player import KEY
from client.embedded import Ports
from tests.deploy.containers import DEPLOY, NAMESPACE, POSTGRES, TEMPORAL, built, dynamic, with_sink
from tests.durability.accidents import doubled, letters, with_offer
from tests.parts import ROOT
from tests.server import eventually
from tests.stack.test_certificates import PEM, Authority, tomorrow

HEADERS: Final = {"Authorization": f"Bearer {KEY}"}
LONG: Final = timedelta(seconds=180)
OURS: Final = ("worker", "api", "codec")
OTHERS: Final = ("postgres", "temporal", "temporal-ui", "mail", "prometheus")
_PROGRAMS: Final = Path(sys.executable).parent
"""Where Temporal's own command line is."""
_BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def typed() -> dict[str, tuple[str, ...]]:
    """The RUNBOOK's blocks of commands for a deployment, by the title that they stand under."""
    sections = re.split(r"^#+ (.+)$", (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {title: tuple(_BLOCK.findall(text)) for title, text in zip(sections[::2], sections[1::2], strict=True)}
    return {title: blocks for title, blocks in found.items() if blocks}


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
    def home(self) -> Path:
        """Where the sink keeps mail."""
        return self.folder / "home"

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    @property
    def arguments(self) -> str:
        files = (DEPLOY / "compose.yaml", ROOT / "tests/deploy/sandbox.yaml")
        return " ".join((*(f"--file {file}" for file in files), f"--project-name {self.project}"))

    @property
    def temporal(self) -> dict[str, str]:
        """Temporal's environment on this machine."""
        [address] = self.ports("temporal", 7233)
        return {
            "TEMPORAL_ADDRESS": address.removeprefix("http://"),
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "TEMPORAL_TLS": "true",
            "TEMPORAL_TLS_SERVER_NAME": "temporal",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(self.certificates / "authority.pem"),
            "TEMPORAL_TLS_CLIENT_CERT_PATH": str(self.certificates / "client.pem"),
            "TEMPORAL_TLS_CLIENT_KEY_PATH": str(self.certificates / "client.key"),
        }

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
        files = ["docker", "compose", *self.arguments.split(), "logs", "--tail", "6", "worker", "api", "temporal"]
        return subprocess.run(files, env=self.environment, capture_output=True, text=True, timeout=60, check=False).stdout[-3000:]

    def ports(self, service: str, port: int) -> list[str]:
        """Where the test reaches that port of each of its containers."""
        return [f"http://127.0.0.1:{one['NetworkSettings']['Ports'][f'{port}/tcp'][0]['HostPort']}" for one in self.inspected(service)]

    def inspected(self, service: str) -> list[dict[str, Any]]:
        ids = self.compose("ps", "--quiet", service).split()
        return list(json.loads(subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True).stdout))

    def images(self) -> set[str]:
        """What workers and API processes run."""
        return {one["Config"]["Image"] for service in ("worker", "api") for one in self.inspected(service)}

    async def types(self, script: str, **other: str) -> str:
        """Commands of the RUNBOOK, which are typed where the folder deploy/ is; what they said.

        Instead of deploy/compose.yaml alone the project of the test is meant, instead of deploy/secrets its secrets, and nothing is built:
        the base of the image is in no registry that a test reaches.
        """
        script = script.replace("--file deploy/compose.yaml", self.arguments).replace("--build", "--no-build")
        script = script.replace("deploy/secrets-new", f"deploy/secrets-new {self.folder / 'secrets'}")
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-euo",
            "pipefail",
            "-c",
            script,
            cwd=self.folder,
            env=self.environment | {"COMPOSE": self.arguments, "PATH": f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}"} | other,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 500)
        assert process.returncode == 0, out.decode() + self._logs()
        return out.decode()

    async def runs(self, image: str) -> None:
        """Workers and API processes are of that image; at once, if they are."""
        if self.images() != {image}:
            await self.types(f"deploy/rollout {image}")


def certify(folder: Path) -> None:
    """Temporal's own certificate, which it shows to itself too, and ours, each of an authority of its own."""
    its, ours = Authority.new("its authority"), Authority.new("our authority")
    its.issue(folder, tomorrow(), host="temporal")
    its.trusted(folder)
    ours.certify(folder, tomorrow())
    for name in ("clients.pem", "clients-next.pem"):
        (folder / name).write_bytes(ours.certificate.public_bytes(PEM) + (folder / "authority.pem").read_bytes())


@contextmanager
def prepared(folder: Path, before: str, image: str) -> Generator[Composed]:
    """Nothing of it runs yet; afterwards nothing runs any more. It begins with the image `before`."""
    folder.chmod(0o755)
    (folder / "deploy").symlink_to(DEPLOY)
    for name in ("home", "configuration", "certificates"):
        (folder / name).mkdir()
    (folder / "home").chmod(0o777)
    (folder / "dynamic.yaml").write_text(dynamic())
    for name in ("webhooks.toml", "policies.toml"):
        (folder / "configuration" / name).write_text("")
    (folder / "configuration" / "connections.toml").write_text(CONNECTIONS, encoding="utf-8")
    certify(folder / "certificates")
    settings = {
        "SANDBOX": str(folder),
        "SANDBOX_TEMPORAL": str(Ports.free().temporal),
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
    composed = Composed(folder, theirs | settings)
    try:
        yield composed
    finally:
        composed.compose("down", "--volumes", "--timeout", "10")


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

    async def opens(self, http: httpx.AsyncClient) -> str:
        """One more, whose message is due at once."""
        application = f"{self.name}-{len(self.opened)}"
        await self.call(http, "POST", "/v1/applications", with_offer(application))
        self.opened.append(application)
        return application

    @asynccontextmanager
    async def going(self, http: httpx.AsyncClient) -> AsyncGenerator[None]:
        ended = asyncio.Event()

        async def opening() -> None:
            while not ended.is_set():
                await self.opens(http)

        going = asyncio.create_task(opening())
        yield
        ended.set()
        await going

    async def arrived(self, http: httpx.AsyncClient) -> None:
        """Every application is there, and its message was sent once and noted."""
        for application in self.opened:

            async def noted(application: str = application) -> bool:
                facts = (await self.call(http, "GET", f"/v1/applications/{application}"))["facts"]
                return ("offer-thanks/1", False) in [(f.get("intent"), bool(f.get("uncertain"))) for f in facts if f["type"] == "prompted"]

            await eventually(noted, LONG)
        sent = [application for application, intent, _ in letters(self.composed.home) if intent == "offer-thanks/1"]
        assert sorted(name for name in sent if name.startswith(f"{self.name}-")) == sorted(self.opened)
        assert doubled(self.composed.home) == []
