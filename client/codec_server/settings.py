"""What can be set for the codec server, as `AFTERWORD_<NAME>`."""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from client.api.limits import DEFAULT
from client.codec_server.access import Tokens
from client.settings import PREFIX, EncryptionKeys, Port, RateLimit

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.ASCII)


def _tokens(said: SecretStr) -> SecretStr:
    Tokens(said.get_secret_value())
    return said


def _origin(said: str) -> str:
    if not _ORIGIN.fullmatch(said):
        raise ValueError("write it as a browser does: https://temporal.example.com, in small letters and without a path")
    parts = urlsplit(said)
    if parts.port == {"http": 80, "https": 443}[parts.scheme]:
        raise ValueError("a browser leaves the usual port out")
    return said


Origin = Annotated[str, AfterValidator(_origin)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    encryption_keys: EncryptionKeys | None = None
    """The same as the worker's."""
    codec_tokens: Annotated[SecretStr, AfterValidator(_tokens)] | None = None
    """Who may read: entries `name:token`, each by value, as `env:NAME` or as `file:path`: see `access`."""
    codec_origin: Origin = "http://127.0.0.1:8233"
    """Of Temporal's UI, whose pages alone a browser lets read what is answered."""
    codec_url: Origin = "http://127.0.0.1:8089"
    """Where browsers reach the codec server: on the same site as the UI, since the cookie goes to no other."""
    codec_host: str = "127.0.0.1"
    """Where it listens. Everything personal can be read here, so that somebody else's network is none of its business."""
    codec_port: Port = 8089
    codec_rate: RateLimit = DEFAULT
    """What one name may ask of it, as `calls/seconds` or `off`. The UI asks once for each payload of a page."""
