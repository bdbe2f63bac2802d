"""The façade over HTTP: what `client.applications.Applications` does with Temporal behind it, this does with the API behind it.

The same names, the same words, the same exceptions. What is answered is what the key may see: views without private text.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, Literal, Self

import httpx
from pydantic import BaseModel

from client.api import answers
from client.http.calls import PATIENCE, TIMEOUT, Calls, segment
from client.http.candidates import Candidates
from client.http.coaches import Coaches
from client.http.holds import Holds
from client.http.imports import Imports
from client.http.policies import Policies

Said = BaseModel | Mapping[str, Any]
"""An opening, a fact, a preview: a model of `client.opening` or `workflows.facts`, or the contract's JSON."""
_MANY: Final = 200
"""Summaries of one page."""


@dataclass(frozen=True)
class Answer:
    """What an application is after it was opened."""

    view: answers.View
    fresh: bool
    """Whether it was opened now."""


class Applications:
    """The applications of one deployment. Safe to share between tasks of one loop; every call ends within `patience` and one `timeout`.

        async with Applications("http://127.0.0.1:8080", "dev-key") as applications:
            view = await applications.view("app-1001")

    Arguments as of `Calls`. Beside what each call names, all raise NotLetIn for what the key may not do, and Unavailable or Unreached where
    it may help to say the same again.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience: timedelta = PATIENCE,
        timeout: timedelta = TIMEOUT,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._calls: Final = Calls(url, key, patience=patience, timeout=timeout, http=http)
        self.candidates: Final = Candidates(self._calls)
        """The people whose applications these are, and what is held about them."""
        self.imports: Final = Imports(self._calls)
        """Applications by the thousand."""
        self.policies: Final = Policies(self._calls)
        """By which numbers applications can go."""
        self.coaches: Final = Coaches(self._calls)
        """Advisers whom candidates agree to."""
        self.holds: Final = Holds(self._calls)
        """What is not sent for now."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._calls.aclose()

    async def open(self, opening: Said, key: str | None = None) -> Answer:
        """Registers an application, under its own id or one made from the key or the content. Said again it is the same one.

        Refused (erased, different-application, or what the guide says to one of its facts), Invalid (key-reused).
        """
        answer = await self._calls.ask("POST", "/v1/applications", opening, key=key)
        return Answer(answers.View.model_validate_json(answer.content), answer.status == 201)

    async def record(self, application: str, *facts: Said, key: str | None = None) -> answers.View:
        """Facts, kept all or none. Said again they are no news, and the answer is the current state.

        NoSuchApplication, Refused with the guide's reason, Invalid (key-reused).
        """
        answer = await self._calls.ask("POST", _at(application, "/facts"), {"facts": [_plain(fact) for fact in facts]}, key=key)
        return answers.View.model_validate_json(answer.content)

    async def view(self, application: str) -> answers.View:
        """NoSuchApplication."""
        return answers.View.model_validate_json((await self._calls.ask("GET", _at(application))).content)

    async def facts(self, application: str, after: int = 0) -> answers.Facts:
        """What was said after that revision, and the revision reached. NoSuchApplication."""
        answer = await self._calls.ask("GET", _at(application, "/facts"), after=after)
        return answers.Facts.model_validate_json(answer.content)

    async def letters(self, application: str) -> Sequence[answers.Letter]:
        """Drafts of what was prompted and is not done, private text included. NoSuchApplication."""
        answer = await self._calls.ask("GET", _at(application, "/letters"))
        return answers.Letters.model_validate_json(answer.content).letters

    async def preview(self, said: Said) -> answers.Previewed:
        """What the process would do; starts nothing. Refused with the guide's reason."""
        return answers.Previewed.model_validate_json((await self._calls.ask("POST", "/v1/preview", said)).content)

    async def page(self, cursor: str | None = None, limit: int = 50, **wanted: Any) -> answers.Summaries:
        """One page of what `list` gives, by the same filters. Invalid for a cursor of others."""
        answer = await self._calls.ask("GET", "/v1/applications", cursor=cursor, limit=limit, **wanted)
        return answers.Summaries.model_validate_json(answer.content)

    async def list(
        self,
        *,
        candidate: str | None = None,
        stage: answers.Stage | None = None,
        outcome: answers.Outcome | None = None,
        connection: str | None = None,
        policy: str | None = None,
        due_before: datetime | None = None,
        changed_since: datetime | None = None,
    ) -> AsyncGenerator[answers.Summary]:
        """Summaries, page after page, a second or so behind. Invalid for a filter that makes no sense."""
        wanted = {
            "candidate": candidate,
            "stage": stage,
            "outcome": outcome,
            "connection": connection,
            "policy": policy,
            "due_before": due_before,
            "changed_since": changed_since,
        }
        cursor: str | None = None
        while True:
            page = await self.page(cursor, _MANY, **wanted)
            for summary in page.applications:
                yield summary
            cursor = page.next
            if cursor is None:
                return

    async def statistics(self) -> dict[str, Any]:
        """Counts, and shares of groups that are large enough to name nobody."""
        return (await self._calls.ask("GET", "/v1/statistics")).json()

    async def connections(self) -> answers.Connections:
        """The job boards' connections, and what became of their deliveries."""
        return answers.Connections.model_validate_json((await self._calls.ask("GET", "/v1/connections")).content)

    async def webhooks(self) -> Sequence[dict[str, Any]]:
        """The platform's own endpoints, and how their events stand."""
        return (await self._calls.ask("GET", "/v1/webhooks")).json()["webhooks"]

    async def replay(self, webhook: str, since: datetime, until: datetime | None = None) -> str:
        """Sends an endpoint once more what happened in a time; the id of its workflow in Temporal. NoSuchWebhook, Invalid."""
        said = {"since": since} | ({"until": until} if until else {})
        return str((await self._calls.ask("POST", f"/v1/webhooks/{segment(webhook)}/replay", said)).json()["replay"])

    async def advance(self, application: str, to: datetime | Literal["next"] = "next") -> answers.View:
        """Moves its clock forward, and returns once it is there. NoTestClock on a server with a real one, NoSuchApplication.

        With `next` it returns after 8 s at the latest, on its way: asked again it would go to the step after that one.
        """
        asks = self._calls.ask if to == "next" else self._calls.until_done
        answer = await asks("POST", _at(application, "/advance"), {"to": to})
        return answers.View.model_validate_json(answer.content)

    async def messages(self, application: str | None = None, candidate: str | None = None) -> Sequence[answers.SentMessage]:
        """What was sent, newest last. NoTestClock on a server that has no sink."""
        answer = await self._calls.ask("GET", "/v1/messages", application=application, candidate=candidate)
        return answers.Messages.model_validate_json(answer.content).messages


def _at(application: str, rest: str = "") -> str:
    return f"/v1/applications/{segment(application)}{rest}"


def _plain(fact: Said) -> Said | dict[str, Any]:
    return fact.model_dump(mode="json", by_alias=True, exclude_none=True) if isinstance(fact, BaseModel) else fact
