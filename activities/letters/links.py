"""The links of a message: signed, each for one purpose, each until a moment. Nothing is stored: what a link may do stands in it.

A link names ids only, never a person or an employer. A key's secret signs nothing else. Rotated keys: the first signs, all are believed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer

from activities.letters.drafts import drafts, kind_of
from workflows.guide.steps import CATEGORY
from workflows.names import CandidateNotice, Notice

Purpose = Literal[
    "sent", "edit", "answered", "date", "offer", "rejected", "next-round", "snooze", "stop", "unsubscribe", "page", "coach", "coach-end"
]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
LIFE: Final = timedelta(days=30)
UNSUBSCRIBE_LIFE: Final = timedelta(days=400)
"""A mail may be found again much later, and whoever wants no more of them must be able to say so."""
CONSENT_LIFE: Final = timedelta(days=3650)
"""A consent has no end of its own, and the link that ends it works as long."""
SHORTEST_KEY: Final = 32
_LONGEST: Final = 2048
"""Characters of a token; ids of the greatest length need half of them."""
_WORDS: Final[tuple[Purpose, ...]] = ("answered", "date", "offer", "rejected", "next-round")
_ANSWERS: Final[dict[str, tuple[Purpose, ...]]] = {
    "ghosted": _WORDS,
    "offer-lapsed": _WORDS,
    "rejection-reply": ("answered", "offer", "next-round"),
    "close-others": (),
    "farewell": (),
}
"""Kind of step -> what may have happened since, where it is not everything: a closed application has nothing to stop or to put off."""


class Unusable(ValueError):  # noqa: N818 -- what it is, in the words of the reader
    """This link does nothing. Says no more: a token belongs into no message and no log."""


class Forged(Unusable):
    """Not signed by any of our keys, or for something else."""


class Expired(Unusable):
    """Ours, and its time is over."""


@dataclass(frozen=True)
class Link:
    """What one link may do, for whom."""

    purpose: Purpose
    candidate: str
    application: str | None
    """None: it is about the candidate alone."""
    about: str
    """The letter for `sent` and `edit`; the categories, joined by blanks, for `unsubscribe`; the adviser for `coach` and `coach-end`; else
    the step's intent or nothing."""
    step: str
    """Digest of what the message was about: tells the message of one step from that of another with the same intent."""
    expires: datetime

    @property
    def identity(self) -> str:
        """The id of the fact that following it says: the same for a message that was written twice."""
        said = "\0".join((self.purpose, self.candidate, self.application or "", self.about, self.step))
        return f"link:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@dataclass(frozen=True)
class LetterLinks:
    """The links of one draft."""

    sent: str
    """For who has sent it."""
    edit: str
    """For who wants to change it and have it sent."""


@dataclass(frozen=True)
class NoticeLinks:
    """The links of a message about one step."""

    page: str
    unsubscribe: str
    """Ends the messages of this step's category; answers RFC 8058's one-click POST."""
    answers: tuple[tuple[Purpose, str], ...]
    """What may have happened, and its link; empty where nothing can."""
    letters: dict[str, LetterLinks]
    """By the draft's id."""


@dataclass(frozen=True)
class ConsentLinks:
    """The links about one adviser."""

    decide: str
    """Shows what they would see, and agrees or declines; for as long as the ask stands."""
    end: str
    """Ends the ask or the consent, whenever that is."""


@dataclass(frozen=True)
class CandidateLinks:
    """The links of a message about several applications."""

    page: str
    unsubscribe: str | None
    """Ends the messages of every category that is in it; None: it is of none."""
    notices: tuple[NoticeLinks | None, ...]
    """Of the digest's notices, in their order."""
    consent: ConsentLinks | None = None
    """Where an adviser asks."""


def keys_in(said: str) -> tuple[str, ...]:
    """The secrets of a setting, newest first, separated by commas or blanks. ValueError, without showing one, if one is too short."""
    keys = tuple(key for key in re.split(r"[\s,]+", said.strip()) if key)
    if not keys or any(len(key) < SHORTEST_KEY for key in keys):
        raise ValueError(f"a link key has at least {SHORTEST_KEY} characters; give one or several, separated by commas, the newest first")
    return keys


def address_in(said: str) -> str:
    """The address that links begin with, without a slash at its end. ValueError if it is none."""
    try:
        parts = urlsplit(said)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.password)
        right = right and not (parts.query or parts.fragment) and said.isascii() and said.isprintable() and " " not in said
    except ValueError:
        right = False
    if not right:
        raise ValueError("this is an http or https address without a password, a query or a fragment, as in https://afterword.example.com")
    return said.rstrip("/")


class Links:
    """Makes links and reads them. `keys`: newest first, as of `keys_in`; `public_url`: as of `address_in`.

    `issued`, where it is given, is a moment of real time, not of an application's clock: people live there.
    """

    def __init__(self, keys: tuple[str, ...], public_url: str) -> None:
        self._keys: Final = tuple(reversed(keys))  # the last one signs
        self._public_url: Final = public_url

    def of_notice(self, notice: Notice, issued: datetime) -> NoticeLinks | None:
        """The links of this message. Pure. None for one from before it was said whose it is."""
        if notice.candidate is None:
            return None
        kind, candidate, step = kind_of(notice), notice.candidate, step_of(notice.key)

        def url(purpose: Purpose, about: str = notice.intent, life: timedelta = LIFE) -> str:
            return self.url(Link(purpose, candidate, notice.application, about, step, issued + life))

        letters = {draft.id: LetterLinks(url("sent", draft.id), url("edit", draft.id)) for draft in drafts(notice)}
        answers = _ANSWERS.get(kind, (*_WORDS, "snooze", "stop"))
        return NoticeLinks(
            page=url("page", ""),
            unsubscribe=url("unsubscribe", CATEGORY[kind], UNSUBSCRIBE_LIFE),
            answers=tuple((purpose, url(purpose)) for purpose in answers),
            letters=letters,
        )

    def of_candidate(self, notice: CandidateNotice, issued: datetime) -> CandidateLinks:
        """The links of a message about several applications. Pure."""
        kind, step = notice.intent.partition("/")[0], step_of(notice.key)
        own = {"keep-going": "keep-going", "ask-for-time": "offers"}.get(kind)
        categories = (own,) if own else dict.fromkeys(CATEGORY[kind_of(one)] for one in notice.notices)
        until = issued + UNSUBSCRIBE_LIFE
        return CandidateLinks(
            page=self.url(Link("page", notice.candidate, None, "", step, issued + LIFE)),
            unsubscribe=self.url(Link("unsubscribe", notice.candidate, None, " ".join(categories), step, until)) if categories else None,
            notices=tuple(self.of_notice(one, issued) for one in notice.notices),
            consent=self.of_consent(notice.candidate, notice.coach.id, notice.coach.ask, issued) if notice.coach else None,
        )

    def of_consent(self, candidate: str, coach: str, ask: str, issued: datetime) -> ConsentLinks:
        """The links about an adviser who asks by that fact. Pure."""
        step = step_of(ask)
        return ConsentLinks(
            decide=self.url(Link("coach", candidate, None, coach, step, issued + LIFE)),
            end=self.url(Link("coach-end", candidate, None, coach, step, issued + CONSENT_LIFE)),
        )

    def url(self, link: Link) -> str:
        """Where that link leads: `GET` shows, `POST` acts."""
        return f"{self._public_url}/act/{self.token(link)}"

    def token(self, link: Link) -> str:
        content = [link.candidate, link.application, link.about, link.step, int(link.expires.timestamp())]
        return f"{link.purpose}.{self._signer(link.purpose).dumps(content)}"

    def read(self, token: str, now: datetime) -> Link:
        """What the link may do. Forged or Expired; a link that is both is forged."""
        purpose, _, signed = token.partition(".")
        if purpose not in PURPOSES or len(token) > _LONGEST:
            raise Forged
        try:
            candidate, application, about, step, expires = self._signer(purpose).loads(signed)
        except (BadData, ValueError):
            raise Forged from None
        link = Link(purpose, candidate, application, about, step, datetime.fromtimestamp(expires, UTC))
        if now >= link.expires:
            raise Expired
        return link

    def calendar(self, candidate: str, nonce: str) -> str:
        """Where the candidate's calendar feed is, until the nonce is another one."""
        return f"{self._public_url}/v1/candidates/{candidate}/calendar.ics?token={self._signer('calendar').dumps([candidate, nonce])}"

    def read_calendar(self, token: str) -> tuple[str, str]:
        """The candidate and the nonce of a feed's token; whether the nonce still stands is for the caller to see. Forged."""
        if len(token) > _LONGEST:
            raise Forged
        try:
            candidate, nonce = self._signer("calendar").loads(token)
        except (BadData, ValueError):
            raise Forged from None
        return candidate, nonce

    def _signer(self, purpose: str) -> URLSafeSerializer:
        how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(self._keys, salt=f"afterword.link.{purpose}", signer_kwargs=how)


def step_of(key: str) -> str:
    """What a link names a message or an ask by."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
