"""The guide's own steps as messages: whatever the facts amount to, there is a notice for it, and a message that reads well."""

from __future__ import annotations

import pytest

from activities.letters import drafts, render
from tests.core.histories import GRACE, HEDY, KATHERINE, TALK, after_talk, ghosted, held, history, prompted, said, thanked
from workflows.application import Application
from workflows.facts import KINDS
from workflows.guide import agenda
from workflows.names import Notice
from workflows.notice import notice

OFFERED = said("offer_received", "2026-03-09T10:00Z", in_writing=True, decide_by="2026-03-20", starts_on="2026-05-04")
INVITED = said("next_round_invited", "2026-03-09T10:00Z")
STORIES = {
    "after a talk": after_talk(),
    "three interviewers": history(held("i1", TALK, GRACE, KATHERINE), held("i2", "2026-03-02T17:00Z", HEDY)),
    "nobody known": history(held("i1", TALK)),
    "thanked": thanked(),
    "promised": thanked(said("timeline_stated", "2026-03-02T18:00Z", respond_by="2026-03-13")),
    "replied": thanked(said("employer_replied", "2026-03-05T10:00Z", **{"from": {"name": "Mary Somerville"}})),
    "followed up": thanked(prompted("follow-up/1", "2026-03-12T08:00Z"), said("follow_up_sent", "2026-03-12T09:00Z")),
    "references": thanked(said("hiring_step", "2026-03-05T10:00Z", step="reference_check")),
    "invited": thanked(INVITED),
    "offer": thanked(OFFERED),
    "offer without a date": thanked(said("offer_received", "2026-03-09T10:00Z", in_writing=True)),
    "spoken offer": thanked(said("offer_received", "2026-03-09T10:00Z", in_writing=False)),
    "accepted": thanked(OFFERED, said("offer_accepted", "2026-03-10T10:00Z")),
    "declined": thanked(OFFERED, said("offer_declined", "2026-03-10T10:00Z")),
    "offer withdrawn": thanked(OFFERED, said("offer_withdrawn", "2026-03-10T10:00Z")),
    "rejected": thanked(said("rejected", "2026-03-10T10:00Z", feedback="Too much steam.")),
    "closed by whom": thanked(said("rejected", "2026-03-10T10:00Z", by_whom="unknown")),
    "withdrawn": thanked(said("withdrawn", "2026-03-10T10:00Z")),
    "ghosted": thanked(prompted("ghosted/1", "2026-03-24T08:00Z"), ghosted("2026-03-24T08:00Z")),
}


def notices(app: Application) -> list[Notice]:
    return [notice(app, step) for step in agenda(app) if step.kind != "thank-you-lapsed"]


@pytest.mark.parametrize("story", STORIES)
def test_every_step_of_a_story_has_a_message_with_its_reason(story: str) -> None:
    """Rendered from the step's own notice; the reason is the guide's."""
    for of in notices(STORIES[story]):
        assert render(of).text.endswith(f"Why now: {of.why}\n")


def test_the_stories_together_have_every_kind_of_message() -> None:
    """So that the tests above have met each template."""
    met = {of.intent.partition("/")[0] for app in STORIES.values() for of in notices(app)}
    assert met == set(KINDS) - {"thank-you-lapsed"}


def test_one_message_has_a_letter_for_everyone_of_the_day() -> None:
    """Three people, two interviews; the one without an address is thanked through the contact."""
    (first, *_) = notices(STORIES["three interviewers"])
    letters = {draft.id: draft for draft in drafts(first)}
    assert list(letters) == ["thank-you/i1/g", "thank-you/i1/k", "thank-you/i2/h"]
    hedy = letters["thank-you/i2/h"]
    assert hedy.to.email == "jobs@example.com"
    assert "pass this note on to Hedy Lamarr" in hedy.body


def test_a_follow_up_after_an_invitation_without_a_date_asks_for_one() -> None:
    """The letter that the wait after an invitation ends with."""
    of = next(of for of in notices(STORIES["invited"]) if of.intent.startswith("follow-up/"))
    (draft,) = drafts(of)
    assert "which date would suit you" in draft.body
