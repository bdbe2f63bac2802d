"""What SmartRecruiters says once it was asked, as facts."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from client.connections import Connections
from client.hooks import Hooks
from tests.boards.deliveries import TERMS, altered, answers, sample
from tests.boards.recording import Recording, connections_file
from workflows.boards.delivery import Delivery, Reading, Terms
from workflows.boards.smartrecruiters import read
from workflows.facts import Interviewer, InterviewScheduled

CANDIDATE, JOB = "c7f1a2b3-0000-4d0e-8f5a-6b7c8d9e0f11", "5e4d3c2b-0000-4a19-8f0e-1d2c3b4a5f66"
TALK = "a1b2c3d4-0000-4e5f-8a9b-0c1d2e3f4a5b"
STAMP = {"smartrecruiters-timestamp": "1794736800"}


def told(name: str, terms: Terms = TERMS, gone: bool = False, **changes: Any) -> Reading:  # noqa: FBT001, FBT002 -- reads as said
    known = copy.deepcopy(answers("smartrecruiters"))
    for answer in known.values():
        answer.update({key: value for key, value in changes.items() if key in answer or key == "reasonOfRejection"})
    delivery = sample(f"smartrecruiters_{name}")
    return read(Delivery.of({**delivery.headers, **STAMP}, delivery.body, dict.fromkeys(known) if gone else known), terms)


def test_ids_alone_say_nothing_and_name_what_to_ask() -> None:
    assert read(sample("smartrecruiters_application_status_updated"), TERMS).needs == (f"/candidates/{CANDIDATE}/jobs/{JOB}",)
    assert read(sample("smartrecruiters_interview_created"), TERMS).needs == (f"/interviews-api/v201904/interviews/{TALK}",)


def test_the_link_of_a_delivery_is_never_asked() -> None:
    delivery = sample("smartrecruiters_application_status_updated")
    linked = Delivery.of({**delivery.headers, "link": "<http://127.0.0.1/admin>; rel=self"}, delivery.body)
    assert read(linked, TERMS).needs == read(delivery, TERMS).needs


@pytest.mark.parametrize("named", ["../x", "a/b", "http://127.0.0.1", "", None, 7])
def test_an_id_that_could_be_another_address_is_asked_for_nowhere(named: Any) -> None:
    delivery = sample("smartrecruiters_application_status_updated")
    assert read(altered(delivery, {"candidate_id": named, "job_id": JOB}), TERMS).needs == ()


def test_a_status_means_what_the_connection_says_at_the_signed_time() -> None:
    (said,) = told("application_status_updated").said
    (fact,) = said.facts
    assert said.application == f"acme.{CANDIDATE}-{JOB}"
    assert (fact.type, fact.at) == ("next_round_invited", datetime(2026, 11, 15, 10, tzinfo=UTC))
    assert told("application_status_updated", Terms("acme")).said == ()


@pytest.mark.parametrize(("status", "kind"), [("REJECTED", "rejected"), ("WITHDRAWN", "withdrawn"), ("HIRED", "offer_accepted")])
def test_an_end_is_its_fact(status: str, kind: str) -> None:
    (fact,) = told("application_status_updated", status=status).said[0].facts
    assert fact.type == kind


def test_the_connection_knows_better_what_a_reason_means() -> None:
    (fact,) = told("application_status_updated", status="REJECTED", reasonOfRejection={"id": "881"}).said[0].facts
    assert fact.type == "withdrawn"


def test_each_time_slot_of_an_interview_is_one() -> None:
    (said,) = told("interview_created").said
    first, second = said.facts
    assert isinstance(first, InterviewScheduled)
    assert isinstance(second, InterviewScheduled)
    assert (first.interview, first.kind) == (TALK, "Portfolio review")
    assert first.interviewers == (Interviewer(id="u-1", name="Yusuf Demir", email="yusuf.demir@acme.example"),)
    assert (second.interview, second.interviewers) == (f"{TALK}-slot-2", None)
    assert said.refs == (f"acme.interview-{TALK}",)


def test_a_cancelled_interview_is_cancelled_even_when_it_is_gone() -> None:
    (said,) = told("interview_canceled").said
    assert [fact.type for fact in said.facts] == ["interview_cancelled", "interview_cancelled"]
    assert said.application == f"acme.{CANDIDATE}-{JOB}"
    (said,) = told("interview_canceled", gone=True).said
    assert [fact.type for fact in said.facts] == ["interview_cancelled"]
    assert said.application == f"acme.interview-{TALK}"


def test_a_deleted_candidate_is_to_be_erased() -> None:
    erased = told("candidate_deleted").erased
    assert erased is not None
    assert erased.candidate == f"acme.{CANDIDATE}"


async def test_a_subscription_is_answered_with_its_secret(tmp_path: Path) -> None:
    recording = Recording()
    app = FastAPI()
    app.include_router(Hooks(recording, Connections(connections_file(tmp_path)), intake=recording).router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://boards.test") as http:
        answer = await http.post("/hooks/smartrecruiters/smartrecruiters", headers={"X-Hook-Secret": "echo-me"})
    assert (answer.status_code, answer.headers["X-Hook-Secret"]) == (200, "echo-me")
    assert recording.taken == []


def test_an_answer_of_nothing_says_nothing() -> None:
    delivery = sample("smartrecruiters_application_status_updated")
    (path,) = read(delivery, TERMS).needs
    assert read(replace(delivery, fetched={path: None}), TERMS).said == ()
