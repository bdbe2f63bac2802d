"""Open applications move to another policy, each once, and nobody else does; what would move can be seen before."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from temporalio.worker import Worker

from client.applications import Applications
from client.embedded import Stack
from client.migrations import Migrations
from client.policies import Policies
from client.refusals import NoSuchMigration
from tests.client.test_command_line import Shells, Told, shells
from tests.policies.conftest import FILE, Platform
from tests.policies.test_in_force import awake, follow_up
from tests.running import slug
from tests.server import eventually, server
from worker.migrating import Migrator
from worker.registry import runner
from workflows.facts import Linked, Withdrawn, Word
from workflows.migration import Migration
from workflows.names import TASK_QUEUE, Held
from workflows.names.migrating import Chosen, MigratePage, MigrationProgress, migration_id
from workflows.policy import POLICIES

__all__ = ["server", "shells"]


@pytest.fixture
def candidate() -> str:
    """An id that nobody had before."""
    return f"cand-{uuid4().hex[:12]}"


async def opened(platform: Platform, candidate: str, *applications: str, **other: Any) -> None:
    """And in Temporal's index."""
    for application in applications:
        said = awake(application, **other)
        said["candidate"]["id"] = candidate
        answer = await platform.http.post("/v1/applications", json=said)
        assert answer.is_success, answer.text

    async def listed() -> bool:
        page = (await platform.http.get("/v1/applications", params={"candidate": candidate})).json()
        return set(applications) <= {one["id"] for one in page["applications"] if one["policy"]}

    await eventually(listed)


async def view(platform: Platform, application: str) -> dict[str, Any]:
    return (await platform.http.get(f"/v1/applications/{application}")).json()


async def done(platform: Platform, begun: str) -> dict[str, Any]:
    async def finished() -> dict[str, Any] | None:
        told = (await platform.http.get(begun)).json()
        return told if told["status"] != "running" else None

    return await eventually(finished)


async def migrated(platform: Platform, said: dict[str, Any], name: str = "patient") -> dict[str, Any]:
    answer = await platform.http.post(f"/v1/policies/{name}/migrations", json=said)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/policies/migrations/{answer.json()['migration']}"
    return await done(platform, answer.headers["location"])


def changes(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [fact for fact in view["facts"] if fact["type"] == "details_changed"]


async def test_what_the_filter_chooses_moves_and_nobody_else_does(platform: Platform, candidate: str, application: str) -> None:
    """Each by one fact with its date and speaker; the agenda is that of the new numbers."""
    ours = [f"{application}-{n}" for n in range(3)]
    await opened(platform, candidate, *ours)
    await opened(platform, candidate, f"{application}-u", policy="university")
    await opened(platform, f"{candidate}-2", f"{application}-o")
    strangers = [await view(platform, f"{application}-{n}") for n in "uo"]
    told = await migrated(platform, {"where": {"candidate": candidate, "policy": "industry"}})
    assert told == {"status": "finished", "policy": "patient 3", "of": 3, "moved": 3, "same": 0, "refused": [], "refusals": 0}
    for one in ours:
        now = await view(platform, one)
        assert now["policy"] == {"name": "patient", "version": 3}
        assert [fact["by"] for fact in changes(now)] == ["platform"]
        assert "Policy patient 3." in follow_up(now)["why"]
    assert [await view(platform, f"{application}-{n}") for n in "uo"] == strangers


async def test_again_nobody_moves_and_all_had_it(platform: Platform, candidate: str, application: str) -> None:
    await opened(platform, candidate, application, f"{application}-2")
    assert (await migrated(platform, {"where": {"candidate": candidate}}))["moved"] == 2
    told = await migrated(platform, {"where": {"candidate": candidate}})
    assert (told["moved"], told["same"]) == (0, 2)
    assert len(changes(await view(platform, application))) == 1


async def test_applications_that_went_back_move_again(platform: Platform, candidate: str, application: str) -> None:
    """A migration that was done once is not the same as one that begins anew."""
    await opened(platform, candidate, application)
    for name in ("patient", "university", "patient"):
        told = await migrated(platform, {"applications": [application]}, name)
        assert (told["moved"], told["same"]) == (1, 0)
        assert (await view(platform, application))["policy"]["name"] == name


async def test_who_cannot_move_is_named_with_the_reason(platform: Platform, candidate: str, application: str) -> None:
    """Repeated ids are one."""
    await opened(platform, candidate, application)
    told = await migrated(platform, {"applications": [application, f"{application}-n", application]})
    assert (told["of"], told["moved"], told["refusals"]) == (2, 1, 1)
    assert told["refused"] == [{"application": f"{application}-n", "reason": "no-such-application"}]


async def test_a_filter_chooses_no_closed_application_and_its_id_does(platform: Platform, candidate: str, application: str) -> None:
    """For the time when it may be open again."""
    closed = f"{application}-c"
    await opened(platform, candidate, application, closed)
    await platform.applications.record(closed, Word(facts=(Withdrawn(),), by="candidate"))

    async def known() -> bool:
        page = (await platform.http.get("/v1/applications", params={"candidate": candidate, "outcome": "withdrawn"})).json()
        return bool(page["applications"])

    await eventually(known)
    told = await migrated(platform, {"where": {"candidate": candidate}})
    assert (told["of"], told["moved"]) == (1, 1)
    assert (await view(platform, closed))["policy"]["name"] == "industry"
    assert (await migrated(platform, {"applications": [closed]}))["moved"] == 1
    assert (await view(platform, closed))["policy"]["name"] == "patient"


async def test_what_stands_for_another_id_is_passed_over(platform: Platform, candidate: str, application: str) -> None:
    """Its word would move the application that it stands for, which nobody chose."""
    await opened(platform, candidate, application)
    await opened(platform, f"{candidate}-2", f"{application}-b")
    link = Linked(id="linked", by="process", to=application)
    await platform.applications.heard(f"{application}-b", Word(facts=(link,), by="process"))

    async def linked() -> bool:
        return (await platform.applications.application(f"{application}-b")).story.linked is not None

    await eventually(linked)
    page = MigratePage(
        policy=Policies(platform.file).by_name()["patient"], fact=f"migrated~{application}", look=1, applications=(f"{application}-b",)
    )
    told = await Migrator(platform.applications).page(page)
    assert (told.moved, told.same, told.refused) == (0, 0, ())
    assert changes(await view(platform, application)) == []


async def test_a_page_that_is_tried_again_says_nothing_twice_and_counts_the_same(
    platform: Platform, candidate: str, application: str
) -> None:
    """And a later look counts nobody again, whether they stayed or went on to something else meanwhile."""
    await opened(platform, candidate, application, f"{application}-2")
    policy = Policies(platform.file).by_name()["patient"]
    request = MigratePage(policy=policy, fact=f"migrated~{application}", look=1, where=Chosen(candidate=candidate))
    migrator = Migrator(platform.applications)
    told = [await migrator.page(request) for _ in range(2)]
    assert [(page.moved, page.same, page.cursor) for page in told] == [(2, 0, None)] * 2
    assert len(changes(await view(platform, application))) == 1
    elsewhere = await platform.http.post(f"/v1/applications/{application}/facts", json={"type": "details_changed", "policy": "university"})
    assert elsewhere.status_code == 200
    again = await migrator.page(request.model_copy(update={"look": 2}))
    assert (again.moved, again.same) == (0, 0)
    assert (await view(platform, application))["policy"]["name"] == "university"
    await opened(platform, candidate, f"{application}-3")
    assert (await migrator.page(request.model_copy(update={"look": 2}))).moved == 1


async def test_a_migration_looks_again_until_nothing_is_left(stack: Stack, platform: Platform, candidate: str, application: str) -> None:
    """What was opened or went on as new meanwhile may be behind the page that was read."""
    await opened(platform, candidate, application)
    answer = await platform.http.post("/v1/policies/patient/migrations", json={"where": {"candidate": candidate}})
    await done(platform, answer.headers["location"])
    history = await stack.client.get_workflow_handle(migration_id(answer.json()["migration"])).fetch_history()
    looks = [event for event in history.events if event.HasField("activity_task_scheduled_event_attributes")]
    assert len(looks) == 2


async def test_more_than_a_page_moves_and_one_that_was_stopped_goes_on(
    stack: Stack, platform: Platform, candidate: str, application: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said twice while it is under way it is one; ended by an operator it leaves what it moved."""
    monkeypatch.setattr("worker.migrating.PAGE", 2)
    ours = [f"{application}-{n}" for n in range(5)]
    await opened(platform, candidate, *ours)
    where = Chosen(candidate=candidate)
    policy = Policies(platform.file).by_name()["patient"]
    migrator, cursor, pages = Migrator(platform.applications), None, 0
    request = MigratePage(policy=policy, fact=f"migrated~{application}", look=1, where=where)
    while pages == 0 or cursor:
        page = await migrator.page(request.model_copy(update={"cursor": cursor}))
        cursor, pages = page.cursor, pages + 1
    assert pages >= 3
    assert {(await view(platform, one))["policy"]["name"] for one in ours} == {"patient"}
    migrations: Migrations = platform.applications.migrations
    university = Policies(None).by_name()["university"]
    first, second = [await migrations.begin(university, where) for _ in range(2)]
    assert first == second
    await stack.client.get_workflow_handle(migration_id(first)).terminate()
    stopped = await migrations.progress(first)
    assert stopped.status == "stopped"
    assert await migrations.begin(university, where) == first
    told = await done(platform, f"/v1/policies/migrations/{first}")
    assert (told["status"], told["moved"] + told["same"]) == ("finished", 5)
    assert {(await view(platform, one))["policy"]["name"] for one in ours} == {"university"}


async def test_a_preview_says_what_a_migration_then_does(platform: Platform, candidate: str, application: str) -> None:
    """And changes nothing itself."""
    await opened(platform, candidate, application, f"{application}-2")
    await opened(platform, candidate, f"{application}-p", policy="patient")
    before = {one: await view(platform, one) for one in (application, f"{application}-2", f"{application}-p")}
    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next"]:
        asked = {"candidate": candidate, "limit": 1} | ({"cursor": pages[-1]["next"]} if pages else {})
        answer = await platform.http.get("/v1/policies/patient/preview", params=asked)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
    told = {one["id"]: one for page in pages for one in page["applications"]}
    assert {page["of"] for page in pages} == {3}
    assert set(told) == set(before)
    assert (told[f"{application}-p"]["moves"], told[f"{application}-p"]["policy"]) == ([], {"name": "patient", "version": 3})
    assert {one: await view(platform, one) for one in before} == before
    await migrated(platform, {"where": {"candidate": candidate}})
    for one, was in before.items():
        old, new = ({s["intent"]: s["due"] for s in v["agenda"]} for v in (was, await view(platform, one)))
        moved = {intent: (old.get(intent), new.get(intent)) for intent in old | new if old.get(intent) != new.get(intent)}
        assert {move["intent"]: (move["from"], move["to"]) for move in told[one]["moves"]} == moved
    (move,) = (one for one in told[application]["moves"] if one["intent"] == "follow-up/1")
    assert datetime.fromisoformat(move["from"]) < datetime.fromisoformat(move["to"])


async def test_the_index_finds_a_policy_by_name_and_by_version(stack: Stack, platform: Platform, candidate: str, application: str) -> None:
    """As operators ask it too: with the version in it the name alone is found as a beginning."""
    await opened(platform, candidate, application, policy="patient")
    platform.file.write_text(FILE.replace("version = 3", "version = 4"))
    await opened(platform, candidate, f"{application}-2", policy="patient")
    await opened(platform, candidate, f"{application}-3")

    async def found(policy: str) -> list[str]:
        page = (await platform.http.get("/v1/applications", params={"candidate": candidate, "policy": policy})).json()
        return sorted(one["id"] for one in page["applications"])

    assert await found("patient") == [application, f"{application}-2"]
    assert await found("patient 3") == [application]
    assert await found("pat") == []
    for query, count in ((f'Policy = "patient 4" AND CandidateId = "{candidate}"', 1), ('Policy = "patient"', 0)):
        assert (await stack.client.count_workflows(query)).count == count
    query = f'Policy STARTS_WITH "patient " AND CandidateId = "{candidate}"'
    assert (await stack.client.count_workflows(query)).count == 2


async def test_an_erasure_deletes_the_migrations_that_name_whom_it_erases(
    stack: Stack, platform: Platform, candidate: str, application: str
) -> None:
    """By candidate, by application, and as refused; those of others stay."""
    ours, theirs = application, f"{application}-o"
    await opened(platform, candidate, ours)
    await opened(platform, f"{candidate}-2", theirs)
    begun = [
        (await platform.http.post("/v1/policies/patient/migrations", json=said)).headers["location"]
        for said in ({"where": {"candidate": candidate}}, {"applications": [ours]}, {"applications": [theirs]})
    ]
    for one in begun:
        await done(platform, one)
    await platform.applications.subjects.delete(Held(applications=(ours,)))
    refused = await platform.http.post("/v1/policies/university/migrations", json={"applications": [ours, theirs]})
    begun.append(refused.headers["location"])
    assert (await done(platform, begun[-1]))["refusals"] == 1
    held = Held(candidates=(candidate,), applications=(ours,))

    async def erased() -> bool:
        runs, goes_on = await platform.applications.migrations.erase(held)
        return not runs and not goes_on

    await eventually(erased)
    answers = [await platform.http.get(one) for one in begun]
    assert [answer.status_code for answer in answers] == [404, 404, 200, 404]


async def test_a_migration_that_was_ended_before_any_worker_had_it_holds_up_no_erasure(server: Stack, application: str) -> None:
    """Nobody can be asked what it did: nothing."""
    migrations = Applications(server.client).migrations
    begun = [await migrations.begin(POLICIES["university"], None, (one,)) for one in (application, f"{application}-o")]
    for one in begun:
        await server.client.get_workflow_handle(migration_id(one)).terminate()

    async def erased() -> bool:
        return len((await migrations.erase(Held(applications=(application,))))[0]) == 1

    async with Worker(server.client, task_queue=TASK_QUEUE, workflows=[Migration], workflow_runner=runner()):
        await eventually(erased)
        with pytest.raises(NoSuchMigration):
            await migrations.progress(begun[0])
        assert await migrations.progress(begun[1]) == MigrationProgress(
            status="stopped", policy="university 1", of=1, moved=0, same=0, refused=(), refusals=0
        )


@pytest.mark.parametrize(
    ("name", "said", "status", "problem"),
    [
        ("legal", {"where": {}}, 404, "no-such-policy"),
        ("patient", {}, 422, "invalid"),
        ("patient", {"where": {}, "applications": ["a"]}, 422, "invalid"),
        ("patient", {"applications": []}, 422, "invalid"),
        ("patient", {"applications": ["a b"]}, 422, "invalid"),
        ("patient", {"where": {"stage": "closed"}}, 422, "invalid"),
        ("patient", {"where": {"policy": "a'b"}}, 422, "invalid"),
        ("patient", {"where": {"due_before": "1893456000"}}, 422, "invalid"),
        ("patient", {"where": {"employer": "Acme"}}, 422, "invalid"),
    ],
)
async def test_a_migration_that_makes_no_sense_is_refused(
    platform: Platform, name: str, said: dict[str, Any], status: int, problem: str
) -> None:
    answer = await platform.http.post(f"/v1/policies/{name}/migrations", json=said)
    assert (answer.status_code, slug(answer)) == (status, problem)


async def test_no_migration_is_known_that_nobody_began(platform: Platform) -> None:
    for one in ("0" * 32, "nonsense", "%00"):
        assert slug(await platform.http.get(f"/v1/policies/migrations/{one}")) == "no-such-migration"


async def test_the_command_line_lists_compares_previews_and_moves(
    platform: Platform, shells: Shells, candidate: str, application: str
) -> None:
    await opened(platform, candidate, application)
    shell = shells(api_url=platform.url)

    async def afterword(*said: str) -> Any:
        return await asyncio.to_thread(shell.json, "policy", *said)

    assert [one["name"] for one in (await afterword("list"))["policies"]] == ["industry", "patient", "university"]
    assert (await afterword("show", "patient"))["numbers"]["last"]["value"] == 12
    told = await afterword("diff", f"@{application}", "patient")
    assert told["numbers"] == {
        "first": {"unit": "business days", "from": 7, "to": 9, "source": "our survey of 2029"},
        "last": {"unit": "business days", "from": 10, "to": 12, "source": "as for first"},
    }
    assert (await afterword("preview", "patient", "--candidate", candidate))["moving"] == 1
    assert (await view(platform, application))["policy"]["name"] == "industry"
    done = await afterword("migrate", "patient", "--candidate", candidate, "--yes")
    assert (done["status"], done["moved"]) == ("finished", 1)
    assert (await afterword("diff", f"@{application}", "patient"))["numbers"] == {}


async def test_the_command_line_tells_a_person(platform: Platform, shells: Shells, candidate: str, application: str) -> None:
    """The same, as lines; every mistake of a file is one; what is not said clearly is refused before anything moves."""
    await opened(platform, candidate, application)
    shell = shells(api_url=platform.url)

    async def afterword(*said: str) -> Told:
        return await asyncio.to_thread(shell, "policy", *said)

    assert (await afterword("list")).stdout.splitlines()[2].split() == ["patient", "3", "industry", "first", "9,", "last", "12"]
    assert (
        "first = 9 business days\n    Business days of silence until the follow-up. our survey"
        in (await afterword("show", "patient")).stdout
    )
    assert "first: 7 → 9 business days  our survey of 2029" in (await afterword("diff", "industry", "patient")).stdout
    seen = (await afterword("preview", "patient", "--candidate", candidate)).stdout
    assert seen.startswith(f"{application}  industry 1\n    follow-up/1: ")
    assert seen.endswith("1 of 1 open applications would move under patient 3.\n")
    for said in ((), (application, "--all"), ("--all", "--candidate", candidate)):
        assert (await afterword("migrate", "patient", *said, "--yes")).returncode == 2
    moved = await afterword("migrate", "patient", application, f"{application}-n", "--yes")
    assert moved.stdout.splitlines() == [
        "finished: to patient 3, 1 moved, 0 had it already, 1 refused",
        f"  {application}-n: no-such-application",
    ]
    platform.file.write_text("[patient]\nextends = 'industry'")
    checked = await afterword("check", str(platform.file))
    assert (checked.returncode, checked.stderr.startswith("[patient] version is a whole number")) == (1, True)
