"""A library follows a source: what is there is stored, what is no longer there is withdrawn."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched

from core.domain.arrivals import Arrival, Outcome
from core.domain.records import Library, RecordId
from core.domain.sources import Counts, SourceName, looks_whole
from core.ports.unit_of_work import Units
from core.services.records import StoreRecords

BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSource:
    """Store what a source holds; a record is one of a source by the source's name in its id."""

    units: Units
    store_records: StoreRecords

    def __call__(
        self,
        name: SourceName,
        library: Library,
        arrivals: Iterable[Arrival],
        *,
        also: Sequence[str] | None,
        even_if_small: bool = False,
    ) -> Counts:
        """Store them all, then withdraw the others of the source, unless it looks incomplete.

        `also` are numbers that are in the source and could not be read; None when there are
        some of which not even the number is known: then nothing is withdrawn.
        """
        with self.units() as unit:
            live = unit.records.live(library, f"{name}:")
        present = {_record_id(library, name, number) for number in also or ()}
        outcomes: Counter[Outcome] = Counter()
        for some in batched(arrivals, BATCH):
            ours = [_named(one, name) for one in some]
            present.update(one.record.id for one in ours)
            outcomes.update(one.outcome for one in self.store_records.arrive(ours))
        gone = live - present
        whole = also is not None and looks_whole(len(present), len(live))
        if gone and (whole or (even_if_small and present)):
            self._withdraw(gone)
            withdrawn, held_back = len(gone), 0
        else:
            withdrawn, held_back = 0, len(gone)
        return Counts(
            read=len(present),
            stored=outcomes[Outcome.NEW],
            updated=outcomes[Outcome.CHANGED],
            unchanged=outcomes[Outcome.SAME],
            withdrawn=withdrawn,
            held_back=held_back,
        )

    def _withdraw(self, gone: Iterable[RecordId]) -> None:
        for some in batched(sorted(gone), BATCH):
            with self.units() as unit:
                records = unit.records.several(some)
            self.store_records([replace(one, withdrawn=True) for one in records])


def _record_id(library: Library, name: SourceName, number: str) -> RecordId:
    return RecordId(f"{library}/{name}:{number}")


def _named(arrival: Arrival, name: SourceName) -> Arrival:
    """Under the source's name, and there again when it had been withdrawn."""
    record = replace(arrival.record, external_id=f"{name}:{arrival.record.external_id}")
    given = None if arrival.given is None else arrival.given | {"withdrawn", "source"}
    return replace(arrival, record=record, given=given)
