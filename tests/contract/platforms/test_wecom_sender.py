"""The app's sender against a platform that follows the vendor's tables."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from channels.wecom.cards import task_of
from channels.wecom.errcodes import VERDICTS, Verdict, hint
from channels.wecom.sender import WeComSender
from channels.wecom.settings import WeComSettings
from core.domain.conversations import Address, Button
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply, make_rich_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.wecom import (
    AES_KEY,
    AGENT,
    CORP,
    MEMBER,
    SECRET,
    TOKEN,
    FakeWeComApp,
)

PERSON = Address(channel="wecom", user=MEMBER)
TOKENS_PATH = "/cgi-bin/gettoken"
LONG = "\n".join(f"第{number}条　" + "为了示例，制定本办法。" * 6 for number in range(1, 40))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> Iterator[FakeWeComApp]:
    with FakeWeComApp(clock=clock) as fake:
        yield fake


def make_sender(
    platform: FakeWeComApp, units: SqlUnits, *, secret: str = SECRET, per_hour: int = 1000
) -> WeComSender:
    made = WeComSettings(
        corp_id=CORP,
        agent_id=AGENT,
        secret=secret,
        token=TOKEN,
        aes_keys=(AES_KEY,),
        api_base=platform.url,
        timeout=0.5,
        per_hour=per_hour,
    )
    return WeComSender(made, units, platform.clock)


@pytest.fixture
def sender(platform: FakeWeComApp, sqlite_units: SqlUnits) -> Iterator[WeComSender]:
    made = make_sender(platform, sqlite_units)
    yield made
    made.close()


def make_delivery(text: str = "好的", number: int = 1, *buttons: str) -> Delivery:
    choices = tuple(Button(title=title, payload=f"说{title}") for title in buttons)
    reply = make_reply(text, buttons=choices)
    return Delivery(
        id=OutboxId(number),
        message=make_outbound(address=PERSON, reply=reply, key=f"k{number}"),
        created_at=START,
        state=DeliveryState.SENDING,
        attempts=1,
    )


def test_a_text_arrives_without_markup_of_others(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    receipt = sender.send(make_delivery("您好 <a href='https://evil.example'>点我</a>"))
    (text,) = platform.texts()
    assert "<" not in text
    assert platform.seen[0]["touser"] == MEMBER
    assert receipt.platform_id


def test_a_long_text_arrives_whole_in_parts_the_platform_does_not_cut(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    sender.send(make_delivery(LONG))
    texts = platform.texts()
    assert len(texts) >= 3
    assert all(text.endswith("（未完待续）") for text in texts[:-1])
    said = "".join(text.removesuffix("（未完待续）").rstrip("\n") for text in texts)
    assert said.replace("\n", "") == LONG.replace("\n", "")


def test_a_short_text_with_choices_is_a_card(sender: WeComSender, platform: FakeWeComApp) -> None:
    delivery = make_delivery("要哪一个？", 7, "查政策", "登记需求")
    sender.send(delivery)
    (message,) = platform.seen
    card = message["template_card"]
    assert card["sub_title_text"] == "要哪一个？"
    assert card["task_id"] == task_of(delivery)
    assert [(one["text"], one["key"]) for one in card["button_list"]] == [
        ("查政策", "1:说查政策"),
        ("登记需求", "2:说登记需求"),
    ]


def test_an_answer_brings_its_sources_and_its_choices_below(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    delivery = make_delivery()
    sender.send(replace(delivery, message=replace(delivery.message, reply=make_rich_reply())))
    text, card = platform.seen
    assert "可以申报。\n\n依据：\n《示例办法》" in text["text"]["content"]
    assert card["template_card"]["button_list"][0]["text"] == "转人工"


def test_more_choices_than_a_card_takes_are_listed(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    titles = [f"选项{number}" for number in range(7)]
    sender.send(make_delivery("要哪一个？", 1, *titles))
    (text,) = platform.texts()
    assert all(title in text for title in titles)


@pytest.mark.parametrize("buttons", [(), ("查看", "不感兴趣")])
def test_sent_again_after_a_lost_answer_it_is_seen_once(
    sender: WeComSender, platform: FakeWeComApp, buttons: tuple[str, ...]
) -> None:
    platform.answers = ["lost"]
    delivery = make_delivery("提醒", 3, *buttons)
    with pytest.raises(UnknownSendError):
        sender.send(delivery)
    sender.send(replace(delivery, attempts=2))
    assert platform.texts() == ["提醒"]


def test_once_a_part_has_arrived_the_next_attempt_brings_only_the_rest(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    platform.answers = [0, -1]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery(LONG))
    sender.send(make_delivery(LONG))
    texts = platform.texts()
    assert len(texts) == len(set(texts))
    said = "".join(text.removesuffix("（未完待续）").rstrip("\n") for text in texts)
    assert said.replace("\n", "") == LONG.replace("\n", "")


def test_the_same_words_said_by_another_delivery_arrive_too(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    for number in range(3):
        sender.send(make_delivery("没有看懂，请换个说法。", number))
    assert platform.texts() == ["没有看懂，请换个说法。"] * 3


def test_a_member_is_never_sent_more_than_the_platform_shows(
    sender: WeComSender, platform: FakeWeComApp, clock: FakeClock
) -> None:
    waits = 0
    for number in range(90):
        delivery = make_delivery(f"第{number}条", number)
        while True:
            try:
                sender.send(delivery)
                break
            except RetrySendError as error:
                clock.advance(error.retry_after or timedelta(0))
                waits += 1
    assert platform.texts() == [f"第{number}条" for number in range(90)]
    assert waits >= 2


def test_what_an_hour_shows_is_not_overrun_either(
    platform: FakeWeComApp, sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    sender = make_sender(platform, sqlite_units, per_hour=40)
    for number in range(40):
        if number == 30:
            clock.advance(timedelta(seconds=61))
        sender.send(make_delivery(f"第{number}条", number))
    with pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery("第四十一条", 41))
    sender.close()
    assert caught.value.retry_after is not None
    assert timedelta(minutes=55) < caught.value.retry_after <= timedelta(minutes=61)


def test_more_parts_than_a_minute_shows_are_refused(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    with pytest.raises(RefusedSendError, match="parts"):
        sender.send(make_delivery(LONG * 20))
    assert platform.seen == []


@pytest.mark.parametrize("errcode", sorted(VERDICTS.keys() - {0, 42014}))
def test_every_errcode_has_its_consequence_and_a_hint(
    sender: WeComSender, platform: FakeWeComApp, errcode: int
) -> None:
    platform.answers = [errcode, errcode]
    refused = VERDICTS[errcode] is Verdict.REFUSED
    with pytest.raises(RefusedSendError if refused else RetrySendError, match=str(errcode)) as no:
        sender.send(make_delivery())
    assert hint(errcode) in str(no.value)
    assert platform.seen == []


def test_an_unknown_errcode_is_tried_again_and_reported(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    platform.answers = [987654]
    with pytest.raises(RetrySendError, match="987654"):
        sender.send(make_delivery())


def test_a_block_of_unknown_length_is_waited_out_longer_each_time(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    waits = []
    for attempt in range(1, 8):
        platform.answers = [45009]
        with pytest.raises(RetrySendError) as caught:
            sender.send(replace(make_delivery(), attempts=attempt))
        waits.append(caught.value.retry_after)
    minute, hour, day = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
    assert waits == [minute, minute, hour, hour, day, day, day]


@pytest.mark.parametrize("errcode", [40014, 42001])
def test_a_stale_token_is_renewed_once(
    sender: WeComSender, platform: FakeWeComApp, errcode: int
) -> None:
    sender.send(make_delivery("一", 1))
    platform.forget_tokens()
    sender.send(make_delivery("二", 2))
    assert platform.texts() == ["一", "二"]
    asked = platform.calls.count(TOKENS_PATH)
    platform.answers = [errcode, errcode, errcode]
    with pytest.raises(RetrySendError):
        sender.send(make_delivery("三", 3))
    assert platform.calls.count(TOKENS_PATH) <= asked + 1
    assert platform.answers == [errcode], "two calls, no more"


def test_a_token_that_expires_between_two_parts_is_renewed(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    platform.answers = [0, 42001]
    sender.send(make_delivery(LONG))
    said = "".join(text.removesuffix("（未完待续）").rstrip("\n") for text in platform.texts())
    assert said.replace("\n", "") == LONG.replace("\n", "")


def test_processes_share_one_token_and_fetch_it_once(
    platform: FakeWeComApp, sqlite_units: SqlUnits
) -> None:
    senders = [make_sender(platform, sqlite_units) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda pair: pair[1].send(make_delivery(number=pair[0])), enumerate(senders))
        )
    assert len(platform.seen) == 4
    assert platform.calls.count(TOKENS_PATH) == 1
    for one in senders:
        one.close()


def test_the_token_is_kept_sealed(
    sender: WeComSender, platform: FakeWeComApp, sqlite_units: SqlUnits
) -> None:
    sender.send(make_delivery())
    with sqlite_units() as unit:
        kept = unit.tokens.find(f"wecom:{CORP}:{AGENT}")
    assert kept is not None
    assert not any(token in kept.value for token in platform.tokens)


def test_a_wrong_secret_is_said_and_nothing_is_sent(
    platform: FakeWeComApp, sqlite_units: SqlUnits
) -> None:
    sender = make_sender(platform, sqlite_units, secret="no")  # noqa: S106 -- a wrong one
    with pytest.raises(RefusedSendError, match="40001"):
        sender.send(make_delivery())
    sender.close()


def test_a_member_who_cannot_be_reached_is_refused_with_the_reason(
    sender: WeComSender, platform: FakeWeComApp
) -> None:
    platform.members.clear()
    with pytest.raises(RefusedSendError, match="可见范围"):
        sender.send(make_delivery())


@pytest.mark.parametrize("user", ["@all", "LiLei|HanMeimei"])
def test_no_address_means_more_than_one_member(
    sender: WeComSender, platform: FakeWeComApp, user: str
) -> None:
    many = make_outbound(address=Address(channel="wecom", user=user))
    with pytest.raises(RefusedSendError):
        sender.send(replace(make_delivery(), message=many))
    assert platform.calls == []


def test_neither_token_nor_secret_is_in_a_log(
    sender: WeComSender, platform: FakeWeComApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")  # quiet once a command has run in this process
    sender.send(make_delivery())
    assert "access_token=***" in caplog.text
    assert "corpsecret=***" in caplog.text
    assert SECRET not in caplog.text
    assert not any(token in caplog.text for token in platform.tokens)
