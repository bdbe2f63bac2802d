"""Every date has its sentence: rule, start, what did not count, both clocks where they differ, the policy."""

from __future__ import annotations

import pytest

from tests.core.histories import (
    GRACE,
    TALK,
    after_talk,
    agenda,
    calendar,
    held,
    history,
    opened,
    said,
    thanked,
    the,
)
from tests.core.worked_dates import ROWS
from workflows.application import Application
from workflows.policy import UNIVERSITY


def worked(name: str) -> Application:
    row = next(row for row in ROWS if row.name == name)
    facts = [held("i1", row.ended, GRACE)]
    if row.promised:
        facts.append(said("timeline_stated", row.ended, respond_by=row.promised))
    if row.away:
        facts.append(said("employer_away", row.ended, until=row.away[1], **{"from": row.away[0]}))
    here = opened(candidate=row.candidate, employer=row.employer, country=row.country, subdivision=row.subdivision)
    return history(*facts, opening=(here, calendar(row.country, row.subdivision)))


SENTENCES: list[tuple[str, str, tuple[str, ...]]] = [
    ("A", "thank-you", ("2 h", "Mon 2 Mar", "17:00")),
    ("A", "thank-you-nudge", ("18 h", "Tue 3 Mar", "09:00")),
    ("A", "thank-you-lapsed", ("48 h", "Wed 4 Mar", "15:00")),
    ("A", "follow-up", ("7 business days", "Mon 2 Mar", "New York", "Wed 11 Mar 17:00", "Thu 12 Mar 08:00 London", "waking hours")),
    ("A", "follow-up-last-call", ("10 business days", "Mon 2 Mar", "Mon 16 Mar 17:00", "Tue 17 Mar 08:00 London")),
    ("A", "ghosted", ("15 business days", "Mon 2 Mar", "Mon 23 Mar 17:00", "Tue 24 Mar 08:00 London")),
    ("B", "follow-up", ("1 business day", "Fri 13 Mar", "Mon 16 Mar 17:00", "Tue 17 Mar 08:00 London")),
    ("B", "follow-up-last-call", ("4 business days", "Fri 13 Mar", "Thu 19 Mar 17:00")),
    ("B", "ghosted", ("9 business days", "Fri 13 Mar", "Thu 26 Mar 17:00")),
    ("C", "follow-up", ("7 business days", "Thu 26 Mar", "Wed 8 Apr 17:00", "Karfreitag", "Ostermontag")),
    ("C", "follow-up-last-call", ("10 business days", "Karfreitag", "Ostermontag")),
    ("D", "follow-up", ("1 business day", "Wed 25 Nov", "Thanksgiving", "Fri 27 Nov 17:00")),
    ("D", "ghosted", ("9 business days", "Thanksgiving", "Wed 9 Dec 17:00")),
    ("F", "follow-up", ("7 business days", "Tue 5 May", "away", "11", "15", "Thu 21 May 17:00", "Thu 21 May 11:00")),
    ("F", "follow-up-last-call", ("10 business days", "away", "Pfingstmontag", "Wed 27 May 17:00")),
]


class TestSentences:
    @pytest.mark.parametrize(("row", "kind", "parts"), SENTENCES, ids=[f"{row} {kind}" for row, kind, _ in SENTENCES])
    def test_it_names_rule_start_what_did_not_count_and_both_clocks(self, row: str, kind: str, parts: tuple[str, ...]) -> None:
        why = the(worked(row), kind).why

        assert [part for part in parts if part not in why] == [], why

    @pytest.mark.parametrize("row", [row.name for row in ROWS])
    def test_every_sentence_is_plain_and_names_the_policy(self, row: str) -> None:
        for step in agenda(worked(row)):
            assert step.why == step.why.strip()
            assert "\n" not in step.why
            assert step.why.endswith("Policy industry 1."), step.why

    def test_another_policy_is_named_with_its_numbers(self) -> None:
        app = history(
            held("i1", TALK, GRACE),
            said("timeline_stated", TALK, respond_by="2026-03-13"),
            opening=(opened(policy=UNIVERSITY), calendar()),
        )
        why = the(app, "follow-up").why

        assert "5 business days" in why
        assert why.endswith("Policy university 1.")

    def test_ordinary_weekends_go_without_saying(self) -> None:
        why = the(worked("A"), "follow-up").why

        assert "Sat" not in why
        assert "Sun" not in why

    def test_a_holiday_on_a_weekend_goes_without_saying(self) -> None:
        """8 March, a Sunday, is a holiday in Berlin."""
        app = history(
            held("i1", "2026-03-02T15:00Z", GRACE),
            opening=(opened(employer="Europe/Berlin", country="DE", subdivision="BE"), calendar("DE", "BE")),
        )

        assert "Frauentag" not in the(app, "follow-up").why

    def test_only_what_lies_within_the_days_counted_is_named(self) -> None:
        assert "Pfingstmontag" not in the(worked("F"), "follow-up").why
        assert "Thanksgiving" not in the(worked("A"), "ghosted").why

    def test_one_clock_is_named_where_both_agree(self) -> None:
        assert "New York" not in the(worked("C"), "follow-up").why

    def test_a_holiday_and_an_absence_on_one_day_is_told_once(self) -> None:
        """Ascension Day lies within the absence of row F."""
        assert the(worked("F"), "follow-up").why.count("14 May") <= 1

    def test_an_unknown_subdivision_is_said(self) -> None:
        unknown = history(held("i1", TALK, GRACE), opening=(opened(subdivision=None), calendar("US", None)))

        assert "nation" in the(unknown, "follow-up").why.lower()
        assert "nation" not in the(after_talk(), "follow-up").why.lower()

    def test_a_follow_up_sent_is_what_the_end_counts_from(self) -> None:
        why = the(thanked(said("follow_up_sent", "2026-03-12T09:00Z")), "ghosted").why

        for part in ("5 business days", "Thu 12 Mar", "Thu 19 Mar 17:00", "Fri 20 Mar 08:00 London"):
            assert part in why, why

    def test_an_offers_deadline_is_named(self) -> None:
        app = after_talk(said("offer_received", "2026-03-05T12:00Z", in_writing=True, decide_by="2026-03-13"))

        assert "Fri 13 Mar" in the(app, "offer-decide").why
        assert "Fri 13 Mar" in the(app, "offer-overdue").why
        assert "5 business days" in the(app, "offer-lapsed").why

    def test_the_policys_own_deadline_is_told_apart_from_the_employers(self) -> None:
        why = the(after_talk(said("offer_received", "2026-03-02T16:00Z", in_writing=True)), "offer-decide").why

        assert "2 business days" in why
        assert "Wed 4 Mar" in why

    def test_a_rejections_reply_names_its_day(self) -> None:
        why = the(after_talk(said("rejected", "2026-03-10T12:00Z")), "rejection-reply").why

        assert "24 h" in why
        assert "Tue 10 Mar" in why

    def test_the_wait_names_what_it_waited_for(self) -> None:
        lapsed, sent = the(after_talk(), "waiting").why, the(thanked(), "waiting").why

        assert "thank" in lapsed
        assert "thank" in sent
        assert "Wed 4 Mar 15:00" in lapsed  # when the thank-yous are no longer worth sending
        reply = said("employer_replied", "2026-03-05T12:00Z", respond_by="2026-03-31")
        assert "Thu 5 Mar" in the(thanked(reply), "waiting").why
