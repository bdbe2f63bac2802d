"""The codec server: reads for who has a token or a session, tells nobody else anything, and keeps nothing of what it read."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import MessageToDict, Parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from temporalio.api.common.v1 import Payload, Payloads

from client.codec_server.access import LIFE, Tokens
from client.connection import converter
from client.encryption.codec import Codec
from client.encryption.keys import KeyRing
from tests.encryption.sealing import entry
from tests.encryption.serving import ANOTHER, TOKEN, CodecServer, codec_server

SAID = Payload(metadata={"encoding": b"json/plain"}, data=b'{"name": "Ada Byron"}')
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
async def codec(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[CodecServer]:
    folder = tmp_path_factory.mktemp("codec")
    async with codec_server(folder, f"{entry('k2')},{entry('k1')}", AFTERWORD_CODEC_RATE="off") as running:
        yield running


@pytest.fixture
async def http(codec: CodecServer) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=codec.url, timeout=30, trust_env=False) as client:
        yield client


async def sealed(payload: Payload = SAID, key: str = "k1") -> Payload:
    return (await Codec(KeyRing(entry(key))).encode([payload]))[0]


def body(*payloads: Payload) -> dict[str, Any]:
    return MessageToDict(Payloads(payloads=payloads))


def read(answer: httpx.Response) -> list[Payload]:
    assert answer.status_code == 200, answer.text
    return list(Parse(answer.text, Payloads()).payloads)


async def signs_in(http: httpx.AsyncClient, codec: CodecServer, token: str = TOKEN) -> httpx.Response:
    return await http.post("/session", data={"token": token}, headers={"Origin": codec.url})


async def test_who_has_a_token_reads_payloads_of_every_key_in_their_order(http: httpx.AsyncClient) -> None:
    stored = [await sealed(), SAID, await sealed(Payload(data=b"\xff"), "k2")]
    answer = await http.post("/decode", json=body(*stored), headers={**BEARER, "X-Namespace": "default"})
    assert read(answer) == [SAID, SAID, Payload(data=b"\xff")]


async def test_what_is_encoded_here_is_read_by_workers(http: httpx.AsyncClient) -> None:
    (stored,) = read(await http.post("/encode", json=body(SAID), headers=BEARER))
    assert await converter(KeyRing(entry("k2"))).decode([stored]) == [{"name": "Ada Byron"}]


async def test_what_cannot_be_read_has_its_sentence_in_its_place_and_the_rest_is_read(http: httpx.AsyncClient) -> None:
    forged = await sealed()
    forged.data = b"x" * 40
    told = read(await http.post("/decode", json=body(await sealed(key="lost"), forged, await sealed()), headers=BEARER))
    assert [json.loads(payload.data) for payload in told] == [
        {"unreadable": "This was encrypted with the key lost, which is not among AFTERWORD_ENCRYPTION_KEYS: give it back."},
        {"unreadable": "It says that it is encrypted, and is no ciphertext of ours."},
        {"name": "Ada Byron"},
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Cookie": "afterword-codec=ops"},
        {"Cookie": "afterword-codec=ops.aaaa.bbbb", "Origin": "http://127.0.0.1:8233"},
    ],
)
@pytest.mark.parametrize("path", ["/decode", "/encode"])
async def test_nobody_else_is_told_anything(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    answer = await http.post(path, json=body(await sealed()), headers=headers)
    assert (answer.status_code, answer.json()["type"], "Ada" in answer.text) == (401, "/problems/unauthorized", False)


async def test_a_session_reads_for_the_pages_of_the_ui_alone(http: httpx.AsyncClient, codec: CodecServer) -> None:
    began = await signs_in(http, codec)
    assert (began.status_code, began.headers["location"]) == (303, codec.origin)
    stored = body(await sealed())
    answer = await http.post("/decode", json=stored, headers={"Origin": codec.origin})
    assert read(answer) == [SAID]
    assert (answer.headers["access-control-allow-origin"], answer.headers["access-control-allow-credentials"]) == (codec.origin, "true")
    assert (await http.post("/decode", json=stored)).status_code == 401
    for origin in ("null", "http://127.0.0.1:8234", "https://127.0.0.1:8233", f"{codec.origin}.example.com", codec.url):
        refused = await http.post("/decode", json=stored, headers={"Origin": origin})
        assert (refused.status_code, "access-control-allow-origin" in refused.headers, "Ada" in refused.text) == (403, False, False)
    assert "Signed in as ops" in (await http.get("/")).text
    await http.post("/session/end", headers={"Origin": codec.url})
    assert (await http.post("/decode", json=stored, headers={"Origin": codec.origin})).status_code == 401


async def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(http: httpx.AsyncClient, codec: CodecServer) -> None:
    cookie = (await signs_in(http, codec)).headers["set-cookie"]
    assert TOKEN not in cookie
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", f"max-age={LIFE}", "path=/", "samesite=strict"}


async def test_behind_https_the_cookie_wants_https(tmp_path: Path) -> None:
    url = "https://codec.example.com"
    async with (
        codec_server(tmp_path, entry("k1"), AFTERWORD_CODEC_URL=url) as running,
        httpx.AsyncClient(base_url=running.url, trust_env=False) as http,
    ):
        answer = await http.post("/session", data={"token": TOKEN}, headers={"Origin": url})
    cookie = answer.headers["set-cookie"]
    assert (cookie.startswith("__Host-afterword-codec="), "; Secure" in cookie) == (True, True)


async def test_a_wrong_token_begins_no_session_and_is_not_shown(http: httpx.AsyncClient, codec: CodecServer) -> None:
    answer = await signs_in(http, codec, "a-wrong-token")
    assert (answer.status_code, "set-cookie" in answer.headers, "a-wrong-token" in answer.text) == (403, False, False)
    assert "This token is not known." in answer.text


async def test_no_other_page_signs_in_or_out(http: httpx.AsyncClient, codec: CodecServer) -> None:
    for path in ("/session", "/session/end"):
        for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": codec.origin}):
            answer = await http.post(path, data={"token": TOKEN}, headers=headers)
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_session_ends_after_twelve_hours_or_with_its_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file, began_at, passed = tmp_path / "tokens", int(time.time()), 0

    def shows(signer: TimestampSigner) -> int:
        return began_at + passed

    monkeypatch.setattr(TimestampSigner, "get_timestamp", shows)
    file.write_text(f"ops:{TOKEN}\naudit:{ANOTHER}")
    tokens = Tokens(f"file:{file}")
    session = tokens.session(TOKEN)
    assert session
    passed = LIFE - 1
    assert tokens.name_of_session(session) == "ops"
    passed = LIFE + 1
    assert tokens.name_of_session(session) is None
    passed = 0
    file.write_text(f"audit:{ANOTHER}")
    assert tokens.name_of_session(session) is None


async def test_a_browser_is_told_that_pages_of_the_ui_may_ask_and_no_others(http: httpx.AsyncClient, codec: CodecServer) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-namespace,authorization"}
    told = await http.options("/decode", headers={"Origin": codec.origin, **asks})
    allowed = {name.strip() for name in told.headers["access-control-allow-headers"].split(",")}
    assert (told.status_code, told.headers["access-control-allow-origin"], told.headers["vary"]) == (204, codec.origin, "Origin")
    assert {"content-type", "x-namespace", "authorization"} <= allowed
    assert told.headers["access-control-allow-credentials"] == "true"
    for headers in ({"Origin": "https://elsewhere.example", **asks}, asks):
        other = await http.options("/decode", headers=headers)
        assert (other.status_code, [name for name in other.headers if name.startswith("access-control")]) == (403, [])


async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/decode", content=b"x" * (8 * 1_048_576 + 1), headers=BEARER)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    "content",
    [b"", b"nul", b"{", b"[" * 100_000, b'{"payloads": {}}', b'{"payloads": [{"data": "\xff"}]}', b'{"payloads":[{"metadata":7}]}'],
    ids=("nothing", "word", "open", "deep", "object", "bytes", "number"),
)
async def test_what_is_not_payloads_is_refused_without_a_fault(http: httpx.AsyncClient, content: bytes) -> None:
    answer = await http.post("/decode", content=content, headers=BEARER)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ODD = st.fixed_dictionaries({"metadata": JSON | st.dictionaries(st.just("encoding"), st.just("YmluYXJ5L2VuY3J5cHRlZA==")), "data": JSON})
BODIES = JSON | st.fixed_dictionaries({"payloads": st.lists(ODD | JSON, max_size=3)})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(said=BODIES, method=st.sampled_from(("decode", "encode")))
async def test_no_body_makes_it_fail(http: httpx.AsyncClient, said: Any, method: str) -> None:
    answer = await http.post(f"/{method}", content=json.dumps(said).encode(), headers=BEARER)
    assert answer.status_code in (200, 422), (said, answer.text)


async def test_who_asks_too_much_waits_and_others_do_not(tmp_path: Path) -> None:
    async with (
        codec_server(tmp_path, entry("k1"), AFTERWORD_CODEC_RATE="3/60") as running,
        httpx.AsyncClient(base_url=running.url, trust_env=False) as http,
    ):
        answers = [await http.post("/decode", json=body(SAID), headers=BEARER) for _ in range(4)]
        other = await http.post("/decode", json=body(SAID), headers={"Authorization": f"Bearer {ANOTHER}"})
    assert ([answer.status_code for answer in answers], other.status_code) == ([200, 200, 200, 429], 200)
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_the_log_says_who_read_how_much_and_nothing_of_what(http: httpx.AsyncClient, codec: CodecServer) -> None:
    await signs_in(http, codec)
    await http.post("/decode", json=body(await sealed(), await sealed()), headers={"Authorization": f"Bearer {ANOTHER}"})
    text = await asyncio.to_thread(codec.log.read_text)
    secrets = [TOKEN, ANOTHER, "Ada", entry("k1").partition(":")[2], base64.b64encode(SAID.data).decode()]
    assert [one for one in secrets if one in text] == []
    lines = [json.loads(line) for line in text.splitlines()]
    assert ("decoded", "audit", 2) in {(line["event"], line.get("by"), line.get("payloads")) for line in lines}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"AFTERWORD_ENCRYPTION_KEYS": None}, "AFTERWORD_ENCRYPTION_KEYS is needed: "),
        ({"AFTERWORD_CODEC_TOKENS": None}, "AFTERWORD_CODEC_TOKENS is needed: "),
        ({"AFTERWORD_CODEC_TOKENS": "ops:short"}, "AFTERWORD_CODEC_TOKENS: the token of ops has 5 characters, and needs at least 32."),
        ({"AFTERWORD_CODEC_TOKENS": TOKEN}, "AFTERWORD_CODEC_TOKENS: entry 1: write name:token"),
        ({"AFTERWORD_CODEC_ORIGIN": "https://ui.example.com/"}, "AFTERWORD_CODEC_ORIGIN: write it as a browser does"),
        ({"AFTERWORD_CODEC_ORIGIN": "https://ui.example.com:443"}, "AFTERWORD_CODEC_ORIGIN: a browser leaves the usual port out."),
        ({"AFTERWORD_CODEC_ORIGIN": "*"}, "AFTERWORD_CODEC_ORIGIN: write it as a browser does"),
    ],
)
async def test_what_is_in_the_way_is_one_sentence(setting: dict[str, str | None], sentence: str) -> None:
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("AFTERWORD_")}
    given_ = {"AFTERWORD_ENCRYPTION_KEYS": entry("k1"), "AFTERWORD_CODEC_TOKENS": f"ops:{TOKEN}", **setting}
    environment = theirs | {name: value for name, value in given_.items() if value is not None}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "client.codec_server", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 50)
    assert (process.returncode, said.decode()[: len(sentence)], said.count(b"\n")) == (1, sentence, 1)
    assert TOKEN.encode() not in said
