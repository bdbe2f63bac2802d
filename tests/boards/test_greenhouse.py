"""What Greenhouse says, as facts; and what it takes back without saying what."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from client.connections import Connections
from client.hooks import tell
from client.refusals import Unavailable
from tests.boards.deliveries import TERMS, altered, fetched, sample
from tests.boards.recording import Recording, connections_file
from workflows.boards.delivery import Reading, Terms
from workflows.boards.greenhouse import read, scheduled_interview
from workflows.facts import (
    HiringStep,
    InterviewCancelled,
    Interviewer,
    InterviewHeld,
    InterviewRescheduled,
    InterviewScheduled,
    OfferAccepted,
    OfferReceived,
    OutsideFact,
    Rejected,
    Retracted,
    Withdrawn,
)

APPLICATION = "acme.265277"


def told(name: str, terms: Terms = TERMS, **changes: Any) -> Reading:
    """What a sample says; `changes` replace members of its application or offer."""
    delivery = sample(name)
    content = copy.deepcopy(delivery.payload)
    about = content["payload"]
    about.get("application", about).update(changes)
    return read(altered(delivery, content), terms)


def facts(reading: Reading) -> tuple[OutsideFact, ...]:
    (said,) = reading.said
    assert said.application == APPLICATION
    return said.facts


class Exchange:
    """The words of one connection, as they reach the applications."""

    def __init__(self, folder: Path) -> None:
        self._connection = Connections(connections_file(folder)).current()["greenhouse"]
        self._applications = Recording()

    async def hears(self, name: str, **changes: Any) -> bool:
        """Whether it could be kept."""
        try:
            await tell(self._applications, self._connection, told(name, self._connection.terms, **changes))
        except Unavailable:
            return False
        return True

    def ids(self, kind: str) -> list[str | None]:
        return [fact.id for _, word in self._applications.heard_words for fact in word.facts if fact.type == kind]

    def retracted(self) -> list[str | None]:
        return [fact.fact for _, word in self._applications.heard_words for fact in word.facts if isinstance(fact, Retracted)]


def test_a_rejection_has_its_own_time_and_none_of_the_internal_reasons() -> None:
    (fact,) = facts(told("greenhouse_reject_candidate"))
    assert isinstance(fact, Rejected)
    assert (fact.by_whom, fact.feedback, fact.at) == ("employer", None, datetime(2026, 11, 12, 15, 50, 41, tzinfo=UTC))


def test_a_rejection_that_means_a_withdrawal_is_one() -> None:
    theirs = {"id": 15, "name": "Another offer", "type": {"id": 2, "name": "They rejected us"}}
    assert isinstance(facts(told("greenhouse_reject_candidate", rejection_reason=theirs))[0], Withdrawn)
    assert isinstance(facts(told("greenhouse_reject_candidate", rejection_reason={"id": 881}))[0], Withdrawn)


@pytest.mark.parametrize("reason", [None, {}, {"id": 3, "name": "Withdrew", "type": {"id": 3, "name": "Wrong skill set"}}])
def test_a_rejection_for_reasons_that_nobody_knows_stays_unknown(reason: Any) -> None:
    (fact,) = facts(told("greenhouse_reject_candidate", rejection_reason=reason))
    assert isinstance(fact, Rejected)
    assert fact.by_whom == "unknown"


def test_an_updated_application_that_is_rejected_says_the_same_fact() -> None:
    delivery = sample("greenhouse_reject_candidate")
    update = altered(delivery, {**delivery.payload, "action": "application_updated"})
    assert facts(read(update, TERMS)) == facts(read(delivery, TERMS))


def test_a_stage_means_what_the_connection_says_and_no_more() -> None:
    (fact,) = facts(told("greenhouse_candidate_stage_change"))
    assert (fact.type, fact.at) == ("next_round_invited", datetime(2026, 11, 10, 16, 38, 36, tzinfo=UTC))
    (said,) = told("greenhouse_candidate_stage_change", Terms("acme")).said
    assert said.facts == ()
    assert said.known.candidate == {"id": "265772", "name": "Imani Okafor", "email": "imani.okafor@example.com"}
    assert said.known.position == "Senior Product Designer"


def test_a_prospect_has_not_applied() -> None:
    assert told("greenhouse_reject_candidate", prospect=True).said == ()


def test_an_offer_that_was_not_sent_is_a_step_of_the_employers() -> None:
    (fact,) = facts(told("greenhouse_offer_created"))
    assert isinstance(fact, HiringStep)
    assert fact.step == "approval"
    approved = sample("greenhouse_offer_created")
    assert facts(read(altered(approved, {**approved.payload, "action": "offer_approved"}), TERMS)) == (fact,)


def test_an_offer_that_was_sent_is_a_written_one_from_that_date() -> None:
    (fact,) = facts(told("greenhouse_offer_updated_sent"))
    assert isinstance(fact, OfferReceived)
    assert (fact.in_writing, fact.offer, str(fact.starts_on)) == (True, "265277", "2027-01-15")
    assert fact.at == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_new_version_of_an_offer_is_the_same_offer_and_the_deprecated_one_says_nothing() -> None:
    (new,) = facts(told("greenhouse_offer_updated_sent", id=99, version=3))
    (old,) = facts(told("greenhouse_offer_updated_sent"))
    assert isinstance(new, OfferReceived)
    assert isinstance(old, OfferReceived)
    assert (new.offer, new.id != old.id) == (old.offer, True)
    assert told("greenhouse_offer_updated_sent", offer_status="Deprecated").said == ()


def test_accepted_says_the_offer_first_and_hired_says_the_same_acceptance() -> None:
    received, accepted = facts(told("greenhouse_offer_updated_accepted"))
    assert received == facts(told("greenhouse_offer_updated_sent"))[0]
    assert (accepted,) == facts(told("greenhouse_hire_candidate"))
    assert isinstance(accepted, OfferAccepted)
    assert accepted.at == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_a_declined_offer_is_declined_after_it_was_received() -> None:
    received, declined = facts(told("greenhouse_offer_updated_accepted", offer_status="Rejected", resolved_at="2026-11-23T09:00:00Z"))
    assert declined.type == "offer_declined"
    assert received.at == declined.at


def test_a_deleted_offer_is_withdrawn_only_if_the_candidate_had_it() -> None:
    delivery = sample("greenhouse_offer_created")
    draft = altered(delivery, {"action": "offer_deleted", "payload": {"offer": delivery.payload["payload"]}})
    assert read(draft, TERMS).said == ()
    sent = altered(delivery, {"action": "offer_deleted", "payload": {"offer": {**delivery.payload["payload"], "sent_on": "2026-11-23"}}})
    assert [fact.type for fact in facts(read(sent, TERMS))] == ["offer_withdrawn"]


def test_a_deleted_interview_is_cancelled_under_its_own_name() -> None:
    (said,) = told("greenhouse_interview_deleted").said
    assert said.application == "acme.interview-31087450"
    (fact,) = said.facts
    assert isinstance(fact, InterviewCancelled)
    assert fact.interview == "31087450"


def test_a_polled_interview_names_its_people_and_leaves_a_name_for_its_deletion() -> None:
    (said,) = scheduled_interview(fetched("greenhouse_GET_scheduled_interview"), TERMS).said
    (fact,) = said.facts
    assert isinstance(fact, InterviewRescheduled)
    assert (said.application, said.refs) == (APPLICATION, ("acme.interview-31087450",))
    assert (fact.interview, fact.kind, fact.at) == ("31087450", "Portfolio review", datetime(2026, 11, 9, 12, tzinfo=UTC))
    assert fact.interviewers == (Interviewer(id="2622", name="Yusuf Demir", email="yusuf.demir@acme.example"),)


def test_a_polled_interview_that_was_never_changed_is_scheduled() -> None:
    record = fetched("greenhouse_GET_scheduled_interview")
    (said,) = scheduled_interview({**record, "updated_at": record["created_at"]}, TERMS).said
    assert isinstance(said.facts[0], InterviewScheduled)
    assert not isinstance(said.facts[0], InterviewRescheduled)


@pytest.mark.parametrize("status", ["awaiting_feedback", "complete"])
def test_a_polled_interview_that_is_over_was_held(status: str) -> None:
    record = fetched("greenhouse_GET_scheduled_interview")
    (said,) = scheduled_interview({**record, "status": status, "updated_at": "2026-11-20T10:00:00Z"}, TERMS).said
    (fact,) = said.facts
    assert isinstance(fact, InterviewHeld)
    assert fact.ended_at == datetime(2026, 11, 20, 9, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "record", [None, [], {}, {"id": 1}, {"id": 1, "application_id": 2}, {"id": 1, "application_id": 2, "status": "scheduled"}]
)
def test_a_polled_interview_without_times_says_nothing(record: Any) -> None:
    assert scheduled_interview(record, TERMS).said == ()


def test_an_all_day_interview_says_nothing_until_it_has_times() -> None:
    record = fetched("greenhouse_GET_scheduled_interview")
    reading = scheduled_interview({**record, "start": {"date": "2026-11-20"}, "end": {"date": "2026-11-20"}}, TERMS)
    assert (reading.said, reading.unsaid) == ((), 1)


def test_deleted_and_anonymised_are_to_be_erased() -> None:
    erased = [told(f"greenhouse_{name}").erased for name in ("delete_candidate", "delete_application", "candidate_anonymized")]
    assert [(one.applications, one.candidate) for one in erased if one] == [
        ((APPLICATION,), None),
        ((APPLICATION,), None),
        ((), "acme.265772"),
    ]


def test_a_merge_deletes_no_application_and_an_anonymised_title_erases_nobody() -> None:
    delivery = sample("greenhouse_delete_candidate")
    merged = copy.deepcopy(delivery.payload)
    merged["payload"]["person"]["deleted_application_ids"] = []
    assert read(altered(delivery, merged), TERMS).erased is None
    assert told("greenhouse_candidate_anonymized", anonymized_fields=["current_title"]).erased is None


async def test_unrejected_takes_back_the_rejection_before_it_and_not_the_one_after(tmp_path: Path) -> None:
    here = Exchange(tmp_path)
    assert not await here.hears("greenhouse_unreject_candidate")  # first of all: asked to come again
    assert await here.hears("greenhouse_reject_candidate")
    assert await here.hears("greenhouse_unreject_candidate")
    first = here.ids("rejected")
    assert here.retracted() == first
    assert await here.hears("greenhouse_reject_candidate", rejected_at="2026-11-20T09:00:00Z")
    assert await here.hears("greenhouse_unreject_candidate")  # the same delivery, late
    assert here.retracted() == first * 2
    assert len(here.ids("rejected")) == 2


async def test_unhired_takes_the_acceptance_back(tmp_path: Path) -> None:
    here = Exchange(tmp_path)
    await here.hears("greenhouse_offer_updated_accepted")
    await here.hears("greenhouse_unhire_candidate")
    assert here.retracted() == here.ids("offer_accepted")
