"""What Calendly says, as facts."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.boards.deliveries import TERMS, altered, sample
from workflows.boards.calendly import read
from workflows.boards.delivery import Reading
from workflows.facts import InterviewCancelled, Interviewer, InterviewRescheduled, InterviewScheduled, OutsideFact, Retracted

OLD, NEW = "00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000004"


def told(name: str, event: str | None = None, **changes: Any) -> Reading:
    delivery = sample(name)
    content = copy.deepcopy(delivery.payload)
    content["payload"].update(changes)
    return read(altered(delivery, content | ({"event": event} if event else {})), TERMS)


def only_fact(reading: Reading) -> OutsideFact:
    (said,) = reading.said
    assert said.application == "app_265277"
    (fact,) = said.facts
    return fact


def test_a_booking_is_an_interview_of_the_application_that_it_carries() -> None:
    fact = only_fact(told("calendly_invitee_created"))
    assert isinstance(fact, InterviewScheduled)
    assert not isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.kind, fact.at) == (OLD, "Acme - Portfolio review", datetime(2026, 11, 8, 10, tzinfo=UTC))
    assert fact.interviewers == (
        Interviewer(id="00000000-0000-0000-0000-0000000000a1", name="Yusuf Demir", email="yusuf.demir@acme.example"),
    )


def test_a_moved_booking_replaces_the_one_before() -> None:
    fact = only_fact(told("calendly_invitee_created_rescheduled"))
    assert isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.replaces) == (NEW, OLD)
    assert fact.starts_at == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_the_cancellation_of_a_moved_booking_adds_nothing() -> None:
    assert told("calendly_invitee_canceled_rescheduled").said == ()


@pytest.mark.parametrize(("who", "by_whom"), [("host", "employer"), ("invitee", "candidate"), (None, "employer")])
def test_a_cancellation_says_who_called_it_off(who: str | None, by_whom: str) -> None:
    fact = only_fact(told("calendly_invitee_canceled", cancellation={"canceler_type": who, "created_at": "2026-11-20T12:00:00.000000Z"}))
    assert isinstance(fact, InterviewCancelled)
    assert (fact.interview, fact.by_whom, fact.at) == (NEW, by_whom, datetime(2026, 11, 20, 12, tzinfo=UTC))


def test_not_attended_is_cancelled_by_the_candidate_and_can_be_taken_back() -> None:
    fact = only_fact(told("calendly_invitee_no_show_created"))
    assert isinstance(fact, InterviewCancelled)
    assert (fact.interview, fact.by_whom) == (NEW, "candidate")
    back = only_fact(told("calendly_invitee_no_show_created", "invitee_no_show.deleted"))
    assert isinstance(back, Retracted)
    assert back.fact == fact.id


def test_a_booking_leaves_its_own_id_and_that_of_the_one_before_as_names_of_the_application() -> None:
    (said,) = told("calendly_invitee_created_rescheduled").said
    assert said.refs == (f"acme.{NEW}", f"acme.{OLD}")


@pytest.mark.parametrize("source", [None, "", "a newsletter", 7, {"a": 1}])
def test_a_booking_that_names_nothing_waits_under_its_own_id_and_takes_over_the_one_before(source: Any) -> None:
    (said,) = told("calendly_invitee_created_rescheduled", tracking={"utm_source": source}).said
    assert (said.application, said.refs) == (f"acme.{NEW}", (f"acme.{OLD}",))


def test_a_no_show_that_names_only_the_invitee_is_found_by_its_event() -> None:
    delivery = sample("calendly_invitee_no_show_created")
    thin = {**delivery.payload, "payload": {"invitee": delivery.payload["payload"]["uri"], "created_at": "2026-11-24T14:00:00.000000Z"}}
    (said,) = read(altered(delivery, thin), TERMS).said
    assert said.application == f"acme.{NEW}"
    assert [fact.type for fact in said.facts] == ["interview_cancelled"]


def test_the_same_booking_event_sent_again_has_the_same_key_and_another_event_another() -> None:
    assert told("calendly_invitee_created").key == told("calendly_invitee_created").key
    assert told("calendly_invitee_created").key != told("calendly_invitee_created", "invitee.canceled").key
