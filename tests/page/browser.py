"""A candidate at a keyboard: real headless Chromium, no mouse and no script. What is on the page is found by what it says."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal, Protocol, cast

import pytest
from axe_playwright_python.async_playwright import Axe  # pyright: ignore[reportMissingTypeStubs] -- it has none
from playwright.async_api import Locator, Page, async_playwright

from tests.parts import CHROMIUM, ROOT

FLAGS: Final = [
    "--lang=en-US",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS: Final = ROOT / ".afterword" / "screenshots"
Look = Literal["light", "dark", "narrow"]
SERIOUS: Final = ("serious", "critical")


class Opens(Protocol):
    """Opens a page that looks so."""

    def __call__(self, look: Look = "light", *, script: bool = False) -> AbstractAsyncContextManager[Page]: ...


def chromium() -> str | None:
    """The system's own browser."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Opens]:
    """Pages of one running browser, each of a profile of its own. Without scripts, unless a checker has to be put into the page."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)

        @asynccontextmanager
        async def opened(look: Look = "light", *, script: bool = False) -> AsyncGenerator[Page]:
            size: Any = {"width": 320, "height": 720} if look == "narrow" else {"width": 1000, "height": 800}
            scheme: Literal["dark", "light"] = "dark" if look == "dark" else "light"
            context = await running.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script, bypass_csp=script)
            try:
                yield await context.new_page()
            finally:
                await context.close()

        try:
            yield opened
        finally:
            await running.close()


class Keyboard:
    """Everything by keys: what is wanted is reached by Tab alone, as somebody without a mouse does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def reach(self, wanted: Locator) -> None:
        """Tabs until it has the focus; AssertionError if it never does."""
        for _ in range(400):
            if await wanted.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no key reaches {wanted}")

    async def press(self, wanted: Locator, key: str = "Enter") -> None:
        await self.reach(wanted)
        await self.page.keyboard.press(key)

    async def type(self, wanted: Locator, text: str) -> None:
        """In place of what stands there."""
        await self.reach(wanted)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def date(self, wanted: Locator, day: str) -> None:
        """As this browser's language says it: month, day, year."""
        await self.reach(wanted)
        year, month, number = day.split("-")
        await self.page.keyboard.type(f"{month}{number}{year}")

    async def open(self, within: Locator, summary: str) -> Locator:
        """The part that this summary opens."""
        heading = within.locator("summary", has_text=re.compile(f"^{re.escape(summary)}$")).first
        await self.press(heading)
        return within.locator("details").filter(has=self.page.locator("summary", has_text=re.compile(f"^{re.escape(summary)}$"))).first


async def screenshot(page: Page, name: str) -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS / f"{name}.png"
    await page.screenshot(path=file, full_page=True)
    return file


async def offences(page: Page) -> list[str]:
    """What axe finds serious or worse, each with the first place."""
    found = cast("dict[str, Any]", (await Axe().run(page)).response)  # pyright: ignore[reportUnknownMemberType] -- it has no types
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})" for one in found["violations"] if one["impact"] in SERIOUS]
