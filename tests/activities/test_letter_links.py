"""A message with links: what can be done about each letter and about the step stands in both forms, and nothing that cannot be done."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

import html5lib
import pytest

from activities.letters import drafts, render
from activities.letters.links import Links, NoticeLinks
from tests.activities.samples import ALAN, DUE, EVERY, GRACE, notice
from workflows.facts import Contact
from workflows.names import Notice, Other

LINKS: Final = Links(("k" * 40,), "https://afterword.example.com")
OWNED: Final = tuple(of.model_copy(update={"candidate": "cand-7"}) for of in EVERY)


def links(of: Notice) -> NoticeLinks:
    found = LINKS.of_notice(of, DUE)
    assert found is not None
    return found


def addresses(html: str) -> list[tuple[str, str]]:
    """Where the links of a page lead, each with its label."""
    return [(unescape(url), unescape(label)) for url, label in re.findall(r'<a href="(https://[^"]+)"[^>]*>([^<]+)</a>', html)]


@pytest.mark.parametrize("of", OWNED, ids=lambda n: n.intent)
def test_both_forms_have_the_same_links_and_the_page_and_the_way_out_last(of: Notice) -> None:
    """Each once, each with its label; without links the message is the one it always was."""
    own = links(of)
    message = render(of, own)
    parser: Any = html5lib.HTMLParser(strict=True)  # untyped
    parser.parse(message.html)
    found = addresses(message.html)
    told = re.findall(r"https://\S+", message.text)
    assert [url for url, _ in found] == told
    assert told[-2:] == [own.page, own.unsubscribe]
    assert len(told) == len(set(told))
    assert set(told) >= {url for _, url in own.answers} | {letter.sent for letter in own.letters.values()}
    assert all(label in message.text for _, label in found)
    assert "https://" not in render(of).text + render(of).html


def test_every_letter_can_be_marked_as_sent_or_edited() -> None:
    """Below the letter that it is about, and below no other."""
    of = notice("thank-you/i1", candidate="cand-7", people=(GRACE, ALAN))
    own = links(of)
    _, first, between, second, after = render(of, own).text.split("-" * 60)
    assert "Dear Grace" in first
    assert "Dear Alan" in second
    for place, draft in zip((between, after), drafts(of), strict=True):
        assert f"I have sent it: {own.letters[draft.id].sent}\n" in place
        assert f"Edit it, and have it sent for me: {own.letters[draft.id].edit}\n" in place


@pytest.mark.parametrize(
    "of",
    [
        notice("references/1", candidate="cand-7"),
        notice("follow-up/1", candidate="cand-7", contact=Contact(name="Recruiting")),
        notice(
            "close-others/1",
            candidate="cand-7",
            others=(Other(application="app-2", employer="X", position="Y", contact=Contact(email="x@example.com")),),
        ),
    ],
    ids=lambda n: n.intent,
)
def test_what_cannot_be_sent_for_somebody_is_not_offered(of: Notice) -> None:
    """To an address that is not known, or not this employer's; that it was sent can be said all the same."""
    text = render(of, links(of)).text
    assert "I have sent it" in text
    assert "sent for me" not in text


def test_what_has_happened_is_asked_with_every_answer_that_is_possible() -> None:
    """In the order of the links, each in plain words; a message about the end of it all asks less."""
    of = notice("follow-up/1", candidate="cand-7")
    labels = ["They answered", "They named a date", "An offer", "A rejection", "The next round", "Remind me later", "Stop this"]
    text = render(of, links(of)).text
    assert re.findall(r"^- ([^:\n]+): https", text.partition("What has happened?")[2], re.MULTILINE) == labels
    farewell = notice("farewell/1", candidate="cand-7")
    assert "What has happened?" not in render(farewell, links(farewell)).text
