"""The knowledge base: documents and records kept in the database, found through indexes on disk.

The database is the truth; the indexes under `home/index` can be rebuilt from it at any time, and
are when one is missing or damaged.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.domain.documents import Answer, Document, Exchange, IngestOutcome, IngestState
from core.domain.errors import KeqiaoError, UnreadableFileError
from core.domain.matches import Candidate
from core.domain.records import Library, Record
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from knowledge.answers.talk.reply import reply
from knowledge.editions import newer_editions
from knowledge.index.embedding.identity import fingerprint_of, is_learned
from knowledge.index.semantic import SemanticHalf
from knowledge.index.shelf import Shelf
from knowledge.index.vectors import VectorIndex, open_vectors
from knowledge.index.versions import DamagedIndexError, Version, Versions
from knowledge.ingestion import digest_of, load, parse, read_document
from knowledge.lexicon.asking import reads_as_question
from knowledge.recall import RecordIndex, write_records
from knowledge.retrieval.search import Corpus, write_corpus
from knowledge.structure.chunks import chunks

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.retrievers import BaseRetriever

log = logging.getLogger(__name__)


class IndexedKnowledgeBase:
    """Implements `core.ports.knowledge_base.KnowledgeBase` on this machine's disk.

    `embedding` is any LangChain `Embeddings`; without one the embedded default is used.
    `chroma_url` names a Chroma server; without one vectors lie beside the index.
    """

    def __init__(
        self,
        units: Units,
        home: Path,
        clock: Clock,
        embedding: "Embeddings | None" = None,
        *,
        chroma_url: str | None = None,
    ) -> None:
        self._units = units
        self._clock = clock
        self._given = embedding
        self._chroma_url = chroma_url
        folder = home / "index"
        self._documents = Versions(folder / "documents")
        self._records = Versions(folder / "records")
        self._corpus = Shelf(
            self._documents, self._load_corpus, self._write_documents, Corpus.close
        )
        self._record_index = Shelf(self._records, _load_records, self._write_records)

    def ingest(self, files: Iterable[Path]) -> Iterator[IngestOutcome]:
        """Store files as documents and index them; yields one outcome a file, in order."""
        for path in files:
            try:
                yield self._store(path)
            except UnreadableFileError as error:
                yield IngestOutcome(source=path.name, state=IngestState.REFUSED, detail=str(error))
        self.refresh()

    def refresh(self) -> bool:
        """Index what the database holds, if the index holds anything else; True when it did.

        First every document is told of its newer edition, if there is one by now.
        """
        self._settle_editions()
        with self._documents.lock():
            with self._units() as unit:
                documents = unit.documents.all()
            if self._is_current(documents):
                return False
            self._documents.publish(lambda folder: self._write(folder, documents))
        return True

    def index_records(self, records: Iterable[Record]) -> None:
        """Make `records` the ones that `recall` knows."""
        with self._records.lock():
            self._records.publish(lambda folder: write_records(folder, records))

    def reads_as_question(self, text: str) -> bool:
        """Whether `text` asks the documents something, told by its words."""
        return reads_as_question(text)

    def answer(self, question: str, *, now: datetime, history: Sequence[Exchange] = ()) -> Answer:
        """Answer from the documents with verbatim citations, or abstain and say why."""
        return reply(question, self._corpus.get(), now=now, history=history)

    def recall(
        self, text: str, *, libraries: Sequence[Library] = (), limit: int = 50
    ) -> list[Candidate]:
        """Records whose text is near `text`, best first; all libraries when none is named."""
        return self._record_index.get().recall(text, libraries=libraries, limit=limit)

    def warm_up(self) -> None:
        """Load what the first question would wait for."""
        self._corpus.get().search("科协", limit=1)
        self._record_index.get().recall("科协", libraries=(), limit=1)

    def close(self) -> None:
        """Let go of files and sockets; the next question opens them again."""
        self._corpus.close()
        self._record_index.close()

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
            known = unit.documents.by_source(path.name)
        if known is None or known.digest != digest_of(content):
            edits = known.edits if known else ()
            document = parse(path, content, self._clock.now(), edits)
        elif known.readings or (document := read_document(known)) == known:
            return IngestOutcome(source=path.name, state=IngestState.UNCHANGED)
        count = len(chunks(document.text))
        with self._units() as unit:
            unit.documents.put(document)
            unit.commit()
        return IngestOutcome(source=path.name, state=IngestState.STORED, chunks=count)

    def _settle_editions(self) -> None:
        with self._units() as unit:
            changes = newer_editions(unit.documents.entries())
            for source, by in changes.items():
                unit.documents.supersede(source, by)
            unit.commit()

    def _is_current(self, documents: Iterable[Document]) -> bool:
        try:
            version = self._documents.current()
        except DamagedIndexError as error:
            log.warning("the index is damaged (%s); rebuilding it from the database", error)
            return False
        if version is None or not version.notes["semantic"]:
            return False
        same = version.notes["fingerprint"] == _fingerprint(documents)
        return same and self._is_of_embedding(version)

    def _write_documents(self, folder: Path) -> dict[str, Any]:
        with self._units() as unit:
            documents = unit.documents.all()
        return self._write(folder, documents)

    def _write(self, folder: Path, documents: Sequence[Document]) -> dict[str, Any]:
        embedding = self._embedding_now()
        embeddings = None if embedding is None else self._embeddings()
        notes = write_corpus(folder, documents, embeddings, chroma_url=self._chroma_url)
        return {**notes, "fingerprint": _fingerprint(documents), "embedding": embedding}

    def _write_records(self, folder: Path) -> dict[str, Any]:
        with self._units() as unit:
            records = unit.records.list()
        return write_records(folder, records)

    def _load_corpus(self, version: Version) -> Corpus:
        if not version.notes["semantic"] or not self._is_of_embedding(version):
            return Corpus(version.folder)
        opened = partial(self._open_vectors, version)
        semantic = SemanticHalf(opened, learned=is_learned(self._embeddings()))
        if self._chroma_url is None:
            semantic.open()  # what lies on this disk is rebuilt when it is damaged
        return Corpus(version.folder, semantic)

    def _is_of_embedding(self, version: Version) -> bool:
        """Whether its vectors were made by the present embedding; yes while it is silent."""
        now = self._embedding_now()
        return now is None or bool(version.notes["embedding"] == now)

    def _embedding_now(self) -> str | None:
        """The fingerprint of the embedding; None, and said, when it does not answer."""
        try:
            return fingerprint_of(self._embeddings())
        except KeqiaoError as error:
            log.warning("the embedding does not answer: %s", error)
            return None

    def _open_vectors(self, version: Version) -> VectorIndex:
        vectors = open_vectors(version.folder, self._embeddings(), url=self._chroma_url)
        if vectors.count() != version.notes["passages"]:
            vectors.close()
            raise DamagedIndexError(f"{version.folder}: vectors are missing")
        return vectors

    def _embeddings(self) -> "Embeddings":
        if self._given is not None:
            return self._given
        from knowledge.index.embedding.hashed import (  # noqa: PLC0415 -- heavy: loaded on first use
            HashedEmbeddings,
        )

        return HashedEmbeddings()


def _load_records(version: Version) -> RecordIndex:
    return RecordIndex(version.folder)


def _fingerprint(documents: Iterable[Document]) -> str:
    """Changes with any document's source, content or facts."""
    digest = hashlib.blake2b(digest_size=16)
    for document in documents:
        told = (document.source, document.digest, document.facts, document.parts)
        digest.update(f"{told}\0".encode(errors="surrogatepass"))
    return digest.hexdigest()
