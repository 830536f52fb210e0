"""Matches are wanted or not: once, for good, with a reason, through the operators."""

from dataclasses import replace

import pytest

from core.domain.matching.pairings import Pairing, PairingState
from core.domain.needs import Contact, Need, NeedStatus
from core.services.own_needs.offers import WANTED
from tests.factories import LI
from tests.unit.actions.own_needs.conftest import WU, ZHANG, Submit, stored
from tests.unit.actions.stage import Said, Stage

ACCEPT, DECLINE = "action_accept_match", "action_decline_match"


def at(stage: Stage, record_id: str) -> int:
    """The place of a record in the list shown."""
    with stage.units() as unit:
        (need,) = unit.needs.of(LI)
    return [str(one) for one in need.offered].index(record_id) + 1


def answers(stage: Stage, need: Need) -> list[Pairing]:
    with stage.units() as unit:
        return [one for one in unit.pairings.of(need.id) if one.answered_at]


def requests(stage: Stage) -> list[str]:
    with stage.units() as unit:
        return [one.question for one in unit.questions.open() if one.reason == WANTED]


@pytest.fixture
def need(stage: Stage, submit: Submit) -> Need:
    """A need whose matches were shown."""
    submitted = submit()
    stage.tell("action_ask_matches", "有没有合适的")
    return stored(stage, submitted)


@pytest.mark.parametrize(
    "text",
    [
        "对接第{n}个",
        "就第{n}个吧，帮我联系",
        "对接{n}",
        "帮我联系张教授的团队",
        "张明教授团队挺合适",
    ],
)
def test_the_match_that_is_meant_is_handed_to_operators_with_the_contact(
    stage: Stage, need: Need, text: str
) -> None:
    (said,) = stage.tell(ACCEPT, text.format(n=at(stage, ZHANG.id)))

    assert said.response == "utter_match_accepted"
    assert "13800000000" in said.text
    assert ZHANG.title in said.text
    (request,) = requests(stage)
    for part in (need.number, ZHANG.title, ZHANG.id, "13800000000", "李工"):
        assert part in request
    assert stored(stage, need).status is NeedStatus.IN_TALKS
    assert [
        (one.record_id, one.state is PairingState.ACCEPTED) for one in answers(stage, need)
    ] == [(ZHANG.id, True)]


def test_the_same_message_twice_is_one_request(stage: Stage, need: Need) -> None:
    stage.tell(ACCEPT, "对接第一个")
    stage.run(ACCEPT)
    stage.tell(ACCEPT, "对接第一个")
    assert len(requests(stage)) == len(answers(stage, need)) == 1


def test_two_may_be_wanted(stage: Stage, need: Need) -> None:
    stage.tell(ACCEPT, "第一个和第二个都对接")
    assert len(requests(stage)) == 2
    assert stored(stage, need).status is NeedStatus.IN_TALKS


def test_which_is_asked_when_that_is_not_plain(stage: Stage, need: Need) -> None:
    (which,) = stage.tell(ACCEPT, "帮我对接")
    assert which.response == "utter_accept_which"
    assert which.payloads == ["对接第1个", "对接第2个"]
    assert stored(stage, need) == need
    stage.tell("action_offer_need", "第二个")
    assert len(requests(stage)) == 1


def test_another_persons_name_or_place_is_not_taken_for_one_shown(
    stage: Stage, need: Need
) -> None:
    assert stage.tell(ACCEPT, "跟李教授对接")[0].response == "utter_accept_which"
    assert stage.tell(ACCEPT, "对接第九个")[0].response == "utter_match_no_such"
    assert requests(stage) == []
    assert stored(stage, need) == need


def test_what_was_never_shown_is_shown_first(stage: Stage, submit: Submit) -> None:
    need = submit()
    (said,) = stage.tell(ACCEPT, "对接第二个")
    assert said.response == "utter_own_need_matches"
    assert stored(stage, need).status is NeedStatus.SUBMITTED


def test_who_left_no_contact_is_asked_for_one(stage: Stage, submit: Submit) -> None:
    need = submit(contact=None)
    stage.tell("action_ask_matches", "推荐怎么样")
    (said,) = stage.tell(ACCEPT, "对接第一个")
    assert said.response == "utter_match_accepted_contact"

    (kept,) = stage.tell("action_offer_need", "王工 13900001111")
    assert kept.response == "utter_supplemented"
    assert stored(stage, need).draft.contact == Contact(name="王工", phone="13900001111")


def test_what_is_declined_is_asked_why_once_and_never_comes_back(stage: Stage, need: Need) -> None:
    (why,) = stage.tell(DECLINE, f"第{at(stage, WU.id)}个不感兴趣")
    assert why.response == "utter_declined_why"
    assert [one["title"] for one in why.buttons] == ["太远", "太贵", "不对口", "已解决", "其他"]
    assert [
        (a.record_id, a.state is PairingState.ACCEPTED, a.reason) for a in answers(stage, need)
    ] == [(WU.id, False, "")]

    (thanks,) = stage.tell(DECLINE, why.payloads[0])
    assert thanks.response == "utter_declined"
    assert [one.reason for one in answers(stage, need)] == [why.payloads[0]]
    stage.tell("action_ask_matches", "还有别的推荐吗")
    assert stored(stage, need).offered == (ZHANG.id,)
    assert stored(stage, need).status is NeedStatus.SUBMITTED


@pytest.mark.parametrize("action", ["action_offer_need", "action_answer_policy", DECLINE])
def test_a_reason_in_own_words_is_kept(stage: Stage, need: Need, action: str) -> None:
    stage.tell(DECLINE, "第一个不合适")
    stage.tell(action, "他们没资质")
    assert [one.reason for one in answers(stage, need)] == ["他们没资质"]


def test_a_reason_said_at_once_is_not_asked_for(stage: Stage, need: Need) -> None:
    (said,) = stage.tell(DECLINE, "第二个太远了")
    assert said.response == "utter_declined"
    assert [one.reason for one in answers(stage, need)] == ["第二个太远了"]


def test_the_reason_may_be_passed_over(stage: Stage, need: Need) -> None:
    stage.tell(DECLINE, "第二个不合适")
    stage.tell("action_list_events", "最近有什么活动")
    stage.tell("action_offer_need", "我们在杭州")
    assert [one.reason for one in answers(stage, need)] == [""]


def test_of_several_which_is_asked_and_all_may_be_meant(stage: Stage, need: Need) -> None:
    (which,) = stage.tell(DECLINE, "不感兴趣")
    assert which.payloads == ["第1个不感兴趣", "第2个不感兴趣", "都不感兴趣"]
    assert answers(stage, need) == []
    stage.tell(DECLINE, "都不感兴趣")
    assert len(answers(stage, need)) == 2
    assert stage.tell("action_ask_matches", "推荐怎么样")[0].response == (
        "utter_own_need_no_matches"
    )


def test_a_solved_need_may_be_withdrawn(stage: Stage, need: Need) -> None:
    stage.tell(DECLINE, "第一个不合适")
    (said,) = stage.tell(DECLINE, "已解决，不感兴趣")
    assert said.response == "utter_declined_solved"
    assert said.payloads[0] == f"撤回 {need.number}"


def test_who_changes_their_mind_is_heard(stage: Stage, need: Need) -> None:
    stage.tell(DECLINE, "第一个太贵了")
    stage.tell(ACCEPT, "还是对接第一个吧")
    assert [one.state is PairingState.ACCEPTED for one in answers(stage, need)] == [True]


def test_nothing_is_begun_for_a_need_that_was_withdrawn_meanwhile(
    stage: Stage, need: Need
) -> None:
    stage.tell("action_withdraw_need", "撤回需求")
    stage.tell("action_accept_offer", "是的")
    said: list[Said] = [
        *stage.tell(ACCEPT, "对接第一个"),
        *stage.tell(DECLINE, "第一个太远"),
    ]
    assert [one.response for one in said] == ["utter_own_need_ended"] * 2
    assert requests(stage) == []
    assert answers(stage, need) == []


def test_a_record_that_is_gone_is_said_and_others_shown(stage: Stage, need: Need) -> None:
    gone = at(stage, ZHANG.id)
    with stage.units() as unit:
        unit.records.put(replace(ZHANG, withdrawn=True))
        unit.commit()
    said = stage.tell(ACCEPT, f"对接第{gone}个")
    assert [one.response for one in said] == ["utter_match_gone", "utter_own_need_matches"]
    assert stored(stage, need).status is NeedStatus.SUBMITTED
