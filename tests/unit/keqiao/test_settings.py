"""Settings, logs and secrets."""

import logging
import stat
from pathlib import Path

import pytest

from core.domain.errors import BadInputError
from keqiao.backup import back_up
from keqiao.bootstrap import Site
from keqiao.logs import MaskingFormatter, mask
from keqiao.secrets import secret
from keqiao.settings import load_settings


def test_a_bad_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KEQIAO_PORT", "hunter2")
    with pytest.raises(BadInputError, match="KEQIAO_PORT") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_variables_win_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keqiao.toml").write_text('port = 9001\nhost = "0.0.0.0"\n', "utf-8")
    monkeypatch.setenv("KEQIAO_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")  # noqa: S104 -- only read


def test_an_unknown_name_in_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keqiao.toml").write_text("prot = 9001\n", "utf-8")
    with pytest.raises(BadInputError, match="PROT"):
        load_settings()


def test_a_broken_file_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keqiao.toml").write_text("port = \n", "utf-8")
    with pytest.raises(BadInputError, match=r"keqiao\.toml"):
        load_settings()


def test_a_log_level_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEQIAO_LOG_LEVEL", "verbose")
    with pytest.raises(BadInputError, match="KEQIAO_LOG_LEVEL"):
        load_settings()


def test_what_people_said_is_readable_by_the_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "var"
    site = Site(load_settings(home=home))
    with site.units():
        pass
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    archive = tmp_path / "backup.tar.gz"
    back_up(site.settings, archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_secrets_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    first = secret(tmp_path, "visitor")
    assert secret(tmp_path, "visitor") == first
    assert secret(tmp_path, "other") != first
    assert stat.S_IMODE((tmp_path / "secrets" / "visitor").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("电话 13800001234 已记录", "13800001234"),
        ("电话 138 0000 1234", "0000"),
        ("座机 025-83319802", "83319802"),
        ("邮箱 zhang.san@example.org", "zhang.san"),
        ("POST https://x.example/send?key=abcdef-123", "abcdef-123"),
        ("postgresql://keqiao:pa55@db/keqiao", "pa55"),
    ],
)
def test_personal_data_and_secrets_are_masked(text: str, hidden: str) -> None:
    assert hidden not in mask(text)


def test_the_whole_log_line_is_masked_with_its_arguments() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "call %s", ("13800001234",), None)
    assert "13800001234" not in MaskingFormatter("%(message)s").format(record)
