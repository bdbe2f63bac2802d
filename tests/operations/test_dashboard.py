"""Every figure of the dashboard is there on a real Prometheus while the demonstration runs. Grafana itself is not run.

Its JSON is checked for what Grafana needs to show it: places that do not overlap, a source that the provisioning names, legends of labels
that the queries have.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rich.console import Console

from client.connections import read
from client.demonstration import programme
from client.demonstration.deliveries import CONNECTIONS
from client.demonstration.stories import STORIES
from client.embedded import Ports, Stack
from client.metrics import offered
from client.watching import certificates, tell_files
from tests.operations.dashboard import DASHBOARD, FOLDER, PANELS, imported
from tests.operations.prometheus import Prometheus, prometheus
from tests.parts import needs
from tests.server import eventually

WIDTH = 24
LONG = timedelta(seconds=60)


def test_panels_have_places_of_their_own() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for one, other in combinations((panel["gridPos"] for panel in DASHBOARD["panels"]), 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert apart or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= WIDTH for panel in PANELS)


def test_every_panel_says_what_it_shows_and_asks_the_source_that_is_provisioned() -> None:
    [source] = yaml.safe_load((FOLDER / "datasources" / "prometheus.yaml").read_text())["datasources"]
    for panel in PANELS:
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["targets"]
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"] == {"type": source["type"], "uid": source["uid"]}


def certificate(folder: Path, ends: datetime) -> Path:
    """A client's, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "afterword")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), ends - timedelta(days=90), ends)
    (folder / "client.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "client.key").write_bytes(private)
    return folder / "client.pem"


async def empty(watching: Prometheus) -> list[str]:
    """Titles of the panels of which a query has no answer; each answer has the labels that its legend names."""
    found: list[str] = []
    for panel in PANELS:
        for target in panel["targets"]:
            series = await watching.finds(target["expr"])
            wanted = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            assert all(wanted <= one["metric"].keys() for one in series), (panel["title"], series)
            if not series:
                found.append(panel["title"])
    return found


@needs("prometheus")
@pytest.mark.timeout(240)
async def test_every_panel_has_data_while_the_demonstration_runs_and_a_certificate_that_ends_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections, keys = tmp_path / "connections.toml", tmp_path / "keys"
    connections.write_text(CONNECTIONS, encoding="utf-8")
    keys.write_text("platform:read:a-key-of-this-test\n")
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", str(certificate(tmp_path, datetime.now(UTC) + timedelta(days=5))))
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", str(tmp_path / "client.key"))
    assert [name for name, _ in certificates()] == ["temporal-client"]
    ours = Ports.free().metrics
    runtime = offered("127.0.0.1", ours, "metrics_port")  # it offers them as long as it is held
    tell_files(runtime.metric_meter, {})
    settings = {"AFTERWORD_CONNECTIONS": str(connections), "AFTERWORD_API_KEYS": f"file:{keys}", "AFTERWORD_WATCH_EVERY": "1"}
    async with Stack.start(home=tmp_path / "home", environment=settings) as stack:
        jobs = {"afterword-worker": stack.ports.metrics, "afterword-api": stack.ports.api_metrics, "a-process-with-tls": ours}
        async with prometheus(tmp_path, jobs) as watching:
            await watching.reads(3)
            played = await programme._played(stack, read(connections)[0], STORIES, Console(stderr=True))  # pyright: ignore[reportPrivateUsage] -- on a stack that is read
            assert len(played) == len(STORIES)
            await imported(stack.api)

            async def whole() -> bool:
                return not await empty(watching)

            try:
                await eventually(whole, LONG)
            finally:
                assert await empty(watching) == []

            async def told() -> bool:
                return "AfterwordCertificateEnds" in await watching.firing()

            await eventually(told)
            assert await watching.firing() - {"AfterwordBoardConflict"} == {"AfterwordCertificateEnds"}  # there is one in a story
