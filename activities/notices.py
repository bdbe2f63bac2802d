"""Sending the message about a step: the activity whose end says for certain, or says that it is uncertain, what became of it."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities.across import Others, others_of
from activities.attempt import attempt, moment, writing
from activities.channels import by_channels
from activities.handover import MailServer
from activities.letters.links import Links
from activities.mail import compose, sender_of
from activities.prompts import Prompts, prompt_about
from workflows import names


class Notices:
    """The activities of sending, with the mail server and the platform's endpoint that they use.

    `smtp_url` as in `MailServer.at`; `mail_from` is an address, or `Name <address>`. ValueError if either cannot be read. Without `links`
    its messages have none, and without `others` whoever accepts an offer is not told which applications are still open.
    """

    def __init__(
        self,
        smtp_url: str,
        mail_from: str,
        links: Links | None = None,
        others: Others | None = None,
        prompts: Prompts | None = None,
    ) -> None:
        self._server = MailServer.at(smtp_url)
        self._sender = sender_of(mail_from)
        self._links = links
        self._others = others
        self._prompts = prompts or Prompts()

    @activity.defn(name=names.SEND_NOTICE)
    async def send_notice(self, request: names.NoticeRequest) -> names.Delivery:
        """Send one message; returns and fails as `by_channels`, and with SendRefused if the message cannot be written."""
        notice = request.notice
        if self._others and notice.candidate and notice.intent.startswith("close-others/"):
            notice = notice.model_copy(update={"others": await others_of(self._others, notice.candidate, notice.application)})
        at = moment(request.ahead)
        with writing(notice.intent):
            links = self._links.of_notice(notice, datetime.now(UTC)) if self._links else None  # people follow them in real time

        async def mail() -> names.Delivery:
            with writing(notice.intent):
                written = compose(notice, self._sender, at, links)
            return await attempt(written, self._server)

        async def prompt() -> names.Delivery:
            with writing(notice.intent):
                written = prompt_about(notice, at, links)
            return await self._prompts.attempt(written)

        mailed, prompted = "email" in notice.channels and not notice.unaddressed, "webhook" in notice.channels
        return await by_channels(mail if mailed else None, prompt if prompted else None)
