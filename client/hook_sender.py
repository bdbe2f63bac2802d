"""Plays a board: signs a sample or a captured delivery as the board would and posts it, for trying a connection out.

A file holds a body as the board sends it, or a captured delivery: a JSON object of `headers` and `body`, for boards that say something in
headers. Knows the connection's secrets and puts them nowhere but in the signature.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import httpx

from client.connections import Connection
from workflows.boards.delivery import Board, Delivery
from workflows.boards.payload import day, milliseconds, moment, parse
from workflows.boards.signing import sign

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


async def send(connection: Connection, file: bytes, hooks: str, now: datetime, *, redate: bool = True) -> httpx.Response:
    """Posts the delivery in the file to the connection's hook below `hooks` (the API's address) and gives the answer.

    With `redate` every date in it moves by the same whole days, so that what the board says happened today or yesterday.
    Raises ValueError where the file or the secret cannot be used, httpx.HTTPError where nobody answers.
    """
    headers, body = captured(file)
    if redate:
        body = redated(connection, headers, body, now)
    signed, content = sign(connection.board.scheme, connection.secrets[0].get_secret_value(), complete(headers, body), body, now)
    async with httpx.AsyncClient(timeout=15, trust_env=False, follow_redirects=False) as http:
        return await http.post(hook_url(hooks, connection.board, connection.id), content=content, headers=signed)


def hook_url(api: str, board: Board, connection: str) -> str:
    """Where that board posts to for that connection; `api` is the API's address."""
    return f"{api.rstrip('/')}/hooks/{board.name}/{connection}"


def captured(file: bytes) -> tuple[dict[str, str], bytes]:
    """The headers and the body in a file. ValueError where it is neither form."""
    content = parse(file)
    if isinstance(content, dict):
        members = cast("dict[str, Any]", content)
        if members.keys() == {"headers", "body"} and isinstance(members["headers"], dict):
            headers = {str(name).lower(): str(value) for name, value in cast("dict[str, Any]", members["headers"]).items()}
            body = members["body"]
            return headers, body.encode() if isinstance(body, str) else json.dumps(body).encode()
    if content is None:
        raise ValueError("the file holds neither a delivery's JSON nor a captured delivery")
    return {}, file


def redated(connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime) -> bytes:
    """The body with every time and date in it moved by the same whole days, so that the latest that the board says happened is past.

    Where nothing in it happened at a time of its own, the latest time of all does.
    """
    content = parse(body)
    reading = connection.board.read(Delivery.of(headers, body), connection.terms)
    own = [fact.own_time for said in reading.said for fact in said.facts if fact.own_time]
    times = own or list(_times(content))
    if not times:
        return body
    days = timedelta(days=(now - max(times)).days)
    return json.dumps(_moved(content, days), ensure_ascii=False).encode()


def complete(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The headers that every board's delivery has. The id is made from the body: the same file is the same delivery."""
    return {"content-type": "application/json", "webhook-id": f"msg_{hashlib.sha256(body).hexdigest()[:24]}", **headers}


def _times(value: Any) -> Iterator[datetime]:
    match value:
        case dict():
            for inner in cast("dict[str, Any]", value).values():
                yield from _times(inner)
        case list():
            for inner in cast("list[Any]", value):
                yield from _times(inner)
        case str():
            if read := moment(value):
                yield read
        case int():
            if read := _stamp(value):
                yield read
        case _:
            pass


def _moved(value: Any, by: timedelta) -> Any:
    match value:
        case dict():
            return {name: _moved(inner, by) for name, inner in cast("dict[str, Any]", value).items()}
        case list():
            return [_moved(inner, by) for inner in cast("list[Any]", value)]
        case str() if _TIME.fullmatch(value) and (read := moment(value)):
            return value.replace(value[:10], (read + by).date().isoformat(), 1)
        case str() if _DATE.fullmatch(value) and (whole := day(value)):
            return (whole + by).isoformat()
        case int() if _stamp(value):
            return value + int(by.total_seconds() * 1000)
        case _:
            return value


def _stamp(value: int) -> datetime | None:
    """A whole number as a time in milliseconds, where it can only be one: from the year 2001 to 2100."""
    read = milliseconds(value)
    return read if read and datetime(2001, 9, 9, tzinfo=UTC) < read < datetime(2100, 1, 1, tzinfo=UTC) else None
