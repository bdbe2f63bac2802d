"""What the door takes and what it refuses, before any of it reaches an application."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from workflows.facts import FACT, OUTSIDE_FACT, Candidate, Employer, FollowUpSent, InterviewHeld, OfferReceived, Opened, Word
from workflows.policy import INDUSTRY, POLICIES, Policy

ADA: dict[str, Any] = {"id": "cand-7", "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
TALK: dict[str, Any] = {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00:00+00:00"}

EVERY_OUTSIDE_FACT: list[dict[str, Any]] = [
    {"type": "interview_scheduled", "interview": "i", "starts_at": "2026-03-02T14:00Z", "ends_at": "2026-03-02T15:00Z", "kind": "panel"},
    {"type": "interview_rescheduled", "interview": "j", "starts_at": "2026-03-02T14:00Z", "ends_at": "2026-03-02T15:00Z", "replaces": "i"},
    {"type": "interview_cancelled", "interview": "i", "by_whom": "candidate"},
    {
        "type": "interview_held",
        "interview": "i",
        "ended_at": "2026-03-02T15:00Z",
        "interviewers": [{"id": "g", "name": "Grace", "role": "lead"}],
    },
    {"type": "reflection_noted", "interview": "i", "questions": "a\nb", "answers": "c", "takeaways": "d", "points": {"g": "compilers"}},
    {"type": "thank_you_sent", "interview": "i", "interviewer": "g"},
    {"type": "thank_you_waived", "interview": "i"},
    {"type": "timeline_stated", "respond_by": "2026-03-13"},
    {"type": "follow_up_sent"},
    {"type": "employer_replied", "respond_by": "2026-03-13", "from": {"name": "Jo", "email": "jo@example.com"}},
    {"type": "employer_away", "until": "2026-03-13", "from": "2026-03-09"},
    {"type": "hiring_step", "step": "reference_check"},
    {"type": "next_round_invited", "kind": "case study", "with": "the board"},
    {
        "type": "offer_received",
        "in_writing": True,
        "decide_by": "2026-03-13",
        "starts_on": "2026-05-01",
        "offer": "o",
        "from": {"name": "Jo"},
    },
    {"type": "offer_received", "in_writing": False, "decide_by": "2026-03-13T12:00:00-05:00"},
    {"type": "offer_accepted", "offer": "o"},
    {"type": "offer_declined"},
    {"type": "offer_withdrawn"},
    {"type": "rejected", "feedback": "more depth", "from": {"email": "jo@example.com"}, "by_whom": "unknown"},
    {"type": "withdrawn", "reason": "another offer"},
    {"type": "details_changed", "employer": {"name": "Acme"}, "position": "Engineer", "policy": "university"},
    {"type": "paused", "until": "2026-03-13"},
    {"type": "paused", "until": "2026-03-13T12:00Z"},
    {"type": "resumed"},
    {"type": "snoozed", "intent": "follow-up/1", "until": "2026-03-13"},
    {"type": "bounced", "intent": "follow-up/1", "permanent": True},
    {"type": "retracted", "fact": "a-fact"},
    {"type": "confirmed", "fact": "a-fact"},
    {"type": "letter_sent", "letter": "thank-you/i1/g"},
    {"type": "letter_sent", "letter": "follow-up/1"},
]


def refused(fact: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as told:
        OUTSIDE_FACT.validate_python(fact)
    return str(told.value)


class TestEveryFact:
    @pytest.mark.parametrize("fact", EVERY_OUTSIDE_FACT, ids=str)
    def test_every_fact_of_the_contract_is_read_with_its_common_fields_and_written_back_the_same(self, fact: dict[str, Any]) -> None:
        whole = {"id": "fact-1", "by": "candidate", "at": "2026-03-02T15:00:00Z", "tentative": True, "anyway": True, **fact}

        read = OUTSIDE_FACT.validate_python(whole)

        assert OUTSIDE_FACT.validate_json(OUTSIDE_FACT.dump_json(read, by_alias=True, exclude_unset=True)) == read
        assert (read.id, read.by, read.tentative, read.anyway) == ("fact-1", "candidate", True, True)

    @pytest.mark.parametrize("fact", EVERY_OUTSIDE_FACT, ids=str)
    def test_every_fact_can_be_read_from_json_alone(self, fact: dict[str, Any]) -> None:
        read = FACT.validate_python(fact)

        assert FACT.validate_json(FACT.dump_json(read, by_alias=True)) == read

    def test_the_own_time_of_a_held_interview_is_its_end_unless_said(self) -> None:
        held = FACT.validate_python(TALK)
        told_later = FACT.validate_python({**TALK, "at": "2026-03-05T12:00Z"})

        assert isinstance(held, InterviewHeld)
        assert held.own_time == held.ended_at
        assert told_later.own_time == told_later.at
        assert FollowUpSent().own_time is None

    def test_an_offers_deadline_is_a_date_or_a_moment(self) -> None:
        by_date = OfferReceived.model_validate({"in_writing": True, "decide_by": "2026-03-13"})
        by_hour = OfferReceived.model_validate({"in_writing": True, "decide_by": "2026-03-13T00:00:00Z"})

        assert by_date.decide_by != by_hour.decide_by
        assert by_date == OfferReceived.model_validate_json(by_date.model_dump_json(by_alias=True))
        assert by_hour == OfferReceived.model_validate_json(by_hour.model_dump_json(by_alias=True))

    @pytest.mark.parametrize(
        "kind", ["opened", "prompted", "ghosted", "offer_lapsed", "calendar", "closed", "expired", "skipped", "linked"]
    )
    def test_what_only_the_process_says_is_no_fact_from_outside(self, kind: str) -> None:
        assert kind in refused({"type": kind, "intent": "follow-up/1", "reason": "x", "number": 1})

    @pytest.mark.parametrize("kind", ["hired", "", "Rejected", "interview held", "follow-up-sent", None, 7, ["rejected"]])
    def test_an_unknown_fact_is_refused(self, kind: object) -> None:
        refused({"type": kind})

    def test_a_fact_without_a_type_is_refused(self) -> None:
        refused({"interview": "i1", "ended_at": "2026-03-02T15:00Z"})


class TestTimes:
    @pytest.mark.parametrize(
        "moment",
        [
            "2026-03-02T15:00:00",  # no offset: not a moment
            "2026-02-30T15:00:00Z",
            "2026-13-01T15:00:00Z",
            "2026-03-02T25:00:00Z",
            "2026-03-02",
            "yesterday",
            "",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-23:59",
            None,
            [],
            {"year": 2026},
            True,
        ],
    )
    def test_an_impossible_moment_is_refused(self, moment: object) -> None:
        refused({**TALK, "ended_at": moment})

    @pytest.mark.parametrize(
        "day", ["2026-02-30", "2026-00-10", "2026-3-1x", "tomorrow", "0000-01-01", "9999-12-31", "", None, "13.03.2026"]
    )
    def test_an_impossible_date_is_refused(self, day: object) -> None:
        refused({"type": "timeline_stated", "respond_by": day})

    def test_an_interview_ends_after_it_starts(self) -> None:
        talk = {"type": "interview_scheduled", "interview": "i", "starts_at": "2026-03-02T15:00Z"}

        assert "ends" in refused({**talk, "ends_at": "2026-03-02T14:00Z"})
        assert "ends" in refused({**talk, "ends_at": "2026-03-02T15:00Z"})
        refused({**talk, "type": "interview_rescheduled", "ends_at": "2026-03-02T15:30+01:00"})

    def test_an_absence_does_not_end_before_it_starts(self) -> None:
        refused({"type": "employer_away", "from": "2026-03-13", "until": "2026-03-12"})
        OUTSIDE_FACT.validate_python({"type": "employer_away", "from": "2026-03-13", "until": "2026-03-13"})

    def test_a_timeline_does_not_promise_an_answer_from_before_it_was_stated(self) -> None:
        """`at` and the date lie days apart, so that no zone decides."""
        refused({"type": "timeline_stated", "at": "2026-03-10T12:00Z", "respond_by": "2026-03-06"})


class TestShapes:
    @pytest.mark.parametrize(
        "fact",
        [
            {"type": "follow_up_sent", "at": "2026-03-02T15:00Z", "tentative": "perhaps"},
            {"type": "offer_received"},
            {"type": "offer_received", "in_writing": "on paper"},
            {"type": "interview_held", "interview": 7, "ended_at": "2026-03-02T15:00Z"},
            {"type": "interview_held", "interview": "i1"},
            {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00Z", "interviewers": "Grace"},
            {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00Z", "interviewers": [{"name": "Grace"}]},
            {"type": "interview_held", "interview": "i1", "ended_at": "2026-03-02T15:00Z", "interviewers": [{"id": "g"}]},
            {"type": "hiring_step", "step": "coffee"},
            {"type": "interview_cancelled", "interview": "i1", "by_whom": "nobody"},
            {"type": "rejected", "by_whom": "candidate"},
            {"type": "snoozed", "intent": "dance/1", "until": "2026-03-13"},
            {"type": "snoozed", "intent": "follow-up", "until": "2026-03-13"},
            {"type": "snoozed", "intent": "follow-up/1"},
            {"type": "bounced", "intent": "follow-up/1"},
            {"type": "letter_sent", "letter": "a letter"},
            {"type": "retracted"},
            {"type": "reflection_noted", "interview": "i1", "points": ["g"]},
            {"type": "employer_away"},
            {"type": "follow_up_sent", "by": "the neighbour"},
            {"type": "follow_up_sent", "by": "board:"},
            [],
            "rejected",
            None,
            42,
        ],
        ids=str,
    )
    def test_a_wrong_shape_is_refused(self, fact: Any) -> None:
        with pytest.raises(ValidationError):
            OUTSIDE_FACT.validate_python(fact)

    def test_a_refusal_does_not_repeat_what_was_said(self) -> None:
        """What is refused may be private; the problem names the field only."""
        assert "Grace Hopper" not in refused({**TALK, "interviewers": [{"id": "not opaque!", "name": "Grace Hopper"}], "ended_at": "x"})

    def test_one_bad_fact_makes_the_whole_word_unreadable(self) -> None:
        with pytest.raises(ValidationError):
            Word.model_validate({"facts": [{"type": "follow_up_sent"}, {"type": "dance"}]})


class TestIds:
    @pytest.mark.parametrize("name", ["i1", "a", "A-z0.9_~-", "x" * 128, "0"])
    def test_an_opaque_id_is_taken(self, name: str) -> None:
        OUTSIDE_FACT.validate_python({**TALK, "interview": name})

    @pytest.mark.parametrize("name", ["", "x" * 129, "a b", "a/b", "ä", "a\n", "a@b", "🙂", "a\u202eb", "a\x00", "a'b", "a%2fb"])
    def test_an_id_that_is_not_opaque_is_refused(self, name: str) -> None:
        refused({**TALK, "interview": name})
        refused({**TALK, "interviewers": [{"id": name, "name": "Grace"}]})
        refused({"type": "offer_accepted", "offer": name})
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "id": name})


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "Ada",
            "Søren Kierkegaard",
            "李小龍",
            "محمد بن موسى",
            "עדה לאבלייס",
            "Ada 🙂 Byron",
            "O'Neil-Smith, Jr.",
            "👩\u200d💻",
            "A\u0301da",
        ],
    )
    def test_every_way_to_write_a_name_is_taken_as_it_is(self, name: str) -> None:
        assert Candidate.model_validate({**ADA, "name": name}).name == name
        assert Employer.model_validate({"name": name}).name == name

    @pytest.mark.parametrize(
        "name",
        [
            "Ada\nBcc: all@example.com",
            "Ada\r\nSubject: x",
            "Ada\rx",
            "Ada\x00",
            "Ada\x1b[31m",
            "Ada\x7f",
            "Ada\u2028x",
            "Ada\u2029x",
            "Ada\x85x",
            "",
            "  ",
        ],
    )
    def test_a_name_cannot_carry_another_header(self, name: str) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "name": name})
        with pytest.raises(ValidationError):
            Employer.model_validate({"name": name})
        refused({**TALK, "interviewers": [{"id": "g", "name": name}]})
        refused({"type": "employer_replied", "from": {"name": name}})
        refused({"type": "details_changed", "position": name})
        refused({"type": "next_round_invited", "kind": name})

    def test_a_very_long_name_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "name": "x" * 10_000})

    def test_reflections_may_have_several_lines_but_no_control_characters(self) -> None:
        OUTSIDE_FACT.validate_python({"type": "reflection_noted", "interview": "i", "questions": "why?\n\twhy not? 🙂"})
        refused({"type": "reflection_noted", "interview": "i", "questions": "why?\x00"})
        refused({"type": "reflection_noted", "interview": "i", "points": {"g": "a\x1b[2J"}})


class TestAddresses:
    @pytest.mark.parametrize("address", ["ada@example.org", "ada+jobs@sub.example.co.uk", "o'neil@example.com", "用户@例子.公司"])
    def test_an_address_that_can_be_one_is_taken(self, address: str) -> None:
        assert Candidate.model_validate({**ADA, "email": address}).email == address

    @pytest.mark.parametrize(
        "address",
        [
            "ada",
            "ada@",
            "@example.org",
            "ada@b@example.org",
            "ada byron@example.org",
            "ada@example.org\nBcc: all@example.com",
            "ada@example.org\r\n",
            "Ada <ada@example.org>",
            "ada@example.org,bob@example.org",
            "ada@exam ple.org",
            "ada@example.org\x00",
            "a" * 400 + "@example.org",
            "",
            7,
        ],
    )
    def test_an_address_that_cannot_be_one_is_refused(self, address: object) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "email": address})
        refused({**TALK, "interviewers": [{"id": "g", "name": "Grace", "email": address}]})


class TestPeople:
    @pytest.mark.parametrize("missing", ["id", "timezone", "email"])
    def test_a_candidate_has_an_id_a_zone_and_for_mail_an_address(self, missing: str) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({k: v for k, v in ADA.items() if k != missing})

    def test_a_candidate_reached_otherwise_needs_no_address(self) -> None:
        webhook = {**ADA, "channels": ["webhook"]}
        del webhook["email"]

        assert Candidate.model_validate(webhook).email is None

    @pytest.mark.parametrize("name", ["Europe/Atlantis", "GMT+25", "", "Europe/London\n", "../etc/passwd", "london", 7])
    def test_an_unknown_zone_is_refused(self, name: object) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "timezone": name})
        with pytest.raises(ValidationError):
            Employer.model_validate({"name": "Acme", "timezone": name})

    @pytest.mark.parametrize(
        "hours", [["08:00", "10:59"], ["21:00", "08:00"], ["8", "21"], ["08:00"], ["24:00", "27:00"], ["08:60", "21:00"], "all"]
    )
    def test_waking_hours_are_two_local_times_at_least_three_hours_apart(self, hours: object) -> None:
        with pytest.raises(ValidationError):
            Candidate.model_validate({**ADA, "waking_hours": hours})

    def test_three_hours_are_enough(self) -> None:
        assert Candidate.model_validate({**ADA, "waking_hours": ["08:00", "11:00"]}).waking_hours == ("08:00", "11:00")

    @pytest.mark.parametrize("fields", [{"country": "USA"}, {"country": "us"}, {"subdivision": "N Y"}, {"name": None}, {}])
    def test_an_employer_has_a_name_and_codes_that_can_be_codes(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            Employer.model_validate({"name": "Acme", **fields} if fields else {})

    def test_an_opening_needs_a_candidate_an_employer_with_a_name_and_a_position(self) -> None:
        whole = {"candidate": ADA, "employer": {"name": "Acme"}, "position": "Engineer", "policy": INDUSTRY}

        Opened.model_validate(whole)
        for missing in ("candidate", "employer", "position"):
            with pytest.raises(ValidationError):
                Opened.model_validate({k: v for k, v in whole.items() if k != missing})


class TestPolicies:
    def test_industry_has_the_numbers_of_the_guide(self) -> None:
        numbers = POLICIES["industry"].model_dump(exclude={"name", "version"})

        assert numbers == {
            "thank_you": 2,
            "nudge": 18,
            "thank_you_due": 24,
            "thank_you_until": 48,
            "grace": 1,
            "grace_last": 3,
            "first": 7,
            "last": 10,
            "ghost": 5,
            "answer": 2,
            "rejection_reply": 24,
            "outcome_until": 5,
            "listens": 90,
        }

    def test_university_differs_in_grace_and_in_the_time_to_answer_an_offer(self) -> None:
        industry, university = (POLICIES[name].model_dump(exclude={"name", "version"}) for name in ("industry", "university"))

        assert {k: v for k, v in university.items() if industry[k] != v} == {"grace": 5, "answer": 10}

    def test_a_policys_numbers_must_make_sense(self) -> None:
        Policy(name="own", first=3, last=4)
        for numbers in (
            {"first": 10, "last": 10},
            {"first": 11},
            {"ghost": 0},
            {"grace": -1},
            {"answer": 0},
            {"first": "soon"},
            {"nudge": 30},
        ):
            with pytest.raises(ValidationError):
                Policy.model_validate({"name": "own", **numbers})

    def test_every_number_of_a_policy_names_its_source_or_owns_up(self) -> None:
        for name, number in Policy.model_fields.items():
            assert name in ("name", "version") or number.description, name
