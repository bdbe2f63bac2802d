"""Draws the process from the code: `python -m docs.diagram` writes `docs/process.md` and the README's picture.

Nothing in the drawings is written by hand. Stages and outcomes are found by playing: from an application that nobody has opened, every
kind of word is said and every next step is performed; where the guide then calls the stage another, there is an arrow. The kinds of step
and their chains are read from the agendas met on the way.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflows.application import Application, objection
from workflows.application.outcome import NAMES
from workflows.facts import FACT, KINDS, Fact, Prompted, Word
from workflows.guide import agenda, stage
from workflows.guide.steps import ACTIONS
from workflows.guide.turn import turn
from workflows.policy import INDUSTRY

ROOT: Final = Path(__file__).resolve().parents[1]
DOCUMENT: Final = ROOT / "docs" / "process.md"
README: Final = ROOT / "README.md"
BEGIN: Final = "<!-- drawn from the code by `make diagrams` -->"
END: Final = "<!-- end of the drawing -->"

TALK: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)
ANYWHERE: Final = "open"
"""Stands for whichever open stage takes the word."""
USUAL: Final = 4
"""A word that leads from so many open stages to one place is drawn once."""


# -- playing ----------------------------------------------------------------------------------------------------------------------------


def fact(kind: str, at: datetime, n: int = 0, /, **fields: Any) -> Fact:
    by = "process" if kind == "calendar" else "platform"
    return FACT.validate_python({"type": kind, "id": f"{kind}-{n}", "at": at, "by": by, **fields})


def opened(at: datetime) -> tuple[Fact, ...]:
    """A candidate in London, an employer in New York, no public holiday far and wide."""
    ada = {"id": "cand-7", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
    engines = {"name": "Analytical Engines", "timezone": "America/New_York", "country": "US", "subdivision": "NY"}
    return (
        fact("opened", at, candidate=ada, employer=engines, position="Staff Engineer", policy=INDUSTRY),
        fact("calendar", at, country="US", subdivision="NY", first=date(2025, 1, 1), last=date(2030, 1, 1)),
    )


def words(app: Application, n: int, now: datetime) -> Iterator[tuple[Fact, ...]]:
    """Everything that can be said then and may move the stage."""
    if app.story.opened is None:
        yield opened(now)
    soon = now + timedelta(days=10)
    yield (fact("interview_scheduled", now, n, interview=f"i{n}", starts_at=soon, ends_at=soon + timedelta(hours=1)),)
    yield (fact("interview_held", now, n, interview=f"i{n}", ended_at=now),)
    yield (fact("offer_received", now, n, in_writing=True, decide_by=now + timedelta(days=7)),)
    yield (fact("hiring_step", now, n, step="reference_check"),)
    for kind in ("follow_up_sent", "employer_replied", "next_round_invited", "rejected", "withdrawn"):
        yield (fact(kind, now, n),)
    for kind in ("offer_accepted", "offer_declined", "offer_withdrawn"):
        yield (fact(kind, now, n),)
    if upcoming := app.story.ahead:
        yield (fact("interview_cancelled", now, n, interview=upcoming[0].id),)
    if unthanked := [i.id for i in app.story.interviews.values() if i.held and i.unthanked]:
        yield tuple(fact("thank_you_sent", now, n * 100 + k, interview=name) for k, name in enumerate(unthanked))


def performed(app: Application, now: datetime) -> tuple[str, Application, datetime] | None:
    """The next step's kind, the application after it, and when that was; None if nothing is ahead."""
    plan = turn(app, now)
    while not plan.notes and not plan.sends:
        if plan.next is None or plan.next <= now:
            return None
        now = plan.next
        plan = turn(app, now)
    step = plan.notes[0][0] if plan.notes else plan.sends[0]
    notes: list[Fact] = [note for of, note in plan.notes if of == step] or [Prompted(intent=i) for i in step.intents]
    stamped = [f.model_copy(update={"id": f"p{app.revision + n:04}", "by": "process", "at": f.at or now}) for n, f in enumerate(notes)]
    return step.kind, app.apply(*stamped), now


@dataclass
class Process:
    arrows: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """From, what was said or done, to."""
    chains: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    """Chain -> its kinds of step. The message about an outcome is a chain of its own."""


def standing(app: Application) -> str:
    name = stage(app)
    return app.story.outcome.name if app.story.outcome and name == "closed" else name


def _circumstances(app: Application) -> tuple[bool, bool, bool]:
    silence = app.story.silence()
    return bool(app.story.ahead), any(i.unthanked for i in app.story.interviews.values()), bool(silence and silence.followed_up)


def explored() -> Process:
    """Everything that can be reached, going on from one application for each stage and the kinds of step ahead in it."""
    process = Process()
    ahead = deque([(Application(id="drawn"), TALK)])
    seen: set[tuple[str | bool, ...]] = set()
    while ahead:
        app, now = ahead.popleft()
        here, steps = standing(app), agenda(app)
        for step in steps:
            process.chains[step.chain if step.chain.startswith("outcome/") else step.chain.split("/")[0]].add(step.kind)
        key = (here, *_circumstances(app), *sorted({s.kind for s in steps} or {f.type for f in app.facts[-1:]}))
        if key in seen:
            continue
        seen.add(key)
        said = [w for w in words(app, app.revision, now) if objection(app, Word(facts=w), now) is None]
        then = [(w[0].type, app.apply(*w), now) for w in said]
        if app.story.opened and (step := performed(app, now)):
            then.append(step)
        for label, later, at in then:
            if (there := standing(later)) != here:
                process.arrows.add((here, label, there))
            ahead.append((later, at + timedelta(hours=1)))
    return process


# -- drawing ----------------------------------------------------------------------------------------------------------------------------


def states(process: Process) -> str:
    """The stages and outcomes as a mermaid diagram."""
    left: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for (source, target), label in _gathered(process.arrows):
        left[source, target].add(label)
    lines = [f"    {source} --> {target}: {', '.join(sorted(labels))}" for (source, target), labels in sorted(left.items())]
    outcomes = [f"    class {','.join(NAMES)} outcome", "    classDef outcome stroke-width:3px"]
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", "    [*] --> unclaimed", f'    state "any open stage" as {ANYWHERE}', *lines, *outcomes, "```"]
    )


def _gathered(arrows: set[tuple[str, str, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """The arrows, those that many stages share drawn once, and those that lead back from an outcome drawn to the open stages as a whole."""
    targets: defaultdict[str, set[str]] = defaultdict(set)
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for source, label, target in arrows:
        if source not in (*NAMES, "unclaimed"):
            targets[label].add(target)
            sources[label].add(source)
    usual = {label for label in targets if len(targets[label]) == 1 and len(sources[label]) >= USUAL}
    for source, label, target in arrows:
        if source == "unclaimed":
            yield (source, ANYWHERE), label
        elif source in NAMES:
            yield (source, target if target in NAMES else ANYWHERE), label
        else:
            yield (ANYWHERE if label in usual else source, target), label


def chains(process: Process) -> str:
    """The kinds of step by what they hang on, as a mermaid diagram: in a chain the later step makes the earlier one pointless."""
    lines: list[str] = []
    for n, (chain, kinds) in enumerate(sorted(process.chains.items(), key=lambda c: min(map(KINDS.index, c[1])))):
        title = chain.replace("outcome/", "outcome: ")
        ordered = sorted(kinds, key=KINDS.index)
        boxes = [f'c{n}_{k}["{kind}"]' for k, kind in enumerate(ordered)]
        lines += [f'    subgraph c{n}["{title}"]', f"        {' --> '.join(boxes)}", "    end"]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def kinds() -> str:
    rows = [f"| `{kind}` | {ACTIONS[kind]} |" for kind in KINDS]
    return "\n".join(["| kind of step | what the candidate is asked to do, or told |", "|---|---|", *rows])


def example() -> str:
    """The agenda of an interview on Monday 2 March 2026, if nobody says another word."""
    app = Application(id="drawn").apply(*opened(TALK), fact("interview_held", TALK, interview="i1", ended_at=TALK))
    london = ZoneInfo("Europe/London")
    rows = [f"| {s.due.astimezone(london):%a %d %b %H:%M} | `{s.intent}` | {s.why} |" for s in agenda(app)]
    return "\n".join(["| London | intent | why |", "|---|---|---|", *rows])


def document(process: Process) -> str:
    return f"""{BEGIN}

# The process

Stages, and outcomes with a thick border. An arrow is a fact that is said (`with_underscores`),
or a step that the process performs when it is due (`with-hyphens`). What is said later may open an application again.
`opened` leads to wherever a board's words have brought it by then.

{states(process)}

The kinds of step, by what they hang on. When several of one chain are overdue at once, only the last that can be performed is.

{chains(process)}

{kinds()}

One application, if nobody says another word: a candidate in London, an employer in New York,
an interview that ended on Monday 2 March 2026 at 15:00 in London, and nothing said about a timeline.

{example()}

{END}
"""


def picture(readme: str, process: Process) -> str:
    """The README with its picture drawn anew. ValueError if it has no place for one."""
    found = re.search(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}", readme, re.DOTALL)
    if found is None:
        raise ValueError(f"the README has no place for the picture: {BEGIN} … {END}")
    return f"{readme[: found.start()]}{BEGIN}\n\n{states(process)}\n\n{END}{readme[found.end() :]}"


def main() -> None:
    process = explored()
    DOCUMENT.write_text(document(process), encoding="utf-8")
    README.write_text(picture(README.read_text(encoding="utf-8"), process), encoding="utf-8")


if __name__ == "__main__":
    main()
