"""Subscribing, stopping, a person instead, feedback."""

import pytest

from core.domain.handoffs import HandoffState
from tests.unit.actions.stage import Stage


def topics(stage: Stage) -> list[str]:
    with stage.units() as unit:
        return sorted(one.topic for one in unit.subscriptions.all())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("订阅路演", "路演"),
        ("订阅新材料", "新材料"),
        ("订阅新材料路演", "新材料"),
        ("以后有培训通知我", "培训"),
        ("订阅全部活动", ""),
        ("关注一下氢能重卡", "氢能"),
        ("我想订阅江苏的活动", "江苏"),
        ("订阅乡村振兴", "乡村振兴"),
    ],
)
def test_the_topic_is_read_from_the_sentence(stage: Stage, text: str, topic: str) -> None:
    stage.tell("action_subscribe", text)

    assert topics(stage) == [topic]


def test_a_second_subscription_to_a_topic_is_said_to_exist(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅路演")

    assert stage.tell("action_subscribe", "订阅路演")[-1].response == "utter_subscribed_already"


def test_one_topic_or_all_are_stopped_at_once(stage: Stage) -> None:
    for text in ("订阅路演", "订阅新材料", "订阅培训"):
        stage.tell("action_subscribe", text)

    assert stage.tell("action_unsubscribe", "退订路演")[-1].response == "utter_unsubscribed"
    assert topics(stage) == ["培训", "新材料"]
    assert stage.tell("action_unsubscribe", "退订")[-1].response == "utter_unsubscribed_all"
    assert topics(stage) == []
    assert stage.tell("action_unsubscribe", "退订")[-1].response == "utter_unsubscribed_none"


def test_a_person_is_asked_for_with_the_question_before(stage: Stage) -> None:
    stage.tell("action_answer_policy", "火星上能申报吗？")

    said = stage.tell("action_handoff", "转人工")[-1]

    with stage.units() as unit:
        (handed,) = unit.handoffs.find(HandoffState)
        (asked,) = unit.handoffs.events(handed.id)
    assert "火星上能申报吗？" in asked.text
    assert str(handed.id) in said.text


@pytest.mark.parametrize("text", ["我的订阅", "我订阅了什么", "怎么订阅", "我有哪些订阅？"])
@pytest.mark.parametrize("action", ["action_subscribe", "action_unsubscribe"])
def test_a_question_about_subscriptions_changes_none(stage: Stage, action: str, text: str) -> None:
    stage.tell("action_subscribe", "订阅路演")

    assert stage.tell(action, text)[0].response == "utter_subscription_help"
    assert topics(stage) == ["路演"]


def test_several_trades_are_several_topics(stage: Stage) -> None:
    stage.tell("action_subscribe", "帮我订阅环保和新能源的活动")
    assert topics(stage) == ["新能源", "环保"]

    stage.tell("action_unsubscribe", "退订环保和新能源")
    assert topics(stage) == []
