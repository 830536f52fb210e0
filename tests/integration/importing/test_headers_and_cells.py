"""Tables as operators have them: titles above, headers of two lines, merged cells, odd values."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.domain.records import Library
from tests.integration.importing.tables import imported, stored, text, workbook


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_a_title_above_and_a_header_of_two_lines_are_read(home: Path, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["2026年度专家库一览表", None, None, None, None],
            ["序号", "专家姓名", "工作单位", "联系方式", None],
            [None, None, None, "手机", "邮箱"],
            [1, "周启明", "江南工程大学", 1.3900001234e10, "zhou@example.org"],
            [2, "沈若兰", "钱江研究院", "139 0000 5678", None],
        ],
        "A1:E1",
        "A2:A3",
        "B2:B3",
        "C2:C3",
        "D2:E2",
    )
    said, _ = imported(home, "experts", path)
    assert (said["stored"], said["refused"]) == (2, [])
    assert said["rows"]["stored"] == "4-5"
    first, second = stored(home, Library.EXPERTS)
    assert (first.title, first.organisation, first.external_id) == ("周启明", "江南工程大学", "1")
    assert first.private == {"phone": "13900001234", "email": "zhou@example.org"}
    assert second.private["phone"] == "139 0000 5678"


def test_groups_of_columns_may_stand_above_the_header(home: Path, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["基本情况", None, "服务", None],
            ["团队名称", "依托单位", "服务领域", "服务区域"],
            ["材料服务团", "省新材料学会", "新材料", "江苏"],
        ],
        "A1:B1",
        "C1:D1",
    )
    imported(home, "科技服务团", path)
    (team,) = stored(home, Library.TEAMS)
    assert (team.organisation, team.industries, team.region) == (
        "省新材料学会",
        ("新材料",),
        "江苏",
    )


def test_cells_merged_downwards_hold_for_every_row_and_headings_between_are_skipped(
    home: Path, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["姓名", "单位", "领域"],
            ["一、新材料组", None, None],
            ["周启明", "江南工程大学", "新材料"],
            ["沈若兰", None, "新材料"],
            ["二、装备组", None, None],
            ["贺云深", "山城研究院", "新能源"],
        ],
        "A2:C2",
        "B3:B4",
        "A5:C5",
    )
    said, _ = imported(home, "experts", path)
    assert (said["stored"], said["skipped"], said["rows"]["skipped"]) == (3, 2, "2,5")
    assert {one.title: one.organisation for one in stored(home, Library.EXPERTS)} == {
        "周启明": "江南工程大学",
        "沈若兰": "江南工程大学",
        "贺云深": "山城研究院",
    }


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (46082, date(2026, 3, 1)),
        ("46082", date(2026, 3, 1)),
        ("2026.3.1", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("2026年3月", date(2026, 3, 31)),
        ("2026-03", date(2026, 3, 31)),
        (datetime(2026, 3, 1), date(2026, 3, 1)),  # noqa: DTZ001 -- a cell has no zone
        ("长期有效", None),
    ],
)
def test_days_are_read_as_spreadsheets_hold_them(
    home: Path, tmp_path: Path, cell: object, day: date | None
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名称", "有效期至"], ["一种涂层", cell]])
    _, refusal = imported(home, "projects", path)
    assert not refusal
    assert stored(home, Library.PROJECTS)[0].valid_until == day


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("26/3/1", "年份写成四位"),
        ("3月1日", "没有写年份"),
        (datetime(1900, 1, 1), "1900"),  # noqa: DTZ001 -- a cell has no zone
        (0, "可识别"),
        ("下周", "可识别"),
        ("2026-02-30", "不是有效日期"),
    ],
)
def test_days_that_may_be_several_or_none_refuse_the_row(
    home: Path, tmp_path: Path, cell: object, why: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["名称", "有效期至"], ["一种涂层", cell]])
    said, refusal = imported(home, "projects", path)
    assert why in said["refused"][0]["reason"]
    assert "1 行未导入" in refusal
    assert stored(home, Library.PROJECTS) == []


def test_a_deadline_in_a_cell_for_days_holds_until_its_end(home: Path, tmp_path: Path) -> None:
    closes = datetime(2026, 12, 1)  # noqa: DTZ001 -- a cell has no zone
    path = workbook(tmp_path / "a.xlsx", [["榜单名称", "申报截止日期"], ["揭榜一", closes]])
    imported(home, "calls", path)
    assert stored(home, Library.CALLS)[0].closes_at == datetime(2026, 12, 1, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "sums"),
    [
        ("50万", (500_000, 500_000)),
        ("30-50万", (300_000, 500_000)),
        ("30万至50万元", (300_000, 500_000)),
        ("面议", (None, None)),
        ("不超过100万元", (None, 1_000_000)),
        ("80万以上", (800_000, None)),
        (200_000, (200_000, 200_000)),
        ("1,000,000元", (1_000_000, 1_000_000)),
    ],
)
def test_sums_are_read_as_people_write_them(
    home: Path, tmp_path: Path, cell: object, sums: tuple[int | None, int | None]
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["机构名称", "预算范围"], ["甲所", cell]])
    _, refusal = imported(home, "providers", path)
    assert not refusal
    conditions = stored(home, Library.PROVIDERS)[0].conditions
    assert (conditions.budget_min, conditions.budget_max) == sums


def test_a_phone_that_lost_its_digits_refuses_the_row(home: Path, tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "姓名,手机", "周启明,1.39E+10", "沈若兰,1.3900001234E10")
    said, _ = imported(home, "experts", path)
    assert "丢失" in said["refused"][0]["reason"]
    assert stored(home, Library.EXPERTS)[0].private == {"phone": "13900001234"}


def test_a_formula_counts_by_its_saved_value_and_without_one_refuses_its_row(
    home: Path, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["姓名", "单位"], ["周启明", '=CONCATENATE("江南","大学")'], ["沈若兰", "钱江研究院"]],
    )
    said, _ = imported(home, "experts", path)
    assert said["refused"][0]["row"] == 2
    assert "B2 是公式" in said["refused"][0]["reason"]
    assert [one.title for one in stored(home, Library.EXPERTS)] == ["沈若兰"]


def test_a_cell_that_shows_an_error_refuses_its_row(home: Path, tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "姓名,单位", "周启明,#REF!")
    said, _ = imported(home, "experts", path)
    assert "#REF!" in said["refused"][0]["reason"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_encodings_and_separators_of_office_programs_are_read(
    home: Path, tmp_path: Path, encoding: str, mark: str
) -> None:
    path = text(tmp_path / "a.csv", f"姓名{mark}单位", f"喆{mark}某所", encoding=encoding)
    imported(home, "experts", path)
    (one,) = stored(home, Library.EXPERTS)
    assert (one.title, one.organisation) == ("喆", "某所")
