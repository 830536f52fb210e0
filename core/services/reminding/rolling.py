"""What takes place again and again goes on to its next time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.records import Record
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from core.services.reminding.following import roll


def upcoming(record: Record, now: datetime) -> Record:
    """The record with the dates of the next time it takes place; of its last when it is over."""
    start = record.starts_at
    if record.series is None or start is None:
        return record
    length = record.ends_at - start if record.ends_at else timedelta(0)
    next_start = record.series.next(start, max(start - timedelta.resolution, now - length))
    if next_start is None:
        return record
    shift = next_start - start
    return replace(
        record,
        starts_at=next_start,
        ends_at=record.ends_at and record.ends_at + shift,
        closes_at=record.closes_at and record.closes_at + shift,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RollSeries:
    """Give records of a series that took place the dates of their next time.

    Those who were reminded, or asked to be, are reminded of the next time too.
    """

    units: Units
    clock: Clock
    knowledge: KnowledgeBase

    def __call__(self) -> int:
        """Returns how many went on."""
        now = self.clock.now()
        with self.units() as unit:
            over = [one.id for one in unit.records.repeated(now) if upcoming(one, now) != one]
            if not over:
                return 0
            rolled = []
            for record in unit.records.several(over, hold=True):
                after = unit.records.put(upcoming(record, now))
                if after.version != record.version:
                    roll(unit, record, after, now)
                    rolled.append(after)
            unit.commit()
        self.knowledge.index_records(rolled)
        return len(rolled)
