"""Rules broken on purpose, of letters sent for somebody, of a candidate's wishes, and of the candidate across applications."""

from __future__ import annotations

from typing import Final

from tests.mutants.row import broken

LETTERS, PERSON, ACROSS = "workflows/application/effects/letters.py", "workflows/person/__init__.py", "workflows/person/agenda.py"
EMPLOYER, STEPS, TURN = "workflows/application/effects/employer.py", "workflows/guide/steps.py", "workflows/guide/turn.py"

APPROVALS, POINTLESS = "tests/core/test_approvals.py", "tests/core/test_approvals_pointless.py"
REFUSED = "tests/core/test_approvals_refused.py"

BREAKS_ACROSS: Final = (
    broken(
        "an answer that is on its way is approved once more",
        LETTERS,
        '    if any(e.fate == "pending" and not e.overtaken and name_of(story, e.letter) == name for e in story.approvals):\n',
        "    if not name:\n",
        f"{REFUSED}::TestOnce::test_an_answer_that_is_approved_twice_leaves_once",
    ),
    broken(
        "a letter leaves with a blank in it",
        LETTERS,
        " or BLANK.search(approval.fact.body):\n",
        ":\n",
        f"{REFUSED}::TestBlanks::test_a_letter_with_a_blank_is_refused_and_never_leaves[body]",
    ),
    broken(
        "a letter that left counts as never approved",
        LETTERS,
        '    if isinstance(fate, said.LetterUndeliverable):\n        approval.fate, approval.reason = "undeliverable", fate.reason\n',
        '    if fate:\n        approval.fate, approval.reason = "undeliverable", getattr(fate, "reason", "")\n',
        f"{APPROVALS}::TestWhatItCountsFor::test_of_a_letter_that_perhaps_left_it_counts_all_the_same",
        f"{APPROVALS}::TestWhatItCountsFor::test_ghosted_counts_from_the_day_on_which_it_left",
    ),
    broken(
        "a letter that did not leave counts as sent",
        LETTERS,
        '    if approval.fate == "undeliverable":\n        return\n',
        "",
        f"{APPROVALS}::TestWhatItCountsFor::test_one_that_did_not_leave_counts_as_never_approved",
    ),
    broken(
        "what somebody sent themselves is sent for them too",
        LETTERS,
        "            approval.overtaken = True\n",
        "            continue\n",
        f"{POINTLESS}::TestPointless::test_any_letter_that_they_sent_themselves",
    ),
    broken(
        "a letter leaves at night",
        "workflows/application/approvals.py",
        "    return at if last and office >= last else office\n",
        "    return at if last or office else office\n",
        f"{APPROVALS}::TestWhenItLeaves::test_on_friday_evening_on_monday_at_nine",
        f"{APPROVALS}::TestALife::test_on_a_friday_evening_one_follow_up_leaves_on_monday_and_nobody_is_reminded",
    ),
    broken(
        "an answer to what they said since is asked for",
        EMPLOYER,
        "    overtake(story, *ASKS)\n    if (running :=",
        "    if (running :=",
        f"{POINTLESS}::TestPointless::test_a_follow_up_that_was_overtaken_asks_nothing_in_the_new_silence",
    ),
    broken(
        "the digest holds what became moot",
        "workflows/notice.py",
        "    if step is None:\n        return None\n    return notice(app, step).model_copy",
        "    if step is None:\n        return said\n    return notice(app, step).model_copy",
        "tests/core/test_renewed.py::test_what_the_employers_word_made_moot_is_left_out",
        "tests/core/test_renewed.py::test_a_question_that_was_asked_meanwhile_is_left_out",
    ),
    broken(
        "the outcome waits for the digest",
        STEPS,
        "step.kind not in CAN_WAIT or not step.message or step.held",
        "step.kind not in CAN_WAIT or step.held",
        "tests/core/test_preferences.py::TestDigest::test_the_outcome_ghosted_does_not_move",
    ),
    broken(
        "what was unsubscribed from is sent",
        TURN,
        "if latest.message and CATEGORY.get(latest.kind) in self.unwanted:",
        "if latest.message and latest.kind in self.unwanted:",
        "tests/core/test_preferences.py::TestUnsubscribed::test_its_chain_goes_on_to_ghosted_as_if_it_had_been_told",
    ),
    broken(
        "the daily limit is no limit",
        ACROSS,
        "len(_given(life, first)) < who.preferences.daily_limit:",
        "len(_given(life, first)) < 1000:",
        "tests/person/test_digest.py::TestTheLimit::test_as_many_as_are_wanted_come_at_once_each_alone_and_the_rest_in_the_morning",
    ),
    broken(
        "what left is handed over again",
        PERSON,
        "        if isinstance(note.fact, Prompted) or (",
        "        if (isinstance(note.fact, Prompted) and (deferred.at or EARLIEST) <= note.at) or (",
        "tests/person/test_digest.py::TestWhatBecomesOfIt::test_what_left_waits_no_more_and_never_again",
    ),
    broken(
        "an opening unsays what the candidate set",
        PERSON,
        "for name in said.model_fields_set - life.own}",
        "for name in said.model_fields_set}",
        "tests/person/test_profile.py::TestWhichProfileHolds::test_what_the_candidate_set_no_later_opening_unsays",
    ),
    broken(
        "two offers are asked about again when a run goes on as new",
        PERSON,
        'if note.at > since or note.kind != "digest"}',
        "if note.at > since}",
        "tests/person/test_any_life.py::TestGoneOnAsNew::test_what_was_asked_once_is_not_asked_again",
    ),
    broken(
        "whoever set no deadline is asked for time",
        ACROSS,
        "    if not others or others[-1][0] == offers[0][0] or not offers[0][3]:\n",
        "    if not others or others[-1][0] == offers[0][0]:\n",
        "tests/person/test_across.py::TestTwoOffers::test_not_where_nobody_set_the_deadline_that_is_first",
    ),
)
