"""JSON Lines: every line is an opening as it is posted alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.import_files import ImportFile, Unreadable, read
from client.import_files.encodings import decoded
from client.import_parts import BYTES, ROWS, parts
from tests.running import body

OPENING = json.dumps(body("app-1")).encode()


def test_a_line_is_an_opening_and_a_wrong_one_is_told_with_its_number() -> None:
    """Empty lines count, and a line may end as on any system."""
    other = json.dumps(body("app-2", position="Zoë\u2028")).encode()
    found = read(OPENING + b"\r\n\n{}\n[]\n{,}\n" + json.dumps(body("app-3")).encode() + b"\n" + other, "some.jsonl")
    assert (found.form, found.encoding, found.separator) == ("JSON Lines", "utf-8", None)
    assert [(row.line, row.application) for row in found.rows] == [(1, "app-1"), (6, "app-3")]
    assert [(one.line, one.detail.partition(":")[0]) for one in found.mistakes] == [
        (3, "candidate"),
        (4, "input should be an object"),
        (5, "this line is not JSON"),
        (7, "position"),
    ]


def test_the_form_is_told_by_the_name_or_by_the_first_character() -> None:
    assert read(OPENING).form == "JSON Lines"
    with pytest.raises(Unreadable, match="The first line names no column"):
        read(OPENING, "some.csv")
    with pytest.raises(Unreadable, match="This is a JSON array: write JSON Lines"):
        read(b"[" + OPENING + b"]")


def test_what_only_a_server_can_know_is_no_mistake() -> None:
    """A policy of the platform's own; the guide's refusals are known here."""
    assert read(json.dumps(body("app-1", policy="our-own")).encode()).mistakes == ()
    ghost = body("app-1", facts=[{"type": "thank_you_sent", "interview": "i9"}])
    assert "i9" in read(json.dumps(ghost).encode()).mistakes[0].detail


def test_rows_are_parted_in_order_and_none_is_lost() -> None:
    """As many as one call takes, and always the same ones."""
    rows = read(b"\n".join(json.dumps(body(f"app-{n}", metadata={"note": "x" * 5000})).encode() for n in range(700))).rows
    made = list(parts(rows))
    assert [row for part in made for row in part] == list(rows)
    assert all(len(part) <= ROWS and sum(len(row.said) + 1 for row in part) <= BYTES for part in made)
    assert len(made) == 5
    assert made == list(parts(rows))


NAMED = [b"candidate.id", b"candidate.email", b"candidate.timezone", b"employer.name", b"position", b"interview.ended_at", b"outcome"]
SIGNS = [b",", b";", b"\t", b'"', b"\n", b"\r", b"{", b"}", b"[", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9"]
BITS = st.sampled_from([*NAMED, *SIGNS, b"2026-03-02T15:00:00", OPENING, OPENING[:90]])
ANYTHING = st.one_of(st.binary(max_size=200), st.lists(BITS, max_size=40).map(b"".join))
NAMES = st.sampled_from(["-", "a.csv", "a.jsonl", "a.tsv", "a"])
SAID = st.sampled_from([None, "cp1252", "utf-16", "latin-1", "utf-8", "x", "utf-7", "\0"])


@settings(max_examples=300)
@given(ANYTHING, NAMES, SAID, st.sampled_from([None, "comma", "tab", "x"]))
def test_whatever_the_bytes_are_the_answer_is_sentences(content: bytes, name: str, encoding: str | None, separator: str | None) -> None:
    """Never a traceback; every line that is told of is there."""
    why, found = "A file.", None
    try:
        found = read(content, name, encoding=encoding, separator=separator)
    except Unreadable as e:
        why = str(e)
    assert why.endswith(".")
    assert why.isprintable()
    if found:
        assert found.rows or found.mistakes
        lines = len(decoded(content, encoding)[0].splitlines()) + 1
        assert all(one.detail and "\n" not in one.detail and 1 <= one.line <= lines for one in found.mistakes)


HEADER = b",".join([b"id", b"interviewers", b"outcome.at", b"metadata.x", *NAMED]) + b"\n"


@settings(max_examples=300)
@given(st.lists(st.lists(st.text(max_size=12), min_size=11, max_size=11), min_size=1, max_size=5))
def test_whatever_the_cells_are_each_row_is_an_opening_or_a_mistake(rows: list[list[str]]) -> None:
    """Under a header that is right."""

    def quoted(cell: str) -> bytes:
        return b'"' + cell.replace('"', '""').encode("utf-8", "replace") + b'"'

    content = HEADER + b"".join(b",".join(map(quoted, row)) + b"\n" for row in rows)
    try:
        found: ImportFile = read(content, "a.csv", now=datetime(2026, 4, 1, tzinfo=UTC))
    except Unreadable:
        return
    assert len(found.rows) + len(found.mistakes) <= len(rows)
