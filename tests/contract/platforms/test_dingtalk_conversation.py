"""DingTalk in and out over real HTTP: what the robot is told, and where its answers go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from channels.dingtalk.sender import DingTalkSender
from channels.dingtalk.settings import DingTalkSettings
from core.domain.conversations import Address, Button
from core.domain.deliveries import Delivery, DeliveryState
from core.persistence import SqlUnits
from scheduler.dispatcher import Dispatcher
from tests.factories import make_citation, make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.platforms.dingtalk import APP_KEY, FakeDingTalk
from tests.fakes.platforms.dingtalk_events import Pusher
from tests.unit.channels.running import Site, make_settings

SECRET = "app secret of the tests"  # noqa: S105 -- no real one
ZHANG = Address(channel="dingtalk", user="staff/zhang")
TEAM = Address(channel="dingtalk", user="group/cidTeam==")


def settings_of(fake: FakeDingTalk) -> DingTalkSettings:
    return DingTalkSettings(
        app_key=APP_KEY,
        app_secret=SECRET,
        robot_code=APP_KEY,
        api_base=fake.url,
        oapi_base=fake.url,
        timeout=2.0,
    )


class House:
    """A gateway, a bot and a dispatcher, with DingTalk on both sides."""

    def __init__(self, units: SqlUnits, clock: FakeClock, fake: FakeDingTalk) -> None:
        self.fake = fake
        settings = settings_of(fake)
        self.site = Site(
            units=units, clock=clock, settings=replace(make_settings(), dingtalk=settings)
        )
        self.sender = DingTalkSender(settings, units, clock)
        self.dispatcher = Dispatcher(units, clock, [self.sender], wakeups=self.site.wakeups)

    @cached_property
    def pusher(self) -> Pusher:
        """DingTalk, pushing to this house."""
        return Pusher(fake=self.fake, secret=SECRET, url=f"{self.site.base}/dingtalk")

    def hear(self, text: str, **more: Any) -> None:
        """Somebody says something."""
        assert self.pusher.push(self.pusher.said(text, **more)) == 200

    def work(self) -> None:
        """Answer and send all that waits."""
        handle = self.site.handler()
        while handle():
            pass
        while self.dispatcher.dispatch_one():
            pass

    def tell(self, text: str, to: Address) -> Delivery:
        """Queue a message that answers nothing."""
        with self.site.units() as unit:
            put = unit.outbox.put(make_outbound(text, address=to), self.site.clock.now())
            unit.commit()
        return put


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDingTalk]:
    with FakeDingTalk(clock, secret=SECRET) as made:
        yield made


@pytest.fixture
def house(sqlite_units: SqlUnits, clock: FakeClock, fake: FakeDingTalk) -> Iterator[House]:
    made = House(sqlite_units, clock, fake)
    with made.site.serving():
        yield made
    made.sender.close()


def test_a_question_is_answered_where_its_message_said(house: House, fake: FakeDingTalk) -> None:
    house.hear("揭榜挂帅最高资助多少？")
    house.work()
    (sent,) = fake.sent
    assert (sent.to, sent.kind, sent.way) == ("zhang", "text", "session")
    assert sent.text == "echo: 揭榜挂帅最高资助多少？"
    assert fake.asked("accessToken") == 0, "no token is needed for that"


def test_a_group_is_one_conversation(house: House, fake: FakeDingTalk) -> None:
    house.hear("活动", group="cidTeam==", by="zhang")
    house.hear("政策", group="cidTeam==", by="li")
    house.work()
    assert [(one.to, one.text) for one in fake.sent] == [
        ("cidTeam==", "echo: 活动"),
        ("cidTeam==", "echo: 政策"),
    ]
    assert {said.address for said, _ in house.site.dialogue.said} == {TEAM}


def test_the_buttons_of_a_card_speak(house: House, fake: FakeDingTalk) -> None:
    buttons = (
        Button(title="转人工", payload="我要找人 & 1=1"),
        Button(title="不用", payload="不用"),
    )
    reply = make_reply("可以申报。", citations=(make_citation(),), buttons=buttons)
    house.site.dialogue.script["能报吗"] = (reply,)
    house.hear("能报吗")
    house.work()
    (card,) = fake.sent
    assert card.kind == "actionCard"
    assert "《示例办法》" in card.text
    house.hear(card.says(0))
    house.work()
    assert fake.texts()[-1] == "echo: 我要找人 & 1=1"


def test_when_the_address_has_ended_the_api_answers(
    house: House, fake: FakeDingTalk, clock: FakeClock
) -> None:
    house.hear("你好", lasts=timedelta(minutes=3))
    house.hear("大家好", group="cidTeam==", lasts=timedelta(minutes=3))
    clock.advance(timedelta(minutes=3))
    house.work()
    assert {(one.to, one.way) for one in fake.sent} == {("zhang", "api"), ("cidTeam==", "api")}
    assert fake.asked("sendBySession") == 0


def test_an_address_that_ended_before_its_time_is_not_tried_twice(
    house: House, fake: FakeDingTalk
) -> None:
    house.hear("一")
    fake.sessions.clear()
    house.work()
    house.tell("明天路演", ZHANG)
    house.work()
    assert [(one.text, one.way) for one in fake.sent] == [("echo: 一", "api"), ("明天路演", "api")]
    assert fake.asked("sendBySession") == 1


def test_a_person_from_outside_is_answered_while_that_is_possible(
    house: House, fake: FakeDingTalk, clock: FakeClock
) -> None:
    house.hear("你好", by="wang", senderStaffId="", lasts=timedelta(minutes=3))
    house.work()
    assert [(one.to, one.way) for one in fake.sent] == [("wang", "session")]
    clock.advance(timedelta(minutes=4))
    guest = Address(channel="dingtalk", user="guest/$:LWCP_v1:$wang")
    told = house.tell("明天路演", guest)
    house.work()
    assert len(fake.sent) == 1
    with house.site.units() as unit:
        assert unit.outbox.get(told.id).state is DeliveryState.DEAD


def test_no_message_sends_its_answer_to_another_place(house: House, fake: FakeDingTalk) -> None:
    for number, url in enumerate(
        (
            "https://evil.example/robot/sendBySession?session=1",
            f"{fake.url}/robot/send?access_token=1",
            f"{fake.url}@evil.example/robot/sendBySession?session=1",
            "https://[broken",
            "",
        )
    ):
        house.hear(f"第{number}", sessionWebhook=url)
        house.work()
    assert {one.way for one in fake.sent} == {"api"}
    assert len(fake.sent) == 5


def test_a_message_that_is_brought_twice_is_answered_once(
    house: House, fake: FakeDingTalk, clock: FakeClock
) -> None:
    message = house.pusher.said("你好")
    for _ in range(3):
        assert house.pusher.push(message) == 200
        house.work()
        clock.advance(timedelta(hours=3))
    assert fake.texts() == ["echo: 你好"]


def test_a_text_too_long_is_said_to_be_so(house: House, fake: FakeDingTalk) -> None:
    house.hear("长" * 4001)
    house.work()
    assert "4000" in fake.sent[0].text


def test_what_is_spoken_or_mixed_with_pictures_is_read(house: House, fake: FakeDingTalk) -> None:
    house.hear("", msgtype="audio", content={"recognition": "有什么活动"})
    parts = [{"text": "这张图"}, {"type": "picture", "downloadCode": "x"}, {"text": "是什么"}]
    house.hear("", msgtype="richText", content={"richText": parts})
    house.hear("  ")
    house.hear("", msgtype="picture", content={"downloadCode": "x"})
    house.work()
    assert fake.texts()[:3] == ["echo: 有什么活动", "echo: 这张图是什么", "echo: 你好"]
    assert not fake.texts()[3].startswith("echo"), "a picture is answered, but not read"


def test_one_token_serves_all_processes_and_is_renewed_before_its_end(
    house: House, fake: FakeDingTalk, clock: FakeClock, sqlite_units: SqlUnits
) -> None:
    other = DingTalkSender(settings_of(fake), sqlite_units, clock)
    for minutes, fetched in ((0, 1), (114, 1), (2, 2)):
        clock.advance(timedelta(minutes=minutes))
        for sender in (house.sender, other):
            sender._api.token.get()
        assert fake.asked("accessToken") == fetched
        fake.revoke()
    other.close()


def test_a_token_that_ended_before_its_time_is_renewed_once(
    house: House, fake: FakeDingTalk
) -> None:
    house.sender._api.token.get()
    fake.revoke()
    house.tell("明天路演", ZHANG)
    house.work()
    assert fake.texts() == ["明天路演"]
    assert fake.asked("accessToken") == 2


def test_neither_token_nor_address_lies_open_in_the_database(
    house: House, fake: FakeDingTalk, tmp_path: Path
) -> None:
    house.hear("你好")
    token, (session,) = house.sender._api.token.get(), fake.sessions
    written = b"".join(path.read_bytes() for path in tmp_path.glob("keqiao.db*"))
    assert token.encode() not in written
    assert session.encode() not in written
