"""The deployment's parts, each in a container of its own: the real image, PostgreSQL, a Temporal cluster that skips time, a mail sink.

Every container runs as deploy/compose.yaml has it: not as root, on a read-only file system, without capabilities.
"""

from __future__ import annotations

import base64
import importlib.util
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import yaml
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage
from testcontainers.core.network import Network

from client.demonstration.deliveries import CONNECTIONS
from client.embedded import DYNAMIC
from tests.parts import ROOT

testcontainers_config.ryuk_disabled = True  # every container here ends with the block that started it

BASE: Final = os.environ.get("AFTERWORD_TEST_BASE", "afterword-test/base")
"""What the image is built on; the official Python image where a registry can be reached."""
POSTGRES: Final = "afterword-test/postgres"
TEMPORAL: Final = "afterword-test/temporal"
NAMESPACE: Final = "afterword"
OURS: Final = "10001:10001"
API: Final = 8080
METRICS: Final = 9464
HOME: Final = "/home/afterword"
"""Where the sink keeps mail and the sandbox's API reads it."""
DEPLOY: Final = ROOT / "deploy"


def built(tag: str, *, context: Path, build: str) -> str:
    """The real Dockerfile, on the base of the tests; the name of its image, which stays."""
    name = f"afterword-test/afterword:{tag}"
    arguments = {"BASE": BASE, "BUILD": build, "VERSION": "0"}
    DockerImage(context, tag=name, dockerfile_path="deploy/Dockerfile", clean_up=False, buildargs=arguments, network_mode="host").build()
    return name


def with_sink(image: str) -> str:
    """The same image with the embedded stack's mail sink in it, which production has not."""
    name = image.replace("/afterword:", "/mail:")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "tests/deploy/images/mail", folder, dirs_exist_ok=True)
        for package in ("aiosmtpd", "public", "attr", "attrs"):
            found = importlib.util.find_spec(package)
            assert found
            assert found.origin
            shutil.copytree(Path(found.origin).parent, Path(folder) / package, ignore=shutil.ignore_patterns("__pycache__", "tests"))
        DockerImage(folder, tag=name, clean_up=False, buildargs={"IMAGE": image}).build()
    return name


def contained(
    image: str,
    network: Network,
    alias: str,
    *,
    user: str,
    command: Sequence[str] = (),
    entrypoint: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    folders: Mapping[Path, str] | None = None,
    written: Mapping[Path, str] | None = None,
    ports: Sequence[int] = (),
    scratch: Mapping[str, str] | None = None,
) -> DockerContainer:
    """As every service of deploy/compose.yaml; not started. `folders` are read, `written` are written to."""
    made = DockerContainer(image).with_network(network).with_network_aliases(alias).with_exposed_ports(*ports)
    made = made.with_kwargs(
        user=user,
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        **({"entrypoint": list(entrypoint)} if entrypoint is not None else {}),
    )
    made.tmpfs.update({"/tmp": "mode=1777", **(scratch or {})})  # noqa: S108 -- in the container
    for name, value in (environment or {}).items():
        made = made.with_env(name, value)
    for mode, mapped in (("ro", folders or {}), ("rw", written or {})):
        for here, there in mapped.items():
            made = made.with_volume_mapping(str(here), there, mode)
    return made.with_command(list(command)) if command else made


@dataclass
class Cluster:
    """PostgreSQL and Temporal on it, prepared by the scripts of deploy/; and what is started before it."""

    network: Network
    folder: Path
    """What the containers share with the test: secrets, connections, mail."""
    started: list[DockerContainer] = field(default_factory=list[DockerContainer])
    address: str = ""
    """Where the test reaches Temporal."""
    encryption: str = field(default_factory=lambda: f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}")

    @property
    def settings(self) -> dict[str, str]:
        """For worker and API: the production's, and that clocks may be moved here."""
        return {
            "TEMPORAL_ADDRESS": "temporal:7233",
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "AFTERWORD_EMBEDDED": "true",
            "AFTERWORD_HOME": HOME,
            "AFTERWORD_PUBLIC_URL": "http://api:8080",
            "AFTERWORD_LINK_KEYS": "file:/etc/afterword/link-keys",
            "AFTERWORD_ENCRYPTION_KEYS": self.encryption,
            "AFTERWORD_CONNECTIONS": "/etc/afterword/connections.toml",
            "AFTERWORD_SMTP_URL": "smtp://mail:1025?starttls=0",
            "AFTERWORD_MAIL_FROM": "Afterword <afterword@example.org>",
        }

    @property
    def mail(self) -> Path:
        return self.folder / "home"

    def run(self, container: DockerContainer) -> DockerContainer:
        """Started; ends with the cluster."""
        self.started.append(container)
        return container.start()

    def once(self, container: DockerContainer) -> None:
        """Run to its end, which must be a good one."""
        container.start()
        try:
            status = container.get_wrapped_container().wait(timeout=120)["StatusCode"]
            assert status == 0, said(container)
        finally:
            container.stop()

    def part(self, image: str, module: str, alias: str, **other: str) -> DockerContainer:
        """A worker or an API process of that image, started."""
        ports = {"worker": [METRICS], "client.api": [API]}.get(module, [])
        return self.run(
            contained(
                image,
                self.network,
                alias,
                user=OURS,
                command=[module],
                environment=self.settings | other,
                folders={self.folder / "afterword": "/etc/afterword"},
                written={self.mail: HOME},
                ports=ports,
            )
        )

    def sink(self, image: str) -> DockerContainer:
        return self.run(contained(with_sink(image), self.network, "mail", user=OURS, written={self.mail: HOME}))


@contextmanager
def cluster(folder: Path) -> Generator[Cluster]:
    """A Temporal cluster on PostgreSQL, of its own network, whose clocks can be moved. Everything that ran in it is gone afterwards."""
    folder.chmod(0o755)
    (folder / "home").mkdir()
    (folder / "home").chmod(0o777)
    (folder / "secrets").mkdir()
    (folder / "secrets" / "postgres-password").write_text(uuid4().hex)
    (folder / "afterword").mkdir()
    (folder / "afterword" / "link-keys").write_text(secrets.token_urlsafe(32))
    (folder / "afterword" / "connections.toml").write_text(CONNECTIONS, encoding="utf-8")
    shutil.copytree(DEPLOY / "temporal", folder / "temporal")
    (folder / "temporal" / "dynamic.yaml").write_text(dynamic())
    with ExitStack() as after:
        running = Cluster(after.enter_context(Network()), folder)
        after.callback(lambda: [one.stop() for one in reversed(running.started)])
        _start(running)
        yield running


def dynamic() -> str:
    """Temporal's dynamic configuration: the production's, and what the embedded server has so that clocks can be moved."""
    settings: dict[str, Any] = yaml.safe_load((DEPLOY / "temporal" / "dynamic.yaml").read_text())
    return yaml.safe_dump(settings | {key: [{"value": yaml.safe_load(value)}] for key, value in DYNAMIC.items()})


def _start(running: Cluster) -> None:
    folder, network = running.folder, running.network
    password = {folder / "secrets": "/run/secrets"}
    scripts = password | {folder / "temporal": "/etc/afterword"}
    sql = {"SQL_PLUGIN": "postgres12", "SQL_HOST": "postgres", "SQL_PORT": "5432", "SQL_USER": "temporal"}
    services = {name: value.format() for name, value in service("temporal")["environment"].items()}
    store = running.run(
        contained(
            POSTGRES,
            network,
            "postgres",
            user="999:999",
            environment={"POSTGRES_USER": "temporal", "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres-password"},
            folders=password,
            scratch={"/var/run/postgresql": "uid=999,gid=999", "/var/lib/postgresql/data": "uid=999,gid=999"},
        )
    )
    until(lambda: store.exec(["pg_isready", "--quiet", "--host=127.0.0.1"])[0] == 0)
    schema = ["sh", "/etc/afterword/schema.sh"]
    running.once(contained(TEMPORAL, network, "schema", user="1000:1000", entrypoint=schema, environment=sql, folders=scripts))
    server = contained(
        TEMPORAL,
        network,
        "temporal",
        user="1000:1000",
        entrypoint=["sh", "/etc/afterword/server.sh"],
        environment=services | {"NUM_HISTORY_SHARDS": "64"},
        folders=scripts,
        ports=[7233],
    )
    running.run(server)
    space = {"TEMPORAL_ADDRESS": "temporal:7233", "TEMPORAL_NAMESPACE": NAMESPACE, "HOME": "/tmp"}  # noqa: S108 -- as above
    create = ["sh", "/etc/afterword/namespace.sh"]
    running.once(contained(TEMPORAL, network, "namespace", user="1000:1000", entrypoint=create, environment=space, folders=scripts))
    running.address = reached(server, 7233)


def until(holds: Callable[[], bool], patience: float = 90) -> None:
    """Returns once it holds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.2)


def service(name: str) -> dict[str, Any]:
    """As deploy/compose.yaml has it."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"][name]
    return found


def reached(container: DockerContainer, port: int) -> str:
    """Where the test reaches that port."""
    return f"{container.get_container_host_ip()}:{container.get_exposed_port(port)}"


def said(container: DockerContainer) -> str:
    """Everything it printed."""
    return b"".join(container.get_logs()).decode(errors="replace")


def lines(container: DockerContainer) -> Iterator[str]:
    yield from said(container).splitlines()
