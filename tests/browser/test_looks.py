"""The page as people see it, narrow and wide, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.script import NEED, POLICY

pytestmark = pytest.mark.browser

type Open = Callable[..., Page]
type Picture = Callable[[Page, str], None]


def say(page: Page, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.get_by_role("button", name="发送", exact=True).click()


@pytest.mark.parametrize(("name", "size"), [("narrow", NARROW), ("wide", WIDE)])
@pytest.mark.parametrize("dark", [False, True])
def test_a_conversation_fits_its_window_without_sideways_scrolling(
    open_page: Open, picture: Picture, name: str, size: dict[str, int], *, dark: bool
) -> None:
    shade = "dark" if dark else "light"
    page = open_page(size, dark=dark)
    picture(page, f"{name}-{shade}-1-welcome")
    say(page, "你好")
    expect(page.locator(".chip")).to_have_count(3)
    picture(page, f"{name}-{shade}-2-greeting")
    say(page, POLICY)
    expect(page.locator(".source")).to_have_count(2)
    picture(page, f"{name}-{shade}-3-answer")
    page.locator(".source").first.click()
    mark = page.frame_locator("#drawer-page").locator("mark").first
    expect(mark).to_be_in_viewport()
    picture(page, f"{name}-{shade}-4-source")
    page.get_by_role("button", name="关闭原文").click()
    say(page, NEED)
    expect(page.locator(".chip")).to_have_count(3)
    page.get_by_role("button", name="江苏苏州").click()
    expect(page.get_by_text("请核对，确认后提交")).to_be_visible()
    picture(page, f"{name}-{shade}-5-confirm")
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("为您找到这些")).to_be_visible()
    picture(page, f"{name}-{shade}-6-card")
    say(page, "火星移民补贴是多少？")
    expect(page.get_by_text("不敢随意回答")).to_be_visible()
    picture(page, f"{name}-{shade}-7-abstain")
    for element in ("document.documentElement", "document.getElementById('scroll')"):
        over = page.evaluate(f"{element}.scrollWidth - {element}.clientWidth")
        assert over == 0
