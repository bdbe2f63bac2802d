"""The eight applications: who they are, and what is said about them when. Nothing of what must come of it, which the table has.

Each time is written on the clock of whoever lives by it: the candidate's, or the employer's for what happens there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from client.demonstration.comparison import moment
from client.demonstration.deliveries import (
    APPLIED,
    HIRED,
    ONSITE,
    REFERENCES,
    Body,
    Talk,
    ashby_application,
    ashby_offer,
    ashby_schedule,
    standard,
)
from workflows.calendar import zone

LONDON, BERLIN, PARIS = zone("Europe/London"), zone("Europe/Berlin"), zone("Europe/Paris")
NEW_YORK, LOS_ANGELES = zone("America/New_York"), zone("America/Los_Angeles")
KOLKATA, TOKYO, SYDNEY = zone("Asia/Kolkata"), zone("Asia/Tokyo"), zone("Australia/Sydney")


@dataclass(frozen=True)
class Said:
    """One call: an opening, facts, or a board's delivery."""

    at: datetime | None
    """What the application's clock shows then; None: nobody moved it yet."""
    opening: Body | None = None
    facts: tuple[Body, ...] = ()
    connection: str | None = None
    """Whose delivery it is."""
    delivery: Body | None = None
    look: str | None = None
    """Under this name the agenda is looked at afterwards."""


@dataclass(frozen=True)
class Story:
    name: str
    """As in the table."""
    title: str
    application: str
    candidate: str
    employer: str
    where: ZoneInfo
    """The candidate's."""
    employer_where: ZoneInfo
    said: tuple[Said, ...]
    until: datetime
    """How far its clock is moved in the end: nothing may come in the days before it that the table does not have."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """A board's id of an interview -> what the table calls it."""


def _opening(application: str, candidate: Body, employer: Body, position: str, *facts: Body) -> Said:
    return Said(None, {"id": application, "candidate": candidate, "employer": employer, "position": position, "facts": list(facts)})


def _interview(interview: str, starts: datetime, minutes: int, *people: tuple[str, str]) -> Body:
    return {
        "type": "interview_scheduled",
        "interview": interview,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(minutes=minutes)).isoformat(),
        "interviewers": [{"id": name.split()[0].lower(), "name": name, "email": email} for name, email in people],
    }


def _fact(at: datetime, kind: str, *, look: str | None = None, by: str = "candidate", **fields: Any) -> Said:
    named = {"since": "from"}
    fact = {"type": kind, "by": by, "at": at.isoformat(), **{named.get(name, name): value for name, value in fields.items()}}
    return Said(at, facts=(fact,), look=look)


def _hook(at: datetime | None, connection: str, delivery: Body, *, look: str | None = None) -> Said:
    return Said(at, connection=connection, delivery=delivery, look=look)


def _ghosted() -> Story:
    def t(text: str) -> datetime:
        return moment(text, LONDON)

    ada = {"id": "ada", "name": "Ada Winter", "email": "ada@candidates.example", "timezone": "Europe/London", "country": "GB"}
    employer = {
        "name": "Analytical Engines", "timezone": "America/New_York", "country": "US", "subdivision": "NY",
        "contact": {"name": "Recruiting", "email": "jobs@engines.example"},
    }  # fmt: skip
    people = (("Grace Moore", "grace@engines.example"), ("Katherine Bell", "katherine@engines.example"))
    said = (
        _opening("demo-ghosted", ada, employer, "Staff Engineer", _interview("panel", t("Tue 5 Mar 15:00"), 60, *people)),
        _fact(t("Tue 5 Mar 20:00"), "thank_you_sent", interview="panel", interviewer="grace"),
        _fact(t("Wed 6 Mar 11:00"), "thank_you_sent", interview="panel", interviewer="katherine"),
        _fact(t("Fri 15 Mar 14:00"), "follow_up_sent", look="once the follow-up is sent"),
    )
    return Story(
        "ghosted", "Ghosted without a timeline", "demo-ghosted", "Ada Winter", "Analytical Engines",
        LONDON, NEW_YORK, said, t("Fri 29 Mar 08:00"),
    )  # fmt: skip


def _timeline() -> Story:
    def t(text: str) -> datetime:
        return moment(text, BERLIN)

    lena = {"id": "lena", "name": "Lena Vogt", "email": "lena@candidates.example", "timezone": "Europe/Berlin", "country": "DE"}
    employer = {
        "name": "Sternwarte Software", "timezone": "Europe/Berlin", "country": "DE", "subdivision": "BE",
        "contact": {"name": "Jonas Adler", "email": "jonas@sternwarte.example"},
    }  # fmt: skip
    talk = _interview("talk", t("Mon 8 Apr 10:00"), 90, ("Jonas Adler", "jonas@sternwarte.example"))
    said = (
        _opening("demo-timeline", lena, employer, "Data Engineer", talk),
        _fact(t("Mon 8 Apr 13:00"), "timeline_stated", respond_by="2030-04-18", look="once the date is promised"),
        _fact(t("Mon 8 Apr 15:00"), "thank_you_sent", interview="talk"),
        _fact(t("Mon 29 Apr 10:00"), "follow_up_sent", look="once the follow-up is sent"),
        _fact(t("Thu 2 May 18:00"), "withdrawn", reason="Another place answered."),
    )
    return Story(
        "timeline", "Stated timeline, over Easter", "demo-timeline", "Lena Vogt", "Sternwarte Software",
        BERLIN, BERLIN, said, t("Mon 13 May 08:00"),
    )  # fmt: skip


def _accepted() -> Story:
    def t(text: str) -> datetime:
        return moment(text, NEW_YORK)

    board_id = "e9ed20fd-0000-4aad-8a00-a19bfba0083e"
    who, position = ("Imani Okafor", "imani@candidates.example"), "Senior Product Designer"
    first, second = "9d34f544-0000-4d70-91c4-e8b0b4a72846", "9d34f544-0000-4d70-91c4-e8b0b4a72847"
    screen, case, board = (f"3ae2b801-0000-41ef-ad28-214bd731948{n}" for n in "abc")
    planned, invited = t("Mon 22 Apr 10:00"), t("Wed 8 May 11:00")
    people = (("Yusuf", "Demir"), ("Noor", "Haddad"), ("Pilar", "Santos"))

    def talk(n: int, interview: str, title: str, starts: str, said: datetime) -> Talk:
        name, family = people[n]
        address = f"{name}.{family}@halcyon.example".lower()
        return Talk(interview, title, t(starts), t(starts) + timedelta(hours=1), name, family, address, said, said)

    portfolio = talk(0, screen, "Portfolio review", "Thu 2 May 14:00", planned)
    onsite = (talk(1, case, "Case study", "Tue 14 May 09:30", invited), talk(2, board, "The directors", "Tue 14 May 11:00", invited))

    def changed(action: str, stage: tuple[str, str], said: str, *, status: str = "Active") -> Body:
        return ashby_application(action, board_id, t(said), candidate=who, position=position, stage=stage, status=status)

    def scheduled(action: str, schedule: str, status: str, said: datetime, *talks: Talk) -> Body:
        return ashby_schedule(action, board_id, schedule, status, said, *talks)

    offered = t("Thu 23 May 11:00")
    said = (
        _hook(None, "halcyon", changed("candidateStageChange", APPLIED, "Mon 22 Apr 09:00")),
        _hook(None, "halcyon", scheduled("interviewScheduleCreate", first, "Scheduled", planned, portfolio)),
        _hook(
            t("Thu 2 May 15:10"), "halcyon",
            scheduled("interviewScheduleUpdate", first, "WaitingOnFeedback", t("Thu 2 May 15:10"), portfolio),
        ),
        _fact(t("Thu 2 May 19:00"), "thank_you_sent", interview=screen),
        _hook(t("Tue 7 May 10:00"), "halcyon", changed("candidateStageChange", ONSITE, "Tue 7 May 10:00")),
        _hook(invited, "halcyon", scheduled("interviewScheduleCreate", second, "Scheduled", invited, *onsite)),
        _fact(t("Tue 14 May 16:00"), "thank_you_sent", interview=case),
        _fact(t("Wed 15 May 09:00"), "thank_you_sent", interview=board, look="once everybody is thanked"),
        _hook(t("Fri 17 May 15:00"), "halcyon", changed("candidateStageChange", REFERENCES, "Fri 17 May 15:00")),
        _hook(offered, "halcyon", ashby_offer(board_id, "0ffe0000-0000-4000-8000-000000000001", offered, "2030-07-01")),
        _fact(t("Tue 28 May 10:00"), "offer_accepted"),
        _hook(t("Tue 28 May 12:00"), "halcyon", changed("candidateHire", HIRED, "Tue 28 May 12:00", status="Hired")),
    )  # fmt: skip
    return Story(
        "accepted", "Second interview, offer, accepted", f"halcyon.{board_id}", "Imani Okafor", "Halcyon Freight",
        NEW_YORK, NEW_YORK, said, t("Wed 5 Jun 08:00"), {screen: "screen", case: "case", board: "board"},
    )  # fmt: skip


def _rejected() -> Story:
    def t(text: str) -> datetime:
        return moment(text, KOLKATA)

    def there(text: str) -> datetime:
        return moment(text, LONDON)

    asha = {"id": "asha", "name": "Asha Raman", "email": "asha@candidates.example", "timezone": "Asia/Kolkata", "country": "IN"}
    employer = {
        "name": "Marlowe & Finch", "timezone": "Europe/London", "country": "GB", "subdivision": "ENG",
        "contact": {"name": "Beatrice Lane", "email": "beatrice@marlowe.example"},
    }  # fmt: skip
    interview = _interview("i1", there("Thu 4 Apr 10:00"), 60, ("Oliver Finch", "oliver@marlowe.example"))
    kind = interview.pop("type")
    scheduled = standard(kind, "7719", there("Mon 25 Mar 09:00"), **interview)
    rejected = standard("rejected", "7719", there("Thu 11 Apr 16:30"))
    feedback = standard("employer_replied", "7719", there("Mon 15 Apr 14:30"), **{"from": {"name": "Beatrice Lane"}})
    said = (
        _hook(None, "marlowe", scheduled),
        _opening("marlowe.7719", asha, employer, "Editor"),
        _fact(t("Thu 4 Apr 18:00"), "thank_you_sent", interview="i1", look="once everybody is thanked"),
        _hook(there("Thu 11 Apr 16:30"), "marlowe", rejected, look="once rejected"),
        _hook(there("Mon 15 Apr 14:30"), "marlowe", feedback),
    )
    return Story(
        "rejected", "Rejection", "marlowe.7719", "Asha Raman", "Marlowe & Finch", KOLKATA, LONDON, said, t("Thu 25 Apr 08:00"),
    )  # fmt: skip


def _restarted() -> Story:
    def t(text: str) -> datetime:
        return moment(text, LOS_ANGELES)

    def there(text: str) -> datetime:
        return moment(text, LONDON)

    noah = {"id": "noah", "name": "Noah Reyes", "email": "noah@candidates.example", "timezone": "America/Los_Angeles", "country": "US"}
    employer = {"name": "Tidewater Press", "timezone": "Europe/London", "country": "GB", "subdivision": "ENG"}
    interview = _interview("editor", there("Wed 13 Mar 16:00"), 60, ("Harriet Quill", "harriet@tidewater.example"))
    said = (
        _opening("demo-restarted", noah, employer, "Translator", interview),
        _fact(t("Wed 13 Mar 13:00"), "thank_you_sent", interview="editor", look="once everybody is thanked"),
        _fact(there("Mon 18 Mar 11:00"), "employer_replied", by="platform", look="once they replied"),
        _fact(t("Thu 28 Mar 08:30"), "follow_up_sent"),
        _fact(there("Fri 29 Mar 12:00"), "employer_replied", by="platform", respond_by="2030-04-12"),
        _fact(t("Mon 15 Apr 11:00"), "follow_up_sent", look="once the second follow-up is sent"),
        _fact(there("Tue 23 Apr 10:00"), "offer_received", by="platform", in_writing=True, decide_by="2030-04-29"),
        _fact(t("Sun 28 Apr 20:00"), "offer_declined"),
    )
    return Story(
        "restarted", "A reply that restarts the wait", "demo-restarted", "Noah Reyes", "Tidewater Press",
        LOS_ANGELES, LONDON, said, t("Fri 10 May 09:00"),
    )  # fmt: skip


def _moved() -> Story:
    def t(text: str) -> datetime:
        return moment(text, SYDNEY)

    def there(text: str) -> datetime:
        return moment(text, TOKYO)

    board_id = "b4c1d2e3-0000-4f5a-9b6c-7d8e9f0a1b2c"
    first, second = "6b1f0c52-0000-4a7e-8d93-5e2c4f6a8b01", "6b1f0c52-0000-4a7e-8d93-5e2c4f6a8b02"
    one, two = "c7e5a931-0000-4d20-b1f4-8a6d2e9c3f01", "c7e5a931-0000-4d20-b1f4-8a6d2e9c3f02"
    ruby = {"id": "ruby", "name": "Ruby Walsh", "email": "ruby@candidates.example", "timezone": "Australia/Sydney", "country": "AU"}
    employer = {
        "name": "Kaede Instruments", "timezone": "Asia/Tokyo", "country": "JP",
        "contact": {"name": "Haruka Mori", "email": "haruka.mori@kaede.example"},
    }  # fmt: skip

    def delivery(action: str, status: str, what: tuple[str, str], starts: str, *, created: str, said: str) -> Body:
        schedule, interview = what
        begins, planned, now = there(starts), there(created), there(said)
        changed = planned if status == "Cancelled" else now
        address = "haruka.mori@kaede.example"
        talk = Talk(interview, "Conversation", begins, begins + timedelta(hours=1), "Haruka", "Mori", address, planned, changed)
        return ashby_schedule(action, board_id, schedule, status, now, talk)

    create, update = "interviewScheduleCreate", "interviewScheduleUpdate"
    a, b = "Mon 11 Mar 09:00", "Wed 3 Apr 11:00"
    planned = delivery(create, "Scheduled", (first, one), "Tue 26 Mar 10:00", created=a, said=a)
    moved = delivery(update, "Scheduled", (first, one), "Thu 28 Mar 14:00", created=a, said="Fri 22 Mar 15:00")
    another = delivery(create, "Scheduled", (second, two), "Fri 12 Apr 11:00", created=b, said=b)
    cancelled = delivery(update, "Cancelled", (second, two), "Fri 12 Apr 11:00", created=b, said="Tue 9 Apr 10:00")
    said = (
        _hook(None, "kaede", planned),
        _opening(f"kaede.{board_id}", ruby, employer, "Optical Engineer"),
        _hook(there("Fri 22 Mar 15:00"), "kaede", moved, look="once it is moved"),
        _hook(there(b), "kaede", another, look="once another is scheduled"),
        _hook(there("Tue 9 Apr 10:00"), "kaede", cancelled, look="once that is cancelled"),
    )
    return Story(
        "moved", "Moved and cancelled interviews", f"kaede.{board_id}", "Ruby Walsh", "Kaede Instruments",
        SYDNEY, TOKYO, said, t("Thu 9 May 08:00"), {one: "i1", two: "i2"},
    )  # fmt: skip


def _away() -> Story:
    def t(text: str) -> datetime:
        return moment(text, NEW_YORK)

    miriam = {"id": "miriam", "name": "Miriam Stone", "email": "miriam@candidates.example", "timezone": "America/New_York", "country": "US"}
    employer = {
        "name": "Havel Robotics", "timezone": "Europe/Berlin", "country": "DE", "subdivision": "BE",
        "contact": {"name": "People team", "email": "people@havel.example"},
    }  # fmt: skip
    interview = _interview("call", t("Tue 12 Mar 09:00"), 60, ("Petra Klein", "petra@havel.example"))
    said = (
        _opening("demo-away", miriam, employer, "Controls Engineer", interview),
        _fact(t("Wed 13 Mar 12:00"), "thank_you_sent", interview="call"),
        _fact(t("Fri 15 Mar 09:00"), "employer_away", since="2030-03-18", until="2030-03-22", look="once they are away"),
        _fact(t("Thu 28 Mar 12:30"), "follow_up_sent"),
        _fact(t("Thu 28 Mar 12:35"), "employer_away", since="2030-03-29", until="2030-04-03", look="once they are away again"),
        _fact(moment("Mon 8 Apr 10:00", BERLIN), "offer_received", by="platform", in_writing=True, decide_by="2030-04-15"),
    )
    return Story(
        "away", "Out of office", "demo-away", "Miriam Stone", "Havel Robotics", NEW_YORK, BERLIN, said, t("Fri 3 May 08:00"),
    )  # fmt: skip


def _reopened() -> Story:
    def t(text: str) -> datetime:
        return moment(text, PARIS)

    camille = {
        "id": "camille",
        "name": "Camille Laurent",
        "email": "camille@candidates.example",
        "timezone": "Europe/Paris",
        "country": "FR",
    }
    employer = {
        "name": "Beacon Analytics", "timezone": "America/New_York", "country": "US", "subdivision": "NY",
        "contact": {"name": "Talent", "email": "talent@beacon.example"},
    }  # fmt: skip
    interview = _interview("panel", t("Wed 3 Apr 16:00"), 60, ("Walter Hughes", "walter@beacon.example"))
    said = (
        _opening("demo-reopened", camille, employer, "Statistician", interview),
        _fact(t("Wed 3 Apr 20:00"), "thank_you_sent", interview="panel"),
        _fact(t("Mon 15 Apr 15:00"), "follow_up_sent", look="once the follow-up is sent"),
        _fact(t("Wed 15 May 16:00"), "employer_replied", by="platform", respond_by="2030-05-24", look="once they replied after all"),
        _fact(t("Wed 29 May 15:00"), "follow_up_sent"),
        _fact(t("Thu 30 May 16:00"), "offer_received", by="platform", in_writing=False),
        _fact(t("Fri 31 May 12:00"), "offer_accepted"),
    )
    return Story(
        "reopened", "Late word after ghosting", "demo-reopened", "Camille Laurent", "Beacon Analytics",
        PARIS, NEW_YORK, said, t("Mon 10 Jun 08:00"),
    )  # fmt: skip


STORIES: Final = (_ghosted(), _timeline(), _accepted(), _rejected(), _restarted(), _moved(), _away(), _reopened())
