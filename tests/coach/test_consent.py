"""Consent is the candidate's alone: given by the link of their mail, ended by a link for good, and gone at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.coach.advising import Case
from tests.running import slug
from tests.server import eventually


async def test_given_by_the_link_of_the_message_and_ended_by_it(case: Case) -> None:
    """Opening it changes nothing; it works once; the adviser's next call after the end is as for somebody whom nobody knows."""
    links = await case.asked()
    assert (await case.seen(), await case.listed()) == (404, [])
    page = await case.visitor.get(links["coach"])
    assert (page.status, [form.fields["what"] for form in page.forms]) == (200, ["coach", "coach-end"])
    assert case.name in page.text
    assert "your letters and drafts" in page.text
    assert (await case.seen(), (await case.coaches())[0]["since"]) == (404, None)

    assert (await case.visitor.send(page.form("coach"))).status == 200
    assert await case.seen() == 200
    assert await eventually(case.listed) == [case.candidate]
    assert (await case.coaches())[0]["since"]
    assert (await case.visitor.send(page.form("coach"))).status == 409

    assert (await case.end(links["coach-end"])).status == 200
    theirs = await case.adviser.get(case.path)
    nobodys = await case.adviser.get(f"/v1/coaches/{case.coach}/candidates/nobody-at-all")
    assert (theirs.status_code, slug(theirs)) == (404, "no-such-candidate")
    assert theirs.text.replace(case.candidate, "…") == nobodys.text.replace("nobody-at-all", "…")
    assert await case.listed() == []  # the index may not know yet
    assert await case.coaches() == []


async def test_declined_it_is_as_if_nobody_had_asked(case: Case) -> None:
    """By the link that decides, too; and it does not come back."""
    links = await case.asked()
    assert (await case.end(links["coach"])).status == 200
    assert (await case.seen(), await case.coaches()) == (404, [])
    assert (await case.visitor.get(links["coach"])).status == 409


async def test_an_older_link_agrees_to_nothing_that_was_asked_later(case: Case) -> None:
    """The new message has a new one, which does."""
    old = await case.agreed()
    await case.end(old["coach-end"])
    new = await case.asked(many=2)
    assert (await case.visitor.post(old["coach"], {"what": "coach"})).status == 409
    assert await case.seen() == 404
    assert (await case.visitor.post(new["coach"], {"what": "coach"})).status == 200
    assert await case.seen() == 200
    assert (await case.end(old["coach-end"])).status == 200  # whoever wants an end has it, by whichever link
    assert await case.seen() == 404


async def test_a_forged_a_foreign_and_an_expired_link_do_nothing(case: Case) -> None:
    """Neither does the link that ends, when it is told to agree."""
    links = await case.asked()
    token = links["coach"].rpartition("/")[2]
    said = {"what": "coach"}
    visitor = case.visitor
    past = datetime.now(UTC) - timedelta(seconds=1)
    assert (await visitor.post(links["coach"][:-2] + "xx", said)).status == 404
    assert (await visitor.post(links["coach"].replace("coach.", "coach-end.", 1), said)).status == 404
    assert (await visitor.post(visitor.link("coach", case.candidate, None, case.coach, expires=past), said)).status == 410
    assert (await visitor.post(visitor.link("coach", case.candidate, None, case.coach), said)).status == 409  # of no ask
    assert (await visitor.post(visitor.link("coach", case.candidate, None, "coach-of-nobody"), said)).status == 409
    assert (await visitor.post(visitor.link("coach", "nobody-at-all", None, case.coach), said)).status == 404
    assert (await visitor.post(visitor.link("coach", case.candidate, case.application, case.coach), said)).status == 404
    assert (await visitor.post(links["coach-end"], said)).status == 422
    assert (await case.adviser.get(case.path, headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await case.seen(), (await case.coaches())[0]["since"]) == (404, None)


async def test_asking_again_while_it_waits_sends_nothing_and_another_name_asks_anew(case: Case) -> None:
    """What was agreed to under one name is not another's."""
    await case.asked()
    asked = (await case.coaches())[0]
    assert (await case.ask()).json()["coaches"] == [asked]
    case.name = "Grace Hopper"
    links = await case.asked(many=2)
    page = await case.visitor.get(links["coach"])
    assert "Grace Hopper" in page.text
    await case.visitor.send(page.form("coach"))
    refused = await case.ask(name="Somebody Else")
    assert (refused.status_code, slug(refused)) == (409, "coach-has-consent")
    assert (await case.ask()).status_code == 200


async def test_the_candidates_page_leads_to_the_end(case: Case) -> None:
    """While nobody asks it says nothing of it."""
    link = case.visitor.link("page", case.candidate)
    assert "Who follows your applications" not in (await case.visitor.get(link)).text
    await case.agreed()
    page = await case.visitor.get(link)
    assert f"{case.name} sees where your applications stand" in page.text
    (end,) = [a.get("href", "") for a in page.tree.iter("a") if "/act/coach-end." in a.get("href", "")]
    assert (await case.end(end)).status == 200
    assert await case.seen() == 404


async def test_the_platform_and_the_adviser_can_end_it_and_neither_can_give_it(case: Case) -> None:
    """An adviser ends only what was agreed to; of what was not they learn nothing."""
    path = f"/v1/candidates/{case.candidate}/coaches/{case.coach}"
    assert (await case.adviser.delete(path)).status_code == 404
    await case.agreed()
    assert (await case.adviser.delete(path)).status_code == 200
    assert (await case.seen(), (await case.adviser.delete(path)).status_code) == (404, 404)
    assert [(await case.api.delete(path)).status_code for _ in range(2)] == [200, 200]


async def test_nothing_is_shown_that_was_asked_for_after_the_end_whoever_reads_meanwhile(case: Case) -> None:
    """Calls go on while the candidate ends it: each is whole or a 404, and of those that began after the end each is a 404."""
    links = await case.agreed()
    over = asyncio.Event()

    async def reads() -> list[tuple[bool, int]]:
        found: list[tuple[bool, int]] = []
        for _ in range(12):
            after = over.is_set()
            found.append((after, await case.seen()))
        return found

    reading = asyncio.gather(*(reads() for _ in range(3)))
    await case.end(links["coach-end"])
    over.set()
    told = [one for each in await reading for one in each]
    assert {status for _, status in told} <= {200, 404}
    assert {status for after, status in told if after} <= {404}
    assert (await case.seen(), await case.listed()) == (404, [])


async def test_consent_is_in_the_export_and_gone_with_an_erasure(case: Case) -> None:
    """With its times, as facts of the candidate."""
    await case.agreed()
    facts = (await case.api.get(f"/v1/candidates/{case.candidate}/export")).json()["candidate"]["facts"]
    told = [(fact["type"], fact["by"], fact["coach"]) for fact in facts if fact["type"].startswith("coach_")]
    assert told == [("coach_asked", "platform", case.coach), ("coach_allowed", "candidate", case.coach)]
    assert all(fact["at"] for fact in facts)
    assert await eventually(case.listed) == [case.candidate]
    assert (await case.api.delete(f"/v1/candidates/{case.candidate}")).status_code == 202

    async def gone() -> bool:
        return await case.seen() == 404

    assert await eventually(gone)
    assert await case.listed() == []


@pytest.mark.parametrize(
    ("said", "status"),
    [({"id": "a/b"}, 422), ({"name": ""}, 422), ({"name": "two\nlines"}, 422), ({"name": "x" * 401}, 422), ({"since": "2026-03-02"}, 422)],
)
async def test_what_cannot_be_an_adviser_is_refused(case: Case, said: dict[str, str], status: int) -> None:
    """And nothing is asked."""
    assert (await case.ask(**said)).status_code == status
    assert await case.coaches() == []


async def test_a_candidate_without_an_address_cannot_be_asked(case: Case) -> None:
    """Since the link would go to somebody else."""
    change = {"profile": {"channels": ["webhook"], "email": None}}
    assert (await case.api.patch(f"/v1/candidates/{case.candidate}", json=change)).status_code == 200
    refused = await case.ask()
    assert (refused.status_code, slug(refused)) == (409, "no-address")
