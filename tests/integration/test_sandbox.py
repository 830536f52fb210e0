"""`keqiao sandbox`: every platform can be tried on one machine, by the settings it names."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.domain.errors import BadInputError
from core.persistence import SqlUnits
from keqiao.cli.app import app
from keqiao.clock import SystemClock
from keqiao.doors import dingtalk, feishu, wechat, wecom
from keqiao.settings import load_settings
from tests.fakes.platforms.sandbox import SANDBOXES
from tests.unit.channels.running import Site, make_settings

DOORS = {"dingtalk": dingtalk, "feishu": feishu, "wechat": wechat, "wecom": wecom}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def site_of(platform: str, given: dict[str, str], units: SqlUnits, home: Path) -> Iterator[Site]:
    """A site with the settings that a sandbox names."""
    settings = load_settings(home=home, **given)
    door = DOORS[platform]
    of = door.account_of if platform == "wechat" else door.app_of
    site = Site(units=units, settings=replace(make_settings(), **{platform: of(settings)}))
    senders = list(door.senders(settings, units, SystemClock()))
    with site.serving(), site.worker(*senders):
        yield site
    for one in senders:
        one.close()


@pytest.mark.parametrize("platform", sorted(SANDBOXES))
def test_what_is_said_is_answered(platform: str, sqlite_units: SqlUnits, tmp_path: Path) -> None:
    port = free_port()
    with SANDBOXES[platform]("http://127.0.0.1:9", port) as opened:
        given = dict(opened.settings)
        assert opened.read() == []
    with site_of(platform, given, sqlite_units, tmp_path) as site:
        command = ["sandbox", platform, "--site", site.base, "--port", str(port)]
        done = CliRunner().invoke(app, command, input="有什么政策？\n\n")
    assert done.exit_code == 0, done.output
    assert "← echo: 有什么政策？" in done.stdout
    assert all(f"{name} = " in done.stdout for name in given)


def test_a_platform_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(app, ["sandbox", "irc"])
    assert isinstance(done.exception, BadInputError)
    assert "wechat" in str(done.exception)


def test_a_site_that_does_not_answer_is_said() -> None:
    command = ["sandbox", "feishu", "--site", "http://127.0.0.1:9", "--port", "0"]
    done = CliRunner().invoke(app, command, input="你好\n")
    assert "没有收下" in done.stderr
