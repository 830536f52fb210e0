"""The needs as they are searched for a record: an index of their own, seen by nobody else.

It follows the database each time it is asked: what came or changed since it was asked last is read
again, and a little of what was before, since clocks and commits of several machines differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, pairwise
from pathlib import Path
from typing import override

from core.domain.matching.matches import NeedCandidate
from core.domain.needs import Need, NeedId
from core.domain.records import Library, Record, RecordId
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from knowledge.index.shelf import Shelf
from knowledge.index.versions import Versions
from knowledge.lexicon.words import normalise
from knowledge.recall.index import Query, RecordIndex
from knowledge.recall.renewal import RecordIndexer
from knowledge.recall.segment import Entry, record_text

_AGAIN = timedelta(minutes=10)
_EVER = timedelta(days=36_500)
_READ_AT_ONCE = 1_000
_SHELF = Library.PROJECTS
"""Segments file their rows under libraries; needs have but one, whichever."""


class NeedIndexer(RecordIndexer):
    """Writes versions of the index of needs, open or not: whether one is, the database says."""

    @override
    def _everything(self) -> Iterator[Entry]:
        after = NeedId(0)
        while True:
            with self.units() as unit:
                found = unit.needs.page(after, _READ_AT_ONCE)
            yield from map(_entry, found)
            if len(found) < _READ_AT_ONCE:
                return
            after = found[-1].id

    @override
    def _several(self, record_ids: Iterable[RecordId]) -> Iterator[Entry]:
        for some in batched(record_ids, _READ_AT_ONCE):
            with self.units() as unit:
                found = unit.needs.several(NeedId(int(one)) for one in some)
            yield from map(_entry, found)


class NeedSearch:
    """Finds needs for a record."""

    def __init__(self, units: Units, folder: Path, clock: Clock) -> None:
        self._units = units
        self._clock = clock
        self._versions = Versions(folder)
        self._indexer = NeedIndexer(units, self._versions)
        self._index: Shelf[RecordIndex] = Shelf(
            self._versions, partial(RecordIndex.load, self._versions), self._indexer.rebuild
        )
        self._seen: datetime | None = None

    def recall(self, record: Record, *, limit: int) -> list[NeedCandidate]:
        """Needs near a record, best first; ties by id."""
        self._follow()
        text = normalise(record_text(replace(record, organisation=None, details={})))
        index = self._index.get()
        found = [
            NeedCandidate(
                need_id=NeedId(int(one.record_id)),
                relevance=_share(said, text, index),
                terms=one.terms,
            )
            for one, said in index.found(Query.of(text, {}), libraries=(), limit=limit)
        ]
        return sorted(found, key=lambda one: (-one.relevance, one.need_id))

    def close(self) -> None:
        """Let go of what is loaded."""
        self._index.close()

    def _follow(self) -> None:
        now = self._clock.now()
        since = now - _EVER if self._seen is None else self._seen - _AGAIN
        with self._units() as unit:
            changed = unit.needs.changed_since(since)
        if changed:
            with self._versions.lock():
                self._indexer.follow([RecordId(str(one)) for one in changed])
        self._seen = now


def _entry(need: Need) -> Entry:
    draft = need.draft
    trades = draft.industry
    parts = [draft.problem or "", *draft.indicators]
    if trades is not None:
        parts += [trades.raw, *trades.labels]
    text = normalise("\n".join(part for part in parts if part))
    return Entry(record_id=RecordId(str(need.id)), library=_SHELF, text=text)


def _share(need: str, record: str, index: RecordIndex) -> float:
    """How much of what a need says, by rarity, the record says too."""
    pairs = {one + other for one, other in pairwise(need) if one.isalnum() and other.isalnum()}
    total = shared = 0.0
    for pair in sorted(pairs):
        rarity = index.rarity(pair)
        total += rarity
        shared += rarity if pair in record else 0.0
    return round(shared / total, 4) if total else 0.0
