"""A candidate with a browser and without a key: follows links of real mail, fills in forms, sees what a person would see."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
import httpx
import pytest

from activities.letters.links import LIFE, Link, Links, Purpose, keys_in
from client.embedded import Stack
from tests.running import body
from tests.server import eventually


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it if nothing were typed."""

    action: str
    fields: dict[str, str]
    button: str
    names: frozenset[str]
    """Every name that it can send."""


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    url: str
    headers: httpx.Headers
    source: str

    @property
    def tree(self) -> Element:
        """Read as strictly as the standard is written."""
        return cast("Element", html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.source))  # pyright: ignore[reportUnknownMemberType] -- it has no types

    @property
    def text(self) -> str:
        return " ".join("".join(self.tree.find("body").itertext()).split())  # pyright: ignore[reportOptionalMemberAccess] -- every page has one

    @property
    def heading(self) -> str:
        return "".join(next(self.tree.iter("h1")).itertext())

    @property
    def forms(self) -> list[Form]:
        return [_form(form, self.url) for form in self.tree.iter("form")]

    def form(self, what: str, about: str | None = None) -> Form:
        """The one that says this."""
        return next(f for f in self.forms if f.fields["what"] == what and (about is None or f.fields.get("about") == about))


def _form(form: Element, url: str) -> Form:
    fields: dict[str, str] = {}
    names: set[str] = set()
    for item in form.iter():
        name = item.get("name")
        if name is None or item.tag not in ("input", "textarea", "select"):
            continue
        names.add(name)
        if item.tag == "textarea":
            fields[name] = (item.text or "").removeprefix("\n")
        elif item.tag == "select":
            options = list(item.iter("option"))
            fields[name] = next((o for o in options if o.get("selected") is not None), options[0]).get("value", "")
        elif item.get("type") not in ("radio", "checkbox"):
            fields[name] = item.get("value", "")
        elif item.get("checked") is not None:
            fields[name] = f"{fields[name]} {item.get('value')}" if name in fields else item.get("value", "")
    return Form(urljoin(url, form.get("action") or url), fields, "".join(next(form.iter("button")).itertext()), frozenset(names))


@dataclass(frozen=True)
class Visitor:
    """Has what is in the mail, and can also be given a link that no mail has brought yet."""

    http: httpx.AsyncClient
    api: httpx.AsyncClient
    links: Links

    async def get(self, url: str) -> Page:
        return _page(await self.http.get(url))

    async def send(self, form: Form, said: Mapping[str, Any] | None = None, **more: Any) -> Page:
        """As typed: what is None is left out."""
        fields = {name: value for name, value in {**form.fields, **(said or {}), **more}.items() if value is not None}
        return await self.post(form.action, fields)

    async def post(self, url: str, fields: Mapping[str, Any]) -> Page:
        return _page(await self.http.post(url, data=dict(fields)))

    async def opened(self, application: str, **other: Any) -> None:
        answer = await self.api.post("/v1/applications", json=body(application, **other))
        assert answer.is_success, answer.text

    async def mail(self, application: str, intent: str) -> dict[str, str]:
        """Moves the clock until that message is there; its links by purpose, those of letters by purpose and letter."""

        async def arrived() -> str | None:
            messages = (await self.api.get("/v1/messages", params={"application": application})).json()["messages"]
            if found := [message["text"] for message in messages if message["intent"] == intent]:
                return str(found[-1])
            await self.api.post(f"/v1/applications/{application}/advance", json={"to": "next"})
            return None

        return links_in(await eventually(arrived), self.links)

    async def view(self, application: str) -> dict[str, Any]:
        return (await self.api.get(f"/v1/applications/{application}")).json()

    async def said(self, application: str, kind: str) -> list[dict[str, Any]]:
        """The facts of that type, without their own time."""
        facts = (await self.view(application))["facts"]
        return [{name: value for name, value in fact.items() if name != "at"} for fact in facts if fact["type"] == kind]

    async def known(self, candidate: str) -> dict[str, Any]:
        """The candidate once their run has heard of the application."""

        async def there() -> dict[str, Any] | None:
            page = await self.get(self.link("page", candidate))
            return {"page": page} if page.status == 200 else None

        return await eventually(there)

    def link(self, purpose: Purpose, candidate: str, application: str | None = None, about: str = "", **other: Any) -> str:
        """A link as a mail would bring it."""
        link = Link(purpose, candidate, application, about, "0123456789abcdef", datetime.now(UTC) + LIFE)
        return self.links.url(Link(**{**link.__dict__, **other}))


def _page(answer: httpx.Response) -> Page:
    return Page(answer.status_code, str(answer.url), answer.headers, answer.text)


def links_in(text: str, links: Links) -> dict[str, str]:
    """The links of a message by purpose; of letters, by purpose and letter, such as `sent follow-up/1`."""
    found: dict[str, str] = {}
    for url in re.findall(r"https?://\S+/act/\S+", text):
        link = links.read(url.rpartition("/act/")[2], datetime.now(UTC))
        found[f"{link.purpose} {link.about}" if link.purpose in ("sent", "edit") else link.purpose] = url
    return found


@pytest.fixture(scope="session")
async def visitor(stack: Stack, api: httpx.AsyncClient) -> AsyncGenerator[Visitor]:
    """Follows redirects as a browser does, and has no key."""
    links = Links(keys_in((stack.home / "link-key").read_text()), stack.api)
    async with httpx.AsyncClient(timeout=30, trust_env=False, follow_redirects=True) as http:
        yield Visitor(http, api, links)
