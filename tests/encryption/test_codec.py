"""The codec: what was said comes back, nothing shows of it meanwhile, and whatever was changed or lacks its key is never taken for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from client.connection import DATA_CONVERTER, converter
from client.encryption.codec import CHECK, ENCODING, KEY, Codec
from client.encryption.keys import KeyRing
from client.encryption.missing import KeyMissing
from tests.encryption.sealing import entry, key_of

NEW, OLD = entry("new"), entry("old")
SAID = Payload(metadata={"encoding": b"json/plain", "more": b"\xff"}, data=b'{"name": "Ada Byron"}')
PAYLOADS = st.builds(
    Payload, metadata=st.dictionaries(st.text(max_size=20), st.binary(max_size=40), max_size=4), data=st.binary(max_size=4000)
)


def codec(*entries: str) -> Codec:
    return Codec(KeyRing(",".join(entries)))


async def sealed(payload: Payload = SAID, *entries: str) -> Payload:
    return (await codec(*(entries or (NEW,))).encode([payload]))[0]


async def opened(payload: Payload, *entries: str) -> Payload:
    return (await codec(*(entries or (NEW, OLD))).decode([payload]))[0]


@given(said=st.lists(PAYLOADS, min_size=1, max_size=4))
async def test_every_payload_comes_back_as_it_was(said: list[Payload]) -> None:
    both = codec(NEW, OLD)
    plain = [payload for payload in said if payload.metadata.get("encoding") != ENCODING]
    assert await both.decode(await both.encode(plain)) == plain


async def test_nothing_of_it_shows_not_even_how_it_was_encoded() -> None:
    stored = (await sealed()).SerializeToString()
    assert [shows for shows in (b"Ada", b"name", b"json", b"more") if shows in stored] == []


async def test_the_same_said_twice_looks_different() -> None:
    assert (await sealed()).data != (await sealed()).data


async def test_what_an_older_key_encrypted_is_read_and_the_newest_encrypts() -> None:
    old = await sealed(SAID, OLD)
    assert (key_of(old), await opened(old)) == ("old", SAID)
    assert key_of(await sealed(SAID, NEW, OLD)) == "new"


async def test_what_was_kept_before_there_were_keys_is_read() -> None:
    assert await opened(SAID) == SAID


async def test_off_leaves_what_is_said_as_it_is_and_reads_what_was_encrypted() -> None:
    assert await codec("off", OLD).encode([SAID]) == [SAID]
    assert await opened(await sealed(SAID, OLD), "off", OLD) == SAID


@pytest.mark.parametrize("ring", [("off",), (NEW,), ("off", NEW)])
async def test_without_its_key_it_fails_naming_the_key(ring: tuple[str, ...]) -> None:
    with capture_logs() as logs, pytest.raises(KeyMissing) as missing:
        await opened(await sealed(SAID, OLD), *ring)
    sentence = "This was encrypted with the key old, which is not among AFTERWORD_ENCRYPTION_KEYS: give it back."
    assert str(missing.value) == sentence
    assert [(line["log_level"], line["event"], line["key"], line["problem"]) for line in logs] == [
        ("error", "payload_without_key", "old", sentence)
    ]


async def test_another_key_of_the_same_id_fails_naming_it_and_refuses_nothing_for_good() -> None:
    with pytest.raises(KeyMissing, match=r"^This was encrypted with another key than the new of AFTERWORD_ENCRYPTION_KEYS: "):
        await opened(await sealed(), entry("new", "a wrong key"))


@given(data=st.data())
async def test_no_changed_bit_of_it_is_ever_read(data: st.DataObject) -> None:
    """It is handed on as it is, which no converter reads; or it names a key that is not here."""
    changed = await sealed()
    part = data.draw(st.sampled_from(("data", KEY, CHECK)))
    content = bytearray(changed.data if part == "data" else changed.metadata[part])
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    content[place // 8] ^= 1 << place % 8
    if part == "data":
        changed.data = bytes(content)
    else:
        changed.metadata[part] = bytes(content)
    try:
        found = await opened(changed)
    except KeyMissing:
        assert part != "data"
    else:
        assert (found, part) == (changed, "data")
    with pytest.raises((KeyMissing, RuntimeError, KeyError)):
        await converter(KeyRing(NEW)).decode([changed])


@pytest.mark.parametrize(
    "forged",
    [
        Payload(metadata={"encoding": ENCODING}, data=b"x" * 99),
        Payload(metadata={"encoding": ENCODING, KEY: b"new"}, data=b"x" * 99),
        Payload(metadata={"encoding": ENCODING, KEY: b"\xff\xfe", CHECK: b""}, data=b""),
        Payload(metadata={"encoding": ENCODING, KEY: b"new", CHECK: b"0"}, data=b"x" * 12),
    ],
    ids=("no key", "no check", "no text", "too short"),
)
async def test_what_is_no_ciphertext_of_ours_is_handed_on_and_logged_without_its_content(forged: Payload) -> None:
    with capture_logs() as logs:
        assert await opened(forged) == forged
    assert [(line["log_level"], line["event"], line["size"]) for line in logs] == [("error", "payload_refused", len(forged.data))]


async def test_a_key_names_itself_in_what_it_encrypted_so_no_other_can_stand_in_for_it() -> None:
    """The id is authenticated: even where two ids have one key, a payload of the one is none of the other."""
    twins = entry("new", "one key"), entry("old", "one key")
    moved = await sealed(SAID, twins[1])
    assert await opened(moved, *twins) == SAID
    moved.metadata[KEY] = b"new"
    assert await opened(moved, *twins) == moved


async def told(ring: KeyRing, error: BaseException) -> tuple[Failure, BaseException]:
    failure, there = Failure(), converter(ring)
    await there.encode_failure(error, failure)
    copy = Failure.FromString(failure.SerializeToString())
    return failure, await there.decode_failure(copy)


async def test_what_a_failure_says_is_inside_and_its_type_is_not() -> None:
    failure, back = await told(KeyRing(NEW), ApplicationError("Ada Byron said no", {"to": "ada@example.org"}, type="Refused"))
    stored = failure.SerializeToString()
    assert [shows for shows in (b"Ada", b"ada@", b"said no") if shows in stored] == []
    assert failure.application_failure_info.type == "Refused"
    assert isinstance(back, ApplicationError)
    assert (back.message, back.details, back.type) == ("Ada Byron said no", ({"to": "ada@example.org"},), "Refused")


async def test_with_off_a_failure_is_readable_in_temporal() -> None:
    failure, _ = await told(KeyRing("off"), ApplicationError("plain words"))
    assert failure.message == "plain words"


@pytest.mark.parametrize("value", ["text", {"a": [1, None]}, None, b"\x00\xff"])
async def test_values_of_every_kind_come_back(value: Any) -> None:
    there = converter(KeyRing(NEW))
    stored = await there.encode([value])
    assert (await there.decode(stored), key_of(stored[0])) == ([value], "new")
    assert await there.decode(await DATA_CONVERTER.encode([value])) == [value]
