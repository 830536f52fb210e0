"""The senders of DingTalk against a platform that follows the vendor's tables."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels.dingtalk.api.errcodes import VERDICTS, Verdict, hint, known, verdict
from channels.dingtalk.robot import DingTalkRobotSender
from channels.dingtalk.sender import DingTalkSender
from channels.dingtalk.settings import DingTalkRobotSettings, DingTalkSettings
from core.domain.conversations import Address, Button, Reply
from core.domain.deliveries import Delivery, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply, make_rich_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.dingtalk import APP_KEY, PARAM_BYTES, FakeDingTalk, refused

SECRET = "app secret of the tests"  # noqa: S105 -- no real one
ROBOT = "token-of-the-robot"
OPEN_ROBOT = "token-of-a-robot-without-secret"
ROBOT_SECRET = "SEC of the tests"  # noqa: S105 -- no real one
LONG = "\n".join(f"第{number}条　" + '为了"示例"，制定本办法。' * 6 for number in range(200))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDingTalk]:
    robots = {ROBOT: ROBOT_SECRET, OPEN_ROBOT: None}
    with FakeDingTalk(clock, secret=SECRET, robots=robots) as made:
        yield made


def app_of(fake: FakeDingTalk, secret: str = SECRET, code: str = APP_KEY) -> DingTalkSettings:
    return DingTalkSettings(
        app_key=APP_KEY,
        app_secret=secret,
        robot_code=code,
        api_base=fake.url,
        oapi_base=fake.url,
        timeout=0.5,
    )


@pytest.fixture
def sender(
    sqlite_units: SqlUnits, fake: FakeDingTalk, clock: FakeClock
) -> Iterator[DingTalkSender]:
    made = DingTalkSender(app_of(fake), sqlite_units, clock)
    yield made
    made.close()


@pytest.fixture
def robot(fake: FakeDingTalk, clock: FakeClock) -> Iterator[DingTalkRobotSender]:
    settings = DingTalkRobotSettings(
        tokens={"default": ROBOT, "open": OPEN_ROBOT, "gone": "unknown"},
        secrets={"default": ROBOT_SECRET},
        oapi_base=fake.url,
        timeout=0.5,
    )
    made = DingTalkRobotSender(settings, clock)
    yield made
    made.close()


def make_delivery(
    reply: Reply | str = "好的", number: int = 1, to: str = "dingtalk:staff/zhang"
) -> Delivery:
    said = make_reply(reply) if isinstance(reply, str) else reply
    message = make_outbound(address=Address.parse(to), reply=said, key=f"k{number}")
    return Delivery(id=OutboxId(number), message=message, created_at=START, attempts=1)


def to_robot(reply: Reply | str = "好的", number: int = 1, name: str = "default") -> Delivery:
    return make_delivery(reply, number, f"dingtalk-robot:{name}")


def test_each_code_is_judged_and_explained() -> None:
    for code in VERDICTS:
        assert code == "0" or hint(code) != hint("nothing like it"), code
    assert known("invalidParameter.userIds.overMax") == "invalidParameter.userIds"
    assert known("invalidParameter.msgKey.invalid") == "invalidParameter"
    assert verdict("12345") is Verdict.RETRY


def test_a_card_has_as_many_buttons_as_the_api_takes(
    sender: DingTalkSender, fake: FakeDingTalk
) -> None:
    for many in (1, 2, 5, 6):
        buttons = tuple(Button(title=f"选{n}", payload=f"我选{n}") for n in range(many))
        sender.send(make_delivery(make_reply("请选择", buttons=buttons)))
    *cards, links = fake.sent
    assert [len(one.buttons) for one in cards] == [1, 2, 5]
    assert cards[1].says(1) == "我选1"
    assert links.kind == "markdown"
    assert links.text.count("](dtmd://dingtalkclient/sendMessage?content=") == 6


def test_a_long_answer_arrives_whole_in_parts_that_fit(
    sender: DingTalkSender, fake: FakeDingTalk
) -> None:
    buttons = (Button(title="转人工", payload="转人工"),)
    sender.send(make_delivery(make_reply(LONG, buttons=buttons)))
    assert len(fake.sent) > 2
    assert [bool(one.buttons) for one in fake.sent] == [False] * (len(fake.sent) - 1) + [True]
    assert all("（未完待续）" in one.text for one in fake.sent[:-1])
    assert all(len(one.text.encode()) < PARAM_BYTES for one in fake.sent)
    said = "".join(one.text.replace("（未完待续）", "") for one in fake.sent)
    assert "".join(said.split()) == "".join(LONG.split())


def test_who_has_left_or_is_sent_too_much_is_not_said_to_be_reached(
    sender: DingTalkSender, fake: FakeDingTalk
) -> None:
    with pytest.raises(RefusedSendError, match="已离开"):
        sender.send(make_delivery(to="dingtalk:staff/gone"))
    fake.busy.add("li")
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery(to="dingtalk:staff/li"))
    assert caught.value.retry_after == timedelta(seconds=60)
    with pytest.raises(RefusedSendError, match="不在这个群里"):
        sender.send(make_delivery(to="dingtalk:group/cidOther=="))
    with pytest.raises(RefusedSendError):
        sender.send(make_delivery(to="dingtalk:zhang"))
    assert fake.sent == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (-503, RetrySendError),
        (-429, RetrySendError),
        (-500, UnknownSendError),
        (-404, RefusedSendError),
        ("hang", UnknownSendError),
        (refused("ServiceUnavailable", 503), RetrySendError),
        (refused("InternalError", 500), RetrySendError),
        (refused("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403), RetrySendError),
        (refused("Forbidden.AccessDenied.AccessTokenPermissionDenied", 403), RefusedSendError),
        (refused("Forbidden.AccessDenied.IpNotInWhiteList", 403), RefusedSendError),
        ((200, {}, {"Retry-After": "7"}), None),
        ((503, {"code": "x"}, {"Retry-After": "7"}), RetrySendError),
    ],
)
def test_every_answer_is_sorted(
    sender: DingTalkSender, fake: FakeDingTalk, answer: object, error: type[SendError] | None
) -> None:
    fake.answers.append(answer)  # type: ignore[arg-type] # one of several shapes
    if error is None:
        sender.send(make_delivery())
        return
    with pytest.raises(error) as caught:
        sender.send(make_delivery())
    if isinstance(answer, tuple) and answer[2]:
        assert isinstance(caught.value, RetrySendError)
        assert caught.value.retry_after == timedelta(seconds=7)


def test_wrong_credentials_are_told_to_the_operator(
    sqlite_units: SqlUnits, fake: FakeDingTalk, clock: FakeClock
) -> None:
    wrong = DingTalkSender(app_of(fake, secret="wrong"), sqlite_units, clock)  # noqa: S106 -- no real one
    with pytest.raises(RefusedSendError, match="KEQIAO_DINGTALK_APP_SECRET"):
        wrong.send(make_delivery())
    wrong.close()
    other = DingTalkSender(app_of(fake, code="another"), sqlite_units, clock)
    with pytest.raises(RefusedSendError, match="KEQIAO_DINGTALK_ROBOT_CODE"):
        other.send(make_delivery())
    other.close()


def test_a_conversation_is_not_flooded(
    sender: DingTalkSender, fake: FakeDingTalk, clock: FakeClock
) -> None:
    for number in range(10):
        sender.send(make_delivery(number=number))
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery(number=11))
    assert caught.value.retry_after is not None
    sender.send(make_delivery(to="dingtalk:staff/li"))
    clock.advance(caught.value.retry_after)
    sender.send(make_delivery(number=11))
    assert len(fake.sent) == 12


def test_a_robot_signs_and_says_sources_and_choices_in_words(
    robot: DingTalkRobotSender, fake: FakeDingTalk
) -> None:
    robot.send(to_robot(make_rich_reply()))
    robot.send(to_robot(name="open"))
    rich, plain = fake.sent
    assert (rich.to, rich.kind, rich.buttons) == (ROBOT, "markdown", [])
    assert "《示例办法》" in rich.text
    assert "转人工" in rich.text
    assert plain.to == OPEN_ROBOT


def test_a_robot_that_is_not_known_is_refused(robot: DingTalkRobotSender) -> None:
    with pytest.raises(RefusedSendError):
        robot.send(to_robot(name="nobody"))
    with pytest.raises(RefusedSendError, match="KEQIAO_DINGTALK_ROBOT_TOKEN"):
        robot.send(to_robot(name="gone"))


def test_a_robot_never_says_more_than_twenty_in_any_minute(
    robot: DingTalkRobotSender, fake: FakeDingTalk, clock: FakeClock
) -> None:
    waiting = list(range(50))
    while waiting:
        try:
            robot.send(to_robot(number=waiting[0]))
        except RetrySendError as error:
            clock.advance(error.retry_after or timedelta(hours=1))
        else:
            waiting.pop(0)
            clock.advance(timedelta(seconds=0.5))
    assert len(fake.sent) == 50


def test_a_robot_that_is_silenced_waits_ten_minutes(
    robot: DingTalkRobotSender, fake: FakeDingTalk
) -> None:
    fake.answers = [130101, 310000, -502]
    with pytest.raises(RetrySendError) as caught:
        robot.send(to_robot())
    assert caught.value.retry_after == timedelta(minutes=10)
    with pytest.raises(RefusedSendError, match="KEQIAO_DINGTALK_ROBOT_SECRET"):
        robot.send(to_robot())
    with pytest.raises(UnknownSendError):
        robot.send(to_robot())


def test_a_message_whose_second_part_fails_is_not_begun_anew(
    robot: DingTalkRobotSender, fake: FakeDingTalk
) -> None:
    fake.answers = [0, 130101]
    with pytest.raises(UnknownSendError, match="1 of"):
        robot.send(to_robot(LONG))


def test_no_secret_is_in_any_log(
    robot: DingTalkRobotSender,
    sender: DingTalkSender,
    fake: FakeDingTalk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")
    robot.send(to_robot())
    sender.send(make_delivery())
    assert "access_token=***" in caplog.text
    for secret in (ROBOT, ROBOT_SECRET, SECRET, *fake.tokens):
        assert secret not in caplog.text
