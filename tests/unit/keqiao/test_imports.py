"""Tables into records."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from openpyxl import Workbook

from core.domain.arrivals import Arrival, Outcome, Stored
from core.domain.errors import BadRowError, UnreadableFileError
from core.domain.records import Conditions, Library, Record, RecordId
from core.services.libraries.bringing import Past, Unclear
from keqiao.imports.files import ImportReport, import_file
from keqiao.imports.rows import record_of
from keqiao.imports.tables import Row
from keqiao.imports.values import instant_of, list_of

CSV = (
    "活动名称,开始时间,地点,类型,主办单位,报名截止\n"
    "注塑工艺路演,2026-12-03 14:00,云溪市,路演,省科协,2026-12-01\n"
    "没有时间的活动,,云溪市,路演,省科协,\n"
    ",2026-12-05 09:00,云溪市,培训,省科协,\n"
    "时间写错的活动,下周吧,云溪市,培训,省科协,\n"
    "晚到的活动,2026年12月9日 下午2点30分,云溪市,培训,省科协,\n"
)


def run(path: Path, library: Library = Library.EVENTS) -> tuple[ImportReport, list[Record]]:
    stored: list[Record] = []

    def bring(arrivals: Sequence[Arrival], _taken: set[RecordId]) -> list[Stored | Unclear | Past]:
        stored.extend(one.record for one in arrivals)
        return [Stored(record=one.record, outcome=Outcome.NEW) for one in arrivals]

    return import_file(path, library, bring=bring), stored


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_good_rows_are_stored_and_bad_rows_are_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(CSV.encode(encoding))
    report, stored = run(path)
    assert [refused.row for refused in report.refused] == [3, 4, 5]
    assert "开始时间" in report.refused[0].reason or "starts_at" in report.refused[0].reason
    assert [record.title for record in stored] == ["注塑工艺路演", "晚到的活动"]


def test_times_without_a_zone_are_shanghai_times(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(CSV, "utf-8")
    _, stored = run(path)
    assert stored[0].starts_at == datetime(2026, 12, 3, 6, 0, tzinfo=UTC)
    assert stored[0].closes_at == datetime(2026, 12, 1, 15, 59, tzinfo=UTC)
    assert stored[1].starts_at == datetime(2026, 12, 9, 6, 30, tzinfo=UTC)


def test_a_workbook_with_real_dates_reads_like_a_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["title", "starts_at", "place", "主讲人"])
    sheet.append(["新材料论坛", datetime(2026, 12, 3, 14), "线上", "李教授"])  # noqa: DTZ001 -- a cell has no zone
    path = tmp_path / "events.xlsx"
    book.save(path)
    report, stored = run(path)
    assert not report.refused
    assert stored[0].starts_at == datetime(2026, 12, 3, 6, 0, tzinfo=UTC)
    assert stored[0].details == {"place": "线上", "主讲人": "李教授"}


def test_json_lines_may_hold_lists(tmp_path: Path) -> None:
    path = tmp_path / "experts.jsonl"
    path.write_text(
        '{"姓名": "王工", "领域": ["新材料", "高端装备制造"], "单位": "某大学"}\n', "utf-8"
    )
    _, stored = run(path, Library.EXPERTS)
    assert stored[0].industries == ("新材料", "高端装备制造")


def test_a_second_row_of_the_same_name_is_refused_and_names_the_first(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    rows = [f"政策宣讲会,2026-12-0{day} 14:00,省科协" for day in (3, 4)]
    path.write_text("\n".join(["名称,时间,主办单位", *rows]), "utf-8")
    report, stored = run(path)
    assert [record.starts_at for record in stored] == [datetime(2026, 12, 3, 6, tzinfo=UTC)]
    assert report.refused[0].row == 3
    assert "第 2 行" in report.refused[0].reason


def test_a_region_that_restricts_nothing_is_no_region(tmp_path: Path) -> None:
    path = tmp_path / "experts.csv"
    path.write_text("姓名,地区\n王工,全国\n李工,江苏\n", "utf-8")
    _, stored = run(path, Library.EXPERTS)
    assert [record.region for record in stored] == [None, "江苏"]


def test_the_same_title_and_organisation_is_the_same_record(tmp_path: Path) -> None:
    path = tmp_path / "experts.jsonl"
    path.write_text('{"title": "王工", "org": "某大学"}\n', "utf-8")
    _, first = run(path, Library.EXPERTS)
    _, second = run(path, Library.EXPERTS)
    assert first[0].id == second[0].id


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", b"x"),
        ("broken.xlsx", b"PK not a workbook"),
        ("broken.jsonl", b'{"title": '),
        ("list.jsonl", b"[1]"),
        ("deep.jsonl", b"[" * 100_000),
        ("wide.csv", b"title\n" + b"x" * 200_000),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=name):
        run(path)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-12-03T14:00:00+08:00", "2026-12-03T06:00:00+00:00"),
        ("2026-12-03T14:00:00Z", "2026-12-03T14:00:00+00:00"),
        ("2026-12-03T06:00:00.123456+00:00", "2026-12-03T06:00:00+00:00"),
        ("2026/12/3 9:05", "2026-12-03T01:05:00+00:00"),
        ("2026.12.3", "2026-12-02T16:00:00+00:00"),
        ("2026年12月3日（星期四）下午2点", "2026-12-03T06:00:00+00:00"),
        ("2026年12月3日14时30分", "2026-12-03T06:30:00+00:00"),
        ("2026-12-03 14:00-16:00", "2026-12-03T06:00:00+00:00"),
        ("2026-12-03 9:00-11:30", "2026-12-03T01:00:00+00:00"),
        ("2026年12月3日 14:00至2026年12月4日 17:00", "2026-12-03T06:00:00+00:00"),
        ("2026年12月3日 周四 9点至11点半", "2026-12-03T01:00:00+00:00"),
        ("2026-12-03T14:00-05:00", "2026-12-03T19:00:00+00:00"),
        ("2026-12-03 14:00 +08:00", "2026-12-03T06:00:00+00:00"),
        ("2026年12月3日下午2点半", "2026-12-03T06:30:00+00:00"),
        ("2026年12月3日晚上12点", "2026-12-03T16:00:00+00:00"),
        ("2026年12月3日中午12点", "2026-12-03T04:00:00+00:00"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, iso: str) -> None:
    at = instant_of(text, column="时间")
    assert at is not None
    assert at.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    ["下周", "2026-13-01", "2026-02-30", "2026-12-03 25:00", "2026-12-03 或改期", "0001-01-01"],
)
def test_what_is_no_date_is_refused_with_the_column(text: str) -> None:
    with pytest.raises(BadRowError, match="时间"):
        instant_of(text, column="时间")


def test_lists_split_at_any_usual_mark() -> None:
    assert list_of("新材料、生物；新能源,新材料") == ("新材料", "生物", "新能源")


def conditions(**cells: object) -> Conditions:
    row: dict[str, object] = {"姓名": "周启明", **cells}
    return record_of(cast("Row", row), library=Library.EXPERTS, source="t").conditions


def test_conditions_are_read_as_people_write_them() -> None:
    assert conditions() == Conditions()
    assert conditions(
        同意对接="是",
        最低预算="20万元",
        最高预算="1,000,000",
        接受行业="注塑、锂电池",
        技术成熟度="TRL 7级",
        交付周期="3个月",
    ) == Conditions(
        consent=True,
        budget_min=200_000,
        budget_max=1_000_000,
        accepts=("注塑", "锂电池"),
        trl=7,
        lead_days=90,
    )
    assert conditions(同意对接="不同意").consent is False
    assert conditions(同意对接="", 最低预算="面议", 成熟度="中试").trl == 6


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("最低预算", "看情况"),
        ("最低预算", "-5"),
        ("交付周期", "尽快"),
        ("技术成熟度", "0"),
        ("技术成熟度", "很成熟"),
    ],
)
def test_a_condition_that_cannot_be_read_refuses_the_row(column: str, cell: str) -> None:
    with pytest.raises(BadRowError, match=column):
        conditions(**{column: cell})


def test_a_least_sum_above_the_most_refuses_the_row() -> None:
    with pytest.raises(BadRowError, match="大于"):
        conditions(最低预算="50万", 最高预算="20万")
