"""Rules broken on purpose, as data: what is replaced by what, and the tests that must fail then.

A rule that can be broken without any of its tests failing is a rule that nobody keeps. The text to replace stands exactly once in its file:
where the code was rewritten, the row is rewritten with it.
"""

from __future__ import annotations

from typing import Final

from tests.mutants.breaks_across import BREAKS_ACROSS
from tests.mutants.breaks_beside import BREAKS_BESIDE
from tests.mutants.row import Break, Edit
from tests.mutants.row import broken as _broken

STORY, CALENDAR, POLICY = "workflows/application/story.py", "workflows/calendar.py", "workflows/policy.py"
IMMEDIATE, WAITING, OUTCOMES = "workflows/guide/immediate.py", "workflows/guide/waiting.py", "workflows/guide/outcomes.py"
STEPS, TURN, GUIDE = "workflows/guide/steps.py", "workflows/guide/turn.py", "workflows/guide/__init__.py"
LEDGER = "workflows/ledger.py"
LINKS = "activities/letters/links.py"
APPLICATION, OUTCOME, EMPLOYER = (
    "workflows/application/__init__.py",
    "workflows/application/outcome.py",
    "workflows/application/effects/employer.py",
)

ROWS = "tests/core/test_worked_dates.py::TestRows::test_the_agenda_has_the_dates_of_the_row"
REHEARSED = "tests/core/test_worked_dates.py::TestRows::test_a_rehearsal_sends_on_the_dates_of_the_row"
TOLD = "tests/core/test_worked_dates.py::TestStories::test_the_story_goes_as_it_is_told"
NTH = "tests/core/test_calendar.py::TestBusinessDays::test_the_nth_business_day_is_strictly_later_and_skips_weekends_and_holidays"

BREAKS: Final = (
    _broken("eight business days instead of seven", POLICY, "first: Count = 7", "first: Count = 8", f"{ROWS}[A]", f"{REHEARSED}[C]"),
    _broken("no grace after a promised date", POLICY, "grace: Count = 1\n", "grace: Count = 2\n", f"{ROWS}[B]", f"{ROWS}[D]"),
    _broken(
        "ghosted without the days in between",
        POLICY,
        "ghost: Count = 5",
        "ghost: Count = 4",
        f"{ROWS}[A]",
        "tests/core/test_guide_waiting.py::TestGhosted::test_after_a_follow_up_it_counts_from_the_day_it_was_sent",
    ),
    _broken(
        "day 0 counts", CALENDAR, "        day = start\n        while n and", "        day = start - ONE_DAY\n        while n and", NTH
    ),
    _broken("holidays count", CALENDAR, "in self.weekend or day in self.holidays:", "in self.weekend:", NTH, f"{ROWS}[C]"),
    _broken(
        "days on which the employer is away count",
        CALENDAR,
        "not (self.absences and any(a <= day <= b for a, b in self.absences))",
        "True",
        f"{ROWS}[F]",
        "tests/core/test_guide_waiting.py::TestNumbers::test_days_on_which_the_employer_is_away_do_not_count",
    ),
    _broken(
        "the start is a date of the candidate",
        STORY,
        "return self.employer_clock.date_of(silence.start), p.first",
        "return self.candidate_clock.date_of(silence.start), p.first",
        "tests/core/test_guide_waiting.py::TestNumbers::test_the_start_is_a_date_of_the_employer",
    ),
    _broken(
        "a nudge at any hour",
        IMMEDIATE,
        "        due = clock.waking_before(asked)\n",
        "        due = asked\n",
        "tests/core/test_guide_immediate.py::TestDue::test_prompt_and_nudge",
    ),
    _broken(
        "a nudge later than 24 hours",
        IMMEDIATE,
        "if due > t + timedelta(hours=p.thank_you_due - 1):",
        "if due > t + timedelta(hours=p.thank_you_until):",
        "tests/core/test_guide_immediate.py::test_the_nudge_is_never_later_than_24_hours_for_any_end_of_the_interview",
    ),
    _broken(
        "a follow-up at any hour",
        WAITING,
        "return mine.waking(clock.passed(base, a)), ",
        "return clock.passed(base, a), ",
        f"{ROWS}[A]",
    ),
    _broken(
        "what is overdue is sent at any hour",
        STEPS,
        "return story.candidate_clock.waking(now) if self.message else now",
        "return now",
        "tests/core/test_worked_dates.py::TestStories::test_imported_at_night_the_last_call_waits_for_the_morning",
    ),
    _broken(
        "a second follow-up is prompted",
        WAITING,
        '    if not silence.followed_up:\n        if not story.noted("follow-up"',
        '    if silence.number:\n        if not story.noted("follow-up"',
        "tests/core/test_guide_waiting.py::TestFollowUp::test_sent_there_is_neither_prompt_nor_last_call",
    ),
    _broken(
        "a second follow-up is taken",
        EMPLOYER,
        "    if silence and silence.followed_up:\n        day = ",
        "    if silence and silence.followed_up and not silence.number:\n        day = ",
        "tests/core/test_refusals.py::TestRefusals::test_a_second_follow_up_in_a_silence_is_refused",
    ),
    _broken(
        "what was prompted is prompted again",
        STORY,
        "            return note\n        return None",
        "            continue\n        return None",
        "tests/core/test_guide_waiting.py::TestFollowUp::test_prompted_once_it_is_done",
        "tests/core/test_guide_immediate.py::TestDone::test_what_was_prompted_is_done",
    ),
    _broken(
        "a newly promised date brings no new prompt",
        STORY,
        "return max(silence.start, self.employer_clock.close(silence.promised)) if silence.promised else silence.start",
        "return silence.start",
        "tests/core/test_guide_waiting.py::TestFollowUp::test_a_newly_promised_date_brings_the_prompt_again",
    ),
    _broken(
        "a date promised for before the silence counts",
        STORY,
        "return None if spent or day < self.employer_clock.date_of(start) else day",
        "return None if spent else day",
        "tests/core/test_promised_date.py::TestPromisedDate::test_a_date_earlier_than_the_silence_is_ignored",
    ),
    _broken(
        "ghosted without the last call",
        WAITING,
        "ready = silence.followed_up is not None or story.last_call_given(silence) is not None",
        "ready = True",
        f"{TOLD}[imported late, only the latest that can be performed is]",
    ),
    _broken(
        "everything overdue is sent at once",
        TURN,
        "self._skip([s for s in passed if s not in together], SUPERSEDED)",
        "self.sends += [s for s in passed if s not in together and s.message]",
        "tests/core/test_worked_dates.py::TestStories::test_imported_late_everything_passed_is_noted_at_once_and_only_the_last_call_is_received",
    ),
    _broken(
        "what helps nobody any more is sent",
        TURN,
        "late = [s for s in due if s.until and now >= s.until]",
        "late = [s for s in due if s.until and now < s.since]",
        "tests/core/test_guide_outcomes.py::TestTheEnd::test_what_was_over_before_it_was_heard_is_skipped_as_too_late",
    ),
    _broken(
        "a pause holds nothing",
        STEPS,
        "        pause = self.story.pause\n",
        "        pause = None\n",
        "tests/core/test_guide_above.py::TestPause::test_until_a_moment_what_was_due_shows_as_due_then",
        f"{TOLD}[paused, what was due is due when the pause ends]",
    ),
    _broken(
        "a snooze moves what it was not about",
        STEPS,
        " or self._since_at(snooze.place, step) != step.since:",
        ":",
        "tests/core/test_guide_above.py::TestSnooze::test_it_moves_the_step_as_it_stood_then_so_not_that_of_a_later_silence",
    ),
    _broken(
        "arrival decides instead of own time",
        APPLICATION,
        "told = sorted(facts, key=own_order)",
        "told = list(facts)",
        "tests/core/test_order.py::TestOrder::test_facts_count_in_the_order_of_their_own_time_not_of_their_arrival",
        "tests/core/test_interviews.py::TestInterviews::test_the_latest_is_the_latest_by_own_time_not_the_latest_heard",
    ),
    _broken(
        "what was taken back counts",
        APPLICATION,
        "retracted = any(counts(r) for r in retractions.get(name, ()))",
        "retracted = False",
        "tests/core/test_order.py::TestTakenBack::test_a_retracted_fact_counts_as_never_said",
    ),
    Break(
        "the same word twice is two facts",
        (
            Edit(LEDGER, "for f in facts if f.id not in self.ids}", "for f in facts}"),
            Edit(LEDGER, "        if name not in ledger.ids and name not in kept:\n", "        if name not in kept:\n"),
        ),
        ("tests/durability/test_memory.py::test_a_word_that_is_known_adds_nothing",),
    ),
    _broken(
        "a board reopens what the candidate ended",
        OUTCOME,
        "return own and isinstance(fact, _BACK_IN_THE_RUNNING)",
        "return isinstance(fact, _BACK_IN_THE_RUNNING)",
        "tests/core/test_outcomes.py::TestEveryCellOfTheTable::test_a_boards_word_is_never_refused_and_reopens_only_what_the_employer_may",
    ),
    _broken(
        "an unclaimed application prompts",
        GUIDE,
        "if story.opened is None or story.linked:\n        return",
        "if story.linked:\n        return",
        "tests/core/test_stages.py::TestLeftAlone::test_unclaimed_it_expires_after_30_days",
    ),
    _broken(
        "an uncertain send is tried again",
        "activities/handover.py",
        "        raise UnknownOutcomeError from None\n    if 400",
        '        raise RefusedError("the connection was lost") from None\n    if 400',
        "tests/activities/test_notices.py::test_a_connection_lost_after_the_message_is_uncertain",
        "tests/activities/test_notices.py::test_a_server_silent_after_the_message_is_uncertain",
    ),
    _broken(
        "a message that was recalled too late is sent again",
        "workflows/outbox.py",
        "        if kind == UNCERTAIN or cut_off or (",
        "        if (not sent.recalled and (kind == UNCERTAIN or cut_off)) or (",
        "tests/sending/test_cut_off.py::test_a_message_of_unknown_fate_is_not_sent_again_in_other_words",
    ),
    _broken(
        "a letter that left leaves again under another approval",
        "workflows/application/effects/letters.py",
        '    if approval.fate == "pending" and (left := _left(story, approval)):\n',
        "    if approval.kind in ASKS and (left := _left(story, approval)):\n",
        "tests/sending/test_once.py::test_what_left_or_may_have_left_is_refused_and_does_not_leave_again_though_somebody_insists",
    ),
    _broken(
        "a letter that left can be taken back",
        "workflows/application/__init__.py",
        " or name in left:\n",
        ":\n",
        "tests/sending/test_once.py::test_an_approval_whose_letter_left_cannot_be_taken_back",
    ),
    _broken(
        "a signature by nobody is believed",
        "workflows/boards/signing.py",
        "    if not matches:\n",
        "    if not given:\n",
        "tests/boards/test_signing.py::test_a_foreign_secret_and_none_at_all_verify_nothing",
    ),
    Break(
        "nothing is looked at again before it leaves",
        (
            Edit(
                "workflows/outbox.py",
                "                sent.attempts.cancel()  # not our own task",
                "                continue  # not our own task",
            ),
            Edit("activities/handover.py", "BEFORE: Final = 10.0", "BEFORE: Final = 3.0"),  # alone it breaks nothing: it is over sooner
        ),
        ("tests/shell/test_delivery.py::test_a_letter_whose_words_changed_at_the_door_leaves_once_in_its_new_words",),
    ),
    _broken(
        "a link for one purpose is one for any",
        LINKS,
        'salt=f"afterword.link.{purpose}"',
        'salt="afterword.link"',
        "tests/activities/test_links.py::test_a_link_for_one_purpose_is_none_for_another[stop]",
    ),
    _broken(
        "a link never ends",
        LINKS,
        "if now >= link.expires:",
        "if now > link.expires + LIFE:",
        "tests/activities/test_links.py::test_a_link_ends_with_its_time",
    ),
    _broken(
        "a link works once for all steps of one name",
        LINKS,
        "self.about, self.step))",
        "self.about))",
        "tests/activities/test_links.py::test_the_fact_of_another_step_of_the_same_intent_is_another",
    ),
    *BREAKS_ACROSS,
    *BREAKS_BESIDE,
)
