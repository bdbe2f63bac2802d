"""An operator reads one run in Temporal's own UI, in headless Chromium: only signed in at the codec server, and only in that browser."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.async_api import Page
from temporalio.api.history.v1 import History

from tests.durability.accidents import Fragile
from tests.encryption.conftest import Ring
from tests.encryption.sealing import key_of, payloads
from tests.encryption.serving import TOKEN, CodecServer, codec_server
from tests.encryption.test_rotation import LONG, facts, opened, some
from tests.operations.desk import Desk
from tests.page.browser import Opens, screenshot
from tests.parts import needs
from tests.server import eventually
from workflows import names

pytestmark = needs("chromium")
SLOW = 45_000
"""Milliseconds for a page on a busy machine."""
NAME = "Analytical Engines"
"""What the run's input says and nothing that is in the open."""


@asynccontextmanager
async def looking(browser: Opens) -> AsyncGenerator[Page]:
    async with browser(script=True) as page:
        await page.set_viewport_size({"width": 1500, "height": 1100})
        yield page


async def signed_in(page: Page, codec: CodecServer) -> None:
    await page.goto(codec.url)
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{codec.origin}/**", timeout=SLOW)


async def told_where_the_codec_is(page: Page, codec: CodecServer) -> None:
    """As its form 'Codec Server' keeps it in this browser: the endpoint, and that cookies go there."""
    kept = {"endpoint": codec.url, "includeCredentials": True, "overrideRemoteCodecConfiguration": True}
    said = "".join(f"localStorage.setItem('{name}', {json.dumps(json.dumps(value))});" for name, value in kept.items())
    await page.evaluate(said)


async def event(page: Page, fragile: Fragile, application: str) -> None:
    """The event page of its opening, as far as it can be read."""
    run = fragile.client.get_workflow_handle(names.workflow_id(application))
    first = await run.fetch_history()
    number = next(one.event_id for one in first.events if one.HasField("workflow_execution_update_accepted_event_attributes"))
    where = f"{fragile.ui}/namespaces/default/workflows/{quote(first.workflow_id, safe='')}/{first.run_id}/history/events/{number}"
    await page.goto(where)
    await page.get_by_text("updateId").first.wait_for(timeout=SLOW)


@pytest.mark.timeout(200)
async def test_who_has_a_token_signs_in_and_is_led_to_the_ui(browser: Opens, fragile: Fragile, ring: Ring, tmp_path: Path) -> None:
    """Under the page's own policy, without a script."""
    async with codec_server(tmp_path, ring.setting, fragile.ui) as codec, browser() as page:
        await page.goto(codec.url)
        await page.get_by_label("Token").fill("not-a-token")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("alert").wait_for(timeout=SLOW)
        await screenshot(page, "codec-sign-in")
        await signed_in(page, codec)
        await page.goto(codec.url)
        assert await page.inner_text("h1") == "Signed in as ops"


@pytest.mark.timeout(200)
async def test_a_run_is_read_through_the_codec_server_and_unreadable_without_it(
    browser: Opens, fragile: Fragile, api: httpx.AsyncClient, ring: Ring, tmp_path: Path
) -> None:
    (application,) = some(1)
    await opened(api, application)
    async with codec_server(tmp_path, ring.setting, fragile.ui) as codec, looking(browser) as page:
        await event(page, fragile, application)
        await screenshot(page, "event-encrypted")
        assert NAME not in await page.inner_text("body")

        await told_where_the_codec_is(page, codec)
        async with page.expect_response(f"{codec.url}/decode**", timeout=SLOW) as asked:
            await event(page, fragile, application)
        assert (await asked.value).status == 401  # not signed in
        assert NAME not in await page.inner_text("body")

        await signed_in(page, codec)
        await event(page, fragile, application)
        await page.get_by_text(NAME).first.wait_for(timeout=SLOW)
        await page.get_by_text(NAME).first.scroll_into_view_if_needed()
        await screenshot(page, "event-decrypted")

        desk = Desk(fragile, page)
        await desk.run(names.workflow_id(application))
        await desk.sends("Signal", names.HEARD, {"facts": [{"type": "employer_replied", "id": "by-hand"}]})

        async def heard() -> bool:
            return "by-hand" in await facts(api, application)

        await eventually(heard, LONG)
    events = (await fragile.client.get_workflow_handle(names.workflow_id(application)).fetch_history()).events
    signals = [event for event in events if event.HasField("workflow_execution_signaled_event_attributes")]
    assert {key_of(payload) for payload in payloads(History(events=signals))} == {"k1"}
