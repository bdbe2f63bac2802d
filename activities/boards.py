"""What is done with boards outside of workflows: a hint is taken in by asking the board, and what no board announces is read from it.

Nothing is believed that was not fetched from where the connection says. What is fetched is told to the applications at once and goes
nowhere else: neither into a history nor into a log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from pydantic import SecretStr
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calling import Answer, FailedError, RefusedError
from activities.fetching import Api, Fetcher
from workflows import names
from workflows.boards.delivery import Board, Delivery, Reading, Terms
from workflows.boards.polled import POLLED, further

SLOWLY: Final = timedelta(minutes=15)
"""Between two attempts where only an operator can help."""
DOUBTS: Final = (2.0, 8.0)
"""Seconds after which it is asked again whether something is really not there: what was announced may not be readable everywhere yet."""
_ROUNDS: Final = 5
_MOST_PATHS: Final = 20


class Known(Protocol):
    """A connection, as far as it is needed here."""

    @property
    def id(self) -> str: ...
    @property
    def board(self) -> Board: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def api_key(self) -> SecretStr | None: ...
    @property
    def api_url(self) -> str | None: ...
    @property
    def api_user(self) -> str | None: ...
    @property
    def token_url(self) -> str | None: ...


C = TypeVar("C", bound=Known)


class Boards(Generic[C]):
    """The activities, with the connections as they are now, the way to applications, and the way to the boards."""

    def __init__(
        self,
        connections: Callable[[], Mapping[str, C]],
        tell: Callable[[C, Reading], Awaitable[bool]],
        fetcher: Fetcher | None = None,
        *,
        slowly: timedelta = SLOWLY,
        doubts: tuple[float, ...] = DOUBTS,
    ) -> None:
        self._connections: Final = connections
        self._tell: Final = tell
        self._fetcher: Final = fetcher or Fetcher()
        self._slowly: Final = slowly
        self._doubts: Final = doubts

    @activity.defn(name=names.TAKE_IN)
    async def take_in(self, request: names.IntakeRequest) -> names.Taken:
        """Fetches what the delivery hints at and tells the applications. Repeating is harmless; whatever fails is tried again."""
        known = self._known(request.connection, request.board)
        fetched: dict[str, Any] = {}
        reading = known.board.read(Delivery.of(request.headers, request.body.encode()), known.terms)
        for _ in range(_ROUNDS):
            wanted = [path for path in reading.needs if path not in fetched]
            if not wanted or len(fetched) + len(wanted) > _MOST_PATHS:
                break
            for path in wanted:
                fetched[path] = (await self._asked(known, path)).content
            reading = known.board.read(Delivery.of(request.headers, request.body.encode(), fetched), known.terms)
        if reading.unsettled:
            raise ApplicationError("the board does not say yet what became of it", type=names.BOARD_FAILS)
        await self._told(known, reading)
        return names.Taken(
            event=reading.event,
            applications=tuple(said.application for said in reading.said),
            facts=sum(len(said.facts) for said in reading.said),
            erased=reading.erased is not None,
        )

    @activity.defn(name=names.READ_CHANGES)
    async def read_changes(self, request: names.ChangesRequest) -> names.ChangesRead:
        """Reads one page of what changed and tells the applications what is new in it. Repeating is harmless."""
        known = self._known(request.connection, request.board)
        polled = POLLED.get(request.board)
        if polled is None:
            raise self._refused("this board announces everything itself")
        first = polled.path(request.since, request.until)
        answer = await self._once(known, further(first, request.further) if request.further else first)
        if answer.content is None:
            raise self._refused("the board has no such list")
        changes = polled.changes(answer.content)
        fresh = [change for change in changes if change.key not in request.seen]
        readings = polled.read(fresh, await self._about(known, lambda fetched: polled.needs(fresh, fetched)), known.terms)
        for reading in readings:
            await self._told(known, reading)
        return names.ChangesRead(
            changes=tuple((change.at, change.key) for change in changes if change.at),
            facts=sum(len(said.facts) for reading in readings for said in reading.said),
            more=answer.more and bool(changes),
            further=self._cursor(answer),
        )

    async def _about(self, known: C, needs: Callable[[Mapping[str, Any]], tuple[str, ...]]) -> dict[str, Any]:
        """The lists that are needed, each whole."""
        fetched: dict[str, Any] = {}
        while wanted := [path for path in needs(fetched) if path not in fetched]:
            for path in wanted:
                fetched[path] = [row async for page in self._pages(known, path) for row in page]
        return fetched

    async def _pages(self, known: C, path: str) -> AsyncGenerator[list[Any]]:
        page: str | None = path
        while page:
            answer = await self._once(known, page)
            rows: Any = answer.content
            if not isinstance(rows, list):
                raise self._refused("the board has no such list")
            yield cast("list[Any]", rows)
            cursor = self._cursor(answer) if rows else None
            page = further(path, cursor) if cursor else None

    def _cursor(self, answer: Answer) -> str | None:
        if answer.more and answer.cursor is None:
            raise ApplicationError("the board does not say what its further page is called", type=names.BOARD_FAILS)
        return answer.cursor

    def _known(self, connection: str, board: str) -> C:
        known = self._connections().get(connection)
        if known is None or known.board.name != board:
            raise self._refused("the connection is not in the worker's file of connections")
        return known

    async def _asked(self, known: C, path: str) -> Answer:
        """What is not there is asked for again before that is believed."""
        answer = await self._once(known, path)
        for pause in self._doubts:
            if answer.content is not None:
                break
            await asyncio.sleep(pause)
            answer = await self._once(known, path)
        return answer

    async def _once(self, known: C, path: str) -> Answer:
        board = known.board
        try:
            api = Api(known.id, known.api_url, known.api_key, board.key_header, board.pace, known.token_url, known.api_user)
            return await self._fetcher.get(api, path)
        except RefusedError as e:
            raise self._refused(str(e)) from None
        except FailedError as e:
            raise ApplicationError(str(e), type=names.BOARD_FAILS, next_retry_delay=e.wait) from None

    def _refused(self, sentence: str) -> ApplicationError:
        return ApplicationError(sentence, type=names.BOARD_REFUSES, next_retry_delay=self._slowly)

    async def _told(self, known: C, reading: Reading) -> None:
        try:
            await self._tell(known, reading)
        except Exception as e:  # noqa: BLE001 -- its words may be about somebody, and this one's become part of the history
            raise ApplicationError("the applications could not be told", type=type(e).__name__) from None
