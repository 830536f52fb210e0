"""Dates of events and calls as people write them in tables."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.domain.errors import BadRowError
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from keqiao.imports.rows import arrival_of, record_of
from keqiao.imports.tables import Value


def event(**cells: Any) -> Record:
    row: dict[str, Value] = {"名称": "双月论坛", "开始时间": "2026-01-16 14:00", **cells}
    return record_of(row, library=Library.EVENTS, source="test")


def call(**cells: Any) -> Record:
    row: dict[str, Value] = {"名称": "项目申报", "申报截止": "2026-05-30 17:00", **cells}
    return record_of(row, library=Library.CALLS, source="test")


def shanghai(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("cells", "ends"),
    [
        ({"开始时间": "2026-12-03 14:00-16:00"}, "2026-12-03T16:00"),
        ({"开始时间": "2026年12月3日（星期四）下午2:00至5:30"}, "2026-12-03T17:30"),
        ({"开始时间": "2026-12-03 14:00至2026-12-05"}, "2026-12-05T23:59"),
        ({"结束时间": "2026-01-16 17:30"}, "2026-01-16T17:30"),
        ({"end_time": "2026-01-17"}, "2026-01-17T23:59"),
        ({}, None),
    ],
)
def test_the_end_is_read_from_its_column_or_behind_the_start(
    cells: dict[str, str], ends: str | None
) -> None:
    assert event(**cells).ends_at == (shanghai(ends) if ends else None)


def test_an_end_before_the_start_is_refused_with_both() -> None:
    with pytest.raises(BadRowError, match=r"2026-01-16 10:00.*2026-01-16 14:00"):
        event(结束时间="2026-01-16 10:00")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("每两个月第三个周五", "FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR"),
        ("双月第三个星期五", "FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR"),
        ("每周三", "FREQ=WEEKLY;BYDAY=WE"),
        ("每两周周五", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("每月最后一个周四", "FREQ=MONTHLY;BYDAY=-1TH"),
        ("每季度", "FREQ=MONTHLY;INTERVAL=3"),
        ("每半年一次", "FREQ=MONTHLY;INTERVAL=6"),
        ("每年一届", "FREQ=YEARLY"),
        ("RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR", "FREQ=MONTHLY;INTERVAL=2;BYDAY=3FR"),
        ("FREQ=WEEKLY;UNTIL=20261231", "FREQ=WEEKLY;UNTIL=20261231T155959Z"),
    ],
)
def test_a_rule_is_read_as_people_say_it(said: str, rule: str) -> None:
    series = event(周期=said).series
    assert series is not None
    assert series.rule == rule


def test_days_on_which_a_series_pauses_are_read() -> None:
    series = event(周期="每两个月第三个周五", 例外="2026-05-15、2026年7月17日").series
    assert series is not None
    assert series.skipped == (date(2026, 5, 15), date(2026, 7, 17))


@pytest.mark.parametrize("said", ["", "不定期", "单次", "无"])
def test_what_takes_place_once_has_no_series(said: str) -> None:
    assert event(周期=said).series is None


@pytest.mark.parametrize("said", ["看情况", "FREQ=MONTHLY;COUNT=3", "FREQ=HOURLY", "每零个月"])
def test_a_rule_nobody_knows_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(BadRowError, match="每两个月第三个周五"):
        event(周期=said)


def test_phases_are_read_from_columns_and_lists_in_order() -> None:
    listed = "立项公示：2026-06-20；中期评估:2026-07-31"
    record = call(中期评估="2026-07-31", 验收="2026-11-30", 进度安排=listed)
    assert [(one.name, one.at) for one in record.phases] == [
        ("立项公示", shanghai("2026-06-20T23:59")),
        ("中期评估", shanghai("2026-07-31T23:59")),
        ("验收考核", shanghai("2026-11-30T23:59")),
    ]
    assert [one.name for one in call(midterm="2026-07-31").phases] == ["中期评估"]


@pytest.mark.parametrize(
    "cells",
    [
        {"中期评估": "2026-07-30", "进度安排": "中期评估:2026-07-31"},
        {"进度安排": "先申报再说"},
        {"中期评估": "七月底"},
    ],
)
def test_a_phase_that_is_not_plain_is_refused(cells: dict[str, str]) -> None:
    with pytest.raises(BadRowError, match="中期评估"):
        call(**cells)


def test_a_table_without_such_columns_says_nothing_of_them() -> None:
    row: dict[str, Value] = {
        "名称": "论坛",
        "开始时间": "2026-01-16 14:00",
        "中期评估": "2026-07-31",
    }
    given = arrival_of(row, library=Library.EVENTS, source="test").given
    assert given is not None
    assert "phases" in given
    assert not {"series", "ends_at"} & given


def test_in_other_libraries_such_columns_are_like_any_other() -> None:
    row: dict[str, Value] = {
        "名称": "减震材料",
        "周期": "六个月",
        "进度安排": "边做边看",
        "验收": "已通过",
    }
    record = record_of(row, library=Library.PROJECTS, source="test")
    assert record.series is None
    assert record.details["周期"] == "六个月"
