"""What becomes of a message on its way out, on each database."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import override

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import (
    RETRY_STEPS,
    Delivery,
    DeliveryState,
    OutboundMessage,
    OutboxId,
    Receipt,
)
from core.domain.errors import (
    RefusedSendError,
    RetrySendError,
    SendError,
    UnavailableError,
    UnknownSendError,
)
from core.ports.sender import Sender
from core.ports.unit_of_work import UnitOfWork, Units
from scheduler.dispatcher import LEASE, Dispatcher
from scheduler.outcomes import LONGEST_WAIT
from scheduler.wakeups import LocalWakeups
from scheduler.worker import Worker, WorkerSettings
from tests.factories import LI, WANG, make_outbound
from tests.fakes.clock import START, FakeClock
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups

SECOND = timedelta(seconds=1)


def put(units: Units, *messages: OutboundMessage) -> list[OutboxId]:
    with units() as unit:
        ids = [unit.outbox.put(message, START).id for message in messages]
        unit.commit()
    return ids


def found(units: Units, delivery_id: OutboxId) -> Delivery:
    with units() as unit:
        return unit.outbox.get(delivery_id)


def dispatcher_of(
    units: Units,
    clock: FakeClock,
    *senders: Sender,
    pause: Callable[[float], None] = lambda _: None,
) -> Dispatcher:
    return Dispatcher(
        units, clock, senders, wakeups=RecordingWakeups(), draw=lambda: 0.5, pause=pause
    )


class CallingSender(FakeSender):
    """Calls something in the middle of every send."""

    def __init__(
        self, call: Callable[[], object], *, channel: str = "web", repeatable: bool = False
    ) -> None:
        super().__init__(channel, repeatable=repeatable)
        self.call = call

    @override
    def send(self, delivery: Delivery) -> Receipt:
        self.call()
        return super().send(delivery)


def test_a_message_that_is_taken_is_sent_once(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    (number,) = put(units, make_outbound("您好"))
    dispatcher = dispatcher_of(units, clock, sender)
    assert [dispatcher.dispatch_one() for _ in range(3)] == [True, False, False]
    assert sender.texts == ["您好"]
    assert found(units, number).state is DeliveryState.SENT
    assert found(units, number).sent_at == START


def test_messages_to_one_person_keep_their_order(units: Units) -> None:
    sender = FakeSender()
    put(units, *[make_outbound(str(n), address=LI if n % 2 else WANG) for n in range(10)])
    dispatcher = dispatcher_of(units, FakeClock(), sender)
    while dispatcher.dispatch_one():
        pass
    for person in (LI, WANG):
        said = [int(d.message.reply.text) for d in sender.sent if d.message.address == person]
        assert len(said) == 5
        assert all(before < after for before, after in pairwise(said))


def test_a_message_that_did_not_arrive_waits_for_its_step(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[RetrySendError("connection refused")])
    (number,) = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    assert found(units, number).state is DeliveryState.QUEUED
    assert found(units, number).error == "connection refused"
    assert not dispatcher.dispatch_one()
    clock.advance(RETRY_STEPS[0])
    assert dispatcher.dispatch_one()
    assert found(units, number).state is DeliveryState.SENT
    assert found(units, number).attempts == 2


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=900), LONGEST_WAIT),
        (timedelta(seconds=-5), RETRY_STEPS[0] / 2),
    ],
)
def test_a_platforms_own_wait_is_honoured_within_reason(
    units: Units, asked: timedelta, waited: timedelta
) -> None:
    clock = FakeClock()
    sender = FakeSender(failures=[RetrySendError("throttled", retry_after=asked)])
    put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    if waited:
        clock.advance(waited - SECOND)
        assert not dispatcher.dispatch_one()
        clock.advance(SECOND)
    assert dispatcher.dispatch_one()
    assert len(sender.sent) == 1


def test_after_the_last_step_a_message_is_dead_and_says_why(units: Units) -> None:
    failures: list[SendError] = [RetrySendError("connection refused") for _ in range(50)]
    clock, sender = FakeClock(), FakeSender(failures=failures)
    (number,) = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    for _ in range(20):
        dispatcher.dispatch_one()
        clock.advance(timedelta(hours=11))
    assert len(sender.attempts) == len(RETRY_STEPS) + 1
    dead = found(units, number)
    assert dead.state is DeliveryState.DEAD
    assert dead.error == f"given up after {len(RETRY_STEPS) + 1} attempts: connection refused"


def test_what_is_refused_for_good_is_dead_at_once(units: Units) -> None:
    sender = FakeSender(failures=[RefusedSendError("45015: the person has left")])
    (number,) = put(units, make_outbound())
    assert dispatcher_of(units, FakeClock(), sender).dispatch_one()
    assert found(units, number).state is DeliveryState.DEAD
    assert found(units, number).error == "45015: the person has left"


def test_an_unclear_end_is_left_unknown(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=[UnknownSendError("read timed out")])
    (number,) = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    clock.advance(timedelta(days=2))
    assert not dispatcher.dispatch_one()
    assert found(units, number).state is DeliveryState.UNKNOWN
    assert found(units, number).error == "read timed out"


def test_an_unclear_end_is_tried_again_where_that_is_not_seen(units: Units) -> None:
    clock = FakeClock()
    sender = FakeSender(repeatable=True, failures=[UnknownSendError("read timed out")])
    (number,) = put(units, make_outbound())
    dispatcher = dispatcher_of(units, clock, sender)
    assert dispatcher.dispatch_one()
    clock.advance(RETRY_STEPS[0])
    assert dispatcher.dispatch_one()
    assert found(units, number).state is DeliveryState.SENT


def test_a_bug_of_a_sender_is_an_unclear_end_and_tells_no_secret(
    units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise KeyError("https://platform/?key=SECRET 请于周五前")

    person = Address(channel="web", user="13800138000")
    (number,) = put(units, make_outbound("王工的预算是五十万", address=person))
    with caplog.at_level(logging.DEBUG, logger="scheduler"):
        assert dispatcher_of(units, FakeClock(), CallingSender(fail)).dispatch_one()
    unclear = found(units, number)
    assert unclear.state is DeliveryState.UNKNOWN
    assert unclear.error == "unexpected KeyError"
    assert "KeyError at " in caplog.text
    for secret in ("SECRET", "周五", "五十万", "13800138000"):
        assert secret not in caplog.text


def test_a_message_of_no_use_any_more_is_not_sent(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    (number,) = put(units, make_outbound(expires_at=START + SECOND))
    clock.advance(SECOND)
    assert not dispatcher_of(units, clock, sender).dispatch_one()
    assert sender.attempts == []
    assert found(units, number).state is DeliveryState.EXPIRED


def test_messages_for_channels_without_a_sender_here_are_left_alone(units: Units) -> None:
    sender = FakeSender("web")
    other = Address(channel="wecom-robot", user="default")
    (number,) = put(units, make_outbound(address=other))
    assert not dispatcher_of(units, FakeClock(), sender).dispatch_one()
    assert not dispatcher_of(units, FakeClock()).dispatch_one()
    assert found(units, number).state is DeliveryState.QUEUED
    assert found(units, number).attempts == 0


def test_a_receiver_that_hangs_holds_up_nobody_else(units: Units) -> None:
    clock, wakeups = FakeClock(), LocalWakeups()
    hanging = threading.Event()
    slow = CallingSender(lambda: hanging.wait(20), channel="webhook")
    web = FakeSender()
    put(
        units,
        *[make_outbound(address=Address(channel="webhook", user=str(n))) for n in range(12)],
    )
    steps = [
        Dispatcher(units, clock, [sender], wakeups=wakeups).dispatch_one for sender in (slow, web)
    ]
    worker = Worker(None, *steps, wakeups=wakeups, settings=WorkerSettings(poll_seconds=0.05))
    with worker:
        (reply,) = put(units, make_outbound())
        end = time.monotonic() + 10
        while found(units, reply).state is not DeliveryState.SENT:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert slow.sent == []
        hanging.set()


def test_a_dispatcher_takes_back_only_what_its_own_senders_left(units: Units) -> None:
    clock = FakeClock()
    (number,) = put(units, make_outbound(address=Address(channel="webhook", user="a")))
    with units() as unit:
        unit.outbox.claim(START, LEASE, ["webhook"])
        unit.commit()
    clock.advance(LEASE)
    dispatcher_of(units, clock, FakeSender()).dispatch_one()
    assert found(units, number).state is DeliveryState.SENDING
    hook = FakeSender("webhook", repeatable=True)
    assert dispatcher_of(units, clock, hook).dispatch_one()
    assert found(units, number).state is DeliveryState.SENT


def test_an_outcome_is_stored_after_a_short_outage_of_the_database(units: Units) -> None:
    outage: list[bool] = []
    pauses: list[float] = []

    def faltering() -> UnitOfWork:
        if outage:
            raise UnavailableError("the database does not answer")
        return units()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            outage.clear()

    sender = CallingSender(lambda: outage.append(True))
    (number,) = put(units, make_outbound())
    assert dispatcher_of(faltering, FakeClock(), sender, pause=pause).dispatch_one()
    assert pauses == [0.1, 0.5, 2.0]
    assert found(units, number).state is DeliveryState.SENT
    assert len(sender.sent) == 1


@pytest.mark.parametrize(
    ("repeatable", "sends", "state"),
    [(False, 1, DeliveryState.SENT), (True, 2, DeliveryState.SENT)],
)
def test_a_sender_slower_than_its_lease_cannot_undo_a_later_attempt(
    units: Units,
    *,
    repeatable: bool,
    sends: int,
    state: DeliveryState,
) -> None:
    clock = FakeClock()
    quick = FakeSender(repeatable=repeatable)
    other = dispatcher_of(units, clock, quick)

    def outlive_the_lease() -> None:
        clock.advance(LEASE + SECOND)
        while other.dispatch_one():
            pass

    slow = CallingSender(outlive_the_lease, repeatable=repeatable)
    (number,) = put(units, make_outbound())
    dispatcher_of(units, clock, slow).dispatch_one()
    assert len(slow.sent) + len(quick.sent) == sends
    assert found(units, number).state is state
    assert found(units, number).attempts == sends


def test_a_failure_that_comes_too_late_does_not_undo_a_success(units: Units) -> None:
    clock = FakeClock()
    quick = FakeSender(repeatable=True)
    other = dispatcher_of(units, clock, quick)

    def fail_too_late() -> None:
        clock.advance(LEASE + SECOND)
        while other.dispatch_one():
            pass
        raise RefusedSendError("no")

    (number,) = put(units, make_outbound())
    dispatcher_of(units, clock, CallingSender(fail_too_late, repeatable=True)).dispatch_one()
    assert found(units, number).state is DeliveryState.SENT
    assert found(units, number).error is None
    assert len(quick.sent) == 1


def test_a_clock_set_back_does_not_stop_the_sweep(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    dispatcher = dispatcher_of(units, clock, sender)
    put(units, make_outbound())
    assert dispatcher.dispatch_one()
    clock.advance(timedelta(hours=-1))
    (number,) = put(units, make_outbound(expires_at=START - timedelta(hours=2)))
    dispatcher.dispatch_one()
    assert found(units, number).state is DeliveryState.EXPIRED
