"""How the activities of the event stream reach applications and streams: by the façades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from client.index import Filter
from client.streams import Streams
from worker.reach import Reach
from workflows.application import Application
from workflows.names.events import News

_PAGE: Final = 100


@dataclass(frozen=True)
class Announcing:
    """`activities.events.Reading`, by the façades."""

    reach: Reach
    streams: Streams

    async def application(self, application: str) -> Application | None:
        return await self.reach.application(application)

    async def say(self, endpoint: str, news: News) -> None:
        await self.streams.say(endpoint, news)

    async def changed(self, since: datetime, cursor: str | None) -> tuple[tuple[str, ...], str | None]:
        page = await self.reach.applications.list(Filter(changed_since=since), cursor, _PAGE)
        return tuple(found["id"] for found in page.applications), page.next
