"""What Cal.com says, as facts."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.boards.deliveries import TERMS, altered, sample
from workflows.boards.calcom import read
from workflows.boards.delivery import Reading
from workflows.facts import (
    InterviewCancelled,
    Interviewer,
    InterviewHeld,
    InterviewRescheduled,
    InterviewScheduled,
    OutsideFact,
    Retracted,
)

OLD, NEW = "previous-booking-unique-id", "new-booking-unique-id"


def told(name: str, event: str | None = None, **changes: Any) -> Reading:
    delivery = sample(name)
    content = copy.deepcopy(delivery.payload)
    content.get("payload", content).update(changes)
    return read(altered(delivery, content | ({"triggerEvent": event} if event else {})), TERMS)


def only_fact(reading: Reading, application: str = "app_265277") -> OutsideFact:
    (said,) = reading.said
    assert said.application == application
    (fact,) = said.facts
    return fact


def test_a_booking_is_an_interview_with_its_organizer() -> None:
    fact = only_fact(told("calcom_BOOKING_CREATED"))
    assert isinstance(fact, InterviewScheduled)
    assert not isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.kind, fact.at) == (OLD, "Portfolio review", datetime(2026, 11, 8, 10, tzinfo=UTC))
    assert fact.interviewers == (Interviewer(id="1", name="Yusuf Demir", email="yusuf.demir@acme.example"),)


def test_a_moved_booking_replaces_the_one_before_and_leaves_both_as_names() -> None:
    reading = told("calcom_BOOKING_RESCHEDULED")
    fact = only_fact(reading)
    assert isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.replaces) == (NEW, OLD)
    assert reading.said[0].refs == (f"acme.{NEW}", f"acme.{OLD}")


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "AWAITING_HOST"])
def test_a_booking_that_is_not_confirmed_says_nothing(status: str) -> None:
    assert told("calcom_BOOKING_CREATED", status=status).said == ()
    assert told("calcom_BOOKING_CREATED", "BOOKING_REQUESTED").said == ()


def test_a_cancellation_that_names_the_booking_alone_goes_to_its_name() -> None:
    fact = only_fact(told("calcom_BOOKING_CANCELLED"), f"acme.{NEW}")
    assert isinstance(fact, InterviewCancelled)
    assert (fact.interview, fact.by_whom, fact.at) == (NEW, "employer", datetime(2026, 11, 20, 12, tzinfo=UTC))


def test_a_cancellation_by_one_of_those_invited_is_the_candidates() -> None:
    fact = only_fact(told("calcom_BOOKING_CANCELLED", cancelledBy="imani.okafor@example.com"), f"acme.{NEW}")
    assert isinstance(fact, InterviewCancelled)
    assert fact.by_whom == "candidate"
    fact = only_fact(told("calcom_BOOKING_CANCELLED", cancelledBy="yusuf.demir@acme.example"), f"acme.{NEW}")
    assert isinstance(fact, InterviewCancelled)
    assert fact.by_whom == "employer"


def test_a_meeting_that_ended_was_held_though_it_comes_without_an_envelope() -> None:
    fact = only_fact(told("calcom_MEETING_ENDED"))
    assert isinstance(fact, InterviewHeld)
    assert (fact.interview, fact.ended_at, fact.interviewers) == (NEW, datetime(2026, 11, 24, 13, 45, tzinfo=UTC), None)
    delivery = sample("calcom_MEETING_ENDED")
    wrapped = {"triggerEvent": "MEETING_ENDED", "createdAt": "2026-11-24T13:45:01.000Z", "payload": delivery.payload}
    assert only_fact(read(altered(delivery, wrapped), TERMS)) == fact


def test_not_attended_is_cancelled_by_the_candidate_and_can_be_taken_back() -> None:
    fact = only_fact(told("calcom_BOOKING_NO_SHOW_UPDATED"), f"acme.{NEW}")
    assert isinstance(fact, InterviewCancelled)
    assert (fact.interview, fact.by_whom) == (NEW, "candidate")
    attended = [{"email": "imani.okafor@example.com", "noShow": False}]
    back = only_fact(told("calcom_BOOKING_NO_SHOW_UPDATED", attendees=attended), f"acme.{NEW}")
    assert isinstance(back, Retracted)
    assert back.fact == fact.id


@pytest.mark.parametrize("attendees", [[], None, [{"noShow": True}, {"noShow": False}], [{"noShow": {}}], ["?"]])
def test_where_nobody_can_tell_who_was_missing_nothing_is_said(attendees: Any) -> None:
    assert told("calcom_BOOKING_NO_SHOW_UPDATED", attendees=attendees).said == ()


def test_a_booking_that_names_nothing_waits_under_its_own_id_and_takes_over_the_one_before() -> None:
    (said,) = told("calcom_BOOKING_RESCHEDULED", metadata={}).said
    assert (said.application, said.refs) == (f"acme.{NEW}", (f"acme.{OLD}",))
