"""The WeCom sender against a platform that follows the vendor's tables."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from channels.wecom.errcodes import VERDICTS, Verdict
from channels.wecom.robot import WeComRobotSender
from channels.wecom.settings import WeComRobotSettings
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from tests.factories import GROUP, make_outbound
from tests.fakes.clock import START, FakeClock
from tests.fakes.wecom import FakeWeCom

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
LONG = "\n".join(f"第{number}条　" + "为了示例，制定本办法。" * 6 for number in range(1, 60))


@pytest.fixture
def platform() -> Iterator[FakeWeCom]:
    with FakeWeCom({KEY}) as fake:
        yield fake


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sender(platform: FakeWeCom, clock: FakeClock) -> Iterator[WeComRobotSender]:
    with sending(platform.url, clock) as made:
        yield made


@contextmanager
def sending(url: str, clock: FakeClock, key: str = KEY) -> Iterator[WeComRobotSender]:
    settings = WeComRobotSettings(keys={GROUP.user: key}, api_base=url, timeout=0.5)
    made = WeComRobotSender(settings, clock)
    yield made
    made.close()


def make_delivery(text: str = "好的", number: int = 1) -> Delivery:
    return Delivery(
        id=OutboxId(number),
        message=make_outbound(text, address=GROUP),
        created_at=START,
        state=DeliveryState.SENDING,
        attempts=1,
    )


def test_a_long_message_arrives_in_parts_the_platform_takes(
    sender: WeComRobotSender, platform: FakeWeCom
) -> None:
    sender.send(make_delivery(LONG))
    texts = platform.texts()
    assert len(texts) >= 3
    assert all(text.endswith("（未完待续）") for text in texts[:-1])
    said = "".join(text.removesuffix("（未完待续）").rstrip("\n") for text in texts)
    assert said.replace("\n", "") == LONG.replace("\n", "")


def test_a_long_message_waits_until_the_minute_has_room_for_all_its_parts(
    sender: WeComRobotSender, platform: FakeWeCom, clock: FakeClock
) -> None:
    for number in range(18):
        sender.send(make_delivery(number=number))
    long = make_delivery(LONG, 19)
    with pytest.raises(RetrySendError) as caught:
        sender.send(long)
    assert platform.requests == 18, "no part was sent"
    assert caught.value.retry_after is not None
    clock.advance(caught.value.retry_after)
    platform.answers = ["taken"] * 4
    sender.send(long)
    assert len(set(platform.texts())) == len(platform.texts()) - 17


@pytest.mark.parametrize("fault", [45009, 45033, -1, 93004, -503, -504, "hang"])
def test_once_a_part_has_arrived_no_attempt_says_it_again(
    sender: WeComRobotSender, platform: FakeWeCom, fault: int | str
) -> None:
    platform.answers = [0, fault]
    with pytest.raises(UnknownSendError, match="1 of 4 parts"):
        sender.send(make_delivery(LONG))
    assert len(platform.texts()) == 1
    assert platform.requests == 2, "what follows would be out of its place"


def test_a_first_part_that_did_not_arrive_is_tried_again_whole(
    sender: WeComRobotSender, platform: FakeWeCom
) -> None:
    platform.answers = [-1]
    long = make_delivery(LONG)
    with pytest.raises(RetrySendError):
        sender.send(long)
    sender.send(long)
    assert len(platform.texts()) == 4


def test_more_parts_than_a_minute_takes_are_refused(platform: FakeWeCom, clock: FakeClock) -> None:
    with sending(platform.url, clock) as sender, pytest.raises(RefusedSendError, match="parts"):
        sender.send(make_delivery(LONG * 8))
    assert platform.requests == 0


def test_it_never_sends_more_than_the_platform_takes_in_a_minute(
    sender: WeComRobotSender, platform: FakeWeCom, clock: FakeClock
) -> None:
    for number in range(20):
        sender.send(make_delivery(number=number))
    late = make_delivery("第二十一条", 21)
    with pytest.raises(RetrySendError) as caught:
        sender.send(late)
    assert platform.requests == 20, "the platform was not even asked"
    wait = caught.value.retry_after
    assert wait is not None
    assert timedelta(seconds=55) < wait <= timedelta(seconds=61)
    clock.advance(wait)
    platform.answers = [0]
    with pytest.raises(RetrySendError):
        sender.send(late)  # the fake counts real minutes, and throttles as the platform would
    assert platform.requests == 21


@pytest.mark.parametrize("errcode", sorted(VERDICTS.keys() - {0, 42014}))
def test_every_errcode_has_its_consequence(
    sender: WeComRobotSender, platform: FakeWeCom, errcode: int
) -> None:
    platform.answers = [errcode]
    refused = VERDICTS[errcode] is Verdict.REFUSED
    with pytest.raises(RefusedSendError if refused else RetrySendError, match=str(errcode)):
        sender.send(make_delivery())
    assert platform.texts() == []


def test_an_unknown_errcode_is_tried_again(sender: WeComRobotSender, platform: FakeWeCom) -> None:
    platform.answers = [987654]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (-503, RetrySendError),
        (-429, RetrySendError),
        (-500, UnknownSendError),
        (-502, UnknownSendError),
        (-504, UnknownSendError),
        (-404, RefusedSendError),
    ],
)
def test_a_status_of_the_proxy_before_the_platform_is_understood(
    sender: WeComRobotSender, platform: FakeWeCom, status: int, kind: type[Exception]
) -> None:
    platform.answers = [status]
    with pytest.raises(kind):
        sender.send(make_delivery())


def test_no_answer_leaves_it_unknown_and_nothing_is_sent_again(
    sender: WeComRobotSender, platform: FakeWeCom
) -> None:
    platform.answers = ["hang"]
    with pytest.raises(UnknownSendError):
        sender.send(make_delivery())
    assert platform.requests == 1


def test_a_platform_that_is_not_there_surely_got_nothing(clock: FakeClock) -> None:
    with FakeWeCom({KEY}) as gone:
        url = gone.url
    with sending(url, clock) as sender, pytest.raises(RetrySendError):
        sender.send(make_delivery())


def test_a_wrong_key_or_robot_is_refused(platform: FakeWeCom, clock: FakeClock) -> None:
    with sending(platform.url, clock, key="wrong") as sender:
        with pytest.raises(RefusedSendError, match="93000"):
            sender.send(make_delivery())
        other = make_outbound(address=GROUP.parse("wecom-robot:other"))
        with pytest.raises(RefusedSendError, match="other"):
            sender.send(Delivery(id=OutboxId(2), message=other, created_at=START))


def test_nobody_can_make_the_robot_call_everyone(
    sender: WeComRobotSender, platform: FakeWeCom
) -> None:
    sender.send(make_delivery("<@all> 请点 [这里](https://evil.example)"))
    (text,) = platform.texts()
    assert "<@" not in text
    assert "](" not in text


def test_chinese_travels_as_it_is_not_as_escapes(
    sender: WeComRobotSender, platform: FakeWeCom
) -> None:
    sender.send(make_delivery("路演提醒😀"))
    assert platform.texts() == ["路演提醒😀"]


def test_the_key_is_in_no_log(
    sender: WeComRobotSender, platform: FakeWeCom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")  # quiet once a command has run in this process
    platform.answers = [0, -1, "hang"]
    sender.send(make_delivery())
    for _ in range(2):
        with pytest.raises((RetrySendError, UnknownSendError)):
            sender.send(make_delivery())
    assert "key=***" in caplog.text
    assert KEY not in caplog.text
