"""What is told of certificates and files of keys, as they are while somebody replaces them."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.common import MetricMeter

from client.embedded import Stack
from client.watching import certificates, key_files, look
from tests.server import server
from tests.stack.test_certificates import Authority

__all__ = ["server"]


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of the authority that Temporal's environment names."""
    file = Authority.new().trusted(tmp_path)
    monkeypatch.setenv("TEMPORAL_TLS", "true")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(file))
    return file


def test_a_certificate_that_is_being_written_is_told_at_the_next_look(trusted: Path) -> None:
    [(name, ends)] = certificates()
    assert (name, ends > datetime.now(UTC)) == ("temporal-ca", True)
    whole = trusted.read_text()
    for half in (whole[: len(whole) // 2], "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ""):
        trusted.write_text(half)
        assert list(certificates()) == []
    trusted.write_text(whole)
    assert list(certificates()) == [(name, ends)]


@pytest.fixture
def nonsense(trusted: Path) -> None:
    trusted.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


@pytest.mark.usefixtures("nonsense")
async def test_a_certificate_that_is_none_does_not_end_the_looking(server: Stack) -> None:
    """Else all figures would stay as they are until the API is started again."""
    await look(server.client, MetricMeter.noop, timedelta(days=1))


def test_files_of_keys_are_told_however_their_setting_parts_them(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).write_text("a key")
    os.utime(tmp_path / "old", (time.time() - 1000, time.time() - 1000))
    [(setting, changed)] = key_files({"AFTERWORD_ENCRYPTION_KEYS": f"file:{tmp_path / 'new'} file:{tmp_path / 'old'}"})
    assert (setting, 900 < time.time() - changed < 1100) == ("encryption_keys", True)
