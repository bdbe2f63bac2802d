"""The guide: what is due, when, and why. It reads an application and knows no clock.

Its sections, in the guide's order: `immediate` (Your Immediate Next Steps), `waiting` (Navigating the Waiting Period, and What to Do If You
Don't Hear Back), `outcomes` (Understanding the Possible Outcomes); `silent` are the moments that nobody is told of. `turn` says what to
do now.
"""

from __future__ import annotations

from workflows.application import Application, fold
from workflows.application.story import Story
from workflows.guide import immediate, letters, outcomes, silent, waiting
from workflows.guide.steps import ORDER, Placing, Step


def agenda(app: Application) -> tuple[Step, ...]:
    """Every step still ahead if nobody says another word, soonest first. Same facts, same agenda, in any order of arrival."""
    return tuple(step for step in every_step(app.story) if step.listed)


def every_step(story: Story) -> tuple[Step, ...]:
    """The agenda and the silent moments."""
    if "steps" not in story.memo:

        def then(place: int) -> tuple[Step, ...]:
            memo = story.memo.setdefault("then", {})
            if place not in memo:
                earlier = fold(list(story.told[: place + 1]))
                memo[place] = _in_order(earlier, Placing(earlier))
            return memo[place]

        story.memo["steps"] = _in_order(story, Placing(story, then))
    return story.memo["steps"]


def _in_order(story: Story, placing: Placing) -> tuple[Step, ...]:
    return tuple(sorted(_steps(story, placing), key=lambda s: (s.due, ORDER.get(s.kind, -1), s.intent)))


def _steps(story: Story, placing: Placing) -> list[Step]:
    if story.opened is None or story.linked:
        return list(silent.unclaimed(story))
    leaving = list(letters.steps(story))
    if story.outcome:
        return [*outcomes.once_closed(story, story.outcome, placing), *silent.once_closed(story, story.outcome), *leaving]
    ahead = [*leaving, *immediate.steps(story, placing), *waiting.steps(story, placing), *outcomes.while_open(story, placing)]
    return [*ahead, *silent.while_open(story, ahead)]


def stage(app: Application) -> str:
    """Where the application stands: the first of the process's stages that holds."""
    story = app.story
    held = [i for i in story.interviews.values() if i.held]
    if story.opened is None:
        return "unclaimed"
    if story.outcome:
        return "closed"
    if story.open_offers:
        return "deciding"
    if any(i.unthanked and not i.lapsed for i in held):
        return "thanking"
    if story.ahead or (not held and not story.words):
        return "interviewing"
    silence = story.silence()
    if silence and silence.followed_up:
        return "awaiting_reply"
    asked = [story.noted(kind, "", story.asked_since(silence)) for kind in ("follow-up", "follow-up-last-call")] if silence else []
    if any(note and note.result != "skipped" for note in asked):
        return "following_up"
    return "waiting"


__all__ = ["ORDER", "Step", "agenda", "every_step", "stage"]
