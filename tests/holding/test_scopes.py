"""Which messages a hold stops, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.facts import Contact
from workflows.holding import held_until, known
from workflows.names import ApprovedLetter, CandidateNotice, Message, Notice
from workflows.names.holding import HoldChange, Holding, Holds

NOW = datetime(2030, 3, 4, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def notice(intent: str, connection: str | None = None) -> Notice:
    return Notice(
        application="app-1", intent=intent, intents=(intent,), key=intent, due=NOW, why="", connection=connection, to=Contact(),
        timezone="UTC", employer_timezone="UTC", employer="E", position="P",
    )  # fmt: skip


def digest(*notices: Notice) -> CandidateNotice:
    return CandidateNotice(
        candidate="c", intent="digest/2030-03-04", key="k", due=NOW, why="", to=Contact(), timezone="UTC", notices=notices
    )


def letter(name: str) -> ApprovedLetter:
    return ApprovedLetter(application="app-1", letter=name, key="k", to=Contact(), candidate=Contact(), subject="s", body="b")


@pytest.mark.parametrize(
    ("scope", "message", "held"),
    [
        ("all", notice("thank-you/i1"), True),
        ("all", letter("follow-up/1"), True),
        ("all", digest(), True),
        ("step/thank-you", notice("thank-you/i1"), True),
        ("step/thank-you", notice("thank-you-nudge/i1"), False),
        ("step/thank-you", letter("thank-you/i1/g"), True),
        ("step/thank-you", letter("follow-up/1"), False),
        ("step/digest", digest(), True),
        ("step/digest", notice("follow-up/1"), False),
        ("step/follow-up", digest(notice("waiting/1"), notice("follow-up/1")), True),
        ("step/ghosted", digest(notice("waiting/1")), False),
        ("connection/acme", notice("follow-up/1", "acme"), True),
        ("connection/acme", notice("follow-up/1", "acme2"), False),
        ("connection/acme", notice("follow-up/1"), False),
        ("connection/acme", digest(notice("waiting/1"), notice("waiting/2", "acme")), True),
    ],
)
def test_a_hold_stops_what_is_in_its_scope(scope: str, message: Message, held: bool) -> None:  # noqa: FBT001 -- a table
    holds = Holds().changed(HoldChange(scope=scope, until=NOW + HOUR))
    assert held_until(message, holds, NOW) == (NOW + HOUR if held else None)
    assert held_until(message, holds, NOW + HOUR) is None


def test_the_last_of_several_holds_counts() -> None:
    holds = Holds(holds=(Holding(scope="all", until=NOW + HOUR), Holding(scope="step/waiting", until=NOW + 3 * HOUR)))
    assert held_until(notice("waiting/1"), holds, NOW) == NOW + 3 * HOUR
    assert held_until(notice("ghosted/1"), holds, NOW) == NOW + HOUR


def test_a_scope_is_held_once_until_what_was_said_last() -> None:
    longer = Holds().changed(HoldChange(scope="all", until=NOW + 2 * HOUR))
    assert longer.changed(HoldChange(scope="all", until=NOW + HOUR)).holds == (Holding(scope="all", until=NOW + HOUR),)
    assert longer.changed(HoldChange(scope="all")).holds == ()
    assert longer.changed(HoldChange(scope="step/waiting")) == longer


def test_only_steps_that_send_something_can_be_held() -> None:
    assert known("step/thank-you")
    assert known("step/coach")
    assert known("connection/nobody-has-it-yet")
    assert not known("step/thank-you-lapsed")
    assert not known("step/thanks")
