"""The command that shows events as they happen, and posts them to a program that is being written."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final

import httpx
import typer
from rich.text import Text

from client import reach
from client.command_line.terminal import Json, err, out, refuse_usage
from client.listening import Event, Listener
from client.refusals import NotDone, Unavailable

Show = Callable[[Event, int | str | None], None]
"""Shows an event, and what the program answered: a status, why there was none, or None where nothing was posted."""
PAUSE: Final = 1.0
"""Seconds between two looks."""
_PATIENCE: Final = 15.0
"""Seconds for the program to answer, as an endpoint has them."""


def listen(
    *,
    forward_to: Annotated[str | None, typer.Option(help="Where events are posted, signed as to an endpoint.")] = None,
    secret: Annotated[str | None, typer.Option(help="What they are signed with; by default a new one, which is shown.")] = None,
    as_json: Json = False,
) -> None:
    """Show events as they happen, and post them to a program of yours, until Ctrl-C. Nothing is sent twice, and nothing kept."""
    key = secret or "whsec_" + b64encode(secrets.token_bytes(24)).decode()
    if forward_to is not None:
        _check(forward_to, key)
        if secret is None:
            err.print(Text(f"Signed with {key}"), soft_wrap=True)
    raise typer.Exit(asyncio.run(_until_stopped(forward_to, key, _line if as_json else _words)))


def _check(url: str, key: str) -> None:
    from workflows.boards import BOARDS  # noqa: PLC0415 -- only who posts needs what it takes to sign
    from workflows.boards.signing import usable  # noqa: PLC0415 -- as above

    try:
        right = httpx.URL(url).scheme in ("http", "https") and bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        right = False
    if not right:
        refuse_usage("--forward-to is an http or https address.")
    if not usable(BOARDS["standard"].scheme, key):
        refuse_usage("--secret is base64, as after 'whsec_'.")


async def _until_stopped(url: str | None, key: str, show: Show) -> int:
    """0; Refusal where the API does not let us in."""
    listening, loop = asyncio.ensure_future(_listen(url, key, show)), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, listening.cancel)
    try:
        await listening
    except asyncio.CancelledError:
        return 0
    return 0


async def _listen(url: str | None, key: str, show: Show) -> None:
    where, told = reach.url(), ""
    async with reach.applications() as applications, httpx.AsyncClient(trust_env=False, timeout=_PATIENCE) as http:
        listener = Listener(applications)
        while True:
            try:
                async for event in listener.look():
                    show(event, await _forwarded(http, url, key, event) if url else None)
                state = f"Listening to {listener.known} applications at {where}."
            except Unavailable as e:
                state = f"No answer from {where}: {e.detail} It is asked again."
            except NotDone as e:
                raise reach.refusal(e, where) from None
            if state.partition(" ")[0] != told:
                err.print(Text(state), soft_wrap=True)
                told = state.partition(" ")[0]
            await asyncio.sleep(PAUSE)


async def _forwarded(http: httpx.AsyncClient, url: str, key: str, event: Event) -> int | str:
    """The status that was answered, or why there was none."""
    from workflows.boards import BOARDS  # noqa: PLC0415 -- as in `_check`
    from workflows.boards.signing import sign  # noqa: PLC0415 -- as above

    said = {"content-type": "application/json", "user-agent": "Afterword", "webhook-id": event.id}
    body = json.dumps(event.content, ensure_ascii=False, separators=(",", ":")).encode()
    headers, content = sign(BOARDS["standard"].scheme, key, said, body, datetime.now(UTC))
    try:
        return (await http.post(url, content=content, headers=headers)).status_code
    except httpx.HTTPError as e:
        return type(e).__name__


def _words(event: Event, answered: int | str | None) -> None:
    at, data = event.content["timestamp"] or "", event.content["data"]
    arrow = "" if answered is None else f"  -> {answered}"
    out.print(Text(f"{event.content['type']}  {event.id}  {data['outcome'] or data['stage']}  {at}{arrow}"), soft_wrap=True)


def _line(event: Event, answered: int | str | None) -> None:
    """One JSON object a line."""
    sys.stdout.write(json.dumps({"id": event.id, "event": event.content, "forwarded": answered}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
