"""Reads what comes from outside: bytes into models, strictly. Says everything that is wrong at once, by place; knows nothing of the guide.

Unknown fields, numbers where a time belongs, addresses that cannot be one, text that cannot be stored: all are faults of the message. What
a fact may mean in its application is judged by the workflow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, TypeVar, cast

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from client.refusals import Fault, Invalid
from workflows.facts import DetailsChanged, Frozen, OutsideFact, Saying
from workflows.policy import Policy

DEPTH: Final = 32
"""How deep a body may be nested; facts need five."""
MANY: Final = 1_000
"""Facts in one message."""
_LARGEST: Final = 2.0**63
_DIGITS: Final = re.compile(r"\s*[-+]?\d+(\.\d*)?\s*")
_TIMES: Final = frozenset(
    {"at", "starts_at", "ends_at", "ended_at", "until", "decide_by", "as_of", "to", "since", "due_before", "changed_since"}
)
_LONGEST_FAULTS: Final = 50

M = TypeVar("M")


class Message(Frozen):
    """Several facts in one call, kept all or none."""

    facts: Annotated[tuple[OutsideFact, ...], Field(min_length=1, max_length=MANY)]


MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Message)


def parse(raw: bytes) -> Any:
    """The JSON value of a body; Invalid for what is no JSON, or JSON that cannot be stored or sent on."""
    try:
        value = json.loads(raw.decode(), parse_constant=_not_a_number)
    except UnicodeDecodeError:
        raise Invalid("The body is not UTF-8.") from None
    except RecursionError:
        raise Invalid(f"The body is nested deeper than {DEPTH} levels.") from None
    except ValueError as e:
        raise Invalid(f"The body is not JSON: {e}.") from None
    if faults := tuple(_storable(value)):
        raise Invalid(_summary(faults), faults)
    return value


def read(adapter: TypeAdapter[M], raw: bytes) -> M:
    """The body as that model, nothing in it unknown; Invalid with one fault per place."""
    value = parse(raw)
    faults = list(_timely(value))
    try:
        model = adapter.validate_json(raw, strict=True, extra="forbid", by_alias=True, by_name=False)
    except ValidationError as e:
        faults += _faults(e, value)
    else:
        faults += _addresses(model)
        faults += _said_outside(model)
        if not faults:
            return model
    raise Invalid(_summary(faults), tuple(faults[:_LONGEST_FAULTS]))


def read_message(raw: bytes) -> Message:
    """The body of facts: `{"facts": […]}`, or one fact alone."""
    value = parse(raw)
    if isinstance(value, dict) and "facts" in value and "type" not in value:
        return read(MESSAGE, raw)
    if not isinstance(value, dict):
        raise Invalid('The body is one fact, or {"facts": […]}.')
    try:
        return read(MESSAGE, b'{"facts":[' + raw + b"]}")
    except Invalid as e:
        faults = tuple(Fault(f.path[2:] if f.path[:2] == ("facts", 0) else f.path, f.detail) for f in e.faults if f.path != ("facts",))
        raise Invalid(_summary(faults), faults) from None


def _not_a_number(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _storable(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """What JSON allows and a store, a header or another JSON reader does not. Recursion is bounded by DEPTH."""
    if len(path) > DEPTH:
        yield Fault((), f"nested deeper than {DEPTH} levels")
    elif isinstance(value, str):
        yield from _text(value, path)
    elif isinstance(value, int | float) and abs(value) >= _LARGEST:  # infinity, which 1e999 becomes, among them
        yield Fault(path, "this number is too large")
    else:
        for part, inner in _parts(value):
            if isinstance(part, str):
                yield from _text(part, path)
            yield from _storable(inner, (*path, part))


def _text(text: str, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if "\0" in text:
        yield Fault(_clean(path), "the character NUL is not allowed")
    try:
        text.encode()
    except UnicodeEncodeError:
        yield Fault(_clean(path), "half of a surrogate pair is not a character")


def _clean(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return tuple(part.encode(errors="replace").decode() if isinstance(part, str) else part for part in path)


def _timely(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Digits where a time belongs: the parser would take them for seconds since 1970."""
    for part, inner in _parts(value):
        if part in _TIMES and isinstance(inner, str) and _DIGITS.fullmatch(inner):
            yield Fault((*path, part), "a time is written as in 2026-03-02T15:00:00+00:00")
        elif path or part != "metadata":
            yield from _timely(inner, (*path, part))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    """The members of an object or an array, each with its name or index."""
    if isinstance(value, dict):
        yield from cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        yield from enumerate(cast("list[Any]", value))


def _faults(error: ValidationError, value: Any) -> Iterator[Fault]:
    """Pydantic's errors by place in the body: branches of unions are not places, and their errors are one."""
    seen: set[tuple[str | int, ...]] = set()
    for detail in error.errors(include_url=False, include_input=False):
        path = _place(detail["loc"], value, missing=detail["type"] == "missing")
        if path not in seen:
            seen.add(path)
            yield Fault(path, _plain(detail))


def _place(loc: tuple[str | int, ...], value: Any, *, missing: bool) -> tuple[str | int, ...]:
    """Only the steps that exist in the body, and the last one if that is the field that is missing."""
    path: list[str | int] = []
    for n, part in enumerate(loc):
        inside = dict(_parts(value))
        if part in inside:
            value = inside[part]
        elif not (missing and n == len(loc) - 1):
            continue
        path.append(part)
    return tuple(path)


def _plain(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "this field is required"
        case "extra_forbidden":
            return "there is no such field"
        case "union_tag_not_found":
            return "a fact has a type"
        case "union_tag_invalid":
            return "this is not the type of a fact that can be said from outside"
        case "datetime_parsing" | "datetime_from_date_parsing" | "datetime_type" | "timezone_aware":
            return "a time is written with its offset, as in 2026-03-02T15:00:00+00:00"
        case "date_parsing" | "date_from_datetime_parsing" | "date_type" | "date_from_datetime_inexact":
            return "a date is written as in 2026-03-02"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            return message[:1].lower() + message[1:]


def _models(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[BaseModel, tuple[str | int, ...]]]:
    if isinstance(value, BaseModel):
        yield value, path
        for name, field in type(value).model_fields.items():
            yield from _models(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for n, inner in enumerate(cast("tuple[Any, ...]", value)):
            yield from _models(inner, (*path, n))


def _addresses(model: Any) -> Iterator[Fault]:
    for part, path in _models(model):
        address = getattr(part, "email", None)
        if isinstance(address, str):
            try:
                validate_email(address, check_deliverability=False, test_environment=True)
            except EmailNotValidError as e:
                yield Fault((*path, "email"), f"this cannot be an e-mail address: {e}")


def _said_outside(model: Any) -> Iterator[Fault]:
    """What only the process says."""
    for part, path in _models(model):
        if isinstance(part, Saying) and part.by not in (None, "platform", "candidate"):
            yield Fault((*path, "by"), "only the platform or the candidate speaks here")
        if getattr(part, "assumed", False):
            yield Fault((*path, "assumed"), "only the process assumes")
        if isinstance(part, DetailsChanged) and isinstance(part.policy, Policy):
            yield Fault((*path, "policy"), "a policy is named here")


def _summary(faults: list[Fault] | tuple[Fault, ...]) -> str:
    if not faults:
        return "The message cannot be read."
    first = faults[0]
    where = ".".join(map(str, first.path))
    more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
    return (f"{where}: {first.detail}." if where else f"{first.detail[:1].upper()}{first.detail[1:]}.") + more
