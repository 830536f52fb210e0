"""While a person has the word the bot has not, and every message comes to whom it is meant for."""

from datetime import timedelta

import pytest

from core.domain.conversations import InboundState, MessageKind
from core.domain.handoffs import HandoffState, Step
from core.ports.unit_of_work import Units
from core.services.conversations import LEASE, PATIENCE, PAUSE
from core.services.handoffs.opening import Outcome
from tests.factories import LI, NOTICES, WANG, make_message
from tests.offices import ANNA, BO, FRONT, LIAISONS, OTHERS
from tests.unit.core.handoffs.house import DeskHouse


@pytest.fixture
def house(sqlite_units: Units) -> DeskHouse:
    return DeskHouse(sqlite_units)


def test_who_asks_gets_a_number_and_the_desk_is_told_with_what_was_said_before(
    house: DeskHouse,
) -> None:
    house.say("我们是江苏常州的企业")
    asked = house.ask("找个人")
    assert (asked.handoff.id, asked.outcome) == (1, Outcome.QUEUED)
    (told,) = house.told()
    assert "【转人工 1】找个人" in told
    assert "我们是江苏常州的企业" in told
    assert "江苏省常州市" in told, "why this desk"
    assert [line.text for line in house.one().before] == ["我们是江苏常州的企业"]


def test_a_second_asking_gets_the_same_number_and_adds_its_words(house: DeskHouse) -> None:
    house.ask("转人工", message_id="a")
    again = house.ask("还在吗，转人工", message_id="b")
    assert (again.handoff.id, again.outcome) == (1, Outcome.AGAIN)
    assert [event.text for event in house.events()] == ["转人工", "还在吗，转人工"]
    assert len(house.told()) == 2


def test_an_asking_that_is_said_again_changes_nothing(house: DeskHouse) -> None:
    first, again = house.ask(), house.ask()
    assert (again.handoff, again.outcome) == (first.handoff, Outcome.QUEUED)
    assert house.steps() == [Step.ASKED]
    assert len(house.told()) == 1


def test_messages_go_to_the_desk_and_the_person_hears_so_once(house: DeskHouse) -> None:
    house.ask()
    (acknowledged,) = house.say("我的申报编号是 88")
    assert FRONT.name in acknowledged
    assert "结束人工" in acknowledged
    assert house.say("还有一件事") == []
    assert house.told()[1:] == ["【1】我的申报编号是 88", "【1】还有一件事"]
    assert house.heard_by_bot == []


def test_a_message_delivered_twice_is_passed_on_once(house: DeskHouse) -> None:
    house.ask()
    message = make_message("在吗")
    for _ in range(2):
        house.accept(message)
        house.handle()
    assert house.told()[1:] == ["【1】在吗"]


def test_others_go_on_talking_with_the_bot(house: DeskHouse) -> None:
    house.ask()
    assert house.say("你好", WANG) == ["echo: 你好"]


def test_what_is_no_text_is_answered_as_always(house: DeskHouse) -> None:
    house.ask()
    assert house.say("", kind=MessageKind.OTHER) == [NOTICES["text_only"]]
    assert len(house.told()) == 1


def test_a_liaison_takes_answers_and_hands_back_from_the_own_im(house: DeskHouse) -> None:
    house.ask()
    (done,) = house.say("接 1", LIAISONS)
    assert "已接手" in done
    (done,) = house.say("回复 1 您好，材料收到了。\n请等三天。", LIAISONS)
    assert done == "【1】已发给对方。"
    assert house.told(LI)[1:] == ["【工作人员】您好，材料收到了。\n请等三天。"]
    assert house.say("好的，要等多久", LI) == []
    house.say("交还1", LIAISONS)
    assert "助手" in house.told(LI)[-1]
    assert house.say("你好") == ["echo: 你好"]
    assert house.heard_by_bot == ["你好"]
    assert house.steps() == [
        Step.ASKED,
        Step.TAKEN,
        Step.REPLIED,
        Step.SAID,
        Step.HANDED_BACK,
    ]
    assert {event.by for event in house.events()} == {str(LI), str(LIAISONS)}


def test_a_reply_takes_what_nobody_has(house: DeskHouse) -> None:
    house.ask()
    house.say("回复 1 在的", LIAISONS)
    assert house.one().taken_by == str(LIAISONS)
    assert house.told(LI)[-1] == "【工作人员】在的"


def test_a_desk_lists_what_is_its_own(house: DeskHouse) -> None:
    assert house.say("列表", LIAISONS) == ["现在没有等候的人。"]
    house.ask("转人工，关于专利")
    house.ask("我们在南京，是高校的，转人工", WANG, "w")
    (listed,) = house.say("列表", LIAISONS)
    assert "转人工，关于专利" in listed
    assert "南京" not in listed
    (refused,) = house.say("接 2", LIAISONS)
    assert "没有受理号 2" in refused
    (done,) = house.say("接 2", OTHERS)
    assert "已接手" in done


def test_commands_that_lack_a_part_are_explained_and_never_reach_the_bot(
    house: DeskHouse,
) -> None:
    for text in ("回复", "回复 1", "接", "交还"):
        (told,) = house.say(text, LIAISONS)
        assert "接 12" in told, text
    assert house.heard_by_bot == []


def test_commands_of_others_and_other_words_of_a_desk_are_ordinary_text(
    house: DeskHouse,
) -> None:
    house.ask("转人工", WANG)
    assert house.say("接 1", LI) == ["echo: 接 1"]
    assert house.say("接下来怎么办", LIAISONS) == ["echo: 接下来怎么办"]
    assert house.one().state is HandoffState.WAITING


@pytest.mark.parametrize(
    "text", ["结束人工", "取消人工。", "不用了", "算了，谢谢", "結束人工服务"]
)
def test_who_waits_may_end_it(house: DeskHouse, text: str) -> None:
    house.ask()
    (told,) = house.say(text)
    assert "已结束人工服务" in told
    assert house.one().state is HandoffState.HANDED_BACK
    assert house.told()[-1] == "【1】对方已结束人工服务。"
    assert house.say("你好") == ["echo: 你好"]


def test_no_thanks_to_a_liaison_is_an_answer_and_the_end_is_said_in_so_many_words(
    house: DeskHouse,
) -> None:
    house.ask()
    house.take(house.one().id, by=ANNA)
    assert house.say("不用了") == []
    assert house.one().state is HandoffState.TAKEN
    (told,) = house.say("结束人工")
    assert "已结束" in told


def test_the_end_of_what_has_not_begun_is_answered_and_begins_nothing(house: DeskHouse) -> None:
    assert house.say("结束人工") == ["现在就是助手在为您服务，请直接说。"]
    assert house.heard_by_bot == []


def test_who_asks_again_while_waiting_hears_the_number(house: DeskHouse) -> None:
    house.ask()
    (told,) = house.say("转人工")
    assert "受理号 1" in told
    assert house.heard_by_bot == []


def test_after_a_handoff_is_over_the_next_one_has_another_number(house: DeskHouse) -> None:
    house.ask(message_id="a")
    house.say("结束人工")
    assert house.ask(message_id="b").handoff.id == 2


def test_the_asking_itself_handled_again_after_a_crash_is_answered_by_the_bot(
    house: DeskHouse,
) -> None:
    message = make_message("转人工", message_id="ask")
    entry = house.accept(message)
    with house.units() as unit:
        unit.inbox.claim(house.now, LEASE)
        unit.commit()
    house.ask()  # the action has run; here the worker dies, before its reply is queued
    house.clock.advance(LEASE)
    house.handle()
    assert house.answers(entry) == ["echo: 转人工"]
    assert house.dialogue.said == [(message, True)]
    assert house.steps() == [Step.ASKED]


def test_a_worker_that_dies_while_passing_on_has_done_nothing(house: DeskHouse) -> None:
    house.ask()
    entry = house.accept(make_message("在吗"))
    with house.units() as unit:
        (claimed,) = unit.inbox.claim(house.now, LEASE)
        unit.commit()
    house.clock.advance(LEASE)
    house.handle()
    assert house.told()[1:] == ["【1】在吗"]
    assert house.hearing(claimed), "the slow one comes too late"
    assert house.told()[1:] == ["【1】在吗"]
    with house.units() as unit:
        assert unit.inbox.get(entry.id).state is InboundState.HANDLED


def test_a_message_nothing_could_be_done_with_is_queued_and_the_bot_goes_on(
    house: DeskHouse,
) -> None:
    house.dialogue.down = True
    entry = house.accept(make_message("提交需求"))
    house.handle()
    house.clock.advance(PATIENCE + PAUSE)
    house.handle()
    assert house.answers(entry) == [NOTICES["message_waits"], NOTICES["handed_over"]]
    assert "提交需求" in house.told()[0]
    house.dialogue.down = False
    assert house.say("你好") == ["echo: 你好"]
    house.take(house.one().id, by=BO)
    assert house.say("在吗") == []


def test_a_dropped_message_of_the_bot_down_still_reaches_the_desk(house: DeskHouse) -> None:
    house.ask()
    house.dialogue.down = True
    assert len(house.say("在吗")) == 1
    house.clock.advance(timedelta(minutes=1))
    assert house.told()[1:] == ["【1】在吗"]
