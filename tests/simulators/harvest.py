"""Greenhouse's Harvest API, version 3, as far as interviews are read from it: lists by cursor, one for each relation, and tokens."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from tests.boards.deliveries import fetched
from tests.simulators.api import BoardApi, TokenPlace
from workflows.boards.payload import moment

KEY = "client-id:client-secret"
Query = dict[str, str]


def _by_id(name: str) -> dict[str, dict[str, Any]]:
    return {str(one["id"]): one for one in fetched(name)}


@dataclass
class Harvest:
    """What it knows; `per_page` is how much it gives at once, whatever it is asked for."""

    per_page: int = 500
    interviews: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    interviewers: dict[str, dict[str, Any]] = field(default_factory=lambda: _by_id("greenhouse_GET_interviewers"))
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: _by_id("greenhouse_GET_users"))
    names: dict[str, dict[str, Any]] = field(default_factory=lambda: _by_id("greenhouse_GET_job_interviews"))

    def serve(self, api: BoardApi) -> None:
        """Makes it that API."""
        api.token = TokenPlace(KEY)
        api.pages["/v3/interviews"] = self._list(self.interviews.values(), "interviews", _changed)
        api.pages["/v3/interviewers"] = self._list(self.interviewers.values(), "interviewers", _among("interview_id", "interview_ids"))
        api.pages["/v3/users"] = self._list(self.users.values(), "users", _among("id", "ids"))
        api.pages["/v3/job_interviews"] = self._list(self.names.values(), "job_interviews", _among("id", "ids"))

    def _list(
        self, rows: Iterable[dict[str, Any]], name: str, wanted: Callable[[dict[str, Any], Query], bool]
    ) -> Callable[[Query], Response]:
        """The newest first. A cursor holds what was asked for and the last id that was given, and stands alone."""

        def page(query: Query) -> Response:
            asked, before = query, None
            if cursor := query.get("cursor"):
                if len(query) > 1:
                    return Response(status_code=422)
                asked, before = json.loads(base64.urlsafe_b64decode(cursor))
            elif "page" in query or int(query.get("per_page", "1")) > 500:
                return Response(status_code=422)
            found = [row for row in rows if wanted(row, asked) and (before is None or row["id"] < before)]
            found.sort(key=lambda row: -row["id"])
            size = min(int(asked.get("per_page", "100")), self.per_page)
            given, rest = found[:size], found[size:]
            named = base64.urlsafe_b64encode(json.dumps([asked, given[-1]["id"]]).encode()).decode() if rest else ""
            more = {"Link": f'<https://10.0.0.1/v3/{name}?cursor={named}>; rel="next"'} if rest else {}
            return Response(json.dumps(given), media_type="application/json", headers=more)

        return page


def _changed(row: dict[str, Any], query: Query) -> bool:
    """`gte|<time>|lte|<time>`."""
    words, at = query["updated_at"].split("|"), moment(row["updated_at"])
    limits = dict(zip(words[::2], map(moment, words[1::2]), strict=True))
    since, until = limits.get("gte"), limits.get("lte")
    return bool(at and since and at >= since and (until is None or at <= until))


def _among(member: str, parameter: str) -> Callable[[dict[str, Any], Query], bool]:
    def wanted(row: dict[str, Any], query: Query) -> bool:
        ids = query[parameter].split(",")
        return len(ids) <= 50 and str(row[member]) in ids

    return wanted
