"""Brings the index of the records to what the database holds of those that changed."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched, chain
from pathlib import Path

import numpy as np

from core.domain.records import Record, RecordId
from core.ports.unit_of_work import Units
from knowledge.index.sealing import DamagedIndexError
from knowledge.index.tiers import Size, to_merge
from knowledge.index.versions import Part, Version, Versions
from knowledge.recall.segment import (
    Entry,
    RecordSegment,
    Register,
    key_of,
    merge_segments,
    write_segment,
)

log = logging.getLogger(__name__)

_PER_SEGMENT = 4_000_000
"""Characters after which a segment is closed, so that memory stays small."""
_READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A segment as a part of the version to come."""

    part: Part
    told: Register

    @property
    def size(self) -> Size:
        items = len(self.told.keys)
        return Size(items=items, live=items - len(self.part.deleted))


@dataclass(frozen=True, slots=True)
class RecordIndexer:
    """Writes versions of the index of records; hold the versions' lock while calling."""

    units: Units
    versions: Versions

    def follow(self, record_ids: Collection[RecordId]) -> None:
        """Index these records as the database holds them; what is the same is left alone.

        They are read under the lock, so that of two writers the later state stays.
        """
        try:
            version = self.versions.current()
            if version is not None:
                self._follow(version, record_ids)
                return
        except (DamagedIndexError, OSError, ValueError, EOFError) as error:
            log.warning("the index of records is damaged (%s); rebuilding it", error)
        self.rebuild()

    def rebuild(self) -> None:
        """Index everything, whatever is there."""
        self._publish([], self._everything())

    def _everything(self) -> Iterator[Entry]:
        after = RecordId("")
        while True:
            with self.units() as unit:
                found = unit.records.page(after, _READ_AT_ONCE)
            yield from _entries(found)
            if len(found) < _READ_AT_ONCE:
                return
            after = found[-1].id

    def _follow(self, version: Version, record_ids: Collection[RecordId]) -> None:
        wanted = {entry.key: entry for entry in self._several(record_ids)}
        marks = np.array([entry.mark for entry in wanted.values()], dtype=np.uint64)
        keys = np.array([key_of(one) for one in record_ids], dtype=np.uint64)
        kept, known, changed = [], set[int](), False
        for part in version.parts:
            told = Register.read(self.versions.segment(part.segment))
            ours = np.isin(told.keys, keys)
            ours[list(part.deleted)] = False
            same = ours & np.isin(told.marks, marks)
            known.update(told.keys[same].tolist())
            gone = tuple(sorted({*part.deleted, *np.flatnonzero(ours & ~same).tolist()}))
            changed = changed or gone != part.deleted
            if len(gone) < len(told.keys):
                kept.append(_Kept(part=Part(segment=part.segment, deleted=gone), told=told))
        missing = [entry for key, entry in wanted.items() if key not in known]
        if missing or changed:
            self._publish(kept, iter(missing))

    def _several(self, record_ids: Iterable[RecordId]) -> Iterator[Entry]:
        for some in batched(record_ids, _READ_AT_ONCE):
            with self.units() as unit:
                found = unit.records.several(some)
            yield from _entries(found)

    def _publish(self, kept: list[_Kept], entries: Iterator[Entry]) -> None:
        while (first := next(entries, None)) is not None:
            name = self.versions.write(partial(_fill, first, entries))
            kept.append(self._kept(name))
        while places := to_merge([one.size for one in kept]):
            chosen = [kept[at] for at in places]
            name = self.versions.write(partial(self._merge, chosen))
            others = [one for at, one in enumerate(kept) if at not in places]
            kept = [*others[: places[0]], self._kept(name), *others[places[0] :]]
        self.versions.publish([one.part for one in kept])

    def _kept(self, name: str) -> _Kept:
        told = Register.read(self.versions.segment(name))
        return _Kept(part=Part(segment=name), told=told)

    def _merge(self, chosen: Sequence[_Kept], folder: Path) -> None:
        parts = [
            (RecordSegment(self.versions.checked(one.part.segment)), one.part.deleted)
            for one in chosen
        ]
        merge_segments(folder, parts)


def _entries(records: Iterable[Record]) -> Iterator[Entry]:
    """What is indexed of those that are not withdrawn."""
    return (Entry.of(one) for one in records if not one.withdrawn)


def _fill(first: Entry, entries: Iterator[Entry], folder: Path) -> None:
    write_segment(folder, _until_full(first, entries))


def _until_full(first: Entry, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries up to the size of a segment."""
    size = 0
    for entry in chain((first,), entries):
        yield entry
        size += len(entry.text)
        if size >= _PER_SEGMENT:
            return
