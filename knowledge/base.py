"""The knowledge base: documents and records kept in the database, found through indexes on disk.

The database is the truth; the indexes under `home/index` can be rebuilt from it at any time, and
are when one is missing or damaged.
"""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.documents import (
    Answer,
    Document,
    Exchange,
    IngestOutcome,
    IngestState,
    IngestStep,
)
from core.domain.errors import UnreadableFileError
from core.domain.matching.matches import Candidate, NeedCandidate
from core.domain.records import Library, Record
from core.ports.clock import Clock
from core.ports.knowledge_base import IngestTold, unheard
from core.ports.unit_of_work import Units
from knowledge.answers.talk.reply import reply
from knowledge.editions import newer_editions
from knowledge.index.embedding.identity import fingerprint_of, is_learned
from knowledge.index.semantic import SemanticHalf
from knowledge.index.shelf import Shelf
from knowledge.index.vectors.live import LiveVectors
from knowledge.index.versions import Version, Versions
from knowledge.ingestion import digest_of, load, parse, read_document
from knowledge.lexicon.asking import reads_as_question
from knowledge.parsing.files import source_name
from knowledge.recall.index import Query, RecordIndex
from knowledge.recall.needs import NeedSearch
from knowledge.recall.renewal import RecordIndexer
from knowledge.retrieval.following import follow
from knowledge.retrieval.loading import load_corpus
from knowledge.retrieval.renewal import DocumentIndexer
from knowledge.retrieval.search import Corpus
from knowledge.retrieval.segments.segment import DocumentSegment

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.retrievers import BaseRetriever

    from knowledge.rewording.rewording import Rewording

log = logging.getLogger(__name__)


class IndexedKnowledgeBase:
    """Implements `core.ports.knowledge_base.KnowledgeBase` on this machine's disk.

    `embedding` is any LangChain `Embeddings`; without one the embedded default is used.
    `chroma_url` names a Chroma server; without one vectors lie beside the index.
    `rewording` lets a language model word answers; without one they are the documents' own words.
    """

    def __init__(
        self,
        units: Units,
        home: Path,
        clock: Clock,
        embedding: "Embeddings | None" = None,
        *,
        chroma_url: str | None = None,
        rewording: "Rewording | None" = None,
    ) -> None:
        self.rewording = rewording
        self._units = units
        self._clock = clock
        self._given = embedding
        self._chroma_url = chroma_url
        folder = home / "index"
        self._documents = Versions(folder / "documents")
        self._indexer = DocumentIndexer(units, self._documents)
        self._vectors = LiveVectors(folder / "vectors", self._embeddings, chroma_url)
        self._records = Versions(folder / "records")
        self._corpus = Shelf(self._documents, self._load_corpus, self._indexer.rebuild)
        self._record_indexer = RecordIndexer(units, self._records)
        self._record_index: Shelf[RecordIndex] = Shelf(
            self._records, partial(RecordIndex.load, self._records), self._record_indexer.rebuild
        )

        self._needs = NeedSearch(units, folder / "needs", clock)

    def ingest(
        self, files: Iterable[Path], *, told: IngestTold = unheard
    ) -> Iterator[IngestOutcome]:
        """Store files as documents and index them; yields one outcome a file, in order."""
        for path in files:
            try:
                yield self._store(path)
            except UnreadableFileError as error:
                name = source_name(path)
                yield IngestOutcome(source=name, state=IngestState.REFUSED, detail=str(error))
        self.refresh(told=told)

    def refresh(self, *, told: IngestTold = unheard) -> bool:
        """Index what the database holds, if the index holds anything else; True when it did.

        First every document is told of its newer edition, if there is one by now.
        """
        self._settle_editions()
        with self._documents.lock():
            changed = self._indexer.renew(partial(told, IngestStep.INDEX))
        try:
            return self._follow(partial(told, IngestStep.VECTORS)) or changed
        except Exception as error:  # noqa: BLE001 -- stores and models of other makers raise anything
            log.warning("no vectors stored (%s); the next ingest tries again", error)
            return changed

    def index_records(self, records: Iterable[Record]) -> None:
        """Make what `recall` knows of these records what the database holds of them."""
        record_ids = [record.id for record in records]
        if not record_ids:
            return
        with self._records.lock():
            self._record_indexer.follow(record_ids)

    def reads_as_question(self, text: str) -> bool:
        """Whether `text` asks the documents something, told by its words."""
        return reads_as_question(text)

    def answer(self, question: str, *, now: datetime, history: Sequence[Exchange] = ()) -> Answer:
        """Answer from the documents with verbatim citations, or abstain and say why."""

        def answering(said: str, before: Sequence[Exchange]) -> Answer:
            return reply(said, self._corpus.get(), now=now, history=before)

        # half characters (lone surrogates) cannot be stored, sent or compared
        question = question.encode(errors="ignore").decode()
        if self.rewording is None:
            return answering(question, history)
        return self.rewording.answer(question, history, answering)

    def recall(
        self,
        text: str,
        *,
        libraries: Sequence[Library] = (),
        limit: int = 50,
        also: Mapping[str, float] | None = None,
    ) -> list[Candidate]:
        """Records whose text is near `text`, best first; all libraries when none is named."""
        query = Query.of(text, also or {})
        return self._record_index.get().recall(query, libraries=libraries, limit=limit)

    def recall_needs(self, record: Record, *, limit: int = 50) -> list[NeedCandidate]:
        """Needs that a record may help with, best first; for no eyes but those of matching."""
        return self._needs.recall(record, limit=limit)

    def warm_up(self) -> None:
        """Load what the first question would wait for.

        What is in memory by then is no more looked through for garbage, which held questions up.
        """
        self._corpus.get().search("科协", limit=1)
        self.recall("科协", limit=1)
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Let go of files and sockets; the next question opens them again."""
        self._corpus.close()
        self._record_index.close()
        self._needs.close()
        self._semantic.close()
        if self.rewording is not None:
            self.rewording.close()

    def embedding(self) -> str:
        """Name and dimension of the embedding in use; asks it.

        Raises:
            KeqiaoError: it does not answer, or refuses.
        """
        return fingerprint_of(self._embeddings())

    def as_retriever(self, limit: int = 10) -> "BaseRetriever":
        """The search over documents as a LangChain retriever."""
        from knowledge.retrieval.retriever import (  # noqa: PLC0415 -- heavy: loaded on first use
            PassageRetriever,
        )

        return PassageRetriever(corpus=self._corpus.get, limit=limit)

    def _store(self, path: Path) -> IngestOutcome:
        content = load(path)
        with self._units() as unit:
            known = unit.documents.by_source(source_name(path))
        if known is None or known.digest != digest_of(content):
            edits = known.edits if known else ()
            document, count = parse(path, content, self._clock.now(), edits)
        else:
            document, count = (known, 0) if known.readings else read_document(known)
        if document == known:
            return IngestOutcome(source=source_name(path), state=IngestState.UNCHANGED)
        with self._units() as unit:
            unit.documents.put(document)
            unit.commit()
        return IngestOutcome(
            source=document.source,
            state=IngestState.STORED,
            chunks=count,
            detail=_oddities(document),
        )

    def _settle_editions(self) -> None:
        with self._units() as unit:
            changes = newer_editions(unit.documents.entries())
            for source, by in changes.items():
                unit.documents.supersede(source, by)
            unit.commit()

    def _load_corpus(self, version: Version, before: Corpus | None) -> Corpus:
        return load_corpus(self._documents, version.parts, before=before, semantic=self._semantic)

    def _follow(self, told: Callable[[int, int], None]) -> bool:
        """Let the vectors follow the current version."""
        version = self._documents.current()
        parts = [
            (DocumentSegment(self._documents.segment(part.segment)), part.deleted)
            for part in (version.parts if version is not None else ())
        ]
        return follow(self._vectors, parts, told)

    @cached_property
    def _semantic(self) -> SemanticHalf:
        """The vectors as searched, shared by all versions."""
        learned = is_learned(self._embeddings())
        return SemanticHalf(self._vectors.open, learned=learned, stamp=self._vectors.stamp)

    def _embeddings(self) -> "Embeddings":
        if self._given is not None:
            return self._given
        from knowledge.index.embedding.hashed import (  # noqa: PLC0415 -- heavy: loaded on first use
            HashedEmbeddings,
        )

        return HashedEmbeddings()


def _oddities(document: Document) -> str:
    """What an operator should look at; empty when there is nothing."""
    totals = [one.value for one in document.readings if one.name == "total"]
    return f"totals that do not add up: {', '.join(totals)}" if totals else ""
