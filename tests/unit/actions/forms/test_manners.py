"""The need form among people: doubts kept, chatter, second words, handing in early."""

import pytest

from tests.unit.actions.stage import Stage

OPENING = "我们做注塑的，产品老是翘曲变形，想找专家"
DECLINED = {"declined": True}


def asking(stage: Stage, field: str) -> Stage:
    """The form at the question for a field, with a region given."""
    stage.tell_form(OPENING)
    stage.tell_form("苏州")
    for _ in range(5):
        if stage.asked == field:
            return stage
        stage.tell_form("跳过")
    raise AssertionError(stage.slots["requested_slot"])


@pytest.mark.parametrize("field", ["budget", "deadline"])
@pytest.mark.parametrize("text", ["都可以", "随便", "可以不填吗"])
def test_anything_goes_leaves_a_field_open(stage: Stage, field: str, text: str) -> None:
    asking(stage, field).tell_form(text)

    assert stage.draft.values[field] == DECLINED


def test_no_hurry_leaves_the_deadline_open(stage: Stage) -> None:
    asking(stage, "deadline").tell_form("尽快")

    assert stage.draft.values["deadline"] == DECLINED


def test_a_budget_named_open_is_taken_at_any_question(stage: Stage) -> None:
    asking(stage, "deadline").tell_form("预算20万")
    stage.tell_form("预算改成面议")

    assert stage.draft.values["budget"] == DECLINED


def test_a_salary_is_no_budget(stage: Stage) -> None:
    said = asking(stage, "budget").tell_form("年薪50万")

    assert len(said) == 1
    assert stage.asked == "budget.unclear"


def test_what_was_not_asked_for_is_said_back(stage: Stage) -> None:
    said = asking(stage, "budget").tell_form("王敏 13800138000")

    assert "王敏" in said[0].text
    assert stage.asked == "budget"


def test_a_day_is_said_back_as_a_date(stage: Stage) -> None:
    said = asking(stage, "deadline").tell_form("三个月内")

    assert "2027年2月21日（星期日）" in said[0].text


@pytest.mark.parametrize("text", ["上个月底", "上周五", "昨天"])
def test_a_day_behind_is_asked_back(stage: Stage, text: str) -> None:
    said = asking(stage, "deadline").tell_form(text)

    assert len(said) == 1
    assert stage.asked == "deadline.past"


def test_a_doubt_outlives_an_interruption(stage: Stage) -> None:
    asking(stage, "contact").tell_form("孙工")

    stage.interrupt("action_list_reminders", "我的提醒")

    assert stage.asked == "contact.reach"


def test_what_an_interruption_said_is_not_said_again(stage: Stage) -> None:
    asking(stage, "budget").tell_form("王敏 13800138000")

    said = stage.interrupt("action_list_reminders", "我的提醒")

    assert [one.response for one in said] == ["utter_reminders_none", ""]
    assert stage.asked == "budget"


@pytest.mark.parametrize("text", ["提交吧", "确认提交", "就这些", "就这样", "好的提交"])
def test_a_need_can_be_handed_in_early(stage: Stage, text: str) -> None:
    stage.tell_form(OPENING)

    (card,) = stage.tell_form(text)

    assert card.custom["kind"] == "confirm"
    assert stage.draft.values["budget"] == DECLINED


def test_a_need_without_a_problem_cannot_be_handed_in(stage: Stage) -> None:
    stage.tell_form("我要登记技术需求")

    assert len(stage.tell_form("提交")) == 1

    assert stage.asked == "problem.unclear"


def test_a_second_word_on_the_trade_adds_to_the_first(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("家电配件")

    assert stage.draft.values["industry"] == {
        "labels": ["高端装备制造", "新材料"],
        "raw": "注塑、家电",
    }


def test_the_trade_said_again_is_no_riddle(stage: Stage) -> None:
    stage.tell_form(OPENING)

    assert len(stage.tell_form("做注塑的")) == 1

    assert stage.asked == "region"


@pytest.mark.parametrize(
    "text", ["/restart", "<script>alert(1)</script>", "你们上班时间", "不知道你在说啥", "DROP"]
)
def test_no_problem_is_made_of_what_is_none(stage: Stage, text: str) -> None:
    stage.tell_form("我要登记技术需求")

    stage.tell_form(text)

    assert not stage.draft.values.get("problem")


def test_no_trade_is_made_of_a_word_to_the_assistant(stage: Stage) -> None:
    stage.tell_form("产品老是起皮脱落")

    stage.tell_form("不知道你在说啥")

    assert not stage.draft.values.get("industry")


def test_what_states_a_problem_is_not_out_of_scope(stage: Stage) -> None:
    stage.tell_form("我要登记技术需求")

    said = stage.interrupt("action_out_of_scope", "镀铬层起皮脱落")

    assert stage.draft.values["problem"] == {"text": "镀铬层起皮脱落"}
    assert "utter_out_of_scope" not in [one.response for one in said]


def test_chatter_fills_nothing(stage: Stage) -> None:
    stage.tell_form("产品老是起皮脱落")

    said = stage.interrupt("action_out_of_scope", "讲个笑话")

    assert said[0].response == "utter_out_of_scope"
    assert not stage.draft.values.get("industry")


def test_a_name_that_is_changed_is_taken(stage: Stage) -> None:
    asking(stage, "contact").tell_form("王强 13811112222")
    stage.tell_form("联系人换成李丽 13911112222")

    assert stage.draft.values["contact"]["name"] == "李丽"
    assert stage.draft.values["contact"]["phone"] == "13911112222"


def test_a_shift_without_a_day_asks_for_the_day(stage: Stage) -> None:
    asking(stage, "contact").tell_form("王强 13811112222")

    assert stage.asked_after("时间往后推") == "deadline.change"


def test_a_bare_duration_is_a_deadline_at_any_question(stage: Stage) -> None:
    asking(stage, "budget").tell_form("半个月")

    assert stage.draft.values["deadline"]["iso"] == "2026-12-06"
    assert stage.asked == "budget"
