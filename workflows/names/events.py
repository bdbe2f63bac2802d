"""The event stream: what `Stream` and `Replay` begin with and hear, and what their activities are asked and answer. No fact is in any."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from workflows.facts import Frozen, Id, Time

STREAM: Final = "Stream"
NEWS: Final = "news"
FORGET: Final = "forget"
KNOWS: Final = "knows"
REPLAY: Final = "Replay"
DELIVER_EVENTS: Final = "deliver_events"
REPLAY_PAGE: Final = "replay_page"

EVENTS: Final = "afterword-events"
"""The queue of everything that calls the platform's endpoints, so that a slow one holds up nobody else."""
SHARDS: Final = 8
"""Streams of one endpoint side by side; an application is always in the same one. Changing it would let one overtake itself."""
BATCH: Final = 20
"""Applications of one delivery."""

UNREACHED: Final = "EndpointUnreached"
"""Error type: the endpoint took nothing. Tried again, when it says so or by and by."""


def stream_id(endpoint: str, application: str) -> str:
    """Of the stream that carries that application's events to that endpoint."""
    return shard_id(endpoint, hashlib.sha256(application.encode()).digest()[0] % SHARDS)


def shard_id(endpoint: str, shard: int) -> str:
    return f"events/{endpoint}/{shard}"


def replay_id(endpoint: str, key: str) -> str:
    return f"replay/{endpoint}/{key}"


class Pace(Frozen):
    """How patient a stream is."""

    first: timedelta = timedelta(seconds=1)
    """Between the first two attempts; then twice as long each time."""
    longest: timedelta = timedelta(hours=1)
    gives_up: timedelta = timedelta(days=3)
    """What was not taken for so long is dropped and counted; a replay says it again."""
    looks: timedelta = timedelta(minutes=5)
    """Whether an endpoint that is gone was changed in the file."""


class News(Frozen):
    """What the signal `news` says: the facts of an application between two revisions are to be sent."""

    application: Id
    after: int
    revision: int


class Erased(Frozen):
    """What the signal `forget` says, and the query `knows` is asked about."""

    applications: tuple[Id, ...]


class Waiting(News):
    """News in a stream."""

    since: datetime
    """When the oldest of it arrived, on the stream's clock."""
    failures: int = 0
    """In succession, of this application alone."""
    rests: datetime | None = None
    """It is not tried again before."""


class StreamState(Frozen):
    """What a `Stream` begins with, and carries when it goes on as new."""

    endpoint: str
    pace: Pace = Pace()
    waiting: tuple[Waiting, ...] = ()
    """In order of arrival, one per application."""
    dropped: int = 0
    """Events that were given up."""
    delivered_at: datetime | None = None
    failing_since: datetime | None = None
    """Of the first of those attempts in succession that nothing came of. None: the last one went well."""
    failing: bool = False
    """For so long that it was given up."""
    gone: str | None = None
    """The mark of the configuration with which the endpoint said that it is gone."""


class DeliverRequest(Frozen):
    """What `deliver_events` is asked."""

    endpoint: str
    news: tuple[News, ...]
    gone: str | None = None
    """With a configuration of this mark nothing is sent."""


class Sent(Frozen):
    """How far an application's events were taken."""

    application: Id
    revision: int
    refused: bool = False
    """The endpoint did not take the next one."""


class Delivered(Frozen):
    """What `deliver_events` answers."""

    sent: tuple[Sent, ...] = ()
    """Of those that were tried; the others are as they were."""
    events: int = 0
    """How many were taken."""
    gone: str | None = None
    """The endpoint is gone (410), as it is configured by this mark."""
    known: bool = True
    """Whether there is such an endpoint."""


class StreamView(Frozen):
    """What the query `view` of a `Stream` answers."""

    waiting: int
    """Applications."""
    oldest: datetime | None
    dropped: int
    delivered_at: datetime | None
    failing_since: datetime | None
    failing: bool
    gone: bool


class ReplayRequest(Frozen):
    """What `Replay` begins with; by hand `{"endpoint": "backend", "since": "2030-03-04T00:00:00Z"}`."""

    endpoint: str
    since: Time
    until: Time | None = None
    """None: now."""
    cursor: str | None = None
    """Where the next page of applications begins."""
    applications: int = 0
    """How many were found so far."""
    page: Annotated[int, Field(ge=1, le=1000)] = 100
    """Applications that are looked at in one go."""


class ReplayPage(Frozen):
    """What `replay_page` answers."""

    cursor: str | None
    applications: int


class Replayed(Frozen):
    """What `Replay` comes to."""

    applications: int
