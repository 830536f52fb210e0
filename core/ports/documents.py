"""Where documents are kept."""

from collections.abc import Collection
from typing import Protocol

from core.domain.documents import Document, DocumentEntry, DocumentId, Revision


class Documents(Protocol):
    """Documents as ingested: one a source name, and behind it its earlier editions."""

    def put(self, document: Document) -> None:
        """Store the document; one of the same source and another id becomes an edition of it."""
        ...

    def get(self, document_id: DocumentId) -> Document:
        """Find a document or an earlier edition, which is superseded by its own source.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def by_source(self, source: str) -> Document | None:
        """The document ingested under that file name, in its newest edition."""
        ...

    def revisions(self) -> list[Revision]:
        """The state of every document, by source name; light, however long the texts."""
        ...

    def several(self, sources: Collection[str]) -> list[Document]:
        """The documents ingested under these names, by source name; unknown ones are left out."""
        ...

    def entries(self) -> list[DocumentEntry]:
        """What a list of all documents shows, without their texts, by source name."""
        ...

    def supersede(self, source: str, by: str | None) -> None:
        """Note which other document is the newer edition of this one; None when none is."""
        ...

    def remove(self, source: str) -> bool:
        """Remove a document and its earlier editions; False when there is none."""
        ...
