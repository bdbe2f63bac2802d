"""How an application is shown: the contract's view, Temporal's index, and the text in Temporal's UI."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from workflows.application import Application
from workflows.application.story import Story
from workflows.facts import Fact
from workflows.guide import Step, agenda, stage
from workflows.names import Meaning, OpenOffer


def view(app: Application, revision: int | None = None) -> dict[str, Any]:
    """The whole application as its first `revision` facts make it, private text included: the HTTP layer takes that out."""
    app = app.up_to(revision)
    story = app.story
    return {
        "id": app.id,
        "revision": app.revision,
        "stage": stage(app),
        "outcome": story.outcome.name if story.outcome else None,
        "round": story.round,
        "paused": story.pause is not None,
        "metadata": story.opened.metadata if story.opened else {},
        "candidate": story.candidate.model_dump(mode="json", exclude_none=True) if story.candidate else None,
        "employer": story.employer.model_dump(mode="json", exclude_none=True) if story.employer else None,
        "position": story.position,
        "policy": {"name": story.policy.name, "version": story.policy.version},
        "agenda": [{"intent": s.intent, "due": local(story, s.due).isoformat(), "action": s.action, "why": s.why} for s in agenda(app)],
        "facts": [shown(story, fact) for fact in app.facts],
    }


def shown(story: Story, fact: Fact) -> dict[str, Any]:
    """One fact as it was said, with what was made of it."""
    said = fact.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if found := story.objections.get(fact.id or ""):
        said["no_effect"] = found.detail
    return said


def local(story: Story, moment: datetime) -> datetime:
    """The moment in the candidate's zone."""
    return moment.astimezone(story.candidate_clock.where)


def following(app: Application, sending: Collection[tuple[str, datetime]] = ()) -> Step | None:
    """The next step that will be performed if nobody says another word, beyond those on their way."""
    return next((s for s in agenda(app) if not s.held and s.key not in sending), None)


def index(app: Application, attention: str | None = None, sending: Collection[tuple[str, datetime]] = ()) -> dict[str, Any]:
    """The values of the search attributes by name; None: unset. Ids, enumerations, times: never a name or an address."""
    story = app.story
    step = following(app, sending)
    return {
        "Stage": stage(app),
        "Outcome": story.outcome.name if story.outcome else None,
        "CandidateId": story.candidate.id if story.candidate else None,
        "Connection": connection(app),
        "NextStep": step.kind if step else None,
        "Policy": f"{story.policy.name} {story.policy.version}",
        "Attention": attention or needs(story),
        "NextDueAt": step.due.replace(microsecond=0) if step else None,
        "ChangedAt": max((f.at for f in app.facts if f.at), default=None),
        "Round": story.round,
        "Paused": story.pause is not None,
        "ThankedInTime": thanked_in_time(story),
        "RepliedAfterFollowUp": story.replied_after_follow_up or None,
    }


def counted(app: Application) -> dict[str, int | None]:
    """The values of the search attributes that are only counted, and worth no writing of their own; None: unset."""
    story = app.story
    return {"FollowUps": len(story.follow_ups) or None, "SilenceDays": silence_days(story)}


def silence_days(story: Story) -> int | None:
    """Whole days of the latest silence that is over: the employer spoke, or it counted as a refusal or as ghosting. None: none is."""
    words = [at for at, _, _ in story.words]
    ended = story.outcome if story.outcome and story.outcome.name in ("rejected", "ghosted") else None
    ends = [*words, *([ended.at] if ended else [])]
    heard = [at for at in (*words, *(i.ended_at for i in story.interviews.values() if i.held)) if at < max(ends)] if ends else []
    return (max(ends) - max(heard)).days if heard else None


def meaning(story: Story) -> Meaning:
    """What the application means for the candidate's others: its outcome, and the offers that wait for an answer."""
    clock, policy = story.employer_clock, story.policy
    offers = (OpenOffer(number=o.number, decide_by=o.decide_by(clock, policy), stated=o.stated is not None) for o in story.open_offers)
    return Meaning(outcome=story.outcome.name if story.outcome else None, offers=tuple(offers))


def connection(app: Application) -> str | None:
    """The board connection that spoke first, if one did."""
    return next((by.removeprefix("board:") for f in app.facts if (by := f.by or "").startswith("board:")), None)


def needs(story: Story) -> str | None:
    """What an operator should look at."""
    if story.unread:
        return "bug"
    if story.unreachable:
        return "undeliverable"
    last = story.notes[-1] if story.notes else None
    if last and last.uncertain:
        return "uncertain"
    contested = (f for f in story.told if (f.by or "").startswith("board:") and (f.id or "") in story.objections)
    return "board-conflict" if any(f.type in _CONTESTABLE for f in contested) else None


_CONTESTABLE = ("next_round_invited", "offer_received", "offer_accepted", "offer_declined", "offer_withdrawn", "rejected", "withdrawn")


def thanked_in_time(story: Story) -> bool | None:
    """Whether everybody was thanked within the guide's hours; None while that is open."""
    within = timedelta(hours=story.policy.thank_you_due)
    held = [i for i in story.interviews.values() if i.held]
    thanked = [(i, at) for i in held for p in i.people if (at := i.done_with(p))]
    if any(at > i.ended_at + within for i, at in thanked) or any(i.lapsed and i.unthanked for i in held):
        return False
    return True if held and len(thanked) == sum(len(i.people) for i in held) else None


def details(app: Application) -> str:
    """Markdown for Temporal's UI: where it stands, what comes and why, what was said. Ids only."""
    story = app.story
    head = f"**{stage(app)}**" + (f" · {story.outcome.name}" if story.outcome else "") + f" · round {story.round}"
    ahead = [f"- `{s.intent}` {s.why}" for s in agenda(app)]
    said = [f"- {f.at.isoformat(' ', 'minutes')[:16]} {f.type} ({f.by})" for f in story.told if f.at]
    return "\n".join([head, "", *(ahead or ["Nothing is ahead."]), "", *said[-30:]])
