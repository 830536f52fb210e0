"""What of a query stands in candidates and their documents, told by postings alone.

Every share is of the rarity of the query's tokens, so that it means the same for long and short
queries, and in small and large collections.
"""

import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.index.lexical.bm25 import LexicalIndex
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.ranking.query import Query

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]

_REACH = 32
"""Passages on either side of a document's first candidate that stand for a long document."""
_TINY = 1e-9


class Surroundings:
    """Candidates among the passages of their documents.

    `documents` and `places` say for each candidate which document it is from, as numbered here,
    and where it stands among all passages looked at.
    """

    def __init__(self, passages: Passages, candidates: Numbers) -> None:
        starts, stops = passages.spans(candidates)
        _, first, self.documents = np.unique(starts, return_index=True, return_inverse=True)
        self.sizes = (stops - starts).astype(np.float64)
        self.first = (candidates == starts).astype(np.float64)
        begins = np.maximum(starts, candidates - _REACH)[first]
        ends = np.minimum(stops, candidates + _REACH + 1)[first]
        spans = [np.arange(*one) for one in zip(begins.tolist(), ends.tolist(), strict=True)]
        self.numbers = np.unique(np.concatenate([candidates, *spans]))
        self.places = np.searchsorted(self.numbers, candidates)
        self._bounds = np.searchsorted(self.numbers, np.stack([begins, ends]))

    def summed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of passages, in columns, summed up for the document of each candidate."""
        return self._sums(values)[..., self.documents]

    def mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same, as a mean over the document's passages."""
        counts = self._bounds[1] - self._bounds[0]
        means: NDArray[np.float64] = self._sums(values) / counts
        return means[..., self.documents]

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        nothing = np.zeros((*values.shape[:-1], 1))
        sums = np.concatenate([nothing, np.cumsum(values, axis=-1)], axis=-1)
        found: NDArray[np.float64] = sums[..., self._bounds[1]] - sums[..., self._bounds[0]]
        return found


def counted(
    query: Query, lexical: LexicalIndex, passages: Passages, candidates: Numbers
) -> dict[str, Column]:
    """The features of each candidate that postings tell, by name."""
    around = Surroundings(passages, candidates)
    tokens = [one for one in (*query.tokens, *query.official) if lexical.frequency(one)]
    counts = lexical.counts(tokens, around.numbers)
    lengths = lexical.lengths(around.numbers)
    weights = _Weights(query, tokens, lexical)
    here, length = counts[:, around.places], lengths[around.places]
    everywhere = around.summed(counts)
    passage = _saturated(here, length)
    whole = weights.said @ passage
    single = 1 / around.sizes
    missing, rarities = _missing(query, tokens, everywhere, lexical)
    return {
        "topic": weights.topic @ passage,
        "strict": weights.said @ _saturated(here, length, b=0.75),
        "document": weights.said
        @ _saturated(everywhere, around.summed(lengths) / _PASSAGES, k1=0.6, b=0.2),
        "document_words": missing @ rarities / max(float(rarities.sum()), _TINY),
        "missing_words": missing.sum(axis=1),
        "place": weights.place @ (everywhere > 0),
        "official": weights.official @ passage,
        "crossing": weights.crossing @ passage,
        "spread": weights.said @ around.mean((counts > 0).astype(np.float64)),
        "second": _second(whole, around.documents),
        "first": around.first,
        "pages": np.log(around.sizes),
        "short": np.minimum(length, 1.0),
        "length_alone": np.log(np.maximum(length, _TINY)) * single,
        "alone": single,
    }


_PASSAGES = 2.0
"""Passages of an ordinary document, to compare the lengths of documents with."""


class _Weights:
    """The shares of the query's rarity that fall to each token, by the role it plays."""

    def __init__(self, query: Query, tokens: Sequence[str], lexical: LexicalIndex) -> None:
        rarity = np.array([lexical.rarity(one) for one in tokens])
        asked = set(query.tokens)
        said = np.array([one in asked for one in tokens], dtype=bool)
        regional = np.array([one in query.regional for one in tokens], dtype=bool)
        crossing = np.array([one in query.crossing for one in tokens], dtype=bool)
        pairs = np.array([len(one) > 1 for one in tokens], dtype=bool)
        total = max(float((rarity * said).sum()), _TINY)
        self.said = rarity * said / total
        self.topic = self.said * ~regional
        self.crossing = self.said * crossing
        self.official = rarity * (~said & pairs) / total
        placed = rarity * (said & regional)
        self.place = placed / max(float(placed.sum()), _TINY)


def _missing(
    query: Query, tokens: Sequence[str], counts: NDArray[np.float64], lexical: LexicalIndex
) -> tuple[NDArray[np.float64], Column]:
    """Which words of the query (but for places) a document lacks, and how rare each is."""
    rows = {token: row for row, token in enumerate(tokens)}
    lacking: list[NDArray[Any]] = []
    rarities: list[float] = []
    for word in query.topic:
        pairs = ["".join(pair) for pair in pairwise(word)]
        known = [rows[pair] for pair in pairs if pair in rows]
        has = (counts[known] > 0).all(axis=0) & (len(known) == len(pairs))
        lacking.append(1.0 - has)
        rarities.append(statistics.fmean(map(lexical.rarity, pairs)))
    shape = (counts.shape[1], len(lacking))
    return np.array(lacking).T.reshape(shape), np.array(rarities)


def _saturated(
    counts: NDArray[np.float64], lengths: Column, *, k1: float = 0.9, b: float = 0.4
) -> NDArray[np.float64]:
    """BM25's share of a token's weight for its count in a text of that length."""
    return counts / (counts + k1 * (1 - b + b * lengths))


def _second(values: Column, documents: Numbers) -> Column:
    """The second best value among the candidates of the same document; 0 where there is one."""
    order = np.lexsort((-values, documents))
    own = documents[order]
    at = np.flatnonzero((own[1:] == own[:-1]) & np.append(True, own[1:-1] != own[:-2]))
    seconds = np.zeros(int(documents.max()) + 1)
    seconds[own[at]] = values[order][at + 1]
    found: Column = seconds[documents]
    return found
