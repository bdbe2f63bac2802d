"""What the standard lifecycle says and when, for those that are written by hand: its dates and its four messages. Pure.

It knows this one path and nothing else: one interview, one zone for both, thanks and a follow-up that nobody answers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from workflows import names
from workflows.calendar import CandidateClock, EmployerClock, zone
from workflows.facts import Candidate, Contact, Employer, Frozen, Interviewer
from workflows.sentences import city, day, hour

DAY: Final = timedelta(hours=24)
LISTENS: Final = timedelta(days=90)
"""For late word, after the ghosting."""


class Opening(Frozen):
    application: str
    candidate: Candidate
    employer: Employer
    contact: Contact
    zone: str
    """Of both, on this path."""
    position: str
    interview: str
    ended_at: datetime
    interviewers: tuple[Interviewer, ...]
    holidays: dict[date, str]
    """Of the weeks ahead."""


class Path:
    """The dates of one application, and its messages."""

    def __init__(self, opening: Opening) -> None:
        self.opening: Final = opening
        self.mine: Final = CandidateClock(zone(opening.zone))
        self.theirs: Final = EmployerClock(zone(opening.zone), holidays=opening.holidays)
        self.start: Final = self.theirs.date_of(opening.ended_at)

    @property
    def indexed(self) -> dict[str, Any]:
        """What its index says from the first moment on, and always."""
        return {"CandidateId": self.opening.candidate.id, "Policy": "industry 1", "Round": 1, "Paused": False}

    @cached_property
    def thank_by(self) -> datetime:
        return self.mine.waking(self.opening.ended_at + timedelta(hours=2))

    @cached_property
    def nudge(self) -> datetime:
        return self.mine.waking(self.opening.ended_at + timedelta(hours=18))

    def wait(self, thanked: datetime) -> datetime:
        return self.mine.next_start(thanked)

    @cached_property
    def ask(self) -> datetime:
        return self.mine.waking(self.theirs.passed(self.start, 7))

    @cached_property
    def last_call(self) -> datetime:
        return self.mine.waking(self.theirs.passed(self.start, 10))

    def counted_from(self, followed_up: datetime) -> date:
        return max(self.theirs.date_of(followed_up), self.theirs.business_day(self.start, 7))

    def give_up(self, followed_up: datetime) -> datetime:
        return self.mine.waking(self.theirs.passed(self.counted_from(followed_up), 5))

    def thank_you(self) -> names.Notice:
        o, t = self.opening, self.opening.ended_at
        people = tuple(
            names.Addressee(interview=o.interview, interviewer=i.id, name=i.name, email=i.email, role=i.role, ended_at=t)
            for i in o.interviewers
        )
        over, by = hour(t, self.mine.where), hour(t + DAY, self.mine.where)
        why = f"{self._at(self.thank_by)}: 2 hours after your interview ended ({over}); a thank-you is due within 24 hours, by {by}"
        known = {"until": t + 2 * DAY, "people": people, "contact": o.contact, "skills": o.candidate.skills, "reflect": (o.interview,)}
        return self._notice(f"thank-you/{o.interview}", t, self.thank_by, why, **known)

    def waiting(self, thanked: datetime, due: datetime) -> names.Notice:
        since = hour(thanked, self.mine.where)
        why = f"{self._at(due)}: the thank-yous of your interview are done with since {since}; you would follow up on {self._at(self.ask)}"
        return self._notice("waiting/1", self.opening.ended_at, due, why, until=self.ask, follow_up_due=self.ask)

    def follow_up(self) -> names.Notice:
        t = self.opening.ended_at
        held = {"interviewed_at": t, "quiet_since": t, "best_sent_at": self.theirs.office(self.ask)}
        return self._notice("follow-up/1", t, self.ask, self._counted(self.ask, self.start, 7), contact=self.opening.contact, **held)

    def ghosted(self, given_up: datetime, due: datetime, followed_up: datetime) -> names.Notice:
        why = self._counted(due, self.counted_from(followed_up), 5)
        return self._notice("ghosted/1", given_up, given_up, why, follow_up_sent=True)

    def _notice(self, intent: str, since: datetime, due: datetime, why: str, **known: Any) -> names.Notice:
        o = self.opening
        return names.Notice(
            application=o.application, intent=intent, intents=(intent,), key=f"{o.application} {intent} {since.isoformat()}", due=due,
            why=f"{why}. Policy industry 1.", to=Contact(name=o.candidate.name, email=o.candidate.email), timezone=o.zone,
            employer_timezone=o.zone, employer=o.employer.name, position=o.position, **known)  # fmt: skip

    def _at(self, moment: datetime) -> str:
        return f"{hour(moment, self.mine.where)} {city(self.mine.where)}"

    def _counted(self, due: datetime, start: date, n: int) -> str:
        passed = self.theirs.passed(start, n)
        off = ", ".join(f"{day(when)} ({name})" for when, name in self.theirs.uncounted(start, self.theirs.date_of(passed)))
        text = f"{self._at(due)}: {n} business days after {day(start)} have passed on {hour(passed, self.mine.where)}"
        return f"{text}, not counting {off}" if off else text
