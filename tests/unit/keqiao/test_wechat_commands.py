"""`keqiao wechat` and what `keqiao doctor` says of the account."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.domain.conversations import Address
from core.domain.errors import BadInputError, KeqiaoError
from keqiao.bootstrap import open_site
from keqiao.cli.app import app
from keqiao.clock import SystemClock
from keqiao.doctor import examine
from tests.fakes.platforms.wechat import AES_KEY, APP_ID, FAN, SECRET, TOKEN, FakeWeChat

ACCOUNT = {"wechat_app_id": APP_ID, "wechat_token": TOKEN, "wechat_aes_key": AES_KEY}


@pytest.fixture
def platform() -> Iterator[FakeWeChat]:
    with FakeWeChat(clock=SystemClock()) as fake:
        yield fake


def run(home: Path, *args: str, **settings: str) -> Result:
    env = {f"KEQIAO_{name.upper()}": value for name, value in settings.items()}
    return CliRunner(env={"KEQIAO_HOME": str(home), **env}).invoke(app, ["wechat", *args])


def found(home: Path, **settings: str) -> tuple[str, str]:
    with open_site(home=home, **settings) as site:
        (finding,) = [one for one in examine(site) if one.part == "wechat"]
    return finding.health, finding.detail


def test_the_menu_of_a_file_is_set(tmp_path: Path, platform: FakeWeChat) -> None:
    file = tmp_path / "menu.yml"
    file.write_text("[{name: 查政策, says: 我要查政策}]", encoding="utf-8")
    account = {**ACCOUNT, "wechat_app_secret": SECRET, "wechat_api_base": platform.url}
    done = run(tmp_path / "var", "menu", str(file), "--json", **account)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["set"] is True
    entry = {"name": "查政策", "type": "click", "key": "我要查政策"}
    assert platform.sent == [{"button": [entry]}]
    platform.answers = [48001]
    assert isinstance(run(tmp_path / "var", "menu", str(file), **account).exception, KeqiaoError)


def test_a_menu_can_be_checked_without_an_account_and_not_set(tmp_path: Path) -> None:
    file = tmp_path / "menu.yml"
    file.write_text("[{name: 查政策, says: 我要查政策}]", encoding="utf-8")
    assert run(tmp_path / "var", "menu", str(file), "--check").exit_code == 0
    assert isinstance(run(tmp_path / "var", "menu", str(file)).exception, BadInputError)


def test_what_may_still_be_sent_to_a_person_is_told(tmp_path: Path, platform: FakeWeChat) -> None:
    home = tmp_path / "var"
    assert "等对方来信" in run(home, "allowances", FAN).stdout
    with open_site(home=home) as site:
        platform.write(site.units, Address(channel="wechat", user=FAN))
    assert "还可发 5 条" in run(home, "allowances", FAN).stdout
    assert json.loads(run(home, "allowances", FAN, "--json").stdout)["left"] == 5


def test_the_doctor_says_what_is_wrong_with_the_account(
    tmp_path: Path, platform: FakeWeChat
) -> None:
    home = tmp_path / "var"
    assert found(home) == ("ok", "未设置")
    assert "TOKEN" in found(home, wechat_app_id=APP_ID)[1]
    assert found(home, wechat_app_id=APP_ID, wechat_token=TOKEN)[0] == "warning"
    assert found(home, **{**ACCOUNT, "wechat_aes_key": "short"})[0] == "broken"
    assert "被动回复" in found(home, **ACCOUNT)[1]
    account = {**ACCOUNT, "wechat_api_base": platform.url}
    assert found(home, **account, wechat_app_secret=SECRET)[0] == "ok"
    wrong = found(home, **account, wechat_app_secret="wrong")  # noqa: S106 -- a wrong one
    assert wrong[0] == "broken", "a token kept with another secret is not used"
    assert "40125" in wrong[1]
