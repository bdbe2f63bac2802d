"""Prompts to the platform, for candidates whom it reaches itself: the same words as the mail has, as one signed POST.

Its id is that of the mail: derived from application, intent and what the step hangs on, the same at every attempt. So an answer that was
lost does no harm: the prompt is sent again, and whoever keeps the ids knows that they have it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import calling
from activities.attempt import signs_of_life, stoppable
from activities.handover import RefusedError, UnknownOutcomeError, despite_cancellation
from activities.letters import Draft, Message, drafts, letters_across, render, render_candidate_notice
from activities.letters.links import CandidateLinks, NoticeLinks
from activities.posting import Endpoint, post, written
from workflows import names
from workflows.names import CandidateNotice, Delivery, Notice

PATIENCE: Final = 10.0
"""Seconds for one prompt to be taken: together with a mail it has to be done within one attempt."""
_FOR_GOOD: Final = (HTTPStatus.GONE, HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Answers that are about this prompt. Any other may be about the moment, the address or the secret, which an operator can mend."""
_NOT_REACHED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)


class RefusedAtEndpointError(RefusedError):
    """The endpoint did not take it now. `wait`: how long it wants to be left alone, where it says so."""

    def __init__(self, sentence: str, wait: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.wait: Final = wait


@dataclass(frozen=True)
class Prompt:
    """What is sent to the platform."""

    id: str
    """The event's `webhook-id`."""
    content: str
    """JSON."""


def prompt_about(notice: Notice, at: datetime, links: NoticeLinks | None = None) -> Prompt:
    """The prompt about one step, dated at the moment of the attempt, with the drafts that belong to it."""
    about = {"application": notice.application, "applications": [notice.application], "intents": list(notice.intents)}
    return _prompt(notice, at, render(notice, links), drafts(notice), about, links)


def prompt_across(notice: CandidateNotice, at: datetime, links: CandidateLinks | None = None) -> Prompt:
    """The prompt about several applications, as `prompt_about`."""
    within = [*(one.application for one in notice.notices), *(one.application for one in notice.standings)]
    intents = [intent for one in notice.notices for intent in one.intents] or [notice.intent]
    about = {"application": None, "applications": list(dict.fromkeys(within)), "intents": intents}
    return _prompt(notice, at, render_candidate_notice(notice, links), letters_across(notice), about, links)


def _prompt(  # noqa: PLR0917 -- the parts of one prompt
    notice: Notice | CandidateNotice,
    at: datetime,
    message: Message,
    letters: Iterable[Draft],
    about: dict[str, Any],
    links: NoticeLinks | CandidateLinks | None,
) -> Prompt:
    told = {
        "type": f"prompt.{notice.intent.partition('/')[0]}",
        "timestamp": at.isoformat(),
        "data": {
            "candidate": notice.candidate,
            **about,
            "intent": notice.intent,
            "due": notice.due.isoformat(),
            "why": notice.why,
            "language": notice.language,
            **message.model_dump(mode="json"),
            "letters": [letter.model_dump(mode="json") for letter in letters],
            "links": {"page": links.page, "unsubscribe": links.unsubscribe} if links else None,
        },
    }
    return Prompt(hashlib.sha256(notice.key.encode()).hexdigest()[:40], written(told))


class Prompts:
    """The way to the platform's endpoint for prompts. `endpoint`: as the file of webhooks has it now; None: there is none."""

    def __init__(self, endpoint: Callable[[], Endpoint | None] = lambda: None) -> None:
        self._endpoint: Final = endpoint

    async def attempt(self, prompt: Prompt) -> Delivery:
        """Sends it once; returns once the endpoint has taken it. Needs 10 s at most.

        Fails with SendRefused (retryable: it may have arrived, and is sent again under the same id), EndpointRefuses and NoEndpoint (it
        was not taken, and never will be), or SendUncertain (it may have arrived, and there is no further attempt). Cancelled it waits for
        the answer, which counts.
        """
        endpoint = self._endpoint()
        if endpoint is None:
            reason = "the candidate is reached by webhook, and no endpoint has prompts = true"
            raise ApplicationError(reason, type=names.NO_ENDPOINT, non_retryable=True)
        try:
            with stoppable():
                async with signs_of_life():
                    await despite_cancellation(asyncio.create_task(_hand_over(endpoint, prompt)))
        except UnknownOutcomeError:
            unknown = "the prompt was sent, and the endpoint's answer is unknown"
            if activity.is_cancelled() or is_last():
                raise ApplicationError(unknown, type=names.UNCERTAIN, non_retryable=True) from None
            raise ApplicationError(unknown, type=names.REFUSED) from None
        except RefusedAtEndpointError as refusal:
            raise ApplicationError(str(refusal), type=names.REFUSED, next_retry_delay=refusal.wait) from None
        return Delivery(message_id=prompt.id)


async def _hand_over(endpoint: Endpoint, prompt: Prompt) -> None:
    """RefusedAtEndpointError, UnknownOutcomeError, or ApplicationError where it will never be taken."""
    try:
        status, wait = await post(endpoint, prompt.id, prompt.content, PATIENCE)
    except (calling.RefusedError, calling.FailedError) as e:
        raise RefusedAtEndpointError(str(e)) from None
    except _NOT_REACHED as e:
        raise RefusedAtEndpointError(f"the endpoint was not reached ({type(e).__name__})") from None
    except Exception:  # noqa: BLE001 -- whatever it is, the prompt may be there
        raise UnknownOutcomeError from None
    if status in _FOR_GOOD:
        raise ApplicationError(f"the endpoint answered {status}", type=names.ENDPOINT_REFUSES, non_retryable=True)
    if not 200 <= status < 300:
        raise RefusedAtEndpointError(f"the endpoint answered {status}", wait)


def is_last() -> bool:
    """Whether the time that there was for all attempts ends before another one would be made."""
    info = activity.info()
    if info.schedule_to_close_timeout is None or info.retry_policy is None:
        return False
    policy = info.retry_policy
    pause = policy.initial_interval * policy.backoff_coefficient ** min(info.attempt - 1, 30)
    if policy.maximum_interval is not None:
        pause = min(pause, policy.maximum_interval)
    return info.started_time + pause >= info.scheduled_time + info.schedule_to_close_timeout
