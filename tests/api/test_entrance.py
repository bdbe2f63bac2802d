"""Keys, sizes, shapes: what the API turns away before anybody is asked, and how it says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.running import body, slug

MEBIBYTE = 1_048_576


async def test_without_a_known_key_nobody_is_let_in(api: httpx.AsyncClient) -> None:
    """401, with the way to authenticate; the body is not even looked at."""
    for said in (
        {"Authorization": ""},
        {"Authorization": "Bearer dev-keys"},
        {"Authorization": "Basic dev-key"},
        {"Authorization": "Bearer"},
    ):
        answer = await api.post("/v1/applications", content=b"{", headers=said)
        assert (answer.status_code, slug(answer)) == (401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_every_answer_has_a_request_id(api: httpx.AsyncClient) -> None:
    """The caller's own, if it is a plain one; else a new one; also on what is turned away."""
    for path in ("/healthz", "/v1/applications/none", "/nowhere"):
        assert (await api.get(path)).headers["request-id"]
        assert (await api.get(path, headers={"Request-Id": "mine-1"})).headers["request-id"] == "mine-1"
        assert (await api.get(path, headers={"Request-Id": "not mine"})).headers["request-id"] != "not mine"
    assert (await api.post("/v1/preview", content=b" " * (MEBIBYTE + 1))).headers["request-id"]


async def test_a_body_may_have_a_mebibyte(api: httpx.AsyncClient) -> None:
    """More is 413, whether or not its length was announced, and the sender of ten megabytes still reads why."""

    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * 65_536

    for content in (b" " * (MEBIBYTE + 1), b" " * 10 * MEBIBYTE, chunks(17), chunks(160)):
        answer = await api.post("/v1/preview", content=content)
        assert (answer.status_code, slug(answer)) == (413, "too-large")
    padded = json.dumps(body()).encode()
    assert (await api.post("/v1/preview", content=padded + b" " * (MEBIBYTE - len(padded)))).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"NaN",
        b'{"metadata":{"x":1e999}}',
        b'{"metadata":{"x":' + b"9" * 5_000 + b"}}",
        b'{"metadata":{"x":' + b"9" * 100 + b"}}",
        b'{"position":"\\u0000"}',
        b'{"position":"\\ud800"}',
        b'{"\\ud800":1}',
        b'"text"',
        b"[]",
        b"null",
        b"0",
        "\ufeff{}".encode(),
    ],
)
async def test_what_is_no_message_is_a_problem(api: httpx.AsyncClient, content: bytes) -> None:
    """422 at every entrance, with a sentence; never a 500."""
    for path in ("/v1/applications", "/v1/preview", "/v1/applications/none/facts", "/v1/applications/none/advance"):
        answer = await api.post(path, content=content)
        assert (answer.status_code, slug(answer)) == (422, "invalid")
        assert answer.json()["detail"]


async def test_metadata_is_only_stored_if_it_can_be(api: httpx.AsyncClient, application: str) -> None:
    """Emoji and right-to-left text come back as they were; thirty-three levels do not go in."""
    metadata: dict[str, Any] = {"name": "👩🏽‍💻 עדה לאבלייס", "n": 1.5, "list": [None, True, {"deep": []}]}
    answer = await api.post("/v1/applications", json=body(application, metadata=metadata))
    assert answer.json()["metadata"] == metadata
    deep: Any = {}
    for _ in range(40):
        deep = {"a": deep}
    assert (await api.post("/v1/preview", json=body(metadata=deep))).status_code == 422


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"candidate": {"id": "c", "email": "c@example.org", "timezone": "Mars/Olympus"}}, "candidate.timezone"),
        ({"candidate": {"id": "c", "timezone": "Europe/London"}}, "candidate"),
        ({"candidate": {"id": "c d", "email": "c@example.org", "timezone": "Europe/London"}}, "candidate.id"),
        ({"candidate": {"id": "c", "email": "c@example..org", "timezone": "Europe/London"}}, "candidate.email"),
        ({"candidate": {"id": "c", "email": "c@example.org", "timezone": "Europe/London", "name": "A\r\nBcc: x@y.z"}}, "candidate.name"),
        ({"candidate": {"id": "c", "email": "c@example.org", "timezone": "Europe/London", "mail": "x"}}, "candidate.mail"),
        (
            {"candidate": {"id": "c", "email": "c@example.org", "timezone": "Europe/London", "waking_hours": ["08:00", "09:00"]}},
            "candidate",
        ),
        ({"employer": {}}, "employer.name"),
        ({"position": 7}, "position"),
        ({"policy": "legal"}, "policy"),
        ({"refs": ["a b"]}, "refs.0"),
        ({"facts": [{"type": "interview_held", "interview": "i", "ended_at": "2026-02-30T10:00:00Z"}]}, "facts.0.ended_at"),
        ({"facts": [{"type": "interview_held", "interview": "i", "ended_at": "2026-03-02T10:00:00"}]}, "facts.0.ended_at"),
        ({"facts": [{"type": "interview_held", "interview": "i", "ended_at": 1772445600}]}, "facts.0.ended_at"),
        ({"facts": [{"type": "interview_held", "interview": "i", "ended_at": "1772445600"}]}, "facts.0.ended_at"),
        ({"facts": [{"type": "no_such_fact"}]}, "facts.0"),
        ({"facts": [{"type": "ghosted"}]}, "facts.0"),
        ({"facts": [{"type": "opened"}]}, "facts.0"),
        ({"facts": [{"type": "paused", "by": "process"}]}, "facts.0.by"),
        ({"facts": [{"type": "paused", "by": "board:acme"}]}, "facts.0.by"),
        ({"facts": [{"type": "interview_held", "interview": "i", "ended_at": "2026-03-02T10:00:00Z", "assumed": True}]}, "facts.0.assumed"),
        ({"facts": [{"type": "paused", "anyway": "yes"}]}, "facts.0.anyway"),
        ({"facts": [{"type": "timeline_stated", "respond_by": "2026-03-13T00:00:00Z"}]}, "facts.0.respond_by"),
        ({"unknown": 1}, "unknown"),
    ],
)
async def test_each_fault_is_named_by_its_field(api: httpx.AsyncClient, other: dict[str, Any], field: str) -> None:
    """422 with `errors`, at both entrances of an opening."""
    for path in ("/v1/applications", "/v1/preview"):
        answer = await api.post(path, json=body("never", **other))
        assert (answer.status_code, slug(answer)) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert answer.json()["errors"][0]["pointer"] == "#/" + field.replace(".", "/")


async def test_an_interview_ends_after_it_starts(api: httpx.AsyncClient) -> None:
    """And the sentence says so."""
    moved = {"type": "interview_scheduled", "interview": "i", "starts_at": "2026-03-02T11:00:00Z", "ends_at": "2026-03-02T10:00:00Z"}
    answer = await api.post("/v1/preview", json=body(facts=[moved]))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "facts.0")
    assert "ends after it starts" in answer.json()["errors"][0]["detail"]


async def test_ids_outside_the_charset_are_unknown(api: httpx.AsyncClient) -> None:
    """404, whatever is asked about them."""
    for name in ("a%20b", "%00", "a'b", "%F0%9F%92%A9", "x" * 129, "%2e%2e%2f"):
        assert (await api.get(f"/v1/applications/{name}")).status_code == 404


async def test_query_parameters_are_checked(api: httpx.AsyncClient) -> None:
    """Unknown ones are not ignored: a typing error would list everybody."""
    for query in (
        "stag=closed",
        "stage=close",
        "limit=0",
        "limit=x",
        "due_before=yesterday",
        "due_before=0.5",
        "changed_since=1772445600",
        "candidate=a'%20OR%201=1",
        "cursor=AAAA",
    ):
        answer = await api.get(f"/v1/applications?{query}")
        assert (answer.status_code, slug(answer)) == (422, "invalid")
        assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


async def test_paths_and_methods_that_are_not_there_are_problems(api: httpx.AsyncClient) -> None:
    """404 and 405, the latter with what is allowed."""
    assert slug(await api.get("/v1/nothing")) == "not-found"
    answer = await api.delete("/v1/applications")
    assert (slug(answer), answer.status_code) == ("method-not-allowed", 405)
    assert answer.headers["allow"] == "GET, POST"
    assert (await api.delete("/docs")).headers["allow"]


async def test_a_caller_that_leaves_in_the_middle_harms_nobody(api: httpx.AsyncClient) -> None:
    """The next one is answered."""
    port = api.base_url.port
    for _ in range(5):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/preview HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        await writer.drain()
        writer.close()
    assert (await api.get("/healthz")).json() == {"status": "ok"}
    assert (await api.get("/readyz")).status_code == 200
