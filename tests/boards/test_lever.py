"""What Lever says once it was asked, as facts; and that nothing unsigned is believed."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.boards.deliveries import NOW, TERMS, altered, answers, fetched, sample, secret_of, signed
from workflows.boards.delivery import Reading, Terms
from workflows.boards.lever import BOARD, read
from workflows.boards.signing import verify
from workflows.facts import InterviewCancelled, Interviewer, InterviewRescheduled, OutsideFact, Rejected, Retracted

OPPORTUNITY = "3410c8b9-0000-4bab-b7e9-9f710206d647"
STATE = f"/opportunities/{OPPORTUNITY}?expand=applications"
TALK = f"/opportunities/{OPPORTUNITY}/interviews/6ff55c8e-0000-4eb4-835a-630b1c0da421"
POSTING = "/postings/9026d1f1-0000-49dc-8a17-5f448d1de52b"
GONE = "/opportunities/deleted?limit=100&deleted_at_start=1794733200000"
NO, HIRED = "63dd55b2-0000-4a99-9e7b-985f4c1d46d6", "81a2b3c4-0000-4f0a-8a6e-0c6a8e1b2c3d"


def told(name: str, terms: Terms = TERMS, gone: str | None = None, **changes: Any) -> Reading:
    """What a sample says with what the API answers; `changes` replace members of the answer, `gone` is a path that is no more."""
    known = copy.deepcopy(answers("lever"))
    for path in (STATE, TALK):
        known[path]["data"].update({key: value for key, value in changes.items() if key in known[path]["data"]})
    return read(replace(sample(f"lever_{name}"), fetched={path: None if path == gone else answer for path, answer in known.items()}), terms)


def only_fact(reading: Reading) -> OutsideFact:
    (said,) = reading.said
    assert said.application == f"acme.{OPPORTUNITY}"
    (fact,) = said.facts
    return fact


def test_a_delivery_alone_says_nothing_and_names_what_to_ask() -> None:
    assert read(sample("lever_candidateStageChange"), TERMS).needs == (STATE,)
    assert read(sample("lever_interviewUpdated"), TERMS).needs == (TALK,)
    assert read(sample("lever_candidateStageChange"), TERMS).said == ()


def test_unsigned_members_may_be_altered_and_are_not_believed() -> None:
    secret = secret_of(BOARD)
    sent = signed(BOARD, secret, sample("lever_candidateStageChange"))
    forged = altered(sent, {**sent.payload, "event": "candidateArchiveChange"})
    assert verify(BOARD.scheme, [secret], forged.headers, forged.body, NOW).accepted
    (said,) = read(replace(forged, fetched=answers("lever")), TERMS).said
    assert said.facts == ()  # the API knows of no archival


@pytest.mark.parametrize("named", ["../../etc", "a/b", "a?b", "http://127.0.0.1", "", None, 7, "a" * 200, "é"])
def test_an_id_that_could_be_another_address_is_asked_for_nowhere(named: Any) -> None:
    delivery = sample("lever_candidateStageChange")
    assert read(altered(delivery, {**delivery.payload, "data": {"opportunityId": named}}), TERMS).needs == ()


def test_the_stage_is_the_one_that_the_api_names_at_the_time_it_was_reached() -> None:
    fact = only_fact(told("candidateStageChange"))
    assert (fact.type, fact.at) == ("next_round_invited", datetime(2026, 11, 15, 9, 59, 59, tzinfo=UTC))
    assert told("candidateStageChange", stage="another").said[0].facts == ()
    assert only_fact(told("candidateStageChange", stage={"id": "7c2690d8-0000-4ed9-ae2a-cbfe7db26593"})) == fact


def test_an_archival_is_read_with_the_reasons_of_the_account() -> None:
    archived = {"reason": NO, "archivedAt": 1_794_823_199_000}
    known = {STATE: {"data": {"id": OPPORTUNITY, "archived": archived}}}
    assert read(replace(sample("lever_candidateArchiveChange"), fetched=known), TERMS).needs == ("/archive_reasons",)
    fact = only_fact(told("candidateArchiveChange", archived=archived))
    assert isinstance(fact, Rejected)
    assert (fact.by_whom, fact.at) == ("unknown", datetime(2026, 11, 16, 9, 59, 59, tzinfo=UTC))
    assert only_fact(told("candidateArchiveChange", Terms("acme", reasons={NO: "withdrawn"}), archived=archived)).type == "withdrawn"


def test_an_archival_as_hired_is_accepted_and_one_for_a_reason_that_nobody_knows_says_nothing() -> None:
    at = 1_794_823_199_000
    assert only_fact(told("candidateArchiveChange", archived={"reason": HIRED, "archivedAt": at})).type == "offer_accepted"
    assert told("candidateArchiveChange", archived={"reason": "?", "archivedAt": at}).said[0].facts == ()


def test_restored_takes_back_exactly_that_archival() -> None:
    rejected = only_fact(told("candidateArchiveChange", archived={"reason": NO, "archivedAt": 1_794_823_199_000}))
    (said,) = told("candidateArchiveChange_restored").said
    taken_back = [fact.fact for fact in said.facts if isinstance(fact, Retracted)]
    assert len(taken_back) == len(said.facts) == 3
    assert rejected.id in taken_back


def test_an_interview_has_the_times_and_people_that_the_api_names() -> None:
    fact = only_fact(told("interviewUpdated"))
    assert isinstance(fact, InterviewRescheduled)
    assert (fact.starts_at, fact.ends_at) == (datetime(2026, 11, 19, 10, tzinfo=UTC), datetime(2026, 11, 19, 10, 45, tzinfo=UTC))
    assert fact.interviewers == (
        Interviewer(id="412f5bf5-0000-4916-ba5b-8b16a5c3ce6d", name="Yusuf Demir", email="yusuf.demir@acme.example"),
    )
    assert fact.kind is None  # the subject names the candidate


def test_an_interview_that_is_not_there_is_believed_gone_only_where_its_opportunity_can_be_seen() -> None:
    delivery = sample("lever_interviewUpdated")
    deleted = altered(delivery, {**delivery.payload, "triggeredAt": 1_794_736_800_000})
    assert read(replace(deleted, fetched={TALK: None}), TERMS).needs == (STATE,)
    unseen = read(replace(deleted, fetched={TALK: None, STATE: None}), TERMS)
    assert (unseen.said, unseen.needs) == ((), (GONE,))
    assert read(replace(deleted, fetched={TALK: None, STATE: {"data": {"id": "another"}}}), TERMS).said == ()


@pytest.mark.parametrize("changes", [{"canceledAt": 1_794_909_600_000}, {"gone": TALK}])
def test_an_interview_that_is_called_off_or_gone_is_cancelled(changes: dict[str, Any]) -> None:
    fact = only_fact(told("interviewUpdated", **changes))
    assert isinstance(fact, InterviewCancelled)
    assert fact.interview == "6ff55c8e-0000-4eb4-835a-630b1c0da421"


@pytest.mark.parametrize("duration", [None, "45", True, -1, 10**9, 45.5])
def test_an_interview_of_no_known_length_is_not_said(duration: Any) -> None:
    reading = told("interviewUpdated", duration=duration)
    assert (reading.said, reading.unsaid) == ((), 1)


def unseen(deletions: dict[str, Any], event: str = "candidateStageChange") -> Reading:
    """What is read where the API does not know the opportunity, and lists these deletions."""
    delivery = sample("lever_candidateStageChange")
    return read(replace(altered(delivery, {**delivery.payload, "event": event}), fetched={STATE: None, **deletions}), TERMS)


def test_an_opportunity_that_is_listed_as_deleted_is_to_be_erased() -> None:
    assert unseen({}).needs == (GONE,)
    for event in ("candidateStageChange", "candidateDeleted"):
        erased = unseen({GONE: fetched("lever_GET_opportunities_deleted")}, event).erased
        assert erased is not None
        assert erased.applications == (f"acme.{OPPORTUNITY}",)


@pytest.mark.parametrize(
    "deletions", [None, {}, [], {"data": []}, {"data": [{"id": "another"}], "hasNext": False}, {"data": [OPPORTUNITY]}]
)
def test_an_opportunity_that_cannot_be_seen_is_not_erased_for_that(deletions: Any) -> None:
    reading = unseen({GONE: deletions})
    assert (reading.erased, reading.said, reading.needs, reading.unsettled) == (None, (), (), False)
    assert unseen({GONE: deletions}, "candidateDeleted").unsettled


def test_deletions_are_looked_for_on_further_pages_and_not_for_ever() -> None:
    first = {"data": [{"id": "another"}], "hasNext": True, "next": "a token/&limit=9"}
    (second,) = unseen({GONE: first}).needs
    assert dict(parse_qsl(urlsplit(second).query))["offset"] == "a token/&limit=9"
    pages: dict[str, Any] = {}
    while needed := unseen(pages).needs:
        pages[needed[0]] = first | {"next": str(len(pages))}
    assert len(pages) == 3


def test_the_position_is_asked_for_where_an_application_may_have_to_be_opened() -> None:
    opening = replace(TERMS, opens=True)
    known = {STATE: answers("lever")[STATE]}
    assert read(replace(sample("lever_candidateStageChange"), fetched=known), opening).needs == (POSTING,)
    (said,) = told("candidateStageChange", opening).said
    assert said.known.position == "Senior Product Designer"
    (unnamed,) = told("candidateStageChange", opening, gone=POSTING).said
    assert (unnamed.known.position, unnamed.facts) == (None, said.facts)  # a confidential posting costs the name and no fact
    (nowhere,) = told("candidateStageChange", opening, applications=[{"posting": "../users"}, None]).said
    assert nowhere.known.position is None


def test_an_answer_about_another_opportunity_says_nothing() -> None:
    assert told("candidateStageChange", id="another").said == ()


def test_a_test_delivery_without_an_opportunity_says_nothing() -> None:
    delivery = sample("lever_candidateStageChange")
    reading = read(altered(delivery, {**delivery.payload, "data": {}}), TERMS)
    assert (reading.said, reading.needs) == ((), ())
