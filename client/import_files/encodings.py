"""Which text the bytes of a file are. Where that cannot be known for certain it is asked for, and never guessed.

A byte order mark says it, zeros in every second byte do, and what reads as UTF-8 is UTF-8. Anything else was written in one of the many
code pages that give each byte a meaning: all of them can be read, and all but one wrongly.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from client.import_files.mistakes import Unreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OF_TEXT: Final = re.compile(r"ascii|utf-(?:8|16|32)(?:-[lb]e)?|(?:cp|mac-|iso8859-|koi8-|gb|big5|shift_jis|euc_)\w*")
"""Of what Python calls codecs; others are ways to wrap bytes."""
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_SAMPLE: Final = 60


def decoded(content: bytes, said: str | None = None) -> tuple[str, str]:
    """The text without a byte order mark, and what it was read as. Unreadable says what to do."""
    mark, marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", None))
    wanted = _codec(said) if said else marked or _zeros(content) or "utf-8"
    if said and marked and not marked.startswith(wanted):
        raise Unreadable(f"The file begins with the mark of {marked}, and is said to be {wanted}: leave --encoding out.")
    if marked:
        wanted = marked
    try:
        text = content[len(mark) :].decode(wanted)
    except UnicodeDecodeError as e:
        raise Unreadable(_unreadable(content[len(mark) :], wanted, e.start, certain=bool(said or marked))) from None
    except (ValueError, OverflowError):
        raise Unreadable(f"The file cannot be read as {wanted}.") from None
    if _LOST in text:
        line = text[: text.index(_LOST)].count("\n") + 1
        raise Unreadable(
            f"Line {line} has the sign for a lost character ({_LOST}): the file was saved wrongly, save it anew from its source."
        )
    return text, wanted


def _codec(said: str) -> str:
    try:
        name = codecs.lookup(said).name
    except (LookupError, ValueError):
        name = ""
    if not _OF_TEXT.fullmatch(name):
        raise Unreadable(f"There is no encoding {said[:40]!r}: say utf-8, utf-16, cp1252, or another one that spreadsheets write.")
    return name


def _zeros(content: bytes) -> str | None:
    """UTF-16 without a mark: every file begins with a name of plain letters, of which each second byte is zero."""
    first = content[:2]
    if len(first) == 2 and first.count(0) == 1:
        return "utf-16-le" if first[1] == 0 else "utf-16-be"
    return None


def _unreadable(content: bytes, encoding: str, place: int, *, certain: bool) -> str:
    number = content[:place].count(b"\n") + 1
    if certain or encoding != "utf-8":
        return f"Line {number} is not {encoding}, byte {place}: the file was saved in another encoding, or cut off."
    begins = content.rfind(b"\n", 0, place) + 1
    around = content[max(begins, place - _SAMPLE // 2) : place + _SAMPLE // 2].splitlines()[:1]
    try:
        sample = around[0].decode("cp1252")
    except (IndexError, UnicodeDecodeError):
        sample = ""
    if not sample.isprintable() or not sample:
        return f"Line {number} is not UTF-8: save the file as UTF-8, or say in which --encoding it is."
    return (
        f"Line {number} is not UTF-8. If it reads right here, “{sample}”, say --encoding cp1252; if not, save the file as UTF-8, or say in "
        "which encoding it is."
    )
