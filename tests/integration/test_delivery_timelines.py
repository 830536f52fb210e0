"""What is kept of every attempt, what a doubt leads to, and who goes first."""

from datetime import timedelta

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import RETRY_STEPS, DeliveryState, OutboundMessage, OutboxId, Step
from core.domain.errors import (
    BadInputError,
    RefusedSendError,
    RetrySendError,
    SendError,
    UnknownSendError,
)
from core.domain.purposes import PRIORITIES, RULES, Purpose
from core.domain.troubles import Coded, Trouble
from core.ports.unit_of_work import Units
from core.services.deliveries import GiveUpDelivery, RetryDelivery
from scheduler.dispatcher import LEASE, TURN_EVERY, Dispatcher
from tests.factories import LI, make_outbound
from tests.fakes.clock import START, FakeClock
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups

MINUTE = timedelta(minutes=1)
DEADLINE = RULES[Purpose.DEADLINE].again_after or timedelta(0)


def put(units: Units, message: OutboundMessage) -> OutboxId:
    with units() as unit:
        delivery = unit.outbox.put(message, START)
        unit.commit()
    return delivery.id


def steps(units: Units, number: OutboxId) -> list[Step]:
    with units() as unit:
        return unit.timelines.steps(number)


def state(units: Units, number: OutboxId) -> DeliveryState:
    with units() as unit:
        return unit.outbox.get(number).state


def dispatcher_of(units: Units, clock: FakeClock, sender: FakeSender) -> Dispatcher:
    return Dispatcher(units, clock, [sender], wakeups=RecordingWakeups(), draw=lambda: 0.5)


def test_every_attempt_is_kept_with_what_the_platform_said(units: Units) -> None:
    clock = FakeClock()
    throttled = RetrySendError(
        "45009", trouble=Trouble.WAIT, retry_after=MINUTE, coded=Coded("45009", "请稍候")
    )
    sender = FakeSender(failures=[throttled, RetrySendError("connection refused")])
    number = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    for _ in range(3):
        assert dispatcher.dispatch_one()
        clock.advance(MINUTE)
    waited, failed, sent = steps(units, number)
    assert (waited.made.trouble, waited.made.code, waited.made.hint) == (
        Trouble.WAIT,
        "45009",
        "请稍候",
    )
    assert (waited.began_at, waited.due_at) == (START, START + MINUTE)
    assert (failed.made.trouble, failed.said) == (Trouble.RETRY, "connection refused")
    assert (sent.state, sent.attempt, sent.made.platform_id) == (DeliveryState.SENT, 3, "fake-1")
    assert waited.made.by == sent.made.by != ""


def test_a_wait_that_the_platform_asks_for_uses_up_no_step(units: Units) -> None:
    clock = FakeClock()
    wait = RetrySendError("later", trouble=Trouble.WAIT, retry_after=MINUTE)
    sender = FakeSender(failures=[wait] * (len(RETRY_STEPS) + 5))
    number = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    while dispatcher.dispatch_one():
        clock.advance(MINUTE)
    assert state(units, number) is DeliveryState.SENT


def test_a_message_that_is_put_off_for_ever_is_given_up_some_day(units: Units) -> None:
    clock = FakeClock()
    wait = RetrySendError("later", trouble=Trouble.WAIT, retry_after=timedelta(days=1))
    number = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, FakeSender(failures=[wait] * 50))
    while dispatcher.dispatch_one():
        clock.advance(timedelta(days=1))
    assert state(units, number) is DeliveryState.DEAD


def test_a_code_that_nobody_knows_is_tried_again_with_care(units: Units) -> None:
    clock = FakeClock()
    strange = RetrySendError("code 777", trouble=Trouble.STRANGE, coded=Coded("777", "请查阅"))
    sender = FakeSender(failures=[strange] * 20)
    number = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    for _ in range(20):
        dispatcher.dispatch_one()
        clock.advance(timedelta(hours=11))
    assert len(sender.attempts) == 3
    assert state(units, number) is DeliveryState.DEAD
    assert steps(units, number)[-1].made.code == "777"


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.DEADLINE])
def test_a_doubt_about_anything_but_a_deadline_stays(
    purpose: Purpose, sqlite_units: Units
) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[UnknownSendError("timed out")])
    number = put(sqlite_units, make_outbound(purpose=purpose))
    dispatcher = dispatcher_of(sqlite_units, clock, sender)
    assert dispatcher.dispatch_one()
    clock.advance(timedelta(days=1))
    assert not dispatcher.dispatch_one()
    assert state(sqlite_units, number) is DeliveryState.UNKNOWN


def test_a_doubt_about_a_deadline_leads_to_one_repeat_that_says_so(units: Units) -> None:
    doubts: list[SendError] = [UnknownSendError("timed out"), UnknownSendError("timed out")]
    clock, sender = FakeClock(), FakeSender(failures=doubts)
    number = put(units, make_outbound("截止提醒", purpose=Purpose.DEADLINE))
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    assert not dispatcher.dispatch_one()
    clock.advance(DEADLINE)
    assert dispatcher.dispatch_one()
    clock.advance(timedelta(days=1))
    assert not dispatcher.dispatch_one()
    first, second = sender.attempts
    assert first.message.reply.text == "截止提醒"
    assert "可能重复" in second.message.reply.text
    assert state(units, number) is DeliveryState.UNKNOWN
    with units() as unit:
        assert "可能重复" in unit.outbox.get(number).message.reply.text


def test_a_deadline_that_is_over_by_then_is_not_repeated_and_stays_unknown(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[UnknownSendError("timed out")])
    message = make_outbound(purpose=Purpose.DEADLINE, expires_at=START + DEADLINE)
    number = put(units, message)
    assert dispatcher_of(units, clock, sender).dispatch_one()
    assert state(units, number) is DeliveryState.UNKNOWN


def test_a_repeat_that_comes_too_late_is_unknown_and_not_expired(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[UnknownSendError("timed out")])
    message = make_outbound(purpose=Purpose.DEADLINE, expires_at=START + DEADLINE + MINUTE)
    number = put(units, message)
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    clock.advance(DEADLINE + MINUTE)
    assert not dispatcher.dispatch_one()
    assert state(units, number) is DeliveryState.UNKNOWN


def test_a_killed_dispatchers_deadline_is_repeated_once_too(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    number = put(units, make_outbound("截止提醒", purpose=Purpose.DEADLINE))
    with units() as unit:
        unit.outbox.claim(START, LEASE, ["web"], by="one that is killed")
        unit.commit()
    clock.advance(LEASE)
    dispatcher = dispatcher_of(units, clock, sender)
    assert not dispatcher.dispatch_one()
    clock.advance(DEADLINE)
    assert dispatcher.dispatch_one()
    assert "可能重复" in sender.texts[0]
    lost, sent = steps(units, number)
    assert (lost.made.by, lost.made.trouble) == ("one that is killed", Trouble.UNCLEAR)
    assert sent.state is DeliveryState.SENT


def test_a_message_that_became_late_in_the_outbox_says_so(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    put(units, make_outbound("提醒", purpose=Purpose.EVENT, promised_at=START))
    put(units, make_outbound("迟排", promised_at=START - timedelta(hours=1)))
    put(units, make_outbound("回复", purpose=Purpose.ANSWER))
    clock.advance(timedelta(minutes=10))
    dispatcher = dispatcher_of(units, clock, sender)
    while dispatcher.dispatch_one():
        pass
    late = [text for text in sender.texts if "迟到" in text]
    assert len(late) == 1
    assert late[0].endswith("提醒")


def test_what_waits_least_well_goes_first_and_equals_in_order(units: Units) -> None:
    sender = FakeSender()
    for number, purpose in enumerate(reversed(list(Purpose))):
        for part in "ab":
            person = Address(channel="web", user=f"u{number}{part}")
            put(units, make_outbound(f"{purpose}{part}", purpose=purpose, address=person))
    dispatcher = dispatcher_of(units, FakeClock(), sender)
    for _ in range(TURN_EVERY - 1):
        assert dispatcher.dispatch_one()
    assert sender.texts[:4] == ["answera", "answerb", "deadlinea", "deadlineb"]
    assert {text[:-1] for text in sender.texts[4:8]} == {"notice", "event"}


def test_an_answer_does_not_stand_behind_a_digest_to_the_same_person(units: Units) -> None:
    sender = FakeSender()
    put(units, make_outbound("汇总", purpose=Purpose.DIGEST))
    put(units, make_outbound("回复", purpose=Purpose.ANSWER))
    dispatcher = dispatcher_of(units, FakeClock(), sender)
    while dispatcher.dispatch_one():
        pass
    assert sender.texts == ["回复", "汇总"]


def test_nothing_waits_for_ever_behind_answers(sqlite_units: Units) -> None:
    sender = FakeSender()
    for number in range(TURN_EVERY * (len(PRIORITIES) + 1)):
        person = Address(channel="web", user=f"a{number}")
        put(sqlite_units, make_outbound("回复", purpose=Purpose.ANSWER, address=person))
    put(sqlite_units, make_outbound("群发", purpose=Purpose.BROADCAST))
    dispatcher = dispatcher_of(sqlite_units, FakeClock(), sender)
    for _ in range(TURN_EVERY * len(PRIORITIES)):
        assert dispatcher.dispatch_one()
    assert "群发" in sender.texts


def test_an_operator_sends_again_or_gives_up_what_ended_badly(units: Units) -> None:
    clock = FakeClock()
    refused: list[SendError] = [RefusedSendError("48001"), RefusedSendError("48001")]
    sender = FakeSender(failures=refused)
    number = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    again = RetryDelivery(units=units, clock=clock, wakeups=RecordingWakeups())
    close = GiveUpDelivery(units=units, clock=clock)
    with pytest.raises(BadInputError, match="queued"):
        again(number, by="anna")
    assert dispatcher.dispatch_one()
    assert again(number, by="anna").state is DeliveryState.QUEUED
    assert dispatcher.dispatch_one()
    assert close(number, by="anna").state is DeliveryState.CANCELLED
    with pytest.raises(BadInputError, match="cancelled"):
        close(number, by="anna")
    told = [(one.state, one.made.by == "operator:anna") for one in steps(units, number)]
    assert told == [
        (DeliveryState.DEAD, False),
        (DeliveryState.QUEUED, True),
        (DeliveryState.DEAD, False),
        (DeliveryState.CANCELLED, True),
    ]


def test_sending_an_unknown_one_again_says_that_it_may_be_a_repeat(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[UnknownSendError("timed out")])
    number = put(units, make_outbound("您好", purpose=Purpose.ANSWER))
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    RetryDelivery(units=units, clock=clock, wakeups=RecordingWakeups())(number, by="anna")
    assert dispatcher.dispatch_one()
    assert "可能重复" in sender.texts[0]


def test_what_is_over_cannot_be_sent_again(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[RefusedSendError("no")])
    number = put(units, make_outbound(expires_at=START + MINUTE))
    assert dispatcher_of(units, clock, sender).dispatch_one()
    clock.advance(MINUTE)
    again = RetryDelivery(units=units, clock=clock, wakeups=RecordingWakeups())
    with pytest.raises(BadInputError, match="give it up"):
        again(number, by="anna")


def test_what_is_taken_back_or_expires_is_in_the_timeline(units: Units) -> None:
    number = put(units, make_outbound(address=LI))
    over = put(units, make_outbound(expires_at=START))
    with units() as unit:
        assert unit.outbox.take_back(unit.outbox.get(number), START)
        assert unit.outbox.expire(START) == 1
        unit.commit()
    assert [step.state for step in steps(units, number)] == [DeliveryState.CANCELLED]
    assert [step.state for step in steps(units, over)] == [DeliveryState.EXPIRED]
