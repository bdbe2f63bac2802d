"""What Ashby says, as facts."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.boards.deliveries import TERMS, altered, sample
from workflows.boards.ashby import read
from workflows.boards.delivery import Delivery, Reading, Terms
from workflows.facts import (
    HiringStep,
    InterviewCancelled,
    Interviewer,
    InterviewHeld,
    InterviewRescheduled,
    InterviewScheduled,
    OfferReceived,
    OutsideFact,
    Rejected,
    Withdrawn,
)

APPLICATION = "acme.e9ed20fd-0000-4aad-8a00-a19bfba0083e"
TALK = "3ae2b801-0000-41ef-ad28-214bd731948f"


def told(name: str, terms: Terms = TERMS, **changes: Any) -> Reading:
    """What a sample says; `changes` replace members of its application, schedule or offer."""
    return read(changed(sample(name), **changes), terms)


def changed(delivery: Delivery, **changes: Any) -> Delivery:
    content = copy.deepcopy(delivery.payload)
    (about,) = content["data"].values()
    about.update(changes)
    return altered(delivery, content)


def facts(reading: Reading) -> tuple[OutsideFact, ...]:
    (said,) = reading.said
    assert said.application == APPLICATION
    return said.facts


def test_a_new_schedule_is_an_interview_with_its_people_and_the_name_that_the_candidate_knows() -> None:
    (fact,) = facts(told("ashby_interviewScheduleCreate"))
    assert isinstance(fact, InterviewScheduled)
    assert not isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.kind) == (TALK, "Portfolio review")
    assert fact.interviewers == (
        Interviewer(id="70000000-0000-4000-8000-000000000003", name="Yusuf Demir", email="yusuf.demir@acme.example"),
    )
    assert fact.at == datetime(2026, 11, 8, 10, tzinfo=UTC)


def test_a_moved_interview_is_the_same_interview_at_another_time() -> None:
    (fact,) = facts(told("ashby_interviewScheduleUpdate"))
    assert isinstance(fact, InterviewRescheduled)
    assert (fact.interview, fact.at) == (TALK, datetime(2026, 11, 9, 12, tzinfo=UTC))
    assert (fact.starts_at, fact.ends_at) == (datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 9, 45, tzinfo=UTC))


def test_the_create_and_update_events_of_one_change_say_one_fact() -> None:
    created = sample("ashby_interviewScheduleCreate")
    updated = altered(created, {**created.payload, "action": "interviewScheduleUpdate"})
    assert facts(read(created, TERMS)) == facts(read(updated, TERMS))
    assert read(created, TERMS).key != read(updated, TERMS).key


def test_moved_there_and_back_again_are_three_facts() -> None:
    first, there = sample("ashby_interviewScheduleCreate"), sample("ashby_interviewScheduleUpdate")
    back = copy.deepcopy(first.payload)
    back["data"]["interviewSchedule"]["interviewEvents"][0]["updatedAt"] = "2026-11-10T12:00:00.000Z"
    said = [facts(read(delivery, TERMS))[0].id for delivery in (first, there, altered(first, back))]
    assert len(set(said)) == 3


def test_of_a_schedule_over_several_days_only_what_has_ended_was_held() -> None:
    held, ahead = facts(told("ashby_interviewScheduleUpdate_over"))
    assert isinstance(held, InterviewHeld)
    assert (held.interview, held.ended_at) == (TALK, datetime(2026, 11, 20, 9, 45, tzinfo=UTC))
    assert isinstance(ahead, InterviewScheduled)
    assert ahead.kind == "Team conversation"


def test_waiting_on_feedback_and_complete_say_one_fact_of_the_same_interview() -> None:
    waiting = facts(told("ashby_interviewScheduleUpdate_over"))[0]
    complete = facts(told("ashby_interviewScheduleUpdate_over", status="Complete", updatedAt="2026-11-24T09:00:00.000Z"))
    assert complete[0] == waiting
    assert [fact.type for fact in complete] == ["interview_held", "interview_held"]


def test_a_cancelled_schedule_cancels_each_of_its_interviews() -> None:
    (fact,) = facts(told("ashby_interviewScheduleUpdate_cancelled"))
    assert isinstance(fact, InterviewCancelled)
    assert (fact.interview, fact.by_whom, fact.at) == (TALK, "employer", datetime(2026, 11, 17, 16, tzinfo=UTC))


@pytest.mark.parametrize("status", ["NeedsScheduling", "WaitingOnCandidateBooking", "OnHold", "Unknown", None])
def test_a_schedule_that_is_not_settled_says_nothing(status: str | None) -> None:
    assert told("ashby_interviewScheduleUpdate", status=status).said == ()


def test_the_employers_own_debrief_is_no_interview() -> None:
    delivery = sample("ashby_interviewScheduleUpdate")
    content = copy.deepcopy(delivery.payload)
    content["data"]["interviewSchedule"]["interviewEvents"][0]["interview"]["isDebrief"] = True
    assert read(altered(delivery, content), TERMS).said == ()


def test_an_interviewer_with_an_impossible_address_or_name_costs_the_address_or_the_person_only() -> None:
    delivery = sample("ashby_interviewScheduleUpdate")
    content = copy.deepcopy(delivery.payload)
    content["data"]["interviewSchedule"]["interviewEvents"][0]["interviewers"] = [
        {"id": "a", "firstName": "Ada", "lastName": "Byron", "email": "not an address"},
        {"id": "b", "firstName": "Bad\r\nBcc: x@example.org", "lastName": None, "email": "b@acme.example"},
    ]
    (fact,) = facts(read(altered(delivery, content), TERMS))
    assert isinstance(fact, InterviewRescheduled)
    assert fact.interviewers == (Interviewer(id="a", name="Ada Byron"),)


def test_archived_by_the_employer_is_a_rejection_at_its_own_time_without_the_internal_reason() -> None:
    (fact,) = facts(told("ashby_candidateStageChange_archived"))
    assert isinstance(fact, Rejected)
    assert (fact.by_whom, fact.feedback, fact.at) == ("employer", None, datetime(2026, 11, 12, 15, 50, 41, tzinfo=UTC))


def test_archived_by_the_candidate_is_a_withdrawal() -> None:
    (fact,) = facts(told("ashby_candidateStageChange_archived", archiveReason={"id": "1", "reasonType": "RejectedByCandidate"}))
    assert isinstance(fact, Withdrawn)
    assert fact.reason is None


@pytest.mark.parametrize("reason", [{"id": "1", "reasonType": "Other"}, {"id": "1"}, None, "?"])
def test_archived_for_reasons_that_nobody_knows_stays_unknown(reason: Any) -> None:
    (fact,) = facts(told("ashby_candidateStageChange_archived", archiveReason=reason))
    assert isinstance(fact, Rejected)
    assert fact.by_whom == "unknown"


def test_the_connection_knows_better_what_a_reason_means() -> None:
    (fact,) = facts(told("ashby_candidateStageChange_archived", archiveReason={"id": "881", "reasonType": "RejectedByOrg"}))
    assert isinstance(fact, Withdrawn)


def test_a_stage_means_what_the_connection_says_of_its_id() -> None:
    (fact,) = facts(told("ashby_candidateStageChange"))
    assert isinstance(fact, HiringStep)
    assert (fact.step, fact.at) == ("reference_check", datetime(2026, 11, 10, 11, tzinfo=UTC))


def test_a_stage_that_the_connection_does_not_name_means_nothing_whatever_it_is_called() -> None:
    (said,) = told("ashby_candidateStageChange", Terms("acme")).said
    assert said.facts == ()
    assert said.known.candidate == {
        "id": "c0ffee00-0000-4000-8000-000000000001",
        "name": "Imani Okafor",
        "email": "imani.okafor@example.com",
    }
    assert said.known.position == "Senior Product Designer"


@pytest.mark.parametrize(
    ("meaning", "kind"),
    [("next_round", "next_round_invited"), ("offer", "offer_received"), ("rejected", "rejected"), ("debrief", "hiring_step")],
)
def test_every_meaning_of_a_stage_is_its_fact(meaning: str, kind: str) -> None:
    (fact,) = facts(told("ashby_candidateStageChange", Terms("acme", {"5f7b3b3b-0000-4b1b-8b3b-000000000005": meaning})))
    assert fact.type == kind


def test_an_update_of_an_application_repeats_no_stage() -> None:
    delivery = sample("ashby_candidateStageChange")
    (said,) = read(altered(delivery, {**delivery.payload, "action": "applicationUpdate"}), TERMS).said
    assert said.facts == ()


def test_hired_is_one_fact_whichever_of_its_sibling_events_says_it() -> None:
    hire, update = facts(told("ashby_candidateHire")), facts(told("ashby_applicationUpdate_hired"))
    assert hire == update
    assert [fact.type for fact in hire] == ["offer_accepted"]


def test_an_offer_out_for_an_answer_is_a_written_offer_of_that_id() -> None:
    (fact,) = facts(told("ashby_offerUpdate"))
    assert isinstance(fact, OfferReceived)
    assert (fact.in_writing, fact.offer, str(fact.starts_on), fact.decide_by) == (
        True,
        "0ffe0000-0000-4000-8000-000000000001",
        "2027-01-15",
        None,
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("WaitingOnApprovalStart", "hiring_step"),
        ("WaitingOnOfferApproval", "hiring_step"),
        ("CandidateAccepted", "offer_accepted"),
        ("CandidateRejected", "offer_declined"),
        ("OfferCancelled", "offer_withdrawn"),
    ],
)
def test_every_status_of_an_offer_is_its_fact(status: str, kind: str) -> None:
    (fact,) = facts(told("ashby_offerUpdate", offerStatus=status, decidedAt="2026-11-26T10:00:00.000Z"))
    assert fact.type == kind


def test_an_offer_in_approval_is_one_fact_however_often_its_status_changes() -> None:
    first, second = (facts(told("ashby_offerUpdate", offerStatus=s)) for s in ("WaitingOnApprovalStart", "WaitingOnOfferApproval"))
    assert first == second


def test_a_deleted_offer_is_withdrawn() -> None:
    delivery = sample("ashby_offerUpdate")
    (fact,) = facts(read(altered(delivery, {**delivery.payload, "action": "offerDelete"}), TERMS))
    assert fact.type == "offer_withdrawn"


def test_a_deleted_candidate_is_to_be_erased() -> None:
    reading = told("ashby_candidateDelete")
    assert reading.said == ()
    assert reading.erased is not None
    assert reading.erased.candidate == "acme.c0ffee00-0000-4000-8000-000000000001"


def test_an_application_id_outside_the_charset_becomes_its_digest() -> None:
    (said,) = told("ashby_interviewScheduleUpdate", applicationId="an id with spaces").said
    assert said.application == "acme.SgApTkceMadSQyxqoaHtxd3FlHjFvqO0tCiw2vDC2HA"
