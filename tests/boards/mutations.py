"""Bodies that no board ever sent: samples changed in one place or several, and JSON made up of nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final, cast

Path = tuple[str | int, ...]

_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**53, 10**39, -(10**60), 1e308, 0.5, "", " ", "\x00", "\ud800", "a\r\nBcc: x@example.org", "é" * 500,
    "x" * 5_000, "2026-11-20T09:00:00.000Z", "2026-11-20T09:00:00", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", "2026-02-30",
    "15/01/2027", "../../etc/passwd", "{{7*7}}", "not an address", [], {}, [[]], [None], {"": None}, {"id": {"id": "id"}}, [1, "2", None],
)  # fmt: skip


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """The path of everything in it but the whole."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(cast("dict[str | int, Any]", value).items())
    elif isinstance(value, list):
        inner = list(enumerate(cast("list[Any]", value)))
    for name, part in inner:
        yield (*at, name)
        yield from paths(part, (*at, name))


def without(value: Any, path: Path) -> Any:
    changed = copied(value)
    del _parent(changed, path)[path[-1]]
    return changed


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with one to four changes: a part gone, odd, taken from elsewhere, doubled, or of another name."""
    changed = copied(value)
    for _ in range(chance.randint(1, 4)):
        known = _places(changed)
        if not known:
            return changed
        parent, name = chance.choice(known)
        match chance.randrange(6):
            case 0:
                del parent[name]
            case 1 | 2:
                parent[name] = copied(chance.choice(_ODD))
            case 3:
                elsewhere, other = chance.choice(known)
                parent[name] = copied(elsewhere[other])
            case 4:
                part = parent[name]
                parent[name] = [copied(part) for _ in range(chance.choice((1, 2, 300)))]
            case _:
                parent[name] = garbage(chance)
    return changed


def copied(value: Any) -> Any:
    """JSON anew. Nothing in it is shared, so it needs none of the care, and a fraction of the time, of a general deep copy."""
    if isinstance(value, dict):
        return {name: copied(part) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [copied(part) for part in cast("list[Any]", value)]
    return value


def garbage(chance: random.Random, depth: int = 4) -> Any:
    """JSON that means nothing, with names that boards use."""
    if depth == 0 or chance.random() < 0.3:
        return copied(chance.choice(_ODD))
    if chance.random() < 0.3:
        return [garbage(chance, depth - 1) for _ in range(chance.randint(0, 4))]
    names = ("id", "action", "event", "type", "data", "payload", "application", "status", "candidate", "offer", "interviewEvents", "x", "")
    return {chance.choice(names): garbage(chance, depth - 1) for _ in range(chance.randint(0, 5))}


def _parent(value: Any, path: Path) -> Any:
    for name in path[:-1]:
        value = value[name]
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Everything in it but the whole, as what holds it and its name there. The same as `paths`, without the way to it, which costs most."""
    found: list[tuple[Any, Any]] = []
    ahead: list[Any] = [value]
    while ahead:
        parent = ahead.pop()
        if isinstance(parent, dict):
            inner = cast("dict[Any, Any]", parent)
            found += [(inner, name) for name in inner]
            ahead += [part for part in inner.values() if isinstance(part, (dict, list))]
        elif isinstance(parent, list):
            listed = cast("list[Any]", parent)
            found += [(listed, place) for place in range(len(listed))]
            ahead += [part for part in listed if isinstance(part, (dict, list))]
    return found
