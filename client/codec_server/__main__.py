"""`python -m client.codec_server`: until SIGTERM or Ctrl-C. Exit code 1, and one sentence, if it could not start."""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from client.api.request_ids import logged
from client.codec_server.access import Tokens
from client.codec_server.app import create_app
from client.codec_server.settings import Settings
from client.encryption.keys import KeyRing
from client.logs import log_to
from client.settings import CannotStart, read, variable


async def serve(settings: Settings) -> None:
    """CannotStart where keys or tokens are missing."""
    for needed in ("encryption_keys", "codec_tokens"):
        if getattr(settings, needed) is None:
            raise CannotStart(f"{variable(needed)} is needed: the codec server reads what is encrypted, for who has a token.")
    assert settings.encryption_keys  # noqa: S101 -- just looked at
    assert settings.codec_tokens  # noqa: S101 -- as above
    keys, tokens = KeyRing(settings.encryption_keys.get_secret_value()), Tokens(settings.codec_tokens.get_secret_value())
    config = uvicorn.Config(
        create_app(settings, keys, tokens),
        host=settings.codec_host,
        port=settings.codec_port,
        log_config=None,  # it goes where everything else goes
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    await uvicorn.Server(config).serve()


def main() -> int:
    log_to(sys.stderr, also=(logged,))
    try:
        asyncio.run(serve(read(Settings)))
    except CannotStart as e:
        print(e, file=sys.stderr)  # noqa: T201 -- the one sentence for whoever started it
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
