"""Bringing rows of a table into a library: the same number or the same name is the same record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.arrivals import Arrival, Stored, name_key, names_itself, settled
from core.domain.records import Record, RecordId
from core.domain.subscriptions import NEWS
from core.ports.unit_of_work import Units
from core.services.records import StoreRecords
from core.services.reminding.rolling import upcoming


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """An arrival that was not stored: it could be each of these records, by external id."""

    external_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An arrival that was not stored: it moves a date that lies ahead into the past."""

    field: str
    before: datetime
    after: datetime


def moved_into_past(before: Record, after: Record, now: datetime) -> Past | None:
    """The start or closing that was to come and would be over, which is nobody's intention."""
    for field in ("starts_at", "closes_at"):
        old, new = getattr(before, field), getattr(after, field)
        if old is not None and new is not None and new <= now < old:
            return Past(field=field, before=old, after=new)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BringRecords:
    """Store arrivals, each as the record it is; in one transaction."""

    units: Units
    store_records: StoreRecords

    def __call__(
        self, arrivals: Sequence[Arrival], taken: set[RecordId]
    ) -> list[Stored | Unclear | Past]:
        """What became of each, in order. `taken` are records that others of its table are.

        An arrival with a number not seen before is the record of its name and organisation, if
        that has no number of its own; one without a number is the one record of its name.
        What is stored is added to `taken`.
        """
        known = self._by_name(arrivals)
        chosen: list[Arrival | Unclear | Past] = []
        for arrival in arrivals:
            one = _chosen(arrival, known.get(name_key(arrival.record), ()), taken)
            if isinstance(one, Arrival):
                taken.add(one.record.id)
            chosen.append(one)
        chosen = self._without_past(chosen)
        coming = [one for one in chosen if isinstance(one, Arrival)]
        stored = {one.record.id: one for one in self.store_records.arrive(coming)}
        return [stored[one.record.id] if isinstance(one, Arrival) else one for one in chosen]

    def _without_past(
        self, chosen: Sequence[Arrival | Unclear | Past]
    ) -> list[Arrival | Unclear | Past]:
        now = self.store_records.clock.now()
        dated = [
            one.record.id
            for one in chosen
            if isinstance(one, Arrival) and one.record.library in NEWS and not one.record.withdrawn
        ]
        with self.units() as unit:
            known = {one.id: one for one in unit.records.several(dated)}

        def past(one: Arrival | Unclear | Past) -> Past | None:
            before = known.get(one.record.id) if isinstance(one, Arrival) else None
            if before is None or not isinstance(one, Arrival):
                return None
            return moved_into_past(before, upcoming(settled(before, one), now), now)

        return [past(one) or one for one in chosen]

    def _by_name(self, arrivals: Iterable[Arrival]) -> Mapping[str, list[Record]]:
        """Records with the names of arrivals whose own number is not there."""
        found: defaultdict[str, list[Record]] = defaultdict(list)
        records = [one.record for one in arrivals]
        with self.units() as unit:
            numbered = {one.id for one in unit.records.several([one.id for one in records])}
            new = [one for one in records if one.id not in numbered]
            for library in {one.library for one in new}:
                for record in unit.records.named(library, map(name_key, new)):
                    found[name_key(record)].append(record)
        return found


def _chosen(arrival: Arrival, same: Sequence[Record], taken: set[RecordId]) -> Arrival | Unclear:
    """The arrival under the id of the record it is."""
    record = arrival.record
    unnumbered = names_itself(record)
    known = same if unnumbered else [one for one in same if names_itself(one)]
    if len(known) > 1 and not any(one.id == record.id for one in known):
        return Unclear(external_ids=tuple(one.external_id for one in known))
    if len(known) == 1 and (unnumbered or known[0].id not in taken):
        record = replace(record, external_id=known[0].external_id)
    if record.id in taken:
        return Unclear(external_ids=(record.external_id,))
    return replace(arrival, record=record)
