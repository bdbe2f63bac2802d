"""`/act/{token}`: what a link shows, and what its form does. HEAD and GET change nothing; only POST acts.

A link for one purpose works once: the fact that it says has an id made from the link. The link of the whole page works until it ends.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from temporalio.client import Client

from activities.letters.links import Expired, Link, Links, Unusable
from client.applications import Applications
from client.coaches import Coaches
from client.letters import resembled
from client.page import answers, forms, html, said
from client.page.advisers import entries
from client.page.consent import consent
from client.page.forms import Field, Form
from client.page.reading import NotYours, Reader, real, sent_by, spoken
from client.page.refused import refused
from client.page.sections import Known, Sections, objected, sections
from client.page.singles import form_of, probe_of
from client.page.talk import Line, Talk
from client.refusals import Invalid, NoSuchApplication, NoSuchCandidate, NotDone, Refused, Unavailable
from workflows.facts import Candidate, Fact, LetterApproved, Word
from workflows.person.facts import PreferencesChange, ProfileChange

ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")
ALL_THE_SAME: Final = "all-the-same"
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{8,40}", re.ASCII)
Now = Callable[[], datetime]


class Acts:
    """The links of one deployment. `clocks`: as of `Reader`. `now`: real time, in which links end."""

    def __init__(self, links: Links, applications: Applications, coaches: Coaches, clocks: Client | None, now: Now = real) -> None:
        self._links, self._applications, self._coaches, self._now = links, applications, coaches, now
        self._candidates = coaches.candidates
        self._reader = Reader(applications, coaches.candidates, clocks)

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/act", include_in_schema=False)
        router.add_api_route("/style/{name}", _style, methods=["GET", "HEAD"])
        router.add_api_route("/{token}", self.show, methods=["GET", "HEAD"])
        router.add_api_route("/{token}", self.act, methods=["POST"])
        return router

    async def show(self, request: Request, token: str) -> Response:
        return await self._answer(request, token, None)

    async def act(self, request: Request, token: str) -> Response:
        said_by_form = await sent_by(request)
        if said_by_form is None:
            talk = spoken(request, self._now())
            return _told(422, talk, answers.unreadable(talk))
        return await self._answer(request, token, said_by_form)

    async def _answer(self, request: Request, token: str, sent: Mapping[str, str] | None) -> Response:
        talk = spoken(request, self._now())
        try:
            link = self._links.read(token, self._now())
        except Expired:
            return _told(410, talk, answers.expired(talk))
        except Unusable:
            return _told(404, talk, answers.forged(talk))
        try:
            if link.purpose == "page":
                return await self._page(link, token, sent, request.query_params.get("said"))
            if link.purpose == "unsubscribe":
                return await self._unsubscribe(link, sent)
            if link.purpose in ("coach", "coach-end"):
                return await consent(self._coaches, link, self._now(), sent)
            return await self._single(link, sent)
        except NotDone as error:
            return _not_done(error, talk)
        except ValidationError:  # ours, and about nothing that there can be
            return _told(404, talk, answers.forged(talk))

    # -- links for one purpose --

    async def _single(self, link: Link, sent: Mapping[str, str] | None) -> Response:
        if link.application is None:
            raise NotYours
        known = await self._reader.one(link.application, link.candidate)
        talk = Talk.to(known.app.story.candidate, known.now)
        if link.identity in known.app.ids:
            return _told(409, talk, answers.done(talk))
        probe, found = probe_of(link), form_of(link, known, talk)
        if probe and (against := objected(known, probe)):
            return _not_done(against, talk)
        if found is None:
            return _told(409, talk, answers.pointless(talk))
        form, letter = found
        about = _about(known)
        if sent is None or sent.get("what") != form.what:
            return html.asked(200 if sent is None else 422, talk, form, about, letter)
        try:
            facts = said.facts(form.what, sent, talk=talk, app=known.app, about=form.about, identity=link.identity)
        except said.Wrong as wrong:
            return html.asked(422, talk, form.again(sent, wrong.errors, wrong.errors.get("", "")), about, letter)
        if again := _too_alike(form, facts, known, talk, sent):
            return html.asked(422, talk, again, about, letter)
        return await self._record(link, known, facts, talk)

    async def _record(self, link: Link, known: Known, facts: tuple[Fact, ...], talk: Talk) -> Response:
        await self._besides(link)
        try:
            answer = await self._applications.record(known.app.id, Word(facts=facts, by="candidate"))
        except Invalid as error:
            if error.slug == "key-reused":  # another tab was quicker, with other words
                return _told(409, talk, answers.done(talk))
            return _told(422, talk, answers.unreadable(talk))
        except Refused as error:
            return _not_done(error, talk)
        if not answer.fresh:
            return _told(409, talk, answers.done(talk))
        recorded = answers.confirmed(link.purpose, talk) or Line("")
        return html.told(200, talk.words, answers.recorded(talk), recorded, answers.recorded_next(talk))

    async def _besides(self, link: Link) -> None:
        """A withdrawal that was sent to another employer withdraws the application there."""
        kind, _, rest = link.about.partition("/")
        other = rest.partition("/")[2]
        if link.purpose != "sent" or kind != "close-others" or not other:
            return
        known = await self._reader.one(other, link.candidate)
        facts = said.facts("withdraw", {}, talk=Talk.to(None, known.now), app=known.app, about="", identity=link.identity)
        with suppress(Refused, Invalid):  # it has come to its end meanwhile, or this was said before
            await self._applications.record(other, Word(facts=facts, by="candidate"))

    # -- out of a kind of message --

    async def _unsubscribe(self, link: Link, sent: Mapping[str, str] | None) -> Response:
        """RFC 8058: one POST without a page or a cookie; said again it changes nothing."""
        candidate = (await self._reader.candidate(link.candidate)).candidate
        talk = Talk.to(candidate, self._now())
        form = forms.unsubscribed(talk, link.about)
        if sent is None or (sent.get(ONE_CLICK[0]) != ONE_CLICK[1] and sent.get("what") != form.what):
            return html.asked(200 if sent is None else 422, talk, form, None)
        known = candidate.preferences.unsubscribed
        left = tuple(one for one in forms.categories(talk.words) if one in known or one in link.about.split())
        if left != known:
            change = ProfileChange(preferences=PreferencesChange.model_validate({"unsubscribed": left}))
            await self._candidates.change(link.candidate, change, "candidate")
        done = answers.confirmed("unsubscribe", talk) or Line("")
        return html.told(200, talk.words, answers.recorded(talk), done, answers.subscribed_again(talk))

    # -- the page --

    async def _page(self, link: Link, token: str, sent: Mapping[str, str] | None, confirmed: str | None) -> Response:
        whose = await self._reader.candidate(link.candidate)
        candidate, calendar = whose.candidate, self._links.calendar(link.candidate, whose.calendar)
        known = await self._reader.every(whose.applications, link.candidate)
        talk = Talk.to(candidate, max((one.now for one in known), default=self._now()))

        async def page(status: int, wrong: Callable[[Form], Form | None] = lambda _: None) -> Response:
            def made() -> Response:
                advisers = entries(self._links, link.candidate, whose.coaches, talk, self._now())
                shown, done = sections(candidate, known, talk, whose.lost), answers.confirmed(confirmed or "", talk)
                again = wrong(_form(shown, sent)) if sent else None
                return html.whole(
                    status, talk, shown, once=secrets.token_urlsafe(12), calendar=calendar, advisers=advisers, confirmed=done, again=again
                )

            return await asyncio.to_thread(made)  # many applications must not hold up others

        if sent is None:
            return await page(200)
        what = sent.get("what", "")
        try:
            warned = await self._said(link, candidate, known, talk, sent)
        except said.Wrong as wrong:
            errors = wrong.errors
            return await page(422, lambda form: form.again(sent, errors, errors.get("", "")))
        except Refused as error:
            why, advice = refused(error, talk)
            return await page(409, lambda form: form.again(sent, {}, f"{why} {advice}"))
        if warned:
            return await page(422, lambda _: warned)
        return RedirectResponse(f"{token}?said={what}", 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})

    async def _said(self, link: Link, candidate: Candidate, known: tuple[Known, ...], talk: Talk, sent: Mapping[str, str]) -> Form | None:
        """Says it; the form again where it must be confirmed. Wrong, NotDone."""
        what, about = sent.get("what", ""), sent.get("about", "")
        if what == "preferences":
            change = ProfileChange.model_validate(said.preferences(sent, talk))
            try:
                await self._candidates.change(link.candidate, change, "candidate")
            except Invalid:
                raise said.Wrong({"": talk.words.gettext("This cannot be kept.")}) from None
            return None
        one = next((one for one in known if one.app.id == sent.get("application")), None)
        unknown = talk.words.gettext("This form is not known here any more. Please use those below.")
        if one is None or what not in said.READINGS or not _ONCE.fullmatch(sent.get("once", "")):
            raise said.Wrong({"": unknown})
        here = replace(talk, now=one.now)
        facts = said.facts(what, sent, talk=here, app=one.app, about=about, identity=_identity(link, sent))
        if what == "undo" and not any(fact.id == about and fact.by == "candidate" for fact in one.app.facts):
            raise said.Wrong({"": unknown})
        if what == "edit" and (again := _too_alike(_form(sections(candidate, (one,), talk), sent), facts, one, here, sent)):
            return again
        if what == "sent":
            await self._besides(replace(link, purpose="sent", about=about))
        try:
            await self._applications.record(one.app.id, Word(facts=facts, by="candidate"))
        except Invalid as error:
            if error.slug != "key-reused":
                raise said.Wrong({"": talk.words.gettext("This cannot be kept.")}) from None
        return None


def _told(status: int, talk: Talk, page: tuple[str, Line, Line]) -> Response:
    title, *lines = page
    return html.told(status, talk.words, title, *lines)


def _not_done(error: NotDone, talk: Talk) -> Response:
    match error:
        case Unavailable():
            return _told(503, talk, answers.unavailable(talk))
        case Invalid():
            return _told(422, talk, answers.unreadable(talk))
        case NotYours() | NoSuchApplication() | NoSuchCandidate():
            return _told(404, talk, answers.unknown(talk))
        case _ if error.slug == "erased":
            return _told(410, talk, answers.erased(talk))
        case Refused():
            return html.told(409, talk.words, answers.not_recorded(talk), *refused(error, talk))
        case _:
            return _told(500, talk, answers.unavailable(talk))


def _style(name: str) -> Response:
    return html.styled(current=name == html.style()[1])


def _about(known: Known) -> Line:
    story = known.app.story
    return Line("{position} · {employer}", {"position": story.position or "", "employer": story.employer.name if story.employer else ""})


def _identity(link: Link, sent: Mapping[str, str]) -> str:
    """The same form sent twice is the same fact."""
    named = "\0".join((link.candidate, *(sent.get(name, "") for name in ("application", "what", "about", "once"))))
    return f"page:{sha256(named.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _form(shown: Sections, sent: Mapping[str, str]) -> Form:
    """The form of the page that was sent; one without fields where the page has it no more."""
    key = (sent.get("what", ""), sent.get("application", ""), sent.get("about", ""))
    return next((form for form in shown.forms if form.key == key), Form(key[0], "", Line(""), ""))


def _too_alike(form: Form, facts: tuple[Fact, ...], known: Known, talk: Talk, sent: Mapping[str, str]) -> Form | None:
    """The form once more, with a warning, where the letter says what another's says; not where that was seen."""
    letter = next((fact for fact in facts if isinstance(fact, LetterApproved)), None)
    if letter is None or sent.get(ALL_THE_SAME) or resembled(known.app, letter.letter, letter.body) is None:
        return None
    again = form.again(sent, {}, answers.too_alike(talk))
    return replace(again, fields=(*again.fields, Field(ALL_THE_SAME, answers.all_the_same(talk), "check")))
