"""Questions: answered, abstained, or meant for the form."""

import pytest

from core.domain.documents import Answer
from tests.factories import make_citation
from tests.unit.actions.stage import Stage

QUESTION = "揭榜挂帅什么条件能申报？"
OPENING = "我们做注塑的，产品老是翘曲变形，想找专家"


def knowing(stage: Stage) -> Stage:
    stage.knowledge.answers[QUESTION] = Answer(
        question=QUESTION,
        text="成立满一年的企业可以申报。",
        citations=(make_citation(),),
        notes=("截止日期已过。",),
    )
    return stage


def test_an_answer_carries_its_citations_and_notes(stage: Stage) -> None:
    (said,) = knowing(stage).tell("action_answer_policy", QUESTION)

    assert said.custom["kind"] == "answer"
    assert said.text == "成立满一年的企业可以申报。\n截止日期已过。"
    assert said.custom["citations"][0]["quote"] == make_citation().quote
    assert said.custom["citations"][0]["start"] == make_citation().start


def test_the_question_before_goes_along_for_follow_ups(stage: Stage) -> None:
    knowing(stage).tell("action_answer_policy", QUESTION)

    stage.tell("action_answer_policy", "那什么时候截止？")

    _, history = stage.knowledge.asked[-1]
    assert [one.question for one in history] == [QUESTION]
    assert history[0].answer == "成立满一年的企业可以申报。"


def test_a_follow_up_knows_more_than_the_question_before(stage: Stage) -> None:
    for said in (QUESTION, "那什么时候截止？", "电话呢", "一共呢"):
        stage.tell("action_answer_policy", said)
    _, history = stage.knowledge.asked[-1]
    assert [one.question for one in history] == [QUESTION, "那什么时候截止？", "电话呢"]


def test_an_abstention_offers_a_person_and_is_queued(stage: Stage) -> None:
    (said,) = stage.tell("action_answer_policy", "火星上能申报吗？")

    assert said.custom["kind"] == "abstain"
    assert said.payloads == ["转人工"]
    with stage.units() as unit:
        assert [one.question for one in unit.questions.open()] == ["火星上能申报吗？"]


def test_a_statement_that_fills_the_asked_slot_is_no_question(stage: Stage) -> None:
    stage.tell_form(OPENING)

    stage.interrupt("action_answer_policy", "我们厂在苏州")

    assert stage.draft.values["region"]["city"] == "苏州市"
    assert stage.asked == "budget"
    assert stage.knowledge.asked == []


def test_a_question_in_the_form_is_answered_and_the_form_goes_on(stage: Stage) -> None:
    knowing(stage).tell_form(OPENING)

    said = stage.interrupt("action_answer_policy", QUESTION)

    assert [one.custom.get("kind") for one in said] == ["answer", "question"]


def test_a_need_taken_for_a_question_opens_the_form(stage: Stage) -> None:
    assert stage.tell("action_answer_policy", OPENING) == []

    assert stage.next_action == "any_form"
    assert stage.knowledge.asked == []


def test_what_is_open_now_is_listed(stage: Stage) -> None:
    said = stage.tell("action_answer_policy", "现在有什么榜单可以申报")

    assert [one.response for one in said] == ["utter_events_none"]
    assert stage.knowledge.asked == []


@pytest.mark.parametrize("text", ["科创中国有哪些榜单", "什么企业可以申报", "申报要什么材料"])
def test_questions_about_calls_are_answered_from_documents(stage: Stage, text: str) -> None:
    stage.tell("action_answer_policy", text)

    assert [asked for asked, _ in stage.knowledge.asked] == [text]


@pytest.mark.parametrize("text", ["我想咨询政策", "查政策", "想了解一下相关政策", "政策咨询"])
def test_a_question_without_a_subject_is_asked_for_one(stage: Stage, text: str) -> None:
    (said,) = stage.tell("action_answer_policy", text)

    assert said.response == "utter_policy_what"
    assert stage.knowledge.asked == []
