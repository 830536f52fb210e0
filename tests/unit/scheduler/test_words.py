"""What people are told of events."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.parts import shown, told
from core.domain.conversations import Address, ReplyKind
from core.domain.dates.offsets import Offset
from core.domain.errors import BadInputError
from core.domain.parts import Appointment
from core.domain.records import Library, Record
from core.domain.reminders import Anchor, Reminder, ReminderId, plan
from scheduler.filling import fill, names_in
from scheduler.words import (
    TEMPLATES,
    EventWords,
    notices,
    render_reminder,
    render_tidings,
    report_change,
)

STARTS = datetime(2026, 12, 3, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai, a Thursday
DAY = timedelta(days=1)
PERSON = Address(channel="web", user="ab12")


def roadshow(**changed: Any) -> Record:
    facts: dict[str, Any] = {
        "library": Library.EVENTS,
        "external_id": "r1",
        "title": "新材料成果路演",
        "starts_at": STARTS,
        "closes_at": STARTS - 2 * DAY,
        "organisation": "市科协",
        "details": {"kind": "路演", "place": "科技馆二楼", "link": "https://example.org/r1"},
    }
    return Record(**(facts | changed))


def reminder_of(record: Record, *, offset: timedelta = DAY) -> Reminder:
    return plan(record, address=PERSON, offset=Offset(ahead=offset))


def test_a_reminder_says_when_where_and_how_to_cancel() -> None:
    record = roadshow()
    reminder = reminder_of(record, offset=3 * DAY)
    reply = render_reminder(reminder, record, reminder.due_at, personal=True)
    assert reply.kind is ReplyKind.NOTICE
    assert reply.text.splitlines() == [
        "提醒：新材料成果路演",
        "开始时间：2026年12月3日（星期四）14:00",
        "地点：科技馆二楼",
        "链接：https://example.org/r1",
        "报名截止：2026年12月1日（星期二）14:00",
        "主办：市科协",
        "不再需要提醒，请回复“取消提醒”。",
    ]


def test_a_group_is_not_told_how_to_stop_what_somebody_else_asked_for() -> None:
    record = roadshow()
    text = render_reminder(reminder_of(record), record, STARTS - DAY, personal=False).text
    assert "取消提醒" not in text
    assert text.splitlines()[-1] == "主办：市科协"


def test_a_reminder_that_missed_a_change_tells_the_change() -> None:
    record = roadshow()
    changed = roadshow(starts_at=STARTS + DAY, version=2)
    reply = render_reminder(reminder_of(record), changed, STARTS, personal=True)
    assert reply == report_change(changed)


def test_a_line_without_its_fact_is_left_out() -> None:
    record = roadshow(details={}, organisation=None, closes_at=None)
    text = render_reminder(reminder_of(record), record, STARTS - DAY, personal=True).text
    assert text.splitlines() == [
        "提醒：新材料成果路演",
        "开始时间：2026年12月3日（星期四）14:00",
        "不再需要提醒，请回复“取消提醒”。",
    ]


@pytest.mark.parametrize(
    ("late", "marked"),
    [
        (timedelta(0), False),
        (timedelta(minutes=2), False),
        (timedelta(minutes=2, seconds=1), True),
        (timedelta(hours=5), True),
    ],
)
def test_a_reminder_more_than_two_minutes_late_says_so(
    late: timedelta,
    *,
    marked: bool,
) -> None:
    record = roadshow()
    text = render_reminder(reminder_of(record), record, STARTS - DAY + late, personal=True).text
    assert ("迟到" in text.splitlines()[0]) is marked
    if marked:
        assert "2026年12月2日（星期三）14:00" in text.splitlines()[0]


def test_a_registration_that_has_closed_is_told_as_closed() -> None:
    record = roadshow(closes_at=STARTS - 2 * DAY)
    text = render_reminder(reminder_of(record), record, STARTS - DAY, personal=True).text
    assert "报名已于2026年12月1日（星期二）14:00截止。" in text
    assert "报名截止：" not in text


def test_a_call_without_a_start_is_reminded_of_its_deadline() -> None:
    record = Record(
        library=Library.CALLS,
        external_id="c1",
        title="揭榜挂帅申报",
        closes_at=STARTS,
        details={"eligibility": "本市注册企业"},
    )
    reminder = reminder_of(record)
    assert reminder.anchor is Anchor.CLOSES
    lines = render_reminder(reminder, record, reminder.due_at, personal=True).text.splitlines()
    assert lines[0] == "截止提醒：揭榜挂帅申报"
    assert "截止时间：2026年12月3日（星期四）14:00" in lines
    assert "申报条件：本市注册企业" in lines


def test_an_announcement_tells_how_to_be_reminded_and_how_to_stop() -> None:
    text = render_tidings([roadshow(summary="十个项目\n现场对接")], 0).text
    assert text.startswith("新路演：新材料成果路演\n十个项目 现场对接\n")
    assert "提前一天提醒我" in text
    assert text.endswith("\n回复“退订”不再接收。")


def test_what_has_no_date_is_told_without_offering_a_reminder() -> None:
    expert = roadshow(library=Library.EXPERTS, starts_at=None, closes_at=None, details={})
    text = render_tidings([expert], 0).text
    assert text.startswith("新专家：")
    assert "提前一天" not in text
    assert text.endswith("\n回复“退订”不再接收。")


def test_several_are_one_list_with_the_rest_counted() -> None:
    records = [roadshow(title=f"第{n}场", summary="不在列表里") for n in range(12)]
    lines = told(render_tidings(records, 30)).splitlines()
    assert lines[0] == "您订阅的内容有 42 条新消息："
    assert lines[1] == "· 【路演】第0场 https://example.org/r1"
    assert lines[2].startswith("   时间：2026年12月3日（星期四）14:00；地点：科技馆二楼；截止：")
    assert "· 【路演】第9场 https://example.org/r1" in lines
    assert "第10场" not in "".join(lines)
    assert lines[-2].startswith("还有 32 条")
    assert lines[-1] == "回复“退订”不再接收。"


def test_an_event_of_no_known_kind_is_announced_as_an_event() -> None:
    assert render_tidings([roadshow(details={})], 0).text.startswith("新活动：")


def test_a_changed_date_is_told_with_the_new_time() -> None:
    text = report_change(roadshow(starts_at=STARTS + DAY)).text
    assert "安排变动：新材料成果路演" in text
    assert "2026年12月4日（星期五）14:00" in text


def test_a_withdrawn_event_is_told_as_cancelled() -> None:
    text = report_change(roadshow(withdrawn=True)).text
    assert text.startswith("已取消：新材料成果路演")


def test_a_date_that_was_taken_away_is_told_as_open() -> None:
    text = report_change(roadshow(starts_at=None, closes_at=None)).text
    assert "还没有确定" in text
    assert "None" not in text


def test_braces_and_line_breaks_in_a_record_stay_what_they_are() -> None:
    record = roadshow(title="{title} {0}\n不再需要提醒", details={"place": "{link}"})
    text = render_reminder(reminder_of(record), record, STARTS - DAY, personal=True).text
    assert text.splitlines()[0] == "提醒：{title} {0} 不再需要提醒"
    assert "地点：{link}" in text


def test_a_reminder_carries_its_date_for_calendars() -> None:
    record = roadshow()
    words = EventWords.load(site="https://keqiao.example.org")
    reply = words.reminder(reminder_of(record), record, STARTS - DAY, personal=True)
    [date] = reply.parts
    assert isinstance(date, Appointment)
    assert (date.title, date.starts_at, date.place) == (record.title, STARTS, "科技馆二楼")
    assert date.uid.endswith("@keqiao.example.org")
    assert date.file == "https://keqiao.example.org/calendar/records/events/r1.ics"
    assert told(reply) == f"{reply.text}\n加入日历 {date.file}"


def test_a_change_keeps_the_date_and_counts_it_up() -> None:
    before, changed = roadshow(), roadshow(starts_at=STARTS + DAY, version=2)
    [first] = render_reminder(reminder_of(before), before, STARTS - DAY, personal=True).parts
    [second] = report_change(changed).parts
    [gone] = report_change(roadshow(withdrawn=True, version=3)).parts
    [undated] = report_change(roadshow(starts_at=None, closes_at=None, version=4)).parts
    dates = [one for one in (first, second, gone, undated) if isinstance(one, Appointment)]
    assert len({one.uid for one in dates}) == 1
    assert [one.sequence for one in dates] == [1, 2, 3, 4]
    assert [one.cancelled for one in dates] == [False, False, True, True]


def test_times_read_the_same_in_texts_and_in_parts() -> None:
    assert EventWords.load().shown(STARTS) == shown(STARTS)


def test_the_notices_of_the_conversation_have_words() -> None:
    assert {"text_only", "forms_paused", "message_waits"} <= notices().keys()


def test_templates_name_only_facts_that_exist() -> None:
    known = {
        "title", "kind", "place", "link", "eligibility", "organiser", "summary",
        "starts_at", "closes_at", "closed_at", "late_due", "stop_word", "remind_word",
        "count", "more", "ends_at", "phases", "phase", "at",
    }  # fmt: skip
    for name, template in EventWords.load().templates.items():
        assert names_in(template) <= known, name


def test_a_line_is_kept_only_when_all_its_names_are_known() -> None:
    assert fill("a {x} {y}\nb {x}\nc", {"x": "1"}) == "b 1\nc"


def test_a_template_file_that_is_no_table_of_texts_is_named(tmp_path: Path) -> None:
    (tmp_path / "notices.yml").write_text("text_only: [1]\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="text_only"):
        notices(tmp_path)
    (tmp_path / "events.yml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"events\.yml"):
        EventWords.load(tmp_path)
    (tmp_path / "events.yml").write_text("formats: {moment: x}\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="weekdays"):
        EventWords.load(tmp_path)


PROGRAM = """
from datetime import UTC, datetime, timedelta
from scheduler.words import EventWords
words = EventWords.load()
for hours in range(0, 24 * 400, 7):
    print(words.shown(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)))
"""


def test_times_read_the_same_on_a_host_in_any_zone() -> None:
    shown = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"TZ": zone, "PYTHONPATH": str(TEMPLATES.parent.parent), "PYTHONUTF8": "1"}
            | {name: os.environ[name] for name in ("PATH",)},  # noqa: TID251 -- a child's PATH
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
        ).stdout
        for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati")
    }
    assert len(shown) == 1
    assert "2026年1月1日（星期四）08:00" in shown.pop()


def test_a_reminder_of_an_unknown_id_is_still_rendered_from_its_record() -> None:
    record = roadshow()
    reminder = Reminder(
        id=ReminderId(7),
        address=PERSON,
        record_id=record.id,
        title="旧标题",
        anchor=Anchor.STARTS,
        offset=Offset(ahead=DAY),
        version=1,
        due_at=STARTS - DAY,
        expires_at=STARTS,
    )
    assert "旧标题" not in render_reminder(reminder, record, STARTS - DAY, personal=True).text


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("broadcasts", "broadcast"),
        ("events", "announcement"),
        ("events", "digest_end"),
        ("matches", "found_end"),
        ("matches", "asked"),
    ],
)
def test_whatever_comes_unasked_says_how_to_stop_it(file: str, name: str) -> None:
    table = yaml.safe_load((TEMPLATES / f"{file}.yml").read_text(encoding="utf-8"))
    assert "退订" in table[name]
