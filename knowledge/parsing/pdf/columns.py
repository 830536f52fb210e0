"""Reading order on a page: two columns one after the other, what spans both in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_MIN_LINES = 6
_MIN_GAP = 8.0
"""Points of empty paper between two columns."""
_SHARE = 0.5
"""Of all lines that must keep the gutter free."""
_FULL = 0.6
"""Of the lines of the left column that must reach near the gutter, as set text does."""
_NEAR = 0.1
_SET = 0.2
"""Of the width that a line of set text covers at least; a field or a name covers less."""
_MIDDLE = (0.3, 0.7)
_STEP = 4
_SAME_LINE = 3.0


@dataclass(frozen=True, slots=True)
class _Line:
    top: float
    bottom: float
    words: tuple[tuple[float, float], ...]
    """Left and right edges."""

    def leaves_free(self, at: float) -> bool:
        """Whether there is empty paper around `at`, between words of this line or beside them."""
        half = _MIN_GAP / 2
        return all(right <= at - half or left >= at + half for left, right in self.words)

    def stands_on_both_sides(self, at: float) -> bool:
        return self.words[0][0] < at < self.words[-1][1]


def strips(area: Any) -> list[str]:  # noqa: ANN401 -- pdfplumber ships no types
    """The lines of an area of a page in the order in which they are read."""
    lines = _lines(area.extract_words())
    gutter = _gutter(lines, area.bbox[0], area.bbox[2])
    if gutter is None:
        return _text(area, area.bbox)
    found: list[str] = []
    for top, bottom, split in _bands(lines, gutter):
        left, _, right, _ = area.bbox
        sides = ((left, gutter), (gutter, right)) if split else ((left, right),)
        for begin, end in sides:
            found += _text(area, (begin, top, end, bottom))
    return found


def _text(area: Any, box: tuple[float, float, float, float]) -> list[str]:  # noqa: ANN401
    text: str = area.crop(box, strict=False).extract_text() or ""
    return text.split("\n")


def _lines(words: Sequence[dict[str, Any]]) -> list[_Line]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda one: (one["top"], one["x0"])):
        if rows and word["top"] - rows[-1][0]["top"] <= _SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [
        _Line(
            min(one["top"] for one in row),
            max(one["bottom"] for one in row),
            tuple(sorted((one["x0"], one["x1"]) for one in row)),
        )
        for row in rows
    ]


def _gutter(lines: Sequence[_Line], left: float, right: float) -> float | None:
    """Where the paper between two columns lies, if the text is set in two."""
    width = right - left
    begin, end = (left + width * share for share in _MIDDLE)
    places = [float(at) for at in range(int(begin), int(end), _STEP)]
    free = {
        at: [one for one in lines if one.stands_on_both_sides(at) and one.leaves_free(at)]
        for at in places
    }
    best = max(places, key=lambda at: len(free[at]), default=None)
    if best is None or len(free[best]) < max(_MIN_LINES, len(lines) * _SHARE):
        return None
    widest = [at for at in places if len(free[at]) == len(free[best])]
    middle = widest[len(widest) // 2]
    edges = [max(edge for _, edge in one.words if edge <= middle) for one in free[middle]]
    full = [
        edge >= max(edges) - width * _NEAR and edge - one.words[0][0] >= width * _SET
        for edge, one in zip(edges, free[middle], strict=True)
    ]
    return middle if sum(full) >= len(full) * _FULL else None


def _bands(lines: Sequence[_Line], gutter: float) -> Iterator[tuple[float, float, bool]]:
    """From top to bottom: neighbouring lines that keep the gutter free, or that cross it."""
    begin = end = 0.0
    split: bool | None = None
    for line in lines:
        free = line.leaves_free(gutter)
        if split is not None and free is not split:
            yield begin, end, split
            begin = line.top
        elif split is None:
            begin = line.top
        split, end = free, max(end, line.bottom)
    if split is not None:
        yield begin, end, split
