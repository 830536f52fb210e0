"""What is said with no form open: facts, a yes, a cancellation, a place in a list."""

import pytest

from core.domain.documents import Answer
from tests.factories import make_citation
from tests.unit.actions.stage import Stage
from tests.unit.actions.test_reminders import CALL, COURSE, MOULDS, TOMORROW, planned

CALL_QUESTION = "揭榜挂帅项目申报什么时候截止？"


@pytest.fixture
def listed(stage: Stage) -> Stage:
    """A conversation in which events were listed and two reminders promised."""
    stage.load(TOMORROW, MOULDS, COURSE, CALL)
    stage.tell("action_list_events", "最近有什么活动")
    stage.tell("action_set_reminder", "第二个和第三个提前两小时提醒我")
    return stage


@pytest.mark.parametrize("text", ["轴承噪音大，异响", "草莓采后保鲜时间短，运到上海就烂了不少"])
def test_a_complaint_opens_the_form(stage: Stage, text: str) -> None:
    assert stage.tell("action_offer_need", text) == []
    assert stage.next_action == "any_form"


def test_a_form_opened_by_an_action_reads_what_opened_it(stage: Stage) -> None:
    stage.tell("action_offer_need", "轴承噪音大，异响")
    stage.events.append({"event": "active_loop", "name": "any_form"})
    stage.form = "any_form"

    said = [*stage.run("validate_any_form"), *stage.run("action_ask_form_answer")]

    assert stage.draft.values["problem"] == {"text": "轴承噪音大，异响"}
    assert "轴承噪音大，异响" in said[0].text


def test_facts_are_kept_and_the_form_is_offered(stage: Stage) -> None:
    (said,) = stage.tell("action_offer_need", "我们在宁波")

    assert said.response == "utter_need_offer"
    said = stage.tell_form("我要登记技术需求")[0]
    assert "浙江省宁波市" in said.text
    assert stage.asked == "problem"


def test_a_kept_fact_does_not_outlive_what_opens_the_form(stage: Stage) -> None:
    stage.tell("action_offer_need", "我们在宁波")

    stage.tell_form("我们在苏州做注塑，产品老是翘曲变形")

    assert stage.draft.values["region"]["city"] == "苏州市"


def test_a_yes_takes_the_offer(stage: Stage) -> None:
    stage.tell("action_offer_need", "预算20万")

    assert stage.tell("action_accept_offer", "好的") == []
    assert stage.next_action == "any_form"


def test_a_yes_after_an_abstention_asks_a_person_once(stage: Stage) -> None:
    stage.tell("action_answer_policy", "火星上能申报吗？")

    assert [one.response for one in stage.tell("action_accept_offer", "好的")] == [
        "utter_handoff_unattended"
    ]
    assert [one.response for one in stage.tell("action_accept_offer", "好的")] == ["utter_ok"]


def test_a_question_is_answered_once_a_turn(stage: Stage) -> None:
    stage.tell("action_answer_policy", "火星上能申报吗？")

    assert stage.run("action_answer_policy") == []


@pytest.mark.parametrize("text", ["😀😀", "1", "啊啊"])
def test_what_says_nothing_is_said_to_say_nothing(stage: Stage, text: str) -> None:
    assert [one.response for one in stage.tell("action_offer_need", text)] == [
        "utter_not_understood"
    ]


def test_words_about_events_list_them(listed: Stage) -> None:
    assert listed.tell("action_offer_need", "11月的培训")[0].response == "utter_events_list"
    assert listed.slots["events_shown"] == [COURSE.id]


@pytest.mark.parametrize("text", ["第二个在哪里", "2"])
def test_one_of_a_list_is_told_in_full(stage: Stage, text: str) -> None:
    stage.load(TOMORROW, MOULDS)
    stage.tell("action_list_events", "最近有什么活动")

    (said,) = stage.tell("action_offer_need", text)

    assert said.response == "utter_events_more"
    assert MOULDS.title in said.text
    assert TOMORROW.title not in said.text


def test_a_place_beyond_the_list_is_refused(stage: Stage) -> None:
    stage.load(TOMORROW, MOULDS)
    stage.tell("action_list_events", "最近有什么活动")

    assert stage.tell("action_out_of_scope", "第八个呢")[0].response == "utter_reminder_no_such"


@pytest.mark.parametrize(
    ("text", "left"), [("全部取消", []), ("第一个不要了", [COURSE]), ("取消模具的", [COURSE])]
)
def test_a_cancellation_takes_reminders_back(listed: Stage, text: str, left: list[object]) -> None:
    (said,) = listed.tell("action_cancel_idle", text)

    assert said.response == "utter_reminder_cancelled"
    assert [one.record_id for one in planned(listed)] == [one.id for one in left]  # type: ignore[attr-defined] # records


def test_a_bare_cancellation_right_after_asks_which(listed: Stage) -> None:
    (said,) = listed.tell("action_cancel_idle", "取消")

    assert said.response == "utter_reminder_cancel_which"
    listed.tell("action_set_reminder", "第二个")
    assert [one.record_id for one in planned(listed)] == [MOULDS.id]


def test_a_bare_cancellation_later_takes_nothing_back(listed: Stage) -> None:
    listed.tell("action_handoff", "转人工")

    (said,) = listed.tell("action_cancel_idle", "取消")

    assert said.response == "utter_need_nothing_but_reminders"
    assert len(planned(listed)) == 2


@pytest.mark.parametrize("text", ["不登记了", "取消登记"])
def test_giving_up_a_form_that_is_not_open_touches_no_reminder(listed: Stage, text: str) -> None:
    (said,) = listed.tell("action_cancel_idle", text)

    assert said.response == "utter_need_nothing_to_cancel"
    assert len(planned(listed)) == 2


def test_an_event_that_is_named_and_not_there_is_said(listed: Stage) -> None:
    (said,) = listed.tell("action_set_reminder", "提前一天提醒我参加北京的路演")

    assert said.response == "utter_events_none_on_topic"
    assert "北京" in said.text
    assert len(planned(listed)) == 2


def test_an_event_that_is_named_is_found_beyond_what_was_listed(listed: Stage) -> None:
    listed.tell("action_list_events", "最近有什么路演")

    listed.tell("action_set_reminder", "申报截止前三天提醒我")

    assert CALL.id in [one.record_id for one in planned(listed)]


def test_a_reminder_after_an_answer_is_about_what_was_asked(listed: Stage) -> None:
    listed.knowledge.answers[CALL_QUESTION] = Answer(
        question=CALL_QUESTION, text="揭榜挂帅项目申报12月截止。", citations=(make_citation(),)
    )
    listed.tell("action_answer_policy", CALL_QUESTION)

    listed.tell("action_set_reminder", "提前三天提醒我")

    assert CALL.id in [one.record_id for one in planned(listed)]


def test_a_reminder_for_yesterday_is_refused(listed: Stage) -> None:
    (said,) = listed.tell("action_set_reminder", "昨天提醒我")

    assert said.response == "utter_reminder_past"
    assert len(planned(listed)) == 2


def test_all_of_no_reminders_is_said_to_be_none(stage: Stage) -> None:
    (said,) = stage.tell("action_cancel_idle", "都取消")

    assert said.response == "utter_reminders_none"


def test_who_says_where_they_are_from_is_offered_the_form_and_goes_on_in_it(stage: Stage) -> None:
    stage.tell("action_answer_policy", "我是安阳的")
    assert stage.next_action == "action_offer_need"
    stage.run("action_offer_need")

    stage.tell("action_offer_need", "做石墨电极")

    assert stage.next_action == "any_form"
    stage.run_form()
    assert stage.draft.values["region"]["city"] == "安阳市"
    assert stage.asked == "problem"
