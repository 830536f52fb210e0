"""What is new for subscribers, told in one message a person and hour."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from core.domain.conversations import Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.purposes import Purpose
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI, instant_of
from core.domain.subscriptions import Caps, Tiding
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.pushes.pausing import capped_until, quiet_until
from core.services.subscriptions import take_back

CONSIDERED = 200
"""How many of the newest tidings are looked at for one message; the others are only counted."""


def announce(
    unit: UnitOfWork, stored: Iterable[tuple[Record | None, Record]], now: datetime
) -> None:
    """Let subscribers be found for what is new, current again, or of other content than before.

    What is not yet in force is announced on its first day.
    """
    unit.tidings.announce(
        (after.id, moment)
        for before, after in stored
        if (moment := _news_from(before, after, now)) is not None
    )


def _news_from(before: Record | None, after: Record, now: datetime) -> datetime | None:
    """From when on the record is news; None when it is none."""
    first = after.valid_from
    moment = max(now, datetime.combine(first, time(0), SHANGHAI)) if first else now
    if not after.current_at(moment, moment.astimezone(SHANGHAI).date()):
        return None
    was_current = before is not None and before.current_at(now, now.astimezone(SHANGHAI).date())
    if before is not None and was_current and _asked_about(before) == _asked_about(after):
        return None
    return moment


def _asked_about(record: Record) -> tuple[object, ...]:
    """What interests look at."""
    kind, organiser = record.details.get("kind"), record.details.get("organiser")
    by = (organiser, record.organisation)
    return record.title, kind, record.region, record.industries, record.keywords, by


def tell_anew(unit: UnitOfWork, record: Record, clock: Clock) -> None:
    """Take back what is queued and tells of a record that has changed, to be told as it is now."""
    for key in unit.tidings.unsent(record.id):
        delivery = unit.outbox.find(key)
        if delivery is not None:
            take_back(unit, delivery, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTidings:
    """Move one person's due tidings to the outbox as one message; in quiet hours they wait.

    So they do when the person got as many pushes as it may; only calls that close before there is
    room again are told all the same. What has ended, was withdrawn or is not asked for any more is
    left out. `render` gives the words for the records, best first, and for so many others that are
    not named.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: Callable[[Sequence[Record], int], Reply]
    caps: Caps = field(default_factory=Caps)

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
        person = unit.bonds.of(address)
        if person is not None and person.home != address:
            unit.movables.move(address, person.home, now)  # it was bound while they were gathered
            return
        waiting = unit.tidings.waiting(address, now)
        until = quiet_until(unit, address, now)
        if until is not None:
            unit.tidings.postpone(waiting, until)
            return
        chosen = self._of_use(unit, address, waiting[:CONSIDERED], now)
        unit.tidings.drop([one for one in waiting[:CONSIDERED] if one not in chosen])
        others = waiting[CONSIDERED:]
        until = capped_until(unit, address, self.caps, now)
        if until is not None:
            urgent = {one: record for one, record in chosen.items() if _closes(record, until)}
            unit.tidings.postpone([one for one in chosen if one not in urgent] + others, until)
            chosen, others = urgent, []
        if chosen:
            self._queue(unit, address, chosen, others)

    def _queue(
        self,
        unit: UnitOfWork,
        address: Address,
        chosen: Mapping[Tiding, Record],
        others: Sequence[Tiding],
    ) -> None:
        first = max(one.id for one in (*chosen, *others))
        message = OutboundMessage(
            key=f"tidings:{address}:{first}",
            address=address,
            reply=self.render(list(chosen.values()), len(others)),
            expires_at=_expiry(chosen.values()),
            pushed=True,
            purpose=Purpose.DIGEST,
        )
        unit.outbox.put(message, self.clock.now())
        unit.tidings.close([*chosen, *others], message.key)

    def _of_use(
        self, unit: UnitOfWork, address: Address, waiting: Sequence[Tiding], now: datetime
    ) -> dict[Tiding, Record]:
        """Those to be told, newest first, and of one moment the best."""
        interests = [one.interest for one in unit.subscriptions.of(address)]
        today = now.astimezone(SHANGHAI).date()
        found = []
        known = unit.records.several(one.record_id for one in waiting)
        records = {record.id: record for record in known}
        for tiding in waiting:
            record = records.get(tiding.record_id)
            if record is None or not record.current_at(now, today):
                continue
            agreeing = [len(one.words) for one in interests if one.asks_for(record)]
            if agreeing:
                rank = (-tiding.found_at.timestamp(), -max(agreeing), _soon(record, now))
                found.append((*rank, tiding.id, tiding, record))
        return {tiding: record for *_, tiding, record in sorted(found, key=lambda one: one[:4])}


def _closes(record: Record, before: datetime) -> bool:
    """Whether it is a call that closes by then."""
    closes_at = record.closes_at
    return record.library is Library.CALLS and closes_at is not None and closes_at <= before


def _soon(record: Record, now: datetime) -> float:
    return (instant_of(record) or datetime.max.replace(tzinfo=now.tzinfo)).timestamp()


def _expiry(records: Iterable[Record]) -> datetime | None:
    """When the last of them is over; None when one never is."""
    ends = [instant_of(record) for record in records]
    return max((end for end in ends if end), default=None) if all(ends) else None
