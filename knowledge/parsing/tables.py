"""Grids of cells as tab-separated lines."""

from collections.abc import Iterable, Iterator

from core.domain.errors import UnreadableFileError

MAX_COLUMNS = 500
"""A wider table is no table that people read."""


def check_columns(count: int) -> None:
    """Refuse a table that is too wide.

    Raises:
        UnreadableFileError: it is.
    """
    if count > MAX_COLUMNS:
        raise UnreadableFileError(
            f"a table has {count} columns; the limit is {MAX_COLUMNS}, split it"
        )


def lines_of(rows: Iterable[list[str]]) -> Iterator[str]:
    """Each row as one line."""
    for row in rows:
        check_columns(len(row))
        yield "\t".join(" ".join(cell.split()) for cell in row)
