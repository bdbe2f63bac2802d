"""docs/performance.md shows the figures that were measured, and no others."""

from __future__ import annotations

import json

import pytest

from docs.floor import BEGIN, DOCUMENT, END, FIGURES, section, written


def test_the_document_shows_what_was_measured() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")

    assert written(document, json.loads(FIGURES.read_text(encoding="utf-8"))) == document


def test_every_side_and_every_figure_has_a_cell() -> None:
    told = json.loads(FIGURES.read_text(encoding="utf-8"))
    shown = section(told)

    assert {"ours", "hand_written", "cheapest", "durable"} == set(told["sides"])
    assert f"{told['sides']['ours']['events']:,.0f} |" in shown
    assert f"{told['sides']['durable']['lifecycles_per_second']:,.2f} (" in shown
    assert f"{told['held']['durable']['last_sent_s']:,.2f}" in shown
    assert f"`{told['measured']['command']}`" in shown


def test_figures_take_the_place_of_those_before_and_leave_the_rest() -> None:
    told = json.loads(FIGURES.read_text(encoding="utf-8"))

    assert written(f"before\n{BEGIN}\nold\n{END}\nafter\n", told) == f"before\n{BEGIN}\n\n{section(told)}\n{END}\nafter\n"


def test_a_document_without_a_place_for_them_is_told_so() -> None:
    with pytest.raises(ValueError, match="no place for the figures"):
        written("# Performance\n", {})
