"""The smart robot's way out: by streams while they are asked for, else one answer an address."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from channels.wecom.bot.sender import WeComBotSender
from channels.wecom.settings import WeComBotSettings
from core.domain.conversations import Address, Reply
from core.domain.deliveries import Delivery
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.domain.troubles import Trouble
from core.persistence import SqlUnits
from keqiao.clock import SystemClock
from tests.contract.platforms.robots import call, handle, visiting
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.platforms.wecom_bot import AES_KEY, MEMBER, TOKEN, FakeWeComBot
from tests.unit.channels.running import Site, make_settings, until

PERSON = Address(channel="wecom-bot", user=MEMBER)


def make_robot(platform: FakeWeComBot) -> WeComBotSettings:
    return WeComBotSettings(token=TOKEN, aes_keys=(AES_KEY,), api_base=platform.url, timeout=0.5)


@dataclass(kw_only=True)
class Robot:
    """The robot of a site whose bot is played by the test."""

    clock: FakeClock
    site: Site
    platform: FakeWeComBot
    client: TestClient
    sender: WeComBotSender

    def hear(self, text: str = "有什么政策？", **fields: str) -> None:
        """Somebody asks."""
        call(self.client, self.platform, self.platform.text(text, **fields))

    def handle(self, *replies: Reply) -> None:
        """Their question is answered."""
        handle(self.site, *replies)

    def queued(self) -> list[Delivery]:
        """What is not sent yet."""
        with self.site.units() as unit:
            return unit.outbox.queued(PERSON)


@pytest.fixture
def robot(sqlite_units: SqlUnits) -> Iterator[Robot]:
    clock = FakeClock()
    site = Site(units=sqlite_units, clock=clock)
    with FakeWeComBot(clock=clock) as platform, visiting(site, make_robot(platform)) as client:
        sender = WeComBotSender(make_robot(platform), sqlite_units, clock)
        with closing(sender):
            yield Robot(clock=clock, site=site, platform=platform, client=client, sender=sender)


def test_while_the_stream_is_open_the_answer_waits_for_it(robot: Robot) -> None:
    robot.hear()
    robot.handle(make_reply("可以申报。"))
    with pytest.raises(RetrySendError) as caught:
        robot.sender.send(robot.queued()[0])
    assert caught.value.retry_after is not None
    assert timedelta(minutes=5) < caught.value.retry_after < timedelta(minutes=7)
    assert caught.value.trouble is Trouble.WAIT, "no failure of the platform"
    assert robot.platform.posted == []


def test_what_comes_after_the_stream_goes_once_to_the_address_of_its_question(
    robot: Robot,
) -> None:
    robot.hear()
    robot.clock.advance(timedelta(minutes=7))
    robot.handle(make_reply("可以申报。"), make_reply("还有一条。"))
    first, second = robot.queued()
    robot.sender.send(first)
    assert robot.platform.texts() == ["可以申报。"]
    with pytest.raises(RetrySendError) as caught:
        robot.sender.send(second)
    assert caught.value.retry_after == timedelta(days=1)
    assert caught.value.trouble is Trouble.WAIT
    assert len(robot.platform.posted) == 1


def test_an_address_holds_for_an_hour(robot: Robot) -> None:
    robot.hear()
    robot.clock.advance(timedelta(hours=1))
    robot.handle(make_reply("可以申报。"))
    with pytest.raises(RetrySendError):
        robot.sender.send(robot.queued()[0])
    assert robot.platform.posted == []


@pytest.mark.parametrize(
    ("answer", "kind", "again"),
    [
        (-1, RetrySendError, True),
        (45009, RetrySendError, True),
        (40058, RefusedSendError, False),
        ("hang", UnknownSendError, False),
    ],
)
def test_an_address_that_did_not_take_it_is_used_again_only_when_that_is_sure(
    robot: Robot, *, answer: int | str, kind: type[Exception], again: bool
) -> None:
    robot.hear()
    with robot.site.units() as unit:
        delivery = unit.outbox.put(make_outbound("提醒", address=PERSON), robot.clock.now())
        unit.commit()
    robot.platform.answers = [answer]
    with pytest.raises(kind):
        robot.sender.send(delivery)
    if not again:
        with pytest.raises(RetrySendError):
            robot.sender.send(delivery)
        return
    robot.sender.send(delivery)
    assert robot.platform.texts() == ["提醒"]


def test_an_address_elsewhere_is_never_written_to(robot: Robot) -> None:
    elsewhere = "http://evil.example/cgi-bin/aibot/response?a=1"
    for url in (elsewhere, robot.platform.url + ".evil/cgi-bin/aibot/response?a=1", ""):
        robot.hear(response_url=url)
    with robot.site.units() as unit:
        assert unit.allowances.of(PERSON, robot.clock.now()) == []


def test_addresses_are_kept_sealed(robot: Robot) -> None:
    fields = robot.platform.text("你好")
    call(robot.client, robot.platform, fields)
    with robot.site.units() as unit:
        (kept,) = unit.allowances.of(PERSON, robot.clock.now())
    assert fields["response_url"].split("=")[1] not in kept.source


@contextmanager
def running(
    units: SqlUnits, platform: FakeWeComBot, dialogue: FakeDialogue | None = None
) -> Iterator[Site]:
    site = Site(
        units=units,
        dialogue=dialogue or FakeDialogue(),
        settings=replace(make_settings(), wecom_bot=make_robot(platform)),
    )
    sender = WeComBotSender(make_robot(platform), units, site.clock)
    with closing(sender), site.serving(), site.worker(sender):
        yield site


def test_a_whole_turn_with_a_worker_ends_its_stream_once(sqlite_units: SqlUnits) -> None:
    with FakeWeComBot(clock=SystemClock()) as platform, running(sqlite_units, platform) as site:
        fields = platform.text("有什么政策？")
        first = platform.say(site.base, fields)
        assert first is not None
        assert platform.say(site.base, fields) is not None, "told again"
        seen = [first["stream"]["content"]]

        def finished() -> bool:
            answer = platform.say(site.base, platform.asked_again(first))
            assert answer is not None
            seen.append(answer["stream"]["content"])
            return bool(answer["stream"]["finish"])

        until(finished)
        assert seen[-1] == "echo: 有什么政策？"
        assert set(seen) <= {"正在查询…", "echo: 有什么政策？"}
        assert platform.posted == []
