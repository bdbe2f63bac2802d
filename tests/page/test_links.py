"""The links of a mail: looking changes nothing, acting works once, and what is no link of ours gets a plain page."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from temporalio.client import Client

from activities.letters.links import Link, Links, Purpose
from client.api.app import create_app
from client.applications import Applications
from client.embedded import Stack
from client.settings import Settings
from tests.page.visitor import Page, Visitor, links_in
from tests.running import body
from workflows.boards.delivery import Erased
from workflows.facts import HiringStep, Word

SOON = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011 -- any day well ahead
EVERY = {
    "answered",
    "date",
    "offer",
    "rejected",
    "next-round",
    "snooze",
    "stop",
    "page",
    "unsubscribe",
    "sent thank-you/i1/g",
    "edit thank-you/i1/g",
}


def mails(folder: Path, application: str) -> dict[str, EmailMessage]:
    """What the sink keeps for that application, by the name of its file."""
    read = {file.name: message_from_bytes(file.read_bytes(), policy=policy.default) for file in folder.glob("*.eml")}
    return {name: mail for name, mail in sorted(read.items()) if mail["X-Afterword-Application"] == application}


def one(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The only one, without its id."""
    (fact,) = facts
    return {name: value for name, value in fact.items() if name != "id"}


async def test_whoever_opens_every_link_changes_nothing(visitor: Visitor, application: str) -> None:
    """A scanner that GETs and HEADs all that it finds in the mail, twice."""
    await visitor.opened(application)
    links = await visitor.mail(application, "thank-you/i1")
    assert set(links) == EVERY
    before = await visitor.view(application), (await visitor.known(f"cand-{application}"))["page"].form("preferences").fields
    for url in (*links.values(), *links.values()):
        page = await visitor.get(url)
        head = await visitor.http.head(url)
        assert (page.status, head.status_code, head.content) == (200, 200, b"")
        assert page.forms or "page." in url
    after = await visitor.view(application), (await visitor.known(f"cand-{application}"))["page"].form("preferences").fields
    assert {**after[1], "once": ""} == {**before[1], "once": ""}
    assert after[0] == before[0]


async def test_a_scanner_of_every_mail_of_an_application_changes_nothing(visitor: Visitor, stack: Stack, application: str) -> None:
    """From the interview to its end without an answer: whatever is linked in text, HTML or headers, while the application goes on."""
    await visitor.opened(application)
    seen: dict[str, str] = {}
    while (view := await visitor.view(application))["stage"] != "closed":
        for name, mail in mails(stack.home / "mail", application).items():
            if name not in seen:
                seen[name] = str(mail["X-Afterword-Intent"])
                whole = "".join(str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text")
                urls = set(re.findall(rf"{stack.api}/[^\s\"'<>]+", f"{whole} {mail['List-Unsubscribe']}".replace("&amp;", "&")))
                assert len(urls) > 4
                before = (await visitor.view(application))["facts"]
                assert {(await visitor.http.request(method, url)).status_code for url in urls for method in ("HEAD", "GET")} <= {200, 409}
                assert (await visitor.view(application))["facts"] == before
        await visitor.api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
    kinds = {intent.partition("/")[0] for intent in seen.values()}
    assert kinds >= {"thank-you", "thank-you-nudge", "waiting", "follow-up", "follow-up-last-call"}
    assert [fact["type"] for fact in view["facts"] if fact["by"] == "candidate"] == []
    assert (await visitor.known(f"cand-{application}"))["page"].form("preferences").fields.get("unsubscribed") is None


@pytest.mark.parametrize(
    ("purpose", "said", "fact"),
    [
        ("answered", {}, {"type": "employer_replied"}),
        ("answered", {"respond_by": SOON}, {"type": "employer_replied", "respond_by": SOON}),
        ("date", {"respond_by": SOON}, {"type": "timeline_stated", "respond_by": SOON}),
        ("offer", {"in_writing": "no"}, {"type": "offer_received", "in_writing": False}),
        (
            "offer",
            {"in_writing": "yes", "decide_by": SOON, "starts_on": SOON},
            {"type": "offer_received", "in_writing": True, "decide_by": SOON, "starts_on": SOON},
        ),
        ("rejected", {"feedback": "Not this time.\r\nGood luck!"}, {"type": "rejected", "feedback": "Not this time.\nGood luck!"}),
        ("next-round", {"kind": "panel", "with": "the board"}, {"type": "next_round_invited", "kind": "panel", "with": "the board"}),
        ("snooze", {"until": SOON}, {"type": "snoozed", "intent": "thank-you/i1", "until": SOON}),
        ("stop", {"how": "pause"}, {"type": "paused"}),
        ("stop", {"how": "withdrawn"}, {"type": "withdrawn"}),
        ("sent", {}, {"type": "letter_sent", "letter": "thank-you/i1/g"}),
    ],
)
async def test_a_link_records_what_its_page_says_once(
    visitor: Visitor, application: str, purpose: Purpose, said: dict[str, str], fact: dict[str, Any]
) -> None:
    """The candidate's own word; followed again it is plainly refused, and nothing more is recorded."""
    await visitor.opened(application)
    about = "thank-you/i1/g" if purpose == "sent" else "thank-you/i1"
    url = visitor.link(purpose, f"cand-{application}", application, about)
    form = (await visitor.get(url)).form(purpose)
    done = await visitor.send(form, said)
    assert (done.status, done.heading) == (200, "Recorded")
    assert one(await visitor.said(application, fact["type"])) == {**fact, "by": "candidate"}
    revision = (await visitor.view(application))["revision"]
    again = [await visitor.send(form, said), await visitor.get(url)]
    assert [(page.status, page.heading) for page in again] == [(409, "This was recorded already")] * 2
    assert [fact["type"] for fact in (await visitor.view(application))["facts"][revision:] if fact["by"] == "candidate"] == []


async def test_two_tabs_that_answer_at_once_say_one_thing(visitor: Visitor, application: str) -> None:
    """Whichever is quicker; the other is told that it was done."""
    await visitor.opened(application)
    form = (await visitor.get(visitor.link("date", f"cand-{application}", application))).form("date")
    later = (date.fromisoformat(SOON) + timedelta(days=1)).isoformat()
    pages = await asyncio.gather(*(visitor.send(form, respond_by=day) for day in (SOON, later, SOON, later)))
    assert sorted(page.status for page in pages) == [200, 409, 409, 409]
    assert len(await visitor.said(application, "timeline_stated")) == 1


@pytest.mark.parametrize(
    ("purpose", "said", "told"),
    [
        ("date", {}, "This is needed|Write a date"),
        ("date", {"respond_by": "soon"}, "Write a date as in"),
        ("date", {"respond_by": "2001-01-01"}, "This date has passed"),
        ("date", {"respond_by": "9999-12-31"}, "too far ahead"),
        ("offer", {}, "Choose one of these"),
        ("offer", {"in_writing": "perhaps"}, "Choose one of these"),
        ("stop", {}, "Choose one of these"),
        ("snooze", {}, "Write a date"),
        ("rejected", {"feedback": "x" * 20_001}, "too long"),
        ("next-round", {"kind": "x" * 401}, "too long"),
    ],
)
async def test_what_cannot_be_kept_is_named_beside_its_field_and_nothing_is_lost(
    visitor: Visitor, application: str, purpose: Purpose, said: dict[str, str], told: str
) -> None:
    await visitor.opened(application)
    form = (await visitor.get(visitor.link(purpose, f"cand-{application}", application))).form(purpose)
    before = await visitor.view(application)
    page = await visitor.send(form, said)
    assert page.status == 422
    assert re.search(told, page.text)
    (shown,) = page.forms
    assert {name: shown.fields.get(name) for name in said if name != "in_writing"} == {n: v for n, v in said.items() if n != "in_writing"}
    assert (await visitor.view(application))["facts"] == before["facts"]


async def test_a_post_without_the_form_says_nothing(visitor: Visitor, application: str) -> None:
    """What a machine sends without having read the page; also one click for a link that is not for that."""
    await visitor.opened(application)
    for purpose in ("answered", "rejected", "stop", "unsubscribe"):
        url = visitor.link(purpose, f"cand-{application}", application, "thanks" if purpose == "unsubscribe" else "")
        await visitor.known(f"cand-{application}")
        assert (await visitor.post(url, {})).status == 422
    assert (
        await visitor.post(visitor.link("rejected", f"cand-{application}", application), {"List-Unsubscribe": "One-Click"})
    ).status == 422
    assert not [fact for fact in (await visitor.view(application))["facts"] if fact["by"] == "candidate"]


async def test_one_click_ends_a_kind_of_message_without_a_page(visitor: Visitor, application: str) -> None:
    """RFC 8058: both encodings of a form, as often as a mail program likes; everything else goes on."""
    await visitor.opened(application)
    candidate = f"cand-{application}"
    links = await visitor.mail(application, "thank-you/i1")
    form = {"List-Unsubscribe": "One-Click"}
    answers = [
        await visitor.http.post(links["unsubscribe"], data=form),
        await visitor.http.post(links["unsubscribe"], files={"List-Unsubscribe": (None, "One-Click")}),
        await visitor.http.post(links["unsubscribe"], data=form),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "set-cookie" not in answers[0].headers
    page = (await visitor.known(candidate))["page"]
    assert page.form("preferences").fields["unsubscribed"] == "thanks"
    other = visitor.link("unsubscribe", candidate, None, "follow-up waiting")
    assert (await visitor.send((await visitor.get(other)).form("unsubscribe"))).status == 200
    assert (await visitor.known(candidate))["page"].form("preferences").fields["unsubscribed"] == "thanks waiting follow-up"


async def test_an_edited_letter_is_approved_as_it_stands(visitor: Visitor, application: str) -> None:
    """First its blanks are named, with nothing lost; then it is approved, once."""
    await visitor.opened(application)
    links = await visitor.mail(application, "thank-you/i1")
    form = (await visitor.get(links["edit thank-you/i1/g"])).form("edit")
    assert "[one specific point from your talk with Grace Hopper]" in form.fields["body"]
    kept = form.fields["body"] + "\n\nP.S. Thanks!"
    page = await visitor.send(form, body=kept)
    assert page.status == 422
    assert "Still to fill in: [one specific point from your talk with Grace Hopper]" in page.text
    assert page.form("edit").fields["body"] == kept
    filled = re.sub(r"\[[^\]]*\]", "the loom", kept)
    done = await visitor.send(page.form("edit"), body=filled, subject="Thank you\r\nBcc: x@example.org")
    assert (done.status, done.heading) == (200, "Recorded")
    (approved,) = await visitor.said(application, "letter_approved")
    assert (approved["letter"], approved["by"], approved["subject"]) == ("thank-you/i1/g", "candidate", "Thank you Bcc: x@example.org")
    letters = (await visitor.api.get(f"/v1/applications/{application}/letters")).json()["letters"]
    assert next(letter["body"] for letter in letters if letter["id"] == "thank-you/i1/g") == filled
    again = await visitor.send(form, body=filled)
    assert again.status == 409


async def test_a_link_that_is_none_gets_a_plain_page(visitor: Visitor, application: str) -> None:
    """Forged 404, of another key 404, expired 410, of somebody else's application 404, of none 404: by GET and by POST alike."""
    await visitor.opened(application)
    candidate, ended = f"cand-{application}", datetime.now(UTC) - timedelta(seconds=1)
    good = visitor.link("answered", candidate, application)
    foreign = Links(("x" * 40,), good.partition("/act/")[0])
    cases = {
        good[:-2] + ("AA" if not good.endswith("AA") else "BB"): (404, "This link does not work"),
        good.replace("/act/answered.", "/act/rejected."): (404, "This link does not work"),
        replace(visitor, links=foreign).link("answered", candidate, application): (404, "This link does not work"),
        visitor.link("answered", candidate, application, expires=ended): (410, "This link has ended"),
        visitor.link("answered", "somebody-else", application): (404, "Nothing was found here"),
        visitor.link("answered", candidate, f"{application}-none"): (404, "Nothing was found here"),
        visitor.link("answered", candidate, None): (404, "Nothing was found here"),
        visitor.link("sent", candidate, application, "no letter"): (404, "This link does not work"),
        visitor.link("page", "nobody-at-all"): (404, "Nothing was found here"),
        visitor.link("unsubscribe", "nobody-at-all", None, "thanks"): (404, "Nothing was found here"),
    }
    for url, expected in cases.items():
        pages = [await visitor.get(url), await visitor.post(url, {"what": "answered", "List-Unsubscribe": "One-Click"})]
        assert [(page.status, page.heading, page.forms) for page in pages] == [(*expected, [])] * 2, url
    assert not await visitor.said(application, "employer_replied")


async def test_what_was_erased_is_gone(visitor: Visitor, applications: Applications, application: str) -> None:
    await visitor.opened(application)
    url = visitor.link("answered", f"cand-{application}", application)
    await applications.erase(Erased((application,)))
    pages = [await visitor.get(url), await visitor.post(url, {"what": "answered"})]
    assert [(page.status, page.heading) for page in pages] == [(410, "Nothing is kept here any more")] * 2


async def test_after_the_end_a_link_says_why_it_does_nothing(visitor: Visitor, application: str) -> None:
    """The guide's reason in plain words, and what to do next; nothing is recorded."""
    await visitor.opened(application)
    links = await visitor.mail(application, "thank-you/i1")
    assert (await visitor.send((await visitor.get(links["stop"])).form("stop"), how="withdrawn")).status == 200
    assert (await visitor.view(application))["outcome"] == "withdrawn"
    for name in ("answered", "edit thank-you/i1/g", "date", "snooze"):
        page = await visitor.get(links[name])
        posted = await visitor.post(links[name], {"what": name.split()[0], "respond_by": SOON, "until": SOON, "subject": "x", "body": "y"})
        assert (name, page.status, posted.status) == (name, 409 if name != "date" else 200, 409)
        assert "come to its end" in posted.text or "no longer fits" in posted.text or "no such letter" in posted.text, (name, posted.text)
    assert [fact["type"] for fact in (await visitor.view(application))["facts"] if fact["by"] == "candidate"] == ["withdrawn"]


async def test_a_follow_up_that_was_sent_is_not_sent_for_anybody_again(visitor: Visitor, application: str) -> None:
    """The one follow-up of this silence: the link of the same mail says so."""
    ended = datetime.now(UTC) - timedelta(days=20)
    said = body(application)["facts"][0] | {"ended_at": ended.isoformat()}
    await visitor.opened(application, facts=[said])
    links = await visitor.mail(application, "follow-up-last-call/1")
    assert (await visitor.send((await visitor.get(links["sent follow-up-last-call/1"])).form("sent"))).status == 200
    page = await visitor.get(links["edit follow-up-last-call/1"])
    assert page.status == 409
    assert "You have asked once in this silence already" in page.text


async def test_an_acceptance_that_was_sent_is_an_acceptance(visitor: Visitor, application: str) -> None:
    """Its page says what is recorded."""
    await visitor.opened(application)
    await visitor.send((await visitor.get(visitor.link("offer", f"cand-{application}", application))).form("offer"), in_writing="yes")
    url = visitor.link("sent", f"cand-{application}", application, "offer-decide/1/accept")
    assert (await visitor.send((await visitor.get(url)).form("sent"))).status == 200
    assert (await visitor.view(application))["outcome"] == "accepted"


async def test_a_withdrawal_that_was_sent_elsewhere_withdraws_there(visitor: Visitor, application: str) -> None:
    """And only where the other application is one's own."""
    candidate = body(application)["candidate"]
    other, strange = f"{application}-other", f"{application}-strange"
    await visitor.opened(application)
    await visitor.opened(other, candidate=candidate)
    await visitor.opened(strange)
    for url, status, stage in ((other, 200, "closed"), (strange, 404, "thanking")):
        link = visitor.link("sent", candidate["id"], application, f"close-others/1/{url}")
        assert (await visitor.send((await visitor.get(link)).form("sent"))).status == status
        assert (await visitor.view(url))["stage"] == stage


async def test_without_an_answer_from_temporal_the_page_says_so(visitor: Visitor, idle: Client, stack: Stack, application: str) -> None:
    """503, and when to come again."""
    await Applications(idle).heard(application, Word(facts=(HiringStep(id="h", step="debrief"),), by="board:acme"))
    key = SecretStr((stack.home / "link-key").read_text())
    app = create_app(Settings(api_keys=SecretStr("p:read:0123456789abcdef"), link_keys=key, public_url=stack.api), idle)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=stack.api) as http:
        answer = await http.get(visitor.link("answered", "cand-7", application))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "did not answer in time" in answer.text


async def test_every_answer_keeps_to_itself(visitor: Visitor, stack: Stack, application: str) -> None:
    """No cache, no index, no frame, no script, nothing from elsewhere, no address passed on; only the stylesheet may be kept."""
    await visitor.opened(application)
    candidate = f"cand-{application}"
    await visitor.known(candidate)
    pages = [
        await visitor.get(visitor.link("page", candidate)),
        await visitor.get(visitor.link("date", candidate, application)),
        await visitor.post(visitor.link("date", candidate, application), {}),
        await visitor.get(f"{visitor.link('date', candidate, application)}x"),
    ]
    assert [page.status for page in pages] == [200, 200, 422, 404]
    for page in pages:
        assert page.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"].startswith("noindex")
        assert page.headers["x-content-type-options"] == "nosniff"
        elsewhere = page.source.replace(f'<a href="{stack.api}/v1/candidates/{candidate}/calendar.ics?token=', "")
        assert not re.search(r"<script|\son\w+=|style=|https?://", elsewhere)
    (sheet,) = pages[0].tree.iter("link")
    style = await visitor.http.get(str(httpx.URL(pages[0].url).join(sheet.get("href", ""))))
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in style.headers["cache-control"]
    assert re.search(r"/[0-9a-f]{16}\.css$", sheet.get("href", ""))


async def test_no_log_has_a_link(visitor: Visitor, stack: Stack, application: str) -> None:
    """Whoever reads the log cannot act for anybody, whatever went wrong."""
    await visitor.opened(application)
    links = await visitor.mail(application, "thank-you/i1")
    for url in (*links.values(), visitor.link("page", "nobody-at-all")):
        await visitor.get(url)
        await visitor.post(f"{url}?said=x", {"what": "nonsense"})
    tokens = {url.rpartition("/act/")[2] for url in links.values()}
    logs = "".join(file.read_text() for file in (stack.home / "logs").iterdir())
    assert "/act/" in logs
    assert not [token for token in tokens if token in logs or token.split(".")[2] in logs]


def test_links_are_read_from_mail_by_purpose_and_letter() -> None:
    """The tests' own reading, which would otherwise find nothing and pass."""
    signed = Links(("k" * 32,), "https://x.example")
    url = signed.url
    link = Link("sent", "c", "a", "follow-up/1", "s", datetime.now(UTC).replace(microsecond=0) + timedelta(days=1))
    assert links_in(f"- x: {url(link)}\n", signed) == {"sent follow-up/1": url(link)}
    assert Page(200, "https://x.example/act/t", httpx.Headers(), "<!doctype html><title>x</title><body><p>a b</p>").text == "a b"
