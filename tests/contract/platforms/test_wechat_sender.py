"""The Official Account's sender against a platform that follows the vendor's tables."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from channels.wechat.api.client import WeChatApi
from channels.wechat.api.errcodes import VERDICTS, Verdict, hint
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Address, Button
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.wechat import APP_ID, FAN, SECRET, TOKEN, FakeWeChat

PERSON = Address(channel="wechat", user=FAN)
TOKENS_PATH = "/cgi-bin/stable_token"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock, sqlite_units: SqlUnits) -> Iterator[FakeWeChat]:
    with FakeWeChat(clock=clock) as fake:
        fake.write(sqlite_units, PERSON)
        yield fake


def make_sender(platform: FakeWeChat, units: SqlUnits) -> WeChatSender:
    settings = WeChatSettings(
        app_id=APP_ID, token=TOKEN, secret=SECRET, api_base=platform.url, timeout=0.5
    )
    return WeChatSender(WeChatApi(settings, units, platform.clock), units, platform.clock)


@pytest.fixture
def sender(platform: FakeWeChat, sqlite_units: SqlUnits) -> Iterator[WeChatSender]:
    made = make_sender(platform, sqlite_units)
    yield made
    made.close()


def make_delivery(text: str = "好的", number: int = 1, *buttons: str) -> Delivery:
    choices = tuple(Button(title=title, payload=f"说{title}") for title in buttons)
    return Delivery(
        id=OutboxId(number),
        message=make_outbound(address=PERSON, reply=make_reply(text, buttons=choices)),
        created_at=START,
        state=DeliveryState.SENDING,
        attempts=1,
    )


def left(units: SqlUnits, clock: FakeClock) -> int:
    with units() as unit:
        return sum(one.left for one in unit.allowances.of(PERSON, clock.now()))


def test_a_text_arrives_and_is_counted(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    sender.send(make_delivery("您好 <a href='https://evil.example'>点我</a>"))
    (text,) = platform.texts()
    assert "<" not in text
    assert platform.sent[0]["touser"] == FAN
    assert left(sqlite_units, clock) == 4


def test_choices_are_a_menu_that_can_be_tapped(sender: WeChatSender, platform: FakeWeChat) -> None:
    sender.send(make_delivery("要哪一个？", 7, "查政策", "登记需求"))
    menu = platform.sent[0]["msgmenu"]
    assert menu["head_content"] == "要哪一个？"
    assert menu["list"] == [
        {"id": "7.1", "content": "查政策"},
        {"id": "7.2", "content": "登记需求"},
    ]


def test_a_long_text_arrives_in_parts_the_platform_takes(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    link = "https://example.org/" + "a" * 60
    long = "".join(f"第{number}条的内容在{link}这里" for number in range(40))
    sender.send(make_delivery(long))
    texts = platform.texts()
    assert 2 <= len(texts) <= 5
    assert all(text.endswith("（未完待续）") for text in texts[:-1])
    said = "".join(text.removesuffix("（未完待续）").rstrip("\n") for text in texts)
    assert said == long
    assert sum(text.count(link) for text in texts) == 40, "no link was cut"


def test_more_than_is_allowed_waits_for_the_person_and_the_platform_is_not_asked(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    for number in range(5):
        sender.send(make_delivery(f"第{number}条", number))
    calls = len(platform.calls)
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery("第六条", 6))
    assert caught.value.retry_after == timedelta(days=1)
    assert len(platform.calls) == calls
    platform.write(sqlite_units, PERSON)
    sender.send(make_delivery("第六条", 6))
    assert platform.texts()[-1] == "第六条"


def test_nothing_is_sent_when_the_window_has_closed(
    sender: WeChatSender, platform: FakeWeChat, clock: FakeClock
) -> None:
    clock.advance(timedelta(hours=48))
    with pytest.raises(RetrySendError):
        sender.send(make_delivery())
    assert platform.sent == []


@pytest.mark.parametrize("errcode", [45015, 45047])
def test_when_the_platform_says_that_nothing_is_left_it_is_believed(
    sender: WeChatSender,
    platform: FakeWeChat,
    sqlite_units: SqlUnits,
    clock: FakeClock,
    *,
    errcode: int,
) -> None:
    platform.answers = [errcode]
    with pytest.raises(RetrySendError, match=str(errcode)):
        sender.send(make_delivery())
    assert left(sqlite_units, clock) == 0


def test_what_the_platform_did_not_take_is_not_counted(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    platform.answers = [-1]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery())
    assert left(sqlite_units, clock) == 5


@pytest.mark.parametrize("fault", [45011, -1, 48001, 45047, -503, "hang"])
def test_once_a_part_has_arrived_no_attempt_says_it_again(
    sender: WeChatSender, platform: FakeWeChat, fault: int | str
) -> None:
    platform.answers = [0, fault]
    with pytest.raises(UnknownSendError, match="1 of 2 parts"):
        sender.send(make_delivery("为了示例，制定本办法。" * 100))
    assert len(platform.texts()) == 1


def test_more_parts_than_are_ever_taken_are_refused(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    with pytest.raises(RefusedSendError, match="parts"):
        sender.send(make_delivery("为了示例，制定本办法。" * 500))
    assert platform.sent == []


@pytest.mark.parametrize("errcode", sorted(VERDICTS.keys() - {0, 40001, 40014, 42001}))
def test_every_errcode_has_its_consequence_and_a_hint(
    sender: WeChatSender, platform: FakeWeChat, errcode: int
) -> None:
    platform.answers = [errcode]
    refused = VERDICTS[errcode] is Verdict.REFUSED
    with pytest.raises(RefusedSendError if refused else RetrySendError, match=str(errcode)) as no:
        sender.send(make_delivery())
    assert hint(errcode) in str(no.value)
    assert platform.sent == []


def test_calls_used_up_for_today_wait_until_midnight_in_china(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    platform.answers = [45009]
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery())
    assert caught.value.retry_after == timedelta(hours=14, minutes=31)  # it is 09:30


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_stale_token_is_renewed_once(
    sender: WeChatSender, platform: FakeWeChat, errcode: int
) -> None:
    sender.send(make_delivery(number=1))
    platform.forget_token()
    sender.send(make_delivery(number=2))
    assert len(platform.sent) == 2
    asked = platform.calls.count(TOKENS_PATH)
    platform.answers = [errcode, errcode, errcode]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery(number=3))
    assert platform.calls.count(TOKENS_PATH) <= asked + 2, "asked, then forced; no more"
    assert len(platform.answers) >= 1


def test_processes_share_one_token_and_fetch_it_once(
    platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    senders = [make_sender(platform, sqlite_units) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda pair: pair[1].send(make_delivery(number=pair[0])), enumerate(senders))
        )
    assert len(platform.sent) == 4
    assert platform.calls.count(TOKENS_PATH) == 1
    for one in senders:
        one.close()


def test_when_a_token_is_stale_for_all_processes_one_new_one_is_made(
    platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    senders = [make_sender(platform, sqlite_units) for _ in range(3)]
    senders[0].send(make_delivery(number=9))
    platform.forget_token()
    with ThreadPoolExecutor(3) as pool:
        list(
            pool.map(lambda pair: pair[1].send(make_delivery(number=pair[0])), enumerate(senders))
        )
    assert len(platform.sent) == 4
    assert len(platform.forced) <= 1
    for one in senders:
        one.close()


def test_a_token_is_replaced_before_it_ends(
    sender: WeChatSender, platform: FakeWeChat, clock: FakeClock
) -> None:
    sender.send(make_delivery(number=1))
    clock.advance(timedelta(seconds=7200 - 200))
    platform.forget_token()
    sender.send(make_delivery(number=2))
    assert platform.calls.count("/cgi-bin/message/custom/send") == 2, "none was refused"


def test_the_token_is_kept_sealed(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    sender.send(make_delivery())
    with sqlite_units() as unit:
        kept = unit.tokens.find(f"wechat:{APP_ID}")
    assert kept is not None
    assert not any(token in kept.value for token in platform.tokens)


def test_a_wrong_secret_is_said_and_nothing_is_sent(
    platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    settings = WeChatSettings(app_id=APP_ID, token=TOKEN, secret="no", api_base=platform.url)  # noqa: S106 -- a wrong one
    api = WeChatApi(settings, sqlite_units, platform.clock)
    with pytest.raises(RefusedSendError, match="40125"):
        WeChatSender(api, sqlite_units, platform.clock).send(make_delivery())
    api.close()


def test_chinese_travels_as_it_is_not_as_escapes(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    sender.send(make_delivery("路演提醒😀"))
    assert platform.texts() == ["路演提醒😀"]


def test_neither_token_nor_secret_is_in_a_log(
    sender: WeChatSender, platform: FakeWeChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")  # quiet once a command has run in this process
    sender.send(make_delivery())
    assert "access_token=***" in caplog.text
    assert SECRET not in caplog.text
    assert not any(token in caplog.text for token in platform.tokens)
