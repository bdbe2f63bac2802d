"""In which order facts count, which are taken back, and which wait to be confirmed."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from tests.core.histories import (
    GRACE,
    TALK,
    after_talk,
    agenda,
    at,
    confirmed,
    ghosted,
    held,
    history,
    kinds,
    noted,
    outcome,
    promised,
    retracted,
    said,
    silence_start,
)

REPLY = said("employer_replied", "2026-03-05T12:00Z")


class TestOrder:
    def test_facts_count_in_the_order_of_their_own_time_not_of_their_arrival(self) -> None:
        facts = (
            held("i1", TALK, GRACE),
            said("timeline_stated", "2026-03-03T12:00Z", respond_by="2026-03-31"),
            REPLY,
            said("employer_away", "2026-03-06T12:00Z", until="2026-03-13"),
            said("thank_you_sent", "2026-03-02T18:00Z", interview="i1"),
        )
        expected = agenda(history(*facts))

        for order in permutations(facts):
            assert agenda(history(*order)) == expected

    def test_of_the_same_moment_facts_from_outside_come_before_the_process_s_own(self) -> None:
        """A reply of the very moment of the ghosting is earlier, so there was nothing to give up."""
        sent = said("follow_up_sent", "2026-03-12T09:00Z")
        app = after_talk(sent, ghosted("2026-03-20T08:00Z"), said("employer_replied", "2026-03-20T08:00Z"))

        assert outcome(app) is None
        assert silence_start(app) == at("2026-03-20T08:00Z")

    def test_of_the_same_moment_the_order_of_the_contracts_table_decides(self) -> None:
        offer = said("offer_received", "2026-03-10T12:00Z", id="z-offer", in_writing=True)
        accepted = said("offer_accepted", "2026-03-10T12:00Z", id="a-accepted")
        paused, resumed = said("paused", "2026-03-10T12:00Z", id="z"), said("resumed", "2026-03-10T12:00Z", id="a")

        for app in (after_talk(offer, accepted), after_talk(accepted, offer)):
            assert outcome(app) == "accepted"
            assert "offer-decide" not in kinds(app)
        assert agenda(after_talk(resumed, paused)) == agenda(after_talk())

    def test_of_the_same_moment_and_kind_the_id_decides(self) -> None:
        first = said("timeline_stated", TALK, id="t.02", respond_by="2026-03-20")
        second = said("timeline_stated", TALK, id="t.10", respond_by="2026-03-18")

        assert promised(after_talk(second, first)) == promised(after_talk(first, second)) == date(2026, 3, 18)


class TestTakenBack:
    def test_a_retracted_fact_counts_as_never_said(self) -> None:
        app = after_talk(REPLY, retracted(REPLY, "2026-03-06T12:00Z"))

        assert silence_start(app) == at(TALK)
        assert agenda(app) == agenda(after_talk())

    def test_a_retraction_may_arrive_before_what_it_retracts(self) -> None:
        assert agenda(after_talk(retracted(REPLY, "2026-03-01T12:00Z"), REPLY)) == agenda(after_talk())

    def test_a_retracted_retraction_lets_the_fact_count_again(self) -> None:
        mistake = retracted(REPLY, "2026-03-06T12:00Z")
        app = after_talk(REPLY, mistake, retracted(mistake, "2026-03-07T12:00Z"))

        assert silence_start(app) == at("2026-03-05T12:00Z")

    def test_retractions_of_each_other_do_no_harm(self) -> None:
        one = said("retracted", "2026-03-06T12:00Z", id="one", fact="two")
        two = said("retracted", "2026-03-07T12:00Z", id="two", fact="one")
        self_denial = said("retracted", "2026-03-08T12:00Z", id="three", fact="three")

        assert agenda(after_talk(one, two, self_denial)) == agenda(after_talk())

    def test_the_opening_is_never_retracted(self) -> None:
        assert agenda(after_talk(said("retracted", "2026-03-06T12:00Z", fact="opened"))) == agenda(after_talk())

    def test_what_the_process_noted_is_not_retracted_from_outside(self) -> None:
        note = noted("prompted", "2026-03-12T08:00Z", intent="follow-up/1")

        assert "follow-up" not in kinds(after_talk(note, retracted(note, "2026-03-12T09:00Z")))

    def test_a_rejection_retracted_opens_the_application_again(self) -> None:
        mistake = said("rejected", "2026-03-05T12:00Z")
        app = after_talk(mistake, retracted(mistake, "2026-03-06T12:00Z"))

        assert outcome(app) is None
        assert agenda(app) == agenda(after_talk())


class TestTentative:
    MAYBE = said("employer_replied", "2026-03-05T12:00Z", tentative=True)

    def test_a_tentative_fact_has_no_effect(self) -> None:
        assert agenda(after_talk(self.MAYBE)) == agenda(after_talk())

    def test_confirmed_it_counts_from_its_own_time(self) -> None:
        app = after_talk(self.MAYBE, confirmed(self.MAYBE, "2026-03-09T12:00Z"))

        assert silence_start(app) == at("2026-03-05T12:00Z")

    def test_confirmed_and_then_retracted_it_was_never_said(self) -> None:
        app = after_talk(self.MAYBE, confirmed(self.MAYBE, "2026-03-09T12:00Z"), retracted(self.MAYBE, "2026-03-10T12:00Z"))

        assert agenda(app) == agenda(after_talk())

    def test_a_retracted_confirmation_leaves_it_tentative(self) -> None:
        yes = confirmed(self.MAYBE, "2026-03-09T12:00Z")

        assert agenda(after_talk(self.MAYBE, yes, retracted(yes, "2026-03-10T12:00Z"))) == agenda(after_talk())

    def test_a_tentative_retraction_retracts_nothing(self) -> None:
        app = after_talk(REPLY, retracted(REPLY, "2026-03-06T12:00Z", tentative=True))

        assert silence_start(app) == at("2026-03-05T12:00Z")
