"""Bodies as /openapi.json describes them: the schemas of what the door reads, closed, since it refuses unknown fields."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import Field, TypeAdapter, model_validator
from pydantic.json_schema import models_json_schema

from client.api.answers import CHANGE_EXAMPLE, FACTS_EXAMPLES, OPENING_EXAMPLE, PREVIEW_EXAMPLE
from client.api.problems import Problem
from client.door import Message
from client.opening import Opening, Preview
from workflows.facts import Frozen, Id, Line, OutsideFact, Time
from workflows.names.holding import Scope
from workflows.names.migrating import MANY, Chosen
from workflows.person.facts import PreferencesChange, ProfileChange

_REF: Final = "#/components/schemas/{model}"
_INPUT: Final = "{}Said"
"""What is said and what is answered may be the same model with other rules: schemas of bodies have their own names."""


def body(name: str, **examples: Any) -> dict[str, Any]:
    """The `openapi_extra` of an operation that reads a body itself."""
    content = {"schema": {"$ref": _REF.format(model=name)}, **examples}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


OPENING_BODY: Final = body("OpeningSaid", example=OPENING_EXAMPLE)
PREVIEW_BODY: Final = body("PreviewSaid", example=PREVIEW_EXAMPLE)
FACTS_BODY: Final = body("FactsSaid", examples=FACTS_EXAMPLES)
COACH_BODY: Final = body("CoachSaid", example={"id": "coach-9", "name": "Grace Hopper"})
CHANGE_BODY: Final = body("CandidateChangeSaid", example=CHANGE_EXAMPLE)
ADVANCE_BODY: Final = body("AdvanceSaid", example={"to": "next"})
MIGRATION_BODY: Final = body("MigratingSaid", example={"where": {"policy": "industry", "stage": "waiting"}})
HOLD_BODY: Final = body("HoldSaid", example={"scope": "all", "until": "2030-03-02T15:00:00+00:00"})
REPLAY_BODY: Final = body("RepetitionSaid", example={"since": "2026-03-02T15:00:00+00:00"})


class Advance(Frozen):
    """Where an application's clock is moved to."""

    to: Literal["next"] | Time
    """`next`: the moment of the step that is due next."""


class HoldWanted(Frozen):
    """What is held, or not any more."""

    scope: Scope
    until: Time | None
    """On the server's clock. Null lifts the hold of that scope."""


class Repetition(Frozen):
    """What is sent once more."""

    since: Time
    until: Time | None = None
    """None: until now."""


class Migrating(Frozen):
    """Which open applications go on by another policy: either `where` chooses them, or they are named."""

    where: Chosen | None = None
    """Without a member in it: all."""
    applications: Annotated[tuple[Id, ...], Field(max_length=MANY)] = ()

    @model_validator(mode="after")
    def _chooses_in_one_way(self) -> Self:
        if (self.where is None) is not bool(self.applications):
            raise ValueError("say where, or name applications, and not both")
        return self


class CandidateChange(Frozen):
    """What changes of a candidate: only what is named."""

    profile: ProfileChange | None = None
    preferences: PreferencesChange | None = None


class Coach(Frozen):
    """Who asks to follow a candidate's applications."""

    id: Id
    name: Line
    """As the candidate is told."""


def document(app: FastAPI) -> dict[str, Any]:
    """The whole of /openapi.json; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        schemas = made["components"]["schemas"]
        schemas.update(_schemas())
        for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own; ours are problems
            schemas.pop(unused, None)
        for path in made["paths"].values():
            for operation in path.values():
                _answers_problems(operation)
        app.openapi_schema = cast("dict[str, Any]", _readable(made))
    return app.openapi_schema


def _schemas() -> dict[str, Any]:
    read = (Opening, Preview, Message, Advance, CandidateChange, Repetition, Migrating, Coach, HoldWanted)
    _, found = models_json_schema(
        [*((model, "validation") for model in read), (Problem, "serialization")],
        ref_template="#/components/schemas/{model}Said",
    )
    schemas: dict[str, Any] = {f"{name}Said": _closed(schema) for name, schema in found["$defs"].items()}
    schemas["ProfileChangeSaid"]["properties"].pop("preferences")  # they stand beside the profile
    one = TypeAdapter(OutsideFact).json_schema(ref_template="#/components/schemas/{model}Said")
    one.pop("$defs")
    schemas["OneFactSaid"] = _closed(one)
    schemas["FactsSaid"] = {"anyOf": [{"$ref": _REF.format(model="OneFactSaid")}, {"$ref": _REF.format(model="MessageSaid")}]}
    schemas["Problem"] = schemas.pop("ProblemSaid")
    return schemas


def _closed(schema: Any) -> Any:
    """Objects with named members have no others; what tells the facts apart has to be said."""
    if isinstance(schema, list):
        return [_closed(part) for part in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    closed: dict[str, Any] = {name: _closed(part) for name, part in cast("dict[str, Any]", schema).items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
        if "const" in closed["properties"].get("type", {}):
            closed["required"] = sorted({"type", *closed.get("required", ())})
    return closed


def _readable(document: Any) -> Any:
    """Patterns as JSON Schema's dialect of them has it."""
    if isinstance(document, list):
        return [_readable(part) for part in cast("list[Any]", document)]
    if not isinstance(document, dict):
        return document
    return {
        name: part.replace(r"\A", "^").replace(r"\z", "$") if name == "pattern" and isinstance(part, str) else _readable(part)
        for name, part in cast("dict[str, Any]", document).items()
    }


def _answers_problems(operation: dict[str, Any]) -> None:
    """Whatever else an operation answers, what goes wrong is a problem document."""
    if operation["responses"].get("422", {}).get("description") == "Validation Error":
        del operation["responses"]["422"]
    operation["responses"]["default"] = {
        "description": "A problem",
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
