"""What is added to a need is read, said back in absolute form, and stored with its history."""

from decimal import Decimal

import pytest

from core.domain.needs import Contact, NeedStatus
from tests.factories import make_record
from tests.unit.actions.own_needs.conftest import Submit, stored
from tests.unit.actions.stage import Stage

SUPPLEMENT = "action_supplement_need"


def test_a_changed_budget_is_said_back_and_stored_with_what_it_was(
    stage: Stage, submit: Submit
) -> None:
    need = submit()
    (said,) = stage.tell(SUPPLEMENT, "上次那个需求预算改成80万")
    stage.run(SUPPLEMENT)  # the same message, delivered twice

    assert said.response == "utter_supplemented"
    assert "预算：80万元" in said.text
    assert need.number in said.text
    after = stored(stage, need).draft
    assert after.budget is not None
    assert after.budget.max == Decimal(800000)
    assert after.problem == need.draft.problem
    with stage.units() as unit:
        (event,) = unit.needs.events(need.id)
    assert event.replaced == need.draft
    assert event.note == "上次那个需求预算改成80万"


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("补充一下，要求耐温600度", "要求耐温600度"),
        ("需求补充：还要能在户外用十年，预算改到80万", "还要能在户外用十年"),
        ("补充一点：工件直径不超过3毫米", "工件直径不超过3毫米"),
        ("给上次的需求补充几句：设备要能连续运行", "设备要能连续运行"),
    ],
)
def test_words_are_added_to_the_problem_as_they_were_said(
    stage: Stage, submit: Submit, text: str, added: str
) -> None:
    need = submit()
    (said,) = stage.tell(SUPPLEMENT, text)
    problem = f"注塑产品翘曲变形；{added}"
    assert stored(stage, need).draft.problem == problem
    assert problem in said.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("之前那个需求的时间改到年底", "2026年12月31日（星期四）"),
        ("已提交的需求，地点改到苏州", "江苏省苏州市"),
        ("联系电话改成13800001111", "李工，电话 13800001111"),
        ("上次的需求合作方式再加一个联合研发", "技术咨询、联合研发"),
    ],
)
def test_facts_are_read_and_said_back_in_full(
    stage: Stage, submit: Submit, text: str, shown: str
) -> None:
    need = submit()
    (said, *_) = stage.tell(SUPPLEMENT, text)
    assert shown.replace("，", "、") in said.text.replace("，", "、")
    assert stored(stage, need).draft.problem == need.draft.problem


def test_which_need_is_asked_when_there_are_several(stage: Stage, submit: Submit) -> None:
    first, second = submit(), submit("废水总氮不达标")
    (which,) = stage.tell(SUPPLEMENT, "补充一下，预算改成80万")
    assert which.response == "utter_supplement_which"
    assert stored(stage, first) == first
    (said,) = stage.tell("action_offer_need", "第二个")
    assert said.response == "utter_supplemented"
    assert stored(stage, first).draft != first.draft
    assert stored(stage, second) == second


@pytest.mark.parametrize(
    "text", ["我要补充一下", "补充一下上次的需求", "上次的需求里漏了一个指标", "补充需求"]
)
def test_who_says_nothing_yet_is_asked_what_to_add(
    stage: Stage, submit: Submit, text: str
) -> None:
    need = submit()
    (what,) = stage.tell(SUPPLEMENT, text)
    assert what.response == "utter_supplement_what"
    assert stored(stage, need) == need
    (said,) = stage.tell("action_offer_need", "表面不能有划痕")
    assert said.response == "utter_supplemented"
    assert stored(stage, need).draft.problem == "注塑产品翘曲变形；表面不能有划痕"


def test_a_field_without_a_value_is_asked_for(stage: Stage, submit: Submit) -> None:
    need = submit()
    (what,) = stage.tell(SUPPLEMENT, "上次登记的需求改一下预算")
    assert what.response == "utter_supplement_field"
    assert "预算" in what.text
    stage.tell("action_offer_need", "九十万")
    budget = stored(stage, need).draft.budget
    assert budget is not None
    assert budget.max == Decimal(900000)


def test_what_is_doubtful_is_asked_and_not_guessed(stage: Stage, submit: Submit) -> None:
    need = submit()
    (unit,) = stage.tell(SUPPLEMENT, "预算改成80")
    assert unit.response == "utter_supplement_budget"
    assert unit.payloads == ["80万元", "80元"]
    assert stored(stage, need) == need
    stage.tell("action_offer_need", "万")
    budget = stored(stage, need).draft.budget
    assert budget is not None
    assert budget.max == Decimal(800000)

    (past,) = stage.tell(SUPPLEMENT, "时间改到2026年10月1日前")
    assert past.response == "utter_supplement_deadline"
    assert "2026年10月1日" in past.text
    (phone,) = stage.tell(SUPPLEMENT, "电话改成1380000111")
    assert phone.response == "utter_supplement_phone"
    stage.tell("action_offer_need", "13800001112")
    assert stored(stage, need).draft.contact == Contact(name="李工", phone="13800001112")


def test_nothing_new_is_said_so(stage: Stage, submit: Submit) -> None:
    submit()
    stage.tell(SUPPLEMENT, "预算改成80万")
    (said,) = stage.tell(SUPPLEMENT, "预算改成80万")
    assert said.response == "utter_supplement_known"


def test_other_matches_are_shown_at_once(stage: Stage, submit: Submit) -> None:
    need = submit()
    far = make_record("四川模具专家", external_id="far", region="四川省")
    with stage.units() as unit:
        records = unit.records.list()
    stage.load(*records, far)
    said = stage.tell(SUPPLEMENT, "地点改到成都")
    assert [one.response for one in said] == ["utter_supplemented", "utter_own_need_matches"]
    assert far.id in stored(stage, need).offered


def test_an_ended_need_takes_no_supplement(stage: Stage, submit: Submit) -> None:
    need = submit()
    stage.tell("action_withdraw_need", "撤回需求")
    stage.tell("action_accept_offer", "是的")
    (said,) = stage.tell(SUPPLEMENT, f"{need.number} 的预算改成50万")
    assert said.response == "utter_own_need_ended"
    assert stored(stage, need).status is NeedStatus.WITHDRAWN
    assert stored(stage, need).draft == need.draft


def test_in_an_open_form_answers_belong_to_the_form(stage: Stage, submit: Submit) -> None:
    need = submit()
    stage.tell(SUPPLEMENT, "补充一下上次的需求")
    stage.tell_form("车间废水总氮不达标")
    stage.tell_form("化工")
    assert stored(stage, need) == need


def test_an_answer_understood_as_a_new_need_is_an_answer_all_the_same(
    stage: Stage, submit: Submit
) -> None:
    need = submit()
    stage.tell(SUPPLEMENT, "补充需求")
    (said,) = stage.tell("action_open_need", "出水还要能回用，现在膜老是堵")
    assert said.response == "utter_supplemented"
    assert stage.next_action == "action_listen"  # no form opens
    assert "膜老是堵" in (stored(stage, need).draft.problem or "")


def test_a_new_need_is_no_supplement(stage: Stage, submit: Submit) -> None:
    need = submit()
    stage.tell(SUPPLEMENT, "补充需求")
    assert stage.tell("action_open_need", "再登记一个新需求") == []
    assert stage.next_action is None
    assert stored(stage, need) == need


def test_a_yes_after_a_supplement_takes_no_older_offer(stage: Stage, submit: Submit) -> None:
    submit()
    stage.tell("action_offer_need", "我们在宁波")
    stage.tell("action_supplement_need", "补充一下上次的需求")
    stage.tell("action_offer_need", "预算80万")  # answers what was asked
    (said,) = stage.tell("action_accept_offer", "好的")
    assert said.response == "utter_ok"
    assert stage.next_action != "any_form"
