"""Storing needs and finding what matches them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from core.domain.conversations import Address
from core.domain.matches import SHOWN, Match, match
from core.domain.needs import Need, NeedDraft
from core.domain.records import MATCHABLE, RecordId
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units

RECALLED = 200
"""How many records recall hands to scoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchNeed:
    """Rank the records that may help with a need: recall, gates, score, reasons."""

    units: Units
    clock: Clock
    knowledge: KnowledgeBase

    def __call__(
        self, draft: NeedDraft, *, limit: int = 5, without: Collection[RecordId] = ()
    ) -> tuple[Match, ...]:
        """The best `limit` matches, best first; ties by record id; none of those `without`."""
        now = self.clock.now()
        today = now.astimezone(SHANGHAI).date()
        candidates = self.knowledge.recall(query_of(draft), libraries=MATCHABLE, limit=RECALLED)
        found: list[Match] = []
        with self.units() as unit:
            for candidate in candidates:
                record = unit.records.find(candidate.record_id)
                if record is None or record.id in without or not record.current_at(now, today):
                    continue
                scored = match(draft, record, candidate)
                if scored is not None:
                    found.append(scored)
        found.sort(key=lambda one: (-one.score, one.record_id))
        return tuple(found[:limit])


def query_of(draft: NeedDraft) -> str:
    """The words of a need that recall searches with."""
    industry = draft.industry
    parts = [draft.problem or ""]
    if industry is not None:
        parts += [industry.raw, *industry.labels]
    return " ".join(part for part in parts if part)


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
        matches = self.match_need(need.draft, limit=SHOWN)
        shown, now = tuple(one.record_id for one in matches), self.clock.now()
        with self.units() as unit:
            unit.needs.offer(need.id, shown, now)
            unit.commit()
        need = replace(need, offered=shown, offered_at=now)
        return SubmittedNeed(need=need, matches=matches, new=new)
