"""Documents as ingested, and their earlier editions."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from typing import Any, override

from sqlalchemy import Connection, Row, Text, cast, delete, func, select, update

from core.domain.documents import Document, DocumentEntry, DocumentId, Revision
from core.domain.errors import NotFoundError
from core.persistence.statements import insert
from core.persistence.tables import documents, editions
from core.ports.documents import Documents


class SqlDocuments(Documents):
    """Document rows, one a source name; editions beside them, one an id."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def put(self, document: Document) -> None:
        before = self.by_source(document.source)
        if before is not None and before.id != document.id:
            self._keep(before)
        self._connection.execute(delete(editions).where(editions.c.id == document.id))
        values = _values(document)
        self._connection.execute(
            insert(self._connection, documents)
            .values(**values)
            .on_conflict_do_update(index_elements=["source"], set_=values)
        )

    def _keep(self, document: Document) -> None:
        facts = replace(document.facts, superseded_by=document.source)
        values = _values(replace(document, facts=facts))
        self._connection.execute(
            insert(self._connection, editions)
            .values(**values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )

    @override
    def get(self, document_id: DocumentId) -> Document:
        for table in (documents, editions):
            same = select(table).where(table.c.id == document_id)
            row = self._connection.execute(same.order_by(table.c.source).limit(1)).first()
            if row is not None:
                return _document(row)
        raise NotFoundError(f"no document has the id {document_id}")

    @override
    def by_source(self, source: str) -> Document | None:
        row = self._connection.execute(
            select(documents).where(documents.c.source == source)
        ).first()
        return _document(row) if row is not None else None

    @override
    def revisions(self) -> list[Revision]:
        kept = (cast(column, Text) for column in (documents.c.facts, documents.c.parts))
        rows = self._connection.execute(
            select(documents.c.id, documents.c.source, documents.c.digest, *kept)
        )
        return [
            Revision(id=DocumentId(own), source=source, state=_state(*told))
            for own, source, *told in sorted(rows, key=lambda row: row.source)
        ]

    @override
    def several(self, sources: Collection[str]) -> list[Document]:
        wanted = documents.c.source.in_(list(sources))
        rows = self._connection.execute(select(documents).where(wanted))
        return sorted(map(_document, rows), key=lambda document: document.source)

    @override
    def entries(self) -> list[DocumentEntry]:
        counted = select(editions.c.source, func.count().label("amount")).group_by(
            editions.c.source
        )
        older = {row.source: row.amount for row in self._connection.execute(counted)}
        shown = (documents.c.id, documents.c.source, documents.c.facts, documents.c.ingested_at)
        rows = self._connection.execute(select(*shown))
        found = [
            DocumentEntry(**row._mapping, editions=older.get(row.source, 0))  # noqa: SLF001 -- public
            for row in rows
        ]
        return sorted(found, key=lambda entry: entry.source)

    @override
    def supersede(self, source: str, by: str | None) -> None:
        document = self.by_source(source)
        if document is None:
            raise NotFoundError(f"no document has the source {source}")
        parts = tuple(
            replace(part, facts=replace(part.facts, superseded_by=by)) for part in document.parts
        )
        facts = replace(document.facts, superseded_by=by)
        self._connection.execute(
            update(documents).where(documents.c.source == source).values(facts=facts, parts=parts)
        )

    @override
    def remove(self, source: str) -> bool:
        self._connection.execute(delete(editions).where(editions.c.source == source))
        gone = self._connection.execute(delete(documents).where(documents.c.source == source))
        return gone.rowcount > 0


def _state(*told: str | None) -> str:
    return hashlib.blake2b("\0".join(map(str, told)).encode(), digest_size=16).hexdigest()


def _values(document: Document) -> dict[str, Any]:
    return {column.name: getattr(document, column.name) for column in documents.columns}


def _document(row: Row[Any]) -> Document:
    return Document(**row._mapping)  # noqa: SLF001 -- public in SQLAlchemy despite its name
