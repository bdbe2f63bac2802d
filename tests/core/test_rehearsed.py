"""What holds for every life that is played to its end, whenever a word arrives: nothing twice, and nobody woken."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.histories import Application, Step, agenda, iso, scheduled
from tests.core.histories import said as fact_said
from tests.core.looking import MORE, awake, examples, known
from tests.core.strategies import START, histories, lives, openings
from workflows.facts import Fact, Prompted
from workflows.rehearsal import Rehearsal, rehearse

pytestmark = pytest.mark.timeout(60 * MORE)


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
