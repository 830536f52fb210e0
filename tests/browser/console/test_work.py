"""Operators move needs, orders and broadcasts, and see what waits; a second person approves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core.domain.broadcasts import BroadcastId, BroadcastState, Role
from core.domain.conversations import Address
from core.domain.deliveries import DeliveryState
from core.domain.needs import Need, NeedStatus
from core.domain.operating.deeds import DeedState, WantedDeeds
from core.services.broadcasts.people import TellRole
from tests.browser.console.conftest import NARROW, Console
from tests.factories import LI, make_draft, make_outbound, make_record
from tests.fakes.clock import START

pytestmark = pytest.mark.browser

type SignedIn = Callable[..., Page]
type Picture = Callable[[Page, str], None]


@pytest.fixture
def need(console: Console) -> Need:
    """A need that an expert fits."""
    console.site.libraries.store([make_record(external_id="E1", title="翘曲变形控制专家")])
    with console.site.units() as unit:
        stored, _ = unit.needs.put("web:m1", LI, make_draft(), START)
        unit.commit()
    return stored


@pytest.fixture
def people(console: Console) -> list[Address]:
    """Three enterprises: more than one operator may write to."""
    tell = TellRole(units=console.site.units, clock=console.site.clock)
    found = [Address(channel="web", user=f"p{n}") for n in range(3)]
    for one in found:
        tell(one, Role.ENTERPRISE, by="tests")
    return found


def press(page: Page, name: str, *, sure: bool = True) -> None:
    """Press a button, and once more in the dialog that asks."""
    page.get_by_role("button", name=name, exact=True).first.click()
    if sure:
        page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_a_need_is_matched_handed_out_and_moved(
    signed_in: SignedIn, console: Console, need: Need, picture: Picture
) -> None:
    page = signed_in("王芳", "/needs")
    expect(page.locator("a.line")).to_have_count(1)
    picture(page, "console-needs")
    page.locator("a.line").click()
    expect(page.locator("h1")).to_have_text(need.number, timeout=60_000)  # the index is loaded
    expect(page.get_by_text("翘曲变形控制专家")).to_be_visible()
    expect(page.get_by_text("内容相关").first).to_be_visible()
    picture(page, "console-need")
    narrow = signed_in("李雷", f"/needs/{need.id}", size=NARROW)
    picture(narrow, "console-need-narrow")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
    expect(narrow.get_by_role("button", name="派给这一家")).to_have_count(0)

    page.wait_for_function("window.socket && window.socket.connected")
    press(page, "派给这一家")
    expect(page.get_by_text("等答复").first).to_be_visible()
    page.goto(f"{console.base}/console/orders")
    page.wait_for_function("window.socket && window.socket.connected")
    press(page, "接单")
    expect(page.get_by_text("已接单")).to_be_visible()
    page.goto(f"{console.base}/console/needs/{need.id}")
    page.wait_for_function("window.socket && window.socket.connected")
    press(page, "公开")
    expect(page.get_by_role("button", name="公开", exact=True)).to_have_count(0)
    with console.site.units() as unit:
        assert unit.needs.get(need.id).status is NeedStatus.PUBLISHED
        deeds = unit.deeds.page(None, 10, WantedDeeds(by="王芳", target=need.number))
    assert [one.what for one in deeds] == ["move_need", "place_order"]


def test_a_large_broadcast_waits_for_a_second_person_and_can_be_stopped(
    signed_in: SignedIn, console: Console, people: list[Address], picture: Picture
) -> None:
    page = signed_in("王芳", "/broadcasts/new")
    page.locator("textarea").fill("周三停电，请安排好生产。")
    press(page, "看看有多少人", sure=False)
    expect(page.get_by_text(f"符合条件 {len(people)} 人")).to_be_visible()
    expect(page.locator(".quote")).to_contain_text("退订")
    picture(page, "console-broadcast-new")
    press(page, "存为草稿", sure=False)
    expect(page.get_by_text("草稿").first).to_be_visible()
    page.wait_for_function("window.socket && window.socket.connected")
    press(page, "发送")
    expect(page.get_by_text("等待审批").first).to_be_visible()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    path = page.url.removeprefix(f"{console.base}/console")

    second = signed_in("赵敏", path)
    press(second, "批准")
    expect(second.get_by_text("发送中").first).to_be_visible()
    picture(second, "console-broadcast")
    page.reload()
    page.wait_for_function("window.socket && window.socket.connected")
    press(page, "停止")
    expect(page.get_by_text("已停止").first).to_be_visible()
    with console.site.units() as unit:
        one = unit.broadcasts.get(BroadcastId(int(path.rpartition("/")[2])))
        told = [(event.step, event.by) for event in unit.broadcasts.events(one.id)]
    assert one.state is BroadcastState.STOPPED
    assert told == [
        ("made", "王芳"),
        ("waiting", "王芳"),
        ("sending", "赵敏"),
        ("stopped", "王芳"),
    ]


def test_nobody_approves_what_they_sent(
    signed_in: SignedIn, console: Console, people: list[Address]
) -> None:
    room = console.site.broadcasting
    made = room.make(f"给 {len(people)} 家", room.read_audience((), None, (), ()), by="赵敏")
    room.send(made.id, by="赵敏")
    page = signed_in("赵敏", f"/broadcasts/{made.id}")
    press(page, "批准")
    expect(page.get_by_text("须由没有经手的人批准")).to_be_visible()
    with console.site.units() as unit:
        assert unit.broadcasts.get(made.id).state is BroadcastState.WAITING
        (deed,) = unit.deeds.page(None, 1, WantedDeeds(what="approve_broadcast", by="赵敏"))
    assert deed.state is DeedState.REFUSED
    room.stop(made.id, by="tests")


def test_what_waits_and_what_did_not_arrive_is_seen(
    signed_in: SignedIn, console: Console, picture: Picture
) -> None:
    now = console.site.clock.now()
    with console.site.units() as unit:
        unit.questions.put(LI, "火星移民补贴是多少？", "no_evidence", now, key="q1")
        dead = unit.outbox.put(make_outbound(), now)
        unit.commit()
    with console.site.units() as unit:
        taken = unit.outbox.claim(now, timedelta(hours=1), ["web"])
        assert taken is not None
        unit.outbox.record(taken, DeliveryState.DEAD, now, error="refused")
        unit.commit()
    page = signed_in("王芳", "/waiting")
    expect(page.get_by_text("火星移民补贴是多少？")).to_be_visible()
    picture(page, "console-waiting")
    page.goto(f"{console.base}/console/deliveries")
    page.wait_for_function("window.socket && window.socket.connected")
    expect(page.get_by_text("死信").first).to_be_visible()
    picture(page, "console-deliveries")
    press(page, "关闭")
    expect(page.get_by_text("没有这样的消息。")).to_be_visible()
    with console.site.units() as unit:
        assert unit.outbox.get(dead.id).state is not DeliveryState.DEAD
