"""Sending the message about a step: the activity whose end says for certain, or says that it is uncertain, what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio import activity

from activities.across import Others, others_of
from activities.attempt import attempt, bad_address, moment, writing
from activities.handover import MailServer
from activities.letters.links import Links
from activities.mail import Mail, compose, sender_of
from workflows import names


class Notices:
    """The activities of sending, with the mail server that they use.

    `smtp_url` as in `MailServer.at`; `mail_from` is an address, or `Name <address>`. ValueError if either cannot be read. Without `links`
    its messages have none, and without `others` whoever accepts an offer is not told which applications are still open.
    """

    def __init__(self, smtp_url: str, mail_from: str, links: Links | None = None, others: Others | None = None) -> None:
        self._server = MailServer.at(smtp_url)
        self._sender = sender_of(mail_from)
        self._links = links
        self._others = others

    @activity.defn(name=names.SEND_NOTICE)
    async def send_notice(self, request: names.NoticeRequest) -> names.Delivery:
        """Send one message; returns and fails as `attempt`, and with SendRefused if the message cannot be written."""
        notice = request.notice
        if self._others and notice.candidate and notice.intent.startswith("close-others/"):
            notice = notice.model_copy(update={"others": await others_of(self._others, notice.candidate, notice.application)})
        return await attempt(self._compose(notice, request.ahead), self._server)

    def _compose(self, notice: names.Notice, ahead: timedelta) -> Mail:
        if notice.unaddressed:
            raise bad_address()
        with writing(notice.intent):
            links = self._links.of_notice(notice, datetime.now(UTC)) if self._links else None  # people follow them in real time
            return compose(notice, self._sender, moment(ahead), links)
