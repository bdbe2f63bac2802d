"""What a worker tells of itself is JSON, and nothing personal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog
from temporalio.exceptions import ApplicationError

from client.logs import log_to


@pytest.fixture
def output() -> Generator[io.StringIO]:
    root, text = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    log_to(text)
    yield text
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_ours_and_others_lines_are_json_alike(output: io.StringIO) -> None:
    structlog.stdlib.get_logger("worker").warning("retention is short", namespace="default")
    logging.getLogger("others").error("%s went wrong", "it")
    ours, others = lines(output)
    assert {k: ours[k] for k in ("event", "level", "logger", "namespace")} == {
        "event": "retention is short",
        "level": "warning",
        "logger": "worker",
        "namespace": "default",
    }
    assert {k: others[k] for k in ("event", "level", "logger")} == {"event": "it went wrong", "level": "error", "logger": "others"}
    assert ours["timestamp"].endswith("Z")


def test_the_ids_of_the_run_are_told_and_nothing_else_that_temporal_knows(output: io.StringIO) -> None:
    known = {"workflow_id": "application/app-1", "run_id": "r", "attempt": 2, "namespace": "default", "memo": {"name": "Ada Byron"}}
    logging.getLogger("temporalio.workflow").warning(
        "unread word", extra={"temporal_workflow": known, "error": "ValueError", "said": "Ada"}
    )
    (line,) = lines(output)
    assert {k: v for k, v in line.items() if k not in ("timestamp", "level", "logger")} == {
        "event": "unread word",
        "workflow_id": "application/app-1",
        "run_id": "r",
        "attempt": 2,
        "error": "ValueError",
    }


def test_of_an_exception_its_type_and_places_are_told_and_never_its_words(output: io.StringIO) -> None:
    def refused() -> None:
        raise ConnectionError("550 ada@example.org unknown")

    def failed() -> None:
        try:
            refused()
        except ConnectionError as inner:
            raise ValueError("Ada Byron") from inner

    try:
        failed()
    except ValueError:
        logging.getLogger("temporalio.activity").exception("completing activity as failed")
        structlog.stdlib.get_logger("worker").exception("worker failed")
    assert "ada" not in output.getvalue().lower()
    for line in lines(output):
        assert [error["type"] for error in line["errors"]] == ["ValueError", "ConnectionError"]
        assert line["errors"][0]["at"][0].startswith("test_telemetry.py:")


def test_a_failure_is_told_by_the_type_that_was_given_to_it(output: io.StringIO) -> None:
    try:
        raise ApplicationError("refused for Ada", type="SendRefused")  # noqa: TRY301 -- as an activity raises it
    except ApplicationError:
        logging.getLogger("temporalio.activity").warning("completing activity as failed", exc_info=True)
    assert lines(output)[0]["errors"][0]["type"] == "SendRefused"


def test_what_json_cannot_say_is_told_by_its_type(output: io.StringIO) -> None:
    structlog.stdlib.get_logger("worker").info("odd", what=object())
    assert lines(output)[0]["what"] == "<object>"
