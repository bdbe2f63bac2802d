"""What can wait: the morning digest, the daily limit, what becomes of a message that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.histories import at, london
from tests.person.lives import ada, ahead, changed, due, ended, handed, lived, person, registered, waiting
from workflows.person.agenda import turn

MOMENT = timedelta(minutes=2)
"""How long a morning's first message waits for others of that morning."""


class TestTheMorning:
    def test_it_leaves_two_minutes_after_the_first_message_of_the_morning(self) -> None:
        assert due(ada(handed("follow-up/1", "2026-03-12T08:00Z"), digest=True), "digest") == london("2026-03-12T08:02")
        assert due(ada(handed("follow-up/1", "2026-03-12T08:20Z"), digest=True), "digest") == london("2026-03-12T08:22")

    def test_all_of_the_morning_is_one_message(self) -> None:
        morning = [handed("follow-up/1", f"2026-03-12T08:0{n // 30}:{n % 30 + 10}Z", f"app-{n}") for n in (0, 25, 50)]
        sent, _ = lived(ada(*morning, digest=True), until="2026-03-20T00:00Z")

        assert [(m.at, sorted(m.keys)) for m in sent] == [
            (london("2026-03-12T08:02:10"), ["app-0 follow-up/1", "app-25 follow-up/1", "app-50 follow-up/1"])
        ]

    @pytest.mark.parametrize("handed_over", ["2026-03-12T08:31Z", "2026-03-12T17:00Z", "2026-03-12T20:59Z"])
    def test_what_comes_later_is_of_the_next_morning(self, handed_over: str) -> None:
        moment = due(ada(handed("ghosted/1", handed_over), digest=True), "digest")

        assert london("2026-03-13T08:00") <= moment <= london("2026-03-13T08:00") + MOMENT

    def test_there_is_one_digest_a_morning(self) -> None:
        """What comes within the half hour, but after the digest has left, is of the next morning."""
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), handed("follow-up/1", "2026-03-12T08:10Z", "app-2"), digest=True)
        sent, _ = lived(who, until="2026-03-20T00:00Z")

        assert [m.at.astimezone().date().isoformat() for m in sent] == ["2026-03-12", "2026-03-13"]
        assert [m.keys for m in sent] == [("app-1 follow-up/1",), ("app-2 follow-up/1",)]

    def test_the_hour_is_the_candidates_when_their_clocks_change(self) -> None:
        """London changes on Sunday 29 March: 08:00 is 07:00 UTC."""
        moment = due(ada(handed("ghosted/1", "2026-03-28T17:00Z"), digest=True), "digest")

        assert at("2026-03-29T07:00Z") <= moment <= at("2026-03-29T07:00Z") + MOMENT

    def test_whoever_wants_no_weekends_gets_it_on_monday(self) -> None:
        moment = due(ada(handed("ghosted/1", "2026-03-13T17:00Z"), digest=True, weekends=False), "digest")

        assert london("2026-03-16T08:00") <= moment <= london("2026-03-16T08:00") + MOMENT

    def test_what_would_be_too_late_by_then_leaves_at_once(self) -> None:
        tonight = handed("rejection-reply/1", "2026-03-12T17:00Z", until=at("2026-03-12T21:00Z"))

        assert london("2026-03-12T17:00") <= due(ada(tonight, digest=True), "digest") <= london("2026-03-12T17:00") + MOMENT

    def test_it_is_named_by_the_candidates_day(self) -> None:
        """In Auckland the morning of the 13th begins on the 12th in UTC."""
        who = ada(handed("follow-up/1", "2026-03-12T19:00Z"), digest=True).apply(changed("2026-03-02T09:00Z", timezone="Pacific/Auckland"))
        (sent,), _ = lived(who, until="2026-03-14T00:00Z")

        assert (sent.intents, sent.at) == (("digest/2026-03-13",), at("2026-03-12T19:02Z"))

    def test_it_leaves_though_the_candidate_chose_none_by_then(self) -> None:
        """What waits is not forgotten: without digest and limit it comes at once."""
        who = ada(handed("ghosted/1", "2026-03-12T17:00Z"), digest=True)
        sent, _ = lived(who, changed("2026-03-12T18:00Z", preferences={"digest": False}), until="2026-03-20T00:00Z")

        assert [m.at for m in sent] == [london("2026-03-12T18:00")]

    def test_nobody_is_woken(self) -> None:
        """The process was away until the night."""
        who = ada(handed("ghosted/1", "2026-03-12T08:00Z"), digest=True)

        assert turn(who, at("2026-03-12T23:00Z")).sends == ()
        assert turn(who, at("2026-03-12T23:00Z")).next == london("2026-03-13T08:00")


class TestTheLimit:
    def days(self, limit: int, *moments: str) -> list[tuple[str, int]]:
        """On which day how many prompts came in one message."""
        told = [handed("follow-up/1", moment, f"app-{n}") for n, moment in enumerate(moments)]
        sent, _ = lived(ada(*told, daily_limit=limit), until="2026-03-30T00:00Z")
        return [(f"{m.at:%m-%d %H:%M}", len(m.keys)) for m in sent]

    def test_as_many_as_are_wanted_come_at_once_each_alone_and_the_rest_in_the_morning(self) -> None:
        found = self.days(2, "2026-03-12T09:00Z", "2026-03-12T10:00Z", "2026-03-12T11:00Z", "2026-03-12T12:00Z")

        assert found[:2] == [("03-12 09:00", 1), ("03-12 10:00", 1)]
        assert [(when[:8], many) for when, many in found[2:]] == [("03-13 08", 2)]

    def test_each_day_begins_anew(self) -> None:
        found = self.days(1, "2026-03-12T09:00Z", "2026-03-13T09:00Z", "2026-03-14T09:00Z")

        assert found == [("03-12 09:00", 1), ("03-13 09:00", 1), ("03-14 09:00", 1)]

    def test_at_the_same_moment_it_holds_too(self) -> None:
        found = self.days(2, *["2026-03-12T08:00Z"] * 5)

        assert [(when[:5], many) for when, many in found] == [("03-12", 1), ("03-12", 1), ("03-13", 3)]

    def test_the_mornings_message_counts(self) -> None:
        found = self.days(1, "2026-03-12T09:00Z", "2026-03-12T10:00Z", "2026-03-13T10:00Z")

        assert [when[:5] for when, _ in found] == ["03-12", "03-13", "03-14"]

    def test_with_the_digest_there_is_one_message_in_the_morning_whatever_the_limit(self) -> None:
        told = [handed("follow-up/1", "2026-03-12T08:00Z", f"app-{n}") for n in range(4)]
        sent, _ = lived(ada(*told, digest=True, daily_limit=1), until="2026-03-20T00:00Z")

        assert [len(m.keys) for m in sent] == [4]


class TestWhatBecomesOfIt:
    KEY = "app-1 follow-up/1"

    def test_what_left_waits_no_more_and_never_again(self) -> None:
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), ended("prompted", "2026-03-12T08:02Z", self.KEY), digest=True)

        assert (waiting(who), ahead(who, "digest")) == ([], [])
        assert waiting(who.apply(handed("follow-up/1", "2026-03-13T08:00Z"))) == []

    def test_nor_what_perhaps_left(self) -> None:
        left = ended("prompted", "2026-03-12T08:02Z", self.KEY, uncertain=True)
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), left, handed("follow-up/1", "2026-03-13T08:00Z"), digest=True)

        assert waiting(who.apply(changed("2026-03-14T08:00Z", email="new@example.org"))) == []

    def test_what_was_handed_over_twice_waits_once(self) -> None:
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), handed("follow-up/1", "2026-03-12T08:01Z"), digest=True)

        assert waiting(who) == [self.KEY]
        assert [keys for _, keys in ahead(who, "digest")] == [(self.KEY,)]

    def test_what_was_moot_when_it_was_looked_at_may_be_handed_over_anew(self) -> None:
        moot = ended("skipped", "2026-03-12T08:02Z", self.KEY, reason="no longer needed")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), moot, digest=True)

        assert waiting(who) == []
        assert waiting(who.apply(handed("follow-up/1", "2026-03-13T08:00Z"))) == [self.KEY]

    def test_what_could_not_be_delivered_is_due_again_at_a_new_address(self) -> None:
        lost = ended("undeliverable", "2026-03-12T08:02Z", self.KEY, reason="BadAddress")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), lost, digest=True)

        assert (waiting(who), who.life.lost is not None) == ([], True)
        moved = who.apply(changed("2026-03-12T12:00Z", email="new@example.org"))
        assert (waiting(moved), moved.life.lost) == ([self.KEY], None)

    def test_another_change_than_of_the_address_brings_nothing_back(self) -> None:
        lost = ended("undeliverable", "2026-03-12T08:02Z", self.KEY, reason="BadAddress")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), lost, changed("2026-03-12T12:00Z", language="de"), digest=True)

        assert (waiting(who), who.life.lost is not None) == ([], True)

    def test_a_channel_that_comes_brings_back_what_was_lost_and_one_that_goes_does_not(self) -> None:
        lost = ended("undeliverable", "2026-03-12T08:02Z", self.KEY, reason="BadAddress")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), lost, digest=True)
        both = who.apply(changed("2026-03-12T12:00Z", channels=("email", "webhook")))
        assert (waiting(both), both.life.lost) == ([self.KEY], None)
        again = both.apply(ended("undeliverable", "2026-03-12T12:02Z", self.KEY, reason="BadAddress"))
        less = again.apply(changed("2026-03-12T13:00Z", channels=("email",)))
        assert (waiting(less), less.life.lost is not None) == ([], True)

    def test_an_address_said_again_is_no_new_one(self) -> None:
        lost = ended("undeliverable", "2026-03-12T08:02Z", self.KEY, reason="BadAddress")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), lost, registered("2026-03-12T12:00Z"), digest=True)

        assert waiting(who) == []

    def test_handed_over_anew_after_it_was_lost_it_waits_again(self) -> None:
        """The application has learned that it did not arrive, and says it once more when the address is another one."""
        lost = ended("undeliverable", "2026-03-12T08:02Z", self.KEY, reason="BadAddress")
        who = ada(handed("follow-up/1", "2026-03-12T08:00Z"), lost, handed("follow-up/1", "2026-03-14T08:00Z"), digest=True)

        assert waiting(who) == [self.KEY]

    def test_unsubscribed_while_it_waited_it_is_noted_as_skipped_and_the_rest_leaves(self) -> None:
        who = ada(handed("follow-up/1", "2026-03-12T17:00Z"), handed("ghosted/1", "2026-03-12T17:00Z", "app-2"), digest=True)
        sent, then = lived(who, changed("2026-03-12T20:00Z", preferences={"unsubscribed": ("follow-up",)}), until="2026-03-20T00:00Z")
        notes = [(n.fact.keys, n.fact.reason) for n in then.life.notes if n.fact.type == "skipped"]

        assert [m.keys for m in sent] == [("app-2 ghosted/1",)]
        assert notes == [((self.KEY,), "unsubscribed")]

    def test_what_comes_from_nobody_known_waits_until_they_are(self) -> None:
        who = person(handed("follow-up/1", "2026-03-12T08:00Z"))

        assert ahead(who, "digest") == []
        assert len(ahead(who.apply(registered("2026-03-12T09:00Z", preferences={"digest": True})), "digest")) == 1
