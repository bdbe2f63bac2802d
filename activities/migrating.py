"""One page of a migration: each application of it is told by which policy it goes on. Said again under the same ids it is no news."""

from __future__ import annotations

from typing import Final, Protocol

from temporalio import activity

from activities.attempt import signs_of_life
from workflows.names.migrating import MIGRATE_PAGE, MigratePage, PageMigrated


class Moving(Protocol):
    """The way to the applications."""

    async def page(self, request: MigratePage) -> PageMigrated:
        """May be repeated, and raises where it could not be done."""
        ...


class Migrating:
    """The activity, with the way to the applications."""

    def __init__(self, moving: Moving) -> None:
        self._moving: Final = moving

    @activity.defn(name=MIGRATE_PAGE)
    async def migrate_page(self, request: MigratePage) -> PageMigrated:
        async with signs_of_life():
            return await self._moving.page(request)
