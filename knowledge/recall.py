"""Recall of records for matching: a small index of the same kind as that of documents."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.matches import Candidate
from core.domain.records import Library, Record, RecordId
from knowledge.index.lexical import LexicalIndex, build_lexical
from knowledge.lexicon.words import grams, normalise, subject_words

_MAX_TERMS = 6


def write_records(folder: Path, records: Iterable[Record]) -> dict[str, Any]:
    """Write a version holding `records`, without the withdrawn ones."""
    kept = [record for record in records if not record.withdrawn]
    texts = [normalise(record_text(record)) for record in kept]
    build_lexical(folder / "lexical", (grams(text) for text in texts))
    rows = [
        [record.id, record.library.value, text] for record, text in zip(kept, texts, strict=True)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(rows, ensure_ascii=False)
    (folder / "records.json").write_text(content, encoding="utf-8")
    return {"records": len(rows)}


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
        self._lexical = LexicalIndex(folder / "lexical")

    def recall(self, text: str, *, libraries: Sequence[Library], limit: int) -> list[Candidate]:
        """Records near `text`, best first; ties by id."""
        query = normalise(text)
        tokens = dict.fromkeys(grams(query), 1.0)
        words = subject_words(query)
        if not tokens or not self._rows:
            return []
        scores = self._lexical.scores(tokens)
        order = np.argsort(-scores, kind="stable")
        found: list[Candidate] = []
        for at in order:
            if scores[at] <= 0 or len(found) == limit:
                break
            number, library, own = self._rows[int(at)]
            if libraries and library not in libraries:
                continue
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
