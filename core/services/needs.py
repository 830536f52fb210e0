"""Storing needs, with what matches them."""

from dataclasses import dataclass, replace

from core.domain.conversations import Address
from core.domain.matching.matches import SHOWN, Match
from core.domain.needs import Need, NeedDraft
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.services.matching.finding import FindMatches
from core.services.matching.keeping import remember
from core.services.matching.needs import MatchNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedNeed:
    """A stored need and what matches it now."""

    need: Need
    matches: tuple[Match, ...]
    new: bool
    """False when this message had stored it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitNeed:
    """Store a confirmed need once per confirming message, and match it at once."""

    units: Units
    clock: Clock
    match_need: MatchNeed

    def __call__(self, draft: NeedDraft, *, address: Address, key: str) -> SubmittedNeed:
        """Store, match, and remember what will be shown; the same key finds the first need."""
        with self.units() as unit:
            need, new = unit.needs.put(key, address, draft, self.clock.now())
            unit.commit()
        matches = FindMatches(units=self.units, match_need=self.match_need)(need, limit=SHOWN)
        shown, now = tuple(one.record_id for one in matches), self.clock.now()
        with self.units() as unit:
            unit.needs.offer(need.id, shown, now)
            remember(unit, need.id, matches, opened=False, at=now)
            unit.commit()
        need = replace(need, offered=shown, offered_at=now)
        return SubmittedNeed(need=need, matches=matches, new=new)
