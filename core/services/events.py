"""Listing events and calls that are still to come."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
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
    ) -> list[Record]:
        """Those that `concerns` finds for `topic`; the empty topic finds all."""
        today = now.astimezone(SHANGHAI).date()
        with self.units() as unit:
            records = unit.records.list([library])
        coming = [r for r in records if r.current_at(now, today) and concerns(r, topic)]
        coming.sort(key=lambda r: (r.starts_at or r.closes_at or now, r.id))
        return coming[:limit]


def concerns(record: Record, topic: str) -> bool:
    """Whether a record is about `topic`: its kind, title, industries or keywords contain it."""
    texts = (
        record.details.get("kind", ""),
        record.title,
        record.region or "",
        *record.industries,
        *record.keywords,
    )
    return any(topic in text for text in texts)
