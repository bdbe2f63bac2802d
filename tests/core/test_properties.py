"""What holds for every history: the promises that the guide makes whatever is said, in whatever order, in whatever zones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.histories import Application, agenda, objection_slug, stage
from tests.core.looking import MORE, awake, examples, known
from tests.core.strategies import AUTUMN, LIVELY, START, facts, histories, openings
from workflows.application import objection
from workflows.facts import FACT, KINDS, Fact, Word
from workflows.view import view

pytestmark = pytest.mark.timeout(60 * MORE)

STAGES: Final = {"unclaimed", "interviewing", "thanking", "waiting", "following_up", "awaiting_reply", "deciding", "closed"}
OUTCOMES: Final = {None, "accepted", "declined", "rejected", "ghosted", "withdrawn", "lapsed"}
AT_ONCE: Final = {"references", "offer-thanks", "offer-review", "next-round", "close-others", "farewell"}
"""Due when their fact comes, at whatever hour; sent at the next waking moment."""


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
