"""The chat page at work: sending, waiting, sources, pushes, a broken line, people's habits."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from channels.web.visitors import COOKIE
from core.domain.conversations import Reply, ReplyKind
from tests.browser.conftest import NARROW
from tests.browser.script import MARKUP, POLICY, QUOTE, SLOW, ScriptedDialogue
from tests.unit.channels.running import Site

pytestmark = pytest.mark.browser

type Open = Callable[..., Page]
type Picture = Callable[[Page, str], None]

REMINDER = (
    "提醒：注塑行业数字化路演\n开始时间：2026年11月24日（星期二）09:30\n地点：科技会堂三楼\n"
    "链接：https://example.org/events/7\n不再需要提醒，请回复“取消提醒”。"
)


def field(page: Page) -> Locator:
    return page.get_by_label("输入消息")


def say(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def texts(page: Page, side: str) -> list[str]:
    return page.locator(f".{side} .bubble").all_inner_texts()


def push(page: Page, site: Site, text: str, key: str) -> None:
    """Send a message that answers nothing to whoever is at the page."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    site.push(key, cookies[COOKIE].split(".")[0], Reply(kind=ReplyKind.NOTICE, text=text))


def test_the_page_says_at_once_that_it_is_looking_until_the_reply_comes(
    open_page: Open, site: Site, picture: Picture
) -> None:
    page = open_page(NARROW)
    say(page, SLOW)
    typing = page.get_by_text("正在查询…")
    expect(typing).to_be_visible(timeout=1000)
    expect(page.locator(".mine .bubble")).to_have_text(SLOW)
    picture(page, "typing")
    assert isinstance(site.dialogue, ScriptedDialogue)
    site.dialogue.go_on.set()
    expect(page.get_by_text(f"echo: {SLOW}")).to_be_visible()
    expect(typing).to_be_hidden()


def test_a_greeting_from_the_welcome_is_really_sent(open_page: Open, site: Site) -> None:
    page = open_page()
    page.get_by_role("button", name="打个招呼").click()
    expect(page.get_by_text("您好，我是科桥，科协")).to_be_visible()
    expect(page.locator("#welcome")).to_be_hidden()
    assert [said.text for said, _ in site.dialogue.said] == ["你好"]


def test_a_quick_reply_is_said_in_the_users_name_and_the_old_ones_go(open_page: Open) -> None:
    page = open_page()
    say(page, "你好")
    page.locator(".chip", has_text="查政策").click()
    expect(page.get_by_text("echo: 查政策")).to_be_visible()
    assert texts(page, "mine") == ["你好", "查政策"]
    expect(page.locator(".chip")).to_have_count(0)


def test_a_source_opens_the_passage_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page()
    say(page, POLICY)
    source = page.locator(".source").first
    source.click()
    document = page.frame_locator("#drawer-page")
    expect(document.locator("mark")).to_have_text(QUOTE)
    expect(document.locator("mark")).to_be_in_viewport()
    expect(document.get_by_text("青科协发〔2026〕18号")).to_be_attached()
    page.locator(".source").nth(1).click()
    expect(document.locator("mark")).to_have_text("近三年无不良信用记录")
    document.locator("body").press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".source").nth(1)).to_be_focused()


def test_on_a_phone_the_back_key_closes_the_source(open_page: Open) -> None:
    page = open_page(NARROW)
    say(page, POLICY)
    page.locator(".source").first.click()
    expect(page.locator("#drawer")).to_be_visible()
    page.go_back()
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.get_by_text("距离截止还有")).to_be_visible()


def test_the_conversation_is_there_after_a_reload_each_line_once(open_page: Open) -> None:
    page = open_page()
    say(page, "你好")
    say(page, POLICY)
    expect(page.locator(".source")).to_have_count(2)
    before = (texts(page, "mine"), texts(page, "theirs"))
    page.reload()
    expect(page.locator(".source")).to_have_count(2)
    page.wait_for_selector("#link-state[data-state=open]")
    page.wait_for_timeout(700)
    assert (texts(page, "mine"), texts(page, "theirs")) == before


def test_a_pushed_message_arrives_live_and_marks_the_title(
    open_page: Open, site: Site, picture: Picture
) -> None:
    page = open_page(NARROW)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.away })")
    page.evaluate("window.away = true")
    push(page, site, REMINDER, "reminder:1")
    expect(page.get_by_text("注塑行业数字化路演")).to_be_visible()
    expect(page).to_have_title("（1）科桥")
    assert page.get_by_role("link", name="example.org").get_attribute("target") == "_blank"
    picture(page, "pushed")
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("科桥")


def test_markup_in_a_message_is_shown_and_never_run(open_page: Open) -> None:
    page = open_page()
    say(page, MARKUP)
    expect(page.locator(".theirs .bubble")).to_have_text(MARKUP)
    expect(page.locator(".mine .bubble")).to_have_text(MARKUP)
    assert page.locator(".log img, .log b, .log script").count() == 0
    expect(page).to_have_title("科桥")


def test_enter_sends_shift_enter_breaks_the_line_and_an_input_method_keeps_its_enter(
    open_page: Open,
) -> None:
    page = open_page()
    box = field(page)
    box.fill("第一行")
    box.press("Shift+Enter")
    box.type("第二行")
    page.evaluate(
        """() => {
          const box = document.getElementById("input");
          for (const more of [{ isComposing: true }, { keyCode: 229 }])
            box.dispatchEvent(new KeyboardEvent("keydown",
              { key: "Enter", bubbles: true, cancelable: true, ...more }));
        }"""
    )
    assert texts(page, "mine") == []
    box.press("Enter")
    expect(page.locator(".mine .bubble")).to_have_text("第一行\n第二行", use_inner_text=True)
    expect(box).to_have_value("")


def test_nothing_can_be_sent_that_is_empty_or_too_long(open_page: Open) -> None:
    page = open_page()
    send = page.get_by_role("button", name="发送", exact=True)
    field(page).fill("  \n ")
    expect(send).to_be_disabled()
    field(page).fill("字" * 4001)
    expect(send).to_be_disabled()
    expect(page.get_by_text("4001 / 4000")).to_be_visible()
    field(page).fill("😀" * 4000)
    expect(send).to_be_enabled()


def test_the_page_can_be_used_by_keyboard_and_says_what_things_are(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("你好")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("您好，我是科桥，科协")).to_be_visible()
    page.get_by_role("group", name="快捷回复").get_by_role("button").first.press("Enter")
    expect(page.get_by_text("echo: 查政策")).to_be_visible()


def test_who_reads_above_is_not_torn_down_by_a_new_message(open_page: Open, site: Site) -> None:
    page = open_page(NARROW)
    for number in range(25):
        push(page, site, f"第{number}条通知", f"n:{number}")
    expect(page.get_by_text("第24条通知")).to_be_visible()
    page.evaluate("document.getElementById('scroll').scrollTop = 0")
    page.wait_for_timeout(100)
    push(page, site, "刚到的", "n:new")
    newer = page.get_by_role("button", name="1 条新消息")
    expect(newer).to_be_visible()
    assert page.evaluate("document.getElementById('scroll').scrollTop") == 0
    newer.click()
    expect(page.get_by_text("刚到的")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_the_interface_page_lists_every_route(open_page: Open, site: Site) -> None:
    page = open_page()
    page.goto(f"{site.base}/docs")
    for path in ("/web/messages", "/web/events", "/documents/{document_id}", "/hooks/{name}"):
        expect(page.get_by_text(path, exact=True).first).to_be_visible()
