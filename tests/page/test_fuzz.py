"""Every link and every form under hostile tokens, bodies and encodings: a plain page each time, and nothing said by accident."""

from __future__ import annotations

import string
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.letters.links import PURPOSES, Purpose
from client.page.said import READINGS
from tests.page.test_page import HOSTILE, page_of
from tests.page.visitor import Page, Visitor
from tests.running import body

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
CLEAR = {200, 404, 409, 410, 422}
WORDS = st.one_of(
    st.sampled_from(["", " ", "on", "yes", "pause", "withdrawn", "2030-01-01", "08:00", "en", "1", "[x]", "../..", "\r\nA: b"]),
    st.sampled_from([HOSTILE, "x" * 10_000, "\x00\x85\ufffe\ud800"]),
    st.text(max_size=60),
)
FIELDS = [
    "what", "about", "application", "once", "respond_by", "in_writing", "decide_by", "starts_on", "feedback", "kind", "with", "until",
    "how", "subject", "body", "questions", "takeaways", "point.g", "language", "waking_start", "waking_end", "daily_limit", "unsubscribed",
    "List-Unsubscribe", "all-the-same",
]  # fmt: skip
SAID = st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=20)), WORDS, max_size=8)
ABOUT = st.sampled_from(
    [
        "",
        "i1",
        "1",
        "thank-you/i1",
        "thank-you/i1/g",
        "thank-you-nudge/i1",
        "close-others/1/x",
        "offer-decide/1/accept",
        "waiting offers",
        HOSTILE,
    ]
)
KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "text/plain; charset=nonsense",
        "",
    ]
)
TOKENS = st.text(alphabet=string.ascii_letters + string.digits + "._-~%:{}<>\"' é", min_size=1, max_size=200)


def is_plain(answer: httpx.Response) -> bool:
    """A page of ours that reads strictly, with every header that keeps it to itself."""
    page = Page(answer.status_code, str(answer.url), answer.headers, answer.text)
    return answer.status_code in CLEAR and "default-src 'none'" in page.headers["content-security-policy"] and bool(page.text)


@FEW
@given(token=TOKENS)
async def test_any_token_gets_a_plain_page(visitor: Visitor, token: str) -> None:
    """By GET, HEAD and POST; what is no path of ours at all is a problem, never a fault."""
    url = f"{visitor.link('page', 'x').partition('/act/')[0]}/act/{quote(token, safe='')}"
    for method in ("GET", "HEAD", "POST"):
        answer = await visitor.http.request(method, url)
        assert answer.status_code in {404, 405, 410, 422}, answer.text
        assert (
            answer.status_code == 405 or method == "HEAD" or answer.headers["content-type"].startswith(("text/html", "application/problem"))
        )


@pytest.fixture(scope="module")
async def subject(visitor: Visitor) -> str:
    """One application for all; whatever is said to it, it goes on."""
    await visitor.opened("fuzz-page")
    await visitor.mail("fuzz-page", "thank-you/i1")
    await page_of(visitor, "cand-fuzz-page")
    return "fuzz-page"


@FEW
@given(purpose=st.sampled_from(PURPOSES), about=ABOUT, fields=SAID)
async def test_any_form_of_any_link_gets_a_plain_page(
    visitor: Visitor, subject: str, purpose: Purpose, about: str, fields: dict[str, str]
) -> None:
    """Also with the form's own name in it."""
    url = visitor.link(purpose, f"cand-{subject}", subject, about, step=f"{hash((purpose, about, *fields)):x}")
    for said in (fields, fields | {"what": purpose}):
        answer = await visitor.http.post(url, data={n: v.encode("utf-8", "replace").decode() for n, v in said.items()})
        assert is_plain(answer), answer.text


@FEW
@given(what=st.sampled_from([*READINGS, "preferences", "nonsense"]), about=ABOUT, fields=SAID)
async def test_any_form_of_the_page_gets_the_page_and_leaves_a_healthy_application(
    visitor: Visitor, subject: str, what: str, about: str, fields: dict[str, str]
) -> None:
    """With what is wrong in it; the next good word is taken."""
    said = {n: v.encode("utf-8", "replace").decode() for n, v in fields.items()}
    url = visitor.link("page", f"cand-{subject}")
    answer = await visitor.http.post(url, data=said | {"what": what, "about": about, "application": subject, "once": "abcdefgh"})
    assert is_plain(answer), answer.text
    healthy = {"type": "reflection_noted", "interview": "i1", "takeaways": "fine", "anyway": True}
    assert (await visitor.api.post(f"/v1/applications/{subject}/facts", json=healthy)).status_code == 200


@FEW
@given(raw=st.binary(max_size=300), kind=KINDS)
async def test_any_bytes_get_a_plain_page(visitor: Visitor, subject: str, raw: bytes, kind: str) -> None:
    headers: dict[str, Any] = {"Content-Type": kind} if kind else {}
    for purpose in ("answered", "unsubscribe", "page"):
        answer = await visitor.http.post(visitor.link(purpose, f"cand-{subject}", subject, "thanks"), content=raw, headers=headers)
        assert is_plain(answer), answer.text


async def test_a_body_that_is_too_large_is_refused(visitor: Visitor, application: str) -> None:
    """413 before anything is read."""
    await visitor.opened(application, **{name: value for name, value in body(application).items() if name != "id"})
    answer = await visitor.http.post(
        visitor.link("rejected", f"cand-{application}", application), data={"what": "rejected", "feedback": "x" * 1_100_000}
    )
    assert answer.status_code == 413
    assert not await visitor.said(application, "rejected")
