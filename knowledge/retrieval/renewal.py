"""Brings the index of the documents to what the database holds, by what differs."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, chain

import numpy as np
from numpy.typing import NDArray

from core.domain.documents import Revision
from core.ports.unit_of_work import Units
from knowledge.index.sealing import DamagedIndexError
from knowledge.index.versions import Versions
from knowledge.retrieval.segments.segment import Entry
from knowledge.retrieval.segments.writing import Kept, settled, write_entries
from knowledge.structure.chunks import chunks

log = logging.getLogger(__name__)

_READ_AT_ONCE = 100
"""Documents whose texts are read from the database together."""
Told = Callable[[int, int], None]
"""Hears how many documents are done, and of how many."""


def mark_of(revision: Revision) -> int:
    """64 bits for a document in its present state."""
    told = f"{revision.id}\0{revision.source}\0{revision.state}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class DocumentIndexer:
    """Writes versions of the index of documents; hold the versions' lock while calling."""

    units: Units
    versions: Versions

    def renew(self, told: Told) -> bool:
        """Index what the database holds, if the index holds anything else; True when it did."""
        revisions = self._revisions()
        try:
            kept = self._kept(np.array([mark_of(one) for one in revisions], dtype=np.uint64))
            if kept is not None:
                return self._change(kept, revisions, told)
        except (DamagedIndexError, OSError, ValueError, EOFError) as error:
            log.warning("the index is damaged (%s); rebuilding it from the database", error)
        self._publish([], revisions, told)
        return True

    def rebuild(self) -> None:
        """Index everything, whatever is there."""
        self._publish([], self._revisions(), lambda _done, _all: None)

    def _revisions(self) -> list[Revision]:
        with self.units() as unit:
            return unit.documents.revisions()

    def _kept(self, wanted: NDArray[np.uint64]) -> list[Kept] | None:
        """What the current version has of the wanted documents; None without a version."""
        version = self.versions.current()
        if version is None:
            return None
        return [Kept.read(self.versions, part).without_others(wanted) for part in version.parts]

    def _change(self, kept: list[Kept], revisions: Sequence[Revision], told: Told) -> bool:
        known = set(chain.from_iterable(one.marks for one in kept))
        missing = [one for one in revisions if mark_of(one) not in known]
        if not missing and not any(one.changed for one in kept):
            return False
        self._publish([one for one in kept if one.marks], missing, told)
        return True

    def _publish(self, kept: list[Kept], missing: Sequence[Revision], told: Told) -> None:
        """Make those kept and those missing the current version."""
        written = write_entries(self.versions, self._entries(missing, told))
        self.versions.publish(settled(self.versions, [*kept, *written]))

    def _entries(self, revisions: Sequence[Revision], told: Told) -> Iterator[Entry]:
        done = 0
        for some in batched(revisions, _READ_AT_ONCE):
            marks = {one.source: mark_of(one) for one in some}
            with self.units() as unit:
                documents = unit.documents.several(marks.keys())
            for one in documents:
                yield Entry(mark=marks[one.source], document=one, chunks=chunks(one.text))
            done += len(some)
            told(done, len(revisions))
