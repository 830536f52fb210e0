"""Finding the needs that a record may help with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.domain.matching.matches import Candidate, Match, NeedCandidate
from core.domain.matching.pairings import PairingState
from core.domain.matching.rules import Rules
from core.domain.matching.scoring import match
from core.domain.needs import Need, NeedId, NeedStatus
from core.domain.records import MATCHABLE, Record
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from core.services.matching.rules import standard_rules

RECALLED = 100
"""How many needs recall hands to scoring."""

SEARCHING = frozenset({NeedStatus.SUBMITTED, NeedStatus.PUBLISHED, NeedStatus.MATCHED})
"""Needs that still look for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMatch:
    """A need that a record may help with, and how the two match."""

    need: Need
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """Rank the needs that a record may help with: the gates and the score are those of a need."""

    units: Units
    clock: Clock
    knowledge: KnowledgeBase
    rules: Rules = field(default_factory=standard_rules)

    def __call__(self, record: Record, *, limit: int = 5) -> tuple[NeedMatch, ...]:
        """The best `limit`, best first; ties by id. None for a record that answers no need.

        Needs that have found somebody or are past their time, and those whose person declined the
        record, are left out.
        """
        now = self.clock.now()
        today = now.astimezone(SHANGHAI).date()
        if record.library not in MATCHABLE or not record.current_at(now, today):
            return ()
        near = {one.need_id: one for one in self.knowledge.recall_needs(record, limit=RECALLED)}
        found = [
            NeedMatch(need=need, match=one)
            for need in self._searching(record, near, today)
            if (one := self._scored(need, record, near[need.id], today)) is not None
        ]
        found.sort(key=lambda one: (-one.match.score, one.need.id))
        return tuple(found[:limit])

    def _searching(self, record: Record, need_ids: Iterable[NeedId], today: date) -> list[Need]:
        with self.units() as unit:
            needs = unit.needs.several(need_ids)
            pairings = unit.pairings.with_record(record.id)
        declined = {one.need_id for one in pairings if one.state is PairingState.DECLINED}
        return [
            one
            for one in needs
            if one.status in SEARCHING
            and one.id not in declined
            and (one.draft.deadline is None or one.draft.deadline.on >= today)
        ]

    def _scored(
        self, need: Need, record: Record, near: NeedCandidate, today: date
    ) -> Match | None:
        candidate = Candidate(
            record_id=record.id,
            relevance=near.relevance,
            terms=near.terms,
            related=near.relevance,
        )
        return match(need.draft, record, candidate, self.rules, today=today)
