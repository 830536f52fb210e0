"""Bringing records into the libraries, for those who asked to hear of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.domain.conversations import Reply
from core.domain.records import Record
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.reminders import move, take_back_told
from core.services.tidings import Audience, tell_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRecords:
    """Insert or update records in one transaction; reminders follow a changed date.

    `report_change` gives the words for a changed or withdrawn event.
    """

    units: Units
    clock: Clock
    knowledge: KnowledgeBase
    wakeups: Wakeups
    report_change: Callable[[Record], Reply]

    def __call__(self, records: Iterable[Record]) -> int:
        """Store them all and renew the index; returns how many were stored."""
        now = self.clock.now()
        count = 0
        with self.units() as unit:
            audience = Audience(unit)
            for record in records:
                self._store(unit, audience, record, now)
                count += 1
            unit.commit()
        with self.units() as unit:
            everything = unit.records.list()
        self.knowledge.index_records(everything)
        self.wakeups.wake(Work.OUTBOX)
        return count

    def _store(self, unit: UnitOfWork, audience: Audience, record: Record, now: datetime) -> None:
        before = unit.records.find(record.id, hold=True)
        after = unit.records.put(record)
        today = now.astimezone(SHANGHAI).date()
        if after.current_at(now, today) and not (before and before.current_at(now, today)):
            audience.gather(after, now)
        if before is not None and after != before:
            tell_anew(unit, after, self.clock)
        if before is not None and after.version != before.version:
            take_back_told(unit, after, now)
            for reminder in unit.reminders.hanging_on(after.id):
                move(unit, after, reminder, change=self.report_change(after), now=now)
