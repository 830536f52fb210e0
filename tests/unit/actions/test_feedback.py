"""Thumbs up and down: kept with the answer they are about; a bad answer is looked at again."""

import pytest
from sqlalchemy import select

from actions.feedback import verdict_of
from core.domain.documents import Verdict
from core.persistence import SqlUnits
from core.persistence.tables import feedback
from core.services.questions import COMPLAINT
from tests.factories import make_answer
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.unit.actions.stage import Stage

QUESTION = "科技服务队至少要几个人？"


@pytest.fixture
def stage(sqlite_units: SqlUnits) -> Stage:
    """A conversation whose documents answer one question."""
    answer = make_answer(QUESTION, text="不少于 7 人。")
    return Stage(sqlite_units, FakeKnowledgeBase(answers={QUESTION: answer}))


def kept(stage: Stage) -> list[tuple[str, str | None, str | None, str | None]]:
    columns = feedback.c.text, feedback.c.verdict, feedback.c.question, feedback.c.answer
    units = stage.units
    assert isinstance(units, SqlUnits)
    with units.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def complaints(stage: Stage) -> list[str]:
    with stage.units() as unit:
        return [one.question for one in unit.questions.open() if one.reason == COMPLAINT]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("👍", Verdict.GOOD),
        ("有用", Verdict.GOOD),
        ("回答得不错", Verdict.GOOD),
        ("没错，很准", Verdict.GOOD),
        ("👎", Verdict.BAD),
        ("没用", Verdict.BAD),
        ("没什么用", Verdict.BAD),
        ("答得不对", Verdict.BAD),
        ("這個回答錯了", Verdict.BAD),
        ("不太准吧", Verdict.BAD),
        ("不满意", Verdict.BAD),
        ("希望增加英文版", None),
        ("我有个建议", None),
    ],
)
def test_a_verdict_is_read_and_blame_goes_before_praise(
    text: str, verdict: Verdict | None
) -> None:
    assert verdict_of(text) is verdict


def test_an_answer_offers_its_thumbs_and_an_abstention_a_person(stage: Stage) -> None:
    (answer,) = stage.tell("action_answer_policy", QUESTION)
    assert answer.payloads == ["有用", "没用"]
    (abstention,) = stage.tell("action_answer_policy", "月亮多远？")
    assert abstention.payloads == ["转人工"]


def test_an_answer_within_a_form_leaves_the_buttons_to_the_form(stage: Stage) -> None:
    stage.tell_form("注塑件翘曲变形，想找专家")
    answer = stage.interrupt("action_answer_policy", QUESTION)[0]
    assert answer.buttons == []


def test_a_thumb_down_is_kept_with_question_and_answer_and_queued_once(stage: Stage) -> None:
    stage.tell("action_answer_policy", QUESTION)
    (said,) = stage.tell("action_give_feedback", "没用")
    stage.run("action_give_feedback")  # the same message, delivered again

    assert said.response == "utter_feedback_complaint"
    assert kept(stage) == [("没用", Verdict.BAD, QUESTION, "不少于 7 人。")]
    (complaint,) = complaints(stage)
    assert QUESTION in complaint
    assert "不少于 7 人。" in complaint


def test_a_thumb_up_is_kept_and_queues_nothing(stage: Stage) -> None:
    stage.tell("action_answer_policy", QUESTION)
    (said,) = stage.tell("action_give_feedback", "👍 有用")
    assert said.response == "utter_feedback_thanks"
    assert kept(stage) == [("👍 有用", Verdict.GOOD, QUESTION, "不少于 7 人。")]
    assert complaints(stage) == []


def test_words_about_the_service_are_about_no_answer(stage: Stage) -> None:
    stage.tell("action_answer_policy", QUESTION)
    stage.tell("action_subscribe", "订阅路演")
    stage.tell("action_give_feedback", "你们服务太差")
    stage.tell("action_give_feedback", "刚才的回答不对")
    service, answer = kept(stage)
    assert service[2:] == (None, None)
    assert answer[2] == QUESTION
    assert len(complaints(stage)) == 1


def test_feedback_before_any_question_is_kept(stage: Stage) -> None:
    (said,) = stage.tell("action_give_feedback", "希望增加英文版")
    assert said.response == "utter_feedback_kept"
    assert kept(stage) == [("希望增加英文版", None, None, None)]
