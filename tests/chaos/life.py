"""One application of the world: who, where, and everything that will be said of it, when and by whom. Made of a seed and a number alone.

A script is kept only if it comes to the same however late the process is, within reason: what the books then compare does not depend on
how long a fault lasted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal

from activities.holidays import calendar_days
from tests.chaos.course import Course, names
from tests.model.histories import HOURS, PLACES, fact
from workflows.application import Application, objection
from workflows.application.story import NO_LONGER_NEEDED
from workflows.facts import FACT, RULES, Fact, Word
from workflows.policy import POLICIES

Channel = Literal["platform", "hook", "link"]
"""Told by the API, by the signed delivery of a board, or by the candidate's link in a message."""

BEGINS: Final = (date(2030, 2, 25), date(2030, 3, 25), date(2030, 4, 15), date(2030, 10, 21), date(2030, 12, 16), date(2030, 11, 18))
"""Around both changes of the clock, Easter, Christmas and Thanksgiving, and years ahead: a run's clock only goes forward."""
LATE: Final = timedelta(minutes=10)
"""However late the process is, by up to so much, it must come to the same."""
APART: Final = timedelta(minutes=20)
"""Between what is said and what the process does by itself."""
PENDING: Final = timedelta(seconds=30)
"""So long a message is refused before something makes it moot."""
TRIES: Final = 6
REVIVAL: Final = 100
"""Number of what is said to an application that nobody listened to any more."""
OPENED: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""When it is opened, as far as the world cares: before it all, with an interview years ahead."""
WITHOUT_EFFECT: Final = {"type": "hiring_step", "step": "debrief"}
MAKES_MOOT: Final = ("rejected", "withdrawn", "employer_replied")
LINKED: Final = {"employer_replied": "answered", "rejected": "rejected", "next_round_invited": "next-round"}
"""What a message's links can say without a word more."""


@dataclass(frozen=True)
class Telling:
    """One fact, and how it is said. `at`: when, on the application's clock."""

    at: datetime
    said: dict[str, Any]
    """JSON, as its speaker says it."""
    channel: Channel = "platform"
    again: int = 0
    """So often it is said once more, after it was acknowledged."""
    given_up: bool = False
    """Whoever says it does so once, whatever comes of it."""
    intercepts: bool = False
    """It comes while the message that it makes moot is refused by the mail server."""

    @property
    def name(self) -> str:
        return str(self.said["id"])

    def fact(self) -> Fact:
        return FACT.validate_python({"at": self.at, **self.said})


@dataclass
class Life:
    """An application and its script."""

    id: str
    opening: dict[str, Any]
    tellings: list[Telling] = field(default_factory=list[Telling])
    begins: datetime = OPENED
    told: tuple[Fact, ...] = ()
    """What is known once it is opened."""
    course: Course = field(init=False)
    """How it must go to the end, if everything that is not given up is acknowledged."""
    until: datetime = field(init=False)

    @property
    def address(self) -> str:
        return str(self.opening["candidate"]["email"])

    @property
    def there(self) -> str:
        """Its id on its board."""
        return self.id.partition(".")[2]

    def begun(self, late: timedelta = timedelta(0), left: frozenset[str] = frozenset()) -> Course:
        """Its course until its story begins."""
        course = Course(Application(id=self.id).apply(*self.told), OPENED, late, left=left)
        course.hear()
        course.to(self.begins)
        return course

    def played(self, late: timedelta = timedelta(0), left: frozenset[str] = frozenset()) -> Course:
        """Its course to the end, where messages of these intents may have left although they were recalled."""
        course = self.begun(late, left)
        for telling in self.tellings:
            if telling.intercepts:
                course.hold_back(telling.at - PENDING)
            course.to(telling.at + (late if telling.intercepts else timedelta(0)))
            if course.ended:
                course.now = telling.at
            course.hear(telling.fact())
            course.let_go()
        course.to(self.until)
        return course

    def acts(self) -> Iterator[tuple[datetime, Telling | None]]:
        """Moments at which the process does something, and tellings, in their order. Moments close to each other are one."""
        stops = [
            at for n, at in enumerate(self.course.stops) if n + 1 == len(self.course.stops) or self.course.stops[n + 1] - at > LATE / 4
        ]
        moments: list[tuple[datetime, Telling | None]] = [(at, None) for at in stops]
        yield from sorted([*moments, *((told.at, told) for told in self.tellings)], key=lambda act: (act[0], act[1] is not None))


class Teller:
    """Makes one life. The process's part is played beside it twice: in time, and late."""

    def __init__(self, seed: int, number: int) -> None:
        self._number = number
        self._chance = random.Random(f"{seed}/{number}")  # noqa: S311 -- reproducible, not secret
        self._life = Life(f"board.{seed}-{number}", self._opening(seed, number))
        self._life.begins, self._life.told = self._begins, tuple(self._opened())
        self._courses = [self._life.begun(late) for late in (timedelta(0), LATE)]

    def tell(self) -> Life:
        chance, now, alone = self._chance, self._courses[0].now, self._number % 3 == 1
        for n in range(chance.choice((2, 3, 4, 5, 6, 8))):
            for _ in range(TRIES):
                gap = timedelta(minutes=chance.choice((61, 200, 600, 1440, 1440, 2880, 1440 * 4, 1440 * 8)) + chance.randrange(600))
                if self._say(n, now + gap) or (alone and self._intercept(n)):
                    break
            now = self._courses[0].now
        self._rest(now)
        return self._life

    def _rest(self, now: datetime) -> None:
        """What happens when nobody says another word; in a third of all lives until nobody listens, and half of those are then revived."""
        chance, far = self._chance, timedelta(days=400)
        if chance.random() < 0.35:
            courses = self._played(now + far)
            if courses[0].ended and agree(courses):
                self._courses = courses
                if chance.random() < 0.6:
                    self._say(REVIVAL, courses[0].now, gap=timedelta(0))
        first, now = chance.choice((3, 9, 20, 40)), self._courses[0].now
        for days in range(first, first + 10):
            courses = self._played(now + timedelta(days=days))
            if agree(courses) and not near(courses[0]):
                self._courses = courses
                break
        self._life.course, self._life.until = self._courses[0], self._courses[0].now

    def _played(self, moment: datetime) -> list[Course]:
        courses = [course.copy() for course in self._courses]
        for course in courses:
            course.to(moment)
        return courses

    def _say(self, n: int, at: datetime, gap: timedelta = APART) -> bool:
        """Says something at that moment, if it is taken and makes a script that does not depend on being late."""
        courses = self._played(at)
        if not agree(courses) or (gap and (courses[0].ended or near(courses[0]))):
            return False
        for course in courses:
            if course.ended:
                course.now += timedelta(seconds=1)  # its clock goes on from there when somebody speaks
        at = courses[0].now
        telling = self._telling(n, at, courses[0].app)
        return telling is not None and self._kept(courses, telling)

    def _kept(self, courses: list[Course], telling: Telling) -> bool:
        fact, ahead = telling.fact(), courses[0].stops[-1:]
        app = courses[0].app
        if telling.channel != "hook" and objection(app, Word(facts=(fact,), by=fact.by or "platform"), telling.at):
            return False
        for course in courses:
            course.hear(fact)
        probes = [course.copy() for course in courses]
        for course in probes:
            course.to(telling.at + APART)
        if not agree(probes) or (probes[0].stops[-1:] != ahead):  # what follows at once is done when it is heard; nothing else comes soon
            return False
        self._courses = courses
        self._life.tellings.append(telling)
        return True

    def _intercept(self, n: int) -> bool:
        """The next message is refused by the mail server until something makes it moot."""
        courses = [course.copy() for course in self._courses]
        for course in courses:
            plan_at = _next_mail(course)
            if plan_at is None:
                return False
            course.hold_back(plan_at)
            course.to(plan_at + course.late + PENDING)
            if course.ended or len(course.held_back or ()) != 1:
                return False
        at = courses[0].now
        said = {"type": self._chance.choice(MAKES_MOOT), "id": f"{self._life.there}-f{n}", "by": "platform", "at": at.isoformat()}
        telling = Telling(at, said, intercepts=True)
        if objection(courses[0].app, Word(facts=(telling.fact(),), by="platform"), at):
            return False
        for course in courses:
            before = len(course.noted)
            course.hear(telling.fact())
            if course.held_back or not any(one.name[2] == NO_LONGER_NEEDED for one in course.noted[before:]):
                return False
            course.let_go()
        if not agree(courses):
            return False
        self._courses = courses
        self._life.tellings.append(telling)
        return True

    def _telling(self, n: int, at: datetime, app: Application) -> Telling | None:
        chance = self._chance
        known = [{"id": f.id} for f in app.facts if f.by != "process"]
        said: dict[str, Any] = {"id": f"{self._life.there}-f{n}", "at": at, **fact(chance, at, [{"id": ""}, {"id": ""}, *known])}
        if said["type"] == "retracted" and said["fact"] in ("", "opened"):
            return None
        if chance.random() < 0.06:
            said = {"id": said["id"], "at": at, **WITHOUT_EFFECT}
            return Telling(at, _plain(said | {"by": "platform"}), given_up=True)
        channel: Channel = chance.choice(("platform", "platform", "hook", "hook", "link"))
        if channel == "link":
            if said["type"] in LINKED:
                said = {name: said[name] for name in ("id", "at", "type")}
            else:
                channel = "platform"
        by = {"platform": chance.choice(("platform", "candidate")), "hook": "board:board", "link": "candidate"}[channel]
        again = chance.choice((0, 0, 0, 1, 2, 5))
        return Telling(at, _plain(said | {"by": by}), channel, again)

    def _opening(self, seed: int, number: int) -> dict[str, Any]:
        chance = self._chance
        zone, country, part = chance.choice(PLACES)
        day = chance.choice(BEGINS) + timedelta(days=chance.randrange(10))
        begins = datetime.combine(day, time(9), UTC) + timedelta(minutes=chance.randrange(600))
        self._begins = begins
        starts = begins + timedelta(minutes=chance.choice((200, 1500, 4000)) + chance.randrange(600))
        people = [{"id": p, "name": f"Person {p}", "email": f"{p}@example.com"} for p in ("p", "q")[: chance.choice((0, 1, 1, 2))]]
        held = {
            "type": "interview_scheduled",
            "id": f"{seed}-{number}-first",
            "interview": "i1",
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(minutes=50)).isoformat(),
            "interviewers": people,
        }
        employer = {"name": "Analytical Engines", "timezone": zone, "country": country, "subdivision": part}
        return {
            "id": f"board.{seed}-{number}",
            "candidate": candidate(seed, number - 2 if number % 3 == 2 else number),
            "employer": {name: value for name, value in employer.items() if value},
            "position": "Staff Engineer",
            "policy": chance.choice(("industry", "industry", "university")),
            "facts": [held],
        }

    def _opened(self) -> list[Fact]:
        """What the opening says, with the days that do not count as the world knows them."""
        said = self._life.opening
        opened = {name: said[name] for name in ("candidate", "employer", "position")} | {"policy": POLICIES[said["policy"]], "rules": RULES}
        place = (said["employer"].get("country"), said["employer"].get("subdivision"))
        days = calendar_days(*place, date(2026, 1, 1), date(2034, 12, 31))
        return [
            FACT.validate_python({"type": "opened", "id": "opened", "by": "platform", "at": OPENED, **opened}),
            days.model_copy(update={"id": "calendar", "by": "process", "at": OPENED}),
            *(FACT.validate_python({"by": "platform", "at": OPENED, **one}) for one in said["facts"]),
        ]


def candidate(seed: int, number: int) -> dict[str, Any]:
    """Every third application is a second one of somebody."""
    chance = random.Random(f"{seed}/candidate {number}")  # noqa: S311 -- as above
    return {
        "id": f"cand-{seed}-{number}",
        "name": "Ada Byron",
        "email": f"ada-{seed}-{number}@example.org",
        "timezone": chance.choice(PLACES)[0],
        "waking_hours": list(chance.choice(HOURS)),
    }


def _next_mail(course: Course) -> datetime | None:
    """When the next message is due, if nobody says another word, and nothing else is done shortly before."""
    probe, count = course.copy(), len(course.noted)
    while not probe.ended and probe.now < course.now + timedelta(days=30):
        before = probe.now
        probe.to(probe.now + timedelta(hours=8))
        fresh = [one for one in probe.noted[count:] if one.mail]
        if fresh:
            at = fresh[0].at - probe.late
            return at if at > course.now + APART and all(abs(at - stop) > APART or stop == at for stop in probe.stops) else None
        count = len(probe.noted)
        if probe.now == before:
            return None
    return None


def agree(courses: list[Course]) -> bool:
    """Whether being late changes nothing but the time."""
    first, second = courses
    return names(first.noted) == names(second.noted) and first.ended == second.ended


def near(course: Course) -> bool:
    """Whether the process did something by itself just before, so that a late one might do it only after."""
    return bool(course.stops) and not course.ended and course.now - course.stops[-1] < APART


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """As JSON says it."""
    return FACT.validate_python(said).model_dump(mode="json", by_alias=True, exclude_unset=True)


def life(seed: int, number: int) -> Life:
    return Teller(seed, number).tell()
