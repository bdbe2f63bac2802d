"""What Recruitee says, as facts."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from tests.boards.deliveries import TERMS, altered, sample
from workflows.boards.delivery import Reading
from workflows.boards.recruitee import handshake, read
from workflows.facts import Rejected


def told(name: str, details: Any = None) -> Reading:
    delivery = sample(f"recruitee_{name}")
    content = copy.deepcopy(delivery.payload)
    content["payload"] |= {"details": details} if details else {}
    return read(altered(delivery, content), TERMS)


def test_a_stage_means_what_the_connection_says_of_its_id_in_the_application_of_candidate_and_job() -> None:
    (said,) = told("candidate_moved").said
    (fact,) = said.facts
    assert said.application == "acme.4411-889"
    assert (fact.type, fact.at) == ("next_round_invited", datetime(2026, 11, 10, 16, 38, 36, tzinfo=UTC))
    assert told("candidate_moved", {"to_stage": {"id": 1, "name": "Offer"}}).said[0].facts == ()
    assert said.known.candidate == {"id": "4411", "name": "Imani Okafor", "email": "imani.okafor@example.com"}


def test_disqualified_for_reasons_that_nobody_knows_is_a_rejection_by_nobody_knows_whom() -> None:
    (fact,) = told("candidate_moved_disqualified").said[0].facts
    assert isinstance(fact, Rejected)
    assert (fact.by_whom, fact.feedback) == ("unknown", None)
    (fact,) = told("candidate_moved_disqualified", {"disqualify_reason": {"id": 881}}).said[0].facts
    assert fact.type == "withdrawn"


def test_requalified_takes_back_what_was_said_before() -> None:
    (said,) = told("candidate_moved_requalified").said
    assert said.taken_back is not None
    rejected = told("candidate_moved_disqualified").said[0].facts[0]
    assert said.taken_back.names(rejected)
    assert not said.taken_back.names(rejected.model_copy(update={"at": datetime(2026, 11, 14, tzinfo=UTC)}))


def test_a_deleted_candidate_is_to_be_erased() -> None:
    erased = told("candidate_deleted").erased
    assert erased is not None
    assert erased.candidate == "acme.4411"


def test_a_test_is_answered_and_never_believed() -> None:
    example = sample("recruitee_candidate_moved_disqualified")
    marked = altered(example, {**example.payload, "test": True})
    assert handshake(altered(example, {"test": True}))
    assert handshake(marked)
    assert read(marked, TERMS).said == ()
    assert handshake(example) is None
