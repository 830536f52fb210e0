"""Quiet hours: set in many words, said back, shown and taken away."""

from datetime import time

import pytest

from core.domain.conversations import Address
from core.domain.subscriptions import QuietHours
from tests.unit.actions.stage import Stage

LI = Address(channel="web", user="li")
SET = "action_set_quiet_hours"


def hours(stage: Stage) -> QuietHours | None:
    with stage.units() as unit:
        return unit.subscriptions.quiet_hours(LI)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("免打扰 22:00-8:00", "22:00", "08:00"),
        ("免打扰22：30—7：15", "22:30", "07:15"),
        ("晚上十点到早上八点别发", "22:00", "08:00"),
        ("晚上10点到早上8点免打扰", "22:00", "08:00"),
        ("晚上十点到八点别发", "22:00", "08:00"),
        ("10点到8点免打扰", "22:00", "08:00"),
        ("晚上十二点到早上七点别推", "00:00", "07:00"),
        ("半夜十二点以后别推送", "00:00", "08:00"),
        ("晚上十点半以后不要发", "22:30", "08:00"),
        ("十点以后别发了", "22:00", "08:00"),
        ("早上九点前不要打扰", "22:00", "09:00"),
        ("晚上8点到9点免打扰", "20:00", "21:00"),
        ("下午两点到四点别打扰", "14:00", "16:00"),
        ("中午12点到1点半别打扰", "12:00", "13:30"),
        ("晚上别发", "22:00", "08:00"),
        ("睡觉的时候不要给我发通知", "22:00", "08:00"),
        ("午休时间别吵我", "12:00", "14:00"),
        ("下班以后就别发了，第二天再发", "18:00", "09:00"),
        ("dnd 22-8", "22:00", "08:00"),
        ("免打扰 23:59-00:01", "23:59", "00:01"),
    ],
)
def test_hours_are_read_from_the_sentence_and_said_back(
    stage: Stage, text: str, starts: str, ends: str
) -> None:
    said = stage.tell(SET, text)[-1]

    kept = hours(stage)
    assert kept == QuietHours(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
    assert said.response == "utter_quiet_set"
    assert starts in said.text
    assert ends in said.text
    assert ("次日" in said.text) is (ends <= starts)


def test_weekends_are_added_and_taken_away_alone(stage: Stage) -> None:
    said = stage.tell(SET, "周末别打扰")[-1]
    assert hours(stage) == QuietHours(weekends=True)
    assert "周六和周日全天免打扰" in said.text
    stage.tell(SET, "免打扰 22:00-8:00")
    assert hours(stage) == QuietHours(starts=time(22), ends=time(8), weekends=True)
    stage.tell(SET, "取消周末免打扰")
    assert hours(stage) == QuietHours(starts=time(22), ends=time(8))
    stage.tell(SET, "取消免打扰")
    assert hours(stage) is None


def test_newer_hours_replace_older_ones(stage: Stage) -> None:
    stage.tell(SET, "晚上别发")
    stage.tell(SET, "免打扰时间改成21:30-7:00")

    assert hours(stage) == QuietHours(starts=time(21, 30), ends=time(7))


@pytest.mark.parametrize("text", ["取消免打扰", "免打扰关了", "不要免打扰了", "关闭勿扰"])
def test_quiet_hours_are_taken_away(stage: Stage, text: str) -> None:
    assert stage.tell(SET, text)[-1].response == "utter_quiet_none"
    stage.tell(SET, "晚上别发")

    assert stage.tell(SET, text)[-1].response == "utter_quiet_ended"
    assert hours(stage) is None


def test_quiet_hours_are_shown(stage: Stage) -> None:
    assert stage.tell(SET, "我的免打扰")[-1].response == "utter_quiet_none"
    stage.tell(SET, "晚上别发")

    said = stage.tell(SET, "我的免打扰是几点到几点？")[-1]
    assert "每天22:00至次日08:00" in said.text


@pytest.mark.parametrize("text", ["免打扰 0:00-24:00", "免打扰 22:00-22:00"])
def test_the_whole_day_is_refused(stage: Stage, text: str) -> None:
    assert stage.tell(SET, text)[-1].response == "utter_quiet_whole_day"
    assert hours(stage) is None


def test_a_wish_without_a_time_is_told_how_to_say_one(stage: Stage) -> None:
    assert stage.tell(SET, "我要免打扰")[-1].response == "utter_quiet_none"
