"""The file of the platform's endpoints: every mistake is a sentence, a broken change changes nothing, and no secret is ever shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from client.webhooks import Webhooks, WebhooksInvalid, read
from tests.tables import Tables

DOCUMENTATION = Path(__file__).parents[2] / "docs/events.md"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
WHOLE = f"""
[backend]
url = "https://platform.example.com/events/"
secrets = ["{SECRET}", "env:EVENTS_OLD", "file:secrets/events"]

[nearby]
url = "http://10.0.0.7:9000/events"
secrets = ["{SECRET}"]
private = true
"""
RIGHT = f"url = 'https://platform.example.com/events'\nsecrets = ['{SECRET}']\n"


_FILE = Tables("webhooks.toml", read, WebhooksInvalid)
written, mistakes = _FILE.written, _FILE.mistakes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENTS_OLD", "ZnJvbS10aGUtZW52aXJvbm1lbnQ=")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/events").write_text("ZnJvbS1hLWZpbGU=\n")
    return tmp_path


def test_a_whole_file_is_read(folder: Path) -> None:
    """The address to the letter: a slash at its end may matter."""
    found, _ = read(written(folder, WHOLE))
    backend, nearby = found["backend"], found["nearby"]
    assert (backend.url, backend.private) == ("https://platform.example.com/events/", False)
    assert backend.keys == (SECRET, "ZnJvbS10aGUtZW52aXJvbm1lbnQ=", "ZnJvbS1hLWZpbGU=")
    assert (nearby.url, nearby.private) == ("http://10.0.0.7:9000/events", True)


def test_no_secret_is_in_the_text_of_anything(folder: Path) -> None:
    found, _ = read(written(folder, WHOLE))
    for secret in found["backend"].keys:
        assert secret not in f"{found!r} {found}"


def test_without_a_file_there_are_no_endpoints() -> None:
    assert Webhooks(None).current() == {}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (f"secrets = ['{SECRET}']", ["url is needed: where events are sent to."]),
        ("url = 'https://platform.example.com'", ["secrets is a list of at least one."]),
        ("url = 'https://platform.example.com'\nsecrets = []", ["secrets is a list of at least one."]),
        (f"url = 'https://platform.example.com'\nsecrets = '{SECRET}'", ["secrets is a list of at least one."]),
        ("url = 'https://platform.example.com'\nsecrets = ['']", ["secrets: a secret is text that is not empty."]),
        ("url = 'https://platform.example.com'\nsecrets = [7]", ["secrets: a secret is text that is not empty."]),
        (
            "url = 'https://platform.example.com'\nsecrets = ['env:NOT_THERE']",
            ["secrets: the environment variable NOT_THERE is not set."],
        ),
        ("url = 'https://platform.example.com'\nsecrets = ['file:not/there']", ["secrets: the file not/there cannot be read."]),
        ("url = 'https://platform.example.com'\nsecrets = ['not base64!']", ["secrets are base64, as after 'whsec_'."]),
        (f"{RIGHT}secret = 's'", ["secret is not known; an endpoint has url, secrets, private, prompts."]),
        (f"{RIGHT}private = 'yes'", ["private is true or false."]),
        (f"{RIGHT}private = 1", ["private is true or false."]),
        (f"url = 7\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = ''\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = 'platform.example.com'\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = 'ftp://a.example'\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = 'https://u:p@a.example'\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = 'https://[::1'\nsecrets = ['{SECRET}']", ["url is an http or https address without a password in it."]),
        (f"url = 'http://a.example'\nsecrets = ['{SECRET}']", ["url must begin with https, unless private = true."]),
        (f"url = 'http://a.example'\nsecrets = ['{SECRET}']\nprivate = false", ["url must begin with https, unless private = true."]),
        (
            "url = 'http://a.example'\nsecrets = ['?']\nprivate = 'no'\nname = 'b'",
            [
                "name is not known; an endpoint has url, secrets, private, prompts.",
                "private is true or false.",
                "url must begin with https, unless private = true.",
                "secrets are base64, as after 'whsec_'.",
            ],
        ),
    ],
)
def test_every_mistake_is_one_sentence(folder: Path, table: str, told: list[str]) -> None:
    assert mistakes(folder, f"[backend]\n{table}\n") == tuple(f"[backend] {sentence}" for sentence in told)


def test_what_is_no_table_is_told_so(folder: Path) -> None:
    assert mistakes(folder, "backend = 'https://platform.example.com'\n")[0] == "[backend] an endpoint is a table, such as [backend]."


def test_the_mistakes_of_all_endpoints_are_told_at_once(folder: Path) -> None:
    told = mistakes(folder, f"[a]\nurl = 'https://a.example'\n[b]\nsecrets = ['{SECRET}']\n")
    assert told == ("[a] secrets is a list of at least one.", "[b] url is needed: where events are sent to.")


@pytest.mark.parametrize("name", ["a.b", "a b", "a/b", "", "é", "x" * 65])
def test_an_endpoints_id_is_plain(folder: Path, name: str) -> None:
    """It is part of the streams' ids in Temporal."""
    (mistake,) = mistakes(folder, f"['{name}']\n{RIGHT}")
    assert mistake == "[?] an endpoint's id has 1 to 64 letters, digits, '_', '~' or '-'."


def test_a_mistake_never_shows_a_secret(folder: Path) -> None:
    told = mistakes(folder, "[backend]\nurl = 'https://hush:hush@a.example'\nsecrets = ['hush hush!']\nprivate = 'hush'\n")
    assert "hush" not in " ".join(told)


def test_a_file_that_is_not_toml_is_told_by_its_place_without_its_words(folder: Path) -> None:
    (mistake,) = mistakes(folder, "[backend]\nsecrets = ['hush-hush' oops\n")
    assert "is not TOML (at line 2, column" in mistake
    assert "hush" not in mistake


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(WebhooksInvalid, match="cannot be read"):
        Webhooks(tmp_path / "nowhere.toml")


def test_a_changed_file_is_read_again(folder: Path) -> None:
    path = written(folder, WHOLE)
    webhooks = Webhooks(path)
    assert set(webhooks.current()) == {"backend", "nearby"}
    path.write_text(WHOLE.replace("[nearby]", "[other]"))
    assert set(webhooks.current()) == {"backend", "other"}


def test_a_secrets_file_that_changed_is_read_again(folder: Path) -> None:
    webhooks = Webhooks(written(folder, WHOLE))
    (folder / "secrets/events").write_text("YS1uZXdlci1zZWNyZXQ=\n")
    assert webhooks.current()["backend"].keys[2] == "YS1uZXdlci1zZWNyZXQ="


def test_a_broken_change_keeps_the_last_good_one_and_says_why_until_it_is_mended(folder: Path) -> None:
    path = written(folder, WHOLE)
    webhooks = Webhooks(path)
    good = webhooks.current()
    path.write_text(WHOLE.replace("private = true", "private = maybe"))
    with capture_logs() as log:
        for _ in range(3):
            assert webhooks.current() == good
    assert [line["event"] for line in log] == ["webhooks_kept"]
    assert "is not TOML" in webhooks.mistakes[0]
    path.write_text(WHOLE.replace("private = true", "private = false"))
    assert webhooks.mistakes == ("[nearby] url must begin with https, unless private = true.",)
    assert webhooks.current() == good
    path.write_text(WHOLE.replace("10.0.0.7", "10.0.0.8"))
    assert webhooks.mistakes == ()
    assert webhooks.current()["nearby"].url == "http://10.0.0.8:9000/events"


def test_a_file_that_vanished_keeps_the_last_good_one(folder: Path) -> None:
    path = written(folder, WHOLE)
    webhooks = Webhooks(path)
    path.unlink()
    with capture_logs() as log:
        assert set(webhooks.current()) == set(webhooks.current()) == {"backend", "nearby"}
    assert len(log) == 1


def test_the_example_of_the_documentation_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENTS_SECRET", SECRET)
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert list(read(written(folder, "\n".join(examples)))[0]) == ["backend"]
