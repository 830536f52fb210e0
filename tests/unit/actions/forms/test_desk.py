"""Forms among others: opened by their words, put aside, offered again, kept over silence."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.records import Library
from core.domain.submissions import Submission
from tests.factories import LI
from tests.unit.actions.stage import Stage
from tests.unit.actions.test_reminders import CALL

OPENING = "我们做注塑的，产品老是翘曲变形，想找专家"
EXPERT = (
    "周启明",
    "江南工程大学",
    "教授",
    "研究注塑成型工艺，擅长翘曲变形",
    "注塑",
    "江苏",
    "技术咨询",
    "13800001234",
    "同意公开",
)


def handed_in(stage: Stage) -> list[Submission]:
    with stage.units() as unit:
        return unit.submissions.newest(10)


def opened(stage: Stage, text: str) -> Stage:
    """A form opened by the words for it, as Rasa goes on after `action_open_form`."""
    stage.tell("action_open_form", text)
    assert stage.next_action == "any_form"
    stage.run_form()
    return stage


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("发布成果", "project"),
        ("实验室有个专利想许可出去", "project"),
        ("科技服务团注册", "team"),
        ("我想加入专家库", "expert"),
        ("注册技术经理人", "broker"),
        ("成果评价", "evaluation"),
        ("我要揭榜", "bid"),
        ("創新力自評", "self_assessment"),
        ("创新力自评", "self_assessment"),
        ("我要登记技术需求", "need"),
    ],
)
def test_a_form_is_opened_by_its_words(stage: Stage, text: str, form: str) -> None:
    stage.load(CALL)
    assert opened(stage, text).draft.form == form


def test_words_that_name_no_form_are_asked_which_with_all_of_them(stage: Stage) -> None:
    (said,) = stage.tell("action_open_form", "我要登记")

    assert said.custom["kind"] == "question"
    assert "专家登记" in said.payloads
    assert stage.form is None


@pytest.mark.parametrize(
    "text", ["成果评价需要什么材料", "揭榜挂帅项目的申报条件", "专家库入库有哪些要求"]
)
def test_a_question_about_a_form_opens_none(stage: Stage, text: str) -> None:
    stage.tell("action_answer_policy", text)

    assert stage.next_action is None
    assert [asked for asked, _ in stage.knowledge.asked] == [text]


def test_an_expert_is_handed_in_once_with_a_number_and_nothing_public_but_what_was_agreed(
    stage: Stage,
) -> None:
    opened(stage, "登记专家")
    for text in EXPERT:
        stage.tell_form(text)
    assert stage.asked == "confirm"

    said = stage.tell_form("确认提交")

    (one,) = handed_in(stage)
    assert one.number in said[0].text
    assert one.key == f"web:m{stage.spoken}"
    assert one.filled.record is not None
    assert one.filled.record.title == "周启明"
    assert "13800001234" not in str(one.filled.record)
    agreed = next(entry for entry in one.filled.entries if entry.name == "consent")
    assert agreed.value["agreed"].startswith("同意把姓名")
    assert stage.slots["form_draft"] is None


def test_a_self_assessment_tells_its_result_and_is_kept(stage: Stage) -> None:
    opened(stage, "创新力自评")
    for _ in range(7):
        stage.tell_form("第二个")
    said = stage.tell_form("第二个")

    (one,) = handed_in(stage)
    assert said[0].custom["kind"] == "card"
    assert "分（满分 100 分）" in said[0].text
    assert one.number in said[1].text


def test_another_form_puts_the_open_one_aside_and_it_is_offered_again(stage: Stage) -> None:
    stage.tell_form(OPENING)

    stage.tell_form("登记技术经理人", intent="open_form")
    assert stage.draft.form == "broker"

    said = stage.tell("action_cancel_form", "取消")
    assert "已取消" in said[0].text
    assert "翘曲变形" in said[1].text
    assert (stage.draft.form, stage.asked) == ("need", "return")
    assert stage.asked_after("继续填写") == "region"


def test_after_handing_in_the_one_put_aside_is_offered(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("创新力自评", intent="open_form")
    for _ in range(7):
        stage.tell_form("第一个")
    said = stage.tell_form("第一个")

    assert "技术需求还没填完" in said[-1].text
    assert stage.tell_form("放弃登记")[0].text.startswith("好的，已取消")
    assert stage.form is None


def test_a_form_asked_for_again_is_the_one_that_was_put_aside(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("登记专家", intent="open_form")

    stage.tell_form("我要登记技术需求", intent="submit_need")

    assert (stage.draft.form, stage.asked) == ("need", "return")
    assert stage.draft.values["problem"] == {"text": "产品老是翘曲变形"}


def test_an_answer_that_names_another_form_is_an_answer(stage: Stage) -> None:
    opened(stage, "登记科技服务团")

    stage.tell_form("江苏专家服务团")

    assert stage.draft.form == "team"
    assert stage.draft.values["title"] == {"text": "江苏专家服务团"}


def test_days_later_a_greeting_is_answered_and_the_unfinished_form_told(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.clock.advance(timedelta(days=3))

    said = stage.interrupt("action_list_reminders", "我的提醒")

    assert stage.asked == "return"
    assert "技术需求还没填完" in said[-1].text
    assert "产品老是翘曲变形" in said[-1].text


def test_a_new_session_keeps_the_open_form_and_what_was_remembered(stage: Stage) -> None:
    stage.tell_form(OPENING)
    before = dict(stage.slots)

    result = asyncio.run(stage.executor.run(stage._call("action_session_start")))

    assert result is not None
    events = result.events
    assert [one["event"] for one in events[:1] + events[-1:]] == ["session_started", "action"]
    kept = {one["name"]: one["value"] for one in events if one["event"] == "slot"}
    assert kept == {name: value for name, value in before.items() if value is not None}
    assert {"event": "active_loop", "name": "any_form", "timestamp": None} in events


def test_what_the_quick_replies_say_is_known_to_the_policy(stage: Stage) -> None:
    opened(stage, "创新力自评")

    assert stage.slots["form_expected"] == [
        "没有专职研发人员",
        "不到10%",
        "10%到30%",
        "30%以上",
    ]


def test_what_fills_the_asked_field_is_no_question_to_the_documents(stage: Stage) -> None:
    opened(stage, "登记专家")
    stage.tell_form("周启明")

    stage.interrupt("action_answer_policy", "江南工程大学")

    assert stage.draft.values["organisation"] == {"text": "江南工程大学"}
    assert stage.asked == "position"
    assert stage.knowledge.asked == []


def test_an_answer_that_names_another_field_is_no_chatter(stage: Stage) -> None:
    opened(stage, "科技服务团注册")

    stage.tell("action_out_of_scope", "成员有李洁、王强，一共8人")

    assert stage.draft.values["members"] == {"names": ["李洁", "王强"], "count": 8}
    assert stage.draft.asked == "title", stage.draft.values


def test_without_an_open_call_nothing_is_asked_and_the_next_one_is_offered(stage: Stage) -> None:
    (said,) = stage.tell("action_open_form", "我要揭榜")

    assert said.custom["kind"] == "notice"
    assert "没有正在受理的申报与榜单" in said.text
    assert stage.next_action is None
    assert said.payloads == ["订阅申报与榜单"]
    stage.tell("action_subscribe", said.payloads[0])
    with stage.units() as unit:
        (one,) = unit.subscriptions.of(LI)
    assert one.interest.libraries == (Library.CALLS,)
