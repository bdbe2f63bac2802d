"""In whatever order a board's deliveries arrive, and however often, they come to the same application."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.boards.deliveries import TERMS, samples
from workflows.application import Application
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery
from workflows.facts import Candidate, Employer, Fact, Opened
from workflows.guide import agenda, stage
from workflows.policy import POLICIES

RECEIVED = datetime(2026, 11, 26, 12, tzinfo=UTC)
STORIES = {
    "ashby": (
        "interviewScheduleCreate",
        "interviewScheduleUpdate",
        "candidateStageChange",
        "interviewScheduleUpdate_over",
        "applicationUpdate_hired",
    ),
    "ashby, hired twice over": ("interviewScheduleCreate", "candidateHire", "applicationUpdate_hired"),
    "ashby, rejected": ("interviewScheduleCreate", "interviewScheduleUpdate_over", "candidateStageChange_archived"),
    "greenhouse": ("candidate_stage_change", "offer_created", "offer_updated_sent", "offer_updated_accepted", "hire_candidate"),
    "calendly": ("invitee_created", "invitee_created_rescheduled", "invitee_canceled_rescheduled", "invitee_canceled"),
    "calcom": ("BOOKING_CREATED", "BOOKING_RESCHEDULED", "MEETING_ENDED", "BOOKING_NO_SHOW_UPDATED"),
}


def deliveries(story: str) -> list[Delivery]:
    board = story.split(",", maxsplit=1)[0]
    known = samples(board)
    return [known[f"{board}_{name}"] for name in STORIES[story]]


def said(board: str, delivery: Delivery) -> list[Fact]:
    return [
        fact.model_copy(update={"at": fact.own_time or RECEIVED}) for one in BOARDS[board].read(delivery, TERMS).said for fact in one.facts
    ]


def opened() -> Opened:
    return Opened(
        id="opened",
        by="platform",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        candidate=Candidate(id="c", email="imani.okafor@example.com", timezone="America/New_York"),
        employer=Employer(name="Acme", timezone="Europe/Berlin"),
        position="Senior Product Designer",
        policy=POLICIES["industry"],
    )


def comes_to(board: str, order: tuple[Delivery, ...]) -> Any:
    application = Application(id="app").apply(opened())
    for delivery in order:
        application = application.apply(*said(board, delivery))
    return stage(application), agenda(application), sorted(str(fact.id) for fact in application.facts)


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_arrival_comes_to_the_same(story: str) -> None:
    board, tidy = story.split(",", maxsplit=1)[0], tuple(deliveries(story))
    expected = comes_to(board, tidy)
    assert expected[2] != ["opened"]
    for order in itertools.permutations(tidy):
        assert comes_to(board, order) == expected


@pytest.mark.parametrize("story", STORIES)
def test_every_delivery_ten_times_over_comes_to_the_same(story: str) -> None:
    board, tidy = story.split(",", maxsplit=1)[0], tuple(deliveries(story))
    assert comes_to(board, tidy * 10) == comes_to(board, tidy)
