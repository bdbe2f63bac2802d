"""How the headers of our mails are written: so that every reader reads again, character by character, what was meant.

The standard library's own writing of long or foreign headers loses blanks between encoded words, quotation marks around commas and
addresses in names, and breaks words that must stay whole. Nothing of it is used here but the encoding of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy, Policy
from typing import Any, Final

_WIDTH: Final = 76
"""Characters of a line, where there is a place to break it."""
_LONGEST: Final = 900
"""Of one without: the standard allows 998 bytes."""
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]+")
"""A name that needs no quotation marks."""
_SPECIAL: Final = re.compile(r'[\\"]')
_ESCAPED: Final = r"\\\g<0>"


class _Whole(UnstructuredHeader, BaseHeader):
    """A header of one long word, such as an address: a word broken by encoding is none."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Words(UniqueUnstructuredHeader, BaseHeader):  # pyright: ignore[reportIncompatibleVariableOverride] -- joined as the registry joins them
    """Free text. What looks like an encoded word is one only for who reads it: here it is what somebody wrote."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        super().parse("", kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy[Any]) -> str:
        text, pieces = str(self), _parted(self)
        plain = text.isascii() and "=?" not in text and max(map(len, pieces)) <= _LONGEST
        return _folded(self.name, pieces if plain else _encoded(text, self.name), policy)


class _People(UniqueAddressHeader, BaseHeader):  # pyright: ignore[reportIncompatibleVariableOverride, reportIncompatibleMethodOverride] -- as above
    """Addresses, each with a name or without."""

    def fold(self, *, policy: Policy[Any]) -> str:
        people = self.addresses
        pieces = [piece for n, person in enumerate(people, 1) for piece in _person(person, self.name, last=n == len(people))]
        return _folded(self.name, pieces, policy)


def _person(person: Address, header: str, *, last: bool) -> Iterator[str]:
    end = "" if last else ","
    name = person.display_name
    if not name:
        yield person.addr_spec + end
        return
    if not name.isascii() or "=?" in name:
        yield from _encoded(name, header)
    else:
        yield from _parted(name if _ATOMS.fullmatch(name) else f'"{_SPECIAL.sub(_ESCAPED, name)}"')
    yield f"<{person.addr_spec}>{end}"


def _parted(text: str) -> list[str]:
    """Where it may be broken: at every blank that stands alone."""
    return re.split(r"(?<! ) (?! )", text)


def _encoded(text: str, header: str) -> list[str]:
    """Encoded words, none of which cuts a character in two; read one after the other they are the text."""
    return Header(text, charset="utf-8", header_name=header, maxlinelen=_WIDTH).encode(linesep="\n").split("\n ")


def _folded(name: str, pieces: Iterable[str], policy: Policy[Any]) -> str:
    """The pieces in lines; a line is broken only between two of them, where there is one blank."""
    lines = [f"{name}:"]
    for piece in pieces:
        if lines[-1] != f"{name}:" and len(lines[-1]) + 1 + len(piece) > _WIDTH:
            lines.append("")
        lines[-1] += f" {piece}"
    return policy.linesep.join(lines) + policy.linesep


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for header in ("from", "to", "reply-to"):
        registry.map_to_type(header, _People)
    for header in ("subject", "x-afterword-application", "x-afterword-candidate", "x-afterword-intent"):
        registry.map_to_type(header, _Words)
    registry.map_to_type("list-unsubscribe", _Whole)
    return registry


_ASCII: Final = SMTP.clone(header_factory=_registry())
_INTERNATIONAL: Final = SMTPUTF8.clone(header_factory=_registry())


def policy_of(*addresses: str) -> EmailPolicy[EmailMessage]:
    """For a mail that names these addresses: one that is not ASCII can stand in an international mail only."""
    return _ASCII if all(address.isascii() for address in addresses) else _INTERNATIONAL
