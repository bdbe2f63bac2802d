"""The application agrees with a second reading of the process on histories that hypothesis makes up and shrinks."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.comparing import difference
from tests.model.histories import history

EXAMPLES = int(os.environ.get("AFTERWORD_MODEL_EXAMPLES", "300"))
SETTLED: dict[str, Any] = json.loads((Path(__file__).parent / "settled.json").read_text())
AFTER = (3, 8, 15, 25, 40)


@settings(max_examples=EXAMPLES)
@given(st.randoms(use_true_random=False), st.integers(0, 999))
def test_the_agenda_of_any_facts_in_any_order_is_the_models(chance: random.Random, order: int) -> None:
    """Steps with due, since and until, and the stage, as imported: before the process has noted anything."""
    assert difference(history(chance), order) is None


@settings(max_examples=max(1, EXAMPLES // 3))
@given(st.randoms(use_true_random=False), st.integers(0, 999), st.sampled_from(AFTER))
def test_the_agenda_after_the_process_played_its_part_is_the_models(chance: random.Random, order: int, days: int) -> None:
    """What was prompted, skipped, lapsed and ghosted until then is known too."""
    assert difference(history(chance), order, days) is None


@pytest.mark.parametrize("name", SETTLED)
def test_what_was_settled_once_stays_settled(name: str) -> None:
    """The smallest histories about which the two readings disagreed: docs/model-check.md says what was decided."""
    found = SETTLED[name]
    assert difference(found["facts"], 0, found["days"]) is None
