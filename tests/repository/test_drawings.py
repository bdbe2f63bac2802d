"""The drawings are those of the code as it is."""

from __future__ import annotations

import pytest

from docs.diagram import DOCUMENT, README, Process, document, explored, picture
from workflows.application.outcome import NAMES
from workflows.facts import KINDS

REDRAW = "the process has changed: run `make diagrams` and look at what it draws"


@pytest.fixture(scope="module")
def process() -> Process:
    return explored()


def test_the_document_shows_the_process_as_it_is(process: Process) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(process), REDRAW


def test_the_readme_shows_the_process_as_it_is(process: Process) -> None:
    readme = README.read_text(encoding="utf-8")
    assert readme == picture(readme, process), REDRAW


def test_every_outcome_is_reached_and_every_kind_of_step_is_met(process: Process) -> None:
    assert {target for _, _, target in process.arrows} >= set(NAMES)
    assert set().union(*process.chains.values()) == set(KINDS)


def test_a_readme_without_a_place_for_the_picture_is_told_so(process: Process) -> None:
    with pytest.raises(ValueError, match="no place for the picture"):
        picture("# Afterword\n", process)
