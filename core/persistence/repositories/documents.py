"""Documents as ingested."""

from dataclasses import asdict
from typing import Any, override

from sqlalchemy import Connection, Row, select

from core.domain.documents import Document, DocumentId
from core.domain.errors import NotFoundError
from core.persistence.statements import insert
from core.persistence.tables import documents
from core.ports.repositories import Documents


class SqlDocuments(Documents):
    """Document rows, one a source name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, document: Document) -> None:
        values = asdict(document) | {"facts": document.facts}
        self._connection.execute(
            insert(self._connection, documents)
            .values(**values)
            .on_conflict_do_update(index_elements=["source"], set_=values)
        )

    @override
    def get(self, document_id: DocumentId) -> Document:
        same = select(documents).where(documents.c.id == document_id)
        row = self._connection.execute(same.order_by(documents.c.source).limit(1)).first()
        if row is None:
            raise NotFoundError(f"no document has the id {document_id}")
        return _document(row)

    @override
    def by_source(self, source: str) -> Document | None:
        row = self._connection.execute(
            select(documents).where(documents.c.source == source)
        ).first()
        return _document(row) if row is not None else None

    @override
    def all(self) -> list[Document]:
        rows = self._connection.execute(select(documents))
        return sorted(map(_document, rows), key=lambda document: document.source)


def _document(row: Row[Any]) -> Document:
    return Document(**row._mapping)  # noqa: SLF001 -- public in SQLAlchemy despite its name
