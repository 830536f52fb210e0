"""The widget on another site's page: it opens and converses where it is allowed, nowhere else."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from channels.web.visitors import COOKIE, FRAME_COOKIE
from core.persistence import SqlUnits
from tests.browser.conftest import NARROW, WIDE
from tests.browser.script import SCRIPT, ScriptedDialogue, store_documents
from tests.unit.channels.running import Site, make_settings

pytestmark = pytest.mark.browser

type Open = Callable[..., Page]
type Picture = Callable[[Page, str], None]

SMALL = {"width": 360, "height": 640}
LAUNCHER = "问科桥"


class HostPage(BaseHTTPRequestHandler):
    """A page of another site with the script tag, under a strict policy of its own."""

    widget = ""

    def do_GET(self) -> None:
        """Give the page."""
        body = (
            "<!doctype html><html lang=zh-CN><meta charset=utf-8>"
            "<meta name=viewport content='width=device-width, initial-scale=1'>"
            "<title>某市科协</title><h1>某市科协</h1><p>欢迎。</p><a href='/other'>另一页</a>"
            f"<script src='{self.widget}/widget.js' defer></script>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = f"default-src 'none'; script-src {self.widget}; connect-src {self.widget}"
        self.send_header("Content-Security-Policy", f"{policy}; frame-src {self.widget}")
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hosts(sqlite_units: SqlUnits) -> Iterator[tuple[str, str, Site]]:
    """An allowed origin, one that is not, and the site that both embed."""
    store_documents(sqlite_units)
    handler = type("Page", (HostPage,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    port = server.server_address[1]
    allowed, other = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
    site = Site(
        units=sqlite_units,
        dialogue=ScriptedDialogue(SCRIPT),
        settings=make_settings(widget_origins=(allowed,)),
    )
    serving = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05))
    serving.start()
    try:
        with site.serving(), site.worker():
            handler.widget = site.base  # type: ignore[attr-defined]  # made above
            yield allowed, other, site
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Opens a page of another site as a new visitor."""
    contexts: list[BrowserContext] = []

    def opened(url: str, size: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()


def framed(page: Page) -> Frame:
    """The chat inside the widget, once it is connected."""
    inside = page.frame_locator("iframe")
    expect(inside.locator("#link-state[data-state=open]")).to_be_visible()
    return next(one for one in page.frames if "/widget?" in one.url)


def say(frame: Frame, text: str) -> None:
    frame.get_by_label("输入消息").fill(text)
    frame.get_by_label("输入消息").press("Enter")


@pytest.mark.parametrize("size", [NARROW, WIDE, SMALL])
def test_a_page_that_is_allowed_opens_the_chat_and_converses(
    hosts: tuple[str, str, Site], visit: Open, picture: Picture, size: dict[str, int]
) -> None:
    page, name = visit(hosts[0], size), size["width"]
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_attribute("aria-expanded", "false")
    picture(page, f"widget-{name}-1-closed")
    launcher.click()
    frame = framed(page)
    expect(frame.locator("#input")).to_be_focused()
    say(frame, "你好")
    expect(frame.get_by_text("您好，我是科桥，科协")).to_be_visible()
    picture(page, f"widget-{name}-2-open")
    panel = page.get_by_role("dialog", name=LAUNCHER).bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= size["width"]
    assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_visitor_keeps_the_conversation_in_a_cookie_of_that_site_alone(
    hosts: tuple[str, str, Site], visit: Open
) -> None:
    page = visit(hosts[0])
    page.get_by_role("button", name=LAUNCHER).click()
    frame = framed(page)
    say(frame, "你好")
    expect(frame.get_by_text("您好，我是科桥，科协")).to_be_visible()
    page.goto(f"{hosts[0]}/other")
    frame = framed(page)  # it was open, and is again
    expect(frame.get_by_text("您好，我是科桥，科协")).to_be_visible()
    cookies = {one["name"]: one for one in page.context.cookies()}
    assert COOKIE not in cookies
    kept = cookies[FRAME_COOKIE]
    assert kept["secure"]
    assert kept["httpOnly"]
    assert kept["sameSite"] == "None"
    assert kept.get("partitionKey")


def test_what_was_shut_stays_shut_and_the_focus_goes_back(
    hosts: tuple[str, str, Site], visit: Open
) -> None:
    page = visit(hosts[0])
    launcher = page.get_by_role("button", name=LAUNCHER)
    launcher.focus()
    page.keyboard.press("Enter")
    framed(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()
    page.reload()
    expect(launcher).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    launcher.click()
    page.get_by_role("button", name="收起对话").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_news_are_counted_on_the_button_while_it_is_shut(
    hosts: tuple[str, str, Site], visit: Open
) -> None:
    page = visit(hosts[0])
    page.get_by_role("button", name=LAUNCHER).click()
    frame = framed(page)
    page.get_by_role("button", name="收起对话").click()
    frame.evaluate(
        """() => { const field = document.getElementById("input"); field.value = "你好";
        field.dispatchEvent(new Event("input"));
        document.getElementById("composer").requestSubmit(); }"""
    )
    expect(page.get_by_role("button", name="问科桥，1 条新消息")).to_be_visible()


def test_a_page_that_is_not_allowed_shows_nothing_and_cannot_frame_it_by_hand(
    hosts: tuple[str, str, Site], visit: Open
) -> None:
    allowed, other, site = hosts
    page = visit("about:blank")
    asked = f"{site.base}/widget/allowed"
    with page.expect_event("requestfailed", lambda one: one.url == asked):
        page.goto(other)
    expect(page.locator("[data-keqiao-widget]")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    for origin in (allowed, other):
        page.evaluate(
            """(src) => new Promise((done) => { const frame = document.createElement("iframe");
            frame.onload = done; frame.src = src; document.body.append(frame); })""",
            f"{site.base}/widget?origin={origin}",
        )
    inside = [one for one in page.frames if one.parent_frame is not None]
    assert len(inside) == 2
    assert all(one.locator("#composer").count() == 0 for one in inside)


def test_words_of_other_windows_are_not_obeyed(hosts: tuple[str, str, Site], visit: Open) -> None:
    page = visit(hosts[0])
    page.get_by_role("button", name=LAUNCHER).click()
    frame = framed(page)
    page.evaluate("window.postMessage({ keqiao: 'close' }, '*')")
    forged = "new MessageEvent('message', { data: { keqiao: 'close' } })"
    page.evaluate(f"window.dispatchEvent({forged})")
    expect(page.get_by_role("dialog")).to_be_visible()
    frame.evaluate("document.activeElement.blur()")
    frame.evaluate("window.postMessage({ keqiao: 'opened' }, '*')")
    expect(frame.locator("#input")).not_to_be_focused()
    frame.evaluate("parent.postMessage({ keqiao: 'close' }, '*')")
    expect(page.get_by_role("dialog")).to_be_hidden()
