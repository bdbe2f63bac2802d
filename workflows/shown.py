"""What a run shows of itself in Temporal: its search attributes, written only where one differs, all in one call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from workflows.names import BOOLS, DATETIMES, INTS, KEYWORD_LISTS, KEYWORDS

KEYS: list[SearchAttributeKey[Any]] = [
    *(SearchAttributeKey.for_keyword(n) for n in KEYWORDS),
    *(SearchAttributeKey.for_keyword_list(n) for n in KEYWORD_LISTS),
    *(SearchAttributeKey.for_datetime(n) for n in DATETIMES),
    *(SearchAttributeKey.for_int(n) for n in INTS),
    *(SearchAttributeKey.for_bool(n) for n in BOOLS),
]


class Shown:
    """The search attributes of those names, as they were last written."""

    def __init__(self, names: Iterable[str]) -> None:
        have, wanted = workflow.info().typed_search_attributes, set(names)
        self._keys = [key for key in KEYS if key.name in wanted]
        self._written: dict[str, Any] = {key.name: have.get(key) for key in self._keys}

    def show(self, wanted: Mapping[str, Any], *, later: Collection[str] = (), aside: Mapping[str, Any] | None = None) -> None:
        """Values by name; None: unset. If only what may be written `later` differs, it is left for then.

        `aside`: what is never written by itself, only along with others. So it costs nothing, and may be added to runs that are open: a
        replay compares whether something was written, not what.
        """
        changed = [k for k in self._keys if k.name in wanted and self._written[k.name] != wanted[k.name]]
        if changed and not all(k.name in later for k in changed):
            now = {**(aside or {}), **wanted}
            differing = [k for k in self._keys if self._written[k.name] != now[k.name]]
            self._written = now
            updates = [k.value_unset() if (v := now[k.name]) is None else k.value_set(v) for k in differing]
            workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
