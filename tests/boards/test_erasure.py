"""What a board deletes is gone under every id that it had, stays gone, and leaves nothing that could be read."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import WorkflowHandle

from client.applications import Applications
from client.embedded import Stack
from client.index import Index
from client.refusals import NoSuchApplication, Refused
from tests.boards.deliveries import TERMS, altered, sample
from tests.boards.test_on_the_stack import MORE, Board, board, changed, connected
from tests.erasure.finishing import finished
from tests.running import api, application, body, opening, slug
from tests.server import eventually
from workflows import names
from workflows.boards import BOARDS
from workflows.boards.delivery import Erased, Merged
from workflows.facts import HiringStep, Word

__all__ = ["api", "application", "board"]


def step(identity: str = "h") -> Word:
    return Word(facts=(HiringStep(id=identity, by="board:acme", step="debrief"),), by="board:acme")


async def is_gone(applications: Applications, application: str) -> bool:
    async def look() -> bool:
        try:
            await applications.view(application)
        except NoSuchApplication:
            return True
        return False

    return await eventually(look)


@connected("greenhouse")
async def test_late_deliveries_for_what_was_deleted_are_acknowledged_and_dropped(board: Board, applications: Applications) -> None:
    application = board.own("265277")
    assert await board.delivers(sample("greenhouse_reject_candidate")) == 200
    assert await board.comes_to(application, ["rejected"])
    assert await board.delivers(sample("greenhouse_delete_application")) == 200
    assert [await board.delivers(sample("greenhouse_reject_candidate")) for _ in range(3)] == [200, 200, 200]
    assert await is_gone(applications, application)


async def test_opening_what_was_erased_is_410(applications: Applications, api: httpx.AsyncClient, application: str) -> None:
    """Also where the opening would be refused for another reason."""
    await applications.open(opening(application))
    await applications.erase(Erased(applications=(application,)))
    wrong: dict[str, Any] = {"facts": [{"type": "thank_you_sent", "interview": "no-such-interview"}]}
    for said in (body(application), body(application, position="Else"), body(application, **wrong)):
        answer = await api.post("/v1/applications", json=said)
        assert (answer.status_code, slug(answer)) == (410, "erased")
    assert (await api.get(f"/v1/applications/{application}")).status_code == 404
    assert (await api.post(f"/v1/applications/{application}/facts", json={"type": "paused"})).status_code == 404


async def test_a_tombstone_says_nothing_but_a_digest(stack: Stack, applications: Applications, application: str) -> None:
    await applications.open(opening(application))
    await applications.erase(Erased(applications=(application,)))
    handle: WorkflowHandle[Any, Any] = stack.client.get_workflow_handle(f"erased/{hashlib.sha256(application.encode()).hexdigest()}")
    written = str([event async for event in handle.fetch_history_events()])
    assert names.TOMBSTONE in written
    for private in (application, "Ada", "ada@example.org", "cand-7", "Analytical"):
        assert private not in written


async def test_an_application_is_erased_under_every_id_that_it_stands_under(applications: Applications, application: str) -> None:
    """The platform's own id is found from the board's, and from there the other boards'; all of them stay erased."""
    theirs, booking = f"acme.{application}", f"cal.{application}"
    await applications.heard(theirs, step())
    await applications.open(opening(application, refs=[theirs, booking]))
    await applications.erase(Erased(applications=(theirs,)))
    for one in (theirs, application, booking):
        assert await is_gone(applications, one)
        await applications.heard(one, step("late"))
        assert await is_gone(applications, one)
    with pytest.raises(Refused, match="erased"):
        await applications.open(opening(application))


async def test_whatever_is_said_while_it_is_erased_brings_nothing_back(applications: Applications, application: str) -> None:
    """Whichever of them came first: those that looked before the tombstone was put take back what they began."""
    several = [f"{application}-{n}" for n in range(5)]
    late = [applications.heard(one, step(f"h{n}")) for n in range(8) for one in several]
    await asyncio.gather(*late[:20], *(applications.erase(Erased(applications=(one,))) for one in several), *late[20:])
    for one in several:
        assert await is_gone(applications, one)


async def test_an_operator_allows_an_id_again_by_ending_its_tombstone(stack: Stack, applications: Applications, application: str) -> None:
    """Once the erasure is done, which until then would take for late what is opened."""
    await applications.erase(Erased(applications=(application,)))
    await finished(stack.client, names.erasure_of(None, (application,)))
    await stack.client.get_workflow_handle(names.tombstone_id(application)).terminate()
    assert (await applications.open(opening(application))).fresh


@connected("greenhouse", MORE)
async def test_the_applications_of_a_merged_candidate_are_the_survivors_and_are_erased_with_them(
    board: Board, applications: Applications, stack: Stack
) -> None:
    """Their ids stay, so nothing is handed over; and the candidate who is gone takes nothing along."""
    index = Index(stack.client, timedelta(seconds=8))
    application = board.own("265277")
    stage = sample("greenhouse_candidate_stage_change")
    gone = str(stage.payload["payload"]["application"]["candidate"]["id"])
    assert await board.delivers(stage) == 200
    assert await eventually(lambda: index.of_candidate(board.own(gone)))
    merged = sample("greenhouse_merge_candidate")
    person = {**merged.payload["payload"]["person"], "id": gone, "new_candidate_id": 457456}
    assert [await board.delivers(changed("greenhouse_merge_candidate", person=person)) for _ in range(2)] == [200, 200]
    assert await eventually(lambda: index.of_candidate(board.own("457456")))
    view = await applications.view(application)
    assert view["candidate"]["id"] == board.own("457456")
    assert [fact["type"] for fact in view["facts"]].count("candidate_changed") == 1
    assert await board.delivers(changed("greenhouse_candidate_anonymized", candidate_id=457456)) == 200
    assert await is_gone(applications, application)


@connected("ashby", MORE)
async def test_a_deletion_of_the_candidate_who_was_merged_away_takes_nothing_from_the_survivor(
    board: Board, applications: Applications
) -> None:
    """However soon after the merge, while the index still has the application under the one who is gone; and whether it names it or not."""
    stage, merge, delete = (sample(f"ashby_{name}") for name in ("candidateStageChange", "candidateMerge", "candidateDelete"))
    named = stage.payload["data"]["application"]["id"]
    gone, survivor = stage.payload["data"]["application"]["candidate"]["id"], "c0ffee00-0000-4000-8000-000000000002"
    assert await board.delivers(stage) == 200
    assert await board.comes_to(board.own(named), ["opened", "calendar"])
    who = {"deletedCandidate": {"id": gone}, "mergedCandidate": {"id": survivor}}
    assert await board.delivers(altered(merge, {**merge.payload, "data": who})) == 200
    for content in ({"id": gone}, {"id": gone, "applicationIds": [named]}):
        assert await board.delivers(altered(delete, {**delete.payload, "data": {"candidate": content}})) == 200
    view = await applications.view(board.own(named))
    assert view["candidate"]["id"] == board.own(survivor)
    assert await board.delivers(altered(delete, {**delete.payload, "data": {"candidate": {"id": survivor}}})) == 200
    assert await is_gone(applications, board.own(named))


def test_ashby_and_greenhouse_tell_who_is_gone_and_who_stays() -> None:
    """Without either of the two there is nothing to merge."""
    read = {name: BOARDS[name.partition("_")[0]].read for name in ("ashby_candidateMerge", "greenhouse_merge_candidate")}
    assert [read[name](sample(name), TERMS).merged for name in read] == [
        Merged("acme.c0ffee00-0000-4000-8000-000000000001", "acme.c0ffee00-0000-4000-8000-000000000002"),
        Merged("acme.265788", "acme.457456"),
    ]
    for name, adapter in read.items():
        nobody = altered(sample(name), {**sample(name).payload, "data": {}, "payload": {"person": {"id": 1}}})
        assert (adapter(nobody, TERMS).merged, adapter(nobody, TERMS).unsaid) == (None, 1)
