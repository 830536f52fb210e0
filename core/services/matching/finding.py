"""What matches a stored need now, with what is known of its person and of others' needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from core.domain.matching.matches import Match
from core.domain.matching.orders import PASSED_ON
from core.domain.matching.refusals import lessons, ruled_out
from core.domain.matching.scoring import Lesson
from core.domain.moves import has_ended
from core.domain.needs import Need
from core.domain.records import RecordId
from core.ports.unit_of_work import Units
from core.services.matching.needs import MatchNeed

WEEK = timedelta(days=7)
SPARE = 30
"""How many more matches are looked at, for those that were shown to enough people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindMatches:
    """What matches a stored need now.

    Not what its person declined, for this need or for what it is, nor who refused the order; what
    was declined lowers its like. Nobody is shown to more people a week than they can serve, and
    of equals the one shown least comes first.
    """

    units: Units
    match_need: MatchNeed

    def __call__(self, need: Need, *, limit: int) -> tuple[Match, ...]:
        """Best first; none for a need that has ended."""
        if has_ended(need):
            return ()
        without, taught = self._learned(need)
        found = self.match_need(need.draft, limit=limit + SPARE, without=without, lessons=taught)
        return self._fairly(need, found)[:limit]

    def _learned(self, need: Need) -> tuple[frozenset[RecordId], Sequence[Lesson]]:
        words = self.match_need.rules.refusals
        with self.units() as unit:
            declined = unit.pairings.declined_by(need.address)
            refused = {one.record_id for one in unit.orders.of(need.id) if one.state in PASSED_ON}
            own = [one for one in declined if one.need_id == need.id]
            records = unit.records.several(one.record_id for one in own)
        taught = lessons(own, {one.id: one for one in records}, words)
        return ruled_out(need.id, declined, words) | refused, tuple(taught)

    def _fairly(self, need: Need, found: Sequence[Match]) -> tuple[Match, ...]:
        """Without those shown often enough this week, but for those this need has seen."""
        exposure = self.match_need.rules.exposure
        since = self.match_need.clock.now() - WEEK
        ids = [one.record_id for one in found]
        with self.units() as unit:
            counts = unit.pairings.exposed(ids, since)
            seen = {one.record_id for one in unit.pairings.of(need.id)}
        left = [
            one
            for one in found
            if one.record_id in seen
            or counts.get(one.record_id, 0) < exposure.get(one.library, inf)
        ]
        return tuple(
            sorted(left, key=lambda one: (-one.score, counts.get(one.record_id, 0), one.record_id))
        )
