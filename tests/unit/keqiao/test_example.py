"""The bundled example is complete and in the future whatever the day it is loaded."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import BadInputError
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from keqiao.example.load import example_records, fill_dates, render_documents

AREAS = {
    "新一代信息技术",
    "高端装备制造",
    "新材料",
    "生物",
    "新能源汽车",
    "新能源",
    "节能环保",
    "数字创意",
    "相关服务业",
}
MODES = {
    "研究开发",
    "技术转移",
    "科技成果转化",
    "科技评估",
    "技术咨询",
    "检验检测",
    "科技金融",
    "资质认证",
    "公证鉴证",
    "科技政策咨询",
    "联合研发",
    "委托开发",
    "人才引进",
    "揭榜挂帅",
    "技术入股",
    "知识产权质押",
}
LEAST = {
    Library.EXPERTS: 8,
    Library.TEAMS: 5,
    Library.PROJECTS: 8,
    Library.CASES: 5,
    Library.PROVIDERS: 3,
    Library.INSTRUMENTS: 3,
    Library.SCENARIOS: 2,
    Library.EVENTS: 6,
    Library.CALLS: 2,
}
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
EDGES = (
    datetime(2028, 2, 29, 3, tzinfo=UTC),
    datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
    datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
    datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
)
ANY_DAY = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 -- hypothesis wants bounds without a zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 -- and adds the zone itself
    timezones=st.just(UTC),
)


def of(records: list[Record], library: Library) -> list[Record]:
    return [record for record in records if record.library is library]


def in_days(record: Record, now: datetime) -> int:
    assert record.starts_at is not None
    return (record.starts_at.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days


def test_every_library_has_enough_records() -> None:
    count = Counter(record.library for record in example_records(NOW))
    assert all(count[library] >= least for library, least in LEAST.items())


def test_ids_are_unique_and_stay_the_same_on_another_day() -> None:
    ids = [record.id for record in example_records(NOW)]
    assert len(set(ids)) == len(ids)
    assert ids == [record.id for record in example_records(NOW + timedelta(days=400))]


def test_labels_and_modes_are_those_of_the_taxonomy() -> None:
    records = example_records(NOW)
    assert {label for record in records for label in record.industries} == AREAS
    assert {mode for record in records for mode in record.modes} <= MODES


def test_every_record_says_what_it_is() -> None:
    for record in example_records(NOW):
        assert record.title
        assert len(record.summary) >= 20, record.id
        assert record.organisation, record.id
        assert record.industries, record.id
        assert record.keywords, record.id
        assert record.source == "records.yml"


def test_no_record_holds_a_private_telephone_number() -> None:
    for record in example_records(NOW):
        shown = " ".join((record.title, record.summary, *record.details.values()))
        assert not any(len(part) >= 7 and part.isdigit() for part in shown.split()), record.id


def test_events_are_of_all_kinds_and_mostly_roadshows() -> None:
    kinds = Counter(r.details["kind"] for r in of(example_records(NOW), Library.EVENTS))
    assert kinds["路演"] >= 3
    assert {"培训", "论坛", "大赛"} <= kinds.keys()


@pytest.mark.parametrize("topic", ["注塑", "锂电池", "光伏", "农产品加工", "机器视觉", "污水处理"])
def test_demonstrated_needs_find_an_expert_a_project_and_a_case(topic: str) -> None:
    found = {r.library for r in example_records(NOW) if topic in r.keywords}
    assert {Library.EXPERTS, Library.PROJECTS, Library.CASES} <= found


def test_real_provinces_and_everywhere_are_served() -> None:
    regions = {record.region for record in example_records(NOW)}
    assert {"江苏", "浙江", "重庆", None} <= regions


@pytest.mark.parametrize("now", EDGES)
def test_dates_lie_ahead_on_the_edges_of_the_calendar(now: datetime) -> None:
    check_dates(now)


@settings(max_examples=40, deadline=None)
@given(ANY_DAY)
def test_dates_lie_ahead_on_any_day_of_loading(now: datetime) -> None:
    check_dates(now)


def check_dates(now: datetime) -> None:
    today = now.astimezone(SHANGHAI).date()
    records = example_records(now)
    assert all(record.current_at(now, today) for record in records)
    for event in of(records, Library.EVENTS):
        assert event.starts_at is not None
        assert event.closes_at is not None
        assert event.starts_at.utcoffset() == timedelta(0)
        assert now + timedelta(days=2) < event.closes_at < event.starts_at
        assert 3 <= in_days(event, now) <= 40
        assert 8 <= event.starts_at.astimezone(SHANGHAI).hour < 20
        assert event.starts_at.astimezone(SHANGHAI).weekday() < 5
    for call in of(records, Library.CALLS):
        assert call.closes_at is not None
        assert timedelta(days=24) < call.closes_at - now < timedelta(days=44)


@pytest.mark.parametrize("now", [NOW, *EDGES])
def test_documents_are_written_without_a_placeholder_left(now: datetime, tmp_path: Path) -> None:
    files = render_documents(tmp_path / "new", now)
    assert len(files) == 3
    for file in files:
        text = file.read_text("utf-8")
        assert "{{" not in text
        assert not re.search(r"(?<!\d)%", text)


def test_the_call_in_the_documents_closes_when_its_record_does(tmp_path: Path) -> None:
    for now in (NOW, *EDGES):
        call = next(r for r in example_records(now) if r.id == "calls/call-01")
        assert call.closes_at is not None
        day = call.closes_at.astimezone(SHANGHAI)
        guide = next(f for f in render_documents(tmp_path, now) if "申报指南" in f.name)
        assert f"{day.year}年{day.month}月{day.day}日，截止当日17时" in guide.read_text("utf-8")


def test_rendering_twice_on_one_day_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [file.read_bytes() for file in render_documents(tmp_path, NOW)]
    again = render_documents(tmp_path, NOW + timedelta(hours=3))
    assert [file.read_bytes() for file in again] == first


@pytest.mark.parametrize(
    ("text", "now", "filled"),
    [
        ("{{today+25d:%Y年%-m月%-d日}}", date(2026, 12, 31), "2027年1月25日"),
        ("{{today+2y:%Y}}", date(2028, 2, 29), "2030"),
        ("{{today+1y:%Y-%m-%d}}", date(2028, 2, 29), "2029-02-28"),
        ("{{today:%Y-%m-%d}}", date(2028, 2, 29), "2028-02-29"),
        ("{{workday+0d:%Y-%m-%d}}", date(2026, 11, 21), "2026-11-23"),
        ("{{workday+1d:%Y-%m-%d}}", date(2026, 11, 22), "2026-11-23"),
        ("{{today-40d:%Y}}", date(2027, 1, 15), "2026"),
    ],
)
def test_a_placeholder_is_a_day_and_a_way_to_write_it(text: str, now: date, filled: str) -> None:
    noon = datetime(now.year, now.month, now.day, 12, tzinfo=SHANGHAI)
    assert fill_dates(text, noon) == filled


def test_the_day_is_the_one_in_shanghai() -> None:
    assert fill_dates("{{today:%-d}}", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "1"


@pytest.mark.parametrize("text", ["{{today+3w:%Y}}", "{{tomorrow:%Y}}", "{{today}}", "a {{"])
def test_a_placeholder_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(BadInputError, match="placeholder"):
        fill_dates(text, NOW)
