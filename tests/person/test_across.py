"""What several applications mean together: the weekly note, and two offers with different deadlines."""

from __future__ import annotations

import pytest

from tests.core.histories import at, london
from tests.person.lives import ada, ahead, begun, changed, due, ended, every_step, handed, lived, means, offered
from workflows.person.agenda import turn


class TestTheWeeklyNote:
    def test_on_mondays_at_the_start_of_the_day_from_a_week_after_the_first_opening(self) -> None:
        """Opened on Wednesday 4 March: the Monday after it is within the week."""
        assert due(ada(begun("app-1", "2026-03-04T10:00Z")), "keep-going") == london("2026-03-16T08:00")

    def test_a_monday_later_than_a_week_counts(self) -> None:
        """Opened on Sunday 1 March, and on Monday 2 March before the day began."""
        assert due(ada(begun("app-1", "2026-03-01T10:00Z")), "keep-going") == london("2026-03-09T08:00")
        assert due(ada(begun("app-1", "2026-03-02T07:00Z")), "keep-going") == london("2026-03-09T08:00")

    def test_once_a_week_while_something_is_open(self) -> None:
        sent, _ = lived(
            ada(begun("app-1", "2026-03-04T10:00Z")), means("app-1", "2026-04-01T10:00Z", "rejected"), until="2026-05-01T00:00Z"
        )

        assert [(m.intents, m.at) for m in sent] == [
            (("keep-going/2026-03-16",), london("2026-03-16T08:00")),
            (("keep-going/2026-03-23",), london("2026-03-23T08:00")),
            (("keep-going/2026-03-30",), london("2026-03-30T08:00")),
        ]

    def test_it_is_about_those_that_are_open(self) -> None:
        who = ada(begun("app-1"), begun("app-2"), begun("app-3"), means("app-2", "2026-03-05T10:00Z", "withdrawn"))
        (step,) = [s for s in every_step(who) if s.kind == "keep-going"]

        assert sorted(step.applications) == ["app-1", "app-3"]

    @pytest.mark.parametrize("outcome", ["accepted", "declined", "rejected", "ghosted", "withdrawn", "lapsed"])
    def test_there_is_none_while_nothing_is_open(self, outcome: str) -> None:
        assert ahead(ada(begun("app-1"), means("app-1", "2026-03-05T10:00Z", outcome)), "keep-going") == []
        assert ahead(ada(), "keep-going") == []

    def test_there_is_none_for_whoever_has_accepted(self) -> None:
        who = ada(begun("app-1"), begun("app-2"), means("app-1", "2026-03-05T10:00Z", "accepted"))

        assert ahead(who, "keep-going") == []
        assert len(ahead(who.apply(means("app-1", "2026-03-06T10:00Z", "declined")), "keep-going")) == 1

    def test_nor_for_whoever_wants_none(self) -> None:
        assert ahead(ada(begun("app-1"), unsubscribed=("keep-going",)), "keep-going") == []

    def test_a_monday_that_was_missed_is_not_made_up_for(self) -> None:
        """Nothing ran from Sunday to Wednesday."""
        who = ada(begun("app-1"))
        plan = turn(who, at("2026-03-11T10:00Z"))
        then = who.note((fact for _, fact in plan.notes), at("2026-03-11T10:00Z"))

        assert ([s.kind for s in plan.sends], due(then, "keep-going")) == ([], london("2026-03-16T08:00"))

    def test_late_on_monday_it_still_comes_that_day(self) -> None:
        assert [s.kind for s in turn(ada(begun("app-1")), at("2026-03-09T15:00Z")).sends] == ["keep-going"]

    def test_with_the_digest_it_is_a_part_of_mondays(self) -> None:
        who = ada(begun("app-1"), handed("follow-up/1", "2026-03-09T08:00Z"), digest=True)
        sent, _ = lived(who, until="2026-03-12T00:00Z")

        assert [(m.intents, m.keys, m.applications) for m in sent] == [
            (("digest/2026-03-09", "keep-going/2026-03-09"), ("app-1 follow-up/1",), ("app-1",))
        ]
        assert london("2026-03-09T08:00") <= sent[0].at <= london("2026-03-09T08:05")

    def test_without_it_they_are_two(self) -> None:
        who = ada(begun("app-1"), handed("follow-up/1", "2026-03-09T08:00Z"), daily_limit=5)
        sent, _ = lived(who, until="2026-03-12T00:00Z")

        assert sorted(m.intents[0].split("/")[0] for m in sent) == ["digest", "keep-going"]


class TestTwoOffers:
    """App 1 must be answered by Tuesday 10 March, app 2 by Friday the 13th."""

    FIRST = means("app-1", "2026-03-04T10:00Z", None, offered("2026-03-10T21:00Z"))
    SECOND = means("app-2", "2026-03-05T11:00Z", None, offered("2026-03-13T21:00Z"))

    def test_the_employer_whose_deadline_is_first_is_asked_for_time_when_the_second_comes(self) -> None:
        (step,) = [s for s in every_step(ada(self.FIRST, self.SECOND)) if s.kind == "ask-for-time"]

        assert (step.applications, step.due, step.until) == (("app-1", "app-2"), at("2026-03-05T11:00Z"), at("2026-03-10T21:00Z"))

    def test_once(self) -> None:
        sent, _ = lived(ada(self.FIRST, self.SECOND, unsubscribed=("keep-going",)), until="2026-05-01T00:00Z")

        assert [(m.at, m.intents) for m in sent] == [(at("2026-03-05T11:00Z"), ("ask-for-time/1",))]

    def test_and_once_more_for_another_pair_of_deadlines(self) -> None:
        longer = means("app-1", "2026-03-06T10:00Z", None, offered("2026-03-12T21:00Z"))
        sent, _ = lived(ada(self.FIRST, self.SECOND, unsubscribed=("keep-going",)), longer, until="2026-05-01T00:00Z")

        assert [m.intents for m in sent] == [("ask-for-time/1",), ("ask-for-time/2",)]

    def test_not_again_when_the_same_deadlines_are_told_again(self) -> None:
        asked = lived(ada(self.FIRST, self.SECOND, unsubscribed=("keep-going",)), until="2026-03-06T00:00Z")[1]
        again = asked.apply(means("app-1", "2026-03-06T10:00Z"), means("app-1", "2026-03-07T10:00Z", None, offered("2026-03-10T21:00Z")))

        assert ahead(again, "ask-for-time") == []

    def test_not_where_the_deadlines_are_the_same(self) -> None:
        same = means("app-2", "2026-03-05T11:00Z", None, offered("2026-03-10T21:00Z"))

        assert ahead(ada(self.FIRST, same), "ask-for-time") == []

    def test_not_where_nobody_set_the_deadline_that_is_first(self) -> None:
        usual = means("app-1", "2026-03-04T10:00Z", None, offered("2026-03-10T21:00Z", stated=False))

        assert ahead(ada(usual, self.SECOND), "ask-for-time") == []
        assert ahead(ada(means("app-1", "2026-03-04T10:00Z", None, offered(None)), self.SECOND), "ask-for-time") == []

    def test_the_later_deadline_may_be_a_usual_one(self) -> None:
        usual = means("app-2", "2026-03-05T11:00Z", None, offered("2026-03-13T21:00Z", stated=False))

        assert len(ahead(ada(self.FIRST, usual), "ask-for-time")) == 1

    def test_not_for_two_offers_of_one_employer(self) -> None:
        both = means("app-1", "2026-03-04T10:00Z", None, offered("2026-03-10T21:00Z"), offered("2026-03-13T21:00Z", number=2))

        assert ahead(ada(both), "ask-for-time") == []

    def test_but_for_another_employers_beside_two_of_one(self) -> None:
        """The last of the three deadlines is the first employer's too; the second employer's still differs."""
        both = means("app-1", "2026-03-04T10:00Z", None, offered("2026-03-10T21:00Z"), offered("2026-03-20T21:00Z", number=2))
        (step,) = [s for s in every_step(ada(both, self.SECOND)) if s.kind == "ask-for-time"]

        assert step.applications == ("app-1", "app-2")

    def test_not_once_one_of_them_is_over(self) -> None:
        over = means("app-2", "2026-03-05T12:00Z", "declined")

        assert ahead(ada(self.FIRST, self.SECOND, over), "ask-for-time") == []

    def test_not_for_whoever_wants_no_word_of_offers(self) -> None:
        assert ahead(ada(self.FIRST, self.SECOND, unsubscribed=("offers",)), "ask-for-time") == []

    def test_at_once_means_when_the_candidate_is_awake(self) -> None:
        night = means("app-2", "2026-03-05T23:00Z", None, offered("2026-03-13T21:00Z"))
        sent, _ = lived(ada(self.FIRST, night, unsubscribed=("keep-going",)), until="2026-03-07T00:00Z")

        assert [m.at for m in sent] == [london("2026-03-06T08:00")]

    def test_with_the_digest_it_comes_alone_and_at_once_all_the_same(self) -> None:
        sent, _ = lived(ada(self.FIRST, self.SECOND, digest=True, unsubscribed=("keep-going",)), until="2026-03-07T00:00Z")

        assert [m.at for m in sent] == [at("2026-03-05T11:00Z")]

    def test_lost_with_the_address_it_is_due_again_at_a_new_one(self) -> None:
        (step,) = [s for s in every_step(ada(self.FIRST, self.SECOND)) if s.kind == "ask-for-time"]
        lost = ended("undeliverable", "2026-03-05T11:00Z", *step.keys, intent="ask-for-time/1", reason="BadAddress")
        who = ada(self.FIRST, self.SECOND, lost)

        assert ahead(who, "ask-for-time") == []
        assert len(ahead(who.apply(changed("2026-03-06T10:00Z", email="new@example.org")), "ask-for-time")) == 1
