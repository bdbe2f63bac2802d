"""A key of one candidate, and a link, reach nothing of another: by any call of the document, in any place that takes a word."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from activities.letters.links import Purpose
from client.api.app import create_app
from client.embedded import Stack
from client.settings import Settings
from tests.page.visitor import Visitor, visitor
from tests.running import body, slug
from tests.server import eventually

__all__ = ["visitor"]

SECRET = "a-secret-that-is-long-enough"
OWN_LOOK = {("get", "/v1/applications"), ("post", "/v1/applications"), ("post", "/v1/preview"), ("get", "/v1/messages")}
"""Calls about nobody by their path that are open to such a key: they see for themselves whom they are about."""
NO_KEY = {"/healthz", "/readyz", "/hooks/{board}/{connection}", "/v1/candidates/{candidate}/calendar.ics"}
PUTS_ELSEWHERE = {"calendar-token", "advance"}


@dataclass
class Other:
    """Somebody whose key this is not."""

    candidate: str
    application: str
    hidden: tuple[str, ...]
    """What is theirs, and in no request."""


@dataclass
class Us:
    http: httpx.AsyncClient
    """With the key that is bound to `candidate`."""
    candidate: str
    application: str
    other: Other
    api: httpx.AsyncClient
    document: dict[str, Any]

    async def state(self) -> list[Any]:
        """Everything of the other that any call shows, apart from what runs by itself."""
        calls = (f"/v1/candidates/{self.other.candidate}", f"/v1/applications/{self.other.application}")
        letters, second = f"/v1/applications/{self.other.application}/letters", f"/v1/applications/{self.other.hidden[0]}"
        return [(await self.api.get(path)).json() for path in (*calls, letters, second)]

    def names_nothing(self, answer: httpx.Response) -> None:
        told = answer.text + str(answer.headers)
        assert not [word for word in self.other.hidden if word in told], (str(answer.request.url), answer.text)
        assert answer.status_code < 500 or answer.status_code == 501, (str(answer.request.url), answer.text)


@pytest.fixture
async def us(stack: Stack, api: httpx.AsyncClient) -> AsyncGenerator[Us]:
    """Two candidates with applications, letters and mail, and the key of one of them."""
    mark = uuid4().hex[:10]
    ours, theirs = f"cand-our-{mark}", f"cand-their-{mark}"
    other = Other(
        theirs, f"their-{mark}", (f"hidden-{mark}", f"Zelda{mark}", f"z{mark}@example.org", f"Firm{mark}", f"Craft{mark}", f"Talk{mark}")
    )
    for application in (other.application, other.hidden[0]):
        whose = {"id": theirs, "name": other.hidden[1], "email": other.hidden[2], "timezone": "Europe/London"}
        said = body(application, candidate=whose, position=other.hidden[4])
        said["employer"]["name"] = other.hidden[3]
        said["facts"].append({"type": "reflection_noted", "interview": "i1", "takeaways": other.hidden[5]})
        key = {"Idempotency-Key": f"key-{mark}"} if application == other.application else {}
        assert (await api.post("/v1/applications", json=said, headers=key)).is_success
    me = {"id": ours, "name": "Ada Byron", "email": "ada@example.org", "timezone": "Europe/London"}
    assert (await api.post("/v1/applications", json=body(f"our-{mark}", candidate=me))).is_success
    app = create_app(
        Settings(
            embedded=True,
            home=stack.home,
            api_keys=SecretStr(f"ours:read+write+private@{ours}:{SECRET}"),
            link_keys=SecretStr((stack.home / "link-key").read_text()),
            public_url=stack.api,
        ),
        stack.client,
    )
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers, timeout=30) as http:
        assert (await api.post(f"/v1/applications/{other.application}/advance", json={"to": "next"})).is_success
        found = Us(http, ours, f"our-{mark}", other, api, (await http.get("/openapi.json")).json())

        async def mailed() -> bool:
            sent = (await api.get("/v1/messages", params={"application": other.application})).json()["messages"]
            letters = (await api.get(f"/v1/applications/{other.application}/letters")).json()["letters"]
            listed = (await api.get("/v1/applications", params={"candidate": theirs})).json()["applications"]
            return bool(sent and letters and len(listed) == 2)

        await eventually(mailed)
        yield found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def example(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return content.get("example") or next((e["value"] for e in content.get("examples", {}).values()), None)


def filled(path: str, candidate: str, application: str) -> str:
    return (
        path.replace("{candidate}", candidate)
        .replace("{application}", application)
        .replace("{erasure}", candidate)
        .replace("{coach}", "coach-9")
    )


def leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every text in a body."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from leaves(inner, (*place, name))
    elif isinstance(value, list):
        for n, inner in enumerate(cast("list[Any]", value)):
            yield from leaves(inner, (*place, n))


def put(value: Any, place: tuple[Any, ...], word: str) -> Any:
    made = inner = copy.deepcopy(value)
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = word
    return made


def without(text: str, *words: str) -> Any:
    for word in words:
        text = text.replace(word, "…")
    return json.loads(text)


async def test_another_candidate_is_as_if_they_did_not_exist(us: Us) -> None:
    """In every path: the same answer as for an id that nobody has, whatever the method."""
    before, asked = await us.state(), 0
    for method, path, operation in operations(us.document):
        if path in NO_KEY or "{" not in path:
            continue
        said = {"json": example(operation)} if example(operation) else {}
        theirs = await us.http.request(method, filled(path, us.other.candidate, us.other.application), **said)
        nobodys = await us.http.request(method, filled(path, "nobody-at-all", "nothing-at-all"), **said)
        us.names_nothing(theirs)
        assert theirs.status_code in (403, 404), (method, path, theirs.text)
        assert theirs.status_code == nobodys.status_code, (method, path)
        assert without(theirs.text, us.other.candidate, us.other.application) == without(nobodys.text, "nobody-at-all", "nothing-at-all")
        asked += 1
    assert asked >= 9
    assert await us.state() == before


async def test_a_call_about_nobody_by_its_path_is_closed_unless_it_looks_itself(us: Us) -> None:
    """So that what is added later is closed until somebody has thought of it."""
    reached: set[tuple[str, str]] = set()
    for method, path, operation in operations(us.document):
        if path in NO_KEY or "{candidate}" in path or "{application}" in path:
            continue
        answer = await us.http.request(method, filled(path, "x", "x"), json=example(operation))
        us.names_nothing(answer)
        if answer.status_code != 403:
            reached.add((method, path))
    assert reached == OWN_LOOK


async def test_no_parameter_reaches_another_candidate(us: Us) -> None:
    """Queries and headers, each with everything that could name the other, in calls about ourselves."""
    before, asked = await us.state(), 0
    tag = (await us.api.get(f"/v1/applications/{us.other.application}")).headers["etag"]
    words = (us.other.candidate, us.other.application, f"application/{us.other.application}", tag, "*", f"key-{us.other.application[-10:]}")
    for method, path, operation in operations(us.document):
        if path in NO_KEY or path.rpartition("/")[2] in PUTS_ELSEWHERE:
            continue
        said = {"json": _ours(us, example(operation))} if example(operation) else {}
        for parameter in (p for p in operation.get("parameters", ()) if p["in"] in ("query", "header")):
            for word in words:
                given = {"params" if parameter["in"] == "query" else "headers": {parameter["name"]: word}}
                answer = await us.http.request(method, filled(path, us.candidate, us.application), **said, **cast("Any", given))
                us.names_nothing(answer)
                asked += 1
    assert asked >= 60
    assert await us.state() == before


async def test_no_word_of_a_body_reaches_another_candidate(us: Us) -> None:
    """Every text of every example in turn is the other's id; what is kept all the same is about ourselves."""
    before, asked = await us.state(), 0
    for method, path, operation in operations(us.document):
        if path in NO_KEY or not (plain := example(operation)) or path.endswith("/advance"):
            continue
        said = _ours(us, plain)
        for place in leaves(said):
            for word in (us.other.candidate, us.other.application):
                answer = await us.http.request(method, filled(path, us.candidate, us.application), json=put(said, place, word))
                us.names_nothing(answer)
                if answer.is_success and path == "/v1/applications":
                    assert answer.json()["candidate"]["id"] == us.candidate
                asked += 1
    assert asked >= 40
    assert await us.state() == before


async def test_an_opening_takes_nothing_over_that_is_not_ours(us: Us, application: str) -> None:
    """Neither for somebody else, nor under their id or key, nor what a board knows of them, nor what it will."""
    before = await us.state()
    ours = body(application, candidate={"id": us.candidate, "email": "ada@example.org", "timezone": "Europe/London"})
    theirs = ours | {"candidate": ours["candidate"] | {"id": us.other.candidate}}
    for said, status, problem in (
        (theirs, 404, "no-such-candidate"),
        (ours | {"id": us.other.application}, 409, "different-application"),
        (ours | {"refs": [us.other.application]}, 404, "no-such-application"),
        (ours | {"refs": ["acme.nobody"]}, 404, "no-such-application"),
        (ours | {"id": f"acme.{application}"}, 403, "forbidden"),
    ):
        answer = await us.http.post("/v1/applications", json=said)
        us.names_nothing(answer)
        assert (answer.status_code, slug(answer)) == (status, problem)
    assert await us.state() == before


async def test_a_key_of_a_call_means_another_application_for_each_candidate(us: Us, application: str) -> None:
    """What somebody else opened under the same Idempotency-Key is not met."""
    keyed = body(candidate={"id": us.candidate, "email": "ada@example.org", "timezone": "Europe/London"})
    theirs = body(candidate=keyed["candidate"] | {"id": us.other.candidate})
    first = await us.api.post("/v1/applications", json=theirs, headers={"Idempotency-Key": f"k{application}"})
    made = await us.http.post("/v1/applications", json=keyed, headers={"Idempotency-Key": f"k{application}"})
    assert (first.status_code, made.status_code, first.json()["id"] == made.json()["id"]) == (201, 201, False)
    again = await us.http.post("/v1/applications", json=keyed, headers={"Idempotency-Key": f"k{application}"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])


async def test_our_own_is_within_reach(us: Us) -> None:
    """Views, facts, letters, changes, the list and the mail: ours, and all of ours."""
    path = f"/v1/applications/{us.application}"

    async def listed() -> list[str]:
        return [summary["id"] for summary in (await us.http.get("/v1/applications")).json()["applications"]]

    assert await eventually(listed) == [us.application]
    assert (await us.http.get("/v1/applications", params={"candidate": us.other.candidate})).json() == {"applications": [], "next": None}
    for call in (path, f"{path}/facts", f"{path}/letters", f"/v1/candidates/{us.candidate}"):
        assert (await us.http.get(call)).status_code == 200, call
    assert (await us.http.post(f"{path}/facts", json={"type": "timeline_stated", "respond_by": "2031-03-03"})).status_code == 200
    assert (await us.http.patch(f"/v1/candidates/{us.candidate}", json={"profile": {"name": "Ada"}})).status_code == 200

    assert (await us.http.post(f"{path}/advance", json={"to": "next"})).is_success

    async def mailed() -> list[dict[str, Any]]:
        return (await us.http.get("/v1/messages")).json()["messages"]

    mail = await eventually(mailed)
    assert mail == (await us.http.get("/v1/messages", params={"application": us.application})).json()["messages"]
    assert (await us.http.get("/v1/messages", params={"application": us.other.application})).json() == {"messages": []}


async def test_a_link_reaches_nothing_of_another_candidate(us: Us, visitor: Visitor) -> None:
    """Of whatever purpose: signed for us and about their application it shows and does nothing; nor is it a key or a calendar's token."""
    before = await us.state()
    await visitor.known(us.candidate)
    for purpose in get_args(Purpose):
        if purpose in ("page", "unsubscribe"):
            continue
        link = visitor.link(purpose, us.candidate, us.other.application, "follow-up/1")
        for page in (await visitor.get(link), await visitor.post(link, {"what": purpose, "until": "2031-03-03", "in_writing": "yes"})):
            assert page.status == 404, (purpose, page.text)
            assert not [word for word in us.other.hidden if word in page.source]
    link = visitor.link("page", us.candidate)
    for form in (await visitor.get(link)).forms:
        for name in form.fields.keys() - {"what"}:
            for word in (us.other.application, us.other.candidate):
                page = await visitor.send(form, {name: word})
                assert page.status < 500
                assert not [hidden for hidden in us.other.hidden if hidden in page.source], (form.fields, name)
    token = link.rpartition("/")[2]
    calendar = (await us.api.get(f"/v1/candidates/{us.candidate}")).json()["calendar_url"].partition("token=")[2]
    assert calendar
    for said in (token, calendar, f"{token}&candidate={us.other.candidate}"):
        answer = await us.http.get(f"/v1/candidates/{us.other.candidate}/calendar.ics?token={said}")
        assert answer.status_code == 404
        us.names_nothing(answer)
    for method, path, operation in operations(us.document):
        if path not in NO_KEY:
            headers = {"Authorization": f"Bearer {token}"}
            call = filled(path, us.other.candidate, us.other.application)
            assert (await us.http.request(method, call, headers=headers, json=example(operation))).status_code == 401, path
    assert await us.state() == before


def _ours(us: Us, said: Any) -> Any:
    """An example as it is said of ourselves."""
    made = cast("dict[str, Any]", copy.deepcopy(said))
    if "candidate" in made:
        made["candidate"]["id"] = us.candidate
    if "employer" in made and "id" in made:
        made["id"] = f"{us.application}-new"
    return made
