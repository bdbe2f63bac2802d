"""The API's log: one JSON line per event on standard error, of ids, names and counts. Of a fault it tells types and places, no texts."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from client.api.request_ids import logged

_DEPTH: Final = 12
"""Places of an exception that are told, the innermost."""


def log_to_stderr() -> None:
    """Once in a process; what other libraries log goes the same way."""
    shared = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        logged,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    output = logging.StreamHandler(sys.stderr)
    output.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _places, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _places(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if event.pop("exc_info", None) and (error := sys.exc_info()[1]):
        event["errors"] = [{"type": type(e).__qualname__, "at": _at(e)} for e in _chain(error)]
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _at(error: BaseException) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-_DEPTH:]]
