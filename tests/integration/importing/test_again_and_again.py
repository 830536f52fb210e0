"""The same table again, a newer one, one cut short: nothing twice, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.records import Library
from keqiao.bootstrap import open_site
from tests.integration.importing.tables import imported, stored, text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_a_second_run_changes_nothing_and_a_newer_table_what_differs(
    home: Path, tmp_path: Path
) -> None:
    rows = ("周启明,江南工程大学,注塑", "沈若兰,钱江研究院,改性塑料")
    path = text(tmp_path / "a.csv", "姓名,单位,研究方向", *rows)
    assert imported(home, "experts", path)[0]["stored"] == 2
    assert imported(home, "experts", path)[0]["unchanged"] == 2
    path = text(tmp_path / "a.csv", "姓名,单位,研究方向", rows[0], "沈若兰,钱江研究院,尼龙改性")
    said, _ = imported(home, "experts", path)
    assert (said["stored"], said["updated"], said["unchanged"]) == (0, 1, 1)
    assert said["rows"]["updated"] == "3"
    assert len(stored(home, Library.EXPERTS)) == 2


def test_names_that_differ_in_width_spaces_and_brackets_are_one(
    home: Path, tmp_path: Path
) -> None:
    first = text(tmp_path / "a.csv", "机构名称,单位", "甲（苏州）技术 转移中心,ＡＢＣ公司")
    second = text(tmp_path / "b.csv", "机构名称,单位", "甲(苏州)技术转移中心,abc公司")
    imported(home, "providers", first)
    assert imported(home, "providers", second)[0]["updated"] == 1
    assert len(stored(home, Library.PROVIDERS)) == 1


def test_a_number_that_comes_later_does_not_double_a_record(home: Path, tmp_path: Path) -> None:
    imported(home, "experts", text(tmp_path / "a.csv", "姓名,单位", "周启明,江南工程大学"))
    numbered = text(tmp_path / "b.csv", "编号,姓名,单位,职称", "Z1,周启明,江南工程大学,教授")
    assert imported(home, "experts", numbered)[0]["updated"] == 1
    assert imported(home, "experts", numbered)[0]["unchanged"] == 1
    (one,) = stored(home, Library.EXPERTS)
    assert one.details == {"rank": "教授"}


def test_rows_of_one_name_with_numbers_of_their_own_are_several_and_need_their_numbers(
    home: Path, tmp_path: Path
) -> None:
    head = "编号,活动名称,时间"
    path = text(tmp_path / "a.csv", head, "a,宣讲会,2026-12-03 9:00", "b,宣讲会,2026-12-04 9:00")
    assert imported(home, "events", path)[0]["stored"] == 2
    bare = text(tmp_path / "b.csv", "活动名称,时间", "宣讲会,2026-12-05 9:00")
    said, _ = imported(home, "events", bare)
    assert "编号 a、b" in said["refused"][0]["reason"]
    assert len(stored(home, Library.EVENTS)) == 2


def test_what_a_table_has_no_column_for_stays(home: Path, tmp_path: Path) -> None:
    head = "姓名,单位,研究方向,手机,同意对接"
    imported(
        home, "experts", text(tmp_path / "a.csv", head, "周启明,某大学,注塑,13900001234,不同意")
    )
    imported(home, "experts", text(tmp_path / "b.csv", "姓名,单位,职称", "周启明,某大学,教授"))
    (one,) = stored(home, Library.EXPERTS)
    assert (one.summary, one.private, one.details) == (
        "注塑",
        {"phone": "13900001234"},
        {"rank": "教授"},
    )
    assert one.conditions.consent is False


def test_what_an_operator_wrote_stays(home: Path, tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "姓名,单位,研究方向,职称", "周启明,某大学,注塑,讲师")
    imported(home, "experts", path)
    with open_site(home=home) as site, site.units() as unit:
        (one,) = unit.records.list([Library.EXPERTS])
        edited = replace(
            one, summary="注塑与模具", details={"rank": "教授"}, edited=("summary", "details.rank")
        )
        unit.records.put(edited)
        unit.commit()
    text(path, "姓名,单位,研究方向,职称,级别", "周启明,某大学,塑料,副教授,省级")
    assert imported(home, "experts", path)[0]["updated"] == 1
    (one,) = stored(home, Library.EXPERTS)
    assert (one.summary, one.details) == ("注塑与模具", {"rank": "教授", "level": "省级"})


def test_only_checking_writes_nothing(home: Path, tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "姓名,单位", "周启明,某大学", ",某大学")
    said, refusal = imported(home, "experts", path, "--check")
    assert (said["stored"], said["valid"], said["refused_count"]) == (0, 1, 1)
    assert "1 行未导入" in refusal
    assert not home.exists()


def test_what_a_kill_left_the_next_run_finishes_and_nothing_is_there_twice(
    home: Path, tmp_path: Path
) -> None:
    rows = [f"专家{n},某大学{n},研究第{n}号课题" for n in range(12_000)]
    path = text(tmp_path / "many.csv", "姓名,单位,研究方向", *rows)
    env = {**os.environ, "KEQIAO_HOME": str(home)}  # noqa: TID251 -- a child process
    child = subprocess.Popen(
        [sys.executable, "-m", "keqiao", "import", "experts", str(path)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while child.poll() is None and time.monotonic() < deadline and count(home) == 0:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    before = count(home)
    assert 0 < before < 12_000
    said, refusal = imported(home, "experts", path)
    assert not refusal
    assert said["stored"] == 12_000 - before
    assert said["unchanged"] == before
    assert count(home) == 12_000
    with open_site(home=home) as site:
        for number in (0, 999, 11_999):
            (found, *_) = site.knowledge.recall(f"专家{number}研究第{number}号课题", limit=1)
            with site.units() as unit:
                assert unit.records.get(found.record_id).title == f"专家{number}"


def count(home: Path) -> int:
    """Records that are committed."""
    if not (home / "keqiao.db").exists():
        return 0
    with open_site(home=home) as site, site.units() as unit:
        return unit.records.count()
