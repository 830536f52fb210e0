"""A whole file into a library: every good row stored, every bad row named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import BadRowError
from core.domain.records import Library, Record
from keqiao.imports.rows import record_of
from keqiao.imports.tables import read_rows

SAME = "与第 {row} 行是同一条（编号相同，或名称与单位都相同）；不同的场次请用“编号”列区分"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not stored: its number as people see it, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file. `stored` counts good rows (none is written when only checking)."""

    library: Library
    file: str
    stored: int
    refused: tuple[RefusedRow, ...]


def import_file(
    path: Path, library: Library, *, store: Callable[[Iterable[Record]], int] | None
) -> ImportReport:
    """Read `path` and hand the good rows to `store`; only check them when it is None.

    Raises:
        UnreadableFileError: the file as a whole cannot be read; nothing is stored.
    """
    good: dict[str, Record] = {}
    rows: dict[str, int] = {}
    refused: list[RefusedRow] = []
    for number, row in read_rows(path):
        try:
            record = record_of(row, library=library, source=path.name)
        except BadRowError as error:
            refused.append(RefusedRow(row=number, reason=str(error)))
            continue
        first = rows.setdefault(record.external_id, number)
        if first != number:
            refused.append(RefusedRow(row=number, reason=SAME.format(row=first)))
            continue
        good[record.external_id] = record
    if store is not None and good:
        store(good.values())
    return ImportReport(library=library, file=path.name, stored=len(good), refused=tuple(refused))
