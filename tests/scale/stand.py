"""What is measured: Temporal, one worker and one API process, set up as in production, and a mail server that notes when mail comes.

For figures Temporal is the cluster on PostgreSQL; to see that the measuring itself works, the embedded server will do.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
from pydantic import SecretStr
from temporalio.client import Client

from client.connection import connect
from client.embedded import Stack
from client.settings import PREFIX, ring_of
from tests.durability.accidents import written_down
from tests.parts import ROOT
from tests.running import DEV
from tests.scale.cluster import HOST, NAMESPACE, cluster, free_ports
from tests.scale.post import Post, post
from tests.scale.processes import cpu

PATIENCE: Final = timedelta(seconds=120)
LIMITS: Final = httpx.Limits(max_connections=600, max_keepalive_connections=600)


@dataclass(frozen=True)
class Stand:
    client: Client
    api: httpx.AsyncClient
    """Calls the API with a key that may do everything, and that no limit holds up."""
    post: Post
    processes: Mapping[str, int]
    """What runs: worker, api, temporal, and postgres on a cluster."""
    size: Callable[[], Awaitable[dict[str, int]]]
    """Bytes on the disk once everything is written: temporal, and visibility where that is apart."""

    def cpu(self) -> dict[str, float]:
        """Seconds that each has used so far."""
        return {name: cpu(pid) for name, pid in self.processes.items()}


@asynccontextmanager
async def on_cluster(home: Path, settings: Mapping[str, str] | None = None) -> AsyncGenerator[Stand]:
    """Until the block ends; what is in `home` is gone on with. `settings` are the worker's and the API's."""
    async with post() as office, cluster(home) as running:
        api, metrics, api_metrics = free_ports(3)
        said = {
            **{name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "TEMPORAL_"))},
            **_secrets(home),
            "PYTHONPATH": str(ROOT),
            "TEMPORAL_ADDRESS": running.address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "AFTERWORD_SMTP_URL": office.url,
            "AFTERWORD_MAIL_FROM": "Afterword <afterword@example.org>",
            "AFTERWORD_PUBLIC_URL": f"http://{HOST}:{api}",
            "AFTERWORD_RATE_LIMIT": "off",
            "AFTERWORD_API_PORT": str(api),
            "AFTERWORD_METRICS_PORT": str(metrics),
            "AFTERWORD_API_METRICS_PORT": str(api_metrics),
            **(settings or {}),
        }
        keys = ring_of(SecretStr(said["AFTERWORD_ENCRYPTION_KEYS"]), embedded=False)
        client = await connect(address=running.address, namespace=NAMESPACE, configured=False, keys=keys)
        worker = await running.children.start("worker", [sys.executable, "-m", "worker"], said)
        serving = await running.children.start("api", [sys.executable, "-m", "client.api"], said)
        key = {"Authorization": f"Bearer {said['AFTERWORD_API_KEYS'].rpartition(':')[2]}"}
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{api}", headers=key, timeout=60, trust_env=False, limits=LIMITS) as http:
            await serving.until(lambda: _ready(http), PATIENCE)
            pids = {"worker": worker.pid, "api": serving.pid, "temporal": running.server.pid, "postgres": running.postgres.process.pid}
            yield Stand(client, http, office, pids, running.postgres.size)


@asynccontextmanager
async def on_embedded(settings: Mapping[str, str] | None = None) -> AsyncGenerator[Stand]:
    """The same on the embedded server, in a folder of its own."""
    async with post() as office:
        said = {"AFTERWORD_SMTP_URL": office.url, "AFTERWORD_SENDS_PER_SECOND": "20", **(settings or {})}
        async with (
            Stack.start(parts=("worker", "api"), environment=said) as stack,
            httpx.AsyncClient(base_url=stack.api, headers=DEV, timeout=60, trust_env=False, limits=LIMITS) as http,
        ):

            async def size() -> dict[str, int]:
                return {"temporal": sum(file.stat().st_size for file in stack.home.glob("temporal.db*"))}

            yield Stand(stack.client, http, office, dict(written_down(stack.home)), size)


async def _ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz", timeout=5)).is_success
    except httpx.HTTPError:
        return False


def _secrets(home: Path) -> dict[str, str]:
    """Keys of this home, made once: what is in it can be read only with them."""
    kept = home / "secrets.json"
    if not kept.exists():
        made = {
            "AFTERWORD_API_KEYS": f"scale:read+write+private+erase+operate:{secrets.token_urlsafe(32)}",
            "AFTERWORD_LINK_KEYS": secrets.token_urlsafe(32),
            "AFTERWORD_ENCRYPTION_KEYS": f"scale:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        kept.write_text(json.dumps(made))
    found: dict[str, str] = json.loads(kept.read_text())
    return found
