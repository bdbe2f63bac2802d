"""What is held open is told apart: whose first message falls due while the worker is gone, and whose does not."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.bench.held import GONE, PROBES, probed
from tests.bench.lifecycle import AFTER, Case
from tests.bench.marks import MARKS, mark, marked
from tests.bench.usage import can_read, children, cpu, memory

pytestmark = pytest.mark.skipif(not can_read(), reason="what a process uses is read from /proc")


def test_those_whose_message_falls_due_are_spread_over_all() -> None:
    probes, cases, due = probed(200)

    places = [n for n, case in enumerate(cases) if case.id in probes]
    assert len(probes) == PROBES
    assert {later - earlier for earlier, later in pairwise(places)} == {200 // PROBES}
    assert due > time.time()


def test_all_of_them_fall_due_while_the_worker_is_gone_and_no_other_does() -> None:
    probes, cases, due = probed(200)

    first = {case.id: (case.held.ended_at + AFTER).timestamp() for case in cases}
    assert [who for who in probes if not due - 1 <= first[who] <= due + GONE] == []
    assert [who for who, at in first.items() if who not in probes and at < due + 3600] == []


def test_a_case_is_thanked_for_when_it_is_told_to_be() -> None:
    case, now = Case.now(timedelta(minutes=5)), datetime.now(UTC)

    assert abs(case.held.ended_at + AFTER - now - timedelta(minutes=5)) < timedelta(seconds=2)


def test_a_mark_is_the_first_message_of_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARKS, str(tmp_path / "marks"))
    before = time.time()
    for application in ("a", "b", "a"):
        mark(application)

    found = marked(tmp_path / "marks")
    assert list(found) == ["a", "b"]
    assert before <= found["a"] <= found["b"] <= time.time()


def test_where_nobody_asks_nothing_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MARKS, raising=False)
    monkeypatch.chdir(tmp_path)
    mark("a")

    assert list(tmp_path.iterdir()) == []
    assert marked(tmp_path / "marks") == {}


def test_what_a_process_uses_is_read_with_and_without_its_children() -> None:
    mine = os.getpid()

    assert abs(cpu(mine) - time.process_time()) < 0.5
    assert cpu(mine, family=True) >= cpu(mine)
    assert memory(mine, family=True) >= memory(mine) > 10_000_000
    assert cpu(2**30) == 0
    assert children(2**30) == []
