"""Interviews and the rounds they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from workflows.calendar import CandidateClock
from workflows.facts import (
    Fact,
    Interviewer,
    InterviewHeld,
    InterviewRescheduled,
    InterviewScheduled,
    NextRoundInvited,
    ReflectionNoted,
)

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass
class Interview:
    """One interview as its latest statement (by own time) has it."""

    id: str
    first_said: datetime
    standing: Literal["scheduled", "held", "cancelled"] = "scheduled"
    starts_at: datetime | None = None
    ended_at: datetime = NEVER
    """The process's T: when it ended, or will end."""
    kind: str | None = None
    interviewers: tuple[Interviewer, ...] = ()
    assumed: set[datetime] = field(default_factory=set[datetime])
    """Ends at which the process assumed it held; only the end that is scheduled now counts."""
    thanked: dict[str | None, datetime] = field(default_factory=dict[str | None, datetime])
    """Interviewer id -> when thanked; None: everybody."""
    waived: dict[str | None, datetime] = field(default_factory=dict[str | None, datetime])
    lapses: list[datetime] = field(default_factory=list[datetime])
    points: dict[str, str] = field(default_factory=dict[str, str])
    reflected: bool = False

    @property
    def held(self) -> bool:
        return self.standing == "held" or (self.standing == "scheduled" and self.ended_at in self.assumed)

    @property
    def ahead(self) -> bool:
        return self.standing == "scheduled" and self.ended_at not in self.assumed

    @property
    def live(self) -> bool:
        return self.standing != "cancelled"

    @property
    def people(self) -> tuple[Interviewer | None, ...]:
        """Who is to be thanked; None stands for the contact where nobody is known by name."""
        return self.interviewers or (None,)

    def done_with(self, person: Interviewer | None) -> datetime | None:
        """When that person was thanked or waived, if at all."""
        key = person.id if person else None
        times = [when[k] for when in (self.thanked, self.waived) for k in (key, None) if k in when]
        if person is None:  # nobody is known by name: thanking anybody is thanking the contact
            times += [*self.thanked.values(), *self.waived.values()]
        return min(times, default=None)

    def finished_with(self, person: Interviewer | None) -> datetime | None:
        """When that person was thanked, waived or given up, whichever came first: thanks after the lapse do not undo it."""
        done = self.done_with(person)
        given_up = [at for at in self.lapses if at >= self.ended_at]
        return min([*given_up, done] if done else given_up, default=None)

    @property
    def unthanked(self) -> tuple[Interviewer | None, ...]:
        return tuple(p for p in self.people if self.done_with(p) is None)

    @property
    def lapsed(self) -> bool:
        return any(when >= self.ended_at for when in self.lapses)

    def schedule(self, fact: InterviewScheduled) -> None:
        self.standing, self.starts_at, self.ended_at = "scheduled", fact.starts_at, fact.ends_at
        self.kind = fact.kind or self.kind
        if fact.interviewers is not None:
            self.interviewers = fact.interviewers

    def hold(self, fact: InterviewHeld) -> None:
        if self.ended_at != fact.ended_at:
            self.starts_at = None
        self.standing, self.ended_at = "held", fact.ended_at
        if fact.interviewers is not None:
            self.interviewers = fact.interviewers

    def reflect(self, fact: ReflectionNoted) -> None:
        self.reflected = True
        self.points |= {who: point for who, point in (fact.points or {}).items() if point.strip()}

    def thank(self, interviewer: str | None, at: datetime, *, waived: bool) -> None:
        (self.waived if waived else self.thanked).setdefault(interviewer, at)


@dataclass(frozen=True)
class Round:
    number: int
    invitation: NextRoundInvited | None
    """The latest one said; repeated invitations before an interview of the round ends are one."""
    invited_at: datetime | None
    interviews: tuple[Interview, ...]

    @property
    def starts_at(self) -> datetime | None:
        return min((i.starts_at or i.ended_at for i in self.interviews), default=None)


def names(facts: Iterable[Fact]) -> dict[str, str]:
    """Every id that was replaced -> the id that the interview has now."""
    now: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, InterviewRescheduled) and fact.replaces and fact.replaces != fact.interview:
            old, new = now.get(fact.replaces, fact.replaces), now.get(fact.interview, fact.interview)
            if old != new:
                now = {name: new if target == old else target for name, target in now.items()} | {old: new}
    return now


def rounds(interviews: Mapping[str, Interview], invitations: Sequence[NextRoundInvited], clock: CandidateClock) -> list[Round]:
    """All rounds, the current one last.

    An interview belongs to the next round if an invitation came since the last one held, or if it was first said after that one ended and
    ends on a later date of the candidate. One still ahead counts as held at its end.
    """
    told = [(i.at, i) for i in invitations if i.at is not None]
    found: list[tuple[NextRoundInvited | None, datetime | None, list[Interview]]] = [(None, None, [])]
    last: Interview | None = None
    for interview in sorted((i for i in interviews.values() if i.live), key=lambda i: (i.ended_at, i.id)):
        invited = [(at, i) for at, i in told if (last is None or at > last.ended_at) and at <= interview.ended_at]
        later = (
            last is not None and interview.first_said > last.ended_at and clock.date_of(interview.ended_at) > clock.date_of(last.ended_at)
        )
        if invited:
            found.append((invited[-1][1], invited[0][0], []))
        elif later:
            found.append((None, None, []))
        found[-1][2].append(interview)
        last = interview
    if pending := [(at, i) for at, i in told if last is None or at > last.ended_at]:
        found.append((pending[-1][1], pending[0][0], []))
    return [Round(n, invitation, at, tuple(held)) for n, (invitation, at, held) in enumerate(found, 1)]
