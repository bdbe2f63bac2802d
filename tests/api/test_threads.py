"""A call is answered in the loop that took it: no part of it waits for a thread, of which there are few and which must be woken first."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

import client.api


def routes() -> Iterator[APIRoute]:
    """Of every router of the API."""
    for module in pkgutil.iter_modules(client.api.__path__, "client.api."):
        if not module.name.endswith("__main__"):
            for found in vars(importlib.import_module(module.name)).values():
                if isinstance(found, APIRouter):
                    yield from (route for route in found.routes if isinstance(route, APIRoute))


def needed(by: Dependant) -> Iterator[Dependant]:
    yield by
    for one in by.dependencies:
        yield from needed(one)


def test_nothing_that_answers_a_call_runs_in_a_thread_of_its_own() -> None:
    called = {one.call for route in routes() for one in needed(route.dependant) if one.call}
    assert len(called) > 60
    waits = {c for c in called if not inspect.iscoroutinefunction(c) and not inspect.iscoroutinefunction(getattr(c, "__call__", None))}  # noqa: B004 -- a dependency may be an object
    assert {f"{c.__module__}.{getattr(c, '__qualname__', c)}" for c in waits} == set()
