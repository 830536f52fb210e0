"""One version of the searchable documents: written once, then only read."""

import logging
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.domain.documents import Document, DocumentId
from core.domain.errors import KeqiaoError
from knowledge.index.lexical import LexicalIndex, Scores, build_lexical
from knowledge.index.semantic import SemanticHalf
from knowledge.index.vectors import open_vectors
from knowledge.lexicon.words import grams, normalise, strip_question_words
from knowledge.retrieval.passages import Passage, Passages, write_passages
from knowledge.structure.chunks import chunks

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

log = logging.getLogger(__name__)

SEMANTIC_WEIGHT = 0.15
"""What the semantic half adds at most, against 1.0 of the best lexical hit."""

ENOUGH_KNOWN = 0.5
"""A default embedding is asked only when the documents know less of a question than this.

It sees the same characters as the lexical half, which ranks better alone by measurement.
"""

_DEPTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found passage; `lexical` is its BM25 score, `score` the fused one it is ranked by."""

    passage: Passage
    score: float
    lexical: float


def tokens(text: str) -> list[str]:
    """The tokens a passage is indexed under."""
    return grams(normalise(text))


def write_corpus(
    folder: Path,
    documents: Iterable[Document],
    embeddings: "Embeddings | None",
    *,
    chroma_url: str | None = None,
) -> dict[str, Any]:
    """Write a version holding `documents`; without embeddings it has no semantic half."""
    texts = write_passages(folder, ((one, chunks(one.text)) for one in documents))
    build_lexical(folder / "lexical", (tokens(text) for text in texts))
    semantic = embeddings is not None and _write_vectors(folder, texts, embeddings, chroma_url)
    return {"passages": len(texts), "semantic": semantic}


def _write_vectors(
    folder: Path, texts: list[str], embeddings: "Embeddings", chroma_url: str | None
) -> bool:
    """Store the semantic half; False, and said, when a server fails: the lexical half stands."""
    try:
        vectors = open_vectors(folder, embeddings, url=chroma_url, create=True)
        with closing(vectors):
            vectors.add(texts)
    except Exception as error:
        if chroma_url is None and not isinstance(error, KeqiaoError):
            raise
        log.warning("no vectors stored (%s); the next ingest tries again", error)
        return False
    return True


class Corpus:
    """A loaded version: passages, lexical index and, if it has one, the semantic index."""

    def __init__(self, folder: Path, semantic: SemanticHalf | None = None) -> None:
        self.passages = Passages(folder)
        self.lexical = LexicalIndex(folder / "lexical")
        self._semantic = semantic

    def close(self) -> None:
        """Let go of files and sockets."""
        if self._semantic is not None:
            self._semantic.close()

    def search(
        self, query: str, *, limit: int, within: Collection[DocumentId] | None = None
    ) -> list[Hit]:
        """The passages nearest to a question, best first; of the named documents only."""
        text = strip_question_words(normalise(query))
        lexical = self.lexical.scores(grams(text))
        fused = lexical / max(float(lexical.max(initial=0.0)), 1e-9)
        for number, similarity in self._near(text):
            fused[number] += SEMANTIC_WEIGHT * max(similarity, 0.0)
        hits: list[Hit] = []
        for number in _best(fused, len(fused) if within is not None else limit):
            passage = self.passages[int(number)]
            if within is None or passage.source.id in within:
                score, own = float(fused[number]), float(lexical[number])
                hits.append(Hit(passage=passage, score=score, lexical=own))
            if len(hits) == limit:
                break
        return hits

    def _known(self, text: str) -> float:
        """Share of a question's character pairs and words that stand in any document."""
        pairs = [token for token in grams(text) if len(token) > 1]
        if not pairs:
            return 0.0
        return sum(self.lexical.frequency(pair) > 0 for pair in pairs) / len(pairs)

    def _near(self, text: str) -> list[tuple[int, float]]:
        """What the semantic half finds, where it is worth asking."""
        semantic = self._semantic
        if semantic is None or not len(self.passages):
            return []
        worth = semantic.learned or self._known(text) < ENOUGH_KNOWN
        return semantic.nearest(text, _DEPTH) if worth else []


def _best(scores: Scores, limit: int) -> Any:  # noqa: ANN401 -- array of places
    """Places of the highest positive scores, best first, ties in order."""
    if limit < len(scores):
        top = np.argpartition(-scores, limit)[:limit]
        top.sort()
    else:
        top = np.arange(len(scores))
    top = top[scores[top] > 0]
    return top[np.argsort(-scores[top], kind="stable")]
