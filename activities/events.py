"""The event stream's activities: news go to the streams of the platform's endpoints, and events from there to the endpoints themselves.

What is sent is read from the applications at that moment and goes nowhere else: neither into a history nor into a log.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calling import FailedError, RefusedError
from activities.posting import Endpoint, post, written
from workflows import names
from workflows.application import Application
from workflows.names.events import (
    DELIVER_EVENTS,
    REPLAY_PAGE,
    UNREACHED,
    Delivered,
    DeliverRequest,
    News,
    ReplayPage,
    ReplayRequest,
    Sent,
)
from workflows.streaming import between, event, event_id

AT_ONCE: Final = 5
"""Applications of one delivery whose events are sent side by side."""
_DOWN: Final = (429, 502, 503, 504)
"""The endpoint as a whole takes nothing now; any other refusal may be about one event."""
_SHORT: Final = 3
"""So often is an application looked at that does not have the facts yet that were announced."""


class Reading(Protocol):
    """The way to the applications and to the streams."""

    async def application(self, application: str) -> Application | None: ...

    async def say(self, endpoint: str, news: News) -> None:
        """To the stream, which begins where there is none; durable when it returns."""
        ...

    async def changed(self, since: datetime, cursor: str | None, page: int) -> tuple[tuple[str, ...], str | None]:
        """A page of applications, and the cursor of the next one."""
        ...


def mark(endpoint: Endpoint) -> str:
    """Tells one configuration of an endpoint from another."""
    return hashlib.sha256(endpoint.url.encode()).hexdigest()[:16]


@dataclass
class _Run:
    """One delivery while it is made."""

    endpoint: Endpoint
    reached: dict[str, int]
    """Revisions by application, also those of attempts that were cut off."""
    refused: set[str] = field(default_factory=set[str])
    events: int = 0
    down: ApplicationError | None = None
    """Why the endpoint takes nothing: what is not sent yet is not tried."""
    gone: bool = False

    @property
    def over(self) -> bool:
        return self.down is not None or self.gone


class Events:
    """The activities, with the endpoints as they are now and the way to applications and streams."""

    def __init__(self, endpoints: Callable[[], Mapping[str, Endpoint]], reading: Reading) -> None:
        self._endpoints: Final = endpoints
        self._reading: Final = reading

    @activity.defn(name=names.ANNOUNCE)
    async def announce(self, request: names.AnnounceRequest) -> None:
        """There is news for every endpoint. Repeating is harmless."""
        news = News(application=request.application, after=request.after, revision=request.revision)
        await asyncio.gather(*(self._reading.say(endpoint, news) for endpoint in self._endpoints()))

    @activity.defn(name=DELIVER_EVENTS)
    async def deliver_events(self, request: DeliverRequest) -> Delivered:
        """Sends what it can, each application's in order. Fails only where the endpoint takes nothing at all."""
        endpoint = self._endpoints().get(request.endpoint)
        if endpoint is None:
            return Delivered(known=False)
        if request.gone == mark(endpoint):
            return Delivered(gone=request.gone)
        run, few = _Run(endpoint, _reached_before()), asyncio.Semaphore(AT_ONCE)
        beating = asyncio.create_task(_beat(run))
        try:
            async with asyncio.TaskGroup() as sending:
                for news in request.news:
                    sending.create_task(self._send(run, news, few))
        finally:
            beating.cancel()
        if run.down and not run.reached and not run.gone:
            raise run.down
        sent = [
            Sent(application=one.application, revision=run.reached.get(one.application, one.after), refused=one.application in run.refused)
            for one in request.news
            if one.application in run.reached or one.application in run.refused
        ]
        return Delivered(sent=tuple(sent), events=run.events, gone=mark(endpoint) if run.gone else None)

    @activity.defn(name=REPLAY_PAGE)
    async def replay_page(self, request: ReplayRequest) -> ReplayPage:
        """Says news of what happened in that time, for a page of applications, in one endpoint's streams. Repeating is harmless."""
        if request.endpoint not in self._endpoints():
            raise ApplicationError("there is no such endpoint", type="NoSuchEndpoint", non_retryable=True)
        try:
            applications, cursor = await self._reading.changed(request.since, request.cursor, request.page)
            found = 0
            for identity in applications:
                activity.heartbeat()
                app = await self._reading.application(identity)
                if app and (inside := between(app, request.since, request.until)):
                    await self._reading.say(request.endpoint, News(application=identity, after=inside[0], revision=inside[1]))
                    found += 1
        except Exception as e:  # noqa: BLE001 -- its words may name an application, and this one's stay in the history
            raise ApplicationError("the applications could not be read", type=type(e).__name__) from None
        return ReplayPage(cursor=cursor, applications=found)

    async def _send(self, run: _Run, news: News, few: asyncio.Semaphore) -> None:
        async with few:
            if run.over:
                return
            try:
                app = await self._grown(news)
            except Exception as e:  # noqa: BLE001 -- its words may be about somebody, and this one's become part of the history
                run.down = ApplicationError("the application could not be read", type=type(e).__name__)
                return
            # Erased: nothing. Announced and not kept: what there is, and the rest will be announced again.
            last = min(app.revision, news.revision) if app else 0
            first = max(news.after, run.reached.get(news.application, 0))
            for revision in range(first + 1, last + 1):
                if app is None or run.over or not await self._take(run, news.application, revision, written(event(app, revision))):
                    return
            run.reached[news.application] = news.revision

    async def _grown(self, news: News) -> Application | None:
        """The application with what was announced, which may be a moment ahead of it."""
        app = await self._reading.application(news.application)
        for again in range(_SHORT):
            if app is None or app.revision >= news.revision:
                break
            await asyncio.sleep(0.2 * 2**again)
            app = await self._reading.application(news.application)
        return app

    async def _take(self, run: _Run, application: str, revision: int, content: str) -> bool:
        """Whether the endpoint took it."""
        identity = event_id(application, revision)
        try:
            status, wait = await post(run.endpoint, identity, content)
        except RefusedError as e:
            run.down = ApplicationError(str(e), type=UNREACHED)
            return False
        except (FailedError, httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as e:
            run.down = ApplicationError(str(e) if isinstance(e, FailedError) else type(e).__name__, type=UNREACHED)
            return False
        if 200 <= status < 300:
            run.reached[application] = revision
            run.events += 1
            return True
        if status == HTTPStatus.GONE:
            run.gone = True
        elif status in _DOWN:
            run.down = ApplicationError(f"the endpoint answered {status}", type=UNREACHED, next_retry_delay=wait)
        else:
            run.refused.add(application)
        return False


def _reached_before() -> dict[str, int]:
    """What an attempt that was cut off had reported."""
    details = activity.info().heartbeat_details
    return dict(details[0]) if details else {}


async def _beat(run: _Run) -> None:
    while True:
        activity.heartbeat(run.reached)
        await asyncio.sleep(2)
