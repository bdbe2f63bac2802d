"""One attempt to send, as the worker makes it, and what it says when it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notices import Notices
from tests.activities.samples import notice
from tests.activities.servers import Post
from workflows import names
from workflows.names import Notice

FROM = "Afterword <afterword@mail.example.com>"
STARTED = datetime(2030, 3, 12, 8, 0, 5, tzinfo=UTC)
FOLLOW_UP = notice("follow-up/1")


def environment() -> ActivityEnvironment:
    env = ActivityEnvironment()
    env.info = replace(env.info, started_time=STARTED)
    return env


async def send(post: Post | str, of: Notice = FOLLOW_UP, env: ActivityEnvironment | None = None) -> names.Delivery:
    url = post if isinstance(post, str) else post.url
    return await (env or environment()).run(Notices(url, FROM).send_notice, names.NoticeRequest(notice=of))


async def failure(post: Post | str, of: Notice = FOLLOW_UP) -> ApplicationError:
    with pytest.raises(ApplicationError) as raised:
        await send(post, of)
    assert raised.value.__cause__ is None
    for private in ("ada", "Ada", "example.org", "Engines"):
        assert private not in str(raised.value)
    return raised.value
