"""Recall of records for matching: a small index of the same kind as that of documents."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from core.domain.matches import Candidate
from core.domain.records import Library, Record, RecordId
from knowledge.index.lexical.bm25 import LexicalIndex, LexicalSegment
from knowledge.index.lexical.postings import Postings, postings_of
from knowledge.lexicon.words import grams, normalise, subject_words

_MAX_TERMS = 6


def write_records(folder: Path, records: Iterable[Record]) -> None:
    """Write a segment holding `records`, without the withdrawn ones."""
    kept = [record for record in records if not record.withdrawn]
    texts = [normalise(record_text(record)) for record in kept]
    postings_of(texts).save(folder / "lexical")
    rows = [
        [record.id, record.library.value, text] for record, text in zip(kept, texts, strict=True)
    ]
    content = json.dumps(rows, ensure_ascii=False)
    (folder / "records.json").write_text(content, encoding="utf-8")


def record_text(record: Record) -> str:
    """What of a record is searched."""
    parts = (
        record.title,
        record.summary,
        record.organisation or "",
        " ".join(record.keywords),
        " ".join(record.industries),
        " ".join(record.modes),
        " ".join(record.details.values()),
    )
    return "\n".join(part for part in parts if part)


class RecordIndex:
    """A loaded version of the records."""

    def __init__(self, folder: Path) -> None:
        rows = json.loads((folder / "records.json").read_text(encoding="utf-8"))
        self._rows: list[tuple[RecordId, Library, str]] = [
            (RecordId(number), Library(library), text) for number, library, text in rows
        ]
        self._lexical = LexicalIndex([LexicalSegment(Postings.load(folder / "lexical"))])

    def recall(self, text: str, *, libraries: Sequence[Library], limit: int) -> list[Candidate]:
        """Records near `text`, best first; ties by id."""
        query = normalise(text)
        tokens = dict.fromkeys(grams(query), 1.0)
        words = subject_words(query)
        if not tokens or not self._rows:
            return []
        wanted = [at for at, row in enumerate(self._rows) if not libraries or row[1] in libraries]
        numbers, _ = self._lexical.top(tokens, limit, within=np.array(wanted, dtype=np.int64))
        found: list[Candidate] = []
        for at in numbers.tolist():
            number, _library, own = self._rows[at]
            shared = tuple(word for word in words if word in own)
            found.append(
                Candidate(
                    record_id=number,
                    relevance=self._relevance(tokens, own),
                    terms=shared[:_MAX_TERMS],
                )
            )
        return sorted(found, key=lambda one: (-one.relevance, one.record_id))

    def _relevance(self, tokens: Iterable[str], own: str) -> float:
        """Share of the query, by rarity, that the record's text contains."""
        rarities = {token: self._lexical.rarity(token) for token in tokens if len(token) > 1}
        total = sum(rarities.values())
        if total == 0:
            return 0.0
        shared = sum(rarity for token, rarity in rarities.items() if token in own)
        return round(min(1.0, shared / total), 4)
