"""What the process did and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows import facts as said
from workflows.application.story import SILENCE_KINDS, Note, Story

TOGETHER = ("offer-thanks", "offer-review")
"""Steps that may have been one message."""


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
        together = TOGETHER if kind in TOGETHER else (kind,)
        for note in story.notes:  # everything that the one message noted: the interviews of a day, thanks and review
            if note.result == "prompted" and note.at == sent[-1].at and note.kind in together:
                note.lost_at = at


def linked(story: Story, fact: said.Linked, at: datetime, place: int) -> None:
    story.linked = fact.to


def expired(story: Story, fact: said.Expired, at: datetime, place: int) -> None:
    story.expired_at = at


def stopped_listening(story: Story, fact: said.Closed, at: datetime, place: int) -> None:
    story.closed_at = at


def unread(story: Story, fact: said.Unread, at: datetime, place: int) -> None:
    story.unread += 1
