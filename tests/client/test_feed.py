"""The calendar feed: which dates, under which identity, as two readers that did not write it understand them."""

from __future__ import annotations

import importlib
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.letters.languages import languages
from client.feed import feed, uid
from client.feed.track import START, Track, Tracks, track
from tests.core.histories import (
    GRACE,
    after_talk,
    by_board,
    calendar,
    ghosted,
    held,
    history,
    offer,
    opened,
    prompted,
    rescheduled,
    retracted,
    said,
    scheduled,
    thanked,
)
from tests.core.strategies import histories, openings
from workflows.application import Application
from workflows.facts import Fact, Linked

vobject: Any = importlib.import_module("vobject")  # it has no types
ALL_DAY: Final = date
TALK_2: Final = ("2026-03-27T15:00Z", "2026-03-27T16:00Z")


def written(*applications: Application) -> bytes:
    return feed(applications, Tracks())


def events(*applications: Application) -> list[dict[str, Any]]:
    """What a calendar takes in, in the order of the feed."""
    read: Any = icalendar.Calendar.from_ical(written(*applications))
    return [
        {
            "uid": str(e["uid"]),
            "title": str(e["summary"]),
            "start": e["dtstart"].dt,
            "end": e["dtend"].dt,
            "sequence": int(e["sequence"]),
            "status": str(e["status"]),
            "stamp": e["dtstamp"].dt,
        }
        for e in read.walk("VEVENT")
    ]


def the(kind: str, *applications: Application) -> dict[str, Any]:
    """The one entry whose title, without what became of it, begins so."""
    (found,) = (
        e for e in events(*applications) if e["title"].removeprefix("Cancelled: ").removeprefix("No longer needed: ").startswith(kind)
    )
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def talk(*facts: Fact, ends: str = TALK_2[1]) -> Application:
    """A second interview is ahead."""
    return thanked(scheduled("i2", TALK_2[0], ends, "2026-03-09T12:00Z"), *facts)


def test_an_interview_ahead_stands_from_its_start_to_its_end_with_its_round() -> None:
    found = the("Interview", talk())
    assert (found["start"], found["end"]) == (utc(TALK_2[0]), utc(TALK_2[1]))
    assert found["title"] == "Interview, round 2: Staff Engineer, Analytical Engines"


def test_a_promised_date_is_a_day_and_nothing_else() -> None:
    found = the("Answer promised", thanked(said("timeline_stated", "2026-03-02T16:00Z", respond_by="2026-03-13")))
    assert (found["start"], found["end"]) == (date(2026, 3, 13), date(2026, 3, 14))
    assert type(found["start"]) is ALL_DAY


@pytest.mark.parametrize(
    ("facts", "first", "last"),
    [((), (3, 12), (3, 17)), ((said("timeline_stated", "2026-03-02T16:00Z", respond_by="2026-03-13"),), (3, 17), (3, 20))],
)
def test_news_is_asked_for_on_the_worked_examples_days(facts: tuple[Fact, ...], first: tuple[int, int], last: tuple[int, int]) -> None:
    """From the day of the follow-up to that of the last call, both included."""
    found = the("Ask for news", thanked(*facts))
    assert (found["start"], found["end"]) == (date(2026, *first), date(2026, *last) + timedelta(days=1))


def test_a_thank_you_is_due_within_the_guides_day() -> None:
    found = the("Thank-you due", after_talk())
    assert (found["end"], found["end"] - found["start"]) == (utc("2026-03-03T15:00Z"), timedelta(minutes=30))


def test_an_offers_own_deadline_and_the_usual_one_are_told_apart() -> None:
    """A date means 17:00 of the employer, which is New York's on either side of a change of clocks."""
    stated = the("Offer, answer due", thanked(offer("2026-03-05T12:00Z", decide_by="2026-03-11")))
    usual = the("Offer, answer usual by now", thanked(offer("2026-03-04T12:00Z")))
    assert stated["end"] == utc("2026-03-11T21:00Z")
    assert usual["end"] == utc("2026-03-06T22:00Z")


def test_nothing_stands_there_that_hangs_on_an_interview_ahead() -> None:
    """Neither its thank-you nor a silence that has not begun."""
    first = history(scheduled("i1", *TALK_2, "2026-03-09T12:00Z", GRACE))
    assert [e["title"] for e in events(first)] == ["Interview: Staff Engineer, Analytical Engines"]


def test_before_it_is_opened_an_application_has_no_dates() -> None:
    assert events(Application(id="app-1").apply(scheduled("i1", *TALK_2, "2026-03-09T12:00Z"))) == []


def test_a_moved_interview_is_the_same_entry_with_a_higher_number() -> None:
    before, after = talk(), talk(rescheduled("i2", "2026-03-30T15:00Z", "2026-03-30T16:00Z", "2026-03-11T12:00Z"))
    was, now = the("Interview", before), the("Interview", after)
    assert (now["uid"], now["sequence"], now["start"]) == (was["uid"], was["sequence"] + 1, utc("2026-03-30T15:00Z"))
    assert now["stamp"] == utc("2026-03-11T12:00Z")


def test_an_interview_with_a_new_id_is_the_same_entry() -> None:
    """And stays it when it is moved once more, under a third id."""
    second = rescheduled("i3", "2026-03-30T15:00Z", "2026-03-30T16:00Z", "2026-03-11T12:00Z", replaces="i2")
    third = rescheduled("i4", "2026-03-31T15:00Z", "2026-03-31T16:00Z", "2026-03-12T12:00Z", replaces="i3")
    found = [the("Interview", talk(*facts)) for facts in ((), (second,), (second, third))]
    assert {e["uid"] for e in found} == {uid("app-1", "interview/i2")}
    assert [e["sequence"] for e in found] == [0, 1, 2]


def test_saying_the_same_again_raises_no_number() -> None:
    assert the("Interview", talk(scheduled("i2", *TALK_2, "2026-03-10T12:00Z")))["sequence"] == 0


def test_a_cancelled_interview_stays_as_cancelled_and_may_be_on_again() -> None:
    off = said("interview_cancelled", "2026-03-11T12:00Z", interview="i2")
    on = rescheduled("i2", *TALK_2, "2026-03-12T12:00Z")
    found = [the("Interview", talk(*facts)) for facts in ((), (off,), (off, on))]
    assert [(e["status"], e["sequence"]) for e in found] == [("CONFIRMED", 0), ("CANCELLED", 1), ("CONFIRMED", 2)]
    assert found[1]["title"].startswith("Cancelled: ")


def test_an_interview_that_was_said_by_mistake_is_cancelled() -> None:
    """Before its time and after it: there never was one."""
    said_by_mistake = scheduled("i2", *TALK_2, "2026-03-09T12:00Z")
    for moment in ("2026-03-10T12:00Z", "2026-03-28T12:00Z"):
        assert the("Interview", thanked(said_by_mistake, retracted(said_by_mistake, moment)))["status"] == "CANCELLED"


def test_once_a_follow_up_is_sent_there_are_no_days_to_ask() -> None:
    """Early or on one of the days."""
    for moment in ("2026-03-03T12:00Z", "2026-03-13T12:00Z"):
        assert the("Ask for news", thanked(said("follow_up_sent", moment)))["status"] == "CANCELLED"


def test_a_rejection_cancels_what_was_ahead() -> None:
    """The interview, and the day by which they wanted to answer."""
    promised = said("timeline_stated", "2026-03-10T12:00Z", respond_by="2026-04-07")
    app = talk(promised, by_board("rejected", "2026-03-20T12:00Z"))
    assert {e["title"].partition(":")[0]: e["status"] for e in events(app) if "news" not in e["title"]} == {
        "Cancelled": "CANCELLED",
        "No longer needed": "CANCELLED",
    }


def test_what_was_over_when_it_came_to_nothing_stays() -> None:
    """The days on which news could have been asked for are past when the silence counts as ghosting; before, they are void."""
    assert the("Ask for news", thanked(ghosted("2026-03-24T08:00Z")))["status"] == "CONFIRMED"
    assert the("Ask for news", thanked(by_board("rejected", "2026-03-10T08:00Z")))["status"] == "CANCELLED"


def test_a_held_interview_stays_as_it_was_scheduled() -> None:
    """Also where it ended later than was said."""
    found = the("Interview, round 2", talk(held("i2", "2026-03-27T16:40Z")))
    assert (found["status"], found["start"], found["end"]) == ("CONFIRMED", utc(TALK_2[0]), utc(TALK_2[1]))


def test_a_newer_promise_moves_the_promised_date() -> None:
    first = said("timeline_stated", "2026-03-02T16:00Z", respond_by="2026-03-13")
    second = said("timeline_stated", "2026-03-05T16:00Z", respond_by="2026-03-20")
    found = the("Answer promised", thanked(first, second))
    assert (found["start"], found["sequence"], found["status"]) == (date(2026, 3, 20), 1, "CONFIRMED")


def test_a_word_that_ends_a_silence_makes_another_entry_of_the_next_one() -> None:
    """The days of the first are void, those of the second have an identity of their own."""
    found = [e for e in events(thanked(by_board("employer_replied", "2026-03-10T12:00Z"))) if "Ask for news" in e["title"]]
    assert [e["status"] for e in found] == ["CANCELLED", "CONFIRMED"]
    assert len({e["uid"] for e in found}) == 2


def test_a_run_that_stands_for_a_boards_id_takes_everything_back() -> None:
    """The application itself has the dates now; also those that are over would stand there twice."""
    linked = Linked(id="l", by="process", at=utc("2026-03-30T12:00Z"), to="app-2")
    assert {e["status"] for e in events(thanked(linked))} == {"CANCELLED"}


def test_interviews_on_both_sides_of_a_change_of_clocks_keep_their_hour() -> None:
    """15:00 in London is 15:00 UTC on the 27th and 14:00 UTC after the 29th: calendars show 15:00 for both."""
    found = events(
        history(
            scheduled("w", "2026-03-27T15:00+00:00", "2026-03-27T16:00+00:00", "2026-03-09T12:00Z"),
            scheduled("s", "2026-03-30T15:00+01:00", "2026-03-30T16:00+01:00", "2026-03-09T12:00Z"),
        )
    )
    assert [e["start"].isoformat() for e in found] == ["2026-03-27T15:00:00+00:00", "2026-03-30T14:00:00+00:00"]
    assert [e["start"].astimezone(ZoneInfo("Europe/London")).hour for e in found] == [15, 15]


def test_days_are_the_candidates_own() -> None:
    """17:00 in New York on the 11th is the 12th in Auckland, and the prompt comes on that day's morning."""
    app = history(held("i1", "2026-03-02T15:00Z"), opening=(opened(candidate="Pacific/Auckland"), calendar()))
    assert the("Ask for news", app)["start"] == date(2026, 3, 12)


def test_both_readers_understand_the_same() -> None:
    """The second one did not write it."""
    app = talk(
        said("timeline_stated", "2026-03-10T16:00Z", respond_by="2026-04-07"), said("thank_you_waived", "2026-03-10T16:00Z", interview="i1")
    )
    second = vobject.readOne(written(app).decode())
    theirs = [(e.uid.value, e.summary.value, e.dtstart.value, e.dtend.value, e.status.value) for e in second.vevent_list]
    ours = [(e["uid"], e["title"], e["start"], e["end"], e["status"]) for e in events(app)]
    assert [(u, s, _same(a), _same(b), c) for u, s, a, b, c in theirs] == ours
    assert (second.method.value, second.x_wr_calname.value) == ("PUBLISH", "Afterword")
    assert (second.refresh_interval.value, second.x_published_ttl.value) == ("PT1H", "PT1H")


def _same(when: datetime | date) -> datetime | date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def test_an_empty_calendar_can_be_read() -> None:
    """A candidate whose applications have no dates still has a calendar."""
    assert events() == []
    assert vobject.readOne(written().decode()).version.value == "2.0"


HOSTILE: Final = (
    "A; B, C: D\\n\\, \"E\" 'F' =0D=0A",
    "x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nX-EVIL:1",
    "\u05e2\u05d3\u05d4 \u0628\u0627\u064a\u0631\u0648\u0646 \u202e evil \U0001f469\u200d\U0001f680",
    "\N{FAMILY}" * 400,
    "\u2028\u0085\x0b\x0c two",
    "職" * 400,
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_people_wrote_becomes_a_line_of_the_calendar(hostile: str) -> None:
    """As position and as employer, also where the door would not have let it in: the same entries, the words in their titles."""
    first, *others = talk().facts
    changed: Any = first
    employer = changed.employer.model_copy(update={"name": hostile})
    app = Application(id="app-1").apply(changed.model_copy(update={"position": hostile, "employer": employer}), *others)
    raw = written(app)
    assert [(e["uid"], e["start"]) for e in events(app)] == [(e["uid"], e["start"]) for e in events(talk())]
    assert [e.uid.value for e in vobject.readOne(raw.decode()).vevent_list] == [e["uid"] for e in events(talk())]
    assert raw.split(b"\r\n").count(b"BEGIN:VCALENDAR") == 1
    assert b"\nX-EVIL" not in raw
    assert all(not (set(e["title"]) & set("\r\n\u2028\u202e")) for e in events(app))
    shown = the("Interview, round 2", app)["title"].partition(": ")[2]
    assert shown.startswith(" ".join(hostile.replace("\u202e", "").split())[:10])


def test_lines_end_in_crlf_and_have_75_bytes_at_most() -> None:
    """And a character is never cut in two."""
    first, *others = talk().facts
    changed: Any = first
    raw = written(Application(id="app-1").apply(changed.model_copy(update={"position": "職\U0001f680é" * 60}), *others))
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) == 75
    assert all(b"\r" not in line and b"\n" not in line and line.decode() for line in lines)


def test_it_names_the_position_and_the_employer_and_nobody_else() -> None:
    """No person, no address, nothing that was noted in private."""
    secret = said("reflection_noted", "2026-03-02T17:00Z", interview="i1", takeaways="SECRET", points={"g": "SECRET"})
    app = after_talk(secret, offer("2026-03-05T12:00Z", **{"from": {"name": "Grace Hopper", "email": "grace@example.com"}}))
    unfolded = written(app).replace(b"\r\n ", b"").decode()
    assert "Staff Engineer\\, Analytical Engines" in unfolded
    for private in ("SECRET", "Grace", "Ada", "example.com", "example.org", "app-1", "cand-7", "i1"):
        assert private not in unfolded


def test_the_same_facts_are_the_same_bytes_in_whatever_order_they_are_asked_for() -> None:
    """Stamps are the facts' own times: nothing here knows what time it is."""
    one, two = talk(), Application(id="app-2").apply(*after_talk().facts)
    assert written(one, two) == written(two, one)
    known = {fact.at for fact in (*one.facts, *two.facts)}
    assert {e["stamp"] for e in events(one, two)} <= known


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_it_speaks_the_candidates_language(language: str) -> None:
    """Every title and every description is another one than in English; dates and identities are the same."""
    first, *others = talk(offer("2026-03-10T12:00Z", decide_by="2026-03-12"), said("offer_declined", "2026-03-11T12:00Z")).facts
    changed: Any = first
    candidate = changed.candidate.model_copy(update={"language": language})
    english, app = (Application(id="app-1").apply(one, *others) for one in (first, changed.model_copy(update={"candidate": candidate})))
    assert [(e["uid"], e["start"]) for e in events(app)] == [(e["uid"], e["start"]) for e in events(english)]
    assert not {e["title"] for e in events(app)} & {e["title"] for e in events(english)}
    assert not set(described(app)) & set(described(english))


def described(app: Application) -> list[str]:
    read: Any = icalendar.Calendar.from_ical(written(app))
    return [str(e["description"]) for e in read.walk("VEVENT") if "description" in e]


def test_new_words_are_a_change_and_no_move() -> None:
    """A renamed position is stamped anew under the same number."""
    found = the("Interview", talk(said("details_changed", "2026-03-15T12:00Z", position="Principal Engineer")))
    assert (found["title"], found["sequence"]) == ("Interview, round 2: Principal Engineer, Analytical Engines", 0)
    assert found["stamp"] == utc("2026-03-15T12:00Z")


def test_what_was_read_before_is_not_folded_again() -> None:
    """Of a known application only new facts are; of an unchanged one none."""
    tracks, app = Tracks(), talk()
    before = tracks.of(app)
    assert tracks.of(app).marks is before.marks
    noted = app.apply(prompted("follow-up/1", "2026-03-12T08:00Z"))
    assert tracks.of(noted).marks is before.marks
    assert tracks.of(app.apply(said("rejected", "2026-03-12T08:00Z"))).marks is not before.marks


def test_only_so_many_applications_are_remembered() -> None:
    """The one that was asked for longest ago is forgotten, and is then read anew."""
    tracks, apps = Tracks(most=2), [Application(id=f"app-{n}").apply(*talk().facts) for n in range(3)]
    marks = [tracks.of(app).marks for app in apps]
    assert tracks.of(apps[2]).marks is marks[2]
    assert tracks.of(apps[0]).marks is not marks[0]
    assert tracks.of(apps[0]).marks == marks[0]


def test_another_application_of_the_same_id_is_not_taken_for_the_first() -> None:
    """One that was erased and begun anew has facts of its own."""
    tracks = Tracks()
    tracks.of(talk())
    other = history(
        scheduled("i9", *TALK_2, "2026-03-09T12:00Z"), scheduled("i8", *TALK_2, "2026-03-09T13:00Z"), ghosted("2026-03-10T12:00Z")
    )
    assert tracks.of(other).marks == track(other).marks


def test_two_hundred_applications_take_seconds_at_most() -> None:
    """Read for the first time, on a busy machine; a server does it beside its other calls."""
    facts = talk(by_board("employer_replied", "2026-03-10T12:00Z"), offer(), by_board("rejected", "2026-03-12T12:00Z")).facts
    apps = [Application(id=f"app-{n}").apply(*facts) for n in range(200)]
    begun = time.perf_counter()
    raw = written(*apps)
    assert time.perf_counter() - begun < 15
    assert raw.count(b"BEGIN:VEVENT") == 200 * len(events(apps[0]))


@settings(max_examples=60)
@given(data=st.data(), opening=openings())
def test_whatever_is_said_numbers_only_rise_and_nothing_disappears(data: st.DataObject, opening: tuple[Fact, ...]) -> None:
    """At every revision an entry once shown stays, and changes only with a higher number; read in steps or at once."""
    told = data.draw(histories())
    app = Application(id="app-1").apply(*opening, *told)
    known: Track = START
    for revision in range(app.revision + 1):
        later = track(app.up_to(revision), known)
        for name, mark in known.marks.items():
            now = later.marks[name]
            moved = (mark.entry.starts, mark.entry.ends, mark.cancelled) != (now.entry.starts, now.entry.ends, now.cancelled)
            assert now.sequence == mark.sequence + moved
            assert now.changed >= mark.changed
        known = later
    assert track(app) == known
    raw = written(app)
    assert len(events(app)) == len(known.marks) == len(getattr(vobject.readOne(raw.decode()), "vevent_list", ()))
    assert all(e["start"] < e["end"] for e in events(app))
