"""`python -m client.codec_server`: until SIGTERM or Ctrl-C. Exit code 1, and one sentence, if it could not start."""

from __future__ import annotations

import sys

from pydantic import SecretStr

from client.codec_server.access import Tokens
from client.codec_server.app import create_app
from client.codec_server.settings import Settings
from client.encryption.keys import KeyRing
from client.serving import run, server
from client.settings import CannotStart, read, variable


async def serve(settings: Settings) -> None:
    """CannotStart where keys or tokens are missing."""
    keys = KeyRing(_needed(settings.encryption_keys, "encryption_keys"))
    tokens = Tokens(_needed(settings.codec_tokens, "codec_tokens"))
    await server(create_app(settings, keys, tokens), settings.codec_host, settings.codec_port).serve()


def _needed(said: SecretStr | None, setting: str) -> str:
    if said is None:
        raise CannotStart(f"{variable(setting)} is needed: the codec server reads what is encrypted, for who has a token.")
    return said.get_secret_value()


if __name__ == "__main__":
    sys.exit(run(lambda: serve(read(Settings))))
