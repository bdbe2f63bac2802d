"""What Workable says, as facts."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from client.connections import Connections
from client.hooks import tell
from tests.boards.deliveries import TERMS, altered, sample
from tests.boards.recording import Recording, connections_file
from workflows.boards.delivery import Reading, Terms
from workflows.boards.workable import read
from workflows.facts import OutsideFact, Rejected, Retracted


def told(name: str, terms: Terms = TERMS, **changes: Any) -> Reading:
    delivery = sample(name)
    content = copy.deepcopy(delivery.payload)
    content["data"].update(changes)
    return read(altered(delivery, content), terms)


def only_fact(reading: Reading) -> OutsideFact:
    (said,) = reading.said
    assert said.application == "acme.108d1748"
    (fact,) = said.facts
    return fact


def test_a_stage_means_what_the_connection_says_of_its_text() -> None:
    fact = only_fact(told("workable_candidate_moved"))
    assert (fact.type, fact.at) == ("next_round_invited", datetime(2026, 11, 10, 16, 38, 36, tzinfo=UTC))
    (said,) = told("workable_candidate_moved", Terms("acme")).said
    assert said.facts == ()
    assert (said.known.candidate["name"], said.known.position) == ("Imani Okafor", "Senior Product Designer")


def test_disqualified_for_reasons_that_nobody_knows_is_a_rejection_by_nobody_knows_whom() -> None:
    fact = only_fact(told("workable_candidate_moved_disqualified"))
    assert isinstance(fact, Rejected)
    assert (fact.by_whom, fact.feedback, fact.at) == ("unknown", None, datetime(2026, 11, 12, 15, 50, 41, tzinfo=UTC))


@pytest.mark.parametrize("changes", [{"withdrew": True}, {"disqualification_reason": "881"}])
def test_the_candidates_own_withdrawal_is_one(changes: dict[str, Any]) -> None:
    assert only_fact(told("workable_candidate_moved_disqualified", **changes)).type == "withdrawn"


def test_hired_is_accepted_at_its_own_time() -> None:
    fact = only_fact(told("workable_candidate_moved_hired"))
    assert (fact.type, fact.at) == ("offer_accepted", datetime(2026, 11, 30, 10, tzinfo=UTC))


def test_a_deleted_candidate_is_to_be_erased() -> None:
    erased = told("workable_candidate_deleted").erased
    assert erased is not None
    assert erased.applications == ("acme.108d1748",)


async def test_who_is_not_disqualified_any_more_takes_the_rejection_back_and_nothing_else_waits_for_it(tmp_path: Path) -> None:
    connection, here = Connections(connections_file(tmp_path)).current()["workable"], Recording()
    terms = Terms("workable", TERMS.stages)
    assert await tell(here, connection, told("workable_candidate_moved", terms))
    await tell(here, connection, told("workable_candidate_moved_disqualified", terms))
    later = sample("workable_candidate_moved")
    requalified = {**later.payload, "fired_at": "2026-11-13T10:00:00Z", "data": {**later.payload["data"], "stage": "Sourced"}}
    await tell(here, connection, read(altered(later, requalified), terms))
    facts = [fact for _, word in here.heard_words for fact in word.facts]
    assert [fact.type for fact in facts] == ["next_round_invited", "rejected", "retracted"]
    assert isinstance(facts[2], Retracted)
    assert facts[2].fact == facts[1].id
