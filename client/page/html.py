"""How it looks: one layout, one stylesheet, headers that let nothing from elsewhere in and nothing of the page out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from activities.letters.languages import Words
from client.page.advisers import Asking, Entry
from client.page.forms import Form
from client.page.sections import Letter, Sections
from client.page.talk import Line, Talk, clean

_FOLDER: Final = files(__name__.rpartition(".")[0]) / "templates"
RETRY_AFTER: Final = "5"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@cache
def style() -> tuple[str, str]:
    """The stylesheet, and the name that only its present content has."""
    text = (_FOLDER / "style.css").read_text(encoding="utf-8")
    return text, f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.css"


def styled(*, current: bool) -> Response:
    """`current`: it was asked for by the name of its content, so that a browser may keep it for ever."""
    kept = "public, max-age=31536000, immutable" if current else "no-cache"
    return Response(style()[0], media_type="text/css", headers={"Cache-Control": kept, "X-Content-Type-Options": "nosniff"})


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    pages = {file.name: file.read_text(encoding="utf-8") for file in _FOLDER.iterdir() if file.name.endswith(".html")}
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(pages), autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )


def _shown(value: object) -> object:
    """What anybody wrote, without what no page may hold."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def isolated(line: Line) -> Markup:
    """The sentence, each name in it in its own direction of writing."""
    text = escape(line.text)
    return (
        text.format(**{name: Markup("<bdi>{}</bdi>").format(clean(value)) for name, value in line.values.items()}) if line.values else text
    )


def _speaking(words: Words) -> Callable[..., Markup]:
    """What templates say: a text of the catalogue, with the names in it isolated."""

    def say(text: str, /, **values: str) -> Markup:
        return isolated(Line(words.gettext(text), values))

    return say


def _page(name: str, status: int, words: Words, known: Mapping[str, Any]) -> HTMLResponse:
    headers = _HEADERS | ({"Retry-After": RETRY_AFTER} if status == 503 else {})
    text = (
        _environment()
        .get_template(name)
        .render(_=_speaking(words), isolated=isolated, language=words.language, style=f"style/{style()[1]}", **known)
    )
    return HTMLResponse(text, status, headers)


def told(status: int, words: Words, title: str, *lines: Line) -> HTMLResponse:
    """A plain page that says something."""
    return _page("told.html", status, words, {"title": title, "lines": lines})


def asked(status: int, talk: Talk, form: Form, about: Line | None, letter: Letter | None = None) -> HTMLResponse:
    """A page about one thing that can be said, with its form. `about`: which application."""
    return _page("asked.html", status, talk.words, {"title": form.title, "form": form, "about": about, "letter": letter, "once": ""})


def consent(status: int, talk: Talk, asking: Asking) -> HTMLResponse:
    """A page about one adviser."""
    return _page("consent.html", status, talk.words, {"title": asking.title, "asking": asking})


def whole(
    status: int,
    talk: Talk,
    sections: Sections,
    *,
    once: str,
    calendar: str,
    advisers: Sequence[Entry] = (),
    confirmed: Line | None = None,
    again: Form | None = None,
) -> HTMLResponse:
    """The candidate's page.

    `once` names what its forms say; `calendar` is the address of the feed; `again` is a form that could not be kept, shown as it was sent.
    """
    known: dict[str, Any] = {"sections": sections, "once": once, "calendar": calendar, "confirmed": confirmed, "again": again}
    known |= {"title": talk.words.gettext("Your applications"), "place": talk.place, "today": talk.day(talk.today), "advisers": advisers}
    return _page("page.html", status, talk.words, known)
