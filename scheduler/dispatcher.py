"""Empties the outbox: leases one delivery, hands it to its sender, records what became of it.

A delivery is handed over again only when that cannot double it: the platform said that it did
not arrive, or sending twice is seen once. Otherwise an unclear end stays `unknown`, unless what
the message is for is worth a repeat that says so.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import SystemRandom

from core.domain.deliveries import (
    Delivery,
    DeliveryState,
)
from core.domain.errors import SendError, UnknownSendError
from core.domain.purposes import PRIORITIES
from core.domain.tracing import tracing
from core.domain.troubles import PLATFORMS_FAULT, Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.people.elsewhere import send_elsewhere
from scheduler.logs import masked, place_of
from scheduler.outcomes import Judge, Outcome
from scheduler.prefaces import with_prefaces

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than the slowest sender's time-out, so that a live dispatcher keeps its claim."""

SWEEP_EVERY = timedelta(seconds=1)
"""How often a dispatcher looks for expired messages and leases that ran out."""

ALIVE = timedelta(minutes=1)
"""A process that says nothing for so long is not counted as sending."""

RECORD_PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Seconds between attempts to write an outcome down while the database does not answer."""


TURN_EVERY = 10
"""Every so manieth claim is some other priority's turn, so that none waits for ever."""


class Dispatcher:
    """Sends what waits in the outbox for the channels it has senders for; safe in many threads.

    Senders that must not wait for each other have a dispatcher each, with threads of its own.
    """

    def __init__(
        self,
        units: Units,
        clock: Clock,
        senders: Sequence[Sender],
        *,
        wakeups: Wakeups,
        draw: Callable[[], float] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._units = units
        self._clock = clock
        self._senders = {sender.channel: sender for sender in senders}
        self._channels = tuple(self._senders)
        self._repeatable = tuple(s.channel for s in senders if s.repeatable)
        self._unrepeatable = tuple(s.channel for s in senders if not s.repeatable)
        self._wakeups = wakeups
        self._pause = pause
        self._swept_at: datetime | None = None
        self._beats_at: datetime | None = None
        self._turns = count(1)
        self._troubled: frozenset[str] = frozenset()
        self._by = f"{socket.gethostname()}:{os.getpid()}"
        self._judge = Judge(by=self._by, draw=draw or SystemRandom().random)

    def dispatch_one(self) -> bool:
        """Send one message; False when none is due."""
        if not self._channels:
            return False
        now = self._clock.now()
        if self._sweep_is_due(now):
            self.sweep()
        delivery = self._claim(now)
        if delivery is None:
            return False
        with tracing(delivery.trace):
            self._finish(delivery, self._attempt(delivery))
        return True

    def sweep(self) -> None:
        """Expire what is of no use any more and take back what a dead dispatcher left."""
        now = self._clock.now()
        with self._units() as unit:
            expired = unit.outbox.expire(now)
            recovered = unit.outbox.recover(
                now, again=self._repeatable, unknown=self._unrepeatable
            )
            self._troubled = frozenset(route.name for route in unit.routes.troubled())
            if self._beats_at is None or not self._beats_at <= now < self._beats_at + ALIVE / 4:
                unit.leases.take(f"worker:{self._by}", self._by, now, ALIVE)
                self._beats_at = now
            unit.commit()
        self._swept_at = now
        if expired or recovered:
            log.warning("outbox swept: %d expired, %d taken back", expired, recovered)
        if recovered:
            self._wakeups.wake(Work.OUTBOX)

    def _sweep_is_due(self, now: datetime) -> bool:
        swept_at = self._swept_at
        return swept_at is None or not swept_at <= now < swept_at + SWEEP_EVERY

    def _claim(self, now: datetime) -> Delivery | None:
        turn = next(self._turns)
        first = None
        if turn % TURN_EVERY == 0:
            first = PRIORITIES[turn // TURN_EVERY % len(PRIORITIES)]
        with self._units() as unit:
            delivery = unit.outbox.claim(now, LEASE, self._channels, by=self._by, first=first)
            unit.commit()
        return delivery

    def _attempt(self, delivery: Delivery) -> Outcome:
        now = self._clock.now()
        expires_at = delivery.message.expires_at
        if expires_at is not None and expires_at <= now:
            return self._judge.over(delivery)
        sender = self._senders[delivery.message.address.channel]
        try:
            return self._judge.sent(sender.send(self._worded(delivery, now)))
        except SendError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 -- a sender's bug must not stop the outbox
            log.error("%s: its sender failed: %s", _named(delivery), place_of(error))  # noqa: TRY400
            failure = UnknownSendError(f"unexpected {type(error).__name__}")
        return self._judge.failed(
            delivery, failure, self._clock.now(), repeatable=sender.repeatable
        )

    def _worded(self, delivery: Delivery, now: datetime) -> Delivery:
        """The delivery as it is said now; what it says of itself is kept with it."""
        reply = with_prefaces(delivery, now)
        if reply is delivery.message.reply:
            return delivery
        with self._units() as unit:
            unit.outbox.reword(delivery, reply)
            unit.commit()
        return replace(delivery, message=replace(delivery.message, reply=reply))

    def _finish(self, delivery: Delivery, outcome: Outcome) -> None:
        if not self._record(delivery, outcome):
            log.warning("%s: %s came after its lease had ended", _named(delivery), outcome.state)
            return
        usual = outcome.state in {DeliveryState.SENT, DeliveryState.QUEUED}
        level = logging.INFO if usual else logging.WARNING
        told = outcome.error or outcome.made.platform_id
        log.log(level, "%s: %s %s", _named(delivery), outcome.state, told)

    def _record(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Write the outcome down; what was sent should not become unknown by a short outage."""
        for pause in RECORD_PAUSES:
            try:
                return self._record_once(delivery, outcome)
            except Exception as error:  # noqa: BLE001 -- whatever the database does, try again
                log.warning("%s: outcome not yet stored: %s", _named(delivery), place_of(error))
                self._pause(pause)
        return self._record_once(delivery, outcome)

    def _record_once(self, delivery: Delivery, outcome: Outcome) -> bool:
        with self._units() as unit:
            recorded = unit.outbox.record(
                delivery,
                outcome.state,
                self._clock.now(),
                error=outcome.error,
                not_before=outcome.not_before,
                made=outcome.made,
            )
            self._judge_route(unit, delivery, outcome)
            if recorded and _is_closed(outcome):
                self._send_elsewhere(unit, delivery, outcome)
            unit.commit()
        return recorded

    def _send_elsewhere(self, unit: UnitOfWork, delivery: Delivery, outcome: Outcome) -> None:
        """The person's next address is told, in the transaction that ends this attempt."""
        if send_elsewhere(unit, delivery, outcome.error or "", self._clock.now()):
            log.warning("%s: its person is told on another channel instead", _named(delivery))
            self._wakeups.wake(Work.OUTBOX)

    def _judge_route(self, unit: UnitOfWork, delivery: Delivery, outcome: Outcome) -> None:
        """Count a failure of the platform; anything else it said proves that it is up."""
        address = delivery.message.address
        route = self._senders[address.channel].route(address)
        if outcome.made.trouble in PLATFORMS_FAULT:
            after = unit.routes.failed(route, self._clock.now())
            self._troubled |= {route}
            if after.held_until is not None:
                log.warning("%s is left alone until %s", masked(address), after.held_until)
        elif route in self._troubled and outcome.made.counts:
            unit.routes.works(route)
            self._troubled -= {route}


def _is_closed(outcome: Outcome) -> bool:
    """Whether the person is surely not reached there any more."""
    return outcome.state is DeliveryState.DEAD and outcome.made.trouble is Trouble.ELSEWHERE


def _named(delivery: Delivery) -> str:
    address = masked(delivery.message.address)
    return f"delivery {delivery.id} to {address}, attempt {delivery.attempts}"
