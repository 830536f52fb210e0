"""Feishu in and out over real HTTP: events arrive sealed and signed, the bot's answers leave."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from channels.feishu.sender import FeishuSender
from channels.feishu.settings import FeishuSettings
from core.domain.conversations import Address, Button
from core.persistence import SqlUnits
from scheduler.dispatcher import Dispatcher
from tests.factories import make_citation, make_outbound, make_reminder, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.feishu import APP_ID, BOT, FakeFeishu
from tests.fakes.platforms.feishu_events import RETRIES, Pusher
from tests.unit.channels.running import Site, make_settings

SECRET = "app secret of the tests"  # noqa: S105 -- no real one
ENCRYPT_KEY = "encrypt key of the tests"
TOKEN = "verification token of the tests"  # noqa: S105 -- no real one
LI = Address(channel="feishu", user="ou_li")
GROUP = Address(channel="feishu", user="oc_team")


class House:
    """A gateway, a bot and a dispatcher, with Feishu on both sides."""

    def __init__(self, units: SqlUnits, clock: FakeClock, feishu: FakeFeishu) -> None:
        self.clock = clock
        self.feishu = feishu
        self.settings = FeishuSettings(
            app_id=APP_ID,
            app_secret=SECRET,
            encrypt_key=ENCRYPT_KEY,
            verification_token=TOKEN,
            api_base=feishu.url,
            timeout=2.0,
        )
        self.site = Site(
            units=units,
            clock=clock,
            settings=replace(make_settings(), feishu=self.settings),
        )
        self.sender = FeishuSender(self.settings, units, clock)
        self.dispatcher = Dispatcher(units, clock, [self.sender], wakeups=self.site.wakeups)

    @cached_property
    def pusher(self) -> Pusher:
        """Feishu, pushing to this house."""
        return Pusher(
            url=f"{self.site.base}/feishu",
            clock=self.clock,
            encrypt_key=ENCRYPT_KEY,
            verification_token=TOKEN,
        )

    def hear(self, event: dict[str, Any], to: Address = LI) -> int:
        """Push an event; Feishu remembers whom its message came from."""
        message = event["event"].get("message") or {}
        self.feishu.origins[message.get("message_id", "om_card")] = to.user
        return self.pusher.push(event).status_code

    def work(self) -> None:
        """Answer and send all that waits."""
        handle = self.site.handler()
        while handle():
            pass
        while self.dispatcher.dispatch_one():
            pass


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def feishu(clock: FakeClock) -> Iterator[FakeFeishu]:
    with FakeFeishu(clock, secret=SECRET) as fake:
        yield fake


@pytest.fixture
def house(sqlite_units: SqlUnits, clock: FakeClock, feishu: FakeFeishu) -> Iterator[House]:
    made = House(sqlite_units, clock, feishu)
    with made.site.serving():
        yield made
    made.sender.close()


def test_a_question_is_answered_below_itself(house: House, feishu: FakeFeishu) -> None:
    event = house.pusher.said("揭榜挂帅最高资助多少？")
    assert house.hear(event) == 200
    house.work()
    (sent,) = feishu.sent
    assert (sent.to, sent.kind, sent.text) == ("ou_li", "text", "echo: 揭榜挂帅最高资助多少？")
    assert sent.reply_to == event["event"]["message"]["message_id"]


def test_an_answer_with_sources_and_buttons_is_a_card_whose_buttons_speak(
    house: House, feishu: FakeFeishu
) -> None:
    button = Button(title="转人工", payload="我要找人")
    reply = make_reply("可以申报。", citations=(make_citation(),), buttons=(button,))
    house.site.dialogue.script["能报吗"] = (reply,)
    house.hear(house.pusher.said("能报吗"))
    house.work()
    (card,) = feishu.sent
    assert (card.kind, card.text) == ("interactive", "可以申报。")
    assert "示例办法" in str(card.content["elements"][2])
    (pressed,) = card.buttons
    feishu.origins[card.id] = "ou_li"
    response = house.pusher.push(house.pusher.pressed(pressed["value"], message=card.id))
    assert response.json()["toast"]["content"], "the press is answered at once"
    house.work()
    assert feishu.sent[-1].text == "echo: 我要找人"
    assert feishu.sent[-1].reply_to == card.id


def test_a_card_speaks_once_and_then_shows_what_was_chosen(
    house: House, feishu: FakeFeishu
) -> None:
    buttons = (
        Button(title="对接", payload="我要对接"),
        Button(title="不感兴趣", payload="不用了"),
    )
    reply = make_reply("有一个项目。", citations=(make_citation(),), buttons=buttons)
    house.site.dialogue.script["推荐"] = (reply,)
    house.hear(house.pusher.said("推荐", group="oc_team", mentions=[]), GROUP)
    house.hear(house.pusher.said("推荐"))
    house.work()
    (card,) = feishu.sent
    first, second = (one["value"] for one in card.buttons)
    answer = house.pusher.push(house.pusher.pressed(first, message=card.id)).json()
    assert answer["toast"]["content"] == "已收到，正在处理"
    assert answer["card"]["type"] == "raw"
    updated = answer["card"]["data"]["elements"]
    assert updated[:-1] == [one for one in card.content["elements"] if one["tag"] != "action"]
    assert updated[-1]["elements"][0]["content"] == "已选择：对接"
    again = house.pusher.push(house.pusher.pressed(second, message=card.id)).json()
    assert again["toast"]["content"] == "已经选过了，请勿重复点击"
    assert again["card"] == answer["card"]
    feishu.origins[card.id] = "ou_li"
    house.work()
    assert feishu.texts()[1:] == ["echo: 我要对接"]


def test_a_card_that_was_passed_on_or_is_none_of_ours_is_not_shown_again(
    house: House, feishu: FakeFeishu
) -> None:
    reply = make_reply("有一个项目。", buttons=(Button(title="对接", payload="我要对接"),))
    house.site.dialogue.script["推荐"] = (reply,)
    house.hear(house.pusher.said("推荐"))
    house.work()
    value = feishu.sent[0].buttons[0]["value"]
    passed_on = house.pusher.pressed(value, by="ou_eve", chat="oc_other", message="om_copy")
    strange = [
        house.pusher.pressed({**value, "on": on}, message=f"om_{number}")
        for number, on in enumerate(("999", "0", "x", "9" * 40, "", None, {"a": 1}))
    ]
    for event in (passed_on, *strange):
        answer = house.pusher.push(event)
        assert answer.status_code == 200
        assert "card" not in answer.json()


def test_in_a_group_only_what_names_the_bot_is_answered(house: House, feishu: FakeFeishu) -> None:
    us = {"key": "@_user_1", "id": {"open_id": BOT}, "name": "科桥"}
    wang = {"key": "@_user_2", "id": {"open_id": "ou_wang"}, "name": "王工"}
    house.hear(house.pusher.said("大家早", group="oc_team"), GROUP)
    house.hear(house.pusher.said("@_user_2 在吗", group="oc_team", mentions=[wang]), GROUP)
    house.hear(
        house.pusher.said(
            "@_user_1 请告诉@_user_2 路演时间", group="oc_team", mentions=[us, wang]
        ),
        GROUP,
    )
    house.work()
    (sent,) = feishu.sent
    assert (sent.to, sent.text) == ("oc_team", "echo: 请告诉@王工 路演时间")
    assert feishu.asked("/bot/v3/info") == 1


def test_an_event_that_is_brought_again_for_seven_hours_is_answered_once(
    house: House, feishu: FakeFeishu, clock: FakeClock
) -> None:
    event = house.pusher.said("你好")
    for wait in RETRIES:
        clock.advance(wait)
        assert house.hear(event) == 200
        house.work()
    assert feishu.texts() == ["echo: 你好"]


def test_an_event_that_could_not_be_kept_is_kept_when_it_is_brought_again(
    house: House, feishu: FakeFeishu, clock: FakeClock
) -> None:
    event = house.pusher.said(
        "@_user_1 你好",
        group="oc_team",
        mentions=[{"key": "@_user_1", "id": {"open_id": BOT}, "name": "科桥"}],
    )
    feishu.broken = True
    assert house.hear(event, GROUP) == 503
    feishu.broken = False
    clock.advance(timedelta(seconds=15))
    assert house.hear(event, GROUP) == 200
    house.work()
    assert feishu.texts() == ["echo: 你好"]


def test_a_text_too_long_is_said_to_be_so_and_not_brought_again(
    house: House, feishu: FakeFeishu
) -> None:
    assert house.hear(house.pusher.said("长" * 4001)) == 200
    house.work()
    assert "4000" in feishu.sent[0].text


def test_who_comes_without_words_is_greeted_once(house: House, feishu: FakeFeishu) -> None:
    entered = "im.chat.access_event.bot_p2p_chat_entered_v1"
    who = {"chat_id": "oc_p2p", "operator_id": {"open_id": "ou_li"}}
    house.hear(house.pusher.event(entered, who))
    house.hear(house.pusher.event(entered, {**who, "last_message_id": "om_1"}))
    added = {"chat_id": "oc_team", "operator_id": {"open_id": "ou_li"}, "name": "项目组"}
    house.hear(house.pusher.event("im.chat.member.bot.added_v1", added))
    house.work()
    assert [(one.to, one.text) for one in feishu.sent] == [
        ("ou_li", "echo: 你好"),
        ("oc_team", "echo: 你好"),
    ]


def test_a_group_that_the_bot_was_taken_out_of_is_told_nothing_more(
    house: House, feishu: FakeFeishu, sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    with sqlite_units() as unit:
        unit.reminders.put(make_reminder(address=GROUP))
        unit.outbox.put(make_outbound("明天路演", address=GROUP), clock.now())
        unit.commit()
    removed = {"chat_id": "oc_team", "operator_id": {"open_id": "ou_li"}}
    for _ in range(2):
        house.hear(house.pusher.event("im.chat.member.bot.deleted_v1", removed), GROUP)
    house.work()
    assert feishu.sent == []
    with sqlite_units() as unit:
        assert unit.reminders.planned(GROUP) == []


def test_a_card_that_was_passed_on_speaks_for_nobody_else(house: House) -> None:
    value = {"say": "我的需求", "at": "ou_li"}
    house.hear(house.pusher.pressed(value, by="ou_eve", chat="oc_other"), LI)
    value = {"say": "我的需求", "at": "oc_team"}
    house.hear(house.pusher.pressed(value, by="ou_eve", chat="oc_other"), LI)
    house.site.handler()()
    assert {str(said.address) for said, _ in house.site.dialogue.said} == {"feishu:ou_eve"}


def test_a_token_is_fetched_once_for_all_processes_and_renewed_half_an_hour_before_its_end(
    house: House, feishu: FakeFeishu, clock: FakeClock, sqlite_units: SqlUnits
) -> None:
    other = House(sqlite_units, clock, feishu)
    for sender in (house.sender, other.sender):
        sender._api.token.get()
    assert feishu.asked("tenant_access_token") == 1
    clock.advance(timedelta(minutes=89))
    other.sender._api.token.get()
    assert feishu.asked("tenant_access_token") == 1
    clock.advance(timedelta(minutes=2))
    for sender in (house.sender, other.sender):
        sender._api.token.get()
    assert feishu.asked("tenant_access_token") == 2
    assert len(feishu.tokens) == 2


def test_the_token_lies_sealed_in_the_database(
    house: House, feishu: FakeFeishu, tmp_path: Path
) -> None:
    (token,) = [house.sender._api.token.get()]
    assert token in feishu.tokens
    assert token.encode() not in (tmp_path / "keqiao.db").read_bytes()


def test_a_token_that_ended_before_its_time_is_renewed_once(
    house: House, feishu: FakeFeishu
) -> None:
    house.sender._api.token.get()
    feishu.revoke()
    house.hear(house.pusher.said("你好"))
    house.work()
    assert feishu.texts() == ["echo: 你好"]
    assert feishu.asked("tenant_access_token") == 2
