"""What a message may say: only what the facts know, and whom its letters are for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.histories import (
    GRACE,
    HEDY,
    KATHERINE,
    TALK,
    Application,
    after_talk,
    at,
    calendar,
    held,
    history,
    london,
    offer,
    opened,
    said,
    scheduled,
    steps,
    thanked,
    the,
)
from workflows.facts import Contact, Fact
from workflows.names import Notice
from workflows.notice import notice
from workflows.policy import UNIVERSITY


def told(app: Application, kind: str) -> Notice:
    return notice(app, the(app, kind))


class TestThanks:
    def test_there_is_a_draft_for_each_interviewer(self) -> None:
        people = told(history(held("i1", TALK, GRACE, KATHERINE)), "thank-you").people

        assert [(p.interviewer, p.name, p.email) for p in people] == [
            ("g", "Grace Hopper", "grace@example.com"),
            ("k", "Katherine Johnson", "katherine@example.com"),
        ]

    def test_of_every_interview_of_the_day(self) -> None:
        app = history(held("i1", "2026-03-02T10:00Z", GRACE), held("i2", "2026-03-02T14:00Z", KATHERINE))

        assert [(p.interview, p.interviewer) for p in told(app, "thank-you").people] == [("i1", "g"), ("i2", "k")]

    def test_the_nudge_is_only_about_those_still_unthanked(self) -> None:
        app = history(held("i1", TALK, GRACE, KATHERINE), said("thank_you_sent", "2026-03-02T18:00Z", interview="i1", interviewer="g"))

        assert [p.interviewer for p in told(app, "thank-you-nudge").people] == ["k"]

    def test_an_interviewer_without_an_address_is_thanked_through_the_contact(self) -> None:
        (person,) = told(history(held("i1", TALK, HEDY)), "thank-you").people

        assert (person.name, person.email) == ("Hedy Lamarr", "jobs@example.com")

    def test_nobody_known_by_name_is_one_draft_to_the_contact(self) -> None:
        (person,) = told(history(held("i1", TALK)), "thank-you").people

        assert (person.interviewer, person.email) == (None, "jobs@example.com")

    def test_everyone_thanked_already_there_is_only_the_invitation_to_reflect(self) -> None:
        found = told(after_talk(said("thank_you_sent", "2026-03-02T15:30Z", interview="i1")), "thank-you")

        assert (found.people, found.reflect) == ((), ("i1",))

    def test_the_specific_point_of_that_talk_is_the_candidates_or_a_blank(self) -> None:
        noted = said("reflection_noted", "2026-03-02T15:30Z", interview="i1", points={"g": "compilers"})
        with_point, without = told(after_talk(noted), "thank-you").people, told(after_talk(), "thank-you").people

        assert [p.point for p in with_point] == ["compilers"]
        assert [p.point for p in without] == [None]

    def test_everybody_has_a_place_of_their_own_whoever_is_thanked(self) -> None:
        """Also across interviews of several days."""
        talks = (held("i1", TALK, GRACE, KATHERINE), held("i2", "2026-03-05T14:00Z", HEDY))
        thanked_grace = said("thank_you_sent", "2026-03-02T15:30Z", interview="i1", interviewer="g")

        assert self.places(history(*talks)) == [("g", 0), ("k", 1), ("h", 2)]
        assert self.places(history(*talks, thanked_grace)) == [("k", 1), ("h", 2)]

    @staticmethod
    def places(app: Application) -> list[tuple[str | None, int]]:
        return [(p.interviewer, p.place) for step in steps(app, "thank-you") for p in notice(app, step).people]


class TestFollowUp:
    def test_without_an_address_at_the_employer_it_goes_to_who_interviewed_last_and_has_one(self) -> None:
        """A contact with an address goes before them."""
        talks = (held("i1", TALK, GRACE), held("i2", "2026-03-03T15:00Z", HEDY, KATHERINE), said("thank_you_waived", TALK, interview="i1"))
        nobody = said("details_changed", TALK, employer={"name": "Analytical Engines", "timezone": "America/New_York"})

        assert told(history(*talks, nobody), "follow-up").contact == Contact(name="Katherine Johnson", email="katherine@example.com")
        assert told(history(*talks), "follow-up").contact == Contact(name="Recruiting", email="jobs@example.com")

    def test_it_is_best_sent_in_office_hours(self) -> None:
        assert told(thanked(), "follow-up").best_sent_at == at("2026-03-12 09:00", "America/New_York")

    def test_due_after_hours_it_is_best_sent_on_the_next_business_day(self) -> None:
        """Row C: due on Wednesday at 17:00, which is no longer office time."""
        berlin = (opened(candidate="Europe/Berlin", employer="Europe/Berlin", country="DE", subdivision="BE"), calendar("DE", "BE"))
        app = history(held("i1", "2026-03-26T10:00Z", GRACE), opening=berlin)

        assert told(app, "follow-up").best_sent_at == at("2026-04-09 09:00", "Europe/Berlin")

    def test_it_knows_the_promised_date_and_the_talk(self) -> None:
        found = told(thanked(said("timeline_stated", TALK, respond_by="2026-03-13")), "follow-up")

        assert (str(found.promised), found.interviewed_at, found.position) == ("2026-03-13", at(TALK), "Staff Engineer")

    def test_the_wait_knows_when_they_will_answer_and_when_to_ask(self) -> None:
        found = told(thanked(said("timeline_stated", TALK, respond_by="2026-03-13")), "waiting")

        assert (str(found.promised), found.follow_up_due) == ("2026-03-13", london("2026-03-17 08:00"))


class TestOutcomes:
    @pytest.mark.parametrize(
        ("fields", "asks", "stated"),
        [({"in_writing": False}, True, False), ({}, True, False), ({"decide_by": "2026-03-13"}, False, True)],
        ids=["spoken", "written", "with a deadline"],
    )
    def test_it_asks_for_a_day_or_two_only_where_no_deadline_was_given(self, fields: dict[str, Any], *, asks: bool, stated: bool) -> None:
        terms = told(after_talk(offer(**fields)), "offer-thanks").offer

        assert terms is not None
        assert (terms.asks_for_time, terms.stated) == (asks, stated)

    def test_nor_where_the_policy_thinks_longer_usual(self) -> None:
        terms = told(history(offer(), opening=(opened(policy=UNIVERSITY), calendar())), "offer-thanks").offer

        assert terms is not None
        assert not terms.asks_for_time

    @pytest.mark.parametrize(
        ("facts", "by"),
        [
            ((said("rejected", "2026-03-10T12:00Z"),), "employer"),
            ((said("rejected", "2026-03-10T12:00Z", by_whom="unknown"),), "unknown"),
            ((offer(in_writing=False), said("offer_withdrawn", "2026-03-10T12:00Z")), "offer-withdrawn"),
        ],
        ids=["rejected", "unknown", "offer withdrawn"],
    )
    def test_a_rejection_an_unknown_end_and_a_withdrawn_offer_are_told_apart(self, facts: tuple[Fact, ...], by: str) -> None:
        assert told(after_talk(*facts), "rejection-reply").rejected_by == by

    def test_an_invitation_asks_for_a_date_only_if_none_is_set(self) -> None:
        invited = said("next_round_invited", "2026-03-09T12:00Z", kind="case study", **{"with": "the board"})
        plan = scheduled("i2", "2026-03-16T14:00Z", "2026-03-16T15:00Z", "2026-03-09T13:00Z")
        open_date, set_date = told(thanked(invited), "next-round"), told(thanked(invited, plan), "next-round")

        assert (open_date.interview_starts_at, set_date.interview_starts_at) == (None, at("2026-03-16T14:00Z"))
        assert (open_date.round, open_date.round_kind, open_date.round_with) == (2, "case study", "the board")
