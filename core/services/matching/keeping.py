"""Keeping what is shown to a need's person, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.domain.errors import NotFoundError
from core.domain.matching.matches import Match
from core.domain.matching.pairings import Pairing, PairingState, moved, offered
from core.domain.needs import NeedId
from core.domain.records import RecordId
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units


def remember(
    unit: UnitOfWork, need_id: NeedId, found: Iterable[Match], *, opened: bool, at: datetime
) -> None:
    """Keep what is shown to a need's person, and why: `opened` when they asked for it."""
    for match in found:
        before = unit.pairings.find(need_id, match.record_id)
        unit.pairings.put(offered(need_id, match, before, opened=opened, at=at))


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePairing:
    """An operator's word on a pairing: talks, a contract, or nothing."""

    units: Units
    clock: Clock

    def __call__(
        self,
        need_id: NeedId,
        record_id: RecordId,
        to: PairingState,
        *,
        by: str,
        note: str = "",
    ) -> Pairing:
        """Move it; one that is there already stays.

        Raises:
            NotFoundError: the two were never brought together.
            ConflictError: it cannot go there.
        """
        with self.units() as unit:
            unit.needs.get(need_id, hold=True)
            pairing = unit.pairings.find(need_id, record_id)
            if pairing is None:
                raise NotFoundError(f"need {need_id} and {record_id} were never brought together")
            if pairing.state is to:
                return pairing
            after = moved(pairing, to, by=by, at=self.clock.now(), note=note.strip())
            unit.pairings.put(after)
            unit.commit()
        return after
