"""A site that talks to platforms over connections: beside the gateway, and only with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keqiao.bootstrap import Site
from keqiao.clock import SystemClock
from keqiao.doctor.findings import Health
from keqiao.doctor.platforms import of_channels, of_dingtalk
from keqiao.processes.gateway import gateway
from keqiao.processes.ports import free_port
from keqiao.settings import load_settings
from tests.fakes.platforms import dingtalk_events, feishu_connections
from tests.fakes.platforms.dingtalk import APP_KEY, FakeDingTalk
from tests.fakes.platforms.feishu import APP_ID, FakeFeishu
from tests.fakes.platforms.feishu_events import Pusher
from tests.unit.channels.running import until

SECRET = "app secret of the tests"  # noqa: S105 -- no real one


@pytest.fixture
def dingtalk() -> Iterator[FakeDingTalk]:
    with FakeDingTalk(SystemClock(), secret=SECRET) as made:
        yield made


@pytest.fixture
def feishu() -> Iterator[FakeFeishu]:
    with FakeFeishu(SystemClock(), secret=SECRET) as made:
        yield made


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Any]:
    made: list[Site] = []

    def make(**settings: Any) -> Site:
        made.append(Site(load_settings(home=tmp_path / "var", port=free_port(), **settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_what_is_said_over_connections_lies_in_the_inbox_and_they_end_with_the_gateway(
    sites: Any, dingtalk: FakeDingTalk, feishu: FakeFeishu
) -> None:
    with (
        dingtalk_events.taking_connections(dingtalk) as ours,
        feishu_connections.taking_connections(feishu) as others,
    ):
        site: Site = sites(
            dingtalk_app_key=APP_KEY,
            dingtalk_app_secret=SECRET,
            dingtalk_connection=True,
            dingtalk_api_base=dingtalk.url,
            dingtalk_oapi_base=dingtalk.url,
            feishu_app_id=APP_ID,
            feishu_app_secret=SECRET,
            feishu_connection=True,
            feishu_api_base=feishu.url,
        )
        with gateway(site):
            until(lambda: bool(ours.open and others.open), 60)
            said = dingtalk_events.Pusher(fake=dingtalk, secret=SECRET).said("钉钉来的")
            one = ours.push(said)
            pusher = Pusher(url="", clock=SystemClock(), encrypt_key="")
            other = others.push(pusher.said("飞书来的"))
            until(lambda: one in ours.acknowledged and other in others.acknowledged, 60)
        until(lambda: not ours.open and not others.open, 60)
        assert (ours.opened, others.opened) == (1, 1)
        with site.units() as unit:
            now, lease = site.clock.now(), dingtalk_events.SESSION_LASTS
            found = [unit.inbox.claim(now, lease)[0].message.text for _ in range(2)]
        assert sorted(found) == ["钉钉来的", "飞书来的"]
        assert {"dingtalk", "feishu"} <= {sender.channel for sender in site.senders}


def test_doctor_tells_how_the_robot_is_heard_and_what_is_missing(
    sites: Any, dingtalk: FakeDingTalk
) -> None:
    assert of_dingtalk(sites()).detail == "未设置"
    half = of_dingtalk(sites(dingtalk_app_key=APP_KEY))
    assert half.health is Health.WARNING
    assert "KEQIAO_DINGTALK_APP_SECRET" in half.detail
    both = {
        "dingtalk_app_key": APP_KEY,
        "dingtalk_app_secret": SECRET,
        "dingtalk_api_base": dingtalk.url,
    }
    assert "HTTP" in of_dingtalk(sites(**both)).detail
    assert "Stream" in of_dingtalk(sites(**both, dingtalk_connection=True)).detail


def test_doctor_knows_that_a_connection_needs_no_encrypt_key(sites: Any) -> None:
    app = {"feishu_app_id": APP_ID, "feishu_app_secret": SECRET}
    assert "KEQIAO_FEISHU_ENCRYPT_KEY" in of_channels(sites(**app)).detail
    assert "feishu" in of_channels(sites(**app, feishu_connection=True)).detail
