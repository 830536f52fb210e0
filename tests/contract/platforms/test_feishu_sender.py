"""The senders of Feishu against a platform that follows the vendor's tables."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.feishu.api.errcodes import VERDICTS, Verdict, hint
from channels.feishu.robot import FeishuRobotSender
from channels.feishu.sealing import Seal, robot_sign
from channels.feishu.sender import FeishuSender
from channels.feishu.settings import FeishuRobotSettings, FeishuSettings
from core.domain.conversations import Address, InboundMessage, Reply
from core.domain.deliveries import Delivery, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply, make_rich_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.feishu import APP_ID, BYTES, FakeFeishu, refused

SECRET = "app secret of the tests"  # noqa: S105 -- no real one
ROBOT = "0f6c1b4e-1111-2222-3333-444455556666"
ROBOT_SECRET = "robot secret of the tests"  # noqa: S105 -- no real one
LONG = "\n".join(f"第{number}条　" + '为了"示例"，制定本办法。' * 6 for number in range(400))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def feishu(clock: FakeClock) -> Iterator[FakeFeishu]:
    with FakeFeishu(clock, secret=SECRET, robots={ROBOT: ROBOT_SECRET}) as fake:
        yield fake


@pytest.fixture
def sender(sqlite_units: SqlUnits, feishu: FakeFeishu, clock: FakeClock) -> Iterator[FeishuSender]:
    made = FeishuSender(
        settings_of(feishu),
        sqlite_units,
        clock,
        pause=lambda seconds: void(clock.advance(timedelta(seconds=seconds + 0.01))),
    )
    yield made
    made.close()


@pytest.fixture
def robot(feishu: FakeFeishu, clock: FakeClock) -> Iterator[FeishuRobotSender]:
    settings = FeishuRobotSettings(
        keys={"default": ROBOT},
        secrets={"default": ROBOT_SECRET},
        api_base=feishu.url,
        timeout=0.5,
    )
    made = FeishuRobotSender(settings, clock)
    yield made
    made.close()


def void(_: object) -> None:
    """Nothing."""


def settings_of(feishu: FakeFeishu, secret: str = SECRET) -> FeishuSettings:
    return FeishuSettings(
        app_id=APP_ID, app_secret=secret, encrypt_key="e", api_base=feishu.url, timeout=0.5
    )


def make_delivery(reply: Reply | str = "好的", number: int = 1, user: str = "ou_li") -> Delivery:
    said = make_reply(reply) if isinstance(reply, str) else reply
    address = Address(channel="feishu", user=user)
    message = make_outbound(address=address, reply=said, key=f"reply:{number}:0")
    return Delivery(id=OutboxId(number), message=message, created_at=START)


def to_robot(text: str = "好的", number: int = 1) -> Delivery:
    address = Address(channel="feishu-robot", user="default")
    message = make_outbound(text, address=address, key=f"r{number}")
    return Delivery(id=OutboxId(number), message=message, created_at=START)


def test_every_code_has_its_consequence_and_a_word_for_operators(
    sender: FeishuSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    for code in sorted(VERDICTS.keys() - {0}):
        feishu.answers = [code, code]
        refuses = VERDICTS[code] in {Verdict.REFUSED, Verdict.ELSEWHERE}
        kind = RefusedSendError if refuses else RetrySendError
        with pytest.raises(kind, match=str(code)) as caught:
            sender.send(make_delivery())
        assert hint(code) in str(caught.value)
        assert hint(code) != hint(987654), code
        feishu.answers = []
        clock.advance(timedelta(seconds=1))
    assert feishu.sent == []


def test_an_unknown_code_is_tried_again(sender: FeishuSender, feishu: FakeFeishu) -> None:
    feishu.answers = [987654]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery())


def test_a_throttled_app_waits_as_long_as_it_is_told(
    sender: FeishuSender, feishu: FakeFeishu
) -> None:
    for status in (429, 400):
        feishu.answers = [refused(99991400, status, reset=37)]
        with pytest.raises(RetrySendError) as caught:
            sender.send(make_delivery())
        assert caught.value.retry_after == timedelta(seconds=37)


def test_a_status_of_the_proxy_before_the_platform_is_understood(
    sender: FeishuSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    kinds: dict[int, type[SendError]] = {
        -503: RetrySendError,
        -429: RetrySendError,
        -500: UnknownSendError,
        -502: UnknownSendError,
        -504: UnknownSendError,
        -404: RefusedSendError,
    }
    for status, kind in kinds.items():
        feishu.answers = [status]
        with pytest.raises(kind):
            sender.send(make_delivery())
        clock.advance(timedelta(seconds=1))


def test_a_stale_token_is_renewed_once_and_not_for_ever(
    sender: FeishuSender, feishu: FakeFeishu
) -> None:
    feishu.answers = [99991663] * 9
    with pytest.raises(RetrySendError):
        sender.send(make_delivery())
    assert feishu.asked("/im/v1/messages") == 2
    assert feishu.asked("tenant_access_token") == 2


def test_a_wrong_secret_is_said_to_be_so(
    sqlite_units: SqlUnits, feishu: FakeFeishu, clock: FakeClock
) -> None:
    sender = FeishuSender(settings_of(feishu, "wrong"), sqlite_units, clock)
    with pytest.raises(RefusedSendError, match="KEQIAO_FEISHU_APP_SECRET"):
        sender.send(make_delivery())
    sender.close()


def test_what_arrived_without_an_answer_is_shown_once_however_often_it_is_sent(
    sender: FeishuSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    feishu.answers = ["hang"]
    with pytest.raises(UnknownSendError):
        sender.send(make_delivery())
    clock.advance(timedelta(minutes=35))
    sender.send(make_delivery())
    sender.send(make_delivery(number=2))
    assert len(feishu.sent) == 2, "another delivery of the same words is another message"


def test_a_long_text_and_a_long_card_arrive_whole_in_parts_that_are_taken(
    sender: FeishuSender, feishu: FakeFeishu
) -> None:
    for number, reply in enumerate((make_reply(LONG * 6), make_rich_reply())):
        feishu.sent.clear()
        text = reply.text if reply.buttons == () else LONG
        said_so = Reply(kind=reply.kind, text=text, buttons=reply.buttons)
        sender.send(make_delivery(said_so, number))
        texts = feishu.texts()
        assert len(texts) > 1
        assert all(one.endswith("（未完待续）") for one in texts[:-1])
        said = "".join(one.removesuffix("（未完待续）") for one in texts)
        assert "".join(said.split()) == "".join(text.split())
        sizes = [len(json.dumps(one.content, ensure_ascii=False).encode()) for one in feishu.sent]
        assert all(size <= BYTES[one.kind] for size, one in zip(sizes, feishu.sent, strict=True))
        assert not any(one.buttons for one in feishu.sent[:-1])


def test_one_person_is_written_to_five_times_a_second_and_others_at_once(
    sender: FeishuSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    for number in range(5):
        sender.send(make_delivery(number=number))
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery(number=6))
    assert len(feishu.sent) == 5, "the platform was not even asked"
    sender.send(make_delivery(number=7, user="ou_wang"))
    assert caught.value.retry_after is not None
    clock.advance(timedelta(seconds=1))
    sender.send(make_delivery(number=6))


def test_an_answer_to_what_was_taken_back_is_written_to_the_conversation(
    sender: FeishuSender, feishu: FakeFeishu, sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    address = Address(channel="feishu", user="oc_team")
    asked = InboundMessage(message_id="ev1/om_gone", address=address, text="?", said_at=START)
    with sqlite_units() as unit:
        entry = unit.inbox.accept(asked, clock.now())
        unit.commit()
    feishu.origins["om_gone"] = "oc_gone"
    feishu.absent["oc_gone"] = 230011
    message = make_outbound("好的", address=address, reply_to=entry.id)
    sender.send(Delivery(id=OutboxId(1), message=message, created_at=START))
    assert [(one.to, one.reply_to) for one in feishu.sent] == [("oc_team", "")]


def test_an_address_that_is_none_of_feishus_gets_nothing(
    sender: FeishuSender, feishu: FakeFeishu
) -> None:
    for user in ("", "li", "on_li", "https://evil.example", "ou"):
        with pytest.raises(RefusedSendError):
            sender.send(make_delivery(user=user))
    assert feishu.requests == []


def test_a_robot_signs_and_is_held_to_its_rates(
    robot: FeishuRobotSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    for minute_part in range(20):
        for number in range(5):
            robot.send(to_robot(number=minute_part * 5 + number))
        if minute_part == 0:
            with pytest.raises(RetrySendError, match="moment"):
                robot.send(to_robot(number=999))
        clock.advance(timedelta(seconds=2))
        if minute_part == 0:
            clock.advance(timedelta(minutes=20))  # who was turned away does not come back
            feishu.sent.clear()
    for number in range(5):
        robot.send(to_robot(number=1000 + number))
    clock.advance(timedelta(seconds=2))
    with pytest.raises(RetrySendError) as caught:
        robot.send(to_robot(number=2000))
    assert len(feishu.sent) == 100
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > timedelta(seconds=10)


def test_a_robots_long_message_goes_in_parts_and_none_twice(
    robot: FeishuRobotSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    robot.send(to_robot(LONG[:20_000]))
    assert len(feishu.sent) > 1
    clock.advance(timedelta(seconds=2))
    feishu.answers = [0, "hang"]
    with pytest.raises(UnknownSendError, match="1 of 3 parts"):
        robot.send(to_robot(LONG[:12_000], number=2))


def test_every_code_of_a_robot_has_its_consequence(
    robot: FeishuRobotSender, feishu: FakeFeishu, clock: FakeClock
) -> None:
    for code in (11232, 19001, 19021, 19022, 19024, 9499):
        feishu.answers = [code]
        kind = RetrySendError if code == 11232 else RefusedSendError
        with pytest.raises(kind, match=str(code)):
            robot.send(to_robot())
        clock.advance(timedelta(seconds=2))


def test_a_robot_that_nobody_configured_gets_nothing(robot: FeishuRobotSender) -> None:
    message = make_outbound(address=Address(channel="feishu-robot", user="other"))
    with pytest.raises(RefusedSendError, match="other"):
        robot.send(Delivery(id=OutboxId(1), message=message, created_at=START))


def test_no_secret_is_in_any_log(
    robot: FeishuRobotSender,
    sender: FeishuSender,
    feishu: FakeFeishu,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")
    robot.send(to_robot())
    sender.send(make_delivery())
    assert "/bot/v2/hook/***" in caplog.text
    for secret in (ROBOT, ROBOT_SECRET, SECRET, *feishu.tokens):
        assert secret not in caplog.text


def test_the_published_vector_opens(shared: Path) -> None:
    vectors = json.loads((shared / "vectors" / "platforms.json").read_text("utf-8"))["feishu"]
    assert vectors
    for vector in vectors:
        opened = Seal(key=vector["encrypt_key"]).open(vector["encrypt"])
        assert opened.decode() == vector["plaintext"]


def test_a_robots_sign_is_that_of_the_published_formula() -> None:
    signed = robot_sign("secret", START)
    key = f"{int(START.timestamp())}\nsecret".encode()
    assert signed["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
