"""A platform that is down is left alone by everybody, and probed with one message."""

from datetime import timedelta
from typing import override

import pytest

from core.domain.conversations import Address
from core.domain.deliveries import OutboundMessage, OutboxId
from core.domain.errors import RefusedSendError, RetrySendError, SendError
from core.domain.routes import FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES, PROBE, Route
from core.ports.unit_of_work import Units
from scheduler.dispatcher import LEASE, Dispatcher
from tests.factories import make_outbound
from tests.fakes.clock import START, FakeClock
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups

SECOND = timedelta(seconds=1)


class RobotSender(FakeSender):
    """A platform of several robots, each a route of its own."""

    @override
    def route(self, address: Address) -> str:
        return str(address)


def put(units: Units, *messages: OutboundMessage) -> list[OutboxId]:
    with units() as unit:
        ids = [unit.outbox.put(message, START).id for message in messages]
        unit.commit()
    return ids


def to(user: str, channel: str = "web") -> OutboundMessage:
    return make_outbound(address=Address(channel=channel, user=user))


def dispatcher_of(units: Units, clock: FakeClock, sender: FakeSender) -> Dispatcher:
    return Dispatcher(units, clock, [sender], wakeups=RecordingWakeups(), draw=lambda: 0.5)


def drain(dispatcher: Dispatcher) -> int:
    sent = 0
    while dispatcher.dispatch_one():
        sent += 1
    return sent


def downs(count: int) -> list[SendError]:
    return [RetrySendError("connection refused") for _ in range(count)]


def test_while_a_platform_is_down_nothing_is_tried_and_nothing_counts(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=downs(MOST_FAILURES))
    ids = put(units, *[to(f"u{number}") for number in range(20)])
    dispatcher = dispatcher_of(units, clock, sender)
    assert drain(dispatcher) == MOST_FAILURES
    clock.advance(FIRST_PAUSE - SECOND)
    assert drain(dispatcher) == 0
    assert drain(dispatcher_of(units, clock, sender)) == 0
    with units() as unit:
        assert sum(unit.outbox.get(number).attempts for number in ids) == MOST_FAILURES
    clock.advance(SECOND)
    assert drain(dispatcher) == 20
    assert len(sender.sent) == 20
    with units() as unit:
        assert unit.routes.troubled() == []


def test_one_message_alone_tries_it_again(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=downs(MOST_FAILURES + 1))
    put(units, *[to(f"u{number}") for number in range(10)])
    dispatcher = dispatcher_of(units, clock, sender)
    drain(dispatcher)
    clock.advance(FIRST_PAUSE)
    with units() as unit:
        probe = unit.outbox.claim(clock.now(), LEASE, ["web"])
        assert probe is not None
        unit.commit()
    with units() as unit:
        assert unit.outbox.claim(clock.now(), LEASE, ["web"]) is None
    clock.advance(PROBE - SECOND)
    assert drain(dispatcher) == 0


def test_a_probe_that_fails_closes_it_for_twice_as_long(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender(failures=downs(MOST_FAILURES + 1))
    put(units, *[to(f"u{number}") for number in range(10)])
    dispatcher = dispatcher_of(units, clock, sender)
    drain(dispatcher)
    clock.advance(FIRST_PAUSE)
    assert drain(dispatcher) == 1
    clock.advance(2 * FIRST_PAUSE - SECOND)
    assert drain(dispatcher) == 0
    clock.advance(SECOND)
    assert drain(dispatcher) == 10


def test_refusals_of_single_persons_close_nothing(units: Units) -> None:
    refused: list[SendError] = [RefusedSendError("left") for _ in range(3 * MOST_FAILURES)]
    sender = FakeSender(failures=refused)
    put(units, *[to(f"u{number}") for number in range(3 * MOST_FAILURES + 1)])
    assert drain(dispatcher_of(units, FakeClock(), sender)) == 3 * MOST_FAILURES + 1
    assert len(sender.sent) == 1


def test_failures_between_successes_close_nothing(units: Units) -> None:
    clock, sender = FakeClock(), FakeSender()
    dispatcher = dispatcher_of(units, clock, sender)
    for number in range(3):
        put(units, *[to(f"u{number}-{part}") for part in range(MOST_FAILURES)])
        sender.failures = downs(MOST_FAILURES - 1)
        assert drain(dispatcher) == MOST_FAILURES
        clock.advance(timedelta(minutes=1))
        drain(dispatcher)
    assert len(sender.sent) == 3 * MOST_FAILURES


def test_one_robot_that_is_down_closes_no_other(units: Units) -> None:
    sender = RobotSender("robot")
    put(units, to("one", "robot"), to("two", "robot"))
    with units() as unit:
        for _ in range(MOST_FAILURES):
            unit.routes.failed("robot:one", START)
        unit.commit()
    assert drain(dispatcher_of(units, FakeClock(), sender)) == 1
    assert [one.message.address.user for one in sender.sent] == ["two"]


@pytest.mark.parametrize("times", [1, 5, 50])
def test_a_route_is_never_closed_for_longer_than_the_longest_pause(times: int) -> None:
    route, now = Route(name="web:"), START
    for _ in range(MOST_FAILURES + times):
        route = route.failed(now)
        assert route.held_until is None or route.held_until - now <= LONGEST_PAUSE
        now = route.held_until or now


def test_what_was_sent_before_it_was_closed_tells_nothing_new() -> None:
    route = Route(name="web:")
    for _ in range(MOST_FAILURES):
        route = route.failed(START)
    assert route.failed(START + SECOND) == route
