"""What a person may ask for over HTTP: everything that is held, and that nothing is held any more."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from client.applications import Applications
from client.embedded import Stack
from client.sink import messages
from tests.erasure.finishing import finished
from tests.running import body, slug
from tests.server import eventually
from workflows import names
from workflows.facts import HiringStep, Linked, Word

TAKEAWAYS = "they run the difference engine on two shifts"


@pytest.fixture
def candidate() -> str:
    """An id that nobody had before."""
    return f"cand-{uuid4().hex[:12]}"


async def opened(api: httpx.AsyncClient, candidate: str, application: str, **other: Any) -> None:
    who = {"id": candidate, "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
    answer = await api.post("/v1/applications", json=body(application, candidate=who, **other))
    assert answer.is_success, answer.text
    noted = {"type": "reflection_noted", "interview": "i1", "takeaways": TAKEAWAYS}
    assert (await api.post(f"/v1/applications/{application}/facts", json=noted)).status_code == 200


async def test_an_export_has_everything_with_private_text_and_twice_the_same(
    api: httpx.AsyncClient, candidate: str, application: str
) -> None:
    for one in (application, f"{application}-2"):
        await opened(api, candidate, one)
        await api.post(f"/v1/applications/{one}/advance", json={"to": "next"})
    answers = [await api.get(f"/v1/candidates/{candidate}/export") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-disposition"] == f'attachment; filename="candidate-{candidate}.json"'
    whole = answers[0].json()
    assert (whole["candidate"]["profile"]["email"], whole["candidate"]["preferences"]["digest"]) == ("ada@example.org", False)
    assert [fact["type"] for fact in whole["candidate"]["facts"]].count("application_begun") == 2
    assert [one["id"] for one in whole["applications"]] == [application, f"{application}-2"]
    for one in whole["applications"]:
        shown = (await api.get(f"/v1/applications/{one['id']}")).json()
        assert [fact["id"] for fact in one["facts"]] == [fact["id"] for fact in shown["facts"]]
        assert [fact["takeaways"] for fact in one["facts"] if fact["type"] == "reflection_noted"] == [TAKEAWAYS]
        assert one["letters"] == (await api.get(f"/v1/applications/{one['id']}/letters")).json()["letters"]
        assert one["letters"][0]["id"] == "thank-you/i1/g"


async def test_an_erased_candidate_is_gone_and_stays_gone(
    stack: Stack, api: httpx.AsyncClient, applications: Applications, candidate: str, application: str
) -> None:
    """Every application under every id, also of a board's run that nobody named and that hands over; their mail in the sink too."""
    theirs, booking = f"acme.{application}", f"cal.{application}"
    step = HiringStep(id="h", by="board:cal", step="debrief")
    await applications.heard(booking, Word(facts=(step,), by="board:cal"))
    await opened(api, candidate, application, refs=[theirs])
    await opened(api, candidate, f"{application}-2")
    link = Linked(id=f"linked:{application}", by="process", to=application)
    await applications.heard(booking, Word(facts=(link,), by="process"))
    await api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
    assert messages(stack.home, application)

    async def handed_over() -> bool:
        facts = (await applications.view(application))["facts"]
        return any(fact["by"] == "board:cal" for fact in facts)

    await eventually(handed_over)
    begun = await api.delete(f"/v1/candidates/{candidate}")
    assert begun.status_code == 202
    again = await api.delete(f"/v1/candidates/{candidate}")
    assert (again.status_code, again.json()) == (202, begun.json())
    erasure = begun.json()["erasure"]
    await finished(stack.client, erasure)
    receipt = (await api.get(f"/v1/erasures/{erasure}")).json()
    assert receipt["status"] == "finished"
    assert receipt["runs_deleted"] >= 5
    ids = (application, f"{application}-2", theirs, booking)
    for one in ids:
        await applications.heard(one, Word(facts=(step,), by="board:cal"))  # late, and dropped
        assert slug(await api.get(f"/v1/applications/{one}")) == "no-such-application"
        assert not messages(stack.home, one)
    workflows = [run.id async for run in stack.client.list_workflows(f"CandidateId = '{candidate}'")]
    assert workflows == []
    for said in (body(application), body(f"{application}-3", candidate=body(application)["candidate"] | {"id": candidate})):
        answer = await api.post("/v1/applications", json=said)
        assert (answer.status_code, slug(answer)) == (410, "erased")
    last = await api.delete(f"/v1/candidates/{candidate}")
    assert (last.status_code, last.json()) == (202, begun.json())
    assert (await api.get(f"/v1/erasures/{erasure}")).json() == receipt


async def test_what_stays_of_an_erasure_names_nobody(stack: Stack, api: httpx.AsyncClient, candidate: str, application: str) -> None:
    """One run, which has neither the ids nor a way back to the run that had them."""
    await opened(api, candidate, application)
    erasure = (await api.delete(f"/v1/candidates/{candidate}")).json()["erasure"]
    before = stack.client.get_workflow_handle(names.erasure_id(erasure))
    assert candidate in str(await before.fetch_history())
    await finished(stack.client, erasure)

    async def runs() -> bool:
        return len([r async for r in stack.client.list_workflows(f"WorkflowId = '{names.erasure_id(erasure)}'")]) == 1

    await eventually(runs)
    left = str((await stack.client.get_workflow_handle(names.erasure_id(erasure)).fetch_history()).events)
    assert candidate not in left
    assert application not in left
    assert "runs_deleted" in left


async def test_nobody_is_erased_or_exported_of_whom_nobody_spoke(api: httpx.AsyncClient, candidate: str) -> None:
    """And no receipt is there of what was not begun."""
    assert slug(await api.delete(f"/v1/candidates/{candidate}")) == "no-such-candidate"
    assert slug(await api.get(f"/v1/candidates/{candidate}/export")) == "no-such-candidate"
    for one in ("0" * 32, "nonsense", "%00"):
        assert slug(await api.get(f"/v1/erasures/{one}")) == "no-such-erasure"
