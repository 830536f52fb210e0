"""What is new for subscribers: found as records arrive, told in one message a person and hour."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, instant_of
from core.domain.subscriptions import Interest, Rhythm, Subscription, Tiding
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.subscriptions import take_back

CONSIDERED = 200
"""How many of the newest tidings are looked at for one message; the others are only counted."""


class Audience:
    """Everybody who subscribed, by what they ask for: each interest is looked at once a record."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    @cached_property
    def _by_library(self) -> dict[Library, dict[Interest, list[Subscription]]]:
        found: dict[Library, dict[Interest, list[Subscription]]] = {one: {} for one in Library}
        for subscription in self._unit.subscriptions.all():
            for library in subscription.interest.libraries:
                found[library].setdefault(subscription.interest, []).append(subscription)
        return found

    def gather(self, record: Record, now: datetime) -> None:
        """Note for everybody who asks for the record when to be told: the soonest counts."""
        due: dict[Address, datetime] = {}
        moments: dict[Rhythm, datetime] = {}
        for interest, subscriptions in self._by_library[record.library].items():
            if not interest.asks_for(record):
                continue
            for one in subscriptions:
                moment = moments.setdefault(one.rhythm, one.rhythm.due(now))
                due[one.address] = min(moment, due.get(one.address, moment))
        people = sorted(due.items(), key=lambda pair: str(pair[0]))
        self._unit.tidings.gather(record.id, people, now)


def tell_anew(unit: UnitOfWork, record: Record, clock: Clock) -> None:
    """Take back what is queued and tells of a record that has changed, to be told as it is now."""
    for key in unit.tidings.unsent(record.id):
        delivery = unit.outbox.find(key)
        if delivery is not None:
            take_back(unit, delivery, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTidings:
    """Move one person's due tidings to the outbox as one message; in quiet hours they wait.

    What has ended, was withdrawn or is not asked for any more is left out. `render` gives the
    words for the records, best first, and for so many others that are not named.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: Callable[[Sequence[Record], int], Reply]

    def __call__(self) -> int:
        """1 when there was somebody to tell (or to let wait), 0 when nothing is due."""
        now = self.clock.now()
        with self.units() as unit:
            address = unit.tidings.next_due(now)
            if address is not None:
                self._tell(unit, address, now)
                unit.commit()
        if address is None:
            return 0
        self.wakeups.wake(Work.OUTBOX)
        return 1

    def _tell(self, unit: UnitOfWork, address: Address, now: datetime) -> None:
        waiting = unit.tidings.waiting(address, now)
        quiet = unit.subscriptions.quiet_hours(address)
        quiet_until = quiet.until(now) if quiet else None
        if quiet_until is not None:
            unit.tidings.postpone(waiting, quiet_until)
            return
        chosen = self._of_use(unit, address, waiting[:CONSIDERED], now)
        useless = [one for one in waiting[:CONSIDERED] if one not in chosen]
        unit.tidings.drop(useless)
        if not chosen:
            return
        key = f"tidings:{address}:{waiting[0].id}"
        message = OutboundMessage(
            key=key,
            address=address,
            reply=self.render(list(chosen.values()), len(waiting[CONSIDERED:])),
            expires_at=_expiry(chosen.values()),
        )
        unit.outbox.put(message, now)
        unit.tidings.close([*chosen, *waiting[CONSIDERED:]], key)

    def _of_use(
        self, unit: UnitOfWork, address: Address, waiting: Sequence[Tiding], now: datetime
    ) -> dict[Tiding, Record]:
        """Those to be told, newest first, and of one moment the best."""
        interests = [one.interest for one in unit.subscriptions.of(address)]
        today = now.astimezone(SHANGHAI).date()
        found = []
        for tiding in waiting:
            record = unit.records.find(tiding.record_id)
            if record is None or not record.current_at(now, today):
                continue
            agreeing = [len(one.words) for one in interests if one.asks_for(record)]
            if agreeing:
                rank = (-tiding.found_at.timestamp(), -max(agreeing), _soon(record, now))
                found.append((*rank, tiding.id, tiding, record))
        return {tiding: record for *_, tiding, record in sorted(found, key=lambda one: one[:4])}


def _soon(record: Record, now: datetime) -> float:
    return (instant_of(record) or datetime.max.replace(tzinfo=now.tzinfo)).timestamp()


def _expiry(records: Iterable[Record]) -> datetime | None:
    """When the last of them is over; None when one never is."""
    ends = [instant_of(record) for record in records]
    return max((end for end in ends if end), default=None) if all(ends) else None
