"""Deliveries that only hint at what happened: kept at once, asked about, believed only as fetched, told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from starlette.responses import Response
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.common import SearchAttributeKey

from activities.boards import SLOWLY
from client.embedded import Stack
from tests.boards.deliveries import altered, answers, fetched, sample
from tests.intake.receiving import SECRET, Received, receiving, working
from tests.server import eventually
from workflows import names

OPPORTUNITY = "3410c8b9-0000-4bab-b7e9-9f710206d647"
STAGES = '[{name}.stages]\n"7c2690d8-0000-4ed9-ae2a-cbfe7db26593" = "next_round"\n'
ATTENTION = SearchAttributeKey.for_keyword("Attention")
KEY = ("authorization", "Basic a2V5LTE6")
"""Of the key `key-1`."""


@pytest.fixture
async def lever(server: Stack, tmp_path: Path) -> AsyncGenerator[Received]:
    async with receiving(server.client, tmp_path, "lever") as here:
        knows(here)
        yield here


def knows(here: Received) -> None:
    here.write(f'api_key = "key-1"\n{STAGES.format(name=here.name)}')
    here.api.answers.update(answers(here.connection.board.name))
    here.api.credentials = KEY


async def test_a_hint_is_acknowledged_asked_about_and_told(lever: Received) -> None:
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    (fact,) = await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    assert (fact["by"], fact["at"][:19]) == (f"board:{lever.name}", "2026-11-15T09:59:59")
    taken = await (await lever.intake()).result()
    assert taken == names.Taken(event="candidateStageChange", applications=(lever.own(OPPORTUNITY),), facts=1, erased=False)


async def test_nothing_in_a_delivery_that_was_not_signed_is_believed(lever: Received) -> None:
    hint = sample("lever_candidateStageChange")
    told = {**hint.payload["data"], "toStageId": "another-stage", "email": "mallory@example.com", "archived": {"reason": "hired"}}
    assert await lever.delivers(altered(hint, {**hint.payload, "data": told})) == 200
    assert await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])


async def test_one_delivery_many_times_over_is_one_intake(lever: Received) -> None:
    delivery = sample("lever_candidateStageChange")
    assert set(await asyncio.gather(*(lever.delivers(delivery) for _ in range(10)))) == {200}
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    assert await lever.delivers(delivery) == 200  # long after it was taken in
    assert len(await lever.intakes(1)) == 1
    assert len(lever.api.asked) == 1


async def test_what_was_acknowledged_without_a_worker_is_told_once_there_is_one(server: Stack, tmp_path: Path) -> None:
    async with receiving(server.client, tmp_path, "lever", begun=False) as here:
        knows(here)
        assert await here.delivers(sample("lever_candidateStageChange")) == 200
        assert here.api.asked == []
        async with working(here):
            await here.comes_to(here.own(OPPORTUNITY), ["next_round_invited"])


async def test_a_key_that_is_mended_in_the_file_is_used_at_the_next_attempt(lever: Received) -> None:
    lever.write(f'api_key = "wrong"\n{STAGES.format(name=lever.name)}')
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    intake = await lever.intake()

    async def failing() -> bool:
        pending = (await intake.describe()).raw_description.pending_activities
        return any(one.last_failure.application_failure_info.type == names.BOARD_REFUSES for one in pending)

    await eventually(failing)
    assert await lever.facts(lever.own(OPPORTUNITY)) == []
    knows(lever)
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])


async def test_a_delivery_that_waits_for_an_operator_is_seen_and_goes_on_at_the_operators_word(server: Stack, tmp_path: Path) -> None:
    async with receiving(server.client, tmp_path, "lever", begun=False) as here, working(here, SLOWLY):
        here.api.credentials = KEY
        here.write(f'api_key = "wrong"\n{STAGES.format(name=here.name)}')
        assert await here.delivers(sample("lever_candidateStageChange")) == 200
        intake = await here.intake()

        async def attention() -> bool:
            return (await intake.describe()).typed_search_attributes.get(ATTENTION) == "intake"

        async def waiting() -> str | None:
            pending = (await intake.describe()).raw_description.pending_activities
            return next((one.activity_id for one in pending if one.last_failure.application_failure_info.type == names.BOARD_REFUSES), None)

        await eventually(attention)
        activity = await eventually(waiting)
        knows(here)
        execution = WorkflowExecution(workflow_id=intake.id)
        again = ResetActivityRequest(namespace=server.client.namespace, execution=execution, id=activity)
        await server.client.workflow_service.reset_activity(again)
        await here.comes_to(here.own(OPPORTUNITY), ["next_round_invited"])
        assert (await intake.result()).facts == 1
        assert (await intake.describe()).typed_search_attributes.get(ATTENTION) is None


async def test_a_board_that_is_busy_is_asked_again_when_it_says(lever: Received) -> None:
    lever.api.next.extend([Response(status_code=429, headers={"Retry-After": "1"}), Response(status_code=502), Response("<html>")])
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    assert len(lever.api.asked) == 4


async def test_what_is_not_there_at_first_is_asked_for_again_before_that_is_believed(lever: Received) -> None:
    lever.api.next.append(Response(status_code=404))
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])


async def test_what_the_board_no_longer_has_is_erased_here(lever: Received) -> None:
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    lever.api.answers.clear()
    lever.api.answers["/opportunities/deleted"] = fetched("lever_GET_opportunities_deleted")
    gone = sample("lever_candidateArchiveChange")
    assert await lever.delivers(altered(gone, {**gone.payload, "event": "candidateDeleted"})) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), [])
    assert [path.partition("?")[0] for path in lever.api.asked[1:]] == [f"/opportunities/{OPPORTUNITY}"] * 3 + ["/opportunities/deleted"]


async def test_what_the_key_may_not_see_any_more_is_not_erased_here(lever: Received) -> None:
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    lever.api.answers.clear()
    lever.api.answers["/opportunities/deleted"] = {"data": [], "hasNext": False}
    assert await lever.delivers(sample("lever_candidateArchiveChange")) == 200
    for intake in await lever.intakes(2):
        await lever.client.get_workflow_handle(intake.id).result()
    assert [fact["type"] for fact in await lever.facts(lever.own(OPPORTUNITY))] == ["next_round_invited"]


async def test_a_deletion_that_the_board_does_not_list_yet_is_waited_for(lever: Received) -> None:
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["next_round_invited"])
    lever.api.answers.clear()
    lever.api.answers["/opportunities/deleted"] = {"data": [], "hasNext": False}
    gone = sample("lever_candidateArchiveChange")
    assert await lever.delivers(altered(gone, {**gone.payload, "event": "candidateDeleted"})) == 200

    async def listed_in_vain() -> bool:
        return any(path.startswith("/opportunities/deleted") for path in lever.api.asked)

    await eventually(listed_in_vain)
    lever.api.answers["/opportunities/deleted"] = fetched("lever_GET_opportunities_deleted")
    await lever.comes_to(lever.own(OPPORTUNITY), [])


async def test_an_unknown_opportunity_is_opened_with_the_position_that_its_posting_names(lever: Received) -> None:
    stages = STAGES.format(name=lever.name)
    opens = 'unknown = "open"\nemployer = {name = "Acme", timezone = "Europe/Berlin"}\ncandidate = {timezone = "Europe/Berlin"}\n'
    lever.write(f'api_key = "key-1"\n{opens}{stages}')
    assert await lever.delivers(sample("lever_candidateStageChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["opened", "calendar", "next_round_invited"])
    view = await lever.applications.view(lever.own(OPPORTUNITY))
    assert (view["position"], view["candidate"]["name"]) == ("Senior Product Designer", "Imani Okafor")


async def test_a_second_question_follows_from_the_first_answer(lever: Received) -> None:
    path = f"/opportunities/{OPPORTUNITY}?expand=applications"
    archived = {"archivedAt": 1794823199000, "reason": "63dd55b2-0000-4a99-9e7b-985f4c1d46d6"}
    lever.api.answers[path] = {"data": {**lever.api.answers[path]["data"], "archived": archived}}
    assert await lever.delivers(sample("lever_candidateArchiveChange")) == 200
    await lever.comes_to(lever.own(OPPORTUNITY), ["rejected"])
    assert lever.api.asked == [path, "/archive_reasons"]


@pytest.mark.parametrize("hint", ["lever_candidateStageChange", "smartrecruiters_interview_created"])
async def test_neither_a_secret_nor_what_was_fetched_is_in_a_history(server: Stack, tmp_path: Path, hint: str) -> None:
    board = hint.partition("_")[0]
    async with receiving(server.client, tmp_path, board) as here:
        here.write('api_key = "key-of-the-board"\n')
        here.api.answers.update(answers(board))
        assert await here.delivers(sample(hint)) == here.connection.board.acknowledge
        intake = await here.intake()
        assert (await intake.result()).applications
        kept = b"".join([event.SerializeToString() for event in (await intake.fetch_history()).events])
        for private in (b"key-of-the-board", b"Imani", b"Yusuf", b"example", b"v1=", SECRET.encode()):
            assert private not in kept
