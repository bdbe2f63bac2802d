"""By which channels a message leaves: by mail, to the platform's endpoint, or both; and what it means if one took it and the other did not.

A mail is never sent twice. A prompt may be, under the same id. So the endpoint is asked first, and a mail that was taken ends the matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.attempt import bad_address, stoppable
from activities.prompts import is_last
from workflows import names
from workflows.names import Delivery

Attempt = Callable[[], Awaitable[Delivery]]
"""One attempt by one channel: returns once the message was taken, else an ApplicationError, or cancelled before it left."""


async def by_channels(mail: Attempt | None, prompt: Attempt | None) -> Delivery:
    """One attempt by every channel that there is. Fails as they do, BadAddress where there is none.

    Taken by both, or by one while the other will never take it: delivered. Not by the endpoint, and by the mail server: delivered, since a
    mail must not be repeated. By the endpoint, and not now by the mail server: tried again, the prompt too, and delivered at the last.
    """
    if mail is None or prompt is None:
        only = mail or prompt
        if only is None:
            raise bad_address()
        return await only()
    told = await _outcome(prompt)
    if activity.is_cancelled():  # no mail follows: it is moot by now, or another worker sends it
        if isinstance(told, Delivery):
            return told
        if told.type == names.UNCERTAIN:
            raise told
        with stoppable():
            raise asyncio.CancelledError
    try:
        posted = await _outcome(mail)
    except asyncio.CancelledError:
        if isinstance(told, Delivery):
            return told
        raise
    if isinstance(posted, Delivery):
        return posted
    if isinstance(told, Delivery):
        if posted.type == names.REFUSED and not is_last():
            raise posted
        return told
    raise next((error for kind in (names.UNCERTAIN, names.REFUSED) for error in (posted, told) if error.type == kind), posted)


async def _outcome(attempt: Attempt) -> Delivery | ApplicationError:
    try:
        return await attempt()
    except ApplicationError as error:
        return error
