"""A setting that makes no sense stops the start with one sentence that names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from client.settings import CannotStart, read
from client.settings import Settings as ClientSettings
from worker.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("AFTERWORD_")]:
        monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    settings = read(Settings)
    assert (settings.smtp_url.get_secret_value(), settings.metrics_port) == ("smtp://127.0.0.1:1025", 9464)
    client = read(ClientSettings)
    assert (client.api_port, client.smtp_port, client.metrics_port, client.temporal_port, client.temporal_ui_port, client.home) == (
        8080,
        1025,
        9464,
        7233,
        8233,
        Path(".afterword"),
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("METRICS_PORT", "http", "AFTERWORD_METRICS_PORT: should be a valid integer, unable to parse string as an integer."),
        ("METRICS_PORT", "0", "AFTERWORD_METRICS_PORT: should be greater than or equal to 1."),
        ("METRICS_PORT", "70000", "AFTERWORD_METRICS_PORT: should be less than or equal to 65535."),
        ("LOG_LEVEL", "loud", "AFTERWORD_LOG_LEVEL: should be 'debug', 'info', 'warning' or 'error'."),
        ("CACHED_RUNS", "-1", "AFTERWORD_CACHED_RUNS: should be greater than or equal to 0."),
        ("SHUTDOWN_GRACE", "long", "AFTERWORD_SHUTDOWN_GRACE: should be a valid number, unable to parse string as a number."),
    ],
)
def test_nonsense_is_one_sentence(name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"AFTERWORD_{name}", value)
    with pytest.raises(CannotStart) as said:
        read(Settings)
    assert str(said.value) == sentence


def test_everything_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_METRICS_PORT", "x")
    monkeypatch.setenv("AFTERWORD_MAIL_FROM", "nobody")
    with pytest.raises(CannotStart) as said:
        read(Settings)
    assert [part.split(":")[0] for part in str(said.value).split("; ")] == ["AFTERWORD_MAIL_FROM", "AFTERWORD_METRICS_PORT"]


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://ada:hunter2@mail:99999"])
def test_a_mail_server_that_is_none_is_named_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_SMTP_URL", url)
    with pytest.raises(CannotStart) as said:
        read(Settings)
    assert str(said.value).startswith("AFTERWORD_SMTP_URL: the mail server must be said as smtp://")
    assert "hunter2" not in str(said.value)


def test_a_password_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_SMTP_URL", "smtp://ada:hunter2@mail.example.org")
    monkeypatch.setenv("AFTERWORD_API_KEYS", "app:read+write:hunter2")
    assert "hunter2" not in f"{read(Settings)!r} {read(ClientSettings)!r}"


def test_two_parts_cannot_have_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_API_PORT", "1025")
    with pytest.raises(CannotStart) as said:
        read(ClientSettings)
    assert str(said.value) == "AFTERWORD_API_PORT and AFTERWORD_SMTP_PORT are both 1025."


def test_a_link_key_is_read_from_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By value, from the environment or from a file; several, the newest first; and it is never shown."""
    new, old, older = (letter * 32 for letter in "abc")
    (tmp_path / "old").write_text(f"{old}\n")
    monkeypatch.setenv("OLDER", older)
    monkeypatch.setenv("AFTERWORD_LINK_KEYS", f"{new}, file:{tmp_path / 'old'},env:OLDER")
    for settings in (read(Settings), read(ClientSettings)):
        assert settings.link_keys
        assert settings.link_keys.get_secret_value() == f"{new},{old},{older}"
        assert not any(key in repr(settings) for key in (new, old, older))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("env:NOT_THERE", "AFTERWORD_LINK_KEYS: the environment variable NOT_THERE is not set."),
        ("file:/not/there", "AFTERWORD_LINK_KEYS: the file /not/there cannot be read."),
        (
            "hunter2",
            "AFTERWORD_LINK_KEYS: a link key has at least 32 characters; give one or several, separated by commas, the newest first.",
        ),
    ],
)
def test_a_link_key_that_is_none_is_named_and_not_shown(said: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERWORD_LINK_KEYS", said)
    with pytest.raises(CannotStart) as told:
        read(Settings)
    assert str(told.value) == sentence
