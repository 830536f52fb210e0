"""Whole turns with WeCom's app: in by its callbacks, out by its messages and cards."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from channels.wecom.sender import WeComSender
from channels.wecom.settings import WeComSettings
from core.domain.conversations import Button
from core.persistence import SqlUnits
from keqiao.clock import SystemClock
from tests.factories import make_reply
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.platforms.wecom import AES_KEY, AGENT, CORP, SECRET, TOKEN, FakeWeComApp
from tests.unit.channels.running import Site, make_settings, until

MATCH = make_reply(
    "有一个项目可能适合您。",
    buttons=(
        Button(title="查看", payload="看看这个项目"),
        Button(title="不感兴趣", payload="不感兴趣"),
    ),
)


@contextmanager
def running(
    units: SqlUnits, platform: FakeWeComApp, dialogue: FakeDialogue | None = None
) -> Iterator[Site]:
    settings = WeComSettings(
        corp_id=CORP,
        agent_id=AGENT,
        secret=SECRET,
        token=TOKEN,
        aes_keys=(AES_KEY,),
        api_base=platform.url,
    )
    site = Site(
        units=units,
        dialogue=dialogue or FakeDialogue(),
        settings=replace(make_settings(), wecom=settings),
    )
    sender = WeComSender(settings, units, site.clock)
    with closing(sender), site.serving(), site.worker(sender):
        yield site


def test_a_message_in_is_acknowledged_empty_and_answered_by_an_app_message(
    sqlite_units: SqlUnits,
) -> None:
    with FakeWeComApp(clock=SystemClock()) as platform, running(sqlite_units, platform) as site:
        response = platform.say(site.base, platform.fields(Content="有什么政策？"))
        assert response is not None
        assert (response.status_code, response.content) == (200, b"")
        until(lambda: platform.texts() == ["echo: 有什么政策？"])


def test_a_card_is_pressed_and_pressed_again(sqlite_units: SqlUnits) -> None:
    dialogue = FakeDialogue({"匹配": (MATCH,)})
    with (
        FakeWeComApp(clock=SystemClock()) as platform,
        running(sqlite_units, platform, dialogue) as site,
    ):
        platform.say(site.base, platform.fields(Content="匹配"))
        until(lambda: len(platform.seen) == 1)
        card = platform.seen[0]["template_card"]
        platform.say(site.base, platform.press(card, 1))
        until(lambda: platform.texts()[-1] == "echo: 看看这个项目")
        until(lambda: len(platform.updates) == 1)
        assert platform.updates[0]["button"] == {"replace_name": "已选：查看"}
        platform.say(site.base, platform.press(card, 1))
        platform.say(site.base, platform.press(card, 2))
        until(lambda: "已经选过" in platform.texts()[-1])
        assert len(platform.updates) == 1
        assert len(platform.seen) == 3


def test_a_callback_told_again_is_answered_once(sqlite_units: SqlUnits) -> None:
    with FakeWeComApp(clock=SystemClock()) as platform, running(sqlite_units, platform) as site:
        fields = platform.fields(Content="一次")
        for _ in range(4):
            platform.say(site.base, fields)
        platform.say(site.base, platform.fields(Content="完"))
        until(lambda: platform.texts()[-1:] == ["echo: 完"])
        assert platform.texts() == ["echo: 一次", "echo: 完"]
