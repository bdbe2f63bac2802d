"""How every process logs: one JSON object a line. Ids, names of things and counts only: never a person's name, an address or a text.

Messages of exceptions may hold what people wrote, so of an exception only its type and its places in the code are logged.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_IDS: Final = frozenset(
    {"workflow_id", "run_id", "workflow_run_id", "workflow_type", "update_id", "update_name", "activity_id", "activity_type", "attempt"}
)
_PRIVATE: Final = frozenset({"failure", "error", "exception", "exc_info", "stack_info", "result", "payloads"})
_CHATTY: Final = ("httpx", "uvicorn")
"""Others' loggers that tell of every call, with its whole address."""
_DEPTH: Final = 12
"""Places of an exception that are told, the innermost."""


def log_to(where: TextIO, level: str = "info", *, also: Sequence[Processor] = ()) -> None:
    """Everything that is logged in this process, ours and others', goes there. Repeating it changes nothing.

    `also`: what else is told of every line, such as the id of the call that it is written for.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        *also,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _ids_of_the_run],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _places, structlog.processors.JSONRenderer(default=_named)],
    )
    output = logging.StreamHandler(where)
    output.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level.upper())
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _ids_of_the_run(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord | None = event.get("_record")
    for found in (getattr(record, "temporal_workflow", None), getattr(record, "temporal_activity", None)):
        if isinstance(found, MutableMapping):
            event.update({key: value for key, value in found.items() if key in _IDS})  # pyright: ignore[reportUnknownVariableType] -- a log's extras are of any type
    if isinstance(kind := getattr(record, "error", None), str):  # the type of what went wrong, said by a workflow
        event["error"] = kind
    fields = getattr(getattr(record, "temporal_log", None), "fields", None)
    if isinstance(fields, MutableMapping):
        event.update({f"core_{key}": value for key, value in fields.items() if key not in _PRIVATE})  # pyright: ignore[reportUnknownVariableType] -- a log's extras are of any type
    return event


def _places(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    said = event.pop("exc_info", None)
    error = sys.exc_info()[1] if said is True else said[1] if isinstance(said, tuple) else said  # pyright: ignore[reportUnknownVariableType] -- a log's extras are of any type
    if isinstance(error, BaseException):
        event["errors"] = [{"type": _kind(e), "at": _at(e)} for e in _chain(error)]
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error: BaseException) -> str:
    """Its class, or the type that an activity or a workflow gave it: both are constants of the code."""
    given = getattr(error, "type", None) if type(error).__module__ == "temporalio.exceptions" else None
    return given if isinstance(given, str) else type(error).__qualname__


def _at(error: BaseException) -> list[str]:
    places: list[str] = []
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-_DEPTH:]


def _named(value: Any) -> str:
    """What JSON cannot say: its type, since its text may be private."""
    return f"<{type(value).__qualname__}>"
