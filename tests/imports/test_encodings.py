"""Which text a file's bytes are: said, or known for certain, or asked for. Never a guess."""

from __future__ import annotations

import pytest

from client.import_files import Unreadable
from client.import_files.encodings import decoded

TEXT = "position,candidate.name\r\nIngenieur für Räder,Zoë\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_what_a_file_tells_by_itself_is_read_and_said(encoding: str) -> None:
    """With a byte order mark, by its zeros, or because nothing else reads as UTF-8 by chance."""
    text, taken = decoded(TEXT.encode(encoding))
    assert text == TEXT
    assert taken.replace("-le", "").replace("-be", "") == encoding.removesuffix("-sig").replace("-le", "").replace("-be", "")


def test_a_code_page_is_asked_for_with_what_would_be_read() -> None:
    """Every byte means something in each of them, so none is taken unasked."""
    with pytest.raises(Unreadable, match=r"Line 2 is not UTF-8.*“Ingenieur für Räder,Zoë”, say --encoding cp1252"):
        decoded(TEXT.encode("cp1252"))
    assert decoded(TEXT.encode("cp1252"), "cp1252") == (TEXT, "cp1252")
    assert decoded("Dvořák".encode("cp1250"), "cp1250") == ("Dvořák", "cp1250")


def test_bytes_that_cp1252_does_not_have_are_not_shown() -> None:
    with pytest.raises(Unreadable, match=r"Line 1 is not UTF-8: save the file as UTF-8, or say in which --encoding it is\."):
        decoded(b"position\x81\xff\n")


@pytest.mark.parametrize(
    ("content", "said", "sentence"),
    [
        (b"\xef\xbb\xbfposition\n\xff", None, "Line 2 is not utf-8"),
        (b"\xff\xfep", None, "Line 1 is not utf-16-le"),
        (b"position\n\x81", "cp1252", "Line 2 is not cp1252"),
        ("\N{BYTE ORDER MARK}position".encode(), "cp1252", "begins with the mark of utf-8, and is said to be cp1252"),
        (b"position", "no-such", "There is no encoding 'no-such'"),
        (b"position", "hex", "There is no encoding 'hex'"),
        (b"position", "rot13", "There is no encoding 'rot13'"),
        (b"position", "idna", "There is no encoding 'idna'"),
        ("position\nZo\N{REPLACEMENT CHARACTER}".encode(), None, "Line 2 has the sign for a lost character"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(content: bytes, said: str | None, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        decoded(content, said)


def test_what_was_said_goes_with_a_mark_of_the_same() -> None:
    assert decoded(TEXT.encode("utf-16"), "utf-16") == (TEXT, "utf-16-le")
    assert decoded(TEXT.encode("utf-8-sig"), "UTF8") == (TEXT, "utf-8")
