"""The columns of a table of applications: what each cell is in an opening. One row is one application with at most one interview.

A column is named as its field in an opening is, the steps joined by dots; of a fact, by its type. An empty cell says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Place = tuple[str | int, ...]

METADATA: Final = "metadata."
INTERVIEW: Final = "i1"
"""The interview's id where the table gives none."""
REQUIRED: Final = ("candidate.id", "candidate.timezone", "candidate.email", "employer.name", "position")
_OUTCOMES: Final[Mapping[str, str]] = {
    "accepted": "offer_accepted",
    "declined": "offer_declined",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
}
_YES_NO: Final[Mapping[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}
_PERSON: Final = re.compile(r"(?P<name>[^<>()]+?)\s*(?:<(?P<email>[^<>()]*)>)?\s*(?:\((?P<role>[^()]*)\))?", re.DOTALL)


class CellError(ValueError):
    """What is wrong with a cell, or with cells together; begins with the column."""


def _several(cell: str) -> list[str]:
    return [part for part in (one.strip() for one in cell.split(";")) if part]


def _hours(cell: str) -> list[str]:
    return [part.strip() for part in re.split("[-\N{EN DASH}]", cell)]


def _yes_no(cell: str) -> bool:
    if (said := _YES_NO.get(cell.lower())) is None:
        raise ValueError("write yes or no")
    return said


def _number(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise ValueError("write a whole number")
    return int(cell)


def _people(cell: str) -> list[dict[str, str]]:
    people = list[dict[str, str]]()
    for n, said in enumerate(_several(cell), 1):
        if not (found := _PERSON.fullmatch(said)):
            raise ValueError("write each as Name <address> (role), separated by semicolons")
        people.append({"id": f"p{n}"} | {name: part.strip() for name, part in found.groupdict().items() if part and part.strip()})
    return people


Reading = Callable[[str], Any]
PLAIN: Final[Mapping[str, Reading]] = {
    "id": str,
    "refs": _several,
    "candidate.id": str,
    "candidate.name": str,
    "candidate.email": str,
    "candidate.timezone": str,
    "candidate.country": str,
    "candidate.waking_hours": _hours,
    "candidate.language": str,
    "candidate.skills": _several,
    "candidate.channels": _several,
    "candidate.preferences.digest": _yes_no,
    "candidate.preferences.weekends": _yes_no,
    "candidate.preferences.daily_limit": _number,
    "candidate.preferences.unsubscribed": _several,
    "employer.name": str,
    "employer.timezone": str,
    "employer.country": str,
    "employer.subdivision": str,
    "employer.contact.name": str,
    "employer.contact.email": str,
    "position": str,
    "policy": str,
}
"""Cells that are fields of the opening itself."""
OF_FACTS: Final[Mapping[str, Reading]] = {
    "interview.id": str,
    "interview.starts_at": str,
    "interview.ends_at": str,
    "interview.ended_at": str,
    "interview.kind": str,
    "interviewers": _people,
    "thank_you_sent.at": str,
    "timeline_stated.respond_by": str,
    "timeline_stated.at": str,
    "follow_up_sent.at": str,
    "employer_replied.at": str,
    "offer_received.at": str,
    "offer_received.in_writing": _yes_no,
    "offer_received.decide_by": str,
    "outcome": str,
    "outcome.at": str,
}
"""Cells that make facts."""


def is_known(column: str) -> bool:
    return column in PLAIN or column in OF_FACTS or (column.startswith(METADATA) and len(column) > len(METADATA))


def opening_of(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[Place, str]]:
    """What a row says, and which column each place came from. `cells`: of known columns, none empty. CellError."""
    said, places = dict[str, Any](), dict[Place, str]()
    for column, cell in cells.items():
        if column in PLAIN:
            path = tuple(column.split("."))
            _put(said, path, _read(column, cell))
            places[path] = column
        elif column.startswith(METADATA):
            name = column.removeprefix(METADATA)
            said.setdefault("metadata", {})[name] = cell
            places["metadata", name] = column
    facts = list[tuple[dict[str, Any], str]](
        _facts(_Cells({column: _read(column, cell) for column, cell in cells.items() if column in OF_FACTS}))
    )
    if facts:
        said["facts"] = [fact for fact, _ in facts]
        for n, (fact, prefix) in enumerate(facts):
            places |= {("facts", n, name): f"{prefix}.{name}" for name in fact}
            places["facts", n, "interviewers"] = "interviewers"
            places["facts", n] = prefix
    return said, places


def column_at(places: Mapping[Place, str], path: Place) -> str:
    """The column of a place, or of what it is in; else its steps joined by dots, which is how a column of it would be named."""
    for n in range(len(path), 0, -1):
        if found := places.get(path[:n]):
            rest = path[n:]
            return ".".join((found, *(str(part) for part in rest if isinstance(part, str)))) if n <= 2 else found
    return ".".join(map(str, path))


class _Cells:
    def __init__(self, read: Mapping[str, Any]) -> None:
        self._read = read

    def of(self, prefix: str, *names: str) -> dict[str, Any]:
        """Those of a fact that are not empty."""
        return {name: self._read[f"{prefix}.{name}"] for name in names if f"{prefix}.{name}" in self._read}

    def get(self, column: str) -> Any:
        return self._read.get(column)


def _facts(cells: _Cells) -> list[tuple[dict[str, Any], str]]:
    """Each with the column, or the beginning of the columns, that it came from."""
    interview = cells.get("interview.id") or INTERVIEW
    facts = list[tuple[dict[str, Any], str]](_interview(cells, interview))
    if at := cells.of("thank_you_sent", "at"):
        facts.append(({"type": "thank_you_sent", "interview": interview} | at, "thank_you_sent"))
    if stated := cells.of("timeline_stated", "respond_by", "at"):
        when = {} if "at" in stated or not cells.get("interview.ended_at") else {"at": cells.get("interview.ended_at")}
        facts.append(({"type": "timeline_stated"} | stated | when, "timeline_stated"))
    for kind in ("follow_up_sent", "employer_replied"):
        if at := cells.of(kind, "at"):
            facts.append(({"type": kind} | at, kind))
    if offer := cells.of("offer_received", "at", "in_writing", "decide_by"):
        facts.append(({"type": "offer_received"} | offer, "offer_received"))
    if (outcome := cells.get("outcome")) is not None:
        if outcome.lower() not in _OUTCOMES:
            raise CellError(f"outcome: write one of {', '.join(_OUTCOMES)}; that nobody answered follows from the dates")
        if not (at := cells.of("outcome", "at")):
            raise CellError("outcome.at: an outcome has the time at which it was known")
        facts.append(({"type": _OUTCOMES[outcome.lower()]} | at, "outcome"))
    elif cells.get("outcome.at"):
        raise CellError(f"outcome: outcome.at is filled, so write one of {', '.join(_OUTCOMES)}")
    return facts


def _interview(cells: _Cells, interview: str) -> list[tuple[dict[str, Any], str]]:
    held, ahead = cells.of("interview", "ended_at"), cells.of("interview", "starts_at", "ends_at", "kind")
    people = {"interviewers": cells.get("interviewers")} if cells.get("interviewers") else {}
    if held and ahead:
        raise CellError("interview.ended_at: it is for an interview that was held, starts_at, ends_at and kind for one that is ahead")
    if held:
        return [({"type": "interview_held", "interview": interview} | held | people, "interview")]
    if ahead:
        return [({"type": "interview_scheduled", "interview": interview} | ahead | people, "interview")]
    if people or cells.get("interview.id"):
        raise CellError("interview.ended_at: say when the interview ended, or starts_at and ends_at of one that is ahead")
    return []


def _read(column: str, cell: str) -> Any:
    try:
        return (PLAIN.get(column) or OF_FACTS[column])(cell)
    except ValueError as e:
        raise CellError(f"{column}: {e}") from None


def _put(said: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        said = said.setdefault(part, {})
    said[path[-1]] = value
