"""What the vectors need to know of a version to follow it."""

from collections.abc import Callable, Collection, Sequence

from knowledge.index.vectors.live import LiveVectors
from knowledge.retrieval.segments.rows import chunk_of, search_text
from knowledge.retrieval.segments.segment import DocumentSegment


def follow(
    vectors: LiveVectors,
    parts: Sequence[tuple[DocumentSegment, Collection[int]]],
    told: Callable[[int, int], None],
) -> bool:
    """Store the vectors of the passages of a version, and no others; True when any changed."""
    places = {
        mark: (segment, at)
        for segment, gone in parts
        for at, mark in enumerate(segment.marks.tolist())
        if at not in gone
    }

    def texts(mark: int) -> list[str]:
        segment, at = places[mark]
        title = segment.title(at)
        rows = map(segment.row, segment.passages_of(at))
        return [search_text(title, chunk_of(row)) for row in rows]

    wanted = {mark: len(segment.passages_of(at)) for mark, (segment, at) in places.items()}
    return vectors.follow(wanted, texts, told)
