"""A site with WeCom in its settings: what the doctor finds, and a robot on a long connection."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import OutboundMessage
from keqiao.bootstrap import open_site
from keqiao.clock import SystemClock
from keqiao.doctor import examine
from keqiao.processes.speaking import speaking
from tests.factories import make_reply
from tests.fakes.platforms.wecom import AES_KEY, AGENT, CORP, SECRET, TOKEN, FakeWeComApp
from tests.fakes.platforms.wecom_line import BOT_ID, MEMBER, FakeWeComLine
from tests.fakes.platforms.wecom_line import SECRET as BOT_SECRET
from tests.unit.channels.running import until

APP = {
    "wecom_corp_id": CORP,
    "wecom_agent_id": str(AGENT),
    "wecom_secret": SECRET,
    "wecom_token": TOKEN,
    "wecom_aes_key": AES_KEY,
}
ROBOT = {"wecom_bot_id": BOT_ID, "wecom_bot_secret": BOT_SECRET}


@pytest.fixture
def platform() -> Iterator[FakeWeComApp]:
    with FakeWeComApp(clock=SystemClock()) as fake:
        yield fake


def found(home: Path, **settings: str) -> tuple[str, str]:
    with open_site(home=home, **settings) as site:
        (finding,) = [one for one in examine(site) if one.part == "wecom"]
    return finding.health, finding.detail


def test_the_doctor_says_what_is_wrong_with_the_app(
    tmp_path: Path, platform: FakeWeComApp
) -> None:
    home, app = tmp_path / "var", {**APP, "wecom_api_base": platform.url}
    assert found(home) == ("ok", "未设置")
    without = {name: value for name, value in app.items() if name != "wecom_token"}
    assert "KEQIAO_WECOM_TOKEN" in found(home, **without)[1]
    assert found(home, **{**app, "wecom_aes_key": "short"})[0] == "broken"
    assert found(home, **app)[0] == "ok"
    wrong = found(home, **{**app, "wecom_secret": "wrong"})
    assert wrong[0] == "broken", "a token kept with another secret is not used"
    assert "40001" in wrong[1]


def test_the_doctor_says_how_the_smart_robot_is_reached(tmp_path: Path) -> None:
    home = tmp_path / "var"
    assert found(home, wecom_bot_token=TOKEN)[0] == "warning"
    assert found(home, wecom_bot_id=BOT_ID)[0] == "warning"
    called = {"wecom_bot_token": TOKEN, "wecom_bot_aes_key": AES_KEY}
    assert found(home, **called) == ("ok", "智能机器人")
    assert found(home, **called, **ROBOT) == ("ok", "智能机器人（长连接）")
    assert found(home, **{**called, "wecom_bot_aes_key": "short"})[0] == "broken"


def test_a_site_holds_the_robots_connection_and_sends_over_it(tmp_path: Path) -> None:
    with (
        FakeWeComLine(clock=SystemClock()) as platform,
        open_site(home=tmp_path / "var", wecom_bot_url=platform.url, **ROBOT) as site,
        ExitStack() as stack,
    ):
        assert "wecom-bot" not in [sender.channel for sender in site.senders]
        connections = site.connections()
        for one in connections:
            stack.enter_context(one)
        stack.enter_context(speaking(site, connections))
        until(lambda: platform.connected)
        platform.say("你好")
        until(lambda: platform.seen() == ["正在查询…"])
        push = OutboundMessage(
            key="push:1",
            address=Address(channel="wecom-bot", user=MEMBER),
            reply=make_reply("提醒"),
        )
        with site.units() as unit:
            unit.outbox.put(push, site.clock.now())
            unit.commit()
        until(lambda: [one["markdown"]["content"] for one in platform.pushes] == ["提醒"])
