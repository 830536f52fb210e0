"""Bringing records into the libraries, and telling those who asked to hear of new events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Reply
from core.domain.deliveries import OutboundMessage
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.events import concerns
from core.services.reminders import move
from core.services.subscriptions import announcement_key


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRecords:
    """Insert or update records in one transaction; reminders follow a changed date.

    `announce` gives the words for a new event, `report_change` those for a changed or withdrawn
    one.
    """

    units: Units
    clock: Clock
    knowledge: KnowledgeBase
    wakeups: Wakeups
    announce: Callable[[Record], Reply]
    report_change: Callable[[Record], Reply]

    def __call__(self, records: Iterable[Record]) -> int:
        """Store them all and renew the index; returns how many were stored."""
        now = self.clock.now()
        count = 0
        with self.units() as unit:
            for record in records:
                self._store(unit, record, now)
                count += 1
            unit.commit()
        with self.units() as unit:
            everything = unit.records.list()
        self.knowledge.index_records(everything)
        self.wakeups.wake(Work.OUTBOX)
        return count

    def _store(self, unit: UnitOfWork, record: Record, now: datetime) -> None:
        before = unit.records.find(record.id, hold=True)
        after = unit.records.put(record)
        if before is None:
            self._tell_subscribers(unit, after, now)
        elif after.version != before.version:
            for reminder in unit.reminders.hanging_on(after.id):
                move(unit, after, reminder, change=self.report_change(after), now=now)

    def _tell_subscribers(self, unit: UnitOfWork, record: Record, now: datetime) -> None:
        today = now.astimezone(SHANGHAI).date()
        if record.library is not Library.EVENTS or not record.current_at(now, today):
            return
        told = {s.address for s in unit.subscriptions.all() if concerns(record, s.topic)}
        for address in sorted(told, key=str):
            message = OutboundMessage(
                key=announcement_key(address, record.id),
                address=address,
                reply=self.announce(record),
                expires_at=record.starts_at,
            )
            unit.outbox.put(message, now)
