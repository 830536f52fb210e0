"""Table rows that repeat their headers and merged parents, so that each can be found alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.structure.lines import Block

_NUMERIC = re.compile(r"^[\d.,%\s]*(?:个|项|分|元|万元|家|人|支|次|场|名)?$")
_A_YEAR = re.compile(r"20\d{2}\s*年")
_MAX_QUOTE = 300
_MIN_ROWS_BELOW_TWO = 3
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: `text` says all it means, `start` and `end` quote it with its merged parents."""

    text: str
    start: int
    end: int
    cells: tuple[tuple[str, str], ...]
    """Header and value of each cell that says something; the value stands without spaces."""
    label: str
    """The cells that name the row, parents first."""


def tables_of(rows: list[Block]) -> Iterator[list[Block]]:
    """Neighbouring rows as tables: another one begins with headers of another width."""
    begin = 0
    for at in range(1, len(rows)):
        before, cells = (len(_cells(rows[one])) for one in (at - 1, at))
        if cells != before and _is_header([_cells(row) for row in rows[at : at + 2]], full=True):
            yield rows[begin:at]
            begin = at
    if rows:
        yield rows[begin:]


def rows_of(table: list[Block]) -> list[Row]:
    """The rows of a table of blocks; the first row is taken as headers if it has no numbers.

    Headers that a page break repeats are headers again; a second row below merged headers
    tells them apart.
    """
    grid = [_cells(block) for block in table]
    width = max(len(cells) for cells in grid)
    grid = [cells + [""] * (width - len(cells)) for cells in grid]
    top = grid[:1] if _is_header(grid) else []
    if top and _tells_apart(grid):
        top = grid[:2]
    headers = _joined(top)
    rows: list[Row] = []
    above = [""] * width
    owner = [0] * width
    for at, cells in enumerate(grid):
        if cells in top:
            rows.append(_header_row(table[at], cells))
            continue
        filled, owner, start_row = _inherit(cells, above, owner, at)
        above = filled
        start = _content_start(table[start_row])
        end = table[at].end
        if end - start > _MAX_QUOTE:
            start = _content_start(table[at])
        rows.append(_row(filled, headers, start, end))
    return rows


def _content_start(block: Block) -> int:
    return block.start + len(block.text) - len(block.text.lstrip())


def _cells(block: Block) -> list[str]:
    """Cells without spaces; those of a markdown row lose their outer bars."""
    if block.text.startswith("|"):
        cells = block.text.strip().strip("|").split("|")
    else:
        cells = block.text.split("\t")
    return [_SPACES.sub("", cell) for cell in cells]


def _is_header(grid: list[list[str]], *, full: bool = False) -> bool:
    """Whether the first row names the columns; `full` asks for a name on each of them."""
    first = [cell for cell in grid[0] if cell]
    return (
        len(grid) > 1
        and len(first) > 1
        and (not full or len(first) == len(grid[0]) == len(grid[1]))
        and not any(re.search(r"\d", _A_YEAR.sub("", cell)) for cell in first)
    )


def _tells_apart(grid: list[list[str]]) -> bool:
    """Whether the second row names what lies under headers merged over several columns."""
    if len(grid) < _MIN_ROWS_BELOW_TWO or any(re.search(r"\d", cell) for cell in grid[1]):
        return False
    first, second = grid[:2]
    merged = {
        at
        for at, name in enumerate(first)
        if name and name in {*first[max(at - 1, 0) : at], *first[at + 1 : at + 2]}
    }
    others = set(range(len(first))) - merged
    return (
        bool(merged)
        and all(second[at] for at in merged)
        and len({second[at] for at in merged}) == len(merged)
        and all(second[at] in {"", first[at]} for at in others)
    )


def _joined(top: list[list[str]]) -> list[str]:
    """The names of the columns, outer headers first."""
    return ["／".join(dict.fromkeys(filter(None, names))) for names in zip(*top, strict=True)]


def _inherit(
    cells: list[str], above: list[str], owner: list[int], at: int
) -> tuple[list[str], list[int], int]:
    """Fill the empty cells before the first full one from above; also say whose they are."""
    first = next((index for index, cell in enumerate(cells) if cell), len(cells))
    filled = above[:first] + cells[first:]
    owners = owner[:first] + [at] * (len(cells) - first)
    parents = [owners[index] for index in range(first) if filled[index]]
    return filled, owners, min(parents, default=at)


def _header_row(block: Block, cells: list[str]) -> Row:
    names = tuple(dict.fromkeys(cell for cell in cells if cell))
    return Row(
        text="、".join(names), start=_content_start(block), end=block.end, cells=(), label=""
    )


def _row(cells: list[str], headers: list[str], start: int, end: int) -> Row:
    named: list[tuple[str, str]] = []
    label: list[str] = []
    name = ""
    for at, cell in enumerate(cells):
        if headers and headers[at]:
            name = headers[at]
        if not cell or (at and cell == cells[at - 1]):
            continue
        named.append((name, cell))
        if not _NUMERIC.match(cell):
            label.append(cell)
    return Row(
        text="；".join(f"{name}：{cell}" if name else cell for name, cell in named),
        start=start,
        end=end,
        cells=tuple(named),
        label=" ".join(label),
    )
