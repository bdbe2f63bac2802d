"""What the process did and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows import facts as said
from workflows.application.effects.employer import followed_up
from workflows.application.effects.interviews import thank
from workflows.application.story import SILENCE_KINDS, Note, Story


def noted(story: Story, fact: Any, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    note = Note(kind, str(story.names.get(thing, thing)), at, fact.type, getattr(fact, "reason", ""), getattr(fact, "uncertain", False))
    if fact.type == "undeliverable":
        note.lost_at = at
    story.notes.append(note)


def bounced(story: Story, fact: said.Bounced, at: datetime, place: int) -> None:
    kind, _, thing = fact.intent.partition("/")
    thing = story.names.get(thing, thing)
    sent = [n for n in story.notes if n.kind == kind and n.result == "prompted" and (kind in SILENCE_KINDS or n.thing == thing)]
    if not sent:
        story.object_to(fact, "no-effect", f"Nothing was sent for {fact.intent}.", mild=True)
    elif fact.permanent:
        sent[-1].lost_at = at


def letter_sent(story: Story, fact: said.LetterSent, at: datetime, place: int) -> None:
    kind, thing, *rest = fact.letter.split("/")
    if kind in ("thank-you", "thank-you-nudge"):
        thank(story, fact, thing, rest[0] if rest else None, at)
    elif kind in ("follow-up", "follow-up-last-call") and not story.outcome:
        followed_up(story, fact, at, place)


def linked(story: Story, fact: said.Linked, at: datetime, place: int) -> None:
    story.linked = fact.to


def expired(story: Story, fact: said.Expired, at: datetime, place: int) -> None:
    story.expired_at = at


def stopped_listening(story: Story, fact: said.Closed, at: datetime, place: int) -> None:
    story.closed_at = at


def unread(story: Story, fact: said.Unread, at: datetime, place: int) -> None:
    story.unread += 1
