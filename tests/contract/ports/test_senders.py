"""One behaviour suite for every door out, the fake one too, each against its platform."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, override

import pytest

from channels.dingtalk.robot import DingTalkRobotSender
from channels.dingtalk.sender import DingTalkSender
from channels.dingtalk.settings import DingTalkRobotSettings, DingTalkSettings
from channels.feishu.sender import FeishuSender
from channels.feishu.settings import FeishuSettings
from channels.mail.sender import MailSender
from channels.mail.settings import MailSettings, Security
from channels.web.sender import WebSender
from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from channels.wechat.api.client import WeChatApi
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import WeChatSettings
from channels.wecom.robot import WeComRobotSender
from channels.wecom.sender import WeComSender
from channels.wecom.settings import WeComRobotSettings, WeComSettings
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboxId, Receipt
from core.domain.errors import RefusedSendError, RetrySendError, SendError, UnknownSendError
from core.persistence import SqlUnits, make_engine, migrate
from core.ports.sender import Sender
from tests.factories import make_outbound, make_rich_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.endpoint import Endpoint
from tests.fakes.platforms.dingtalk import APP_KEY as DINGTALK_APP
from tests.fakes.platforms.dingtalk import Answer as DingTalkAnswer
from tests.fakes.platforms.dingtalk import FakeDingTalk
from tests.fakes.platforms.dingtalk import refused as dingtalk_refused
from tests.fakes.platforms.feishu import APP_ID as FEISHU_APP
from tests.fakes.platforms.feishu import Answer, FakeFeishu, refused
from tests.fakes.platforms.wechat import APP_ID, FAN, TOKEN, FakeWeChat
from tests.fakes.platforms.wechat import SECRET as SECRET_OF_WECHAT
from tests.fakes.platforms.wecom import AES_KEY, AGENT, CORP, MEMBER, FakeWeComApp
from tests.fakes.platforms.wecom import SECRET as SECRET_OF_WECOM
from tests.fakes.sender import FakeSender
from tests.fakes.smtp import FakeMailServer
from tests.fakes.wecom import FakeWeCom

KEY = "robot-key-of-the-tests"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 -- the specification's example


@dataclass(kw_only=True)
class Door:
    """A sender, an address of its channel, and its platform in the hands of the test."""

    sender: Sender
    address: Address
    arrived: Callable[[], list[str]]
    fail: Callable[[str], None] | None = None


def web_door(_stack: ExitStack) -> Door:
    sent: list[str] = []

    class Mailbox(WebSender):
        """What the web sender has taken is in the mailbox: there is nothing behind it."""

        @override
        def send(self, delivery: Delivery) -> Receipt:
            receipt = super().send(delivery)
            sent.append(delivery.message.reply.text)
            return receipt

    return Door(sender=Mailbox(), address=Address(channel="web", user="ab"), arrived=lambda: sent)


def fake_door(_stack: ExitStack) -> Door:
    sender = FakeSender("web")
    faults: dict[str, SendError] = {
        "throttled": RetrySendError("later", retry_after=timedelta(seconds=60)),
        "refused": RefusedSendError("no"),
        "hang": UnknownSendError("?"),
    }
    return Door(
        sender=sender,
        address=Address(channel="web", user="ab"),
        arrived=lambda: sender.texts,
        fail=lambda fault: sender.failures.append(faults[fault]),
    )


def webhook_door(stack: ExitStack) -> Door:
    endpoint = stack.enter_context(Endpoint())
    hook = HookSettings(name="erp", secret=SECRET, url=endpoint.url, timeout=0.4, internal=True)
    faults: dict[str, Any] = {
        "throttled": (429, {"Retry-After": "60"}),
        "refused": (410, {}),
        "hang": "hang",
    }
    sender = WebhookSender([hook], FakeClock())
    stack.callback(sender.close)
    return Door(
        sender=sender,
        address=Address(channel="webhook", user="erp/王工"),
        arrived=lambda: [json.loads(body)["data"]["text"] for _, body in endpoint.received],
        fail=lambda fault: endpoint.answers.append(faults[fault]),
    )


def wecom_door(stack: ExitStack) -> Door:
    fake = stack.enter_context(FakeWeCom({KEY}))
    settings = WeComRobotSettings(keys={"default": KEY}, api_base=fake.url, timeout=0.4)
    faults: dict[str, int | str] = {"throttled": 45009, "refused": 93000, "hang": "hang"}
    sender = WeComRobotSender(settings, FakeClock())
    stack.callback(sender.close)
    return Door(
        sender=sender,
        address=Address(channel="wecom-robot", user="default"),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def wecom_app_door(stack: ExitStack) -> Door:
    clock = FakeClock()
    fake = stack.enter_context(FakeWeComApp(clock=clock))
    settings = WeComSettings(
        corp_id=CORP,
        agent_id=AGENT,
        secret=SECRET_OF_WECOM,
        token=TOKEN,
        aes_keys=(AES_KEY,),
        api_base=fake.url,
        timeout=0.4,
    )
    sender = WeComSender(settings, make_units(stack), clock)
    stack.callback(sender.close)
    faults: dict[str, int | str] = {"throttled": 45009, "refused": 81013, "hang": "hang"}
    return Door(
        sender=sender,
        address=Address(channel="wecom", user=MEMBER),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def feishu_door(stack: ExitStack) -> Door:
    clock = FakeClock()
    fake = stack.enter_context(FakeFeishu(clock, secret=KEY))
    settings = FeishuSettings(
        app_id=FEISHU_APP, app_secret=KEY, encrypt_key=SECRET, api_base=fake.url, timeout=0.4
    )
    sender = FeishuSender(settings, make_units(stack), clock)
    stack.callback(sender.close)
    faults: dict[str, str | Answer] = {
        "throttled": refused(99991400, 429, reset=60),
        "refused": refused(230013, 400),
        "hang": "hang",
    }
    return Door(
        sender=sender,
        address=Address(channel="feishu", user="ou_li"),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def dingtalk_door(stack: ExitStack) -> Door:
    clock = FakeClock()
    fake = stack.enter_context(FakeDingTalk(clock, secret=KEY))
    settings = DingTalkSettings(
        app_key=DINGTALK_APP,
        app_secret=KEY,
        robot_code=DINGTALK_APP,
        api_base=fake.url,
        oapi_base=fake.url,
        timeout=0.4,
    )
    sender = DingTalkSender(settings, make_units(stack), clock)
    stack.callback(sender.close)
    faults: dict[str, str | DingTalkAnswer] = {
        "throttled": (429, {"code": "Throttling"}, {"Retry-After": "60"}),
        "refused": dingtalk_refused("resource.not.found"),
        "hang": "hang",
    }
    return Door(
        sender=sender,
        address=Address(channel="dingtalk", user="group/cidTeam=="),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def dingtalk_robot_door(stack: ExitStack) -> Door:
    clock = FakeClock()
    fake = stack.enter_context(FakeDingTalk(clock, secret=KEY, robots={KEY: SECRET}))
    settings = DingTalkRobotSettings(
        tokens={"default": KEY}, secrets={"default": SECRET}, oapi_base=fake.url, timeout=0.4
    )
    sender = DingTalkRobotSender(settings, clock)
    stack.callback(sender.close)
    faults: dict[str, int | str | DingTalkAnswer] = {
        "throttled": (429, {}, {"Retry-After": "60"}),
        "refused": 400102,
        "hang": "hang",
    }
    return Door(
        sender=sender,
        address=Address(channel="dingtalk-robot", user="default"),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def wechat_door(stack: ExitStack) -> Door:
    clock = FakeClock()
    fake = stack.enter_context(FakeWeChat(clock=clock))
    units = make_units(stack)
    made = WeChatSettings(
        app_id=APP_ID, token=TOKEN, secret=SECRET_OF_WECHAT, api_base=fake.url, timeout=0.4
    )
    sender = WeChatSender(WeChatApi(made, units, clock), units, clock)
    stack.callback(sender.close)
    address = Address(channel="wechat", user=FAN)
    fake.write(units, address)
    faults: dict[str, int | str] = {"throttled": 45011, "refused": 48001, "hang": "hang"}
    return Door(
        sender=sender,
        address=address,
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


def make_units(stack: ExitStack) -> SqlUnits:
    """A database for platforms whose tokens are kept there."""
    path = Path(stack.enter_context(TemporaryDirectory())) / "keqiao.db"
    migrate(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    stack.callback(engine.dispose)
    return SqlUnits(engine)


def mail_door(stack: ExitStack) -> Door:
    fake = stack.enter_context(FakeMailServer())
    settings = MailSettings(
        host="127.0.0.1",
        port=fake.port,
        security=Security.NONE,
        sender="notice@example.org",
        timeout=3.0,
    )
    faults = {
        "throttled": ("MAIL", "421 4.3.2 busy"),
        "refused": ("RCPT", "550 5.1.1 nobody"),
        "hang": ("DATA", "hang"),
    }
    return Door(
        sender=MailSender(settings),
        address=Address(channel="mail", user="li@example.org"),
        arrived=fake.texts,
        fail=lambda fault: fake.answers.append(faults[fault]),
    )


DOORS = {
    "mail": mail_door,
    "fake": fake_door,
    "web": web_door,
    "webhook": webhook_door,
    "wecom-robot": wecom_door,
    "wecom": wecom_app_door,
    "dingtalk": dingtalk_door,
    "dingtalk-robot": dingtalk_robot_door,
    "feishu": feishu_door,
    "wechat": wechat_door,
}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    with ExitStack() as stack:
        yield DOORS[request.param](stack)


@pytest.fixture(params=[name for name in DOORS if name != "web"])
def failing(request: pytest.FixtureRequest) -> Iterator[Door]:
    """A door whose platform can fail; nothing is between the web sender and its mailbox."""
    with ExitStack() as stack:
        yield DOORS[request.param](stack)


def make_delivery(door: Door, text: str = "好的", number: int = 1) -> Delivery:
    message = make_outbound(text, address=door.address)
    return Delivery(
        id=OutboxId(number),
        message=message,
        created_at=START,
        state=DeliveryState.SENDING,
        attempts=1,
    )


def test_a_message_arrives_once_and_a_receipt_is_given(door: Door) -> None:
    assert isinstance(door.sender.send(make_delivery(door)), Receipt)
    assert door.arrived() == ["好的"]


def test_it_serves_the_channel_of_its_addresses(door: Door) -> None:
    assert door.sender.channel == door.address.channel
    assert isinstance(door.sender.repeatable, bool)


def test_an_answer_with_everything_arrives(door: Door) -> None:
    delivery = make_delivery(door)
    rich = replace(delivery, message=replace(delivery.message, reply=make_rich_reply()))
    door.sender.send(rich)
    assert "可以申报。" in door.arrived()[0]


def test_messages_arrive_in_the_order_they_are_sent(door: Door) -> None:
    texts = [f"第{number}条" for number in range(5)]
    for number, text in enumerate(texts):
        door.sender.send(make_delivery(door, text, number))
    assert door.arrived() == texts


def test_a_throttled_message_may_be_sent_again_later_and_is_told_when(failing: Door) -> None:
    assert failing.fail is not None
    failing.fail("throttled")
    delivery = make_delivery(failing)
    with pytest.raises(RetrySendError) as caught:
        failing.sender.send(delivery)
    assert caught.value.retry_after == timedelta(seconds=60)
    failing.sender.send(delivery)
    assert failing.arrived()[-1] == "好的"


def test_a_refused_message_is_refused_for_good(failing: Door) -> None:
    assert failing.fail is not None
    failing.fail("refused")
    with pytest.raises(RefusedSendError):
        failing.sender.send(make_delivery(failing))


def test_a_lost_answer_leaves_it_unknown(failing: Door) -> None:
    assert failing.fail is not None
    failing.fail("hang")
    with pytest.raises(UnknownSendError):
        failing.sender.send(make_delivery(failing))


def test_no_error_tells_a_secret_or_what_was_written(failing: Door) -> None:
    assert failing.fail is not None
    for fault in ("throttled", "refused", "hang"):
        failing.fail(fault)
        with pytest.raises(SendError) as caught:
            failing.sender.send(make_delivery(failing, "只给收件人看"))
        said = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!s}"
        assert KEY not in said
        assert SECRET not in said
        assert SECRET_OF_WECHAT not in said
        assert SECRET_OF_WECOM not in said
        assert "只给收件人看" not in said
