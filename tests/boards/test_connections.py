"""The connections' file: every mistake is a sentence, a broken change changes nothing, and no secret is ever shown."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from client.connections import Connections, ConnectionsInvalid, read
from tests.tables import Tables
from workflows.boards import BOARDS
from workflows.boards.delivery import REASONS, STAGES

DOCUMENTATION = Path(__file__).parents[2] / "docs/connections.md"

WHOLE = """
[acme]
board = "ashby"
secrets = ["by-value-secret", "env:ACME_OLD", "file:secrets/acme"]
api_key = "env:ACME_API_KEY"
api_url = "http://127.0.0.1:9000/"
employer = {name = "Acme", timezone = "America/New_York", country = "US", subdivision = "NY"}
candidate = {timezone = "America/New_York", country = "US"}
unknown = "open"
stages = {"14711" = "reference_check", "14712" = "next_round"}
reasons = {"881" = "withdrawn"}

[zapier]
board = "standard"
secrets = ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]
"""


_FILE = Tables("connections.toml", read, ConnectionsInvalid)
written, mistakes = _FILE.written, _FILE.mistakes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACME_OLD", "from-the-environment")
    monkeypatch.setenv("ACME_API_KEY", "key-from-the-environment")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/acme").write_text("from-a-file\n")
    return tmp_path


def test_a_whole_file_is_read(folder: Path) -> None:
    connections, _ = read(written(folder, WHOLE))
    acme = connections["acme"]
    assert [secret.get_secret_value() for secret in acme.secrets] == ["by-value-secret", "from-the-environment", "from-a-file"]
    assert (acme.board.name, acme.api_url, acme.opens) == ("ashby", "http://127.0.0.1:9000", True)
    assert acme.api_key
    assert acme.api_key.get_secret_value() == "key-from-the-environment"
    assert acme.terms.stages == {"14711": "reference_check", "14712": "next_round"}
    assert acme.terms.reasons == {"881": "withdrawn"}
    assert (connections["zapier"].opens, connections["zapier"].api_url) == (False, None)


def test_no_secret_is_in_the_text_of_anything(folder: Path) -> None:
    connections, _ = read(written(folder, WHOLE))
    shown = f"{connections!r} {connections}"
    for secret in ("by-value-secret", "from-the-environment", "from-a-file", "MDEyMzQ1"):
        assert secret not in shown


def test_without_a_file_there_are_no_connections() -> None:
    assert Connections(None).current() == {}


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ("secrets = ['s']", "[acme] board is needed, one of "),
        ("board = 'monster'\nsecrets = ['s']", "[acme] board is needed, one of "),
        ("board = 'ashby'", "[acme] secrets is a list of at least one."),
        ("board = 'ashby'\nsecrets = []", "[acme] secrets is a list of at least one."),
        ("board = 'ashby'\nsecrets = ['']", "[acme] secrets: a secret is text that is not empty."),
        ("board = 'ashby'\nsecrets = [7]", "[acme] secrets: a secret is text that is not empty."),
        ("board = 'ashby'\nsecrets = ['env:NOT_THERE']", "[acme] secrets: the environment variable NOT_THERE is not set."),
        ("board = 'ashby'\nsecrets = ['file:not/there']", "[acme] secrets: the file not/there cannot be read."),
        ("board = 'standard'\nsecrets = ['not base64!']", "[acme] secrets: standard needs them in base64, as after 'whsec_'."),
        ("board = 'ashby'\nsecrets = ['s']\nsecret = 's'", "[acme] secret is not known; a connection has "),
        ("board = 'ashby'\nsecrets = ['s']\nunknown = 'close'", '[acme] unknown is "unclaimed" or "open".'),
        ("board = 'ashby'\nsecrets = ['s']\nstages = {\"1\" = 'hired'}", "[acme] stages.1 means one of debrief, "),
        ("board = 'ashby'\nsecrets = ['s']\nstages = ['1']", "[acme] stages is a table of ids and what they mean."),
        ("board = 'ashby'\nsecrets = ['s']\nreasons = {\"1\" = 'sad'}", "[acme] reasons.1 means one of withdrawn, "),
        (
            "board = 'ashby'\nsecrets = ['s']\nemployer = {name = 'A', timezone = 'Mars/Base'}",
            "[acme] employer.timezone: 'Mars/Base' is not an IANA",
        ),
        ("board = 'ashby'\nsecrets = ['s']\nemployer = {timezone = 'Europe/Rome'}", "[acme] employer.name: field required."),
        ("board = 'ashby'\nsecrets = ['s']\nemployer = {name = 'A', city = 'B'}", "[acme] employer.city is not known; employer has "),
        ("board = 'ashby'\nsecrets = ['s']\ncandidate = {email = 'a@b.example'}", "[acme] candidate.email is not known; candidate has "),
        ("board = 'ashby'\nsecrets = ['s']\ncandidate = {country = 'usa'}", "[acme] candidate.country: string should match pattern"),
        ("board = 'ashby'\nsecrets = ['s']\nunknown = 'open'", '[acme] candidate.timezone is needed for unknown = "open".'),
        (
            "board = 'ashby'\nsecrets = ['s']\napi_url = 'ftp://a.example'",
            "[acme] api_url is an http or https address without a password in it.",
        ),
        (
            "board = 'ashby'\nsecrets = ['s']\napi_url = 'https://u:p@a.example'",
            "[acme] api_url is an http or https address without a password",
        ),
        (
            "board = 'ashby'\nsecrets = ['s']\napi_url = 'http://[::1'",
            "[acme] api_url is an http or https address without a password in it.",
        ),
        (
            "board = 'greenhouse'\nsecrets = ['s']\napi_key = 'a-key-of-version-1'",
            "[acme] api_key: greenhouse needs a client id and a client secret, as 'id:secret'.",
        ),
        ("board = 'greenhouse'\nsecrets = ['s']\napi_key = 'id:'", "[acme] api_key: greenhouse needs a client id and a client secret"),
        ("board = 'greenhouse'\nsecrets = ['s']\napi_user = 'a b'", "[acme] api_user is the board's id of a user: "),
        ("board = 'greenhouse'\nsecrets = ['s']\napi_user = true", "[acme] api_user is the board's id of a user: "),
        (
            "board = 'greenhouse'\nsecrets = ['s']\ntoken_url = 'auth.example'",
            "[acme] token_url is an http or https address without a password in it.",
        ),
        ("board = 'lever'\nsecrets = ['s']\napi_user = 7", "[acme] api_user is not needed: lever takes the key itself."),
        (
            "board = 'lever'\nsecrets = ['s']\ntoken_url = 'https://a.example'",
            "[acme] token_url is not needed: lever takes the key itself.",
        ),
    ],
)
def test_a_mistake_is_one_sentence(folder: Path, table: str, mistake: str) -> None:
    assert mistakes(folder, f"[acme]\n{table}\n")[0].startswith(mistake)


def test_a_board_that_gives_tokens_is_told_whose_and_where(folder: Path) -> None:
    table = "[globex]\nboard = 'greenhouse'\nsecrets = ['s']\napi_key = 'id:secret'\napi_user = 3129\n"
    globex = read(written(folder, table))[0]["globex"]
    assert (globex.api_user, globex.api_url, globex.token_url) == (
        "3129",
        "https://harvest.greenhouse.io",
        "https://auth.greenhouse.io/token",
    )
    elsewhere = read(written(folder, table + "token_url = 'http://127.0.0.1:1/token'\n"))[0]["globex"]
    assert elsewhere.token_url == "http://127.0.0.1:1/token"
    assert read(written(folder, WHOLE))[0]["acme"].token_url is None


def test_the_examples_of_the_documentation_are_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_OLD_SECRET", "s")
    (folder / "secrets/globex-webhook").write_text("s")
    (folder / "secrets/globex-harvest").write_text("id:secret")
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert list(read(written(folder, "\n".join(examples)))[0]) == ["acme", "globex"]


def test_the_documentation_names_every_board_field_and_meaning() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    fields = ("board", "secrets", "stages", "reasons", "unknown", "employer", "candidate", "api_key", "api_user", "api_url", "token_url")
    assert [name for name in (*BOARDS, *STAGES, *REASONS, *fields) if name not in text] == []


def test_all_mistakes_of_all_connections_are_told_at_once(folder: Path) -> None:
    told = mistakes(folder, "[acme]\nboard = 'monster'\n[globex]\nsecrets = ['s']\nextra = 1\n")
    assert [line.split("]")[0] + "] " + line.split()[1] for line in told] == [
        "[acme] board",
        "[acme] secrets",
        "[globex] extra",
        "[globex] board",
    ]


@pytest.mark.parametrize("name", ["a.b", "a b", "", "é", "x" * 65])
def test_a_connections_id_is_plain_and_has_no_dot(folder: Path, name: str) -> None:
    (mistake,) = mistakes(folder, f"['{name}']\nboard = 'ashby'\nsecrets = ['s']\n")
    assert mistake == "[?] a connection's id has 1 to 64 letters, digits, '_', '~' or '-'."


def test_a_file_that_is_not_toml_is_told_by_its_place_without_its_words(folder: Path) -> None:
    (mistake,) = mistakes(folder, "[acme]\nsecrets = ['hush-hush' oops\n")
    assert "is not TOML (at line 2, column" in mistake
    assert "hush" not in mistake


def test_a_mistake_never_shows_a_secret(folder: Path) -> None:
    told = mistakes(folder, "[acme]\nboard = 'standard'\nsecrets = ['hush hush!']\napi_key = 7\nunknown = 'hush'\n")
    assert "hush" not in " ".join(told)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConnectionsInvalid, match="cannot be read"):
        Connections(tmp_path / "nowhere.toml")


def test_a_changed_file_is_read_again(folder: Path) -> None:
    path = written(folder, WHOLE)
    connections = Connections(path)
    assert set(connections.current()) == {"acme", "zapier"}
    path.write_text(WHOLE.replace("[zapier]", "[make]"))
    assert set(connections.current()) == {"acme", "make"}


def test_a_secrets_file_that_changed_is_read_again(folder: Path) -> None:
    connections = Connections(written(folder, WHOLE))
    (folder / "secrets/acme").write_text("from-a-newer-file\n")
    assert connections.current()["acme"].secrets[2].get_secret_value() == "from-a-newer-file"


def test_a_broken_change_keeps_the_last_good_one_and_says_so_once(folder: Path) -> None:
    path = written(folder, WHOLE)
    connections = Connections(path)
    good = connections.current()
    path.write_text(WHOLE.replace('board = "ashby"', 'board = "monster"'))
    with capture_logs() as log:
        for _ in range(3):
            assert connections.current() == good
    assert [line["event"] for line in log] == ["connections_kept"]
    assert log[0]["mistakes"][0].startswith("[acme] board is needed")
    path.write_text(WHOLE.replace("[zapier]", "[make]"))
    assert set(connections.current()) == {"acme", "make"}


def test_a_file_that_vanished_keeps_the_last_good_one(folder: Path) -> None:
    path = written(folder, WHOLE)
    connections = Connections(path)
    path.unlink()
    with capture_logs() as log:
        assert set(connections.current()) == set(connections.current()) == {"acme", "zapier"}
    assert len(log) == 1


def test_a_secret_that_was_missing_on_reload_is_found_when_it_comes(folder: Path) -> None:
    path = written(folder, WHOLE)
    connections = Connections(path)
    path.write_text(WHOLE + '\n[late]\nboard = "ashby"\nsecrets = ["file:secrets/late"]\n')
    assert "late" not in connections.current()
    (folder / "secrets/late").write_text("here now")
    assert "late" in connections.current()


def test_an_unchanged_file_is_not_read_again(folder: Path) -> None:
    connections = Connections(written(folder, WHOLE))
    first = connections.current()
    os.environ["ACME_OLD"] = "changed meanwhile"
    assert connections.current() is first
