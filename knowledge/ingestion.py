"""From a file to a document: read, recognised as new or known, its facts read."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core.domain.documents import Document, DocumentFacts, DocumentId, Edit
from core.domain.readings import summed_up
from knowledge.parsing.files import read_bytes, read_text, source_name
from knowledge.structure.chunks import joined, sentences
from knowledge.structure.facts import read_facts

_ID_LENGTH = 16


def document_id(source: str, digest: str) -> DocumentId:
    """The id of one edition of the document ingested under a file name."""
    return DocumentId(hashlib.sha256(f"{source}\0{digest}".encode()).hexdigest()[:_ID_LENGTH])


def digest_of(content: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def load(path: Path) -> bytes:
    """The bytes of a file that may be parsed.

    Raises:
        UnreadableFileError: unknown type, empty, too large, or cannot be opened.
    """
    return read_bytes(path)


def parse(
    path: Path, content: bytes, now: datetime, edits: tuple[Edit, ...] = ()
) -> tuple[Document, int]:
    """The document in a file and how many chunks it has.

    Operators' `edits` stand in place of what is read.

    Raises:
        UnreadableFileError: broken, or without any text.
    """
    digest = digest_of(content)
    return read_document(
        Document(
            id=document_id(source_name(path), digest),
            source=source_name(path),
            digest=digest,
            text=read_text(path, content),
            facts=DocumentFacts(title=path.stem),
            ingested_at=now,
            edits=edits,
        )
    )


def read_document(document: Document) -> tuple[Document, int]:
    """The document with what its text says of itself, and how many chunks it has."""
    cut = list(sentences(document.text))
    readings, parts = read_facts(document.text, cut)
    return summed_up(replace(document, readings=readings, parts=parts)), len(joined(cut))
