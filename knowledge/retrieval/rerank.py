"""Putting candidates in order by more than their tokens, with weights that were learned.

A linear score over some twenty features of a passage and its document. What each weighs stands in
`ranking/weights.json` with where it comes from; `benchmarks/rerank.py` makes that file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.index.lexical.bm25 import LexicalIndex
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.ranking.counted import Column, Numbers, counted
from knowledge.retrieval.ranking.query import Query
from knowledge.retrieval.ranking.read import Reader

DEPTH = 40
"""Candidates that are looked at closely; those behind them keep their order."""

ENOUGH_WORDS = 3
"""A query of fewer words has no neighbours, runs or coverage to compare: BM25 says it all."""

MEANING = {False: 0.1, True: 0.5}
"""What a standard deviation of similarity adds to the linear score, by whether the embedding has
learned anything. A deviation, because models differ in how much of the scale they use."""

FINDING = 0.15
"""What similarity 1 adds to the share of the best BM25 score, in choosing whom to look at."""

_DIGITS = 9
_SOFTNESS = 10.0
"""How far a linear score is below the best where the score of a hit is 1/e: the tenth hit has
about as much of the first one's score as with BM25 alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that may be a hit, not read yet."""

    number: int
    lexical: float
    """Its BM25 score."""
    similarity: float = 0.0
    """By meaning, in [-1, 1]; 0 when it was not among the nearest."""


Ranked = list[tuple[float, Candidate]]


def rerank(
    query: Query,
    candidates: Sequence[Candidate],
    lexical: LexicalIndex,
    passages: Passages,
    *,
    learned: bool = False,
) -> Ranked:
    """Candidates with their scores in (0, 1], best first, ties in order of their numbers.

    `learned` says that their similarities are by an embedding that knows meaning. Those that
    share nothing with the query are left out.
    """
    order = by_both_halves(candidates)
    near, far = order[:DEPTH], order[DEPTH:]
    if not near or len(query.words) < ENOUGH_WORDS:
        top = max((share for share, _ in order), default=1.0)
        return [(share / top, one) for share, one in order]
    numbers = np.array([one.number for _, one in near], dtype=np.int64)
    similar = _deviations(np.array([one.similarity for _, one in near]))
    found = features(query, lexical, passages, numbers)
    linear = (scored(found, weights()) + MEANING[learned] * similar).round(_DIGITS)
    scores = np.exp((linear - linear.max()) / _SOFTNESS)
    at = np.lexsort((numbers, -linear)).tolist()
    ranked = [(float(scores[place]), near[place][1]) for place in at]
    if far:
        least = ranked[-1][0] / far[0][0]
        ranked.extend((least * share, one) for share, one in far)
    return ranked


def by_both_halves(candidates: Sequence[Candidate]) -> Ranked:
    """The share of the best BM25 score, and a little for nearness by meaning."""
    top = max((one.lexical for one in candidates), default=0.0) or 1.0
    shares = [(one.lexical / top + FINDING * max(one.similarity, 0.0), one) for one in candidates]
    kept = [each for each in shares if each[0] > 0]
    return sorted(kept, key=lambda each: (-each[0], each[1].number))


def _deviations(similar: Column) -> Column:
    """How far similarities are from their mean; what is not among the nearest is as the last."""
    found = similar != 0.0
    if not found.any() or not similar[found].std():
        return np.zeros(len(similar))
    spread: Column = (similar - similar[found].mean()) / similar[found].std()
    return np.where(found, spread, spread[found].min())


def features(
    query: Query, lexical: LexicalIndex, passages: Passages, numbers: Numbers
) -> dict[str, Column]:
    """What ranks each of these passages, by name."""
    return {
        **counted(query, lexical, passages, numbers),
        **Reader(query, lexical, passages).read(numbers),
    }


@cache
def weights() -> Mapping[str, float]:
    """What each feature weighs."""
    path = Path(__file__).parent / "ranking" / "weights.json"
    found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return found


def scored(found: Mapping[str, Column], weighed: Mapping[str, float]) -> Column:
    """The linear score of each row."""
    total: Column = np.sum([weight * found[name] for name, weight in weighed.items()], axis=0)
    return total
