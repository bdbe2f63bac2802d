"""The generic hook: Standard Webhooks, and CloudEvents 1.0 in binary and structured mode, for everything that has no board of its own.

The sender speaks our vocabulary: the type is a fact's, the content has the application's id there and the fact's fields. Signed as Standard
Webhooks in every form, so of a CloudEvent in binary mode the `ce-` headers are not signed; the structured form has them in the body.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import unquote

from pydantic import ValidationError

from workflows.boards.delivery import Board, Delivery, Known, Reading, Said, Terms, event_name, nothing
from workflows.boards.payload import address as address_of
from workflows.boards.payload import country, dig, digest, line, moment, opaque, ref, zone
from workflows.boards.signing import Body, Header, Scheme
from workflows.facts import OUTSIDE_FACT

_ABOUT: Final = ("application", "candidate", "employer", "position", "policy")
"""Members of the content that are about the application and not the fact's. By which policy it goes is the platform's to say."""
_OURS: Final = ("type", "id", "at", "by")
_FACT_ID: Final = re.compile(r"[A-Za-z0-9._~:-]{1,256}", re.ASCII)


def read(delivery: Delivery, terms: Terms) -> Reading:
    headers, payload = delivery.headers, delivery.payload
    if ref(dig(payload, "specversion")):
        identity, source = ref(dig(payload, "id")), ref(dig(payload, "source"))
        kind, content, at = dig(payload, "type"), dig(payload, "data"), moment(dig(payload, "time"))
    elif "ce-specversion" in headers:
        identity, source = unquote(headers.get("ce-id", "")), unquote(headers.get("ce-source", ""))
        kind, content, at = unquote(headers.get("ce-type", "")), payload, moment(unquote(headers.get("ce-time", "")))
    else:
        identity, source = headers.get("webhook-id"), None
        kind, content, at = dig(payload, "type"), dig(payload, "data"), moment(dig(payload, "timestamp"))
    event = event_name(kind)
    if not identity:
        return nothing(delivery, event)
    key = digest(source, identity)
    application = ref(dig(content, "application"))
    fact = _fact(kind, identity, at, content, terms)
    if application is None or fact is None:
        return Reading(event=event, key=key, unsaid=1)
    return Reading(event=event, key=key, said=(Said(terms.own(application), (fact,), _known(content)),))


def _fact(kind: Any, identity: str, at: datetime | None, content: Any, terms: Terms) -> Any:
    if not isinstance(content, dict) or not isinstance(kind, str):
        return None
    fields = {name: value for name, value in cast("dict[str, Any]", content).items() if name not in (*_ABOUT, *_OURS) and value is not None}
    if kind == "details_changed":
        fields |= {name: value for name in ("employer", "position") if (value := dig(content, name)) is not None}
    named = identity if _FACT_ID.fullmatch(identity) else opaque(identity, longest=0)
    try:
        return OUTSIDE_FACT.validate_python(
            {**fields, "type": kind, "id": named, "by": f"board:{terms.connection}"} | ({"at": at} if at else {})
        )
    except (ValidationError, ValueError):
        return None


def _known(content: Any) -> Known:
    candidate, employer = dig(content, "candidate"), dig(content, "employer")
    return Known(
        _said(candidate, ("id", ref), ("name", line), ("email", address_of), ("timezone", zone), ("country", country))
        if ref(dig(candidate, "id"))
        else {},
        _said(employer, ("name", line), ("timezone", zone), ("country", country)),
        line(dig(content, "position")),
    )


def _said(value: Any, *fields: Any) -> dict[str, Any]:
    return {name: read for name, reader in fields if (read := reader(dig(value, name))) is not None}


BOARD: Final = Board(
    name="standard",
    scheme=Scheme(
        signature=Header("webhook-signature"),
        signed=(Header("webhook-id"), Header("webhook-timestamp"), Body()),
        prefix="v1,",
        separator=" ",
        encoding="base64",
        key="base64",
        timestamp=Header("webhook-timestamp"),
        oldest=timedelta(minutes=5),
    ),
    read=read,
)
