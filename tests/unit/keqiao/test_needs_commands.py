"""`keqiao needs`: operators look at needs and move them; a wrong move is one clear line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.domain.errors import BadInputError, NotFoundError
from core.domain.needs import Need
from keqiao.bootstrap import open_site
from keqiao.cli.app import app
from tests.factories import LI, make_draft
from tests.fakes.clock import START


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the site lives."""
    return tmp_path / "var"


@pytest.fixture
def need(home: Path) -> Need:
    """A submitted need."""
    with open_site(home=home) as site, site.units() as unit:
        stored, _ = unit.needs.put("web:m1", LI, make_draft(), START)
        unit.commit()
    return stored


def run(home: Path, *args: str) -> Result:
    return CliRunner(env={"KEQIAO_HOME": str(home)}).invoke(app, ["needs", *args])


def test_needs_are_listed_and_one_is_shown_with_what_happened(home: Path, need: Need) -> None:
    listed = json.loads(run(home, "--json").stdout)
    assert (listed["number"], listed["status"]) == (need.number, "submitted")
    assert need.number in run(home).stdout

    run(home, "publish", need.number, "--note", "材料齐全", "--by", "王主任")
    shown = json.loads(run(home, "show", need.number, "--json").stdout)
    assert shown["status"] == "published"
    (event,) = shown["events"]
    assert (event["by"], event["note"], event["after"]) == ("王主任", "材料齐全", "published")
    told = run(home, "show", need.number).stdout
    assert "王主任" in told
    assert "注塑产品翘曲变形" in told


def test_a_need_goes_through_its_life_by_commands(home: Path, need: Need) -> None:
    for command, status in (
        ("publish", "published"),
        ("talks", "in_talks"),
        ("land", "landed"),
        ("land", "landed"),
    ):
        moved = run(home, command, need.number, "--json")
        assert json.loads(moved.stdout)["status"] == status
    with open_site(home=home) as site, site.units() as unit:
        assert len(unit.outbox.queued(LI)) == 3


def test_an_illegal_move_and_a_wrong_number_are_said(home: Path, need: Need) -> None:
    run(home, "close", need.number)
    refused = run(home, "publish", need.number).exception
    assert isinstance(refused, BadInputError)
    assert need.number in str(refused)
    assert "已结束" in str(refused)
    assert isinstance(run(home, "show", "KQ-2026-九").exception, BadInputError)
    assert isinstance(run(home, "show", "KQ-2026-000404").exception, NotFoundError)
