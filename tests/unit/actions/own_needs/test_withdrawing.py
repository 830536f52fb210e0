"""A need is taken back once its person was asked, and only the one that is meant."""

import pytest

from core.domain.needs import NeedStatus
from core.services.own_needs.moving import TAKEN_BACK
from tests.factories import LI, make_outbound
from tests.unit.actions.own_needs.conftest import Submit, stored
from tests.unit.actions.stage import SAID_AT, Stage

WITHDRAW = "action_withdraw_need"


def test_the_only_need_is_withdrawn_after_asking_once(stage: Stage, submit: Submit) -> None:
    need = submit()
    (sure,) = stage.tell(WITHDRAW, "撤回那个需求")
    assert sure.response == "utter_withdraw_sure"
    assert need.number in sure.text
    assert sure.payloads == [f"确认撤回 {need.number}", "不撤回了"]
    assert stored(stage, need).status is NeedStatus.SUBMITTED

    (done,) = stage.tell(WITHDRAW, f"确认撤回 {need.number}")
    assert done.response == "utter_withdrawn"
    assert need.number in done.text
    assert stored(stage, need).status is NeedStatus.WITHDRAWN
    with stage.units() as unit:
        (event,) = unit.needs.events(need.id)
    assert event.note == "撤回那个需求"


def test_within_a_form_only_words_that_name_the_need_confirm(stage: Stage, submit: Submit) -> None:
    need = submit()
    stage.tell_form("车间废水总氮不达标")
    sure = stage.interrupt(WITHDRAW, "撤回需求")[0]
    assert sure.payloads == [f"确认撤回 {need.number}"]
    stage.interrupt(WITHDRAW, sure.payloads[0])
    assert stored(stage, need).status is NeedStatus.WITHDRAWN
    assert stage.form == "any_form"


@pytest.mark.parametrize("action", ["action_accept_offer", "action_offer_need", WITHDRAW])
@pytest.mark.parametrize("yes", ["是的", "确认", "撤回吧", "确定撤回"])
def test_a_yes_in_any_words_withdraws(stage: Stage, submit: Submit, action: str, yes: str) -> None:
    need = submit()
    stage.tell(WITHDRAW, "把我的需求撤了")
    if action != WITHDRAW or yes not in {"是的", "确认"}:
        stage.tell(action, yes)
        assert stored(stage, need).status is NeedStatus.WITHDRAWN


@pytest.mark.parametrize("action", [WITHDRAW, "action_cancel_idle", "action_offer_need"])
def test_a_no_keeps_the_need(stage: Stage, submit: Submit, action: str) -> None:
    need = submit()
    stage.tell(WITHDRAW, "撤回需求")
    (said,) = stage.tell(action, "不撤回了")
    assert said.response == "utter_withdraw_kept"
    assert stored(stage, need) == need
    # The question is forgotten: a later yes means something else.
    stage.tell("action_accept_offer", "是的")
    assert stored(stage, need) == need


def test_a_yes_to_something_said_later_withdraws_nothing(stage: Stage, submit: Submit) -> None:
    need = submit()
    stage.tell(WITHDRAW, "撤回需求")
    stage.tell("action_subscribe", "订阅路演")
    stage.tell("action_accept_offer", "好的")
    assert stored(stage, need) == need


def test_a_confirmation_that_was_not_asked_for_is_asked_for(stage: Stage, submit: Submit) -> None:
    need = submit()
    (said,) = stage.tell(WITHDRAW, f"确认撤回 {need.number}")
    assert said.response == "utter_withdraw_sure"
    assert stored(stage, need) == need


@pytest.mark.parametrize("answer", ["第二个", "2", "{number}", "注塑那个", "撤回 {number}"])
def test_of_several_the_one_that_is_named_is_withdrawn(
    stage: Stage, submit: Submit, answer: str
) -> None:
    first, second = submit(), submit("废水总氮不达标")
    (which,) = stage.tell(WITHDRAW, "撤回需求")
    assert which.response == "utter_withdraw_which"
    assert which.payloads == [f"撤回 {second.number}", f"撤回 {first.number}"]

    text = answer.format(number=first.number)
    action = WITHDRAW if text.startswith("撤回") else "action_offer_need"
    (sure,) = stage.tell(action, text)
    assert sure.response == "utter_withdraw_sure"
    assert first.number in sure.text
    stage.tell("action_accept_offer", "确认")
    assert stored(stage, first).status is NeedStatus.WITHDRAWN
    assert stored(stage, second) == second


def test_all_may_be_withdrawn_at_once(stage: Stage, submit: Submit) -> None:
    needs = submit(), submit("废水总氮不达标")
    stage.tell(WITHDRAW, "全部撤回")
    (done,) = stage.tell("action_accept_offer", "对")
    assert all(need.number in done.text for need in needs)
    assert all(stored(stage, need).status is NeedStatus.WITHDRAWN for need in needs)


def test_words_for_something_else_do_not_choose(stage: Stage, submit: Submit) -> None:
    needs = submit(), submit("废水总氮不达标")
    stage.tell(WITHDRAW, "撤回需求")
    (said,) = stage.tell("action_accept_match", "对接第一个")
    assert said.response == "utter_own_need_no_matches"
    assert {stored(stage, need).status for need in needs} == {NeedStatus.SUBMITTED}


def test_what_is_withdrawn_already_is_said_plainly(stage: Stage, submit: Submit) -> None:
    need = submit()
    for text in ("撤回需求", f"确认撤回 {need.number}"):
        stage.tell(WITHDRAW, text)
    (again,) = stage.run(WITHDRAW)  # the same message, delivered twice
    assert again.response == "utter_own_need_ended"
    assert "已撤回" in again.text
    assert stage.tell(WITHDRAW, "撤回需求")[0].response == "utter_own_needs_all_ended"
    with stage.units() as unit:
        assert len(unit.needs.events(need.id)) == 1


def test_what_was_to_be_told_of_it_is_taken_back_and_operators_hear(
    stage: Stage, submit: Submit
) -> None:
    need = submit()
    stage.tell("action_ask_matches", "推荐怎么样")
    stage.tell("action_accept_match", "对接第1个")
    with stage.units() as unit:
        unit.outbox.put(make_outbound(key=f"need:{need.id}:published"), SAID_AT)
        unit.commit()
    stage.tell(WITHDRAW, "问题已经解决了，需求撤了吧")
    stage.tell("action_accept_offer", "是的")
    with stage.units() as unit:
        assert unit.outbox.queued(LI) == []
        assert [one.reason for one in unit.questions.open()][-1] == TAKEN_BACK
        assert need.number in unit.questions.open()[-1].question
