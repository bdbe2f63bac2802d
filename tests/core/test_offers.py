"""Offers: which is meant, what becomes of it, and how it ends the application."""

from __future__ import annotations

import pytest

from tests.core.histories import (
    after_talk,
    at,
    due,
    london,
    noted,
    offer,
    open_offers,
    outcome,
    prompted,
    said,
    silence_start,
    stage,
    steps,
)

LATE = "2026-04-01T12:00Z"
SENT = said("follow_up_sent", "2026-03-12T09:00Z")
SPOKEN = offer("2026-03-05T12:00Z", in_writing=False)


class TestOffers:
    def test_an_offer_while_one_is_open_updates_it(self) -> None:
        app = after_talk(SPOKEN, offer("2026-03-06T12:00Z", decide_by="2026-03-20"))

        assert open_offers(app) == 1
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/1"]

    def test_it_becomes_written_and_stays_so(self) -> None:
        app = after_talk(SPOKEN, offer("2026-03-06T12:00Z"), offer("2026-03-06T13:00Z", in_writing=False, decide_by="2026-03-20"))

        assert silence_start(app) is None
        assert due(app, "offer-review") == at("2026-03-06T12:00Z")
        assert due(app, "offer-decide") == london("2026-03-19 20:00")

    def test_a_new_deadline_is_an_extension(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", decide_by="2026-03-11"), offer("2026-03-10T12:00Z", decide_by="2026-03-18"))

        assert open_offers(app) == 1
        assert due(app, "offer-decide") == london("2026-03-17 20:00")

    def test_after_one_was_withdrawn_a_new_one_begins(self) -> None:
        app = after_talk(SPOKEN, said("offer_withdrawn", "2026-03-06T12:00Z"), offer("2026-03-09T12:00Z"))

        assert outcome(app) is None
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/2"]

    def test_after_one_was_declined_a_new_one_begins(self) -> None:
        app = after_talk(SPOKEN, said("offer_declined", "2026-03-06T12:00Z"), offer("2026-03-09T12:00Z"))

        assert outcome(app) is None
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/2"]

    def test_offers_with_ids_stand_side_by_side(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"))

        assert open_offers(app) == 2
        assert [s.intent for s in steps(app, "offer-decide")] == ["offer-decide/1", "offer-decide/2"]

    def test_offers_are_numbered_in_the_order_of_their_own_times(self) -> None:
        late, early = (
            offer("2026-03-06T12:00Z", offer="a", decide_by="2026-03-20"),
            offer("2026-03-05T12:00Z", offer="b", decide_by="2026-03-27"),
        )
        app = after_talk(late, early)

        assert [(s.intent, s.due) for s in steps(app, "offer-decide")] == [
            ("offer-decide/2", london("2026-03-19 20:00")),
            ("offer-decide/1", london("2026-03-26 20:00")),
        ]

    def test_declining_one_of_two_leaves_the_application_open(self) -> None:
        both = (offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"))
        one = after_talk(*both, said("offer_declined", "2026-03-07T12:00Z", offer="a"))
        none = after_talk(
            *both, said("offer_declined", "2026-03-07T12:00Z", offer="a"), said("offer_declined", "2026-03-08T12:00Z", offer="b")
        )

        assert (outcome(one), stage(one), open_offers(one)) == (None, "deciding", 1)
        assert (outcome(none), stage(none), open_offers(none)) == ("declined", "closed", 0)

    @pytest.mark.parametrize("end", ["rejected", "withdrawn"])
    def test_a_rejection_and_a_withdrawal_end_every_open_offer(self, end: str) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", offer="a"), offer("2026-03-06T12:00Z", offer="b"), said(end, "2026-03-07T12:00Z"))

        assert (outcome(app), open_offers(app)) == (end, 0)

    def test_an_acceptance_with_no_offer_before_implies_one(self) -> None:
        app = after_talk(said("offer_accepted", "2026-03-05T12:00Z"))

        assert (outcome(app), stage(app)) == ("accepted", "closed")
        assert [s.intent for s in steps(app)] == ["close-others/1"]

    def test_a_withdrawn_offer_that_leaves_none_open_ends_as_rejected(self) -> None:
        app = after_talk(SPOKEN, said("offer_withdrawn", "2026-03-06T12:00Z"))

        assert (outcome(app), stage(app)) == ("rejected", "closed")
        assert due(app, "rejection-reply") == london("2026-03-07 12:00")

    def test_a_lapsed_offer_leaves_the_other_open(self) -> None:
        app = after_talk(
            offer("2026-03-05T12:00Z", offer="a", decide_by="2026-03-10"),
            offer("2026-03-06T12:00Z", offer="b"),
            noted("offer_lapsed", "2026-03-18T08:00Z", number=1),
        )

        assert (outcome(app), stage(app), open_offers(app)) == (None, "deciding", 1)

    def test_the_only_offer_lapsed_closes_the_application(self) -> None:
        app = after_talk(offer("2026-03-05T12:00Z", decide_by="2026-03-10"), noted("offer_lapsed", "2026-03-18T08:00Z", number=1))

        assert (outcome(app), stage(app)) == ("lapsed", "closed")

    def test_a_lapse_noted_before_its_own_moment_does_not_count(self) -> None:
        """Five business days after 10 March have passed on the 17th at 17:00 in New York, 21:00 UTC."""
        first = offer("2026-03-05T12:00Z", decide_by="2026-03-10")
        extended = offer("2026-03-09T12:00Z", decide_by="2026-03-20")

        assert outcome(after_talk(first, noted("offer_lapsed", "2026-03-17T20:59Z", number=1))) is None
        assert outcome(after_talk(first, extended, noted("offer_lapsed", "2026-03-18T08:00Z", number=1))) is None
        assert outcome(after_talk(first, noted("offer_lapsed", "2026-03-17T21:00Z", number=1))) == "lapsed"

    def test_a_lapse_beside_another_offer_is_still_told_once(self) -> None:
        two = (offer("2026-03-05T12:00Z", offer="a", decide_by="2026-03-10"), offer("2026-03-06T12:00Z", offer="b"))
        lapsed = noted("offer_lapsed", "2026-03-18T08:00Z", number=1)
        app = after_talk(*two, lapsed)

        assert [(s.intent, s.due, s.until) for s in steps(app, "offer-lapsed")] == [
            ("offer-lapsed/1", at("2026-03-18T08:00Z"), at("2026-03-25T21:00Z"))
        ]
        assert steps(app.apply(prompted("offer-lapsed/1", "2026-03-18T08:00Z")), "offer-lapsed") == []
        assert steps(after_talk(*two, said("offer_declined", "2026-03-07T12:00Z", offer="a")), "offer-lapsed") == []
