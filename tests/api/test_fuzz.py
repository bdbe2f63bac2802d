"""Every entrance of the running API under hostile bodies: a clear answer to each, and applications that stay healthy."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client.hostile import messages, openings, written
from tests.running import body

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
CLEAR = {200, 201, 202, 404, 409, 413, 422}


def is_clear(answer: httpx.Response) -> bool:
    """An expected status, with a view or a problem."""
    about = "detail" if answer.status_code >= 400 else "id" if "steps" not in answer.json() else "view"
    return answer.status_code in CLEAR and bool(answer.json()[about]) and bool(answer.headers["request-id"])


@FEW
@given(raw=st.binary(max_size=300))
async def test_any_bytes_get_a_clear_answer(api: httpx.AsyncClient, raw: bytes) -> None:
    """At every entrance that takes a body."""
    for path in ("/v1/applications", "/v1/preview", "/v1/applications/nobody/facts", "/v1/applications/nobody/advance"):
        answer = await api.post(path, content=raw)
        assert is_clear(answer), answer.text


@FEW
@given(said=openings())
async def test_any_opening_gets_a_clear_answer_and_is_then_viewed(api: httpx.AsyncClient, said: dict[str, Any]) -> None:
    """Previewed and opened it is judged alike, and what was opened has a view."""
    if isinstance(said.get("id"), str):
        said["id"] = f"fuzz-{uuid4().hex}"
    previewed = await api.post("/v1/preview", content=written(said))
    answer = await api.post("/v1/applications", content=written(said))
    assert is_clear(previewed), previewed.text
    assert is_clear(answer), answer.text
    if answer.is_success:
        view = await api.get(answer.headers["location"])
        assert (view.status_code, view.json()["facts"][0]["type"]) == (200, "opened")


@FEW
@given(said=st.lists(messages(), min_size=1, max_size=4))
async def test_any_facts_get_a_clear_answer_and_leave_a_healthy_application(api: httpx.AsyncClient, said: list[Any]) -> None:
    """Whatever was said to it, the next good word is taken."""
    application = f"fuzz-{uuid4().hex}"
    path = f"/v1/applications/{application}"
    assert (await api.post("/v1/applications", json=body(application))).is_success
    for message in said:
        answer = await api.post(f"{path}/facts", content=written(message))
        assert is_clear(answer), answer.text
    healthy = await api.post(f"{path}/facts", json={"type": "reflection_noted", "interview": "i1", "takeaways": "fine", "anyway": True})
    assert healthy.status_code == 200, healthy.text


@FEW
@given(
    path=st.text(max_size=40),
    query=st.dictionaries(st.sampled_from(["stage", "cursor", "limit", "candidate", "after", "due_before"]), st.text(max_size=20)),
)
async def test_any_path_and_query_get_a_clear_answer(api: httpx.AsyncClient, path: str, query: dict[str, str]) -> None:
    """404 for what is not there, 422 for what cannot be read."""
    for where in (f"/v1/applications/{quote(path, safe='')}", "/v1/applications", "/v1/messages"):
        answer = await api.get(where, params=query)
        assert answer.status_code in CLEAR, answer.text
