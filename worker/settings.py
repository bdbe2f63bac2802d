"""What can be set for a worker, as `AFTERWORD_<NAME>`. What makes no sense stops the start with one sentence.

Where Temporal is, Temporal's own environment says: see `client.connection`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from activities.handover import MailServer
from activities.mail import sender_of
from client.settings import PREFIX, EncryptionKeys, LinkKeys, Port, PublicUrl

SINK: Final = SecretStr("smtp://127.0.0.1:1025")


def _mail_server(url: SecretStr) -> SecretStr:
    MailServer.at(url.get_secret_value())
    return url


def _sender(said: str) -> str:
    sender_of(said)
    return said


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] = SINK
    """Where mail goes out: `smtp://user:password@host:port?starttls=1` or `smtps://…`."""
    mail_from: Annotated[str, AfterValidator(_sender)] = "Afterword <afterword@localhost>"
    public_url: PublicUrl | None = None
    """Where candidates reach the API, for the links in messages."""
    link_keys: LinkKeys | None = None
    """The same as the API's."""
    encryption_keys: EncryptionKeys | None = None
    """The same as the API's: what Temporal keeps is encrypted with the first. Needed, if only as `off`, but for the embedded stack."""
    connections: Path | None = None
    """The TOML file of the job boards' connections, the same as the API's: what the boards' APIs are asked with is in it."""
    webhooks: Path | None = None
    """The TOML file of the platform's endpoints, the same as the API's."""
    policies: Path | None = None
    """The TOML file of the platform's own policies, the same as the API's: what is imported may name them."""
    build: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9._-]*$")] = ""
    """Which build this is, for upgrades that are switched: see `worker.versions`. Empty: it takes whatever work there is."""
    sends_per_second: Annotated[float, Field(gt=0, le=10_000)] | None = None
    """Of all workers together; what is more waits its turn. None: 20, and as many as there are on the embedded stack."""
    embedded: bool = False
    """Whether this is the worker of the embedded stack: an erasure then also removes mail from its sink."""
    home: Path = Path(".afterword")
    """Where the embedded stack keeps mail."""
    metrics_port: Port = 9464
    """Prometheus reads `/metrics` there."""
    metrics_host: str = "127.0.0.1"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    cached_runs: Annotated[int, Field(ge=0, le=1_000_000)] = 2_000
    """Runs kept in memory, about 0.2 MB each. An update of a run that is not there takes 0.2 s longer."""
    shutdown_grace: Annotated[float, Field(ge=0, le=600)] = 25
    """Seconds for what is being done when the worker is asked to end; a send needs 20 at most."""
