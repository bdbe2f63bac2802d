"""The commands that run a part, or all of them."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import NoReturn

import typer

from client.command_line.terminal import Json, err, out, print_json
from client.settings import Settings, read, variable


def serve(*, as_json: Json = False) -> None:
    """Run the embedded stack, durable in AFTERWORD_HOME, until Ctrl-C."""
    from client import embedded  # noqa: PLC0415 -- only the embedded stack needs what it imports

    console, announce = (err, print_json) if as_json else (out, None)
    raise typer.Exit(asyncio.run(embedded.serve(read(Settings), console, announce)))


def demo(*, as_json: Json = False) -> None:
    """Play eight applications on fast-forwarded clocks, and check every date. With AFTERWORD_ENCRYPTION_KEYS what is kept is encrypted."""
    from client import demonstration  # noqa: PLC0415 -- as above

    keys = variable("encryption_keys")
    environment = {keys: os.environ[keys]} if keys in os.environ else {}
    raise typer.Exit(asyncio.run(demonstration.play(out, as_json=as_json, environment=environment)))


def worker(*, as_json: Json = False) -> None:
    """Run a worker alone, for production."""
    _become("worker")


def api(*, as_json: Json = False) -> None:
    """Run the HTTP API alone."""
    _become("client.api")


def codec(*, as_json: Json = False) -> None:
    """Run the codec server alone, by which Temporal's UI and command line read what is encrypted."""
    _become("client.codec_server")


def _become(module: str) -> NoReturn:
    """This process becomes that part, so that signals reach it."""
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 -- our own module
