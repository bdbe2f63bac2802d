"""The candidate's side in a real browser against the running stack: from the mail in the sink on, by keys alone, without a script."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from client.embedded import Stack
from tests.page.browser import Keyboard, Look, Opens, offences, screenshot
from tests.page.test_page import page_of
from tests.page.visitor import Visitor
from tests.parts import needs
from tests.running import body

pytestmark = [needs("chromium"), pytest.mark.timeout(180)]
SOON: Final = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011 -- any day well ahead
Typed = tuple[tuple[str, str, str], ...]
"""Labels, what kind of field they name, and what is typed or chosen."""


def mail_html(stack: Stack, application: str, intent: str) -> str:
    """The HTML of the latest such message in the sink, as a mail program would show it."""
    for file in sorted((stack.home / "mail").glob("*.eml"), reverse=True):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if (mail["X-Afterword-Application"], mail["X-Afterword-Intent"]) == (application, intent):
            part = mail.get_body(("html",))
            assert part is not None
            return str(part.get_content())
    raise AssertionError(f"no message {intent} of {application} in the sink")


async def fill(keyboard: Keyboard, typed: Typed) -> None:
    for label, kind, value in typed:
        field = keyboard.page.get_by_label(label, exact=True).locator("visible=true").first
        if kind == "date":
            await keyboard.date(field, value)
        elif kind == "radio":
            await keyboard.reach(keyboard.page.get_by_role("radio").locator("visible=true").first)
            while not await field.is_checked():
                await keyboard.page.keyboard.press(
                    "ArrowDown" if await keyboard.page.get_by_role("radio", checked=True).count() else "Space"
                )
        elif kind == "check":
            await keyboard.press(field, "Space")
        elif kind == "choice":
            await keyboard.reach(field)
            await keyboard.page.keyboard.type(value)
        else:
            await keyboard.type(field, value)


@pytest.mark.parametrize(
    ("link", "typed", "button", "fact"),
    [
        ("I have sent it", (), "Yes, I have sent it", {"type": "letter_sent", "letter": "thank-you/i1/g"}),
        ("They answered", (), "Record the answer", {"type": "employer_replied"}),
        ("They named a date", (("They will answer by", "date", SOON),), "Record the date", {"type": "timeline_stated", "respond_by": SOON}),
        ("An offer", (("No, spoken so far", "radio", ""),), "Record the offer", {"type": "offer_received", "in_writing": False}),
        (
            "A rejection",
            (("What they wrote (if you like)", "text", "No."),),
            "Record the rejection",
            {"type": "rejected", "feedback": "No."},
        ),
        (
            "The next round",
            (("With whom? (if they said so)", "text", "the board"),),
            "Record it",
            {"type": "next_round_invited", "with": "the board"},
        ),
        ("Remind me later", (("Remind me on", "date", SOON),), "Remind me then", {"type": "snoozed", "until": SOON}),
        ("Stop this", (("I have withdrawn my application", "radio", ""),), "Stop", {"type": "withdrawn"}),
    ],
)
async def test_a_link_of_the_mail_is_followed_and_answered_by_keys_alone(
    visitor: Visitor,
    browser: Opens,
    stack: Stack,
    application: str,
    tmp_path: Path,
    *,
    link: str,
    typed: Typed,
    button: str,
    fact: dict[str, Any],
) -> None:
    """From the sink's message to the fact in the API."""
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    (tmp_path / "mail.html").write_text(mail_html(stack, application, "thank-you/i1"))
    async with browser() as page:
        keyboard = Keyboard(page)
        await page.goto((tmp_path / "mail.html").as_uri())
        await keyboard.press(page.get_by_role("link", name=link, exact=True).first)
        await page.wait_for_url("**/act/**")
        await fill(keyboard, typed)
        await keyboard.press(page.get_by_role("button", name=button, exact=True))
        await page.get_by_role("heading", name="Recorded", exact=True).wait_for()
    (said,) = await visitor.said(application, fact["type"])
    assert {name: said[name] for name in fact} == fact


async def candidate_view(api: httpx.AsyncClient, candidate: str) -> dict[str, Any]:
    return (await api.get(f"/v1/candidates/{candidate}")).json()


@pytest.mark.parametrize(
    ("summary", "typed", "button", "fact"),
    [
        ("I have sent it", (), "Yes, I have sent it", {"type": "letter_sent", "letter": "thank-you/i1/g"}),
        (
            "Edit it, and have it sent for me",
            (("Letter", "text", "Thank you for the talk about the loom."), ("Subject", "text", "Thank you")),
            "Send it for me",
            {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": "Thank you"},
        ),
        ("They answered", (), "Record the answer", {"type": "employer_replied"}),
        ("They named a date", (("They will answer by", "date", SOON),), "Record the date", {"type": "timeline_stated", "respond_by": SOON}),
        ("An offer", (("Yes, in writing", "radio", ""),), "Record the offer", {"type": "offer_received", "in_writing": True}),
        ("A rejection", (), "Record the rejection", {"type": "rejected"}),
        ("The next round", (), "Record it", {"type": "next_round_invited"}),
        ("No thank-you", (), "No thank-you for this one", {"type": "thank_you_waived", "interview": "i1"}),
        ("Pause", (), "Pause", {"type": "paused"}),
        ("I have withdrawn", (), "Record that I withdrew", {"type": "withdrawn"}),
        ("Why then, and later", (("Remind me on", "date", SOON),), "Remind me then", {"type": "snoozed", "until": SOON}),
        (
            "Interview that ended",
            (("One specific point of your talk with Grace Hopper", "text", "the loom"),),
            "Keep my notes",
            {"type": "reflection_noted", "private": True},
        ),
    ],
)
async def test_every_form_of_the_page_is_used_by_keys_alone(
    visitor: Visitor, browser: Opens, application: str, *, summary: str, typed: Typed, button: str, fact: dict[str, Any]
) -> None:
    """Opened, filled in and sent; confirmed on the page, and recorded."""
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    await page_of(visitor, f"cand-{application}")
    async with browser() as page:
        keyboard = Keyboard(page)
        await page.goto(visitor.link("page", f"cand-{application}"))
        await keyboard.press(page.locator("summary", has_text=summary).first)
        await fill(keyboard, typed)
        await keyboard.press(page.get_by_role("button", name=button, exact=True).locator("visible=true").first)
        await page.get_by_role("status").wait_for()
    (said,) = await visitor.said(application, fact["type"])
    assert {name: said[name] for name in fact} == fact


async def test_what_was_said_is_undone_and_a_pause_is_ended_by_keys_alone(visitor: Visitor, browser: Opens, application: str) -> None:
    await visitor.opened(application)
    page_now = await page_of(visitor, f"cand-{application}")
    await visitor.send((await visitor.send(page_now.form("pause"))).form("rejected"))
    assert (await visitor.view(application))["outcome"] == "rejected"
    async with browser() as page:
        keyboard = Keyboard(page)
        await page.goto(visitor.link("page", f"cand-{application}"))
        await keyboard.press(page.locator("summary", has_text="What has happened so far"))
        rejection = page.get_by_role("listitem").filter(has_text="They decided for somebody else.")
        await keyboard.press(rejection.get_by_role("button", name="Undo"))
        await page.get_by_role("status").wait_for()
        assert (await visitor.view(application))["outcome"] is None
        await keyboard.press(page.locator("summary", has_text="Go on"))
        await keyboard.press(page.get_by_role("button", name="Go on"))
        await page.get_by_role("status").wait_for()
    assert (await visitor.view(application))["paused"] is False


async def test_preferences_are_changed_by_keys_alone(visitor: Visitor, browser: Opens, api: httpx.AsyncClient, application: str) -> None:
    candidate = f"cand-{application}"
    await visitor.opened(application)
    await page_of(visitor, candidate)
    async with browser() as page:
        keyboard = Keyboard(page)
        await page.goto(visitor.link("page", candidate))
        typed: Typed = (
            ("Language", "choice", "Fran"),
            ("What can wait comes together, once in the morning", "check", ""),
            ("At most so many messages a day that can wait (empty: no limit)", "text", "4"),
            ("The weekly note", "check", ""),
        )
        await fill(keyboard, typed)
        await keyboard.press(page.get_by_role("button", name="Keep this"))
        await page.get_by_role("status").wait_for()
        assert await page.locator("html").get_attribute("lang") == "fr"
    view = await candidate_view(api, candidate)
    assert view["preferences"] == {"digest": True, "weekends": True, "daily_limit": 4, "unsubscribed": ["keep-going"]}
    assert view["profile"]["language"] == "fr"


async def test_a_link_that_was_used_says_so_in_the_browser(visitor: Visitor, browser: Opens, application: str) -> None:
    """Also for who reloads the page that said it was recorded."""
    await visitor.opened(application)
    async with browser() as page:
        url = visitor.link("answered", f"cand-{application}", application)
        await page.goto(url)
        await Keyboard(page).press(page.get_by_role("button", name="Record the answer"))
        await page.get_by_role("heading", name="Recorded", exact=True).wait_for()
        answer = await page.reload()
        assert answer is not None
        assert answer.status == 409
    assert len(await visitor.said(application, "employer_replied")) == 1


async def in_use(visitor: Visitor, application: str) -> str:
    """A candidate with three applications in different states; the address of their page."""
    candidate = body(application)["candidate"] | {"skills": ["numerical tables"]}
    await visitor.opened(application, candidate=candidate)
    await visitor.opened(f"{application}-2", candidate=candidate, position="Programmer", employer={"name": "Bletchley & Sons"})
    await visitor.opened(
        f"{application}-3",
        candidate=candidate,
        position="Cryptographer",
        employer={"name": "\u05d7\u05d1\u05e8\u05d4 \u05d8\u05d5\u05d1\u05d4 🙂"},
    )
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, candidate["id"], 3)
    offers = [form for form in page.forms if form.fields["what"] == "offer" and form.fields["application"] == f"{application}-2"]
    await visitor.send(offers[0], in_writing="yes", decide_by=SOON)
    rejections = [form for form in page.forms if form.fields["what"] == "rejected" and form.fields["application"] == f"{application}-3"]
    await visitor.send(rejections[0])
    return visitor.link("page", candidate["id"])


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
async def test_the_page_is_accessible_in_every_look(visitor: Visitor, browser: Opens, application: str, look: Look) -> None:
    """The checker finds nothing serious, with everything opened; nothing is wider than the window; screenshots show it."""
    url = await in_use(visitor, application)
    async with browser(look, script=True) as page:
        await page.goto(url)
        await screenshot(page, f"page-{look}")
        await page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert await page.locator("article.application").count() == 3
        await screenshot(page, f"page-open-{look}")
        assert await offences(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
async def test_single_pages_and_mistakes_are_accessible_in_every_look(
    visitor: Visitor, browser: Opens, application: str, look: Look
) -> None:
    await visitor.opened(application)
    candidate = f"cand-{application}"
    await visitor.mail(application, "thank-you/i1")
    links = {
        "date": visitor.link("date", candidate, application),
        "edit": visitor.link("edit", candidate, application, "thank-you/i1/g"),
        "stop": visitor.link("stop", candidate, application),
        "forged": f"{visitor.link('date', candidate, application)}x",
    }
    async with browser(look, script=True) as page:
        for name, url in links.items():
            await page.goto(url)
            if name in ("date", "edit"):
                await Keyboard(page).press(page.get_by_role("button"))
                await page.get_by_role("alert").first.wait_for()
            await screenshot(page, f"{name}-{look}")
            assert await offences(page) == [], name
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_the_page_is_printed_whole_and_without_buttons(visitor: Visitor, browser: Opens, application: str, tmp_path: Path) -> None:
    url = await in_use(visitor, application)
    async with browser() as page:
        await page.goto(url)
        await page.emulate_media(media="print")
        assert await page.get_by_role("button").locator("visible=true").count() == 0
        assert await page.get_by_text("Thank each of your interviewers").first.is_visible()
        printed = await page.pdf(path=tmp_path / "page.pdf")
    assert printed.startswith(b"%PDF")


async def test_the_page_asks_nobody_but_us(visitor: Visitor, browser: Opens, application: str) -> None:
    """Every request that the browser makes, and nothing in its console but the icon that it looks for by itself."""
    await visitor.opened(application)
    await page_of(visitor, f"cand-{application}")
    asked: list[str] = []
    said: list[str] = []
    async with browser() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        await page.goto(visitor.link("page", f"cand-{application}"))
        await page.wait_for_load_state("networkidle")
    ours = visitor.link("page", "x").partition("/act/")[0]
    assert asked
    assert [url for url in asked if not url.startswith(ours)] == []
    assert [text for text in said if "favicon" not in text and "404" not in text] == []
