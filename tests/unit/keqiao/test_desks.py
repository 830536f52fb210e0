"""The file of the desks and the tokens of liaisons: right, or said what is wrong."""

import json
import stat
from datetime import date, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.domain.conversations import Address
from core.domain.desks import DeskKind
from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.domain.handoffs import Liaison
from keqiao.backup import back_up, restore
from keqiao.bootstrap import Site
from keqiao.cli.app import app
from keqiao.desks.file import load_desks
from keqiao.desks.office import make_opening
from keqiao.desks.tokens import digest, make_token, tokens
from keqiao.doctor import Finding, Health, examine
from keqiao.settings import Settings
from tests.factories import LI

WHOLE = """
desks:
  - name: 常州企业联络台
    kind: 企业
    region: 江苏常州
    told: wecom-robot:default
    hours:
      days: 一二三四五
      times: [14:00-17:30, 09:00-12:00]
      closed: [2026-10-01]
  - name: 综合联络台
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "desks.yml").write_text(text, "utf-8")


def test_a_whole_file_is_read(home: Path) -> None:
    write(home, WHOLE)
    first, second = load_desks(home, tokens=False).all
    assert (first.name, first.kind) == ("常州企业联络台", DeskKind.ENTERPRISE)
    assert first.region is not None
    assert first.region.name == "江苏省常州市"
    assert first.told == Address(channel="wecom-robot", user="default")
    assert first.hours is not None
    assert first.hours.days == {1, 2, 3, 4, 5}
    assert first.hours.spans == ((time(9), time(12)), (time(14), time(17, 30)))
    assert first.hours.closed == {date(2026, 10, 1)}
    assert (second.kind, second.region, second.told, second.hours) == (None, None, None, None)
    assert second.attended


def test_without_a_file_there_is_one_desk_that_tokens_attend(home: Path) -> None:
    (desk,) = load_desks(home, tokens=False).all
    assert (desk.kind, desk.region, desk.attended) == (None, None, False)
    assert load_desks(home, tokens=True).all[0].attended


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("desks: [", "YAML"),
        ("", "desks.yml"),
        ("desks: []", "desks"),
        ("desks: [{kind: 企业}]", "name"),
        ("desks: [{name: 甲, kind: 工厂}]", "kind"),
        ("desks: [{name: 甲, colour: 红}]", "colour"),
        ("desks: [{name: 甲}, {name: 甲}]", "同名"),
        ("desks: [{name: 甲, region: 火星}]", "火星"),
        ("desks: [{name: 甲, told: 张三}]", "told"),
        ("desks: [{name: 甲, hours: {days: 工作日, times: [09:00-12:00]}}]", "days"),
        ("desks: [{name: 甲, hours: {days: 一, times: []}}]", "times"),
        ("desks: [{name: 甲, hours: {days: 一, times: [09:00]}}]", "09:00"),
        ("desks: [{name: 甲, hours: {days: 一, times: [22:00-02:00]}}]", "22:00-02:00"),
        ("desks: [{name: 甲, hours: {days: 一, times: [09:00-12:00, 11:00-13:00]}}]", "重叠"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(home: Path, text: str, said: str) -> None:
    write(home, text)
    with pytest.raises(BadInputError) as caught:
        load_desks(home, tokens=False)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def of_desks(home: Path) -> Finding:
    site = Site(Settings(home=home))
    return next(found for found in examine(site) if found.part == "desks")


def test_doctor_looks_at_the_desks(home: Path) -> None:
    assert of_desks(home).health is Health.OK
    write(home, WHOLE)
    found = of_desks(home)
    assert (found.health, "常州企业联络台" in found.detail) == (Health.WARNING, True)
    write(home, "desks: [{name: 甲, kind: 学会}]")
    assert "兜底" in of_desks(home).detail
    write(home, "desks: 甲")
    assert of_desks(home).health is Health.BROKEN


def test_a_token_is_kept_as_a_digest_its_owner_alone_can_read(home: Path) -> None:
    token = make_token(home, "anna", frozenset({"综合联络台"}))
    (kept,) = tokens(home)
    assert kept.liaison == Liaison(name="anna", desks=frozenset({"综合联络台"}))
    assert kept.sha256 == digest(token)
    path = home / "secrets" / "liaisons" / "anna.json"
    assert token not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept.sha256 not in repr(kept)
    with pytest.raises(ConflictError):
        make_token(home, "anna", None)
    path.unlink()
    assert tokens(home) == ()


@pytest.mark.parametrize("name", ["", "../up", "a b", "名" * 41])
def test_a_name_that_is_no_name_gets_no_token(home: Path, name: str) -> None:
    with pytest.raises(BadInputError):
        make_token(home, name, None)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"sha256": "x"}), '{"desks": 5}'])
def test_a_file_that_cannot_be_read_opens_nothing(home: Path, text: str) -> None:
    make_token(home, "anna", None)
    (home / "secrets" / "liaisons" / "broken.json").write_text(text, "utf-8")
    assert [one.liaison.name for one in tokens(home)] == ["anna"]


def test_a_backup_brings_desks_and_tokens_back(home: Path, tmp_path: Path) -> None:
    write(home, WHOLE)
    make_token(home, "anna", None)
    with Site(Settings(home=home)).units():
        pass
    back_up(Settings(home=home), tmp_path / "kept.tar.gz")
    elsewhere = tmp_path / "elsewhere"
    restore(Settings(home=elsewhere), tmp_path / "kept.tar.gz")
    assert load_desks(elsewhere, tokens=False) == load_desks(home, tokens=False)
    assert tokens(elsewhere) == tokens(home)


def run(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["handoffs", *arguments], env={"KEQIAO_HOME": str(home)})
    return done.exit_code, done.output


def test_operators_see_and_answer_on_the_command_line(home: Path) -> None:
    site = Site(Settings(home=home))
    make_opening(site.office)("转人工，专利的事", address=LI, message_id="1")
    site.close()
    code, listed = run(home, "list")
    assert (code, "在排队" in listed, "专利的事" in listed) == (0, True, True)
    assert run(home, "take", "1", "--by", "值班")[0] == 0
    assert run(home, "reply", "1", "您好", "--by", "值班")[0] == 0
    code, shown = run(home, "show", "1")
    assert [word in shown for word in ("已接手（值班）", "回复  值班  您好", "身份：")] == [
        True
    ] * 3
    assert "taken" in run(home, "list", "--state", "taken", "--json")[1]
    assert run(home, "return", "1")[0] == 0
    assert run(home, "list")[1] == ""


def test_what_cannot_be_done_on_the_command_line_is_said(home: Path) -> None:
    with pytest.raises(NotFoundError):
        CliRunner().invoke(
            app, ["handoffs", "take", "7"], env={"KEQIAO_HOME": str(home)}, catch_exceptions=False
        )
    assert run(home, "token", "anna", "--desk", "没有的台")[0] == 1
    code, token = run(home, "token", "anna")
    assert (code, len(token.strip())) == (0, 43)
