"""From a file to a document: read, recognised as new or known, its facts read."""

import hashlib
from datetime import datetime
from pathlib import Path

from core.domain.documents import Document, DocumentId
from knowledge.parsing.files import read_bytes, read_text
from knowledge.structure.facts import facts_of

_ID_LENGTH = 16


def document_id(source: str) -> DocumentId:
    """The id of the document ingested under a file name; the same in every edition."""
    return DocumentId(hashlib.sha256(source.encode()).hexdigest()[:_ID_LENGTH])


def digest_of(content: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def load(path: Path) -> bytes:
    """The bytes of a file that may be parsed.

    Raises:
        UnreadableFileError: unknown type, empty, too large, or cannot be opened.
    """
    return read_bytes(path)


def parse(path: Path, content: bytes, now: datetime) -> Document:
    """The document in a file.

    Raises:
        UnreadableFileError: broken, or without any text.
    """
    text = read_text(path, content)
    return Document(
        id=document_id(path.name),
        source=path.name,
        digest=digest_of(content),
        text=text,
        facts=facts_of(path.stem, text),
        ingested_at=now,
    )
