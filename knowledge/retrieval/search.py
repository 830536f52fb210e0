"""The search over one version of the documents: candidates by words and by meaning, then ranked.

Candidates are what the words find best and what lies nearest by meaning; `rerank` puts them in
order. Both halves know a passage by its number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.domain.documents import DocumentId
from knowledge.index.lexical.bm25 import LexicalIndex, LexicalSegment
from knowledge.index.semantic import SemanticHalf
from knowledge.index.vectors.live import parse_key
from knowledge.lexicon.words import grams
from knowledge.retrieval.passages import Passage, Passages
from knowledge.retrieval.ranking.query import Query, query_of
from knowledge.retrieval.rerank import DEPTH, Candidate, by_both_halves, rerank
from knowledge.retrieval.segments.segment import DocumentSegment

ENOUGH_KNOWN = 0.5
"""A default embedding is asked only when the documents know less of a question than this.

It sees the same characters as the lexical half, which ranks better alone by measurement.
"""

LARGE = 1_000
"""Passages from which on candidates are put in the learned order, learned among thousands. Of a
few documents every answer weighs each sentence itself, on the scale of BM25's own scores.
"""

_DEPTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found passage; `lexical` is its BM25 score, `score` the fused one it is ranked by."""

    passage: Passage
    score: float
    lexical: float


Parts = Sequence[tuple[DocumentSegment, Collection[int]]]
"""Segments, each with the places of its documents that no longer count."""


class Corpus:
    """A loaded version: passages, lexical index and, if it has one, the semantic half."""

    def __init__(
        self,
        parts: Parts,
        semantic: SemanticHalf | None = None,
    ) -> None:
        self.parts = tuple(parts)
        self.passages = Passages(parts)
        self.lexical = LexicalIndex(
            [
                LexicalSegment(segment.postings, segment.dead(gone), segment.columns)
                for segment, gone in parts
            ]
        )
        self._semantic = semantic
        self._large = self.lexical.size >= LARGE

    def search(
        self, query: str, *, limit: int, within: Collection[DocumentId] | None = None
    ) -> list[Hit]:
        """The passages nearest to a question, best first; of the named documents only."""
        wanted = query_of(query)
        candidates = self.candidates(
            wanted, max(limit, DEPTH) if self._large else limit, within=within
        )
        learned = self._semantic is not None and self._semantic.learned
        if not self._large:
            ranked = by_both_halves(candidates)
        else:
            ranked = rerank(wanted, candidates, self.lexical, self.passages, learned=learned)
        return [
            Hit(passage=self.passages[one.number], score=score, lexical=one.lexical)
            for score, one in ranked[:limit]
        ]

    def candidates(
        self, query: Query, limit: int, *, within: Collection[DocumentId] | None = None
    ) -> list[Candidate]:
        """The best by words, at least `limit` if there are so many, and the nearest by meaning."""
        tokens = query.weighted if self._large else dict.fromkeys(query.tokens, 1.0)
        allowed = None if within is None else self._numbers_of(within)
        numbers, scores = self.lexical.top(tokens, limit, within=allowed)
        lexical = dict(zip(numbers.tolist(), scores.tolist(), strict=True))
        near = self._near(query.text, allowed)
        others = np.array([number for number in near if number not in lexical], dtype=np.int64)
        found = self.lexical.scores_of(tokens, others)
        lexical |= dict(zip(others.tolist(), found.tolist(), strict=True))
        return [
            Candidate(number=number, lexical=score, similarity=near.get(number, 0.0))
            for number, score in lexical.items()
        ]

    def _numbers_of(self, documents: Collection[DocumentId]) -> NDArray[np.int64]:
        ranges = sorted(
            (self.passages.numbers(one) for one in documents), key=lambda one: one.start
        )
        numbers = [np.arange(one.start, one.stop) for one in ranges]
        return np.concatenate([np.zeros(0, dtype=np.int64), *numbers])

    def _known(self, text: str) -> float:
        """Share of a question's character pairs and words that stand in any document."""
        pairs = [token for token in grams(text) if len(token) > 1]
        if not pairs:
            return 0.0
        return sum(self.lexical.frequency(pair) > 0 for pair in pairs) / len(pairs)

    def _near(self, text: str, allowed: NDArray[np.int64] | None) -> Mapping[int, float]:
        """Numbers that the semantic half finds, where it is worth asking, with similarities."""
        semantic = self._semantic
        if semantic is None or not len(self.passages):
            return {}
        if not semantic.learned and self._known(text) >= ENOUGH_KNOWN:
            return {}
        found = ((self._number_of(key), near) for key, near in semantic.nearest(text, _DEPTH))
        wanted = None if allowed is None else set(allowed.tolist())
        return {
            number: near
            for number, near in found
            if number is not None and (wanted is None or number in wanted)
        }

    def _number_of(self, key: str) -> int | None:
        """The passage of a vector's key; None when this version has no such passage."""
        mark, ordinal = parse_key(key)
        own = self._ranges.get(mark, range(0))
        return own[ordinal] if 0 <= ordinal < len(own) else None

    @cached_property
    def _ranges(self) -> dict[int, range]:
        """The passages of each document by its mark."""
        found: dict[int, range] = {}
        base = 0
        for segment, gone in self.parts:
            for at, mark in enumerate(segment.marks.tolist()):
                own = segment.passages_of(at)
                if at not in gone:
                    found[mark] = range(base + own.start, base + own.stop)
            base += len(segment)
        return found
