"""Bringing records into the libraries, for those who asked to hear of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.arrivals import Arrival, Outcome, Stored, settled
from core.domain.conversations import Reply
from core.domain.records import Record, RecordId
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.reminding.following import follow
from core.services.reminding.rolling import upcoming
from core.services.tidings import announce, tell_anew


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

    def __call__(
        self, records: Iterable[Record], *, over: Collection[str] = ()
    ) -> tuple[Stored, ...]:
        """Store whole records; operators' edits stay, but for those of the fields `over`."""
        return self.arrive((Arrival(record=record) for record in records), over=over)

    def arrive(
        self, arrivals: Iterable[Arrival], *, over: Collection[str] = ()
    ) -> tuple[Stored, ...]:
        """Store what arrived and let the index follow; of one id the last counts.

        What is stored already is handed to the index all the same, so that a repeat mends what a
        crash left undone.
        """
        now = self.clock.now()
        wanted = {
            one.record.id: replace(one, record=upcoming(one.record, now)) for one in arrivals
        }
        with self.units() as unit:
            known = self._known(unit, wanted)
            stored = tuple(
                self._store(unit, upcoming(record, now), before=known.get(record.id), now=now)
                for record in _settled(wanted, known, over)
            )
            announce(unit, ((known.get(x.record.id), x.record) for x in stored), now)
            unit.commit()
        self.knowledge.index_records([one.record for one in stored])
        self.wakeups.wake(Work.OUTBOX)
        return stored

    def _known(
        self, unit: UnitOfWork, wanted: Mapping[RecordId, Arrival]
    ) -> dict[RecordId, Record]:
        """Those that are there, held; the others are inserted."""
        known = {one.id: one for one in unit.records.several(wanted, hold=True)}
        new = [one.record for key, one in wanted.items() if key not in known]
        added = unit.records.add(new)
        raced = [one.id for one in new if one.id not in added]
        return known | {one.id: one for one in unit.records.several(raced, hold=True)}

    def _store(
        self, unit: UnitOfWork, record: Record, *, before: Record | None, now: datetime
    ) -> Stored:
        after = unit.records.put(record) if before is not None and record != before else record
        if before is None:
            return Stored(record=after, outcome=Outcome.NEW)
        if after == before:
            return Stored(record=after, outcome=Outcome.SAME)
        tell_anew(unit, after, self.clock)
        if after.version != before.version:
            change = self.report_change(after) if _belies(before, after) else None
            follow(unit, after, change, now)
        return Stored(record=after, outcome=Outcome.CHANGED)


def _belies(before: Record, after: Record) -> bool:
    """Whether what people were told of the dates is no longer so; a date that is added is none."""
    if (before.starts_at, before.closes_at) != (after.starts_at, after.closes_at):
        return True
    if before.withdrawn != after.withdrawn or not {*before.phases} <= {*after.phases}:
        return True
    return before.ends_at not in {None, after.ends_at}


def _settled(
    wanted: Mapping[RecordId, Arrival],
    known: Mapping[RecordId, Record],
    over: Collection[str],
) -> list[Record]:
    """What each is to be, with what stays of the one that is there."""
    return [
        settled(known[key], one, over) if key in known else one.record
        for key, one in wanted.items()
    ]
