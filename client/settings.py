"""What can be set from outside for the client's side, read from the environment: `AFTERWORD_<NAME>`.

A setting that makes no sense stops the start with one sentence that names it and never shows its value, which may be a secret. Where
Temporal is, Temporal's own environment says: see `connection`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final, Self, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from activities.letters.links import Links, address_in, keys_in
from client.encryption.keys import OFF, KeyRing

PREFIX: Final = "AFTERWORD_"
_RATE: Final = re.compile(r"[1-9]\d{0,6}/[1-9]\d{0,4}", re.ASCII)
Port = Annotated[int, Field(ge=1, le=65535)]
S = TypeVar("S", bound=BaseSettings)


class CannotStart(Exception):  # noqa: N818 -- what happened, in the words of the caller
    """Why a process cannot start, in one sentence for whoever operates it. What prints it needs no traceback."""


def _secrets(said: SecretStr) -> SecretStr:
    return SecretStr(",".join(keys_in(",".join(_secret(part.strip()) for part in said.get_secret_value().split(",")))))


def _secret(said: str) -> str:
    """By value, or where it is: `env:NAME`, or `file:path`. ValueError names what is not there."""
    if said.startswith("env:"):
        if not (value := os.environ.get(said[4:], "")):
            raise ValueError(f"the environment variable {said[4:][:80]} is not set")
        return value
    if said.startswith("file:"):
        try:
            return Path(said[5:]).read_text()
        except (OSError, ValueError):
            raise ValueError(f"the file {said[5:][:200]} cannot be read") from None
    return said


def _ring(said: SecretStr) -> SecretStr:
    KeyRing(said.get_secret_value())
    return said


def _rate(said: str) -> str:
    if said != "off" and not _RATE.fullmatch(said):
        raise ValueError("write units/seconds, as in 6000/60, or off")
    return said


LinkKeys = Annotated[SecretStr, AfterValidator(_secrets)]
"""What the links in messages are signed with, newest first, separated by commas: each by value, as `env:NAME` or as `file:path`."""
EncryptionKeys = Annotated[SecretStr, AfterValidator(_ring)]
"""What is kept in Temporal is encrypted with: see `encryption.keys`."""
RateLimit = Annotated[str, AfterValidator(_rate)]
PublicUrl = Annotated[str, AfterValidator(address_in)]


def links_of(keys: SecretStr | None, public_url: str | None) -> Links | None:
    """The links of these settings; None where one of them is missing."""
    return Links(keys_in(keys.get_secret_value()), public_url) if keys and public_url else None


def needed(links: Links | None) -> Links:
    """CannotStart where there are none: without its links a message could not be answered, nor its reader unsubscribe."""
    if links is None:
        raise CannotStart(f"{variable('link_keys')} and {variable('public_url')} are needed, for the links in messages.")
    return links


def ring_of(keys: SecretStr | None, *, embedded: bool) -> KeyRing:
    """The keys of these settings; CannotStart where nothing is said of them. The embedded stack then encrypts nothing."""
    if keys is None and not embedded:
        raise CannotStart(
            f"{variable('encryption_keys')} is needed, as id:key with 32 random bytes in base64: what Temporal keeps is personal; "
            f"to have it readable there, say {OFF}."
        )
    try:
        return KeyRing(keys.get_secret_value() if keys else OFF)
    except ValueError as e:
        raise CannotStart(f"{variable('encryption_keys')}: {e}.") from None


class Settings(BaseSettings):
    """The client's side: API, command line, embedded stack."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    api_port: Port = 8080
    api_host: str = "127.0.0.1"
    """Where the API listens; `0.0.0.0` in a container, whose network is its own."""
    smtp_port: Port = 1025
    """Of the embedded stack's SMTP sink."""
    metrics_port: Port = 9464
    """Of a worker; the API's own are on another one."""
    api_metrics_port: Port = 9465
    """Prometheus reads the API's `/metrics` there."""
    metrics_host: str = "127.0.0.1"
    watch_every: Annotated[float, Field(ge=0.1, le=600)] = 15
    """Seconds between two looks at what the API tells Prometheus of Temporal."""
    overdue_after: Annotated[float, Field(ge=0, le=1000)] = 24
    """Hours after which a step that is due is told to be overdue: one that came due at night waits for its candidate to wake."""
    temporal_port: Port = 7233
    """Of the embedded server; where another one is, `TEMPORAL_ADDRESS` says."""
    temporal_ui_port: Port = 8233
    temporal_ui_url: str | None = None
    """Where operators reach Temporal's web UI, for links; by default the embedded one."""
    home: Path = Path(".afterword")
    """Where the embedded stack keeps its database, mail and logs."""
    embedded: bool = False
    """Whether the server is the embedded one: clocks may be moved, messages read, and `dev-key` is a key."""
    api_keys: SecretStr | None = None
    """Entries, or `file:` and the path of a file of them: see `api.keys`."""
    rate_limit: RateLimit | None = None
    """What one key may ask of one process of the API, as `units/seconds` or `off`: see `api.limits`."""
    connections: Path | None = None
    """The TOML file of the job boards' connections."""
    webhooks: Path | None = None
    """The TOML file of the platform's endpoints, which events are sent to."""
    policies: Path | None = None
    """The TOML file of the platform's own policies."""
    public_url: PublicUrl | None = None
    """Where candidates reach this API, for links."""
    link_keys: LinkKeys | None = None
    """The same as the worker's."""
    encryption_keys: EncryptionKeys | None = None
    """The same as the worker's."""

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        seen: dict[int, str] = {}
        for name in ("api_port", "smtp_port", "metrics_port", "temporal_port", "temporal_ui_port", "api_metrics_port"):
            port = getattr(self, name)
            if port in seen:
                raise ValueError(f"{variable(seen[port])} and {variable(name)} are both {port}")
            seen[port] = name
        return self


def variable(field: str) -> str:
    """The environment variable that sets that field."""
    return PREFIX + field.upper()


def read(kind: type[S]) -> S:
    """The settings of that kind; CannotStart with one sentence for everything that makes no sense."""
    try:
        return kind()
    except ValidationError as e:
        said = [
            (*error["loc"][:1], _plain(error["msg"])) for error in e.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise CannotStart("; ".join(f"{variable(str(s[0]))}: {s[1]}" if len(s) > 1 else str(s[0]) for s in said) + ".") from None
    except SettingsError as e:
        raise CannotStart(f"The settings cannot be read: {e}.") from None


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return message if message.startswith(PREFIX) else message[:1].lower() + message[1:]
