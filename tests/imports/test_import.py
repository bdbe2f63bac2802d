"""An import over HTTP: what becomes of each line, that the same lines are the same import, and that nothing of them stays in it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Worker

from activities.importing import Importing
from client.applications import Applications
from client.clock import advance_run, time_of
from client.embedded import Stack
from client.imports import Imports
from client.refusals import NoSuchImport
from tests.erasure.finishing import finished as erasure_finished
from tests.imports.posting import LONG, ago, finished, imported, lines, refusals, said
from tests.running import slug
from tests.server import eventually
from worker.registry import runner
from workflows import names
from workflows.imports import Import


async def test_each_line_is_opened_or_told_why_not(api: httpx.AsyncClient, application: str) -> None:
    """With the problem that it would have got alone; what is wrong with one holds up nothing else."""
    before = said(f"{application}-before")
    assert (await api.post("/v1/applications", json=before)).is_success
    rows = (
        said(application),
        b"",
        b"{",
        before,
        before | {"position": "Principal"},
        said(f"{application}-2", position=""),
        said(f"{application}-3", facts=[{"type": "thank_you_sent", "interview": "i9"}]),
        said(f"{application}-4", policy="nobody's"),
        said(application),
        said(application, position="Principal"),
    )
    report = await imported(api, rows)
    assert (report["opened"], report["same"]) == (1, 2)
    assert refusals(report) == [
        (3, "invalid"),
        (5, "different-application"),
        (6, "invalid"),
        (7, "no-such-interview"),
        (8, "invalid"),
        (10, "different-application"),
    ]
    problem = report["refused"][2]["problem"]
    assert (problem["status"], problem["errors"][0]["field"]) == (422, "position")
    view = (await api.get(f"/v1/applications/{application}")).json()
    assert (view["position"], view["stage"]) == ("Staff Engineer", "thanking")
    assert (await api.get(f"/v1/applications/{application}-2")).status_code == 404


async def test_no_value_of_a_line_is_in_its_report(api: httpx.AsyncClient, application: str) -> None:
    """Not of a field that is wrong, nor the name of one that nobody knows."""
    secret = f"Zelda{application}"
    wrong = said(application, employer={"name": secret, secret: secret})
    wrong["candidate"] |= {"email": f"{secret}@@example", "timezone": secret, "language": secret}
    report = await imported(api, [wrong, said(application, refs=[application], metadata={secret: 1e999}), f'{{"{secret}": '.encode()])
    assert [line for line, _ in refusals(report)] == [1, 2, 3]
    assert secret not in str(report)
    assert application not in str(report)


async def test_the_same_lines_are_the_same_import(api: httpx.AsyncClient, application: str) -> None:
    """Also while it runs; with a key it is the key's, and only with the same lines."""
    rows = lines([said(application), said(f"{application}-2")])
    first, second = await asyncio.gather(*(api.post("/v1/imports", content=rows) for _ in range(2)))
    assert first.json() == second.json()
    report = await finished(api, first)
    assert (report["opened"], report["same"], report["refused"]) == (2, 0, [])
    again = await api.post("/v1/imports", content=rows)
    assert (again.status_code, again.json(), await finished(api, again)) == (202, first.json(), report)
    keyed = [await api.post("/v1/imports", content=rows, headers={"Idempotency-Key": f"k-{application}"}) for _ in range(2)]
    assert keyed[0].json() == keyed[1].json() != first.json()
    assert (await finished(api, keyed[0]))["same"] == 2
    other = await api.post("/v1/imports", content=rows + b"\n", headers={"Idempotency-Key": f"k-{application}"})
    assert (other.status_code, slug(other)) == (422, "key-reused")


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t", b"\xff", b"{}\n" * 1001, "{}".encode("utf-16")])
async def test_what_is_no_lines_of_text_is_refused_as_a_whole(api: httpx.AsyncClient, content: bytes) -> None:
    answer = await api.post("/v1/imports", content=content)
    assert (answer.status_code, slug(answer)) == (422, "invalid")
    assert (await api.post("/v1/imports", content=b"x" * 1_048_577)).status_code == 413


async def test_a_thousand_lines_that_are_wrong_fit_into_a_report(api: httpx.AsyncClient) -> None:
    """With a body that hardly packs."""
    noise = bytes(n % 94 + 33 for n in range(0, 90_000, 97)).replace(b'"', b"'").replace(b"\\", b"/").decode()
    report = await imported(api, [{"id": f"{n}{noise[n % 900 :]}"[:900]} for n in range(1000)])
    assert (len(report["refused"]), report["opened"], report["same"]) == (1000, 0, 0)


async def test_an_import_of_which_nobody_heard_is_not_found(api: httpx.AsyncClient) -> None:
    for one in ("0" * 32, "nonsense", "%00"):
        answer = await api.get(f"/v1/imports/{one}")
        assert (answer.status_code, slug(answer)) == (404, "no-such-import")


async def test_many_applications_of_one_candidate_are_all_theirs(api: httpx.AsyncClient, application: str) -> None:
    """However many lines name them."""
    whose = said(application)["candidate"] | {"id": f"cand-{application}"}
    rows = [said(f"{application}-{n}", candidate=whose, facts=[{"type": "rejected", "at": ago(days=90)}]) for n in range(40)]
    assert (await imported(api, rows))["opened"] == 40

    async def known() -> bool:
        return len((await api.get(f"/v1/candidates/{whose['id']}")).json().get("applications", ())) == 40

    await eventually(known, LONG)


async def test_when_it_ended_nothing_of_its_lines_is_left_in_it(stack: Stack, api: httpx.AsyncClient, application: str) -> None:
    """One run, with the report and without the rows; the one before it is deleted."""
    begun = await api.post("/v1/imports", content=lines([said(application, position=f"Keeper of {application}"), b"{"]))
    report, run = await finished(api, begun), names.import_id(begun.json()["import"])

    async def over() -> bool:
        handle = stack.client.get_workflow_handle(run)
        if (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED:
            return True
        await advance_run(stack.client, run, await time_of(stack.client, run) + timedelta(seconds=61), timedelta(seconds=2))
        return False

    await eventually(over, LONG)

    async def alone() -> bool:
        return len([r async for r in stack.client.list_workflows(f"WorkflowId = '{run}'")]) == 1

    await eventually(alone, LONG)
    left = str((await stack.client.get_workflow_handle(run).fetch_history()).events)
    assert application not in left
    assert "refused" in left
    assert (await api.get(begun.headers["location"])).json() == report


async def test_who_is_erased_during_an_import_stays_erased(stack: Stack, api: httpx.AsyncClient, application: str) -> None:
    """Whatever was opened for them before is deleted, and what comes after is refused; the others' rows are opened."""
    whose = said(application)["candidate"] | {"id": f"cand-{application}"}
    rows = [said(f"{application}-{n}", **({"candidate": whose} if n % 2 else {})) for n in range(40)]
    begun = await api.post("/v1/imports", content=lines(rows))

    async def some() -> bool:
        return (await api.get(f"/v1/candidates/{whose['id']}")).status_code == 200

    await eventually(some, LONG)
    erasure = (await api.delete(f"/v1/candidates/{whose['id']}")).json()["erasure"]
    report = await finished(api, begun)
    assert report["opened"] + len(report["refused"]) == 40
    assert {kind for _, kind in refusals(report)} == {"erased"}
    assert {line % 2 for line, _ in refusals(report)} == {0}
    await erasure_finished(stack.client, erasure)
    for n in range(40):
        assert (await api.get(f"/v1/applications/{application}-{n}")).status_code == (404 if n % 2 else 200)
    again = await imported(api, rows[1:2])
    assert refusals(again) == [(1, "erased")]


async def test_an_import_that_no_worker_took_yet_runs(server: Stack, application: str) -> None:
    """However early it is asked about."""
    imports = Imports(server.client, Applications(server.client))
    importing = await imports.begin(lines([said(application)]))
    run = server.client.get_workflow_handle(names.import_id(importing))

    async def waits() -> bool:
        return bool((await run.describe()).raw_description.pending_activities)

    async with Worker(server.client, task_queue=names.TASK_QUEUE, workflows=[Import], workflow_runner=runner()):
        await eventually(waits)
        assert await imports.report(importing) == names.ImportReport(status="running")
        await run.terminate()
        assert await imports.report(importing) == names.ImportReport(status="stopped")


async def test_an_import_that_was_ended_before_any_worker_had_it_is_stopped(server: Stack, application: str) -> None:
    imports = Imports(server.client, Applications(server.client))
    importing = await imports.begin(lines([said(application)]))
    await server.client.get_workflow_handle(names.import_id(importing)).terminate()
    async with Worker(server.client, task_queue=names.TASK_QUEUE, workflows=[Import], workflow_runner=runner()):
        assert await imports.report(importing) == names.ImportReport(status="stopped")


async def test_an_erasure_waits_for_an_import_that_names_them(server: Stack, application: str) -> None:
    """One that an operator ended is deleted with its rows; posted again, it would go on."""
    imports = Imports(server.client, Applications(server.client))
    importing = await imports.begin(lines([said(f"{application}-other"), said(application)]))  # nobody works on it
    handle = server.client.get_workflow_handle(names.import_id(importing))
    theirs, others = names.Held(candidates=(f"cand-{application}",)), names.Held(candidates=("cand-of-nobody",))

    async def goes_on() -> bool:
        return (await imports.erase(theirs))[1]

    await eventually(goes_on)
    assert await imports.erase(names.Held(applications=(application,))) == ((), True)
    assert await imports.erase(others) == ((), False)
    await handle.terminate()

    async def deleted() -> tuple[str, ...]:
        return (await imports.erase(theirs))[0]

    assert await imports.erase(others) == ((), False)
    assert len(await eventually(deleted)) == 1

    async def gone() -> bool:
        try:
            await imports.report(importing)
        except NoSuchImport:
            return True
        return False

    await eventually(gone)


async def test_an_import_that_an_operator_ended_while_it_forgot_is_deleted_too(server: Stack, application: str) -> None:
    """Its past has the rows, and nobody else deletes it any more; else the erasure would wait for it for ever."""
    imports = Imports(server.client, Applications(server.client))
    importing = await imports.begin(lines([said(application, position="")]))
    handle = server.client.get_workflow_handle(names.import_id(importing))
    theirs = names.Held(candidates=(f"cand-{application}",))

    async def forgets() -> bool:
        pending = (await handle.describe()).raw_description.pending_activities
        return [one.activity_type.name for one in pending] == [names.FORGET_ERASED]

    async with (
        Worker(server.client, task_queue=names.IMPORTS, activities=[Importing(imports).import_openings]),
        Worker(server.client, task_queue=names.TASK_QUEUE, workflows=[Import], workflow_runner=runner()),
    ):
        await eventually(forgets)
    await handle.terminate()

    async def deleted() -> tuple[str, ...]:
        return (await imports.erase(theirs))[0]

    async def nothing_left() -> bool:
        return await imports.erase(theirs) == ((), False)

    assert len(await eventually(deleted)) == 1
    await eventually(nothing_left)
