"""What measures many applications measures what it says. Nothing here is about speed, but for one small stand from end to end."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from client.opening import read_opening, read_preview
from client.preview import preview
from docs.chart import bars, lines
from docs.scale import DOCUMENT, FIGURES, charts, measured, written
from tests.scale import people
from tests.scale.__main__ import Kept, marks
from tests.scale.figures import busiest, by_minute, lateness, marginal, percentiles, trend
from tests.scale.measure import Stream, opening, punctual
from tests.scale.processes import can_tell, cpu, held
from tests.scale.stand import on_embedded

MOMENTS = tuple(datetime(2026, 11, 23, 8, 5, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(24))
"""Every weekday, and most hours of the day."""


def ahead(body: people.Body, now: datetime) -> list[dict[str, Any]]:
    """What will be done from then on, as it will be."""
    steps: list[dict[str, Any]] = preview(read_preview(json.dumps(body | {"as_of": now.isoformat()}).encode()), now)["steps"]
    return [step for step in steps if "skipped" not in step]


@pytest.mark.parametrize("now", MOMENTS)
def test_who_stands_is_left_alone_for_half_a_day_whatever_is_said(now: datetime) -> None:
    for number in range(len(people.STAGES)):
        for turn in (0, 4):
            body = people.standing(number, now)
            body["facts"].append(people.news(number, turn, now) | {"at": now.isoformat()})
            assert datetime.fromisoformat(ahead(body, now)[0]["due"]) >= now + timedelta(hours=10), number


def test_who_stands_is_in_every_stage_in_turn() -> None:
    now = MOMENTS[0]
    imagined = [json.dumps(people.standing(number, now) | {"as_of": now.isoformat()}).encode() for number in range(len(people.STAGES))]
    assert tuple(preview(read_preview(one), now)["view"]["stage"] for one in imagined) == people.STAGES


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_wave_is_due_in_its_minute_for_everybody(moment: datetime) -> None:
    for number in range(4):
        first = ahead(people.wave(number, moment), moment - timedelta(minutes=40))[0]
        assert datetime.fromisoformat(first["due"]) == moment
        assert first["intent"].partition("/")[0] == people.kind_of(number, moment)


@pytest.mark.parametrize("now", MOMENTS)
def test_a_prompt_is_due_at_the_moment_that_was_asked_for(now: datetime) -> None:
    moment = now + timedelta(minutes=11, seconds=7)
    assert datetime.fromisoformat(ahead(people.due("app-1", moment, now), now)[0]["due"]) == moment


def test_a_wave_has_both_kinds_on_working_days_and_one_on_others() -> None:
    kinds = {moment: {people.kind_of(number, moment) for number in range(2)} for moment in MOMENTS}
    assert {len(found) for found in kinds.values()} == {1, 2}


def test_every_opening_can_be_read() -> None:
    now = MOMENTS[3]
    for body in (*(people.standing(n, now) for n in range(5)), people.due("d", now, now), people.wave(0, now), people.wave(1, now)):
        assert read_opening(json.dumps(body).encode()).id == body["id"]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentiles(range(1, 101)) == {"p50": 51, "p99": 100, "max": 100}
    assert percentiles([3.0]) == {"p50": 3.0, "p99": 3.0, "max": 3.0}
    assert percentiles([]) == {}


def test_lateness_counts_what_came_and_shows_what_came_early() -> None:
    assert lateness({"a": 10.0, "b": 20.0, "c": 30.0}, {"a": 12.5, "b": 19.0, "x": 0.0}) == [2.5, -1.0]


def test_the_busiest_window_is_found_wherever_it_begins() -> None:
    moments = [0.0, 0.9, 1.0, 1.1, 1.2, 5.0]
    assert busiest(moments, 1) == 4  # from 0.9, which no whole second is
    assert busiest(moments, 10) == 0.6
    assert busiest([], 1) == 0


def test_minutes_without_a_message_are_counted_too() -> None:
    assert by_minute([60.0, 61.0, 185.0], 60.0) == [2, 0, 1]
    assert by_minute([], 0.0) == []


def test_what_each_cost_is_what_was_added_since() -> None:
    assert marginal({"worker": 10.0}, {"worker": 30.0, "new": 4.0}, 4) == {"worker": 5.0, "new": 1.0}


def test_a_quantity_that_rises_is_not_flat_and_one_spike_is_no_trend() -> None:
    rising = [100 + n for n in range(30)]
    assert not trend(rising).flat
    assert trend(rising, at_least=30).flat
    assert trend([100.0] * 15 + [190.0] + [100.0] * 14).flat
    assert trend([float(n * 10) for n in range(10)] + [100.0] * 20).flat  # it was only warming up
    assert round(trend(rising).growth) == 19


def test_what_is_open_is_looked_at_at_every_mark_and_gone_on_with() -> None:
    assert list(marks(0, 1_500)) == [(0, 1_000), (1_000, 1_500)]
    assert list(marks(1_500, 5_000)) == [(1_500, 2_000), (2_000, 5_000)]
    assert list(marks(5_000, 5_000)) == []


def test_what_was_measured_is_known_again_where_it_was_measured(tmp_path: Path) -> None:
    first = Kept(tmp_path, tmp_path / "result" / "scale.json")
    first.keep("opening", {"open": 1_000}, Console(quiet=True))
    assert Kept(tmp_path, tmp_path / "other.json").open == 1_000
    assert json.loads((tmp_path / "result" / "scale.json").read_text())["opening"] == [{"open": 1_000}]


def test_the_document_has_the_figures_that_were_measured() -> None:
    found = measured()
    assert found, "run `make scale` and `make soak` with --to docs/performance/…"
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == written(document, found), "the figures have changed: run `python -m docs.scale`"
    for name, chart in charts(found).items():
        assert (FIGURES / name).read_text(encoding="utf-8") == chart


def test_what_others_wrote_in_the_document_stays() -> None:
    before = "# Performance\n\n## The floor\n\nSomething.\n"
    once = written(before, {})
    assert once.startswith(before)
    assert written(once + "\nAfter.\n", {}).endswith("\nAfter.\n")
    assert written(once, {}) == once


def test_a_chart_draws_every_point_and_every_bar() -> None:
    drawn = lines("Size", "open", {"a": [(1_000, 2.0), (100_000, 3.0)], "b": [(1_000, 0.0), (100_000, 0.5)]}, logarithmic=True)
    assert [len(points.split()) for points in re.findall('points="([^"]*)"', drawn)] == [2, 2]
    drawn = bars("Messages & more", "minute", [3.0, 0.0, 9.0], limit=12.0)
    heights = [float(height) for height in re.findall('<rect [^>]*height="([^"]*)"', drawn)]
    assert heights[1] == 0 < heights[0] < heights[2]
    assert round(heights[2] / heights[0], 1) == 3
    assert "Messages &amp; more" in drawn


@pytest.mark.skipif(not can_tell(), reason="what a process uses is read from /proc")
def test_a_process_has_used_and_holds_something() -> None:
    now = held(os.getpid())
    assert now.peak >= now.rss > 1_000_000
    assert now.files > 2
    assert cpu(os.getpid()) > 0
    with pytest.raises(ProcessLookupError):
        held(2**22 + 1)


@pytest.mark.skipif(not can_tell(), reason="what a process uses is read from /proc")
@pytest.mark.timeout(120)
async def test_a_small_stand_from_end_to_end() -> None:
    """Twenty open, facts about them for two seconds, and prompts that fall due meanwhile: everything is sent, nothing early."""

    def told(what: str, done: int, of: int) -> None:
        assert done <= of, what

    async with on_embedded() as stand:
        opened = await opening(stand, 0, 20, told, idle=0.2)
        said = await punctual(stand, 20, Stream(seconds=2, facts_per_second=4, due_per_second=2, ahead=4), 4.0, told)
    assert opened["open"] == opened["opened"] == 20
    assert opened["cpu_ms"]["worker"] > 0
    assert opened["bytes"]["temporal"] > 1_000
    assert (said["facts"], said["refused"], said["due"], said["sent"], said["early"]) == (8, 0, 4, 4, 0)
    assert 0 <= said["lateness_s"]["p50"] <= said["lateness_s"]["max"]
