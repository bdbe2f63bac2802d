"""The page of all applications: every form says what it says it says, nothing is lost, and what people wrote stays text."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from tests.page.visitor import Page, Visitor
from tests.running import body
from tests.server import eventually

SOON: Final = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011 -- any day well ahead
HOSTILE: Final = '"><script>alert(1)</script>{{ 7*7 }}{% raw %}</textarea></title>&amp;\u05e2\u05d3\u05d4 \u0628\u0627\u064a 🙂'


async def page_of(visitor: Visitor, candidate: str, applications: int = 1) -> Page:
    """Once it shows so many applications."""

    async def there() -> Page | None:
        page = await visitor.get(visitor.link("page", candidate))
        shown = [one for one in page.tree.iter("article") if one.get("class") == "application"] if page.status == 200 else []
        return page if len(shown) >= applications else None

    return await eventually(there)


@pytest.mark.parametrize(
    ("what", "said", "fact"),
    [
        ("answered", {"respond_by": SOON}, {"type": "employer_replied", "respond_by": SOON}),
        ("date", {"respond_by": SOON}, {"type": "timeline_stated", "respond_by": SOON}),
        ("offer", {"in_writing": "yes", "decide_by": SOON}, {"type": "offer_received", "in_writing": True, "decide_by": SOON}),
        ("rejected", {"feedback": "No."}, {"type": "rejected", "feedback": "No."}),
        ("next-round", {"kind": "panel", "with": "the board"}, {"type": "next_round_invited", "kind": "panel", "with": "the board"}),
        ("pause", {}, {"type": "paused"}),
        ("pause", {"until": SOON}, {"type": "paused", "until": SOON}),
        ("withdraw", {}, {"type": "withdrawn"}),
        ("waive", {}, {"type": "thank_you_waived", "interview": "i1"}),
        ("snooze", {"until": SOON}, {"type": "snoozed", "intent": "thank-you/i1", "until": SOON}),
    ],
)
async def test_what_a_form_says_is_recorded_and_confirmed(
    visitor: Visitor, application: str, what: str, said: dict[str, str], fact: dict[str, Any]
) -> None:
    """And the browser is sent back to the page, so that reloading it says nothing again."""
    await visitor.opened(application)
    page = await page_of(visitor, f"cand-{application}")
    done = await visitor.send(page.form(what), said)
    assert (done.status, done.url.partition("?")[2]) == (200, f"said={what}")
    (confirmed,) = [one for one in done.tree.iter("p") if one.get("role") == "status"]
    assert confirmed.text
    (found,) = await visitor.said(application, fact["type"])
    assert {name: value for name, value in found.items() if name != "id"} == {**fact, "by": "candidate"}
    await visitor.send(page.form(what), said)
    assert len(await visitor.said(application, fact["type"])) == 1, "the same form sent twice is one word"


async def test_an_offer_is_accepted_and_the_acceptance_undone(visitor: Visitor, application: str) -> None:
    """Only the candidate's own word can be taken back there, the platform's has no button."""
    await visitor.opened(application)
    candidate = f"cand-{application}"
    page = await page_of(visitor, candidate)
    assert [form for form in page.forms if form.fields["what"] == "undo"] == []
    page = await visitor.send(page.form("offer"), in_writing="no")
    page = await visitor.send(page.form("accept"))
    assert (await visitor.view(application))["outcome"] == "accepted"
    (accepted,) = await visitor.said(application, "offer_accepted")
    page = await visitor.send(page.form("undo", accepted["id"]))
    view = await visitor.view(application)
    assert (view["outcome"], view["stage"]) == (None, "deciding")
    page = await visitor.send(page.form("decline"))
    assert (await visitor.view(application))["outcome"] == "declined"
    opened = view["facts"][0]["id"]
    forged = await visitor.post(page.form("undo").action, page.form("undo").fields | {"about": opened})
    assert (forged.status, (await visitor.view(application))["outcome"]) == (422, "declined")


async def test_a_pause_ends_when_the_candidate_says_so(visitor: Visitor, application: str) -> None:
    await visitor.opened(application)
    page = await visitor.send((await page_of(visitor, f"cand-{application}")).form("pause"))
    assert (await visitor.view(application))["paused"] is True
    assert "Messages about it rest." in page.text
    await visitor.send(page.form("resume"))
    assert (await visitor.view(application))["paused"] is False


async def test_notes_are_private_and_their_points_stand_in_the_letters(visitor: Visitor, application: str) -> None:
    """Of 10,000 characters and every script; the page tells that there are notes, and not what they say."""
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, f"cand-{application}")
    long = f"secret {HOSTILE} " + "é" * 9_900
    page = await visitor.send(page.form("reflect"), {"point.g": f"the loom {HOSTILE}", "questions": long, "takeaways": "kind\r\npeople"})
    assert page.status == 200
    assert "You kept private notes" in page.text
    assert "secret" not in page.text
    (noted,) = await visitor.said(application, "reflection_noted")
    assert noted["private"] is True
    letters = (await visitor.api.get(f"/v1/applications/{application}/letters")).json()["letters"]
    assert f"the loom {HOSTILE}" in letters[0]["body"]
    assert f"the loom {HOSTILE}" in page.text, "the draft on the page has the point, as text"
    assert page.form("reflect").fields["point.g"] == f"the loom {HOSTILE}"


async def test_a_draft_is_edited_and_sent_from_the_page(visitor: Visitor, application: str) -> None:
    """Blanks are named and nothing is lost; approved, it is on its way, and can be taken back until it leaves."""
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, f"cand-{application}")
    edit = page.form("edit", "thank-you/i1/g")
    page = await visitor.send(edit, body=edit.fields["body"] + "!")
    assert page.status == 422
    assert "Still to fill in: [one specific point" in page.text
    assert page.form("edit").fields["body"] == edit.fields["body"] + "!"
    page = await visitor.send(page.form("edit"), body="Thank you for the talk about the loom.")
    (approved,) = await visitor.said(application, "letter_approved")
    letters = (await visitor.api.get(f"/v1/applications/{application}/letters")).json()["letters"]
    assert letters[0]["body"] == "Thank you for the talk about the loom."
    if letters[0]["status"] == "approved":  # in office hours of New York it leaves at once
        assert "It is on its way." in page.text
        await visitor.send(page.form("undo", approved["id"]))
        letters = (await visitor.api.get(f"/v1/applications/{application}/letters")).json()["letters"]
        assert letters[0]["status"] == "draft"


async def test_a_letter_that_was_sent_is_marked_and_unmarked(visitor: Visitor, application: str) -> None:
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, f"cand-{application}")
    page = await visitor.send(page.form("sent", "thank-you/i1/g"))
    assert (await visitor.view(application))["stage"] == "waiting"
    assert not [form for form in page.forms if form.fields["what"] == "sent"]
    (sent,) = await visitor.said(application, "letter_sent")
    page = await visitor.send(page.form("undo", sent["id"]))
    assert (await visitor.view(application))["stage"] == "thanking"
    assert page.form("sent", "thank-you/i1/g")


async def test_preferences_count_for_every_application(visitor: Visitor, application: str) -> None:
    """Kept by the candidate's run, pushed to open applications, and shown as they are."""
    candidate = body(application)["candidate"]
    await visitor.opened(application)
    await visitor.opened(f"{application}-2", candidate=candidate)
    page = await page_of(visitor, candidate["id"], 2)
    form = page.form("preferences")
    assert (form.fields["language"], form.fields["waking_start"], form.fields["waking_end"]) == ("en", "08:00", "21:00")
    said = {"language": "de", "waking_start": "09:30", "waking_end": "20:00", "digest": "on", "weekends": None, "daily_limit": "3"}
    done = await visitor.http.post(
        form.action, data={n: v for n, v in (form.fields | said).items() if v} | {"unsubscribed": ["waiting", "outcomes"]}
    )
    assert done.status_code == 200

    async def pushed() -> bool:
        views = [await visitor.view(one) for one in (application, f"{application}-2")]
        wanted = {"digest": True, "weekends": False, "daily_limit": 3, "unsubscribed": ["waiting", "outcomes"]}
        return all(
            (v["candidate"]["language"], v["candidate"]["waking_hours"]) == ("de", ["09:30", "20:00"])
            and v["candidate"]["preferences"] == wanted
            for v in views
        )

    assert await eventually(pushed)
    shown = (await page_of(visitor, candidate["id"], 2)).form("preferences").fields
    assert {name: shown.get(name) for name in ("language", "waking_start", "digest", "weekends", "daily_limit", "unsubscribed")} == {
        "language": "de",
        "waking_start": "09:30",
        "digest": "on",
        "weekends": None,
        "daily_limit": "3",
        "unsubscribed": "waiting outcomes",
    }


@pytest.mark.parametrize(
    "said",
    [
        {"waking_start": "20:00", "waking_end": "08:00"},
        {"waking_start": "8 o'clock"},
        {"waking_start": ""},
        {"daily_limit": "0"},
        {"daily_limit": "many"},
        {"language": "xx"},
    ],
)
async def test_preferences_that_make_no_sense_are_named_and_kept_in_the_form(
    visitor: Visitor, application: str, said: dict[str, str]
) -> None:
    await visitor.opened(application)
    page = await page_of(visitor, f"cand-{application}")
    wrong = await visitor.send(page.form("preferences"), said, digest="on")
    assert wrong.status == 422
    assert [one for one in wrong.tree.iter() if one.get("role") == "alert"]
    form = wrong.form("preferences")
    assert form.fields["digest"] == "on"
    assert {name: form.fields.get(name) for name in said if name != "language"} == {n: v for n, v in said.items() if n != "language"}


async def test_what_the_guide_refuses_is_said_in_plain_words(visitor: Visitor, application: str) -> None:
    """A form of a tab from before; 409, and nothing is recorded."""
    await visitor.opened(application)
    old = await page_of(visitor, f"cand-{application}")
    await visitor.send(old.form("withdraw"))
    page = await visitor.send(old.form("answered"))
    assert page.status == 409
    assert "This application has come to its end" in page.text
    assert not await visitor.said(application, "employer_replied")


async def test_two_tabs_can_both_speak_and_a_form_sent_twice_at_once_speaks_once(visitor: Visitor, application: str) -> None:
    await visitor.opened(application)
    one, two = [await page_of(visitor, f"cand-{application}") for _ in range(2)]
    await asyncio.gather(*(visitor.send(tab.form("answered")) for tab in (one, one, two, one)))
    assert len(await visitor.said(application, "employer_replied")) == 2


async def test_nobody_speaks_for_an_application_of_somebody_else(visitor: Visitor, application: str) -> None:
    """Whatever the form of one's own page names."""
    strange = f"{application}-strange"
    await visitor.opened(application)
    await visitor.opened(strange)
    page = await page_of(visitor, f"cand-{application}")
    forged = await visitor.send(page.form("answered"), application=strange)
    assert forged.status == 422
    assert not await visitor.said(strange, "employer_replied")
    assert strange not in forged.source.replace(f'value="{strange}"', "")


async def test_what_people_wrote_stays_text(visitor: Visitor, application: str) -> None:
    """Markup, templates and line breaks in every name that a page shows: read strictly, each stands there as it was written."""
    line = HOSTILE.replace("\n", " ")
    said = body(application)
    said["candidate"] |= {"name": line, "skills": [line]}
    said["employer"] |= {"name": line, "contact": {"name": line, "email": "jobs@example.com"}}
    said["position"] = line
    said["facts"][0]["interviewers"][0]["name"] = line
    await visitor.opened(application, **{name: value for name, value in said.items() if name != "id"})
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, f"cand-{application}")
    shown = " ".join(page.text.split())
    assert shown.count(" ".join(line.split())) >= 6
    assert "49" not in shown.replace("2049", "")
    assert "<script" not in page.source
    for purpose, about in (("sent", "thank-you/i1/g"), ("edit", "thank-you/i1/g"), ("snooze", "")):
        one = await visitor.get(visitor.link(purpose, f"cand-{application}", application, about))  # pyright: ignore[reportArgumentType] -- a purpose each
        assert one.status == 200
        assert one.text
        assert "<script" not in one.source


async def test_the_page_speaks_the_language_and_the_clock_of_the_candidate(visitor: Visitor, application: str) -> None:
    candidate = body(application)["candidate"] | {"language": "de-AT", "timezone": "Pacific/Auckland"}
    await visitor.opened(application, candidate=candidate)
    page = await page_of(visitor, candidate["id"])
    assert 'lang="de"' in page.source
    assert "Auckland" in page.text
    ended = datetime.fromisoformat(body(application)["facts"][0]["ended_at"])
    assert re.search(r"<time datetime", page.source)
    assert ended.tzinfo == UTC


async def test_the_page_shows_what_is_due_what_comes_and_where_each_application_stands(visitor: Visitor, application: str) -> None:
    candidate = body(application)["candidate"]
    await visitor.opened(application)
    await visitor.opened(f"{application}-2", candidate=candidate, position="Programmer")
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, candidate["id"], 2)
    text = page.text
    assert "Thank each of your interviewers" in text
    assert "2 hours after your interview ended" in text
    assert "Send your one follow-up" in text
    assert text.count("Time to say thank you") == 2
    assert "We wrote to you: Thank each of your interviewers." in text


async def test_an_address_that_nobody_reaches_is_shown(visitor: Visitor, application: str) -> None:
    await visitor.opened(application)
    await visitor.mail(application, "thank-you/i1")
    said = {"type": "bounced", "intent": "thank-you/i1", "permanent": True}
    assert (await visitor.api.post(f"/v1/applications/{application}/facts", json=said)).status_code == 200

    async def shown() -> Page | None:
        page = await visitor.get(visitor.link("page", f"cand-{application}"))
        return page if "Messages to your address have not arrived since" in page.text else None

    assert "A message to you came back" in (await eventually(shown)).text


async def test_a_letter_that_says_what_another_says_is_sent_only_by_who_wants_that(visitor: Visitor, application: str) -> None:
    """People compare: the second interviewer's letter is shown once more with a warning, as it was typed."""
    held = body(application)["facts"][0]
    people = [{"id": one, "name": name, "email": f"{one}@example.com"} for one, name in (("g", "Grace Hopper"), ("a", "Alan Turing"))]
    await visitor.opened(application, facts=[held | {"interviewers": people}])
    await visitor.mail(application, "thank-you/i1")
    page = await page_of(visitor, f"cand-{application}")
    text = "Dear {},\n\nThank you for the talk about looms and cards; I would gladly weave numbers with you and your team.\n\nAda Byron"
    page = await visitor.send(page.form("edit", "thank-you/i1/g"), body=text.format("Grace"))
    single = await visitor.get(visitor.link("edit", f"cand-{application}", application, "thank-you/i1/a"))
    for form in (page.form("edit", "thank-you/i1/a"), single.form("edit")):
        warned = await visitor.send(form, body=text.format("Alan"))
        assert warned.status == 422
        assert "This says nearly the same as your letter to somebody else" in warned.text
        assert warned.form("edit", "thank-you/i1/a").fields["body"] == text.format("Alan")
        assert len(await visitor.said(application, "letter_approved")) == 1
    sent = await visitor.send(warned.form("edit"), {"all-the-same": "on"})
    assert sent.status == 200
    assert [fact["letter"] for fact in await visitor.said(application, "letter_approved")] == ["thank-you/i1/g", "thank-you/i1/a"]
