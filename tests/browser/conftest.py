"""A browser and a site for it. Screenshots go to the folder KEQIAO_TEST_SCREENSHOTS names."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core.persistence import SqlUnits
from tests.browser.script import SCRIPT, ScriptedDialogue, store_documents
from tests.unit.channels.running import Site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = os.environ.get("KEQIAO_REQUIRE_SERVICES", "") not in {"", "0"}  # noqa: TID251 -- tests' own
SCREENSHOTS = os.environ.get("KEQIAO_TEST_SCREENSHOTS")  # noqa: TID251 -- tests' own

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium") or str(CHROMIUM)
    if not Path(program).exists():
        message = "no chromium on this machine: apt-get install chromium fonts-noto-cjk"
        pytest.fail(message) if REQUIRED else pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def site(sqlite_units: SqlUnits) -> Iterator[Site]:
    """A gateway, a worker, a scripted bot and two documents."""
    store_documents(sqlite_units)
    made = Site(units=sqlite_units, dialogue=ScriptedDialogue(SCRIPT))
    with made.serving(), made.worker():
        yield made


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens the chat as a new visitor; a script error on the page fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(size: dict[str, int] = WIDE, *, dark: bool = False) -> Page:
        narrow = size["width"] < 600
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            has_touch=narrow,
            is_mobile=narrow,
            device_scale_factor=2 if narrow else 1,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site.base)
        page.wait_for_selector("#link-state[data-state=open]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keeps a screenshot when a folder for them is named."""

    def keep(page: Page, name: str) -> None:
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            page.wait_for_timeout(350)
            page.screenshot(path=folder / f"{name}.png")

    return keep
