"""Questions with everything found for them, for learning the weights of answers."""  # noqa: INP001

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.domain.documents import Document, DocumentFacts, DocumentId
from keqiao.evaluation.questions import Question
from knowledge.answers.answering import candidates
from knowledge.answers.evidence import Evidence
from knowledge.answers.question import understand
from knowledge.index.versions import Versions
from knowledge.ingestion import load, parse, read_document
from knowledge.retrieval.loading import load_corpus
from knowledge.retrieval.search import Corpus
from knowledge.retrieval.segments.segment import Entry
from knowledge.retrieval.segments.writing import settled, write_entries
from knowledge.structure.chunks import chunks

POLICY_WEIGHT = 0.3
"""What a question over other documents teaches, against 1.0 of one asked in applicants' words."""

YEAR = 2026
"""The year in which questions over our documents are asked."""

_POLICY_YEAR = 2020
_ALTERNATIVES = 6
"""A fact with more alternatives is worded by the assistant rather than stated."""

_MOST = 150
_EPOCH = datetime.fromtimestamp(0, tz=UTC)
_OTHERS = {"worked", "compare", "several"}
"""Kinds of questions that one sentence cannot answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with what was found for it."""

    text: str
    weight: float
    answerable: bool
    found: list[Evidence]
    gains: list[float]
    """For each of what was found, the share of the expected facts that it states."""


def bare(text: str) -> str:
    """A text without white space."""
    return re.sub(r"\s", "", text)


def gain(question: Question, evidence: Evidence) -> float:
    """The share of the expected facts that a sentence and its headings state."""
    if not evidence.passage.source.source.startswith(question.sources):
        return 0.0
    groups = [group for group in question.facts if len(group) < _ALTERNATIVES]
    text = bare("\n".join((evidence.sentence.text, *evidence.sentence.path)))
    stated = sum(any(bare(one) in text for one in group) for group in groups)
    return stated / max(len(groups), 1)


def cases_of(questions: Iterable[Question], corpus: Corpus) -> Iterator[Case]:
    """The questions of one turn, with what is found for them."""
    for one in questions:
        if len(one.turns) > 1 or one.kind in _OTHERS:
            continue
        found = candidates(understand(one.turns[0], YEAR), corpus)[:_MOST]
        gains = [gain(one, evidence) if one.answerable else 0.0 for evidence in found]
        if found:
            yield Case(
                text=one.turns[0], weight=1.0, answerable=one.answerable, found=found, gains=gains
            )


def corpus_of(documents: Iterable[Document], folder: Path) -> Corpus:
    """An index of documents in an empty folder, by words only."""
    entries = (
        Entry(mark=mark, document=one, chunks=chunks(one.text))
        for mark, one in enumerate(documents)
    )
    versions = Versions(folder)
    with versions.lock():
        version = versions.publish(settled(versions, write_entries(versions, entries)))
    return load_corpus(versions, version.parts)


def documents_of(folder: Path) -> Iterator[Document]:
    """The documents of a folder's files."""
    for path in sorted(
        one for one in folder.iterdir() if one.is_file() and one.suffix != ".jsonl"
    ):
        yield parse(path, load(path), _EPOCH)[0]


def policy_cases(folder: Path, scratch: Path) -> Iterator[Case]:
    """Questions of the public with the span that answers each."""
    corpus = corpus_of(_notices(folder), scratch)
    queries = {row["id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    for row in _rows(folder / "answers.jsonl"):
        spans = [bare(one) for one in row["answers"]]
        found = candidates(understand(queries[row["qid"]], _POLICY_YEAR), corpus)[:_MOST]
        gains = [float(_within(one, row["docid"], spans)) for one in found]
        yield Case(
            text=queries[row["qid"]],
            weight=POLICY_WEIGHT,
            answerable=True,
            found=found,
            gains=gains,
        )


def _within(evidence: Evidence, document: str, spans: Sequence[str]) -> bool:
    text = bare(evidence.sentence.text)
    return evidence.passage.source.id == document and any(
        text in span or span in text for span in spans
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _notices(folder: Path) -> Iterator[Document]:
    for row in _rows(folder / "corpus.jsonl"):
        document, _ = read_document(
            Document(
                id=DocumentId(row["id"]),
                source=row["id"],
                digest=row["id"],
                text=row["text"],
                facts=DocumentFacts(title=row["title"] or row["id"]),
                ingested_at=_EPOCH,
            )
        )
        yield document
