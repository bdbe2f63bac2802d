"""One attempt to hand a mail over, as an activity: it shows that it lives, and each of its ends has a name that the workflows know.

Owns what every kind of mail has in common here. What a mail says, and whether it may be sent at all, its own activity knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.handover import MailServer, RecipientRefusedError, RefusedError, UnknownOutcomeError, hand_over
from activities.mail import Mail, NoSuchAddressError
from workflows import names
from workflows.names.metrics import HANDOVERS

HEARTBEAT: Final = 1.0
"""Seconds between signs of life; the server's answer to one also brings a cancellation."""


async def attempt(mail: Mail, server: MailServer) -> names.Delivery:
    """Hand the mail over; returns once the mail server has taken it. Needs about 20 s at most.

    Fails with SendRefused (nothing was sent, retryable), BadAddress (nothing was sent, and never will be) or SendUncertain (it may have
    arrived, never to be repeated). Cancelled before the message's first byte nothing is sent; later the server's answer counts. Error
    messages are constant but for the server's code.
    """
    try:
        with stoppable():
            async with signs_of_life():
                await hand_over(mail, server)
    except RefusedError as refusal:
        _count("refused")
        raise ApplicationError(str(refusal), type=names.REFUSED) from None
    except RecipientRefusedError:
        _count("bad-address")
        raise bad_address() from None
    except UnknownOutcomeError:
        _count("uncertain")
        message = "the message was handed over, and the mail server's answer is unknown"
        raise ApplicationError(message, type=names.UNCERTAIN, non_retryable=True) from None
    _count("taken")
    return names.Delivery(message_id=mail.message_id)


def _count(outcome: str) -> None:
    activity.metric_meter().create_counter(HANDOVERS, "Attempts to hand a mail over, by what became of them.").add(1, {"outcome": outcome})


def moment(ahead: timedelta) -> datetime:
    """Of this attempt, on the clock of whoever asked for it, which is ahead of the server's by that much."""
    return activity.info().started_time.astimezone(UTC) + ahead


def bad_address() -> ApplicationError:
    return ApplicationError("the recipient's address cannot be written to", type=names.BAD_ADDRESS, non_retryable=True)


@contextmanager
def stoppable() -> Generator[None]:
    """A worker that shuts down cancels nothing: another one tries again."""
    try:
        yield
    except asyncio.CancelledError:
        details = activity.cancellation_details()
        if details and details.worker_shutdown and not details.cancel_requested:
            raise ApplicationError("this worker is shutting down", type=names.REFUSED) from None
        raise


@asynccontextmanager
async def signs_of_life() -> AsyncGenerator[None]:
    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


@contextmanager
def writing(intent: str) -> Generator[None]:
    """Around the writing of a mail: whatever is wrong with the words, nothing was sent, and a corrected template sends it.

    BadAddress where the recipient cannot be written to, else SendRefused.
    """
    try:
        yield
    except NoSuchAddressError:
        raise bad_address() from None
    except Exception as error:  # noqa: BLE001 -- a template of any language may fail in any way
        # the error's own text may repeat private words, so only its class is told
        activity.logger.error("a message could not be written", extra={"intent": intent, "error": type(error).__name__})
        raise ApplicationError("the message could not be written", type=names.REFUSED) from None
