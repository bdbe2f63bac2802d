"""Sending the message about a step: the activity whose end says for certain, or says that it is uncertain, what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, timedelta
from typing import Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.handover import MailServer, RecipientRefusedError, RefusedError, UnknownOutcomeError, hand_over
from activities.mail import Mail, NoSuchAddressError, compose, sender_of
from workflows import names

HEARTBEAT: Final = 1.0
"""Seconds between signs of life; the server's answer to one also brings a cancellation."""


class Notices:
    """The activities of sending, with the mail server that they use.

    `smtp_url` as in `MailServer.at`; `mail_from` is an address, or `Name <address>`. ValueError if either cannot be read.
    """

    def __init__(self, smtp_url: str, mail_from: str) -> None:
        self._server = MailServer.at(smtp_url)
        self._sender = sender_of(mail_from)

    @activity.defn(name=names.SEND_NOTICE)
    async def send_notice(self, request: names.NoticeRequest) -> names.Delivery:
        """Send one message; returns once the mail server has taken it. Needs about 20 s at most.

        Fails with SendRefused (nothing was sent, retryable), BadAddress (nothing was sent, and never will be) or SendUncertain (it may have
        arrived, never to be repeated). Cancelled before the message's first byte nothing is sent; later the server's answer counts. Error
        messages are constant but for the server's code.
        """
        mail = self._compose(request.notice, request.ahead)
        try:
            async with _signs_of_life():
                await hand_over(mail, self._server)
        except RefusedError as refusal:
            raise ApplicationError(str(refusal), type=names.REFUSED) from None
        except RecipientRefusedError:
            raise _bad_address() from None
        except UnknownOutcomeError:
            message = "the message was handed over, and the mail server's answer is unknown"
            raise ApplicationError(message, type=names.UNCERTAIN, non_retryable=True) from None
        except asyncio.CancelledError:
            details = activity.cancellation_details()
            if details and details.worker_shutdown and not details.cancel_requested:
                raise ApplicationError("this worker is shutting down", type=names.REFUSED) from None
            raise
        return names.Delivery(message_id=mail.message_id)

    def _compose(self, notice: names.Notice, ahead: timedelta) -> Mail:
        if notice.unaddressed:
            raise _bad_address()
        try:
            return compose(notice, self._sender, activity.info().started_time.astimezone(UTC) + ahead)
        except NoSuchAddressError:
            raise _bad_address() from None
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with the words, nothing was sent, and a corrected template sends it
            # the error's own text may repeat private words, so only its class is told
            activity.logger.error("a message could not be written", extra={"intent": notice.intent, "error": type(error).__name__})
            raise ApplicationError("the message could not be written", type=names.REFUSED) from None


def _bad_address() -> ApplicationError:
    return ApplicationError("the candidate's address cannot be written to", type=names.BAD_ADDRESS, non_retryable=True)


@asynccontextmanager
async def _signs_of_life() -> AsyncGenerator[None]:
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
