"""A link does one thing, for one person, until its time: nothing else can be made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from activities.letters import drafts
from activities.letters.links import LIFE, PURPOSES, Expired, Forged, Link, Links, address_in, keys_in
from tests.activities.samples import EVERY, GRACE, WHY, notice
from workflows.facts import Contact
from workflows.names import CandidateNotice, Notice

NEW, OLD = "new-" + "k" * 30, "old-" + "k" * 30
PUBLIC = "https://afterword.example.com"
ISSUED = datetime(2026, 3, 2, 15, tzinfo=UTC)
LINKS = Links((NEW, OLD), PUBLIC)
LINK = Link("sent", "cand-7", "app-1", "thank-you/i1/g", "0123", ISSUED + LIFE)


def token(url: str) -> str:
    return urlsplit(url).path.removeprefix("/act/")


def own(of: Notice) -> Notice:
    return of.model_copy(update={"candidate": "cand-7"})


def test_a_link_says_what_it_was_made_for() -> None:
    assert LINKS.read(LINKS.token(LINK), ISSUED) == LINK
    assert LINKS.url(LINK) == f"{PUBLIC}/act/{LINKS.token(LINK)}"


def test_a_link_of_an_older_key_is_read_until_that_key_is_gone() -> None:
    old = Links((OLD,), PUBLIC).token(LINK)
    assert LINKS.read(old, ISSUED) == LINK
    with pytest.raises(Forged):
        Links((NEW,), PUBLIC).read(old, ISSUED)
    assert Links((NEW,), PUBLIC).read(LINKS.token(LINK), ISSUED) == LINK, "the newest key signs"


def test_a_link_ends_with_its_time() -> None:
    assert LINKS.read(LINKS.token(LINK), ISSUED + LIFE - timedelta(seconds=1)) == LINK
    with pytest.raises(Expired):
        LINKS.read(LINKS.token(LINK), ISSUED + LIFE)


@pytest.mark.parametrize("purpose", [purpose for purpose in PURPOSES if purpose != "sent"])
def test_a_link_for_one_purpose_is_none_for_another(purpose: str) -> None:
    _, _, signed = LINKS.token(LINK).partition(".")
    with pytest.raises(Forged):
        LINKS.read(f"{purpose}.{signed}", ISSUED)


def test_a_feed_and_a_link_are_not_each_other() -> None:
    feed = LINKS.calendar("cand-7", "n-1").partition("token=")[2]
    assert LINKS.read_calendar(feed) == ("cand-7", "n-1")
    for said in (feed, f"page.{feed}", f"calendar.{feed}"):
        with pytest.raises(Forged):
            LINKS.read(said, ISSUED)
    for said in (LINKS.token(LINK), LINKS.token(LINK).partition(".")[2], "", "x" * 5000):
        with pytest.raises(Forged):
            LINKS.read_calendar(said)


@given(st.data())
def test_a_link_that_was_changed_anywhere_is_forged(data: st.DataObject) -> None:
    said = LINKS.token(LINK)
    place = data.draw(st.integers(0, len(said) - 2))  # of the last character two bits are not used
    other = data.draw(st.characters().filter(lambda c: c != said[place]))
    with pytest.raises(Forged):
        LINKS.read(said[:place] + other + said[place + 1 :], ISSUED)


@given(st.text(max_size=300))
def test_any_text_is_forged(said: str) -> None:
    with pytest.raises(Forged):
        LINKS.read(said, ISSUED)


def test_what_our_key_signed_elsewhere_is_forged() -> None:
    with pytest.raises(Forged):
        LINKS.read("sent." + str(URLSafeSerializer(NEW).dumps(["cand-7", "app-1", "x", "y", 1])), ISSUED)


@pytest.mark.parametrize("of", EVERY, ids=lambda of: of.intent)
def test_every_message_has_links_for_its_letters_and_for_what_may_have_happened(of: Notice) -> None:
    links = LINKS.of_notice(own(of), ISSUED)
    assert links
    assert list(links.letters) == [draft.id for draft in drafts(of)]
    every = {"page": links.page, "unsubscribe": links.unsubscribe, **dict(links.answers)}
    read = {purpose: LINKS.read(token(url), ISSUED) for purpose, url in every.items()}
    assert {link.purpose for link in read.values()} == set(read)
    assert {(link.candidate, link.application) for link in read.values()} == {("cand-7", "app-1")}
    for draft, urls in links.letters.items():
        found = [LINKS.read(token(url), ISSUED) for url in (urls.sent, urls.edit)]
        assert [(link.purpose, link.about) for link in found] == [("sent", draft), ("edit", draft)]


def test_links_are_the_same_for_the_same_moment_and_the_same_fact_for_any() -> None:
    of = own(EVERY[3])
    assert LINKS.of_notice(of, ISSUED) == LINKS.of_notice(of, ISSUED)
    one, two = (LINKS.of_notice(of, at) for at in (ISSUED, ISSUED + timedelta(hours=1)))
    assert one
    assert two
    assert one.page != two.page
    identities = [{LINKS.read(token(url), ISSUED).identity for _, url in links.answers} for links in (one, two)]
    assert identities[0] == identities[1]
    assert len(identities[0]) == len(one.answers), "and another one for every purpose"


def test_the_fact_of_another_step_of_the_same_intent_is_another() -> None:
    first, again = (LINKS.of_notice(own(notice("follow-up/1", key=f"app-1 follow-up/1 {n}")), ISSUED) for n in (1, 2))
    assert first
    assert again
    one, two = (LINKS.read(token(links.letters["follow-up/1"].sent), ISSUED) for links in (first, again))
    assert one.identity != two.identity


def test_a_message_from_before_it_was_said_whose_it_is_has_no_links() -> None:
    assert LINKS.of_notice(EVERY[0], ISSUED) is None


def test_a_message_about_several_is_unsubscribed_from_as_what_is_in_it() -> None:
    several = CandidateNotice(
        candidate="cand-7",
        intent="digest/2026-03-12",
        key="cand-7 digest/2026-03-12",
        due=ISSUED,
        why=WHY,
        to=Contact(email="ada@example.org"),
        timezone="Europe/London",
        notices=(own(EVERY[3]), own(EVERY[2]), own(EVERY[4])),
    )
    links = LINKS.of_candidate(several, ISSUED)
    assert [one.page if one else None for one in links.notices] == [
        one.page if one else None for one in (LINKS.of_notice(n, ISSUED) for n in several.notices)
    ]
    assert links.unsubscribe
    left = LINKS.read(token(links.unsubscribe), ISSUED)
    assert (left.application, left.about) == (None, "follow-up waiting")
    weekly = LINKS.of_candidate(several.model_copy(update={"intent": "keep-going/2026-03-12", "notices": ()}), ISSUED)
    assert weekly.unsubscribe
    assert LINKS.read(token(weekly.unsubscribe), ISSUED).about == "keep-going"


def test_no_name_employer_or_address_is_in_a_link() -> None:
    links = LINKS.of_notice(own(notice("thank-you/i1", people=(GRACE,))), ISSUED)
    assert links
    content = URLSafeSerializer([NEW]).loads_unsafe(token(links.letters["thank-you/i1/g"].sent).partition(".")[2])[1]
    assert content[:3] == ["cand-7", "app-1", "thank-you/i1/g"]
    assert not {"ada", "grace", "engines", "@"} & {word for part in content for word in str(part).lower().split()}


def test_a_setting_of_keys_is_one_or_several_and_none_is_short() -> None:
    assert keys_in(f" {NEW},\n{OLD} ") == (NEW, OLD)
    for wrong in ("", ",", "short", f"{NEW},short"):
        with pytest.raises(ValueError, match="at least 32 characters") as told:
            keys_in(wrong)
        assert "short," not in str(told.value)


@pytest.mark.parametrize(
    "wrong", ["", "afterword.example.com", "ftp://a.example", "https://u:p@a.example", "https://a.example/?x", "https://a b"]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        address_in(wrong)
    assert address_in("https://a.example/sub/") == "https://a.example/sub"
