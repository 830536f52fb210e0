"""Opening a published version; segments that are open already are not opened again."""

from collections.abc import Iterable

from knowledge.index.semantic import SemanticHalf
from knowledge.index.versions import Part, Versions
from knowledge.retrieval.search import Corpus, Parts
from knowledge.retrieval.segments.segment import DocumentSegment


def load_parts(
    versions: Versions, parts: Iterable[Part], opened: Iterable[DocumentSegment] = ()
) -> Parts:
    """The segments of a version, checked unless they are among those opened.

    Raises:
        DamagedIndexError: a segment is not as it was written.
    """
    known = {segment.name: segment for segment in opened}
    return [
        (known.get(part.segment) or DocumentSegment(versions.checked(part.segment)), part.deleted)
        for part in parts
    ]


def load_corpus(
    versions: Versions,
    parts: Iterable[Part],
    *,
    before: Corpus | None = None,
    semantic: SemanticHalf | None = None,
) -> Corpus:
    """A version as it is searched; what the version before had open is taken over.

    Raises:
        DamagedIndexError: a segment is not as it was written.
    """
    opened = [segment for segment, _ in before.parts] if before is not None else ()
    return Corpus(load_parts(versions, parts, opened), semantic)
