"""Messages that came back: what is shown, what nobody is sent any more, and what is due again at another address."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.core.histories import (
    Application,
    after_talk,
    due,
    held,
    history,
    iso,
    kinds,
    noted,
    offer,
    opened,
    prompted,
    said,
    skipped,
    the,
)
from workflows.facts import Fact
from workflows.guide.turn import turn
from workflows.notice import notice
from workflows.view import index, needs

ASKED = "2026-03-02T17:00Z"
"""When example A is prompted to thank."""


def bounced(intent: str, moment: str, *, permanent: bool = True) -> Fact:
    return said("bounced", moment, intent=intent, permanent=permanent)


def moved(moment: str, email: str = "ada@new.example.org", **other: Any) -> Fact:
    candidate = opened().model_dump()["candidate"] | {"email": email} | other
    return noted("candidate_changed", moment, candidate=candidate)


def undeliverable(intent: str, moment: str) -> Fact:
    return noted("undeliverable", moment, intent=intent, reason="BadAddress")


def prompted_once(*facts: Fact) -> Application:
    return after_talk(prompted("thank-you/i1", ASKED), *facts)


def test_a_permanent_bounce_needs_an_eye_and_a_temporary_one_does_not() -> None:
    assert needs(prompted_once().story) is None
    assert needs(prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z", permanent=False)).story) is None
    lost = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"))
    assert index(lost)["Attention"] == "undeliverable"


def test_a_bounce_of_what_nobody_was_sent_changes_nothing() -> None:
    app = prompted_once(stray := bounced("follow-up/1", "2026-03-02T17:05Z"))
    assert needs(app.story) is None
    assert app.story.objections[stray.id or ""].slug == "no-effect"


def test_what_came_back_is_done_until_the_address_changes_and_then_due_again() -> None:
    """At the new address it is still useful; the eye is needed no more."""
    came_back = bounced("thank-you/i1", "2026-03-02T17:05Z")
    assert "thank-you" not in kinds(prompted_once(came_back))
    again = prompted_once(came_back, moved("2026-03-02T19:00Z"))
    assert "thank-you" in kinds(again)
    assert due(again, "thank-you") == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert needs(again.story) is None


def test_the_same_address_said_again_is_no_new_one() -> None:
    app = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"), moved("2026-03-02T19:00Z", "ada@example.org"))
    assert "thank-you" not in kinds(app)
    assert needs(app.story) == "undeliverable"


def test_by_a_channel_that_comes_it_is_due_again_and_not_because_one_goes() -> None:
    """Which was lost by mail may reach the platform, and the other way round; without a channel nothing is reached that was not before."""
    lost, both = undeliverable("thank-you/i1", ASKED), ["email", "webhook"]
    by_both = moved("2026-03-02T18:00Z", "ada@example.org", channels=both)
    again = after_talk(lost, by_both)
    assert ("thank-you" in kinds(again), needs(again.story)) == (True, None)
    less = moved("2026-03-02T18:30Z", "ada@example.org", channels=["webhook"])
    still = after_talk(by_both, undeliverable("thank-you/i1", "2026-03-02T18:15Z"), less)
    assert ("thank-you" in kinds(still), needs(still.story)) == (False, "undeliverable")


def test_what_came_back_goes_by_the_channel_that_came_and_not_to_the_dead_address_once_more() -> None:
    app = prompted_once(
        bounced("thank-you/i1", "2026-03-02T17:05Z"), moved("2026-03-02T18:00Z", "ada@example.org", channels=["email", "webhook"])
    )
    assert "thank-you" in kinds(app)
    assert notice(app, the(app, "thank-you")).unaddressed
    again = app.apply(moved("2026-03-02T18:30Z", channels=["email", "webhook"]))
    assert not notice(again, the(again, "thank-you")).unaddressed


def test_a_bounce_that_is_told_after_the_address_changed_makes_it_due_again_too() -> None:
    """The message went to the old address; nothing is said against the new one."""
    app = prompted_once(moved("2026-03-02T17:30Z"), bounced("thank-you/i1", "2026-03-02T19:00Z"))
    assert "thank-you" in kinds(app)
    assert needs(app.story) is None


def test_what_nobody_was_reached_with_in_time_is_too_late_at_the_new_address() -> None:
    """Four days later a thank-you helps nobody: it is noted as skipped, and the follow-up comes when it would have."""
    app = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"), moved("2026-03-06T12:00Z"))
    now = datetime(2026, 3, 6, 12, 5, tzinfo=UTC)
    plan = turn(app, now)
    assert {(fact.type, getattr(fact, "intent", "")) for _, fact in plan.notes} >= {("skipped", "thank-you/i1")}
    assert [step.kind for step in plan.sends] == ["waiting"]
    assert iso(due(app, "follow-up")) == "2026-03-12T08:00:00+00:00"


def test_of_several_that_were_lost_only_the_latest_is_sent_to_the_new_address() -> None:
    """Prompt and nudge were refused; one message says it all."""
    lost = (undeliverable("thank-you/i1", ASKED), undeliverable("thank-you-nudge/i1", "2026-03-03T09:00Z"))
    plan = turn(after_talk(*lost, moved("2026-03-03T11:00Z")), datetime(2026, 3, 3, 11, 5, tzinfo=UTC))
    assert [step.kind for step in plan.sends] == ["thank-you-nudge"]
    assert [(fact.type, getattr(fact, "reason", "")) for _, fact in plan.notes] == [("skipped", "superseded")]


def test_everything_that_one_message_was_about_is_due_again() -> None:
    """Two interviews of a day, and thanks with review: the bounce names one of them, the message was one."""
    day = history(
        held("i1", "2026-03-02T14:00Z"),
        held("i2", "2026-03-02T15:00Z"),
        prompted("thank-you/i1", ASKED),
        prompted("thank-you/i2", ASKED),
        bounced("thank-you/i1", "2026-03-02T17:05Z"),
        moved("2026-03-02T18:00Z"),
    )
    assert the(day, "thank-you").intents == ("thank-you/i1", "thank-you/i2")
    both = (prompted("offer-thanks/1", "2026-03-05T12:00Z"), prompted("offer-review/1", "2026-03-05T12:00Z"))
    deal = after_talk(offer(), *both, bounced("offer-thanks/1", "2026-03-05T12:05Z"), moved("2026-03-05T13:00Z"))
    assert {"offer-thanks", "offer-review"} <= set(kinds(deal))


def test_a_bounce_that_is_told_after_other_messages_left_still_needs_an_eye() -> None:
    """Mail servers take their time: the address is a dead one all the same. A skip is no message that arrived."""
    late = prompted_once(prompted("waiting/1", "2026-03-05T08:00Z"), bounced("thank-you/i1", "2026-03-05T09:00Z"))
    assert needs(late.story) == "undeliverable"
    then = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"), skipped("thank-you-nudge/i1", "2026-03-03T09:00Z"))
    assert needs(then.story) == "undeliverable"


def test_a_message_that_arrives_later_says_that_the_address_is_well() -> None:
    """A refusal may have been the server's mistake."""
    app = after_talk(undeliverable("thank-you/i1", ASKED), prompted("thank-you-nudge/i1", "2026-03-03T09:00Z"))
    assert needs(app.story) is None


def test_nothing_is_sent_to_an_address_from_which_a_message_came_back() -> None:
    """It would come back too; what a server refused at the door is tried again at the next step."""
    gone = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"))
    assert notice(gone, the(gone, "thank-you-nudge")).unaddressed
    elsewhere = prompted_once(bounced("thank-you/i1", "2026-03-02T17:05Z"), moved("2026-03-02T19:00Z"))
    assert not notice(elsewhere, the(elsewhere, "thank-you-nudge")).unaddressed
    refused = after_talk(undeliverable("thank-you/i1", ASKED))
    assert not notice(refused, the(refused, "thank-you-nudge")).unaddressed
