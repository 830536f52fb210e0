"""Reminders: which event, which moment, said back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.records import Library, Record
from core.domain.reminders import Reminder
from tests.unit.actions.stage import SAID_AT, Stage

LI = Address(channel="web", user="li")


def event(name: str, title: str, ahead: timedelta, kind: str = "路演") -> Record:
    return Record(
        library=Library.EVENTS,
        external_id=name,
        title=title,
        starts_at=SAID_AT + ahead,
        details={"kind": kind, "place": "一号厅"},
    )


TOMORROW = event("a", "储能专场路演", timedelta(hours=20))
MOULDS = event("b", "模具与注塑路演", timedelta(days=5, hours=4))
COURSE = event("c", "技术经理人培训班", timedelta(days=9), kind="培训")
CALL = Record(
    library=Library.CALLS,
    external_id="d",
    title="揭榜挂帅项目申报",
    closes_at=SAID_AT + timedelta(days=25),
)


@pytest.fixture
def listed(stage: Stage) -> Stage:
    """A conversation in which the three events were listed."""
    stage.load(TOMORROW, MOULDS, COURSE, CALL)
    stage.tell("action_list_events", "最近有什么活动")
    return stage


def planned(stage: Stage) -> list[Reminder]:
    with stage.units() as unit:
        return unit.reminders.planned(LI)


def lead(reminder: Reminder) -> timedelta:
    """How long before it comes."""
    return reminder.expires_at - reminder.due_at


def test_the_soonest_event_that_is_not_too_late_is_taken_and_named(listed: Stage) -> None:
    said = listed.tell("action_set_reminder", "提前一天提醒我")[-1]

    (reminder,) = planned(listed)
    assert reminder.record_id == MOULDS.id
    assert "2026年11月25日（星期三）14:00" in said.text
    assert MOULDS.title in said.text
    assert said.payloads == ["提前1天提醒我第3个"]


@pytest.mark.parametrize(
    ("text", "record", "ahead"),
    [
        ("提前一天提醒我第2个", MOULDS, timedelta(days=1)),
        ("第三个提前三天提醒我", COURSE, timedelta(days=3)),
        ("提前两小时提醒我第一场", TOMORROW, timedelta(hours=2)),
        ("培训班提前半天提醒我", COURSE, timedelta(hours=12)),
        ("模具那场，前一天晚上八点提醒我", MOULDS, timedelta(hours=18)),
        ("模具那场当天早上九点提醒我", MOULDS, timedelta(hours=5)),
        ("最后一个提前一周提醒", COURSE, timedelta(days=7)),
        ("11月26日那场提前30分钟叫我", MOULDS, timedelta(minutes=30)),
        ("11月25日下午三点提醒我第2个", MOULDS, timedelta(hours=23)),
        ("开始前一个半小时提醒我第2个", MOULDS, timedelta(minutes=90)),
        ("储能的到点提醒我", TOMORROW, timedelta(minutes=10)),
    ],
)
def test_event_and_lead_time_are_read_from_the_sentence(
    listed: Stage, text: str, record: Record, ahead: timedelta
) -> None:
    listed.tell("action_set_reminder", text)

    (reminder,) = planned(listed)
    assert (reminder.record_id, reminder.expires_at - reminder.due_at) == (record.id, ahead)


def test_every_event_can_be_meant_and_all_are_said_at_once(listed: Stage) -> None:
    (said,) = listed.tell("action_set_reminder", "都提前两小时提醒我")

    assert len(planned(listed)) == 3
    assert said.response == "utter_reminders_set"
    assert all(one.title in said.text for one in planned(listed))


def test_the_only_event_needs_no_name(stage: Stage) -> None:
    stage.load(MOULDS)

    said = stage.tell("action_set_reminder", "提前一天提醒我")[-1]

    assert planned(stage)[0].record_id == MOULDS.id
    assert said.payloads == []


def test_a_call_is_reminded_of_before_it_closes(stage: Stage) -> None:
    stage.load(CALL)

    said = stage.tell("action_set_reminder", "申报截止前三天提醒我")[-1]

    assert planned(stage)[0].offset == Offset(ahead=timedelta(days=3))
    assert "截止" in said.text


def test_a_moment_that_has_passed_is_refused_and_later_ones_offered(listed: Stage) -> None:
    said = listed.tell("action_set_reminder", "提前一天提醒我第1个")[-1]

    assert planned(listed) == []
    assert said.response == "utter_reminder_past"
    assert "2026年11月21日（星期六）06:00" in said.text
    assert said.payloads[0] == "提前2小时提醒我第1个"


def test_an_event_that_is_not_in_the_list_is_refused(listed: Stage) -> None:
    said = listed.tell("action_set_reminder", "提前一天提醒我第9个")[-1]

    assert said.response == "utter_reminder_no_such"
    assert planned(listed) == []


def test_an_event_that_is_over_by_now_keeps_its_place_in_the_list(listed: Stage) -> None:
    listed.clock.advance(timedelta(days=2))

    said = listed.tell("action_set_reminder", "提醒我第1个")[-1]
    assert said.response == "utter_reminder_ended"
    assert "已于2026年11月22日（星期日）开始" in said.text
    listed.tell("action_set_reminder", "提前一天提醒我第2个")
    assert planned(listed)[0].record_id == MOULDS.id


def test_the_same_reminder_is_set_once(listed: Stage) -> None:
    listed.tell("action_set_reminder", "提前一天提醒我第2个")

    said = listed.tell("action_set_reminder", "提前一天提醒我第2个")[-1]

    assert said.response == "utter_reminder_already"
    assert len(planned(listed)) == 1


def test_nothing_to_come_is_said(stage: Stage) -> None:
    assert stage.tell("action_set_reminder", "提前一天提醒我")[-1].response == (
        "utter_reminder_no_events"
    )


def test_reminders_are_listed_and_taken_back_by_position(listed: Stage) -> None:
    listed.tell("action_set_reminder", "都提前两小时提醒我")

    said = listed.tell("action_list_reminders", "我有哪些提醒")[-1]
    assert "2026年11月26日（星期四）12:00：模具与注塑路演" in said.text

    listed.tell("action_cancel_reminder", "取消第一个和第三个")
    assert [one.record_id for one in planned(listed)] == [MOULDS.id]


@pytest.mark.parametrize("text", ["全部取消", "所有提醒都取消"])
def test_all_reminders_are_taken_back(listed: Stage, text: str) -> None:
    listed.tell("action_set_reminder", "都提前两小时提醒我")

    listed.tell("action_cancel_reminder", text)

    assert planned(listed) == []


def test_which_reminder_to_take_back_is_asked_when_it_is_not_plain(listed: Stage) -> None:
    listed.tell("action_set_reminder", "都提前两小时提醒我")

    said = listed.tell("action_cancel_reminder", "取消提醒")[-1]

    assert said.response == "utter_reminder_cancel_which"
    assert said.payloads[0] == "取消第1个提醒"
    assert len(planned(listed)) == 3


def test_no_reminders_is_said(stage: Stage) -> None:
    for action in ("action_list_reminders", "action_cancel_reminder"):
        assert stage.tell(action, "提醒")[-1].response == "utter_reminders_none"


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("第三个提前三天和当天早上提醒我", [timedelta(days=3), timedelta(hours=1)]),
        (
            "第三个提前三天、一天和两小时提醒我",
            [timedelta(days=3), timedelta(days=1), timedelta(hours=2)],
        ),
        ("第三个提前一周，还有当天八点提醒我", [timedelta(days=7), timedelta(hours=2)]),
        ("第三个提前一天，晚上八点提醒我", [timedelta(hours=14)]),
        ("第三个当天早上七点和八点半提醒我", [timedelta(hours=3), timedelta(hours=1.5)]),
        ("第三个11月28日和11月29日上午十点提醒我", [timedelta(days=2), timedelta(days=1)]),
        ("第三个当天早上提醒我", [timedelta(hours=1)]),
        ("第三个提前三天、提前三天提醒我", [timedelta(days=3)]),
    ],
)
def test_several_lead_times_in_one_sentence_are_several_reminders(
    listed: Stage, text: str, offsets: list[timedelta]
) -> None:
    said = listed.tell("action_set_reminder", text)[-1]

    assert [lead(one) for one in planned(listed)] == offsets
    assert {one.record_id for one in planned(listed)} == {COURSE.id}
    assert all(f"{one.due_at + timedelta(hours=8):%H:%M}" in said.text for one in planned(listed))
    assert said.text.count("（星期") >= len(offsets)


def test_of_several_lead_times_those_that_passed_are_told_and_the_others_kept(
    listed: Stage,
) -> None:
    past, new = listed.tell("action_set_reminder", "第二个提前一周和提前一天提醒我")

    assert past.response == "utter_reminder_past"
    assert "2026年11月19日（星期四）14:00" in past.text
    assert new.response == "utter_reminders_set"
    assert [lead(one) for one in planned(listed)] == [timedelta(days=1)]


def test_the_morning_of_an_event_that_starts_in_the_morning_is_an_hour_before(
    stage: Stage,
) -> None:
    stage.load(event("m", "早场路演", timedelta(days=3, hours=-2)))  # eight o'clock

    stage.tell("action_set_reminder", "当天早上提醒我")

    assert lead(planned(stage)[0]) == timedelta(hours=1)


CLOSED = Record(
    library=Library.CALLS,
    external_id="z",
    title="青澜杯创新项目申报",
    closes_at=SAID_AT - timedelta(days=11),
)


@pytest.mark.parametrize(
    "text", ["青澜杯申报截止前三天提醒我", "提前一天提醒我青澜杯创新项目", "青澜杯提醒我"]
)
def test_what_has_closed_is_refused_with_the_day_it_closed(listed: Stage, text: str) -> None:
    listed.load(CLOSED)

    said = listed.tell("action_set_reminder", text)[-1]

    assert said.response == "utter_reminder_ended"
    assert "已于2026年11月10日（星期二）截止" in said.text
    assert planned(listed) == []


def test_an_event_whose_registration_has_closed_is_reminded_of_and_says_so(stage: Stage) -> None:
    late = replace(MOULDS, closes_at=SAID_AT - timedelta(days=1))
    stage.load(late)

    said = stage.tell("action_set_reminder", "提前一天提醒我")[-1]

    assert len(planned(stage)) == 1
    assert "报名已于2026年11月20日（星期五）截止" in said.text


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("改成提前两小时", [timedelta(hours=2)]),
        ("改成提前三天和当天早上八点", [timedelta(days=3), timedelta(hours=6)]),
        ("改为11月24日上午九点", [timedelta(days=2, hours=5)]),
    ],
)
def test_a_reminder_just_set_is_changed(
    listed: Stage, text: str, offsets: list[timedelta]
) -> None:
    listed.tell("action_set_reminder", "提前一天提醒我第2个")

    said = listed.tell("action_set_reminder", text)[-1]

    assert said.response == "utter_reminder_changed"
    assert [lead(one) for one in planned(listed)] == offsets
    assert {one.record_id for one in planned(listed)} == {MOULDS.id}


def test_of_several_the_named_or_the_newest_is_changed(listed: Stage) -> None:
    listed.tell("action_set_reminder", "提前一天提醒我第3个")
    listed.tell("action_set_reminder", "提前一天提醒我第2个")

    listed.tell("action_set_reminder", "改成提前两小时")
    assert {one.record_id: lead(one) for one in planned(listed)} == {
        MOULDS.id: timedelta(hours=2),
        COURSE.id: timedelta(days=1),
    }
    listed.tell("action_list_reminders", "我的提醒")
    said = listed.tell("action_set_reminder", "改成提前三小时")[-1]
    assert said.response == "utter_reminder_change_which"
    listed.tell("action_set_reminder", "第二个提醒改成提前三小时")
    assert lead(planned(listed)[1]) == timedelta(hours=3)


def test_all_reminders_of_the_only_event_are_replaced(listed: Stage) -> None:
    listed.tell("action_set_reminder", "第三个提前三天和当天早上提醒我")
    listed.tell("action_list_reminders", "我的提醒")

    listed.tell("action_set_reminder", "改成提前一天")

    assert [lead(one) for one in planned(listed)] == [timedelta(days=1)]


def test_a_change_to_a_moment_that_has_passed_keeps_the_reminder(listed: Stage) -> None:
    listed.tell("action_set_reminder", "提前一天提醒我第2个")

    said = listed.tell("action_set_reminder", "改成提前一周")[-1]

    assert said.response == "utter_reminder_change_past"
    assert [lead(one) for one in planned(listed)] == [timedelta(days=1)]


def test_changing_to_what_it_is_already_keeps_it(listed: Stage) -> None:
    listed.tell("action_set_reminder", "提前一天提醒我第2个")
    listed.tell("action_set_reminder", "改成提前一天")

    assert [lead(one) for one in planned(listed)] == [timedelta(days=1)]


def test_a_reminder_in_quiet_hours_is_moved_and_said_where_to(listed: Stage) -> None:
    listed.tell("action_set_quiet_hours", "免打扰 22:00-8:00")

    said = listed.tell("action_set_reminder", "第二个当天早上七点提醒我")
    assert said[-1].response == "utter_reminder_out_of_quiet_hours"
    assert "2026年11月26日（星期四）07:00" in said[-1].text
    assert "2026年11月26日（星期四）08:00" in said[-1].text
    said = listed.tell("action_set_reminder", "第二个当天早上九点提醒我")
    assert said[-1].response == "utter_reminder_set"
    assert [lead(one) for one in planned(listed)] == [timedelta(hours=6), timedelta(hours=5)]


def test_one_of_several_is_taken_back_and_then_all(listed: Stage) -> None:
    listed.tell("action_set_reminder", "第三个提前三天、一天提醒我")
    listed.tell("action_set_reminder", "第二个提前一天提醒我")

    listed.tell("action_cancel_reminder", "取消第二个提醒")
    assert len(planned(listed)) == 2
    listed.tell("action_cancel_reminder", "都取消")
    assert planned(listed) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("提前一天提醒我参加火星移民大会", "火星移民大会"),
        ("上周的路演提醒我一下", "上周"),
    ],
)
def test_what_is_not_there_or_over_gets_no_reminder_of_the_next_event(
    listed: Stage, text: str, named: str
) -> None:
    (said,) = listed.tell("action_set_reminder", text)

    assert said.response == "utter_events_none_on_topic"
    assert named in said.text
    assert planned(listed) == []
