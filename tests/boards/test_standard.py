"""What the generic hook takes: Standard Webhooks and CloudEvents in both modes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.boards.deliveries import NOW, TERMS, altered, sample, secret_of, signed
from workflows.boards.delivery import Delivery, Reading
from workflows.boards.signing import verify
from workflows.boards.standard import BOARD, read
from workflows.facts import EmployerReplied, InterviewHeld


def binary(content: Any, **headers: str) -> Reading:
    named = {f"ce-{name}": value for name, value in headers.items()}
    return read(
        Delivery.of({"ce-specversion": "1.0", "ce-id": "evt-9", "ce-source": "/acme", **named}, json.dumps(content).encode()), TERMS
    )


def test_a_fact_arrives_under_the_deliverys_id_with_its_own_time() -> None:
    (said,) = read(sample("standard_interview_held"), TERMS).said
    (fact,) = said.facts
    assert said.application == "acme.265277"
    assert isinstance(fact, InterviewHeld)
    assert (fact.id, fact.by, fact.interview) == ("msg_standard_interview_held", "board:acme", "i1")
    assert (fact.at, fact.ended_at) == (datetime(2026, 11, 16, 21, 35, tzinfo=UTC), datetime(2026, 11, 16, 21, 30, tzinfo=UTC))
    assert fact.interviewers
    assert fact.interviewers[0].role == "hiring manager"


def test_what_the_sender_knows_of_candidate_and_position_is_kept_apart_from_the_fact() -> None:
    (said,) = read(sample("standard_interview_held"), TERMS).said
    assert said.known.candidate == {
        "id": "c1",
        "name": "Imani Okafor",
        "email": "imani.okafor@example.com",
        "timezone": "America/New_York",
        "country": "US",
    }
    assert said.known.position == "Senior Product Designer"


def test_a_structured_cloud_event_says_the_same_with_its_own_id_and_time() -> None:
    (said,) = read(sample("standard_cloudevent"), TERMS).said
    (fact,) = said.facts
    assert isinstance(fact, EmployerReplied)
    assert (fact.id, fact.respond_by, fact.at) == ("evt-9", date(2026, 11, 27), datetime(2026, 11, 18, 8, 12, tzinfo=UTC))
    assert fact.sender
    assert fact.sender.name == "Rhea Lindqvist"


def test_a_binary_cloud_event_says_the_same_as_the_structured_one() -> None:
    structured = sample("standard_cloudevent")
    headers = {"type": "employer_replied", "time": "2026-11-18T09%3A12%3A00%2B01%3A00", "source": "/acme/hiring"}
    assert binary(structured.payload["data"], **headers) == read(structured, TERMS)


def test_the_same_id_from_two_sources_is_two_deliveries() -> None:
    content = sample("standard_cloudevent").payload["data"]
    assert binary(content, type="employer_replied", source="/a").key != binary(content, type="employer_replied", source="/b").key


def test_a_cloud_event_is_signed_like_every_other_delivery() -> None:
    secret = secret_of(BOARD)
    sent = signed(BOARD, secret, sample("standard_cloudevent"))
    assert verify(BOARD.scheme, [secret], sent.headers, sent.body, NOW).accepted
    assert not verify(BOARD.scheme, [secret], {"ce-id": "evt-9"}, sent.body, NOW).accepted


@pytest.mark.parametrize(
    "kind", ["opened", "prompted", "ghosted", "linked", "closed", "unread", "no_such_fact", "", None, 7, ["interview_held"]]
)
def test_only_what_is_said_from_outside_can_be_said(kind: Any) -> None:
    delivery = sample("standard_interview_held")
    reading = read(altered(delivery, {**delivery.payload, "type": kind}), TERMS)
    assert (reading.said, reading.unsaid) == ((), 1)


@pytest.mark.parametrize("speaker", ["platform", "candidate", "process", "board:globex"])
def test_a_sender_speaks_for_its_connection_and_for_nobody_else(speaker: str) -> None:
    delivery = sample("standard_interview_held")
    content = {**delivery.payload, "data": {**delivery.payload["data"], "by": speaker, "id": "mine", "at": "2020-01-01T00:00:00Z"}}
    ((fact,),) = (said.facts for said in read(altered(delivery, content), TERMS).said)
    assert (fact.by, fact.id, fact.at) == ("board:acme", "msg_standard_interview_held", datetime(2026, 11, 16, 21, 35, tzinfo=UTC))


def test_by_which_policy_it_goes_is_not_a_boards_to_say() -> None:
    delivery = sample("standard_interview_held")
    content = {"type": "details_changed", "data": {"application": "1", "position": "Principal Designer", "policy": "university"}}
    ((fact,),) = (said.facts for said in read(altered(delivery, content), TERMS).said)
    assert fact.model_dump(include={"position", "policy"}) == {"position": "Principal Designer", "policy": None}


@pytest.mark.parametrize("application", [None, "", " ", {}, True, 1.5])
def test_a_fact_about_no_application_is_not_said(application: Any) -> None:
    delivery = sample("standard_interview_held")
    content = {**delivery.payload, "data": {**delivery.payload["data"], "application": application}}
    assert read(altered(delivery, content), TERMS).said == ()


def test_a_delivery_without_an_id_says_nothing() -> None:
    delivery = sample("standard_interview_held")
    assert read(Delivery.of({}, delivery.body), TERMS).said == ()


def test_an_id_outside_the_charset_becomes_its_digest() -> None:
    delivery = sample("standard_interview_held")
    ((fact,),) = (said.facts for said in read(Delivery.of({"webhook-id": "an id with spaces"}, delivery.body), TERMS).said)
    assert fact.id == "SgApTkceMadSQyxqoaHtxd3FlHjFvqO0tCiw2vDC2HA"
