"""A real Prometheus with the rules of this repository, which reads the processes that a test runs."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from client.embedded import Ports
from tests.parts import ROOT
from tests.server import eventually

RULES: Final = ROOT / "deploy" / "prometheus" / "rules.yaml"


def hurried(rules: str) -> str:
    """The same rules for a test, which has no hours: what must last is over at once, and minutes are seconds. Expressions stay."""
    rules = re.sub(r"\bfor: \S+", "for: 0s", rules).replace("interval: 30s", "interval: 1s")
    return rules.replace("> 120", "> 2")


def alerts() -> set[str]:
    """The names of all alerts that there are."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}


@dataclass(frozen=True)
class Prometheus:
    http: httpx.AsyncClient

    async def firing(self) -> set[str]:
        told = (await self.http.get("/api/v1/alerts")).json()["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in told if alert["state"] == "firing"}

    async def finds(self, query: str) -> list[dict[str, Any]]:
        """The series of an instant query."""
        answer = (await self.http.get("/api/v1/query", params={"query": query})).json()
        assert answer["status"] == "success", answer
        return list(answer["data"]["result"])

    async def reads(self, jobs: int) -> None:
        """Returns when so many jobs are read."""

        async def up() -> bool:
            return len(await self.finds("up == 1")) >= jobs

        await eventually(up)


@asynccontextmanager
async def prometheus(folder: Path, targets: Mapping[str, int]) -> AsyncGenerator[Prometheus]:
    """`targets`: ports by job. It runs until the block ends."""
    program = shutil.which("prometheus")
    assert program
    (folder / "rules.yaml").write_text(hurried(RULES.read_text()))
    jobs = [{"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for job, port in targets.items()]
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": jobs,
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration))
    port = Ports.free().metrics
    command = [program, f"--config.file={folder / 'prometheus.yaml'}", f"--storage.tsdb.path={folder / 'tsdb'}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, f"--web.listen-address=127.0.0.1:{port}", stdout=log, stderr=log)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as http:

            async def ready() -> bool:
                assert process.returncode is None, (folder / "prometheus.log").read_text()
                try:
                    return (await http.get("/-/ready")).is_success
                except httpx.HTTPError:
                    return False

            await eventually(ready)
            yield Prometheus(http)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
