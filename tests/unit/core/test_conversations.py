"""In at the inbox, through the bot, out at the outbox: nothing lost, nothing doubled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import override

import pytest

from core.domain.conversations import (
    InboundMessage,
    InboundState,
    InboxEntry,
    MessageKind,
    Reply,
    ReplyKind,
)
from core.domain.deliveries import DeliveryState
from core.domain.documents import Exchange
from core.domain.handoffs import HandoffState
from core.ports.unit_of_work import Units
from core.ports.wakeups import Work
from core.services.conversations import (
    LEASE,
    PATIENCE,
    PAUSE,
    AcceptInbound,
    HandleInbound,
    reply_of,
)
from tests.factories import NOTICES, make_answer, make_message, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups
from tests.offices import nobody_attends


class House:
    """The flow from the door in to the door out, with a bot that a test may switch off."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clock = FakeClock()
        self.wakeups = RecordingWakeups()
        self.knowledge = FakeKnowledgeBase()
        self.dialogue = FakeDialogue()
        self.accept = AcceptInbound(units=units, clock=self.clock, wakeups=self.wakeups)
        self.handle = self.handler(self.dialogue)

    def handler(self, dialogue: FakeDialogue) -> HandleInbound:
        """A worker that talks to that bot."""
        return HandleInbound(
            units=self.units,
            clock=self.clock,
            dialogue=dialogue,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            handoffs=nobody_attends(self.units, self.clock),
            notices=NOTICES,
            since=self.clock.now(),
        )

    def replies(self, entry: InboxEntry) -> list[str]:
        """The texts that answer an entry, in order."""
        with self.units() as unit:
            return [d.message.reply.text for d in unit.outbox.replies_to(entry.id)]

    def send_all(self) -> None:
        """What waits in the outbox goes out."""
        now = self.clock.now()
        with self.units() as unit:
            while delivery := unit.outbox.claim(now, LEASE, ["web"]):
                unit.outbox.record(delivery, DeliveryState.SENT, now)
            unit.commit()

    def state(self, entry: InboxEntry) -> InboundState:
        """The entry's state as stored."""
        with self.units() as unit:
            return unit.inbox.get(entry.id).state

    @property
    def said(self) -> list[tuple[str, bool]]:
        """What the bot was told, and whether as a repetition."""
        return [(message.text, retried) for message, retried in self.dialogue.said]


class BusyDialogue(FakeDialogue):
    """A bot during whose turns something else happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    @override
    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        self._meanwhile()
        return super().reply(message, retried=retried)


@pytest.fixture
def house(sqlite_units: Units) -> House:
    return House(sqlite_units)


def test_an_accepted_message_wakes_the_inbox(house: House) -> None:
    entry = house.accept(make_message())
    assert entry.received_at == house.clock.now()
    assert house.wakeups.woken == [Work.INBOX]


def test_a_message_is_answered_with_all_replies_in_order(house: House) -> None:
    house.dialogue.script["报名"] = (make_reply("一"), make_reply("二"))
    entry = house.accept(make_message("报名"))
    assert house.handle()
    assert house.replies(entry) == ["一", "二"]
    assert house.state(entry) is InboundState.HANDLED
    assert house.wakeups.woken == [Work.INBOX, Work.OUTBOX]
    assert not house.handle()


def test_a_message_delivered_twice_is_said_and_answered_once(house: House) -> None:
    message = make_message("在吗")
    entry = house.accept(message)
    house.accept(message)
    house.handle()
    assert house.accept(message).id == entry.id
    assert not house.handle()
    assert house.said == [("在吗", False)]
    assert house.replies(entry) == ["echo: 在吗"]


def test_a_message_that_is_no_text_is_answered_without_the_bot(house: House) -> None:
    entry = house.accept(make_message("", kind=MessageKind.OTHER))
    house.handle()
    assert house.replies(entry) == [NOTICES["text_only"]]
    assert house.said == []


def test_with_the_bot_down_documents_answer_questions(house: House) -> None:
    house.dialogue.down = True
    answer = make_answer("能报吗？", notes=("以原文为准",))
    house.knowledge.answers["能报吗？"] = answer
    entry = house.accept(make_message("能报吗？"))
    house.handle()
    assert house.replies(entry) == ["可以申报。\n以原文为准", NOTICES["forms_paused"]]
    assert house.state(entry) is InboundState.HANDLED


def test_with_the_bot_down_answers_lean_on_the_last_five_that_were_sent(house: House) -> None:
    for number in range(7):
        question = f"第{number}问？"
        kind = ReplyKind.ABSTAIN if number == 3 else ReplyKind.ANSWER
        house.dialogue.script[question] = (
            make_reply(f"第{number}答。", kind=kind),
            make_reply("还有什么要问的？", kind=ReplyKind.NOTICE),
        )
        house.accept(make_message(question))
        house.handle()
        house.send_all()
        house.clock.advance(PAUSE)
    house.accept(make_message("谢谢"))
    house.handle()
    house.dialogue.down = True
    house.accept(make_message("那截止呢？"))
    house.handle()
    assert house.knowledge.asked == [
        (
            "那截止呢？",
            tuple(
                Exchange(question=f"第{at}问？", answer="" if at == 3 else f"第{at}答。")
                for at in range(2, 7)
            ),
        )
    ]


def test_with_the_bot_down_other_messages_wait_and_are_said_when_it_is_up_again(
    house: House,
) -> None:
    house.dialogue.down = True
    entry = house.accept(make_message("提交需求"))
    for _ in range(3):
        assert house.handle()
        assert not house.handle()
        house.clock.advance(PAUSE)
    assert house.replies(entry) == [NOTICES["message_waits"]]
    house.dialogue.down = False
    assert house.handle()
    assert house.said == [("提交需求", True)]
    assert house.replies(entry) == [NOTICES["message_waits"], "echo: 提交需求"]
    assert house.state(entry) is InboundState.HANDLED


def test_a_message_that_waited_too_long_goes_to_a_person(house: House) -> None:
    house.dialogue.down = True
    entry = house.accept(make_message("提交需求"))
    house.handle()
    house.clock.advance(PATIENCE + PAUSE)
    assert house.handle()
    assert house.state(entry) is InboundState.HANDLED
    assert house.replies(entry) == [NOTICES["message_waits"], NOTICES["handed_over"]]
    with house.units() as unit:
        (handoff,) = unit.handoffs.find(HandoffState)
        assert [event.text for event in unit.handoffs.events(handoff.id)] == ["提交需求"]
    assert not handoff.silent


def test_what_waited_while_the_house_itself_was_down_is_tried_first(house: House) -> None:
    entry = house.accept(make_message("确认提交"))
    house.clock.advance(PATIENCE * 3)
    house.dialogue.down = True
    restarted = house.handler(house.dialogue)
    assert restarted()
    assert house.replies(entry) == [NOTICES["message_waits"]]
    house.dialogue.down = False
    house.clock.advance(PAUSE)
    assert restarted()
    assert house.replies(entry)[1:] == ["echo: 确认提交"]


def test_with_the_bot_down_a_need_is_kept_for_it_even_when_a_document_comes_near(
    house: House,
) -> None:
    house.dialogue.down = True
    need = "我们做注塑的，产品老是翘曲变形，想找专家"
    house.knowledge.answers[need] = make_answer()
    house.knowledge.statements.add(need)
    entry = house.accept(make_message(need))
    assert house.handle()
    assert house.replies(entry) == [NOTICES["message_waits"]]
    assert house.state(entry) is InboundState.RECEIVED


def test_a_message_that_breaks_the_worker_does_not_hold_the_conversation_up_for_ever(
    house: House,
) -> None:
    def break_on_the_first() -> None:
        if house.state(entry) is not InboundState.HANDLED:
            raise ZeroDivisionError

    entry = house.accept(make_message("一"))
    handle = house.handler(BusyDialogue(break_on_the_first))
    with pytest.raises(ZeroDivisionError):
        handle()
    later = house.accept(make_message("二"))
    house.clock.advance(PATIENCE + PAUSE)
    assert handle()
    assert house.replies(entry) == [NOTICES["message_waits"], NOTICES["handed_over"]]
    assert house.replies(later) == ["echo: 二"]


def test_messages_that_waited_are_said_in_the_order_they_came(house: House) -> None:
    house.dialogue.down = True
    for text in ("一", "二"):
        house.accept(make_message(text))
        house.handle()
    house.dialogue.down = False
    house.accept(make_message("三"))
    house.handle()
    assert [text for text, _ in house.said] == ["一", "二", "三"]


def test_after_a_crash_in_the_middle_the_bot_is_told_that_it_may_have_heard(house: House) -> None:
    entry = house.accept(make_message("提交"))
    with house.units() as unit:
        unit.inbox.claim(house.clock.now(), LEASE)  # and here the process dies
        unit.commit()
    assert not house.handle()
    house.clock.advance(LEASE)
    assert house.handle()
    assert house.said == [("提交", True)]
    assert house.replies(entry) == ["echo: 提交"]


def test_a_worker_that_lost_its_lease_writes_nothing_and_says_no_more(house: House) -> None:
    def overtaken() -> None:
        house.clock.advance(LEASE)
        house.handle()

    slow = BusyDialogue(overtaken)
    first, second = house.accept(make_message("一")), house.accept(make_message("二"))
    house.handler(slow)()
    assert [message.text for message, _ in slow.said] == ["一"]
    assert house.said == [("一", True), ("二", True)]
    assert (house.replies(first), house.replies(second)) == (["echo: 一"], ["echo: 二"])


def test_a_worker_whose_turns_are_slow_keeps_its_conversation(house: House) -> None:
    taken: list[bool] = []

    def slow_turn() -> None:
        house.clock.advance(LEASE / 2 + timedelta(seconds=1))
        taken.append(house.handle())

    slow = BusyDialogue(slow_turn)
    for text in ("一", "二", "三"):
        house.accept(make_message(text))
    house.handler(slow)()
    assert [message.text for message, _ in slow.said] == ["一", "二", "三"]
    assert taken == [False, False, False]


@pytest.mark.parametrize("abstained", [True, False])
def test_an_answer_keeps_its_notes_and_citations_as_a_reply(abstained: bool) -> None:  # noqa: FBT001 -- a case
    answer = replace(make_answer(), abstained=abstained, notes=("甲", "乙"))
    reply = reply_of(answer)
    assert reply.text == "可以申报。\n甲\n乙"
    assert reply.citations == answer.citations
    assert reply.kind == ("abstain" if abstained else "answer")


def test_replies_are_dated_when_they_are_queued(house: House) -> None:
    entry = house.accept(make_message())
    now: datetime = house.clock.advance(timedelta(seconds=3))
    house.handle()
    with house.units() as unit:
        assert [d.created_at for d in unit.outbox.replies_to(entry.id)] == [now]
