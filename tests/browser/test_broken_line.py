"""The page while the gateway is away: it says so, loses nothing, and repeats nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from core.persistence import SqlUnits
from tests.browser.script import POLICY, SCRIPT, SLOW, ScriptedDialogue, store_documents
from tests.browser.test_chat import field, push, say, texts
from tests.unit.channels.running import Site

pytestmark = pytest.mark.browser

type Picture = Callable[[Page, str], None]


@pytest.fixture
def site(sqlite_units: SqlUnits) -> Iterator[Site]:
    """A site whose worker runs and whose gateway the test switches on and off."""
    store_documents(sqlite_units)
    made = Site(units=sqlite_units, dialogue=ScriptedDialogue(SCRIPT))
    with made.worker():
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    made = context.new_page()
    made.set_default_timeout(15_000)
    yield made
    context.close()


def opened(page: Page, site: Site) -> None:
    page.goto(site.base)
    page.wait_for_selector("#link-state[data-state=open]")


def test_what_was_sent_meanwhile_arrives_once_after_a_reconnect(
    page: Page, site: Site, picture: Picture
) -> None:
    with site.serving():
        opened(page, site)
        say(page, "你好")
        expect(page.locator(".chip")).to_have_count(3)
    expect(page.get_by_text("连接中断，正在重新连接…")).to_be_visible()
    picture(page, "broken-line")
    push(page, site, "断线时的提醒", "reminder:1")
    with site.serving():
        expect(page.get_by_text("断线时的提醒")).to_be_visible()
        expect(page.locator("#banner")).to_be_hidden()
        push(page, site, "恢复后的提醒", "reminder:2")
        expect(page.get_by_text("恢复后的提醒")).to_be_visible()
        page.wait_for_timeout(700)
        heard = texts(page, "theirs")
        assert [heard.count(one) for one in ("断线时的提醒", "恢复后的提醒")] == [1, 1]
        assert texts(page, "mine") == ["你好"]


def test_a_message_written_meanwhile_is_kept_and_sent_once(
    page: Page, site: Site, picture: Picture
) -> None:
    with site.serving():
        opened(page, site)
    say(page, POLICY)
    expect(page.get_by_role("button", name="重新发送")).to_be_visible()
    picture(page, "not-sent")
    page.get_by_role("button", name="重新发送").click()
    expect(page.get_by_role("button", name="重新发送")).to_be_visible()
    with site.serving():
        expect(page.locator(".source")).to_have_count(2)
        expect(page.get_by_role("button", name="重新发送")).to_have_count(0)
        page.reload()
        expect(page.locator(".source")).to_have_count(2)
        assert texts(page, "mine") == [POLICY]
        assert [said.text for said, _ in site.dialogue.said] == [POLICY]


def test_an_answer_whose_acknowledgement_was_lost_is_not_asked_for_twice(
    page: Page, site: Site
) -> None:
    with site.serving():
        opened(page, site)

        def swallow(route: object) -> None:
            assert hasattr(route, "fetch")
            assert hasattr(route, "abort")
            route.fetch()
            route.abort()

        page.route("**/web/messages", swallow, times=1)
        say(page, "你好")
        expect(page.get_by_text("您好，我是科桥，科协")).to_be_visible()
        expect(page.get_by_role("button", name="重新发送")).to_have_count(0)
        assert [said.text for said, _ in site.dialogue.said] == ["你好"]
        assert texts(page, "mine") == ["你好"]


def test_a_refusal_is_said_in_the_servers_words(page: Page, site: Site) -> None:
    with site.serving():
        opened(page, site)
        page.route(
            "**/web/messages",
            lambda route: route.fulfill(status=422, json={"message": "请先写点什么，再发送。"}),
            times=1,
        )
        field(page).fill("x")
        field(page).press("Enter")
        expect(page.get_by_text("请先写点什么，再发送。")).to_be_visible()
        expect(page.get_by_role("button", name="重新发送")).to_have_count(0)


def test_a_message_accepted_just_before_a_reload_is_there_once(page: Page, site: Site) -> None:
    with site.serving():
        opened(page, site)

        def swallow(route: object) -> None:
            assert hasattr(route, "fetch")
            assert hasattr(route, "abort")
            route.fetch()
            route.abort()

        page.route("**/web/messages", swallow, times=1)
        say(page, "你好")
        page.reload()
        expect(page.get_by_text("您好，我是科桥，科协")).to_be_visible()
        expect(page.get_by_text("正在查询…")).to_be_hidden()
        assert texts(page, "mine") == ["你好"]


def test_two_windows_of_one_visitor_show_the_same_conversation(page: Page, site: Site) -> None:
    with site.serving():
        opened(page, site)
        other = page.context.new_page()
        opened(other, site)
        say(page, "你好")
        expect(other.get_by_text("您好，我是科桥，科协")).to_be_visible()
        expect(other.locator(".mine .bubble")).to_have_text("你好")
        say(other, POLICY)
        expect(page.locator(".source")).to_have_count(2)
        expect(page.locator(".mine .bubble")).to_have_text(["你好", POLICY])
        page.wait_for_timeout(500)
        assert texts(page, "theirs") == texts(other, "theirs")


def test_a_page_opened_while_an_answer_is_on_its_way_waits_for_it(page: Page, site: Site) -> None:
    with site.serving():
        opened(page, site)
        say(page, SLOW)
        expect(page.get_by_text("正在查询…")).to_be_visible()
        page.reload()
        expect(page.get_by_text("正在查询…")).to_be_visible()
        assert isinstance(site.dialogue, ScriptedDialogue)
        site.dialogue.go_on.set()
        expect(page.get_by_text(f"echo: {SLOW}")).to_be_visible()
        expect(page.get_by_text("正在查询…")).to_be_hidden()


def test_what_is_said_quickly_is_posted_one_after_another_in_order(page: Page, site: Site) -> None:
    with site.serving():
        opened(page, site)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/web/messages", hold)
        said = ["第一句", "第二句", "第三句"]
        for text in said:
            say(page, text)
        for number in range(1, 4):
            page.wait_for_timeout(200)
            assert len(held) == number
            held[-1].continue_()
        expect(page.get_by_text("echo: 第三句")).to_be_visible()
        assert [message.text for message, _ in site.dialogue.said] == said
        page.unroute("**/web/messages")
        page.reload()
        expect(page.locator(".mine .bubble")).to_have_text(said)


def test_what_was_no_text_is_a_short_line_after_a_reload(
    page: Page, site: Site, picture: Picture
) -> None:
    with site.serving():
        opened(page, site)
        say(page, "你好")
        page.evaluate(
            """fetch("/web/messages", {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ id: "p1", kind: "image" }),
            })"""
        )
        expect(page.locator(".theirs")).to_have_count(2)
        page.reload()
        expect(page.locator(".note")).to_have_text("您发来一条非文字消息")
        expect(page.locator(".day")).to_have_count(1)
        picture(page, "no-text")
