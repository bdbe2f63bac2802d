"""How the activities of the event stream reach applications and streams: by the façades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from client.index import Filter
from client.streams import Streams
from worker.reach import Reach
from workflows.application import Application
from workflows.names.events import News


@dataclass(frozen=True)
class Announcing:
    """`activities.events.Reading`, by the façades."""

    reach: Reach
    streams: Streams

    async def application(self, application: str) -> Application | None:
        return await self.reach.application(application)

    async def say(self, endpoint: str, news: News) -> None:
        await self.streams.say(endpoint, news)

    async def changed(self, since: datetime, cursor: str | None, page: int) -> tuple[tuple[str, ...], str | None]:
        found = await self.reach.applications.list(Filter(changed_since=since), cursor, page)
        return tuple(one["id"] for one in found.applications), found.next
