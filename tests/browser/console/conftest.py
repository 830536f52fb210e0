"""A site as `keqiao serve` runs it, with three operators, and a browser signed in as each."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from core.domain.operating.operators import OperatorRole
from core.services.operating.accounts import AddOperator
from keqiao.bootstrap import Site, open_site
from keqiao.settings import child_environment
from tests.browser.conftest import NARROW, WIDE

__all__ = ["NARROW", "WIDE"]

PASSWORD = "correct horse battery"  # noqa: S105 -- a test's
PEOPLE = {
    "王芳": OperatorRole.OPERATOR,
    "李雷": OperatorRole.READER,
    "赵敏": OperatorRole.APPROVER,
}
SETTINGS = {"broadcast_alone": 2}
START_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Console:
    """Where it listens, and the site behind it, for looking and for preparing."""

    base: str
    site: Site


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One site for all tests of a module: starting takes seconds."""
    home = tmp_path_factory.mktemp("console") / "var"
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with open_site(home=home, **SETTINGS) as site:
        for name, role in PEOPLE.items():
            AddOperator(units=site.units, clock=site.clock)(name, role, PASSWORD)
        variables = {f"KEQIAO_{name.upper()}": str(value) for name, value in SETTINGS.items()}
        environment = child_environment(KEQIAO_HOME=str(home), KEQIAO_PORT=str(port), **variables)
        with (home / "serve.log").open("wb") as log:
            command = [sys.executable, "-m", "keqiao", "serve"]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _until_it_answers(base, process, home / "serve.log")
            yield Console(base=base, site=site)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def signed_in(browser: Browser, console: Console) -> Iterator[Callable[..., Page]]:
    """Opens the console in somebody's name; a script error or a request elsewhere fails."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def watched(request: Request) -> None:
        if not request.url.startswith((console.base, "data:", "blob:")):
            wrong.append(request.url)

    def opened(name: str | None = "王芳", path: str = "/", *, size: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", watched)
        page.goto(f"{console.base}/console{path}")
        if name is not None:
            enter(page, name)
            page.wait_for_selector("main h1")
            page.wait_for_function("window.socket && window.socket.connected")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page."""
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button")


def _until_it_answers(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx2.HTTPError):
            if httpx2.get(f"{base}/healthz", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the site did not start: {log.read_text('utf-8', errors='replace')}")
