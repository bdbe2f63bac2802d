"""Bodies that no board ever sent: samples changed in one place or several, and JSON made up of nothing."""

from __future__ import annotations

import copy
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
    changed = copy.deepcopy(value)
    del _parent(changed, path)[path[-1]]
    return changed


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with one to four changes: a part gone, odd, taken from elsewhere, doubled, or of another name."""
    changed = copy.deepcopy(value)
    for _ in range(chance.randint(1, 4)):
        places = list(paths(changed))
        if not places:
            return changed
        path = chance.choice(places)
        parent, name = _parent(changed, path), path[-1]
        match chance.randrange(6):
            case 0:
                del parent[name]
            case 1 | 2:
                parent[name] = copy.deepcopy(chance.choice(_ODD))
            case 3:
                parent[name] = copy.deepcopy(_parent(changed, other := chance.choice(places))[other[-1]])
            case 4:
                parent[name] = [copy.deepcopy(parent[name]) for _ in range(chance.choice((1, 2, 300)))]
            case _:
                parent[name] = garbage(chance)
    return changed


def garbage(chance: random.Random, depth: int = 4) -> Any:
    """JSON that means nothing, with names that boards use."""
    if depth == 0 or chance.random() < 0.3:
        return copy.deepcopy(chance.choice(_ODD))
    if chance.random() < 0.3:
        return [garbage(chance, depth - 1) for _ in range(chance.randint(0, 4))]
    names = ("id", "action", "event", "type", "data", "payload", "application", "status", "candidate", "offer", "interviewEvents", "x", "")
    return {chance.choice(names): garbage(chance, depth - 1) for _ in range(chance.randint(0, 5))}


def _parent(value: Any, path: Path) -> Any:
    for name in path[:-1]:
        value = value[name]
    return value
