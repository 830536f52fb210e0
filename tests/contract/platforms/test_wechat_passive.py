"""Accounts that may not write by themselves: answers in the platform's own three requests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import override

import httpx2
import pytest

from channels.bodies import read_body
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Address, Button, InboundMessage, Reply
from core.domain.deliveries import DeliveryState
from core.persistence import SqlUnits
from keqiao.clock import SystemClock
from tests.factories import make_outbound, make_reply
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.platforms.wechat import APP_ID, FAN, TOKEN, FakeWeChat
from tests.unit.channels.running import Site, make_settings, until

PERSON = Address(channel="wechat", user=FAN)
PATIENCE = 1.0
"""Seconds that this platform waits, where the real one waits five."""


@dataclass
class SlowDialogue(FakeDialogue):
    """Takes as long as the test says."""

    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin as any fake."""
        super().__init__()

    @override
    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        time.sleep(self.pauses.pop(0) if self.pauses else 0)
        return super().reply(message, retried=retried)


@pytest.fixture
def platform() -> FakeWeChat:
    return FakeWeChat(clock=SystemClock(), patience=PATIENCE)


@pytest.fixture
def dialogue() -> SlowDialogue:
    return SlowDialogue()


@contextmanager
def running(units: SqlUnits, dialogue: FakeDialogue) -> Iterator[Site]:
    settings = WeChatSettings(app_id=APP_ID, token=TOKEN, patience=PATIENCE)
    whole = replace(make_settings(), wechat=settings)
    site = Site(units=units, dialogue=dialogue, settings=whole)
    with site.serving(), site.worker():
        yield site


@pytest.fixture
def site(sqlite_units: SqlUnits, dialogue: SlowDialogue) -> Iterator[Site]:
    with running(sqlite_units, dialogue) as made:
        yield made


def ask(platform: FakeWeChat, site: Site, text: str) -> str | None:
    response = platform.say(site.base, platform.fields(Content=text))
    return None if response is None else content(response)


def content(response: httpx2.Response) -> str:
    assert response.status_code == 200
    return str(read_body(response.content)["Content"]) if response.text != "success" else ""


def test_the_answer_is_in_the_request(site: Site, platform: FakeWeChat) -> None:
    assert ask(platform, site, "有什么政策？") == "echo: 有什么政策？"


@pytest.mark.parametrize("pause", [1.3, 2.4])
def test_a_slow_answer_is_given_in_the_second_or_third_request(
    site: Site, platform: FakeWeChat, dialogue: SlowDialogue, pause: float
) -> None:
    dialogue.pauses = [pause]
    assert ask(platform, site, "慢") == "echo: 慢"
    assert len(dialogue.said) == 1


def test_what_comes_after_the_third_is_kept_for_the_next_message(
    site: Site, platform: FakeWeChat, dialogue: SlowDialogue
) -> None:
    dialogue.pauses = [4.0]
    waiting = ask(platform, site, "很慢")
    assert waiting is not None
    assert "回复「继续」" in waiting
    until(lambda: len(dialogue.said) == 1)
    until(lambda: bool(queued(site)))
    assert ask(platform, site, "继续") == "echo: 很慢"
    assert len(dialogue.said) == 1, "the bot did not hear of it"
    assert ask(platform, site, "继续") == "echo: 继续", "nothing is kept: it is for the bot"


def test_who_asks_for_more_too_early_gets_it_when_it_is_there(
    site: Site, platform: FakeWeChat, dialogue: SlowDialogue
) -> None:
    dialogue.pauses = [4.0]
    ask(platform, site, "很慢")
    assert ask(platform, site, "继续") == "echo: 很慢"


def test_another_message_brings_what_was_kept_and_its_own_answer(
    site: Site, platform: FakeWeChat, dialogue: SlowDialogue
) -> None:
    dialogue.pauses = [4.0]
    ask(platform, site, "很慢")
    assert ask(platform, site, "快") == "echo: 很慢\n\necho: 快"


def test_a_request_said_again_after_its_answer_gets_the_same(
    site: Site, platform: FakeWeChat
) -> None:
    fields = platform.fields(Content="你好")
    first, again = platform.say(site.base, fields), platform.say(site.base, fields)
    assert first is not None
    assert again is not None
    assert content(first) == content(again) == "echo: 你好"


def test_two_requests_of_one_message_at_once_hear_the_same(
    site: Site, platform: FakeWeChat, dialogue: SlowDialogue
) -> None:
    dialogue.pauses = [0.4]
    fields = platform.fields(Content="你好")
    heard: list[str] = []

    def call() -> None:
        response = platform.say(site.base, fields)
        heard.append(content(response) if response else "")

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == ["echo: 你好"] * 3


def test_a_long_answer_goes_on_when_asked_for(
    sqlite_units: SqlUnits, platform: FakeWeChat
) -> None:
    long = "".join(f"第{number}条，为了示例，制定本办法。" for number in range(100))
    with running(sqlite_units, FakeDialogue({"长": (make_reply(long),)})) as site:
        parts = [ask(platform, site, "长")]
        while "回复「继续」" in str(parts[-1]):
            assert len(str(parts[-1]).encode()) <= 2048
            parts.append(ask(platform, site, "继续"))
    assert len(parts) == 3
    said = "".join(
        str(part).removesuffix("（未完待续，回复「继续」查看）").rstrip() for part in parts
    )
    assert said == long


def test_a_choice_is_made_by_its_number(sqlite_units: SqlUnits, platform: FakeWeChat) -> None:
    asked = make_reply("要哪一个？", buttons=(Button(title="查政策", payload="我要查政策"),))
    with running(sqlite_units, FakeDialogue({"菜单": (asked,)})) as site:
        shown = ask(platform, site, "菜单")
        assert shown is not None
        assert shown.endswith("1. 查政策")
        assert ask(platform, site, "1") == "echo: 我要查政策"


def test_a_push_waits_for_the_next_message(site: Site, platform: FakeWeChat) -> None:
    with site.units() as unit:
        unit.outbox.put(make_outbound("路演提醒", address=PERSON), site.clock.now())
        unit.commit()
    assert ask(platform, site, "你好") == "路演提醒\n\necho: 你好"
    assert queued(site) == []


def test_what_was_given_is_sent_and_once(site: Site, platform: FakeWeChat) -> None:
    ask(platform, site, "你好")
    with site.units() as unit:
        assert unit.outbox.count_by_state() == {DeliveryState.SENT: 1}


def queued(site: Site) -> list[str]:
    with site.units() as unit:
        return [one.message.reply.text for one in unit.outbox.queued(PERSON)]
