"""The steps of an erasure: to find what is held and put its tombstones, to delete it, and to forget who it was.

Whatever fails is tried again. Its words may be about somebody, and would stand in a history: only its type is told.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.attempt import signs_of_life
from workflows import names


class Deleting(Protocol):
    """Who knows where things are held. Each call may be repeated, and raises where it could not be done."""

    async def seek(self, request: names.SeekRequest) -> names.Held:
        """Everything that is held, and was: nobody begins a run under these ids from now on."""
        ...

    async def delete(self, held: names.Held) -> names.Deleted:
        """What is there is ended and deleted, for good."""
        ...

    async def forget(self, workflow: str, but: str) -> bool:
        """Every run of that workflow id is deleted, but that one. Whether there was any."""
        ...


class Erasing:
    """The activities, with the way to what is held."""

    def __init__(self, deleting: Deleting) -> None:
        self._deleting: Final = deleting

    @activity.defn(name=names.SEEK_HELD)
    async def seek_held(self, request: names.SeekRequest) -> names.Held:
        async with _step():
            return await self._deleting.seek(request)

    @activity.defn(name=names.DELETE_HELD)
    async def delete_held(self, held: names.Held) -> names.Deleted:
        async with _step():
            return await self._deleting.delete(held)

    @activity.defn(name=names.FORGET_ERASED)
    async def forget_erased(self) -> bool:
        """Deletes the runs that this erasure's own run goes on from: their histories have the ids. Whether there was any."""
        info = activity.info()
        async with _step():
            return await self._deleting.forget(info.workflow_id or "", info.workflow_run_id or "")


@asynccontextmanager
async def _step() -> AsyncGenerator[None]:
    try:
        async with signs_of_life():
            yield
    except Exception as e:  # noqa: BLE001 -- its words may name whom it was about, and this one's would stay in the history
        raise ApplicationError("this step of the erasure could not be done", type=type(e).__name__) from None
