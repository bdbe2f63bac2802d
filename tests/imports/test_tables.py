"""What a person with a spreadsheet can say of an application in one row, and what they are told of a row that cannot be opened."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from client.import_files import ImportFile, Unreadable, read
from client.import_files.columns import OF_FACTS, PLAIN
from tests.parts import ROOT

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ROW = {
    "id": "app-1",
    "candidate.id": "cand-7",
    "candidate.email": "ada@example.org",
    "candidate.timezone": "Europe/London",
    "employer.name": "Analytical Engines",
    "position": "Staff Engineer",
    "interview.ended_at": "2026-03-02T15:00:00+00:00",
}


def table(*rows: dict[str, str], separator: str = ",", ends: str = "\r\n") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if ends == "\r" else csv.QUOTE_MINIMAL  # the writer quotes its own line break only
    writer = csv.DictWriter(out, columns, "", delimiter=separator, lineterminator=ends, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def taken(*rows: dict[str, str], **other: Any) -> ImportFile:
    return read(table(*rows).encode(), "some.csv", now=NOW, **other)


def said(*rows: dict[str, str]) -> list[dict[str, Any]]:
    found = taken(*rows)
    assert found.mistakes == ()
    return [json.loads(row.said) for row in found.rows]


def mistake(row: dict[str, str]) -> str:
    """Of a table with this row alone, on its second line."""
    found = taken(row)
    assert (found.rows, [one.line for one in found.mistakes]) == ((), [2])
    return found.mistakes[0].detail


def test_a_row_is_an_opening_whose_columns_are_its_fields() -> None:
    """Every column that there is, each once."""
    whole = ROW | {
        "refs": "acme.1; acme.2",
        "candidate.name": "Ada Byron",
        "candidate.country": "GB",
        "candidate.waking_hours": "09:00-20:00",
        "candidate.language": "fr",
        "candidate.skills": "tables;  engines ;",
        "candidate.channels": "email",
        "candidate.preferences.digest": "yes",
        "candidate.preferences.weekends": "No",
        "candidate.preferences.daily_limit": "3",
        "candidate.preferences.unsubscribed": "waiting; keep-going",
        "employer.timezone": "America/New_York",
        "employer.country": "US",
        "employer.subdivision": "NY",
        "employer.contact.name": "Recruiting",
        "employer.contact.email": "jobs@example.com",
        "policy": "university",
        "metadata.row": "81723",
        "interview.id": "first",
        "interviewers": "Grace Hopper <grace@example.com> (hiring manager); Zoë; Bo (CTO)",
        "thank_you_sent.at": "2026-03-03T09:00:00+00:00",
        "timeline_stated.respond_by": "2026-03-20",
        "follow_up_sent.at": "2026-03-24T09:00:00+00:00",
        "employer_replied.at": "2026-03-25T09:00:00+00:00",
        "offer_received.at": "2026-03-26T09:00:00+00:00",
        "offer_received.in_writing": "yes",
        "offer_received.decide_by": "2026-04-10",
        "outcome": "Declined",
        "outcome.at": "2026-03-27T09:00:00+00:00",
    }
    ahead = {
        **{name: cell for name, cell in ROW.items() if name != "interview.ended_at"},
        "id": "app-2",
        "interview.starts_at": "2026-04-07T10:00:00+02:00",
        "interview.ends_at": "2026-04-07T11:00:00+02:00",
        "interview.kind": "on site",
    }
    assert {*PLAIN, *OF_FACTS} - {*whole, *ahead} == {"timeline_stated.at"}
    first, second = said(whole, ahead)
    assert first == {
        "id": "app-1",
        "refs": ["acme.1", "acme.2"],
        "metadata": {"row": "81723"},
        "candidate": {
            "id": "cand-7",
            "email": "ada@example.org",
            "timezone": "Europe/London",
            "name": "Ada Byron",
            "country": "GB",
            "waking_hours": ["09:00", "20:00"],
            "language": "fr",
            "skills": ["tables", "engines"],
            "channels": ["email"],
            "preferences": {"digest": True, "weekends": False, "daily_limit": 3, "unsubscribed": ["waiting", "keep-going"]},
        },
        "employer": {
            "name": "Analytical Engines",
            "timezone": "America/New_York",
            "country": "US",
            "subdivision": "NY",
            "contact": {"name": "Recruiting", "email": "jobs@example.com"},
        },
        "position": "Staff Engineer",
        "policy": "university",
        "facts": [
            {
                "type": "interview_held",
                "interview": "first",
                "ended_at": "2026-03-02T15:00:00+00:00",
                "interviewers": [
                    {"id": "p1", "name": "Grace Hopper", "email": "grace@example.com", "role": "hiring manager"},
                    {"id": "p2", "name": "Zoë"},
                    {"id": "p3", "name": "Bo", "role": "CTO"},
                ],
            },
            {"type": "thank_you_sent", "interview": "first", "at": "2026-03-03T09:00:00+00:00"},
            {"type": "timeline_stated", "respond_by": "2026-03-20", "at": "2026-03-02T15:00:00+00:00"},
            {"type": "follow_up_sent", "at": "2026-03-24T09:00:00+00:00"},
            {"type": "employer_replied", "at": "2026-03-25T09:00:00+00:00"},
            {"type": "offer_received", "at": "2026-03-26T09:00:00+00:00", "in_writing": True, "decide_by": "2026-04-10"},
            {"type": "offer_declined", "at": "2026-03-27T09:00:00+00:00"},
        ],
    }
    assert second["facts"] == [
        {
            "type": "interview_scheduled",
            "interview": "i1",
            "starts_at": "2026-04-07T10:00:00+02:00",
            "ends_at": "2026-04-07T11:00:00+02:00",
            "kind": "on site",
        }
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_whatever_a_spreadsheet_writes_is_the_same_table(separator: str, ends: str, encoding: str) -> None:
    """Separators within quotes, quotes that are doubled, line breaks of every kind, empty lines, an empty column at the end."""
    awkward = ROW | {"position": 'Engineer, "staff"; wheels\tand more', "metadata.note": "two\nlines", "": ""}
    text = table(awkward, dict.fromkeys(awkward, ""), awkward | {"id": "app-2"}, separator=separator, ends=ends)
    found = read((text + ends).encode(encoding), now=NOW)
    assert (found.form, found.separator) == ("CSV", separator)
    assert [one.detail for one in found.mistakes] == ["position: control characters and line breaks are not allowed here"] * 2
    plain = [row | {"position": 'Engineer, "staff"; wheels'} for row in (awkward, awkward | {"id": "app-2"})]
    found = read(table(plain[0], dict.fromkeys(awkward, ""), plain[1], separator=separator, ends=ends).encode(encoding), now=NOW)
    assert found.mistakes == ()
    assert [json.loads(row.said)["metadata"] for row in found.rows] == [{"note": "two\nlines"}] * 2
    assert [row.line for row in found.rows] == [2, 5]  # two lines of one cell, and an empty row


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("name,mail\na,b", "The first line names no column that is known"),
        ("position\nx", "The first line has one column only"),
        ("candidate.id,Candidate Email,position\na,b,c", r"'Candidate Email' is no column \(is it candidate\.email\?\)"),
        ("candidate.id,shoe size,position\na,b,c", r"'shoe size' is no column \(what is yours alone is metadata\.…\)"),
        ("candidate.id,position,position\na,b,c", "position is there 2 times"),
        ("candidate.id,,position\na,b,c", "column 2 has no name"),
        ("candidate.id,position\na,b", "candidate.timezone, candidate.email, employer.name are missing"),
        ("", "The file is empty"),
        ("\ufeff", "The file is empty"),
        (",".join(ROW), "The file has no rows"),
    ],
)
def test_a_header_that_cannot_be_used_is_said_in_a_sentence(header: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read(header.encode(), "some.csv")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"interview.ended_at": "2026-03-02T15:00:00"},
            "interview.ended_at: a time is written with its offset, as in 2026-03-02T15:00:00+00:00",
        ),
        ({"interview.ended_at": "2 March"}, "interview.ended_at: a time is written with its offset, as in 2026-03-02T15:00:00+00:00"),
        ({"candidate.email": "ada"}, "candidate.email: this cannot be an e-mail address"),
        ({"candidate.email": ""}, "candidate: email is required for the channel email"),
        ({"candidate.id": ""}, "candidate.id: this field is required"),
        ({"candidate.timezone": ""}, "candidate.timezone: this field is required"),
        ({"employer.name": ""}, "employer: this field is required"),
        ({"candidate.preferences.digest": "perhaps"}, "candidate.preferences.digest: write yes or no"),
        ({"candidate.preferences.daily_limit": "1e3"}, "candidate.preferences.daily_limit: write a whole number"),
        ({"interviewers": "Grace <grace@example.com"}, "interviewers: write each as Name <address> (role), separated by semicolons"),
        ({"interviewers": "Grace <grace>"}, "interviewers: this cannot be an e-mail address"),
        ({"interview.starts_at": "2026-03-02T14:00:00Z"}, "interview.ended_at: it is for an interview that was held"),
        ({"interview.ended_at": "", "interviewers": "Grace"}, "interview.ended_at: say when the interview ended"),
        ({"timeline_stated.respond_by": "soon"}, "timeline_stated.respond_by: a date is written as in 2026-03-02"),
        ({"offer_received.at": "2026-03-05T15:00:00Z"}, "offer_received.in_writing: this field is required"),
        ({"outcome": "ghosted"}, "outcome: write one of accepted, declined, rejected, withdrawn"),
        ({"outcome": "rejected"}, "outcome.at: an outcome has the time at which it was known"),
        ({"outcome.at": "2026-03-05T15:00:00Z"}, "outcome: outcome.at is filled"),
        ({"outcome": "rejected", "outcome.at": "2026-03-05"}, "outcome.at: a time is written with its offset"),
        ({"outcome": "declined", "outcome.at": "2026-03-05T15:00:00Z"}, "No offer was open then."),
        ({"follow_up_sent.at": "2027-03-05T15:00:00Z"}, "at: follow_up_sent lies in the future"),
        ({"position": "x" * 401}, "position: string should have at most 400 characters"),
        ({"metadata.note": "x" * 40_000}, "metadata may have 32768 bytes"),
        ({"metadata.note": "x" * 140_000}, "from here on the table cannot be read: a cell has more than 131072 characters"),
    ],
)
def test_a_row_that_cannot_be_opened_is_told_with_its_column(cells: dict[str, str], sentence: str) -> None:
    assert sentence in mistake(ROW | cells)


def test_several_mistakes_of_a_row_are_one_sentence() -> None:
    assert mistake(ROW | {"candidate.timezone": "Europe/Lodon", "position": ""}).count(": ") == 2


def test_a_broken_row_does_not_hide_the_others() -> None:
    text = table(ROW) + "a,b\r\n" + ",".join(ROW | {"id": "app-2"}) + "\r\n"
    found = read((text + table(ROW | {"id": "app-3"}).split("\r\n", 1)[1]).encode(), now=NOW)
    assert [row.application for row in found.rows] == ["app-1", "app-3"]
    assert [(one.line, one.detail.split(":")[0]) for one in found.mistakes] == [
        (3, "this row has 2 cells, and the header 7"),
        (4, "candidate.email"),
    ]


def test_a_quote_that_never_ends_is_told_where_it_begins() -> None:
    found = read((table(ROW) + '"app-2,cand-7\r\n' * 3).encode(), now=NOW)
    assert [(len(found.rows), one.line) for one in found.mistakes] == [(1, 3)]
    assert "table cannot be read" in found.mistakes[0].detail


def test_an_id_with_other_content_names_the_line_where_it_was() -> None:
    """With the same content it is the same application said twice; a thousand applications of one candidate are a thousand."""
    found = taken(ROW, ROW, ROW | {"position": "Principal"})
    assert [(row.line, row.repeats) for row in found.rows] == [(2, None), (3, 2)]
    assert [(one.line, one.detail) for one in found.mistakes] == [(4, "id: the application app-1 is on line 2 with other content")]
    many = taken(*(ROW | {"id": f"app-{n}"} for n in range(1000)))
    assert (len(many.rows), {row.candidate for row in many.rows}, many.mistakes) == (1000, {"cand-7"}, ())


def test_a_separator_that_is_said_is_used() -> None:
    with pytest.raises(Unreadable, match=r"The separator is one of comma, semicolon, tab\."):
        taken(ROW, separator="pipe")
    with pytest.raises(Unreadable, match="is no column"):
        taken(ROW, separator="semicolon")
    assert taken(ROW, separator="comma").separator == ","


def test_the_document_names_every_column() -> None:
    """And none that there is not."""
    document = (ROOT / "docs/import.md").read_text()
    rows = [line.split("|")[1] for line in document.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in row.replace("`", "").replace(",", " ").split()}
    assert named & {*PLAIN, *OF_FACTS} == {*PLAIN, *OF_FACTS}
    assert named - {*PLAIN, *OF_FACTS} == {"metadata.…"}
