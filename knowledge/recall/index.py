"""The records of a version as they are searched."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.domain.matching.matches import Candidate
from core.domain.records import Library, RecordId
from knowledge.index.lexical.bm25 import LexicalIndex, LexicalSegment
from knowledge.index.versions import Version, Versions
from knowledge.lexicon.words import grams, normalise, subject_words
from knowledge.recall.segment import CODES, RecordSegment

_MAX_TERMS = 6
_ELSE = 0.4
"""What characters count that belong to no word which names something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is searched: tokens with their weights, and the words that tell what is shared."""

    tokens: Mapping[str, float]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str, also: Mapping[str, float]) -> "Query":
        """The words of a text, and other words that count less; the highest weight counts."""
        # half characters (lone surrogates) cannot be searched
        said = normalise(text.encode(errors="ignore").decode())
        words = subject_words(said)
        tokens = dict.fromkeys(grams(said), _ELSE)
        others = {normalise(word): weight for word, weight in also.items()}
        for word, weight in (*words.items(), *others.items()):
            for token in grams(word):
                tokens[token] = max(tokens.get(token, 0.0), weight)
        return cls(tokens=tokens, words=tuple(dict.fromkeys((*words, *others))))


class RecordIndex:
    """A loaded version of the records."""

    def __init__(self, parts: Sequence[tuple[RecordSegment, Sequence[int]]]) -> None:
        self.segments = [segment for segment, _ in parts]
        self._lexical = LexicalIndex(
            [LexicalSegment(one.postings, one.dead(gone), one.columns) for one, gone in parts]
        )
        codes = [segment.told.libraries for segment in self.segments]
        self._codes = np.concatenate(codes) if codes else np.zeros(0, np.uint8)
        self._bases = [0, *np.cumsum([len(one) for one in codes]).tolist()]
        self._within = lru_cache(maxsize=64)(self._of_libraries)

    @classmethod
    def load(
        cls, versions: Versions, version: Version, before: "RecordIndex | None"
    ) -> "RecordIndex":
        """A version; what the version before had open is taken over.

        Raises:
            DamagedIndexError: a segment is not as it was written.
        """
        opened = {one.name: one for one in before.segments} if before is not None else {}
        return cls(
            [
                (
                    opened.get(part.segment) or RecordSegment(versions.checked(part.segment)),
                    part.deleted,
                )
                for part in version.parts
            ]
        )

    def recall(self, query: Query, *, libraries: Sequence[Library], limit: int) -> list[Candidate]:
        """Records near the query, best first; ties by id."""
        return [found for found, _ in self.found(query, libraries=libraries, limit=limit)]

    def found(
        self, query: Query, *, libraries: Sequence[Library], limit: int
    ) -> list[tuple[Candidate, str]]:
        """What `recall` finds, each with what is searched of it."""
        if not query.tokens or not self.segments:
            return []
        within = self._within(frozenset(libraries)) if libraries else None
        numbers, scores = self._lexical.top(query.tokens, limit, within=within)
        most = sum(
            weight * self._lexical.idf(token)
            for token, weight in query.tokens.items()
            if self._lexical.frequency(token)
        )
        found: list[tuple[Candidate, str]] = []
        for at, score in zip(numbers.tolist(), scores.tolist(), strict=True):
            record_id, own = self._row(at)
            terms = tuple(word for word in query.words if word in own)[:_MAX_TERMS]
            near = round(min(1.0, score / most), 4)
            found.append((Candidate(record_id=record_id, relevance=near, terms=terms), own))
        return sorted(found, key=lambda one: (-one[0].relevance, one[0].record_id))

    def rarity(self, token: str) -> float:
        """How rare a token is, in (0, 1]."""
        return self._lexical.rarity(token)

    def _row(self, number: int) -> tuple[RecordId, str]:
        at = bisect_right(self._bases, number) - 1
        return self.segments[at].row(number - self._bases[at])

    def _of_libraries(self, libraries: frozenset[Library]) -> NDArray[np.int64]:
        codes = np.array([CODES[one] for one in libraries], dtype=np.uint8)
        return np.flatnonzero(np.isin(self._codes, codes))
