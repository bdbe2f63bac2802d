"""deploy/compose.yaml as it is, on images of this machine: everything starts, an upgrade and its rollback lose nothing under load.

It begins with the build that an older commit makes; deploy/rollout takes it to that of this checkout, and back.
"""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from client.connection import connect
from client.settings import CannotStart
from tests.deploy.composed import LONG, OTHERS, OURS, Composed, Load, typed
from tests.deploy.conftest import Shown
from tests.operations.dashboard import PANELS
from tests.operations.prometheus import Prometheus, alerts
from tests.parts import needs
from tests.server import eventually
from tests.stack.test_certificates import PEM, Authority, tomorrow

pytestmark = [pytest.mark.containers, needs("docker", "images", "compose", "git"), pytest.mark.timeout(900)]


def caller() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=30)


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


async def test_ui_and_codec_server_answer_and_prometheus_reads_every_part_and_has_every_rule(composed: Composed) -> None:
    async with caller() as http:
        for service, port, path in (("temporal-ui", 8080, "/api/v1/settings"), ("codec", 8089, "/healthz")):
            assert (await http.get(composed.ports(service, port)[0] + path)).status_code == 200
        prometheus = composed.ports("prometheus", 9090)[0]

        async def read() -> bool:
            answer = (await http.get(f"{prometheus}/api/v1/targets")).json()["data"]["activeTargets"]
            found = sorted(one["labels"]["job"] for one in answer if one["health"] == "up")
            return found == ["afterword-api", "afterword-api", "afterword-worker", "afterword-worker", "temporal"]

        await eventually(read, LONG)

        async def judged() -> bool:
            groups = (await http.get(f"{prometheus}/api/v1/rules")).json()["data"]["groups"]
            rules = [rule for group in groups for rule in group["rules"]]
            well = {rule["name"] for rule in rules if rule["type"] == "alerting" and rule["health"] == "ok"}
            return well == alerts() and {rule["health"] for rule in rules} == {"ok"}

        await eventually(judged, LONG)


async def test_an_upgrade_under_load_loses_nothing_and_doubles_nothing(composed: Composed, before: str, image: str) -> None:
    """Workers of both builds are there for a while; each message leaves once, whichever of them it was begun by."""
    await composed.runs(before)
    load, [upgrade] = Load(composed, "upgraded"), typed()["Upgrade"]
    async with caller() as http:
        async with load.going(http):
            told = await composed.types(upgrade.replace("afterword:NEW", image))
        assert "done: 2 workers and 2 API processes of build this" in told
        assert len(load.opened) >= 3
        await load.arrived(http)
    assert composed.images() == {image}


async def test_the_demonstration_is_as_the_table_has_it(shown: Shown) -> None:
    assert shown.wrong == {}


async def nothing_of(http: httpx.AsyncClient, query: str, legend: str, since: datetime) -> bool:
    """Whether Prometheus has no figure for it, or none with the labels that its legend names; asked as Grafana does."""
    asked = {"query": query, "start": since.timestamp(), "end": datetime.now(UTC).timestamp(), "step": 15}
    answer = (await http.get("/api/v1/query_range", params={name: str(value) for name, value in asked.items()})).json()
    assert answer["status"] == "success", answer
    series: list[dict[str, Any]] = answer["data"]["result"]
    wanted = set(re.findall(r"{{(\w+)}}", legend))
    figures = [figure for one in series if wanted <= one["metric"].keys() for _, figure in one["values"]]
    return not [figure for figure in figures if figure != "NaN"]


async def test_every_query_of_the_dashboard_has_figures_after_the_demonstration(shown: Shown) -> None:
    """Of the Prometheus that compose runs, with its own configuration and rules."""
    async with httpx.AsyncClient(base_url=shown.composed.ports("prometheus", 9090)[0], trust_env=False, timeout=20) as http:

        async def empty() -> list[str]:
            asked = [(panel["title"], target["expr"], target["legendFormat"]) for panel in PANELS for target in panel["targets"]]
            assert len(asked) > 20
            return [f"{title}: {query}" for title, query, legend in asked if await nothing_of(http, query, legend, shown.began)]

        async def whole() -> bool:
            return not await empty()

        try:
            await eventually(whole, timedelta(seconds=90))
        finally:
            assert await empty() == []

        async def told() -> bool:
            return "AfterwordCertificateEnds" in await Prometheus(http).firing()

        await eventually(told, LONG)  # ours ends tomorrow


async def test_our_certificate_and_its_authority_are_changed_under_load(composed: Composed, image: str) -> None:
    """As the RUNBOOK says it; in the end Temporal's own server turns the old one away. Nothing is lost, doubled or uncertain."""
    await composed.runs(image)
    folder, authority = composed.certificates, Authority.new("another authority")
    _, change = typed()["Change a certificate"]
    kept = {name: (folder / name).read_bytes() for name in ("client.pem", "client.key")}
    load = Load(composed, "certified")
    async with caller() as http:
        async with load.going(http):
            (folder / "clients-next.pem").write_bytes(authority.certificate.public_bytes(PEM) + (folder / "authority.pem").read_bytes())
            authority.certify(folder, tomorrow())
            await composed.types(change)
            (folder / "clients.pem").write_bytes((folder / "clients-next.pem").read_bytes())
        assert len(load.opened) >= 3
        await load.opens(http)
        await load.arrived(http)
    new = {name: (folder / name).read_bytes() for name in kept}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in composed.temporal.items():
            patch.setenv(name, value)

        async def turned_away() -> bool:
            for name in new:
                (folder / name).write_bytes(kept[name])
            try:
                await connect(patience=timedelta(seconds=5))
            except CannotStart as e:
                return "closes the connection: it may not know the authority of the certificate" in str(e)
            finally:
                for name, content in new.items():
                    (folder / name).write_bytes(content)
            return False

        await eventually(turned_away)


async def test_a_rollback_under_load_loses_nothing_either(composed: Composed, before: str, image: str) -> None:
    await composed.runs(image)
    load, [back] = Load(composed, "rolled-back"), typed()["Roll back"]
    async with caller() as http:
        async with load.going(http):
            told = await composed.types(back.replace("afterword:OLD", before))
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
        await composed.types(f"deploy/rollout {broken}")
    assert len(composed.inspected("worker")) == 2
    async with caller() as http:
        await Load(composed, "after-all").call(http, "GET", "/v1/applications")
