"""A world of a seed: its lives are walked, many at a time, while everything goes wrong; then it is quiet, and the books are compared."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from client.sink import folder_of
from tests.chaos.books import SOONER, Book, Discrepancy, Letter, audit, doubled, letters_in, missing, notes
from tests.chaos.course import names
from tests.chaos.faults import plague, supervise
from tests.chaos.hands import AGAIN, Astray, Hands, Refused, seconds
from tests.chaos.life import LATE, Life, Telling, life
from tests.chaos.shaken import Scene, scene

PATIENCE: Final = 60.0
"""Seconds of calm in which everything that is due is done."""
AT_MOST: Final = 300.0
"""Seconds, calm or not."""
ENOUGH: Final = 5
"""So many discrepancies are as good as all."""
AT_ONCE: Final = 16
"""Lives that are walked at a time."""
FIRST: Final = 0.15
"""Seconds until one looks whether something was noted; later less often."""
NEARLY_ALL: Final = 0.9
"""Of the lives; while the last ones are walked nothing goes wrong any more."""


@dataclass(frozen=True)
class Verdict:
    """What became of a seed."""

    seed: int
    applications: int
    discrepancies: tuple[Discrepancy, ...]
    facts: int
    said: int
    """How often anything was said."""
    letters: int
    uncertain: int
    faults: int
    astray: tuple[str, ...]
    """Applications that were not judged: their test clock went beyond where it was sent."""
    fell: tuple[str, ...]
    """Parts that ended by themselves, and were started again."""
    seconds: float


@dataclass
class World:
    scene: Scene
    seed: int
    applications: int
    hands: Hands = field(init=False)
    found: list[Discrepancy] = field(default_factory=list[Discrepancy])
    books: list[Book] = field(default_factory=list[Book])
    astray: list[str] = field(default_factory=list[str])
    """Applications whose test clock went beyond where it was sent."""
    _echoes: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def __post_init__(self) -> None:
        self.hands = Hands(self.scene)
        self._echo = random.Random(f"{self.seed} echoes")  # noqa: S311 -- reproducible, not secret

    async def walk_all(self, rest: float, most: int | None = None, walked: Callable[[], None] = lambda: None) -> None:
        """Every life to its end; ends sooner where enough was found. Nothing goes wrong any more when it returns."""
        numbers, over = iter(range(self.applications)), 0
        trouble, guard = asyncio.create_task(plague(self.scene, self.seed, rest, most)), asyncio.create_task(supervise(self.scene))

        async def walker() -> None:
            nonlocal over
            for number in numbers:
                if len(self.found) >= ENOUGH:
                    return
                await self._walk(await asyncio.to_thread(life, self.seed, number))
                over += 1
                walked()
                if over >= self.applications * NEARLY_ALL:
                    trouble.cancel()

        async def all_walk() -> None:
            async with asyncio.TaskGroup() as walkers:
                for _ in range(min(AT_ONCE, self.applications)):
                    walkers.create_task(walker())
            await asyncio.gather(*self._echoes)

        walking = asyncio.create_task(all_walk())
        try:
            while not walking.done():
                await asyncio.wait((walking, guard), timeout=1, return_when=asyncio.FIRST_COMPLETED)
                if any(task.done() and not task.cancelled() and task.exception() for task in (trouble, guard)):
                    break
        finally:
            for task in (walking, trouble, guard):
                task.cancel()
            ended = await asyncio.gather(trouble, guard, walking, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one

    def compare(self) -> list[Letter]:
        """Finds every discrepancy there is. Returns the mail."""
        letters = letters_in(folder_of(self.scene.stack.home))
        about: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            about[letter.application].append(letter)
        for book in self.books:
            self.found.extend(audit(book, about[book.life.id]))
        self.found.extend(doubled(letters))
        self.found.extend(Discrepancy(name, "was acknowledged, and once answered with 404") for name in sorted(self.hands.unknown))
        return letters

    async def _walk(self, one: Life) -> None:
        book = Book(one)
        try:
            await self.hands.open(one)
            await self._settled(book, one.course.noted[0].when if one.course.noted else one.until, nothing=True)
            acts = [*one.acts(), (one.until, None)]
            while acts:
                at, telling = acts.pop(0)
                following = acts[0][1] if acts else None
                if following and following.intercepts and telling is None:
                    await self._hold_back(one, at)
                    continue
                await self.hands.move(one.id, at)
                if telling:
                    await self._tell(book, telling)
                await self._settled(book, at)
                if book.left:  # from here on it goes otherwise
                    acts = [*(act for act in one.acts() if act[0] > at), (one.until, None)]
            book.view = await self.hands.view(one.id)
            book.over = await self._is_over(one)
        except Refused as refused:
            self.found.append(Discrepancy(one.id, str(refused)))
            return
        except _Enough:
            return
        except Astray:
            self.astray.append(one.id)
            return
        except _Overdue as overdue:
            self.found.append(Discrepancy(one.id, f"{overdue} (calm for {self.scene.calm_for():.0f} s)"))
            return
        self.books.append(book)

    async def _is_over(self, one: Life) -> bool:
        """Whether its run ended; that it is closed may be known a moment before."""
        begun = seconds()
        while True:
            over = await self.hands.is_over(one.id)
            if over == one.course.ended or seconds() - begun > ENDING:
                return over
            await asyncio.sleep(AGAIN)

    async def _tell(self, book: Book, telling: Telling) -> None:
        one = book.life
        name = await self.hands.say(one, telling)
        if name is None:
            book.given_up.add(telling.name)
            return
        book.acknowledged[name] = telling.name
        for _ in range(telling.again if name == telling.name else 0):
            echo = asyncio.create_task(self._repeat(one, telling, self._echo.uniform(0, 3)))
            self._echoes.add(echo)
            echo.add_done_callback(self._echoes.discard)
        if telling.intercepts:
            await asyncio.sleep(SEEN)
            self.scene.mail_way.refused_for_now.discard(one.address)

    async def _repeat(self, one: Life, telling: Telling, after: float) -> None:
        """A board that was not sure, a caller that lost the answer: known already, it changes nothing."""
        await asyncio.sleep(after)
        try:
            await self.hands.once(one, telling)
        except Refused as refused:
            self.found.append(Discrepancy(one.id, f"said again: {refused}"))

    async def _hold_back(self, one: Life, at: datetime) -> None:
        """The next message is on its way, and is refused for now."""
        mail = self.scene.mail_way
        before, begun = mail.turned_away[one.address], seconds()
        mail.refused_for_now.add(one.address)
        await self.hands.move(one.id, at)
        while mail.turned_away[one.address] == before:
            self._patient(begun, f"nothing was tried at {at}")
            await asyncio.sleep(AGAIN)

    async def _settled(self, book: Book, by: datetime, *, nothing: bool = False) -> None:
        """Returns when everything that is due by then is noted."""
        begun, pause, expected = seconds(), FIRST, names([one for one in book.course.noted if one.when <= by and not nothing])
        if expected == book.settled:
            return
        while True:
            await asyncio.sleep(pause)
            view: dict[str, Any] = await self.hands.view(book.life.id)
            if left := book.may_have_left(view):
                one = book.life
                one.course, expected = (course := one.played(left=left)), names([n for n in course.noted if n.when <= by])
            lacking = missing(expected, view)
            book.slack = max(book.slack, timedelta(seconds=seconds() - begun) + SOONER + LATE / 4)
            if not lacking:
                book.settled = expected
                return
            self._patient(begun, f"not noted at {by}: {sorted(lacking)}")
            pause = min(1.7 * pause, AGAIN)

    def _patient(self, begun: float, what: str) -> None:
        waited = seconds() - begun
        if len(self.found) >= ENOUGH:
            raise _Enough
        if min(waited, self.scene.calm_for()) > PATIENCE or waited > AT_MOST:
            raise _Overdue(what)


ENDING: Final = 20.0
"""Seconds in which a run ends that has nothing more to do."""
SEEN: Final = 2.5
"""Seconds until whoever sends has heard that it must not."""


class _Enough(Exception):  # noqa: N818 -- what it is
    """More need not be known."""


class _Overdue(Exception):  # noqa: N818 -- what it is
    """Something did not happen."""


async def ordeal(
    seed: int, applications: int, *, rest: float = 4, most: int | None = None, walked: Callable[[], None] = lambda: None
) -> Verdict:
    """A world from its beginning to its books."""
    begun = seconds()
    async with scene() as where:
        world = World(where, seed, applications)
        await world.walk_all(rest, most, walked)
        letters = world.compare()
        uncertain = Counter(bool(fact.get("uncertain")) for book in world.books for fact in notes(book.view))
        return Verdict(
            seed=seed,
            applications=applications,
            discrepancies=tuple(world.found),
            facts=sum(len(book.acknowledged) for book in world.books),
            said=world.hands.said,
            letters=len(letters),
            uncertain=uncertain[True],
            faults=where.faults,
            astray=tuple(world.astray),
            fell=tuple(where.fell),
            seconds=seconds() - begun,
        )
