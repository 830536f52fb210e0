"""How documents and passages are written down in a segment: one JSON row each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from pydantic import TypeAdapter

from core.domain.documents import Document, DocumentFacts, DocumentId, Part
from knowledge.structure.chunks import Chunk, Sentence

_FACTS = TypeAdapter(DocumentFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document as the index knows it: everything but its text."""

    id: DocumentId
    source: str
    digest: str
    facts: DocumentFacts
    parts: tuple[DocumentFacts, ...] = ()
    """The facts of its main text and of each annex, when it has annexes."""


def search_text(title: str, chunk: Chunk) -> str:
    """What of a passage is searched: the document's title, its headings, its text."""
    labels = [label for label in chunk.path if label not in title]
    return "\n".join((title, *labels, chunk.text))


def source_row(document: Document) -> dict[str, Any]:
    """A document without its text."""
    return {
        "id": document.id,
        "source": document.source,
        "digest": document.digest,
        "facts": _FACTS.dump_python(document.facts, mode="json"),
        "parts": [_FACTS.dump_python(part.facts, mode="json") for part in document.parts],
    }


def source_of(row: dict[str, Any]) -> Source:
    """What `source_row` wrote."""
    return Source(
        id=DocumentId(row["id"]),
        source=row["source"],
        digest=row["digest"],
        facts=_FACTS.validate_python(row["facts"]),
        parts=tuple(_FACTS.validate_python(facts) for facts in row["parts"]),
    )


def title_of(row: dict[str, Any]) -> str:
    """The title in what `source_row` wrote."""
    title: str = row["facts"]["title"]
    return title


def chunk_row(parts: Sequence[Part], chunk: Chunk) -> list[Any]:
    """A chunk, and in which part of its document it stands."""
    ended = sum(part.end <= chunk.start for part in parts)
    return [ended, [_sentence_row(one) for one in chunk.sentences]]


def chunk_of(row: list[Any]) -> Chunk:
    """The chunk that `chunk_row` wrote."""
    return Chunk(sentences=tuple(map(_sentence, row[1])))


def worded(row: list[Any]) -> tuple[list[str], list[str]]:
    """The headings that all sentences of a chunk share, and the sentences."""
    paths = zip(*(one[3] for one in row[1]), strict=False)
    labels = [path[0] for path in takewhile(lambda path: len(set(path)) == 1, paths)]
    return labels, [quote if text is None else text for quote, text, *_ in row[1]]


def of_part(source: Source, row: list[Any]) -> Source:
    """A document with the facts of the part that a chunk stands in."""
    part: int = row[0]
    return replace(source, facts=source.parts[part]) if part < len(source.parts) else source


def _sentence_row(one: Sentence) -> list[Any]:
    text = None if one.text == one.quote else one.text
    return [one.quote, text, one.start, one.path, *([one.cells, one.table] if one.row else ())]


def _sentence(row: list[Any]) -> Sentence:
    quote, text, start, path, *told = row
    cells, table = told or ((), -1)
    return Sentence(
        text=quote if text is None else text,
        quote=quote,
        start=start,
        end=start + len(quote),
        path=tuple(path),
        row=bool(told),
        cells=tuple((name, value) for name, value in cells),
        table=table,
    )
