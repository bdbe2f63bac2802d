"""What /openapi.json promises: schemathesis says what it allows and more, and looks whether the answers are as it says."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from client.embedded import Stack
from tests.parts import ROOT
from tests.running import DEV

EXAMPLES = 10
"""Per operation, beside those that schemathesis makes for every boundary of the document."""
CHECKS = (
    "not_a_server_error",
    "content_type_conformance",
    "ignored_auth",
    "negative_data_rejection",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
)

OF_ITS_OWN = {"/v1/candidates/{candidate}/calendar.ics"}
"""A calendar reads it, with a token instead of a key."""
SAYS_ALL = {"/v1/candidates/{candidate}/calendar-token"}
"""Calls without a body."""


@pytest.fixture
async def lifted(api: httpx.AsyncClient) -> AsyncGenerator[None]:
    """What was held by then is lifted, for those who send on this stack after it."""
    yield
    for one in (await api.get("/v1/hold")).json()["holds"]:
        await api.put("/v1/hold", json={"scope": one["scope"], "until": None})
    assert (await api.get("/v1/hold")).json() == {"holds": []}


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("lifted")
@pytest.mark.parametrize(
    ("phases", "left_out"),
    [
        ("examples,coverage", "^/hooks/|^/v1/preview|/facts$"),  # their bodies are parts of an opening's, or the same
        ("fuzzing", "^/hooks/"),
    ],
)
def test_every_answer_is_as_promised(stack: Stack, tmp_path: Path, phases: str, left_out: str) -> None:
    """Whatever is asked: no fault of ours, no undocumented shape, nobody let in without a key. The same questions in every run."""
    program = Path(sysconfig.get_path("scripts")) / "schemathesis"
    told = subprocess.run(
        [
            program, "--no-color", "run", f"{stack.api}/openapi.json", "--header", f"Authorization: {DEV['Authorization']}",
            "--exclude-path-regex", left_out, "--phases", phases, "--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES),
            "--generation-deterministic",
        ],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.api.media_types"}, capture_output=True,
        text=True, check=False, timeout=170,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr


async def test_the_document_has_every_call_with_its_example(api: httpx.AsyncClient) -> None:
    """Requests and answers have schemas; what is posted has an example."""
    paths = (await api.get("/openapi.json")).json()["paths"]
    assert set(paths) == {
        "/v1/applications",
        "/v1/applications/{application}",
        "/v1/applications/{application}/facts",
        "/v1/applications/{application}/letters",
        "/v1/applications/{application}/advance",
        "/v1/preview",
        "/v1/candidates/{candidate}",
        "/v1/candidates/{candidate}/advance",
        "/v1/candidates/{candidate}/calendar-token",
        "/v1/candidates/{candidate}/calendar.ics",
        "/v1/candidates/{candidate}/coaches",
        "/v1/candidates/{candidate}/coaches/{coach}",
        "/v1/candidates/{candidate}/export",
        "/v1/coaches/{coach}/candidates",
        "/v1/coaches/{coach}/candidates/{candidate}",
        "/v1/erasures/{erasure}",
        "/v1/hold",
        "/v1/imports",
        "/v1/imports/{import}",
        "/v1/messages",
        "/v1/connections",
        "/v1/policies",
        "/v1/policies/{name}",
        "/v1/policies/{name}/preview",
        "/v1/policies/{name}/migrations",
        "/v1/policies/migrations/{migration}",
        "/v1/applications/{application}/policy",
        "/v1/webhooks",
        "/v1/webhooks/{name}/replay",
        "/v1/statistics",
        "/hooks/{board}/{connection}",
        "/healthz",
        "/readyz",
    }
    for path in (path for path in paths if path.startswith("/v1/") and path not in OF_ITS_OWN):
        for method, operation in paths[path].items():
            assert operation["security"], path
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("20")]
            assert all("schema" in answer["content"]["application/json"] for answer in answers), path
            if method in ("post", "put", "patch") and path not in SAYS_ALL:
                (content,) = operation["requestBody"]["content"].values()
                assert content.keys() & {"example", "examples"}, path


async def test_the_pages_for_people_are_there(api: httpx.AsyncClient) -> None:
    """They read the same document."""
    page = await api.get("/docs")
    assert (page.status_code, "/openapi.json" in page.text) == (200, True)
