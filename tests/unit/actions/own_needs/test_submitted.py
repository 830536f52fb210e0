"""What was handed in by other forms is listed with the needs, told, and taken back."""

import pytest

from actions.forms.storing import filled_form
from core.domain.conversations import Address
from core.domain.submissions import Submission, SubmissionStatus
from core.services.submissions import SubmitForm
from tests.factories import LI, WANG
from tests.unit.actions.forms.telling import Telling
from tests.unit.actions.forms.test_engine import WHOLE
from tests.unit.actions.own_needs.conftest import Submit, stored
from tests.unit.actions.stage import Stage

LIST, WITHDRAW = "action_list_needs", "action_withdraw_need"


def hand_in(stage: Stage, form: str = "expert", address: Address = LI) -> Submission:
    telling = Telling(form)
    telling.say(*WHOLE[form])
    filled = filled_form(telling.form, telling.now)
    submit = SubmitForm(units=stage.units, clock=stage.clock)
    return submit(filled, address=address, key=f"web:{address.user}:{form}")


def status(stage: Stage, one: Submission) -> SubmissionStatus:
    with stage.units() as unit:
        return unit.submissions.get(one.id).status


def test_needs_and_submissions_are_listed_together(stage: Stage, submit: Submit) -> None:
    need, expert = submit(), hand_in(stage)
    hand_in(stage, "team", WANG)
    (listed,) = stage.tell(LIST, "我提交的")
    assert listed.response == "utter_own_needs_list"
    assert "2 条" in listed.text
    assert need.number in listed.text
    assert f"{expert.number} {expert.filled.title}\n   已提交，等工作人员审核" in listed.text

    (told,) = stage.tell(LIST, f"{expert.number} 到哪一步了")
    assert "周启明" in told.text
    assert told.payloads == [f"撤回 {expert.number}"]


def test_the_only_submission_is_told_by_itself(stage: Stage) -> None:
    expert = hand_in(stage)
    (told,) = stage.tell(LIST, "我的登记")
    assert expert.number in told.text


@pytest.mark.parametrize("text", ["撤回 {number}", "撤回我登记的专家", "撤回 zj 2026 000001 "])
def test_a_submission_is_withdrawn_after_asking_once(
    stage: Stage, submit: Submit, text: str
) -> None:
    need, expert = submit(), hand_in(stage)
    asked = text.format(number=expert.number).replace("zj 2026 000001", expert.number.lower())
    (sure,) = stage.tell(WITHDRAW, asked)
    assert sure.response == "utter_withdraw_form_sure"
    assert status(stage, expert) is SubmissionStatus.SUBMITTED

    (done,) = stage.tell("action_accept_offer", "是的")
    assert done.response == "utter_withdrawn_form"
    assert expert.number in done.text
    assert status(stage, expert) is SubmissionStatus.WITHDRAWN
    assert stored(stage, need) == need
    with stage.units() as unit:
        assert unit.outbox.queued(LI) == [], "it was said in the conversation"
    assert stage.tell(WITHDRAW, sure.payloads[0])[0].response == "utter_own_need_ended"


def test_a_published_one_leaves_the_library(stage: Stage) -> None:
    expert = hand_in(stage)
    stage.decide(expert.id, SubmissionStatus.ACCEPTED)
    stage.tell(WITHDRAW, f"撤回 {expert.number}")
    stage.tell(WITHDRAW, f"确认撤回 {expert.number}")
    with stage.units() as unit:
        (record,) = [one for one in unit.records.list() if one.external_id == expert.number]
    assert record.withdrawn


def test_words_about_needs_mean_no_submission(stage: Stage, submit: Submit) -> None:
    need, expert = submit(), hand_in(stage)
    (sure,) = stage.tell(WITHDRAW, "撤回需求")
    assert need.number in sure.text
    assert expert.number not in sure.text


def test_nobody_elses_is_withdrawn(stage: Stage) -> None:
    others, own = hand_in(stage, "team", WANG), hand_in(stage)
    (said,) = stage.tell(WITHDRAW, f"撤回 {others.number}")
    assert said.response == "utter_own_needs_no_such"
    assert status(stage, others) is SubmissionStatus.SUBMITTED
    assert status(stage, own) is SubmissionStatus.SUBMITTED


def test_one_that_was_refused_cannot_be_withdrawn(stage: Stage) -> None:
    expert = hand_in(stage)
    stage.decide(expert.id, SubmissionStatus.REFUSED)
    (said,) = stage.tell(WITHDRAW, f"撤回 {expert.number}")
    assert said.response == "utter_own_need_ended"
    assert "没有通过审核" in said.text
