"""A knowledge base that knows what a test gives it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import override

from core.domain.documents import Answer, Exchange, IngestOutcome, IngestState, IngestStep
from core.domain.matching.matches import Candidate, NeedCandidate
from core.domain.records import Library, Record, RecordId
from core.ports.knowledge_base import IngestTold, KnowledgeBase, unheard


class FakeKnowledgeBase(KnowledgeBase):
    """Answers the questions it is given answers to and abstains on all others.

    `recall` returns `candidates` when they are set; otherwise every indexed record that shares a
    character with the text, the more the better.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        candidates: Iterable[Candidate] | None = None,
    ) -> None:
        self.answers = dict(answers or {})
        self.candidates = None if candidates is None else list(candidates)
        self.asked: list[tuple[str, tuple[Exchange, ...]]] = []
        self.statements: set[str] = set()
        self.ingested: list[Path] = []
        self.records: dict[RecordId, Record] = {}
        self.needs: list[NeedCandidate] = []
        self.refreshed = 0

    @override
    def ingest(
        self, files: Iterable[Path], *, told: IngestTold = unheard
    ) -> Iterator[IngestOutcome]:
        done = 0
        for file in files:
            self.ingested.append(file)
            yield IngestOutcome(source=file.name, state=IngestState.STORED, chunks=1)
            done += 1
        told(IngestStep.INDEX, done, done)

    @override
    def refresh(self) -> bool:
        self.refreshed += 1
        return True

    @override
    def index_records(self, records: Iterable[Record]) -> None:
        for record in records:
            self.records[record.id] = record
            if record.withdrawn:
                del self.records[record.id]

    @override
    def reads_as_question(self, text: str) -> bool:
        return text not in self.statements

    @override
    def answer(self, question: str, *, now: datetime, history: Sequence[Exchange] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        unknown = Answer(
            question=question, text="no document says", abstained=True, reason="no evidence"
        )
        return self.answers.get(question, unknown)

    @override
    def recall(
        self,
        text: str,
        *,
        libraries: Sequence[Library] = (),
        limit: int = 50,
        also: Mapping[str, float] | None = None,
    ) -> list[Candidate]:
        if not text:
            return []
        if self.candidates is not None:
            return self.candidates[:limit]
        wanted = [r for r in self.records.values() if not libraries or r.library in libraries]
        found = [self._candidate(record, text) for record in wanted]
        near = sorted((c for c in found if c.terms), key=lambda c: (-c.relevance, c.record_id))
        return near[:limit]

    @override
    def recall_needs(self, record: Record, *, limit: int = 50) -> list[NeedCandidate]:
        return self.needs[:limit]

    @staticmethod
    def _candidate(record: Record, text: str) -> Candidate:
        words = {*record.title, *record.summary, *"".join(record.keywords)}
        shared = sorted({character for character in text if character.strip()} & words)
        relevance = len(shared) / max(len(set(text)), 1)
        return Candidate(record_id=record.id, relevance=relevance, terms=tuple(shared))
