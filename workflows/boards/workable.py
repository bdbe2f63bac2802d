"""Workable: stages, disqualifications, hires, deletions.

A candidate there belongs to one job, so the candidate's id is the application's. A payload shows the state when it is sent, not when it
happened: one that is not disqualified takes an earlier disqualification back, if there was one. Stages and reasons have no ids in it, so
the connection names them by the text that stands for them there.
"""

from __future__ import annotations

from typing import Any, Final

from workflows.boards.delivery import Board, Delivery, Erased, Known, Reading, Telling, Terms, event_name, nothing
from workflows.boards.payload import address, dig, digest, line, moment, ref
from workflows.boards.signing import Header, Scheme


def read(delivery: Delivery, terms: Terms) -> Reading:
    event, sent = event_name(dig(delivery.payload, "event_type")), ref(dig(delivery.payload, "id"))
    key = digest(event, sent) if sent else delivery.digest
    content = dig(delivery.payload, "data")
    named = ref(dig(content, "id"))
    if event not in ("candidate_created", "candidate_moved", "candidate_deleted"):
        return nothing(delivery, event, key)
    if named is None:
        return Reading(event=event, key=key, unsaid=1)
    if event == "candidate_deleted":
        return Reading(event=event, key=key, erased=Erased((terms.own(named),)))
    telling = Telling(terms, terms.own(named))
    at = moment(dig(delivery.payload, "fired_at")) or moment(dig(content, "updated_at"))
    hired, ended = moment(dig(content, "hired_at")), moment(dig(content, "disqualified_at"))
    if dig(content, "disqualified") is True:
        reason = ref(dig(content, "disqualification_reason"))
        meaning = "withdrawn" if dig(content, "withdrew") is True else terms.reasons.get(reason or "")
        telling.say_ended(meaning, named, ended or at, at=ended or at)
    elif hired:
        telling.say("offer_accepted", named, hired, at=hired)
    elif event == "candidate_moved":
        telling.say_stage(dig(content, "stage"), named, at, at=at)
        if dig(content, "disqualified") is False:
            telling.take_back(named, "rejected", "withdrawn", until=at, certain=False)
    return telling.reading(event, key, _known(named, content))


def _known(named: str, content: Any) -> Known:
    parts = (line(dig(content, "firstname")), line(dig(content, "lastname")))
    fields = {
        "id": named,
        "name": line(dig(content, "name")) or line(" ".join(part for part in parts if part)),
        "email": address(dig(content, "email")),
    }
    return Known({name: value for name, value in fields.items() if value is not None}, position=line(dig(content, "job", "title")))


BOARD: Final = Board(name="workable", scheme=Scheme(signature=Header("x-workable-signature")), read=read)
