"""The key ring: what it is read from, what stops the start, and what a changed file does while the process runs."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from client.encryption.keys import KeyRing
from client.settings import CannotStart, Settings, read, ring_of
from tests.encryption.sealing import entry


def ids(ring: KeyRing) -> tuple[str | None, list[str]]:
    now = ring.current()
    return now.active.id if now.active else None, list(now.known)


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    assert ids(KeyRing(f"{entry('new')}, {entry('old')}")) == ("new", ["new", "old"])


def test_off_encrypts_nothing_and_the_keys_after_it_decrypt() -> None:
    ring = KeyRing(f"off,{entry('old')}")
    assert (ids(ring), ring.encrypts) == ((None, ["old"]), False)


def test_entries_come_by_value_from_the_environment_and_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"# of last year\n{entry('k2')}\n\n{entry('k3')}\n")
    monkeypatch.setenv("ELSEWHERE", entry("k4"))
    assert ids(KeyRing(f"{entry('k1')},file:{tmp_path / 'keys'} env:ELSEWHERE")) == ("k1", ["k1", "k2", "k3", "k4"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("k1:" + base64.b64encode(bytes(31)).decode(), "the key k1 has 31 bytes, and needs 32"),
        ("k1:" + base64.b64encode(bytes(33)).decode(), "the key k1 has 33 bytes, and needs 32"),
        ("k1:", "the key k1 has 0 bytes, and needs 32"),
        ("k1:****", "the key k1 is not base64"),
        ("k1:é", "the key k1 is not base64"),
        (f"{entry('k1')},{entry('k1', 'another')}", "the id k1 is given to two keys"),
        (f"{entry('k1')},off", "off stands before every key"),
        ("no-colon", "entry 1: write id:key, the id with 1 to 64 letters, digits, '_', '.' or '-'"),
        (f"{entry('k1')},a b:c", "entry 2: write id:key, the id with 1 to 64 letters, digits, '_', '.' or '-'"),
        ("env:NOT_THERE", "the environment variable NOT_THERE is not set"),
        ("file:/not/there", "the file /not/there cannot be read"),
        (" , ", "give at least one key as id:key, or the word off"),
    ],
)
def test_what_makes_no_sense_stops_the_start_with_its_one_sentence(said: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_ENCRYPTION_KEYS", said)
    with pytest.raises(CannotStart) as why:
        read(Settings)
    assert str(why.value) == f"AFTERWORD_ENCRYPTION_KEYS: {sentence}."


def test_only_the_embedded_stack_may_say_nothing() -> None:
    with pytest.raises(CannotStart, match="AFTERWORD_ENCRYPTION_KEYS is needed, as id:key"):
        ring_of(None, embedded=False)
    assert not ring_of(None, embedded=True).encrypts
    assert not ring_of(SecretStr("off"), embedded=False).encrypts
    assert ring_of(SecretStr(entry("k1")), embedded=True).encrypts


def test_a_changed_file_is_the_ring_at_once_and_a_wrong_one_changes_nothing_and_is_logged_once(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(entry("k1"))
    ring = KeyRing(f"file:{file}")
    file.write_text(f"{entry('k2')}\n{entry('k1')}")
    with capture_logs() as logs:
        assert ids(ring) == ("k2", ["k2", "k1"])
        file.write_text(f"{entry('k2')}\nk1:short")
        assert [ids(ring), ids(ring)] == [("k2", ["k2", "k1"])] * 2
        file.unlink()
        assert ids(ring) == ("k2", ["k2", "k1"])
        file.write_text(entry("k3"))
        assert ids(ring) == ("k3", ["k3"])
    assert [(line["event"], line.get("encryption_keys"), line.get("mistake")) for line in logs] == [
        ("encryption_keys_read", ["k2", "k1"], None),
        ("encryption_keys_kept", None, "the key k1 is not base64"),
        ("encryption_keys_kept", None, f"the file {file} cannot be read"),
        ("encryption_keys_read", ["k3"], None),
    ]


def test_a_key_is_in_no_text_of_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = entry("k1").partition(":")[2]
    monkeypatch.setenv("AFTERWORD_ENCRYPTION_KEYS", entry("k1"))
    settings = read(Settings)
    texts = [repr(settings), str(settings), repr(KeyRing(entry("k1")).current()), str(vars(KeyRing(entry("k1")).current()))]
    assert [text for text in texts if secret in text or base64.b64decode(secret).hex() in text] == []
