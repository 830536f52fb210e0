"""The smart robot on its long connection: a real websocket, a real worker, what breaks them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from channels.connections import Connection, Pace
from channels.rates import Rate, TokenBuckets
from channels.wecom.bot.line_sender import WeComLineTalk
from channels.wecom.settings import WeComLineSettings
from core.domain.conversations import Address, Button
from core.domain.deliveries import DeliveryState, OutboundMessage
from core.persistence import SqlUnits
from keqiao.clock import SystemClock
from scheduler.dispatcher import Dispatcher
from scheduler.worker import Worker, WorkerSettings
from tests.factories import make_reply
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.platforms.wecom_line import BOT_ID, MEMBER, SECRET, FakeWeComLine
from tests.unit.channels.running import Site, until

PERSON = Address(channel="wecom-bot", user=MEMBER)
PACE = Pace(lease=timedelta(seconds=20), look=0.05, first=0.05, most=0.2)
MATCH = make_reply(
    "有一个项目可能适合您。",
    buttons=(
        Button(title="查看", payload="看看这个项目"),
        Button(title="不感兴趣", payload="不感兴趣"),
    ),
)


@pytest.fixture
def platform() -> Iterator[FakeWeComLine]:
    with FakeWeComLine(clock=SystemClock()) as fake:
        yield fake


@dataclass(kw_only=True)
class House:
    """One process that holds the connection, answers and sends."""

    site: Site
    connection: Connection
    talk: WeComLineTalk


def make_house(
    units: SqlUnits, platform: FakeWeComLine, dialogue: FakeDialogue, *, secret: str = SECRET
) -> House:
    site = Site(units=units, dialogue=dialogue)
    settings = WeComLineSettings(bot_id=BOT_ID, secret=secret, name="科桥", url=platform.url)
    users = TokenBuckets(Rate(burst=100, per_second=10), site.clock)
    talk = WeComLineTalk(settings, accept=site.accept, units=units, users=users)
    return House(site=site, talk=talk, connection=Connection(talk, units, site.clock, pace=PACE))


@contextmanager
def running(
    units: SqlUnits, platform: FakeWeComLine, dialogue: FakeDialogue | None = None
) -> Iterator[House]:
    house = make_house(units, platform, dialogue or FakeDialogue())
    site, senders = house.site, [house.talk.sender]
    dispatcher = Dispatcher(units, site.clock, senders, wakeups=site.wakeups)
    settings = WorkerSettings(inbox_threads=0, outbox_threads=1, poll_seconds=0.1)
    speaking = Worker(
        None,
        lambda: house.connection.open and dispatcher.dispatch_one(),
        wakeups=site.wakeups,
        settings=settings,
    )
    with house.connection, site.worker(), speaking:
        until(lambda: house.connection.open)
        yield house


def states(units: SqlUnits) -> dict[DeliveryState, int]:
    with units() as unit:
        return {state: many for state, many in unit.outbox.count_by_state().items() if many}


def push(house: House, text: str) -> None:
    message = OutboundMessage(key=f"push:{text}", address=PERSON, reply=make_reply(text))
    with house.site.units() as unit:
        unit.outbox.put(message, house.site.clock.now())
        unit.commit()


def test_a_question_is_looked_up_and_answered_in_one_stream(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    with running(sqlite_units, platform):
        platform.say("有什么政策？")
        until(lambda: platform.seen() == ["echo: 有什么政策？"])
        until(lambda: states(sqlite_units) == {DeliveryState.SENT: 1})
        (stream,) = platform.streams.values()
        assert stream["finish"] is True


def test_further_answers_have_streams_of_their_own_and_pushes_need_none(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    dialogue = FakeDialogue({"多": tuple(make_reply(f"第{number}条") for number in range(3))})
    with running(sqlite_units, platform, dialogue) as house:
        platform.say("多")
        until(lambda: platform.seen() == ["第0条", "第1条", "第2条"])
        push(house, "提醒")
        until(lambda: len(platform.pushes) == 1)
        assert platform.pushes[0]["chatid"] == MEMBER
        assert platform.pushes[0]["chat_type"] == 1


def test_in_a_group_the_answer_goes_to_the_group(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    with running(sqlite_units, platform):
        platform.say("@科桥 有什么政策？", chat="wrkGroup")
        until(lambda: platform.seen() == ["echo: 有什么政策？"])


def test_a_card_is_shown_pressed_and_updated_once(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    dialogue = FakeDialogue({"匹配": (MATCH,)})
    with running(sqlite_units, platform, dialogue):
        platform.say("匹配")
        until(lambda: any(one["card"] for one in platform.streams.values()))
        card = next(one["card"] for one in platform.streams.values())
        inner = {"task_id": card["task_id"], "event_key": card["button_list"][0]["key"]}
        for _ in range(2):
            platform.happen("template_card_event", inner)
        until(lambda: len(platform.pushes) == 1)
        assert platform.pushes[0]["markdown"]["content"] == "echo: 看看这个项目"
        (update,) = platform.told
        assert update["cmd"] == "aibot_respond_update_msg"
        button = update["body"]["template_card"]["button_list"][0]
        assert button["text"] == "已选：查看"


def test_who_enters_is_welcomed(sqlite_units: SqlUnits, platform: FakeWeComLine) -> None:
    with running(sqlite_units, platform):
        platform.happen("enter_chat")
        until(lambda: len(platform.told) == 1)
        assert platform.told[0]["cmd"] == "aibot_respond_welcome_msg"


def test_a_message_pushed_again_is_answered_once(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    with running(sqlite_units, platform):
        for _ in range(3):
            platform.say("一次", msgid="the-same")
        platform.say("完")
        until(lambda: "echo: 完" in platform.seen())
        until(lambda: sorted(platform.seen()) == ["echo: 一次", "echo: 完"])


@pytest.mark.parametrize("fault", ["drop", "lose", "mute"])
def test_an_answer_that_a_break_swallowed_is_said_again_and_seen_once(
    sqlite_units: SqlUnits, platform: FakeWeComLine, fault: str
) -> None:
    with running(sqlite_units, platform) as house:
        platform.faults = [0, fault]  # the first frame says that it is being looked up
        platform.say("有什么政策？")
        until(lambda: states(sqlite_units) == {DeliveryState.SENT: 1}, 40)
        assert platform.seen() == ["echo: 有什么政策？"]
        assert platform.pushes == []
        until(lambda: house.connection.open)


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        ("lose", {DeliveryState.SENT: 1, DeliveryState.UNKNOWN: 1}),
        ("mute", {DeliveryState.SENT: 1, DeliveryState.UNKNOWN: 1}),
        (-1, {DeliveryState.SENT: 2}),
    ],
)
def test_a_push_is_said_again_only_when_it_surely_did_not_arrive(
    sqlite_units: SqlUnits,
    platform: FakeWeComLine,
    *,
    fault: int | str,
    ends: dict[DeliveryState, int],
) -> None:
    with running(sqlite_units, platform) as house:
        platform.say("你好")
        until(lambda: platform.seen() == ["echo: 你好"])
        until(lambda: states(sqlite_units) == {DeliveryState.SENT: 1})
        platform.faults = [fault]
        push(house, "提醒")
        until(lambda: states(sqlite_units) == ends, 60)
        assert len(platform.pushes) == 1


def test_what_was_said_while_the_line_was_down_is_sent_when_it_is_up_again(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    with running(sqlite_units, platform) as house:
        platform.say("你好")
        until(lambda: platform.seen() == ["echo: 你好"])
        for number in range(3):
            platform.hang_up()
            push(house, f"提醒{number}")
        until(lambda: len(platform.pushes) == 3, 40)
        assert platform.opened >= 2
        assert [one["markdown"]["content"] for one in platform.pushes] == [
            "提醒0",
            "提醒1",
            "提醒2",
        ]


def test_an_answer_too_late_for_its_stream_is_pushed(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    with running(sqlite_units, platform):
        platform.faults = [0, 846608]
        platform.say("有什么政策？")
        until(lambda: len(platform.pushes) == 1)
        assert platform.pushes[0]["markdown"]["content"] == "echo: 有什么政策？"


def test_of_two_processes_one_holds_the_line_and_the_other_takes_over(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    second = make_house(sqlite_units, platform, FakeDialogue())
    with second.connection:
        until(lambda: second.connection.open)
        first = make_house(sqlite_units, platform, FakeDialogue())
        with first.connection:
            until(lambda: platform.opened == 1)
            assert not first.connection.open
            assert platform.opened == 1, "they do not fight"
    with running(sqlite_units, platform):
        platform.say("接手")
        until(lambda: platform.seen() == ["echo: 接手"])


def test_who_is_replaced_by_another_program_does_not_fight_for_the_line(
    sqlite_units: SqlUnits, platform: FakeWeComLine, caplog: pytest.LogCaptureFixture
) -> None:
    house = make_house(sqlite_units, platform, FakeDialogue())
    slow = Connection(house.talk, sqlite_units, house.site.clock, pace=replace(PACE, most=60.0))
    with slow:
        until(lambda: slow.open)
        platform.happen("disconnected_event")
        until(lambda: "another program uses" in caplog.text)


def test_a_wrong_secret_is_not_tried_in_a_hurry(
    sqlite_units: SqlUnits, platform: FakeWeComLine, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "not-the-secret"  # noqa: S105 -- a wrong one
    house = make_house(sqlite_units, platform, FakeDialogue(), secret=secret)
    slow = Connection(house.talk, sqlite_units, house.site.clock, pace=replace(PACE, most=60.0))
    with slow:
        until(lambda: "853000" in caplog.text)
        assert not slow.open
    assert secret not in caplog.text


def test_a_line_on_which_nobody_answers_pings_is_opened_again(
    sqlite_units: SqlUnits, platform: FakeWeComLine
) -> None:
    platform.answers_pings = False
    house = make_house(sqlite_units, platform, FakeDialogue())
    house.talk.ping_seconds = 0.05
    with house.connection:
        until(lambda: platform.opened >= 2)
        assert platform.pings >= 2


@pytest.mark.parametrize("frame", ["", "x", "[]", "{}", '{"cmd": "aibot_msg_callback"}'])
def test_nonsense_ends_nothing(
    sqlite_units: SqlUnits, platform: FakeWeComLine, frame: str
) -> None:
    with running(sqlite_units, platform) as house:
        socket = platform._socket
        assert socket is not None
        socket.send(frame)
        platform.say("还在吗")
        until(lambda: platform.seen() == ["echo: 还在吗"])
        assert house.connection.open
        assert platform.opened == 1
