"""What a reminder counts back from, and how: the deadline, the start, a phase, workdays."""

from datetime import datetime, timedelta

import pytest

from core.domain.conversations import Address
from core.domain.records import Library, Phase, Record
from core.domain.reminders import SHANGHAI, Anchor, Reminder
from tests.unit.actions.stage import SAID_AT, Stage

LI = Address(channel="web", user="li")
EVENT = Record(
    library=Library.EVENTS,
    external_id="a",
    title="储能专场路演",
    starts_at=datetime(2026, 12, 16, 14, tzinfo=SHANGHAI),
    closes_at=datetime(2026, 12, 8, 17, tzinfo=SHANGHAI),
    details={"kind": "路演"},
)
CALL = Record(
    library=Library.CALLS,
    external_id="b",
    title="产学研专项申报",
    closes_at=datetime(2026, 12, 20, 17, tzinfo=SHANGHAI),
    phases=(
        Phase(name="中期评估", at=SAID_AT + timedelta(days=100)),
        Phase(name="验收考核", at=SAID_AT + timedelta(days=200)),
    ),
)


def due(stage: Stage) -> list[str]:
    return [f"{one.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" for one in planned(stage)]


def planned(stage: Stage) -> list[Reminder]:
    with stage.units() as unit:
        return unit.reminders.planned(LI)


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("报名截止前一周和前一天各提醒一次", ["12-01 17:00", "12-07 17:00"]),
        ("报名截止前一天提醒我", ["12-07 17:00"]),
        ("开始前半小时提醒我", ["12-16 13:30"]),
        ("报名截止前一天和开始前两小时提醒我", ["12-07 17:00", "12-16 12:00"]),
        ("提前三天提醒我", ["12-13 14:00"]),
        ("提前三天，工作日提醒", ["12-11 14:00"]),
        ("提前三个工作日提醒我", ["12-11 14:00"]),
        ("报名截止前两个工作日早上九点提醒我", ["12-04 09:00"]),
        ("当天早上九点提醒我", ["12-16 09:00"]),
        ("报名截止提醒我", ["12-07 17:00"]),
    ],
)
def test_it_counts_back_from_what_was_said(stage: Stage, text: str, moments: list[str]) -> None:
    stage.load(EVENT)
    said = stage.tell("action_set_reminder", text)
    assert due(stage) == moments
    shown = "".join(one.text for one in said)
    assert all(f"{moment[:2]}月" in shown and moment[6:] in shown for moment in moments)


def test_the_words_name_the_deadline_when_that_is_meant(stage: Stage) -> None:
    stage.load(EVENT)
    said = stage.tell("action_set_reminder", "报名截止前一天提醒我")[-1]
    assert planned(stage)[0].anchor is Anchor.CLOSES
    assert "12月8日（星期二）17:00截止" in said.text


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("产学研专项中期评估提前一周提醒我", ["中期评估"]),
        ("产学研专项申报的验收提前一周提醒我", ["验收考核"]),
        ("产学研专项申报各节点都提前一周提醒我", ["中期评估", "验收考核"]),
        ("产学研专项申报提前一周提醒我", [""]),
    ],
)
def test_phases_are_reminded_of_when_they_are_named(
    stage: Stage, text: str, phases: list[str]
) -> None:
    stage.load(CALL)
    stage.tell("action_set_reminder", text)
    assert [one.phase for one in planned(stage)] == phases


def test_of_several_offsets_one_that_has_passed_is_said_and_the_other_kept(stage: Stage) -> None:
    stage.load(EVENT)
    said = stage.tell("action_set_reminder", "报名截止前三周和前一天各提醒一次")
    assert due(stage) == ["12-07 17:00"]
    assert "utter_reminder_past" in [one.response for one in said]
    assert any("11月17日" in one.text for one in said)
