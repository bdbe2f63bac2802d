"""An operator at Temporal's web UI, in a real browser; and the same operator's commands."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sysconfig
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from playwright.async_api import Page

from client.embedded import Stack
from tests.page.browser import Opens, screenshot
from tests.server import eventually

SCRIPTS: Final = Path(sysconfig.get_path("scripts"))
COLUMNS: Final = ("Status", "Workflow ID", "Stage", "Outcome", "NextStep", "NextDueAt", "Attention", "Connection", "Policy", "Paused")
"""As deploy/RUNBOOK.md recommends them."""
SLOW: Final = 30_000
"""Milliseconds for a page on a busy machine."""


@dataclass(frozen=True)
class Desk:
    stack: Stack
    page: Page

    async def open(self, link: str, workflow: str) -> str:
        """What the page says, once it says something of that run."""
        await self.page.goto(link)
        await self.page.get_by_text(workflow, exact=True).locator("visible=true").first.wait_for(timeout=SLOW)
        return await self.page.inner_text("main")

    async def asks(self, link: str) -> tuple[int, str]:
        """What the UI asks its server when that list is opened, and the status of the answer."""
        async with self.page.expect_response(lambda answer: "/api/v1/" in answer.url and "/workflows?" in answer.url, timeout=SLOW) as told:
            await self.page.goto(link)
        answer = await told.value
        return answer.status, parse_qs(urlsplit(answer.url).query)["query"][0]

    async def run(self, workflow: str) -> None:
        await self.page.goto(f"{self.stack.ui}/namespaces/default/workflows/{quote(workflow, safe='')}")
        await self.page.get_by_role("button", name="More Actions").wait_for(timeout=SLOW)

    async def sends(self, what: str, name: str, data: Any) -> None:
        """`what`: 'Update' or 'Signal'; by the form, as it is typed. Returns once the UI has said that it was sent."""
        page = self.page
        await page.get_by_role("button", name="More Actions").click()
        await page.get_by_role("menuitem", name=f"Send a{'n' if what == 'Update' else ''} {what}", exact=True).click()
        dialog = page.get_by_role("dialog").locator("visible=true")
        await dialog.get_by_test_id(f"{what.lower()}-select-button").click()
        await dialog.get_by_role("option", name=name).first.click()
        box = dialog.get_by_role("textbox", name="Data")
        await box.fill(json.dumps(data))
        await box.blur()  # it sets the text in order, and everything moves
        await dialog.locator(".cm-line", has_text="facts").first.wait_for()
        await dialog.get_by_role("button", name="Submit").click()
        await dialog.wait_for(state="hidden", timeout=SLOW)

    async def reads(self, words: str) -> str:
        """Everything that the page and its frames say, once those words are there; Markdown has frames of its own."""

        async def said() -> str | None:
            texts = [await frame.locator("body").inner_text() for frame in self.page.frames]
            return found if words in (found := "\n".join(texts)) else None

        return await eventually(said)

    async def shot(self, name: str) -> Path:
        return await screenshot(self.page, name)


@asynccontextmanager
async def desk(stack: Stack, browser: Opens) -> AsyncGenerator[Desk]:
    columns = json.dumps({"default": [{"label": name} for name in COLUMNS]})
    async with browser(script=True) as page:
        await page.set_viewport_size({"width": 1500, "height": 950})
        await page.add_init_script(f"localStorage.setItem('namespace-workflow-table-columns', {json.dumps(columns)})")
        yield Desk(stack, page)


async def typed(stack: Stack, *words: str) -> str:
    """What a command prints, `afterword` or `temporal`, for that stack; AssertionError if it fails."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "TEMPORAL_"))}
    ours |= {
        "TEMPORAL_ADDRESS": stack.temporal,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "AFTERWORD_API_URL": stack.api,
        "AFTERWORD_TEMPORAL_UI_URL": stack.ui,
    }
    command = [str(SCRIPTS / words[0]), *words[1:]]
    done = await asyncio.to_thread(subprocess.run, command, env=ours, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
