"""The comparison with the table written by hand: whatever differs is told, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from client.demonstration.comparison import Expected, Played, Row, differences, moment, row, uncounted
from client.demonstration.stories import STORIES
from client.demonstration.table import TABLE
from workflows.calendar import zone
from workflows.facts import KINDS

BERLIN = zone("Europe/Berlin")
NAMES = list(TABLE)


def rows(lines: tuple[str, ...], expected: Expected) -> tuple[Row, ...]:
    return tuple(row(line, zone(expected.zone)) for line in lines)


def as_written(expected: Expected) -> Played:
    """A run that came out exactly as the table has it."""
    sent = rows(expected.sent, expected)
    return Played(
        came_in=rows(expected.came_in, expected),
        noted=rows(expected.noted, expected),
        prompted=tuple(Row(one.at, (intent,)) for one in sent for intent in one.what),
        sent=tuple(Row(one.at, one.what[:1], one.uncounted) for one in sent),
        ahead={label: rows(lines, expected) for label, lines in expected.ahead.items()},
        stage=expected.stage,
        outcome=expected.outcome,
        round=expected.round,
    )


def shifted(one: Row, by: timedelta) -> Row:
    return replace(one, at=one.at + by) if one.at else one


def mistaken(expected: Expected, by: timedelta) -> Iterator[Expected]:
    """The table with one of its lines at another time, for every line that has one."""

    def each(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for n, line in enumerate(lines):
            one = row(line, zone(expected.zone))
            if one.at:
                at = one.at + by
                yield (*lines[:n], f"{at:%a} {at.day} {at:%b %H:%M}{line[len(line.split(':')[0]) + 3 :]}", *lines[n + 1 :])

    for name in ("came_in", "noted", "sent"):
        for lines in each(getattr(expected, name)):
            yield replace(expected, **{name: lines})
    for label, agenda in expected.ahead.items():
        for lines in each(agenda):
            yield replace(expected, ahead={**expected.ahead, label: lines})


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_came_out_as_written_has_no_differences(name: str) -> None:
    assert differences(TABLE[name], as_written(TABLE[name])) == ()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by", [timedelta(days=1), timedelta(days=-1), timedelta(hours=1), timedelta(minutes=-5)], ids=str)
def test_every_single_date_of_the_table_is_compared(name: str, by: timedelta) -> None:
    expected = TABLE[name]
    found = [differences(wrong, as_written(expected)) for wrong in mistaken(expected, by)]
    assert found
    assert all(found)


def test_a_difference_says_what_when_and_what_the_table_has() -> None:
    expected = TABLE["ghosted"]
    played = as_written(expected)
    late = tuple(shifted(one, timedelta(days=1)) if one.what == ("follow-up/1",) else one for one in played.sent)
    assert differences(expected, replace(played, sent=late)) == ("follow-up/1: was sent Sat 16 Mar 08:00, the table has Fri 15 Mar 08:00",)


@pytest.mark.parametrize(
    ("late", "told"), [(timedelta(seconds=-1), 1), (timedelta(0), 0), (timedelta(seconds=119), 0), (timedelta(minutes=2), 1)]
)
def test_a_message_may_take_its_time_to_leave_and_never_come_early(late: timedelta, told: int) -> None:
    expected = TABLE["rejected"]
    played = as_written(expected)
    assert len(differences(expected, replace(played, sent=(shifted(played.sent[0], late), *played.sent[1:])))) == told


def test_a_message_too_few_is_told_by_name_and_by_count() -> None:
    expected = TABLE["away"]
    played = as_written(expected)
    assert differences(expected, replace(played, sent=played.sent[:-1])) == (
        "offer-lapsed/1 of Wed 24 Apr 11:00: the table has it, and nothing of that name was sent",
        "messages: 7, the table has 8",
    )


def test_a_message_too_many_is_told_by_name_and_by_count() -> None:
    expected = TABLE["moved"]
    played = as_written(expected)
    twice = replace(played, sent=(*played.sent, shifted(played.sent[-1], timedelta(days=3))))
    assert differences(expected, twice) == (
        "ghosted/2: was sent Sat  4 May 18:00, the table has no such line",
        "messages: 7, the table has 6",
    )


def test_a_message_sent_and_not_noted_for_all_that_it_stands_for_is_told() -> None:
    expected = TABLE["accepted"]
    played = as_written(expected)
    without = tuple(one for one in played.prompted if one.what != ("offer-review/1",))
    assert len(differences(expected, replace(played, prompted=without))) == 1


def test_a_holiday_that_the_reason_forgets_is_told() -> None:
    expected = TABLE["timeline"]
    played = as_written(expected)
    forgetful = tuple(replace(one, uncounted=one.uncounted[:1]) for one in played.sent)
    assert differences(expected, replace(played, sent=forgetful)) == (
        "follow-up/1, which was sent Tue 23 Apr 17:00: days that did not count are 19 Apr, the table has 19 Apr, 22 Apr",
        "follow-up-last-call/1, which was sent Fri 26 Apr 17:00: days that did not count are 19 Apr, the table has 19 Apr, 22 Apr",
    )


def test_another_outcome_stage_or_round_is_told() -> None:
    expected = TABLE["reopened"]
    other = replace(as_written(expected), outcome="ghosted", stage="deciding", round=2)
    assert differences(expected, other) == (
        "stage: deciding, the table has closed",
        "outcome: ghosted, the table has accepted",
        "round: 2, the table has 1",
    )


@pytest.mark.parametrize(
    ("why", "days"),
    [
        ("Fri 15 Mar 08:00 London: 7 business days after Tue 5 Mar (New York) have passed on Thu 14 Mar 17:00 there.", ()),
        ("…, not counting Fri 19 Apr (Good Friday), Mon 22 Apr (Easter Monday). Policy industry 1.", ("19 Apr", "22 Apr")),
        ("…, not counting Fri 29 Mar to Wed 3 Apr (away); your waking hours start 08:00.", ("29 Mar to 3 Apr",)),
    ],
)
def test_the_days_that_did_not_count_are_read_from_the_reason(why: str, days: tuple[str, ...]) -> None:
    assert uncounted(why) == days


def test_a_date_on_the_wrong_weekday_is_no_date() -> None:
    assert moment("Fri 19 Apr 08:00", BERLIN) == datetime(2030, 4, 19, 8, tzinfo=BERLIN)
    with pytest.raises(ValueError, match="is a Friday"):
        moment("Thu 19 Apr 08:00", BERLIN)


def test_the_table_has_every_story_and_its_counts_are_those_of_its_lines() -> None:
    assert [story.name for story in STORIES] == NAMES
    assert len(NAMES) == 8
    assert [(e.messages, e.words) for e in TABLE.values()] == [(len(e.sent), len(e.came_in)) for e in TABLE.values()]


def test_every_kind_of_step_is_in_the_table() -> None:
    shown = {intent.partition("/")[0] for e in TABLE.values() for one in rows(e.sent, e) for intent in one.what}
    ahead = {
        intent.partition("/")[0] for e in TABLE.values() for lines in e.ahead.values() for one in rows(lines, e) for intent in one.what
    }
    assert shown | ahead == set(KINDS)
