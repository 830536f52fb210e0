"""From a broadcast to the outbox: everybody of the audience once, whoever dies in between."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.broadcasts import Broadcast, BroadcastId, BroadcastState, RecipientState
from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.purposes import Purpose
from core.domain.subscriptions import Caps
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.broadcasts.making import PAGE
from core.services.broadcasts.moving import move
from core.services.pushes.pausing import capped_until, quiet_until

TOLD = 50
"""People told in one transaction."""

WAITING = 200
"""Pushes that may wait in the outbox: so few that no answer to a question waits long for them."""

NOBODY = "keqiao"
"""In whose name a broadcast that reached everybody is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """Take broadcasts that are being sent one step further.

    First everybody of the audience is noted, page by page; then each of them is told once it is
    neither quiet nor too much. Who refused meanwhile is left out.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: Callable[[str], Reply]
    caps: Caps = field(default_factory=Caps)

    def __call__(self) -> int:
        """How many people were noted or told; 0 when there is nothing to do now."""
        with self.units() as unit:
            ids = unit.broadcasts.sending()
        return sum(self._step(one) for one in ids)

    def _step(self, broadcast_id: BroadcastId) -> int:
        now = self.clock.now()
        with self.units() as unit:
            broadcast = unit.broadcasts.get(broadcast_id, hold=True)
            if broadcast.state is not BroadcastState.SENDING:
                return 0
            done = self._tell(unit, broadcast, now) if broadcast.planned else 1
            if not broadcast.planned:
                _plan(unit, broadcast, now)
            unit.commit()
        self.wakeups.wake(Work.OUTBOX)
        return done

    def _tell(self, unit: UnitOfWork, broadcast: Broadcast, now: datetime) -> int:
        room = min(TOLD, WAITING - unit.pushes.waiting(now))
        people = unit.broadcasts.due(broadcast.id, now, room) if room > 0 else []
        for address in people:
            self._tell_one(unit, broadcast, address, now)
        if room > 0 and not unit.broadcasts.counts(broadcast.id).get(RecipientState.HELD):
            move(unit, self.clock, broadcast, BroadcastState.DONE, by=NOBODY)
        return len(people)

    def _tell_one(
        self, unit: UnitOfWork, broadcast: Broadcast, address: Address, now: datetime
    ) -> None:
        unit.outbox.hold(address)
        pause = quiet_until(unit, address, now) or capped_until(unit, address, self.caps, now)
        over = broadcast.until is not None and broadcast.until <= (pause or now)
        if over or unit.people.find(address).refuses:
            unit.broadcasts.settle(broadcast.id, address, RecipientState.LEFT_OUT)
        elif pause is not None:
            unit.broadcasts.settle(broadcast.id, address, RecipientState.HELD, due_at=pause)
        else:
            message = OutboundMessage(
                key=broadcast.delivery_key(address),
                address=address,
                reply=self.render(broadcast.text),
                expires_at=broadcast.until,
                pushed=True,
                purpose=Purpose.BROADCAST,
            )
            unit.outbox.put(message, now)
            unit.broadcasts.settle(broadcast.id, address, RecipientState.QUEUED)


def _plan(unit: UnitOfWork, broadcast: Broadcast, now: datetime) -> None:
    """Note the next page of the audience."""
    page = unit.people.page(broadcast.reached, PAGE)
    people = [person.address for person in page if broadcast.audience.holds(person)]
    unit.broadcasts.add(broadcast.id, people, now)
    reached = str(page[-1].address) if page else broadcast.reached
    unit.broadcasts.change(replace(broadcast, reached=reached, planned=len(page) < PAGE))
