"""Listing events and calls that are still to come."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.records import Library, Record, concerns
from core.domain.reminders import SHANGHAI, instant_of
from core.ports.unit_of_work import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvents:
    """Events (or calls) still to come, soonest first."""

    units: Units

    def __call__(
        self,
        *,
        now: datetime,
        topic: str = "",
        library: Library = Library.EVENTS,
        limit: int = 5,
        over: bool = False,
    ) -> list[Record]:
        """Those that `concerns` finds for `topic`; the empty topic finds all.

        With `over`, those that have started or closed instead, the latest first.
        """
        today = now.astimezone(SHANGHAI).date()
        with self.units() as unit:
            records = unit.records.list([library])
        if over:
            gone = [r for r in records if not r.hidden and concerns(r, topic)]
            ended = [(at, r.id, r) for r in gone if (at := instant_of(r)) and at <= now]
            return [record for *_, record in sorted(ended, reverse=True)][:limit]
        coming = [r for r in records if r.current_at(now, today) and concerns(r, topic)]
        coming.sort(key=lambda r: (instant_of(r) or now, r.id))
        return coming[:limit]
