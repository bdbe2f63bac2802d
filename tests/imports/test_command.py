"""`afterword import`, as a person and as a script use it: the report before anything is sent, exact counts after it."""

from __future__ import annotations

import json

from tests.client.test_command_line import Shell, Shells
from tests.imports.posting import lines, said
from tests.running import body


def table(*applications: str, **cells: str) -> bytes:
    """As a spreadsheet saves it, with names that need an encoding."""
    columns = ("id", "candidate.id", "candidate.name", "candidate.email", "candidate.timezone", "employer.name", "position")
    rows = [
        (one, f"cand-{one}", "Zoë", "zoe@example.org", "Europe/London", "Räder", cells.get("position", "Engineer")) for one in applications
    ]
    return "".join(";".join(row) + "\r\n" for row in (columns, *rows)).encode(cells.get("encoding", "utf-8-sig"))


def test_a_table_is_imported_and_again_it_is_the_same(shell: Shell, application: str) -> None:
    """What was taken for what is said first; the counts come to the number of rows."""
    (shell.folder / "people.csv").write_bytes(table(application, f"{application}-2"))
    told = shell("import", "people.csv")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "people.csv: CSV with semicolon, read as utf-8: 2 openings, 2 candidates.",
        "2 rows: 2 opened, 0 opened before, 0 refused.",
    ]
    assert told.stderr.splitlines()[-1] == "imported: 2 of 2"
    assert shell.json("show", application)["candidate"]["name"] == "Zoë"
    assert shell.json("import", "people.csv")["imported"] == {"rows": 2, "opened": 2, "same": 0, "refused": []}
    (shell.folder / "more.csv").write_bytes(table(application, f"{application}-3"))
    assert shell.json("import", "more.csv")["imported"] == {"rows": 2, "opened": 1, "same": 1, "refused": []}


def test_a_dry_run_and_a_file_with_mistakes_import_nothing(shell: Shell, application: str) -> None:
    """Unless those rows are left out on purpose."""
    (shell.folder / "people.jsonl").write_bytes(lines([said(application), b"{}", said(f"{application}-2")]))
    (shell.folder / "good.jsonl").write_bytes(lines([said(application)]))
    dry = shell("import", "good.jsonl", "--dry-run")
    assert (dry.returncode, dry.stdout.splitlines()[-1]) == (0, "Nothing was imported, as was asked.")
    for words, code in ((("--dry-run",), 1), ((), 1)):
        told = shell("import", "people.jsonl", *words)
        assert (told.returncode, "  line 2: candidate: this field is required" in told.stdout) == (code, True)
    report = shell.json("import", "people.jsonl")
    assert (report["openings"], [one["line"] for one in report["mistakes"]], report["imported"]) == (2, [2], None)
    assert shell("show", application).returncode == 1
    skipped = shell("import", "people.jsonl", "--skip-mistakes")
    assert (skipped.returncode, skipped.stdout.splitlines()[-1]) == (0, "2 rows: 2 opened, 0 opened before, 0 refused.")


def test_a_refused_row_is_told_with_the_line_of_the_file(shell: Shell, application: str) -> None:
    """As it stands there, not in the part that was sent; asked again on purpose it may be opened by now."""
    shell("open", "-", said=json.dumps(body(application, position="Principal")))
    (shell.folder / "people.csv").write_bytes(table(f"{application}-2", application))
    told = shell("import", "people.csv")
    assert told.returncode == 1
    assert told.stdout.splitlines()[1:3] == ["2 rows: 1 opened, 0 opened before, 1 refused.", "1 row refused:"]
    assert told.stdout.splitlines()[3].startswith("  line 3: The application was opened before with other content.")
    again = shell.json("import", "people.csv", "--again")["imported"]
    assert (again["opened"], again["same"], [one["line"] for one in again["refused"]]) == (0, 1, [3])


def test_a_file_that_cannot_be_read_is_a_sentence(shell: Shell) -> None:
    """Exit code 2, and what to say instead."""
    (shell.folder / "old.csv").write_bytes(table("a", encoding="cp1252"))
    told = shell("import", "old.csv")
    assert (told.returncode, "say --encoding cp1252" in told.stderr) == (2, True)
    assert shell("import", "old.csv", "--dry-run", "--encoding", "cp1252").returncode == 0
    for words in (("none.csv",), ("old.csv", "--encoding", "x"), ("old.csv", "--encoding", "cp1252", "--separator", "|")):
        assert shell("import", *words).returncode == 2
    assert shell("import", "-", said="").returncode == 2


def test_where_nobody_answers_it_gives_up_at_once(shells: Shells, unused_tcp_port: int) -> None:
    """Exit code 3: nothing was begun that could go on."""
    shell = shells(api_port=str(unused_tcp_port))
    (shell.folder / "people.csv").write_bytes(table("app-1"))
    assert shell("import", "people.csv").returncode == 3
