"""The audit trail: a deed is written down before it is done, so that no crash hides it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.domain.errors import KeqiaoError
from core.domain.operating.deeds import Deed, DeedId, DeedState
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

LONGEST_NOTE = 2_000
"""Characters of a note that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDown:
    """Write a deed down around the doing of it."""

    units: Units
    clock: Clock

    @contextmanager
    def __call__(self, by: str, what: str, target: str, note: str = "") -> Iterator[list[str]]:
        """Begin it, and say at the end whether it was done or refused, and why.

        What is appended to the list stands in its note.
        """
        notes = [note] if note else []
        deed = Deed(at=self.clock.now(), by=by, what=what, target=target, note=_joined(notes))
        with self.units() as unit:
            written = unit.deeds.begin(deed)
            unit.commit()
        try:
            yield notes
        except KeqiaoError as error:
            self._end(written, DeedState.REFUSED, _joined([*notes, str(error)]))
            raise
        self._end(written, DeedState.DONE, _joined(notes))

    def _end(self, written: DeedId, state: DeedState, note: str) -> None:
        with self.units() as unit:
            unit.deeds.end(written, state, note)
            unit.commit()


def _joined(notes: list[str]) -> str:
    return " · ".join(notes)[:LONGEST_NOTE]
