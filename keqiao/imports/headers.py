"""The header of a table: which line it is, one or two lines of it, and rows by its names."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from core.domain.errors import UnreadableFileError
from keqiao.imports.tables import Cells, Line, Row

MOST_COLUMNS = 100
_LOOKED_AT = 6
"""Lines among which the header is looked for: titles and notes may stand above it."""
_LONGEST_NAME = 40
_FEWEST = 3
"""Columns from which on a line with one cell alone is a heading between rows."""


def headed(
    lines: Iterator[Line], field_of: Callable[[str], str | None], *, name: str
) -> Iterator[tuple[Line, Row | None]]:
    """Lines below the header as rows; None for a heading between rows. Empty ones are left out.

    `field_of` tells which field a column's name means. The header is the first line that names
    a title; above it may stand the table's own title, and groups of columns.

    Raises:
        UnreadableFileError: no line names a title, or there are too many columns.
    """
    first = list(islice(lines, _LOOKED_AT))
    at = next((at for at, line in enumerate(first) if _names_title(line, field_of)), None)
    if at is None:
        read = "、".join(_texts(first[0].cells)[:8]) if first else ""
        raise UnreadableFileError(
            f"{name}：表头里没有“名称”一类的列（如 名称、标题、姓名）；读到的列是：{read or '空'}"
        )
    names = [_text(cell) for cell in first[at].cells]
    below = at + 1
    if below < len(first) and _continues(names, first[below].cells, field_of):
        names = _joined(names, first[below].cells, field_of)
        below += 1
    if sum(map(bool, names)) > MOST_COLUMNS:
        raise UnreadableFileError(
            f"{name}：有 {sum(map(bool, names))} 列，最多 {MOST_COLUMNS} 列；请删去不用的列"
        )
    yield from _rows(chain(first[below:], lines), _numbered(names))


def _rows(lines: Iterator[Line], names: Sequence[str]) -> Iterator[tuple[Line, Row | None]]:
    columns = sum(map(bool, names))
    for line in lines:
        filled = [cell for cell in line.cells if _text(cell)]
        if not filled:
            continue
        row = {name: cell for name, cell in zip(names, line.cells, strict=False) if name}
        alone = columns >= _FEWEST and len(filled) == 1 and bool(_text(line.cells[0]))
        yield line, None if alone and not line.fault else row


def _names_title(line: Line, field_of: Callable[[str], str | None]) -> bool:
    texts = _texts(line.cells)
    fields = [field_of(text) for text in texts]
    known = sum(field is not None for field in fields)
    return "title" in fields and (known > 1 or len(texts) == 1)


def _continues(names: Sequence[str], cells: Cells, field_of: Callable[[str], str | None]) -> bool:
    """Whether a line divides columns of the one above: names below a name that spans several."""
    below = [_text(cell) for cell in cells]
    below += [""] * (len(names) - len(below))
    title = next(at for at, name in enumerate(names) if field_of(name) == "title")
    filled = [at for at, text in enumerate(below) if text]
    if not filled or (below[title] and below[title] != names[title]):
        return False

    def divides(at: int) -> bool:
        if at >= len(names) or not names[at]:
            return True
        return below[at] == names[at] or (at + 1 < len(names) and not names[at + 1])

    named = [at for at in filled if field_of(below[at]) or at >= len(names) or not names[at]]
    return bool(named) and all(divides(at) and len(below[at]) <= _LONGEST_NAME for at in filled)


def _joined(
    names: Sequence[str], cells: Cells, field_of: Callable[[str], str | None]
) -> list[str]:
    """Two lines of a header as one; what is unknown below keeps the name above it."""
    joined: list[str] = []
    above = ""
    for at in range(max(len(names), len(cells))):
        own = names[at] if at < len(names) else ""
        below = _text(cells[at]) if at < len(cells) else ""
        above = own or above
        if not below or below == own:
            joined.append(own)
        else:
            joined.append(below if field_of(below) or not above else f"{above}{below}")
    return joined


def _numbered(names: Sequence[str]) -> list[str]:
    """Names of which each stands once."""
    counts: dict[str, int] = {}
    found: list[str] = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        found.append(f"{name}{counts[name]}" if name and counts[name] > 1 else name)
    return found


def _texts(cells: Cells) -> list[str]:
    return [text for text in map(_text, cells) if text]


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())
