"""Whole turns with the Official Account's platform: in by its callbacks, out by its rules."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from channels.wechat.api.client import WeChatApi
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Button
from core.persistence import SqlUnits
from keqiao.clock import SystemClock
from tests.factories import make_reply
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.platforms.wechat import AES_KEY, APP_ID, FAN, SECRET, TOKEN, FakeWeChat
from tests.unit.channels.running import Site, make_settings, until

ASKED = make_reply(
    "要哪一个？",
    buttons=(
        Button(title="查政策", payload="我要查政策"),
        Button(title="登记", payload="登记需求"),
    ),
)


@contextmanager
def running(
    units: SqlUnits, platform: FakeWeChat, dialogue: FakeDialogue | None = None
) -> Iterator[Site]:
    settings = WeChatSettings(
        app_id=APP_ID,
        token=TOKEN,
        secret=SECRET,
        api_base=platform.url,
        aes_keys=(platform.aes_key,) if platform.aes_key else (),
    )
    site = Site(
        units=units,
        dialogue=dialogue or FakeDialogue(),
        settings=replace(make_settings(), wechat=settings),
    )
    sender = WeChatSender(WeChatApi(settings, units, site.clock), units, site.clock)
    with closing(sender), site.serving(), site.worker(sender):
        yield site


def test_a_message_in_is_answered_by_a_customer_service_message(sqlite_units: SqlUnits) -> None:
    with (
        FakeWeChat(clock=SystemClock(), aes_key=AES_KEY) as platform,
        running(sqlite_units, platform) as site,
    ):
        response = platform.say(site.base, platform.fields(Content="有什么政策？"))
        assert response is not None
        assert response.text == "success"
        until(lambda: platform.texts() == ["echo: 有什么政策？"])


def test_what_was_over_the_window_goes_out_at_the_persons_next_word(
    sqlite_units: SqlUnits,
) -> None:
    many = tuple(make_reply(f"第{number}条") for number in range(7))
    dialogue = FakeDialogue({"多": many})
    with (
        FakeWeChat(clock=SystemClock()) as platform,
        running(sqlite_units, platform, dialogue) as site,
    ):
        platform.say(site.base, platform.fields(Content="多"))
        until(lambda: len(platform.sent) == 5)
        platform.say(site.base, platform.fields(Content="好"))
        until(lambda: len(platform.sent) == 8)
        assert set(platform.texts()[5:]) == {"第5条", "第6条", "echo: 好"}


def test_a_choice_is_made_by_tapping_or_by_its_number(sqlite_units: SqlUnits) -> None:
    dialogue = FakeDialogue({"菜单": (ASKED,)})
    with (
        FakeWeChat(clock=SystemClock()) as platform,
        running(sqlite_units, platform, dialogue) as site,
    ):
        platform.say(site.base, platform.fields(Content="菜单"))
        until(lambda: len(platform.sent) == 1)
        entry = platform.sent[0]["msgmenu"]["list"][1]
        tapped = {"Content": entry["content"], "bizmsgmenuid": entry["id"]}
        platform.say(site.base, platform.fields(**tapped))
        until(lambda: platform.texts()[-1] == "echo: 登记需求")
        platform.say(site.base, platform.fields(Content="菜单"))
        until(lambda: len(platform.sent) == 3)
        platform.say(site.base, platform.fields(Content="1"))
        until(lambda: platform.texts()[-1] == "echo: 我要查政策")
        platform.say(site.base, platform.fields(Content="2"))
        until(lambda: platform.texts()[-1] == "echo: 2")


def test_nobody_taps_the_choices_of_somebody_else(sqlite_units: SqlUnits) -> None:
    other = "oZYXWVUTSRQPONMLKJIHGFEDCBA9"
    dialogue = FakeDialogue({"菜单": (ASKED,)})
    followers = {FAN, other}
    with (
        FakeWeChat(clock=SystemClock(), followers=followers) as platform,
        running(sqlite_units, platform, dialogue) as site,
    ):
        platform.say(site.base, platform.fields(Content="菜单"))
        until(lambda: len(platform.sent) == 1)
        entry = platform.sent[0]["msgmenu"]["list"][0]
        tapped = {"Content": "查", "bizmsgmenuid": entry["id"], "user": other}
        platform.say(site.base, platform.fields(**tapped))
        until(lambda: len(platform.sent) == 2)
        assert platform.texts()[-1] == "echo: 查"
