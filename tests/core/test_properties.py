"""What holds for every history: the promises that the guide makes whatever is said, in whatever order, in whatever zones.

With `AFTERWORD_PROPERTIES=thorough` it looks at twenty times as many, other ones each time.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.core.histories import Application, Step, agenda, due, iso, kinds, objection_slug, scheduled, stage, the
from tests.core.histories import said as fact_said
from tests.core.strategies import AUTUMN, LIVELY, START, WAKING, ZONES, facts, histories, lives, openings
from workflows.application import objection
from workflows.calendar import zone
from workflows.facts import FACT, KINDS, Fact, Prompted, Word
from workflows.policy import INDUSTRY, Policy
from workflows.rehearsal import Rehearsal, rehearse
from workflows.view import view

MORE: Final = 20 if os.environ.get("AFTERWORD_PROPERTIES") == "thorough" else 1
pytestmark = pytest.mark.timeout(60 * MORE)

STAGES: Final = {"unclaimed", "interviewing", "thanking", "waiting", "following_up", "awaiting_reply", "deciding", "closed"}
OUTCOMES: Final = {None, "accepted", "declined", "rejected", "ghosted", "withdrawn", "lapsed"}
AT_ONCE: Final = {"references", "offer-thanks", "offer-review", "next-round", "close-others", "farewell"}
"""Due when their fact comes, at whatever hour; sent at the next waking moment."""


def examples(number: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=number * MORE, deadline=None, derandomize=MORE == 1, database=None, suppress_health_check=slow)


def known(opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> Application:
    return Application(id="app-1").apply(*opening, *told)


def awake(opening: tuple[Fact, ...], moment: datetime) -> bool:
    """By hand: whether the local time lies in the waking hours of the opening."""
    candidate: Any = opening[0]
    start, end = (time.fromisoformat(t) for t in candidate.candidate.waking_hours)
    return start <= moment.astimezone(zone(candidate.candidate.timezone)).time() < end


class TestFolding:
    @examples(250)
    @given(openings(), histories(notes=True, most=14))
    def test_never_raises_and_always_amounts_to_something(self, opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> None:
        app = known(opening, told)
        shown = view(app)

        assert stage(app) in STAGES
        assert shown["outcome"] in OUTCOMES
        assert shown["revision"] == len(opening) + len(told)
        assert (shown["stage"] == "closed") == (shown["outcome"] is not None)
        assert {step.kind for step in agenda(app)} <= set(KINDS)

    @examples(60)
    @given(histories(notes=True))
    def test_an_application_that_nobody_opened_prompts_nobody(self, told: tuple[Fact, ...]) -> None:
        app = Application(id="acme.1").apply(*told)

        assert (stage(app), agenda(app)) == ("unclaimed", ())
        assert view(app)["stage"] == "unclaimed"

    @examples(150)
    @given(openings(), histories(notes=True), st.randoms(use_true_random=False))
    def test_the_order_of_arrival_never_matters(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], dice: Any) -> None:
        mixed = [*opening, *told]
        dice.shuffle(mixed)
        one, other = known(opening, told), Application(id="app-1").apply(*mixed)

        assert agenda(other) == agenda(one)
        assert stage(other) == stage(one)
        assert view(other)["outcome"] == view(one)["outcome"]

    @examples(80)
    @given(openings(), histories(notes=True))
    def test_stored_and_read_again_it_amounts_to_the_same(self, opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> None:
        app = known(opening, told)

        assert agenda(Application.model_validate_json(app.model_dump_json(exclude_unset=True, by_alias=True))) == agenda(app)

    @examples(100)
    @given(openings(), histories(notes=True), facts(), st.sampled_from((0, 100)))
    def test_a_retracted_word_was_never_said(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], word: Fact, day: int) -> None:
        """Whatever it was, and whenever it is taken back; it is no retraction or confirmation itself, and names nobody."""
        assume(word.type not in ("retracted", "confirmed"))
        word = word.model_copy(update={"id": "word"})
        moment = (START + timedelta(days=day)).isoformat()
        taken_back = FACT.validate_python({"type": "retracted", "id": "taken-back", "at": moment, "by": "platform", "fact": "word"})
        start, plain = opening, known(opening, told)

        app = known(start, (*told, word, taken_back))

        assert [s for s in agenda(app) if s.since < START + timedelta(days=90)] == [
            s for s in agenda(plain) if s.since < START + timedelta(days=90)
        ]
        assert view(app)["outcome"] == view(plain)["outcome"]

    @examples(100)
    @given(openings(), histories(), facts())
    def test_a_tentative_word_has_no_effect(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], word: Fact) -> None:
        guess = word.model_copy(update={"id": "guess", "tentative": True})

        assert agenda(known(opening, (*told, guess))) == agenda(known(opening, told))

    @examples(100)
    @given(openings(), histories(notes=True), facts())
    def test_the_door_always_answers_and_never_refuses_a_board(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], word: Fact) -> None:
        app = known(opening, told)
        new = word.model_copy(update={"id": "new"})

        objection_slug(app, new)
        assert objection_slug(app, new.model_copy(update={"by": "board:acme"})) is None
        assert objection_slug(app, new.model_copy(update={"anyway": True})) is None
        assert objection(app, Word(facts=()), START + timedelta(days=200)) is None

    @examples(40)
    @given(openings(), histories(), facts(start=START + timedelta(days=90)))
    def test_what_the_door_refuses_would_have_changed_no_closed_application(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], word: Fact
    ) -> None:
        app = known(opening, told)
        new = word.model_copy(update={"id": "new", "by": "platform", "tentative": False, "anyway": False})
        assume(objection_slug(app, new) == "application-closed")

        assert view(app.apply(new.model_copy(update={"anyway": True})))["outcome"] == view(app)["outcome"]


class TestSteps:
    @examples(150)
    @given(openings(), histories(LIVELY))
    def test_every_step_is_named_dated_and_explained(self, opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> None:
        steps = agenda(known(opening, told))

        assert len({(s.intent, s.since) for s in steps}) == len(steps)
        assert [s.due for s in steps] == sorted(s.due for s in steps)
        for step in steps:
            assert step.due.utcoffset() is not None
            assert step.why.strip()
            assert "\n" not in step.why
            assert step.why.endswith((" industry 1.", " university 1."))
            assert step.action

    @examples(200)
    @given(openings(), histories(tuple(k for k in LIVELY if k not in ("paused", "snoozed")), notes=False))
    def test_what_is_due_by_a_rule_is_due_in_waking_hours(self, opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> None:
        for step in agenda(known(opening, told)):
            if step.kind not in AT_ONCE and step.kind != "thank-you-lapsed":
                assert awake(opening, step.due), (step.intent, step.due)

    @examples(200)
    @given(openings(), histories(tuple(k for k in LIVELY if k not in ("paused", "snoozed"))))
    def test_a_nudge_is_never_later_than_24_hours_and_never_within_an_hour_of_the_prompt(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...]
    ) -> None:
        steps = agenda(known(opening, told))
        prompts = {s.intent.split("/")[1]: s for s in steps if s.kind == "thank-you"}

        for step in steps:
            if step.kind == "thank-you-nudge":
                assert step.due <= step.since + timedelta(hours=24)
                prompt = prompts.get(step.intent.split("/")[1])
                assert prompt is None or step.due >= prompt.due + timedelta(hours=1)

    @examples(120)
    @given(openings(AUTUMN), histories(LIVELY, start=AUTUMN))
    def test_no_step_helps_only_before_it_is_due(self, opening: tuple[Fact, ...], told: tuple[Fact, ...]) -> None:
        assume(not any(f.type == "paused" for f in told))
        for step in agenda(known(opening, told)):
            if step.until is not None and step.kind not in AT_ONCE:
                assert step.due <= step.until, step


def prompts_of(rehearsal: Rehearsal) -> list[tuple[Application, Step, Prompted]]:
    """Each prompt of the process with the step that it notes, and everything that was known just before.

    A message may note several steps, one fact after the other: then what was known before the first of them.
    """
    before = [rehearsal.application]
    found: list[tuple[Application, Step, Prompted]] = []
    for fact in rehearsal.ended.facts[rehearsal.application.revision :]:
        if isinstance(fact, Prompted):
            found.append(next((app, step, fact) for app in reversed(before) for step in agenda(app) if fact.intent in step.intents))
        before.append(before[-1].apply(fact))
    return found


def played(opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int) -> Rehearsal:
    return rehearse((*opening, *told), as_of=START + timedelta(days=days), until=START + timedelta(days=200))


late = st.sampled_from((0, 0, 10, 30, 60))


class TestRehearsals:
    @examples(150)
    @given(openings(), histories(), late)
    def test_nobody_is_ever_written_to_outside_waking_hours(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int) -> None:
        for entry in played(opening, told, days).steps:
            if not entry.skipped and not entry.intent.startswith("thank-you-lapsed"):
                assert awake(opening, entry.due), entry

    @examples(150)
    @given(openings(), lives(), late)
    def test_nothing_is_prompted_twice_while_what_it_hangs_on_stands(
        self, opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int
    ) -> None:
        notes = [(note.intent, step.since) for _, step, note in prompts_of(played(opening, told, days))]

        assert len(notes) == len(set(notes))

    @examples(200)
    @given(openings(), lives(), late)
    def test_one_follow_up_per_silence(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int) -> None:
        """A second prompt only if a date was newly promised since the first; none once it was sent."""
        prompts: dict[datetime, datetime] = {}
        for app, step, note in prompts_of(played(opening, told, days)):
            if step.kind not in ("follow-up", "follow-up-last-call"):
                continue
            silence, moment = app.story.silence(), note.at
            assert silence is not None
            assert moment is not None
            assert silence.followed_up is None
            if step.kind == "follow-up":
                first = prompts.setdefault(silence.start, moment)
                newly = [f for f in app.facts if getattr(f, "respond_by", None) and f.at and f.at > first and not f.tentative]
                assert first == moment or newly or tentative_matters(app)
                prompts[silence.start] = moment

    @examples(80)
    @given(openings(), lives(), late)
    def test_what_is_sent_is_not_also_skipped(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int) -> None:
        entries = [(e.intent, e.due) for e in played(opening, told, days).steps]

        assert len(entries) == len(set(entries))

    @examples(80)
    @given(openings(), histories(), late)
    def test_the_order_of_telling_never_matters(self, opening: tuple[Fact, ...], told: tuple[Fact, ...], days: int) -> None:
        assert played(opening, tuple(reversed(told)), days).steps == played(opening, told, days).steps

    @examples(60)
    @given(openings(), st.integers(82, 130), st.integers(0, 47), st.integers(-3, 40), st.integers(0, 12))
    def test_with_nothing_more_to_hear_it_does_what_the_agenda_said(
        self, opening: tuple[Fact, ...], days: int, half_hour: int, promised: int, away: int
    ) -> None:
        """An interview far ahead, perhaps a promised date and an absence: the messages come at the moments that the agenda shows."""
        end = START + timedelta(days=80)
        talk = START + timedelta(days=days, minutes=30 * half_hour)
        told = [scheduled("far", iso(talk - timedelta(hours=1)), iso(talk), iso(START))]
        if promised >= 0:
            told.append(fact_said("timeline_stated", iso(START), respond_by=(talk + timedelta(days=promised)).date().isoformat()))
        if away:
            first = (talk + timedelta(days=3)).date()
            told.append(
                fact_said("employer_away", iso(START), **{"from": first.isoformat(), "until": (first + timedelta(days=away)).isoformat()})
            )
        ahead = agenda(known(opening, tuple(told)))

        sent = {(e.intent, e.due) for e in rehearse((*opening, *told), as_of=end, until=START + timedelta(days=300)).steps if not e.skipped}

        assert {(s.intent, s.due) for s in ahead if s.kind != "thank-you-lapsed"} == sent


def lived(opening: tuple[Fact, ...], arrivals: list[tuple[int, Fact]]) -> tuple[list[tuple[Application, Step, Prompted]], list[Rehearsal]]:
    """A life in which word may come long after its own time: played from each arrival to the next, with all notes made on the way."""
    facts: tuple[Fact, ...] = opening
    prompts: list[tuple[Application, Step, Prompted]] = []
    parts: list[Rehearsal] = []
    now = START
    for hour, fact in [*sorted(arrivals, key=lambda a: a[0]), (24 * 200, None)]:
        arrives = max(now, START + timedelta(hours=hour), *((fact.at,) if fact and fact.at else ()))
        parts.append(rehearse(facts, as_of=now, until=arrives))
        prompts += prompts_of(parts[-1])
        facts = (*parts[-1].ended.facts, *((fact,) if fact else ()))
        now = arrives
    return prompts, parts


@st.composite
def arriving(draw: st.DrawFn) -> list[tuple[int, Fact]]:
    told = draw(lives())
    return [(draw(st.integers(0, 24 * 90)), fact) for fact in told]


class TestHeardLate:
    @examples(60)
    @given(openings(), arriving())
    def test_nothing_is_prompted_twice_whenever_the_word_arrives(self, opening: tuple[Fact, ...], arrivals: list[tuple[int, Fact]]) -> None:
        prompts, _ = lived(opening, arrivals)
        notes = [(note.intent, step.since) for _, step, note in prompts]

        assert len(notes) == len(set(notes))

    @examples(60)
    @given(openings(), arriving())
    def test_no_follow_up_is_prompted_once_it_was_sent_and_nobody_is_woken(
        self, opening: tuple[Fact, ...], arrivals: list[tuple[int, Fact]]
    ) -> None:
        prompts, parts = lived(opening, arrivals)

        for app, step, _ in prompts:
            if step.kind in ("follow-up", "follow-up-last-call"):
                silence = app.story.silence()
                assert silence is not None
                assert silence.followed_up is None
        for entry in (entry for part in parts for entry in part.steps):
            assert entry.skipped or awake(opening, entry.due), entry


def tentative_matters(app: Application) -> bool:
    """A statement that was confirmed later was promised anew by the confirmation."""
    return any(f.type in ("confirmed", "retracted") for f in app.facts)


# -- counting by hand --------------------------------------------------------------------------------------------------------------------


def nth_day(start: date, n: int, off: set[date]) -> date:
    while n:
        start += timedelta(days=1)
        n -= start.weekday() < 5 and start not in off
    return start


def at_five(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time(17), zone(zone_name)).astimezone(UTC)


def next_waking(moment: datetime, zone_name: str, hours: tuple[str, str]) -> datetime:
    start, end = (time.fromisoformat(t) for t in hours)
    local = moment.astimezone(zone(zone_name))
    if start <= local.time() < end:
        return moment
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, start, zone(zone_name)).astimezone(UTC)


class TestCounting:
    @examples(250)
    @given(
        candidate=st.sampled_from(ZONES),
        employer=st.sampled_from(ZONES),
        waking=st.sampled_from(WAKING[:4]),
        start=st.sampled_from((START, AUTUMN)),
        minute=st.integers(0, 60 * 24 * 60),
        off=st.sets(st.integers(0, 100), max_size=12),
        away=st.none() | st.tuples(st.integers(0, 40), st.integers(0, 10)),
        stated=st.none() | st.integers(0, 30),
    )
    def test_the_dates_of_the_wait_are_those_counted_by_hand_and_each_names_the_days_that_did_not_count(
        self,
        *,
        candidate: str,
        employer: str,
        waking: tuple[str, str],
        start: datetime,
        minute: int,
        off: set[int],
        away: tuple[int, int] | None,
        stated: int | None,
    ) -> None:
        ended = start + timedelta(minutes=minute)
        first = ended.astimezone(zone(employer)).date()
        holidays = {start.date() + timedelta(days=n): f"Holiday {n}" for n in off}
        absent = {first + timedelta(days=away[0] + n) for n in range(away[1] + 1)} if away else set[date]()
        told = [said("interview_held", ended, interview="i1", ended_at=ended)]
        if away:
            told.append(said("employer_away", ended, until=max(absent), **{"from": min(absent)}))
        if stated is not None:
            told.append(said("timeline_stated", ended - timedelta(days=2), respond_by=first + timedelta(days=stated)))
        policy: Policy = INDUSTRY
        base, counts = (first, (7, 10, 15)) if stated is None else (first + timedelta(days=stated), (1, 4, 9))

        app = Application(id="app-1").apply(
            said(
                "opened",
                start - timedelta(days=9),
                candidate={"id": "c", "email": "ada@example.org", "timezone": candidate, "waking_hours": waking},
                employer={"name": "Acme", "timezone": employer},
                position="Engineer",
                policy=policy,
            ),
            said("calendar", start - timedelta(days=9), holidays=holidays, first=date(2025, 1, 1), last=date(2029, 12, 31)),
            *told,
        )

        for kind, n in zip(("follow-up", "follow-up-last-call", "ghosted"), counts, strict=True):
            last = nth_day(base, n, set(holidays) | absent)
            assert due(app, kind) == next_waking(at_five(last, employer), candidate, waking)
            why = the(app, kind).why
            assert f"{n} business day" in why
            for day, name in holidays.items():
                within = base < day < last and day.weekday() < 5
                assert (f"{day.day} {day:%b} ({name})" in why) == within, (why, name)
            lost = {day for day in absent if base < day < last and day.weekday() < 5 and day not in holidays}
            assert ("away" in why) == bool(lost), why
        assert "follow-up" in kinds(app)


def said(kind: str, moment: datetime, **fields: Any) -> Fact:
    return FACT.validate_python({"type": kind, "id": kind, "by": "platform", "at": moment, **fields})
