"""Finding the records that may help with a need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.matching.matches import Candidate, Match
from core.domain.matching.rules import Rules, folded
from core.domain.matching.scoring import Lesson, match
from core.domain.needs import NeedDraft
from core.domain.records import MATCHABLE, Record, RecordId
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from core.services.matching.rules import standard_rules

RECALLED = 100
"""How many records recall hands to scoring."""
NEAREST = 5
"""How many of them lend their key words to a second recall."""
WORDS = 12
"""How many key words they lend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchNeed:
    """Rank the records that may help with a need: recall, gates, two scores, reasons."""

    units: Units
    clock: Clock
    knowledge: KnowledgeBase
    rules: Rules = field(default_factory=standard_rules)

    def __call__(
        self,
        draft: NeedDraft,
        *,
        limit: int = 5,
        without: Collection[RecordId] = (),
        lessons: Sequence[Lesson] = (),
    ) -> tuple[Match, ...]:
        """The best `limit` matches, best first; ties by record id; none of those `without`."""
        query = query_of(draft)
        if not query:
            return ()
        now = self.clock.now()
        also = self._beside(draft, query)
        candidates = {one.record_id: one for one in self._recall(query, also)}
        records = self._current(candidates, now, without)
        words = self._lent(candidates, records)
        if words:
            self._look_again(candidates, words)
            new = candidates.keys() - records.keys()
            records |= self._current(new, now, without)
        today = now.astimezone(SHANGHAI).date()
        found = [
            match(draft, record, candidates[key], self.rules, today=today, lessons=lessons)
            for key, record in records.items()
        ]
        ranked = sorted(
            (one for one in found if one is not None), key=lambda one: (-one.score, one.record_id)
        )
        return tuple(ranked[:limit])

    def _beside(self, draft: NeedDraft, query: str) -> dict[str, float]:
        """Words of the same meaning, and the trade's names."""
        weights = self.rules.weights
        also = dict.fromkeys(draft.industry.labels if draft.industry else (), weights.trade)
        return also | dict.fromkeys(self.rules.same_meaning(query), weights.synonyms)

    def _recall(self, text: str, also: Mapping[str, float]) -> list[Candidate]:
        return self.knowledge.recall(text, libraries=MATCHABLE, limit=RECALLED, also=also)

    def _current(
        self, wanted: Collection[RecordId], now: datetime, without: Collection[RecordId]
    ) -> dict[RecordId, Record]:
        """Those of these records that may be shown, read in one statement."""
        today = now.astimezone(SHANGHAI).date()
        asked = [key for key in wanted if key not in without]
        with self.units() as unit:
            found = unit.records.several(asked)
        return {one.id: one for one in found if one.current_at(now, today)}

    def _lent(
        self, candidates: Mapping[RecordId, Candidate], records: Mapping[RecordId, Record]
    ) -> dict[str, float]:
        """Key words of the nearest records that may be shown, by how near those are."""
        allowed = (one for one in candidates.values() if one.record_id in records)
        nearest = sorted(allowed, key=lambda one: (-one.relevance, one.record_id))[:NEAREST]
        weights: dict[str, float] = {}
        for one in nearest:
            for word in records[one.record_id].keywords:
                weights[folded(word)] = weights.get(folded(word), 0.0) + one.relevance
        best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:WORDS]
        return {word: weight for word, weight in best if weight > 0}

    def _look_again(
        self, candidates: dict[RecordId, Candidate], words: Mapping[str, float]
    ) -> None:
        for one in self._recall("", words):
            known = candidates.get(one.record_id) or replace(one, relevance=0.0, terms=())
            candidates[one.record_id] = replace(known, related=one.relevance, near=one.terms)


def query_of(draft: NeedDraft) -> str:
    """The words of a need that recall searches with; its trade where it has no others."""
    industry = draft.industry
    parts = [draft.problem or "", *draft.indicators, industry.raw if industry else ""]
    labels = industry.labels if industry else ()
    return " ".join(dict.fromkeys(part for part in parts if part)) or " ".join(labels)
