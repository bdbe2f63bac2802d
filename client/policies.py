"""The policies in force: those that are built in, and a platform's own in one TOML file, checked whole, read again when it changes.

Owns what a policy's name stands for at this moment, with the source of every number. Which numbers make sense is judged in
`workflows.etiquette`; no open application is reached from here, since what is said with a name is pinned by content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from client.tables import Check, FileInvalid, Seen, Watched, read_tables, shown
from workflows.etiquette import NUMBERS, mistakes
from workflows.policy import POLICIES, Policy

_TAKEN: Final = ("migrations",)
"""Names that are words of the API's paths."""
_FIELDS: Final = ("extends", "version", "sources", *NUMBERS)
_LONGEST: Final = 300
"""Characters of a source."""
_NEWEST: Final = 365


class PoliciesInvalid(FileInvalid):
    """The file of policies cannot be used."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A policy, and where each of its numbers comes from."""

    policy: Policy
    extends: str | None
    """Whose numbers it has where it names none of its own. None: all are its own, or it is built in."""
    sources: Mapping[str, str]
    """Number -> a sentence."""

    @property
    def numbers(self) -> dict[str, int]:
        return numbers_of(self.policy)


def numbers_of(policy: Policy) -> dict[str, int]:
    return {name: int(getattr(policy, name)) for name in NUMBERS}


BUILT_IN: Final = {name: Sourced(policy, None, {n: number.source for n, number in NUMBERS.items()}) for name, policy in POLICIES.items()}


class Policies(Watched[Sourced]):
    """The policies as they are in force now; without a file those that are built in.

    Raises PoliciesInvalid where the file is wrong at the start; later the last good one stays. Who changes a number gives the policy a
    new version: a version that this process has seen with other numbers is a mistake.
    """

    def __init__(self, path: Path | None) -> None:
        self._had: dict[tuple[str, int], dict[str, int]] = {}
        super().__init__(path, self._compared, "policies")

    def current(self) -> Mapping[str, Sourced]:
        return {**BUILT_IN, **super().current()}

    def by_name(self) -> Mapping[str, Policy]:
        """As the façade asks for them."""
        return {name: one.policy for name, one in self.current().items()}

    def _compared(self, path: Path) -> tuple[dict[str, Sourced], tuple[Seen, ...]]:
        found, seen = read(path)
        had = {(one.policy.name, one.policy.version): one.numbers for one in found.values()}
        changed = [key for key, numbers in had.items() if self._had.get(key, numbers) != numbers]
        if changed:
            raise PoliciesInvalid(tuple(_changed(*key, self._had[key], had[key]) for key in changed), seen)
        self._had |= had
        return found, seen


def read(path: Path) -> tuple[dict[str, Sourced], tuple[Seen, ...]]:
    """A platform's own policies by name, and the files that they were read from. Raises PoliciesInvalid."""
    return read_tables(path, lambda identity, table: _Check(identity, table, path.parent), PoliciesInvalid)


def _changed(name: str, version: int, had: Mapping[str, int], has: Mapping[str, int]) -> str:
    different = ", ".join(number for number in has if had[number] != has[number])
    return f"[{name}] has other numbers than its version {version} had before ({different}): give it a new version."


class _Check(Check[Sourced]):
    """One table of the file being checked."""

    def __init__(self, identity: str, table: Any, folder: Path) -> None:
        super().__init__(identity, table, folder, kind="a policy", example="patient", fields=_FIELDS)

    def checked(self) -> Sourced | None:
        if self.mistakes:
            return None
        self._known()
        if self._id in POLICIES:
            self._wrong("is built in and is not replaced: give yours another name, and extend it")
        if self._id in _TAKEN:
            self._wrong("is not a name for a policy: give it another one")
        base, version = self._base(), self._version()
        own = {name: self._table[name] for name in NUMBERS if name in self._table}
        missing = [name for name in NUMBERS if name not in own]
        if missing and "extends" not in self._table:
            self._wrong(f"without extends it needs every number, and has no {', '.join(missing)}")
        for sentence in mistakes({**(numbers_of(base) if base else {}), **own}):
            self._wrong(sentence)
        sources = self._sources(own, base)
        if self.mistakes:
            return None
        inherited = {name: number.source for name, number in NUMBERS.items()} if base else {}
        numbers = {**(numbers_of(base) if base else {}), **own}
        return Sourced(Policy(name=self._id, version=version, **numbers), base.name if base else None, {**inherited, **sources})

    def _base(self) -> Policy | None:
        name = self._table.get("extends")
        base = POLICIES.get(name) if isinstance(name, str) else None
        if name is not None and base is None:
            self._wrong(f"extends is one of {', '.join(POLICIES)}")
        return base

    def _version(self) -> int:
        version = self._table.get("version")
        if type(version) is not int or not 1 <= version <= _NEWEST:
            self._wrong(f"version is a whole number from 1 to {_NEWEST}, and a new one whenever a number changes")
            return 1
        return version

    def _sources(self, own: Mapping[str, Any], base: Policy | None) -> dict[str, str]:
        given = self._table.get("sources", {})
        if not isinstance(given, dict):
            self._wrong("sources is a table of numbers and where they come from")
            return {}
        table = cast("dict[str, Any]", given)
        for name, sentence in table.items():
            if name not in NUMBERS:
                self._wrong(f"sources.{shown(name)} is not a number of a policy")
            elif name not in own:
                self._wrong(f"sources.{name} is for a number that is not there")
            elif not isinstance(sentence, str) or not sentence.strip() or len(sentence) > _LONGEST or not sentence.isprintable():
                self._wrong(f"sources.{name} is a sentence of at most {_LONGEST} characters")
        for name, value in own.items():
            if name not in table and (base is None or value != getattr(base, name)):
                why = "is needed" if base is None else f"is needed, since {name} is not that of {base.name}"
                self._wrong(f"sources.{name} {why}: where the number comes from, as a sentence")
        return {name: table[name].strip() for name in own if isinstance(table.get(name), str)}
