"""The README's conversation in a browser, against `keqiao up` with Rasa and the example site."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import models, place, wecom
from tests.acceptance.visitor import BOT_READY_S, Place, until
from tests.browser.conftest import NARROW, WIDE
from tests.fakes.wecom import FakeWeCom

__all__ = ["models", "place", "wecom"]
"""Fixtures of the acceptance tests, used here too."""

pytestmark = pytest.mark.browser

type Picture = Callable[[Page, str], None]

NUMBER = re.compile(r"KQ-\d{4}-\d{6}")
NEED = "我们做注塑的，产品老是翘曲变形，想找专家"
ANSWERS = {
    "省市": "江苏苏州",
    "预算": "五十万左右",
    "什么时候": "年底前",
    "联系": "张三 13800001234",
}


@pytest.fixture(scope="module")
def running(place: Place) -> Iterator[Place]:
    """`keqiao up`, everything ready."""
    with place.process("up") as process:
        process.wait_for("全部就绪", BOT_READY_S)
        yield place


@dataclass(frozen=True, kw_only=True)
class Chat:
    """One person at the page, on a phone or at a desk."""

    page: Page
    name: str
    picture: Picture

    @property
    def shown(self) -> int:
        """How many messages of the assistant are on the page."""
        return self.page.locator(".theirs").count()

    def say(self, text: str) -> str:
        """Type it, wait until the answer is complete, and return its last message."""
        before = self.shown
        self.page.get_by_label("输入消息").fill(text)
        self.page.get_by_role("button", name="发送", exact=True).click()
        until(lambda: self.shown > before, 60, f"an answer to {text!r}")
        expect(self.page.get_by_text("正在查询…")).to_be_hidden(timeout=30_000)
        self.page.wait_for_timeout(600)
        return self.page.locator(".theirs").last.inner_text()

    def keep(self, scene: str) -> None:
        """Take a picture."""
        self.picture(self.page, f"whole-{self.name}-{scene}")


@pytest.fixture(params=[("phone", NARROW), ("desktop", WIDE)], ids=["phone", "desktop"])
def chat(
    request: pytest.FixtureRequest, running: Place, browser: Browser, picture: Picture
) -> Iterator[Chat]:
    """A new visitor at the running site."""
    name, size = request.param
    context = browser.new_context(viewport=size, locale="zh-CN")
    page = context.new_page()
    page.goto(running.base)
    page.wait_for_selector("#link-state[data-state=open]")
    yield Chat(page=page, name=name, picture=picture)
    context.close()


def test_a_question_is_answered_and_its_source_opens_at_the_quote(chat: Chat) -> None:
    chat.keep("0-welcome")
    chat.say("你好")
    expect(chat.page.locator(".chip").first).to_be_visible()
    chat.keep("1-hello")
    chat.say("项目申报截止到什么时候？")
    chat.page.locator(".source").first.click()
    mark = chat.page.frame_locator("#drawer-page").locator("mark").first
    expect(mark).to_be_in_viewport()
    chat.keep("2-source")
    chat.page.get_by_role("button", name="关闭原文").click()
    chat.say("火星移民基地的落户补贴是多少钱？")
    expect(chat.page.locator(".chip", has_text="转人工")).to_be_visible()
    chat.keep("3-abstain")


def test_a_need_is_told_with_a_question_in_between_and_matched(chat: Chat) -> None:
    chat.say(NEED)
    asked = chat.say("申报资金最高能给多少？")
    submit = chat.page.locator(".chip", has_text="确认提交")
    for _ in range(len(ANSWERS) + 2):
        if submit.count():
            break
        asked = chat.say(next((a for word, a in ANSWERS.items() if word in asked), "跳过"))
    chat.keep("4-confirm")
    submit.click()
    expect(chat.page.get_by_text(NUMBER).first).to_be_visible(timeout=30_000)
    expect(chat.page.get_by_text("推荐理由").first).to_be_visible(timeout=30_000)
    chat.page.wait_for_timeout(600)
    chat.keep("5-matches")
    shown = chat.shown
    chat.page.reload()
    until(lambda: chat.shown == shown, 30, "the history")


def test_a_reminder_is_promised_and_comes_in_the_page_and_the_group(
    chat: Chat, running: Place, wecom: FakeWeCom, tmp_path: Path
) -> None:
    title = promised_event(running, tmp_path, chat.name)
    assert title in chat.say("最近有什么路演？")
    chat.keep("6-events")
    assert title in chat.say("提前一天提醒我")
    chat.keep("7-promise")
    pushed = chat.page.locator(".theirs", has_text=f"提醒：{title}")
    expect(pushed).to_be_visible(timeout=60_000)
    chat.keep("8-reminder")
    until(lambda: [t for t in wecom.texts() if title in t], 30, "the reminder in the group")


def promised_event(running: Place, folder: Path, name: str) -> str:
    """An event whose reminder of a day before is due in less than half a minute."""
    starts = datetime.now(UTC) + timedelta(days=1, seconds=25)  # noqa: TID251 -- a real running site
    title = f"精密模具路演{name}{starts:%H%M%S}"
    row = {"title": title, "starts_at": starts.isoformat(), "kind": "路演", "place": "线上"}
    file = folder / "events.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    assert running.json("import", "events", str(file), "--json")[0]["stored"] == 1
    return title
