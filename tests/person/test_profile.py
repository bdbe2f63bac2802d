"""Which profile holds, who is to learn it, and which applications there are."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.core.histories import at
from tests.person.lives import ada, begun, changed, knows, means, offered, person, profile, registered, told
from workflows.person import Person, digest_of, objection
from workflows.person.facts import PersonFact, PersonWord
from workflows.person.view import view

NOW = at("2026-03-20T12:00Z")


def refused(who: Person, *facts: PersonFact) -> str | None:
    found = objection(who, PersonWord(facts=facts), NOW, who.apply(*facts))
    return found.slug if found else None


class TestWhichProfileHolds:
    def test_that_of_the_first_opening(self) -> None:
        assert (profile(ada()).name, profile(ada()).language) == ("Ada Byron", "en")

    def test_a_later_opening_says_what_it_names_and_unsays_nothing_else(self) -> None:
        first = registered(skills=("numerical tables",), country="GB", waking_hours=("09:00", "20:00"))
        later = told("registered", "2026-03-05T09:00Z", candidate={"id": "cand-7", "email": "ada@example.net", "timezone": "Europe/Paris"})
        known = profile(person(first, later))

        assert (known.email, known.timezone) == ("ada@example.net", "Europe/Paris")
        assert (known.name, known.skills, known.country, known.waking_hours) == (
            "Ada Byron", ("numerical tables",), "GB", ("09:00", "20:00"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "said_later"),
        [
            ({"language": "fr"}, {"language": "de"}),
            ({"email": "me@example.net"}, {"email": "old@example.org"}),
            ({"waking_hours": ("10:00", "18:00")}, {"waking_hours": ("06:00", "22:00")}),
            ({"preferences": {"digest": True}}, {"preferences": {"digest": False}}),
            ({"preferences": {"unsubscribed": ("waiting",)}}, {"preferences": {}}),
        ],
    )
    def test_what_the_candidate_set_no_later_opening_unsays(self, change: dict[str, Any], said_later: dict[str, Any]) -> None:
        mine = ada(changed("2026-03-02T09:00Z", **change))

        assert profile(mine) != profile(ada())
        assert profile(mine.apply(registered("2026-03-05T09:00Z", **said_later))) == profile(mine)

    def test_but_the_platform_may_when_it_says_so(self) -> None:
        mine = ada(changed("2026-03-02T09:00Z", language="fr"))
        theirs = mine.apply(changed("2026-03-03T09:00Z", by="platform", language="de"))

        assert profile(theirs).language == "de"
        assert profile(theirs.apply(registered("2026-03-05T09:00Z", language="en"))).language == "en"

    def test_an_opening_that_names_one_wish_unsays_no_other(self) -> None:
        """Field by field: what an opening leaves out it does not unsay."""
        known = ada(changed("2026-03-02T09:00Z", by="platform", preferences={"digest": True, "unsubscribed": ("waiting",)}))
        wishes = profile(known.apply(registered("2026-03-05T09:00Z", preferences={"weekends": False}))).preferences

        assert (wishes.digest, wishes.unsubscribed, wishes.weekends) == (True, ("waiting",), False)

    def test_a_change_says_what_it_names_and_nothing_else(self) -> None:
        wishes = profile(ada(changed("2026-03-02T09:00Z", preferences={"weekends": False}), digest=True, daily_limit=2)).preferences

        assert (wishes.digest, wishes.weekends, wishes.daily_limit) == (True, False, 2)

    def test_what_may_be_unknown_is_taken_away_by_none_and_nothing_else_is(self) -> None:
        gone = changed("2026-03-02T09:00Z", name=None, language=None, preferences={"daily_limit": None, "digest": None})
        known = profile(ada(gone, digest=True, daily_limit=2))

        assert (known.name, known.preferences.daily_limit) == (None, None)
        assert (known.language, known.preferences.digest) == ("en", True)

    def test_the_latest_is_the_latest_by_own_time(self) -> None:
        facts = (
            registered("2026-03-01T09:00Z"),
            registered("2026-03-04T09:00Z", language="de", name="Ada"),
            changed("2026-03-02T09:00Z", name="Lady Lovelace"),
            changed("2026-03-05T09:00Z", by="platform", language="es"),
        )

        for order in permutations(facts):
            assert (profile(person(*order)).name, profile(person(*order)).language) == ("Lady Lovelace", "es")


class TestRefused:
    def test_a_change_for_nobody(self) -> None:
        assert refused(Person(id="cand-7"), changed("2026-03-02T09:00Z", language="de")) == "no-such-candidate"

    def test_a_change_that_leaves_nowhere_to_write_to(self) -> None:
        away = changed("2026-03-02T09:00Z", email=None)

        assert refused(ada(), away) is not None
        assert profile(ada(away)).email == "ada@example.org"

    def test_a_day_that_is_too_short(self) -> None:
        short = changed("2026-03-02T09:00Z", waking_hours=("08:00", "09:00"))

        assert refused(ada(), short) is not None
        assert profile(ada(short)).waking_hours == ("08:00", "21:00")

    def test_nothing_else(self) -> None:
        assert refused(ada(), changed("2026-03-02T09:00Z", language="de", preferences={"digest": True})) is None

    def test_an_opening_that_does_not_go_with_what_the_candidate_set_is_no_reason_to_fail(self) -> None:
        """They took their address away and are reached by the platform; the platform opens once more with both."""
        mine = ada(changed("2026-03-02T09:00Z", channels=("webhook",), by="platform"), changed("2026-03-03T09:00Z", email=None))
        later = mine.apply(registered("2026-03-05T09:00Z", channels=("email",)))

        assert later.life.profile is not None
        assert view(later)["profile"]["email"] is None


class TestWhoIsToLearnIt:
    def test_an_application_opened_with_the_same_profile_knows_it(self) -> None:
        who = ada()

        assert who.apply(begun("app-1", "2026-03-02T09:00Z", has=knows(who))).life.behind(NOW) == ()

    def test_every_open_application_learns_a_change_until_it_was_told(self) -> None:
        who = ada()
        who = who.apply(*(begun(name, "2026-03-02T09:00Z", has=knows(who)) for name in ("app-1", "app-2")))
        who = who.apply(changed("2026-03-03T09:00Z", language="de"))

        assert who.life.behind(NOW) == ("app-1", "app-2")
        pushed = told("pushed", "2026-03-03T09:01Z", digest=knows(who), applications=("app-1",), by="process")
        assert who.apply(pushed).life.behind(NOW) == ("app-2",)

    def test_one_that_closed_lately_may_still_write_and_learns_it_too(self) -> None:
        who = ada(begun("app-1"), means("app-1", "2026-03-10T09:00Z", "rejected"), changed("2026-03-19T09:00Z", language="de"))

        assert who.life.behind(NOW) == ("app-1",)
        assert who.life.behind(at("2027-03-20T12:00Z")) == ()

    def test_one_that_is_another_candidates_by_now_does_not(self) -> None:
        who = ada(begun("app-1"), told("application_left", "2026-03-03T09:00Z", application="app-1"), means("app-1", "2026-03-04T09:00Z"))

        assert who.life.behind(NOW) == ()
        assert view(who)["applications"] == []

    def test_nobody_learns_what_nobody_knows(self) -> None:
        assert person(begun("app-1")).life.behind(NOW) == ()


class TestTheView:
    def test_it_lists_every_application_and_which_are_open(self) -> None:
        shown = view(
            ada(begun("app-1"), begun("app-2"), means("app-2", "2026-03-10T09:00Z", "declined"), means("app-3", "2026-03-11T09:00Z"))
        )

        assert (sorted(shown["applications"]), shown["open"]) == (["app-1", "app-2", "app-3"], ["app-1", "app-3"])

    def test_an_application_that_opens_again_is_open(self) -> None:
        who = ada(begun("app-1"), means("app-1", "2026-03-10T09:00Z", "rejected"), means("app-1", "2026-03-11T09:00Z", None, offered(None)))

        assert view(who)["open"] == ["app-1"]

    def test_the_calendars_address_is_the_one_named_last(self) -> None:
        first, second = (told("calendar_rotated", f"2026-03-0{day}T09:00Z", nonce=f"n{day}") for day in (2, 3))

        assert view(ada(second, first))["calendar"] == "n3"
        assert view(ada())["calendar"] not in ("n2", "n3")


def test_what_an_application_means_may_be_told_before_it_is_known_to_have_begun() -> None:
    """It is not told the profile that it was opened with."""
    first, news = registered(), means("app-1", "2026-03-01T08:59Z")
    for facts in permutations((first, begun("app-1", has=digest_of(profile(person(first)))), news)):
        assert person(*facts).life.behind(NOW) == ()
    assert person(first, news).life.behind(NOW) == ()
