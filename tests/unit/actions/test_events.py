"""Listing events and calls by what the sentence names."""

from datetime import timedelta

import pytest

from core.domain.records import Library, Record
from tests.unit.actions.stage import SAID_AT, Stage


def record(name: str, title: str, library: Library = Library.EVENTS, **more: object) -> Record:
    fields: dict[str, object] = {"starts_at": SAID_AT + timedelta(days=int(name))}
    return Record(library=library, external_id=name, title=title, **(fields | more))  # type: ignore[arg-type]  # a builder


MOULDS = record(
    "5",
    "模具技术对接日",
    industries=("新材料",),
    keywords=("注塑",),
    region="江苏",
    closes_at=SAID_AT + timedelta(days=3),
    details={"kind": "路演", "place": "一号厅", "link": "https://a.example/1"},
)
POWER = record("7", "储能线上路演", industries=("新能源",), details={"kind": "路演"})
COURSE = record("9", "技术经理人培训班", details={"kind": "培训"})
OVER = record("-2", "上周的路演", details={"kind": "路演"})
CALL = record(
    "20", "揭榜挂帅项目申报", Library.CALLS, starts_at=None, closes_at=SAID_AT + timedelta(days=20)
)


@pytest.fixture
def loaded(stage: Stage) -> Stage:
    """A conversation with five records in the libraries."""
    stage.load(MOULDS, POWER, COURSE, OVER, CALL)
    return stage


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("最近有什么活动", [MOULDS, POWER, COURSE]),
        ("最近有什么路演？", [MOULDS, POWER]),
        ("有没有新能源方面的路演", [POWER]),
        ("江苏的路演有哪些", [MOULDS]),
        ("有什么培训可以参加", [COURSE]),
        ("注塑相关的活动", [MOULDS]),
        ("现在有哪些可以申报的", [CALL]),
        ("有什么榜单", [CALL]),
        ("有线上的吗", [POWER]),
        ("下周有什么活动", [MOULDS, POWER]),
        ("本月底前有什么路演", [MOULDS, POWER]),
        ("11月30号有活动吗", [COURSE]),
        ("这个月的培训", [COURSE]),
    ],
)
def test_what_is_named_is_listed_soonest_first(
    loaded: Stage, text: str, found: list[Record]
) -> None:
    loaded.tell("action_list_events", text)

    assert loaded.slots["events_shown"] == [one.id for one in found]


def test_times_are_absolute_and_place_link_and_registration_are_shown(loaded: Stage) -> None:
    said = loaded.tell("action_list_events", "注塑相关的活动")[-1]

    assert "【路演】模具技术对接日" in said.text
    assert "2026年11月26日（星期四）10:00" in said.text
    assert "一号厅" in said.text
    assert "https://a.example/1" in said.text
    assert "报名截止：2026年11月24日（星期二）10:00" in said.text
    assert said.payloads == ["提前一天提醒我"]


def test_a_topic_without_events_is_said(loaded: Stage) -> None:
    said = loaded.tell("action_list_events", "有没有人工智能的论坛")[-1]

    assert said.response == "utter_events_none_on_topic"
    assert loaded.slots["events_shown"] == []


def test_a_time_without_events_is_said(loaded: Stage) -> None:
    said = loaded.tell("action_list_events", "明年三月有什么路演")[-1]

    assert said.response == "utter_events_none_on_topic"
    assert "明年三月" in said.text
    assert said.payloads[-1] == "订阅路演"


def test_no_events_at_all_is_said(stage: Stage) -> None:
    assert stage.tell("action_list_events", "最近有什么活动")[-1].response == "utter_events_none"


def test_at_most_five_are_shown_and_all_are_counted(stage: Stage) -> None:
    stage.load(*(record(str(day), f"路演{day}") for day in range(1, 9)))

    said = stage.tell("action_list_events", "最近有什么活动")[-1]

    assert len(stage.slots["events_shown"]) == 5
    assert "8 场" in said.text
    assert "5 场" in said.text
