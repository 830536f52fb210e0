"""A whole file into a library, batch by batch: every good row stored, every other one named."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import batched
from pathlib import Path

from core.domain.arrivals import Arrival, Outcome, Stored
from core.domain.errors import BadRowError, UnreadableFileError
from core.domain.records import Library, RecordId
from core.services.libraries.bringing import Past, Unclear
from keqiao.imports.columns import field_of, label
from keqiao.imports.dates import day_and_time
from keqiao.imports.headers import headed
from keqiao.imports.rows import arrival_of
from keqiao.imports.tables import Line, Row, check_file, csv_lines, jsonl_rows
from keqiao.imports.workbooks import xlsx_lines

SAME = "与第 {row} 行是同一条（编号相同，或名称与单位都相同）；不同的场次请用“编号”列区分"
SEVERAL = "名称与单位相同的已有 {count} 条（编号 {numbers}），分不清是哪一条；请填写“编号”列"
MOVED = (
    "“{column}”从 {before} 改到了已经过去的 {after}；日期写错了请改正，活动取消了请把“撤回”填“是”"
)
HEADING = "只有一格有内容，看作分组标题"
NO_ROWS = "{name}：只有表头，没有数据行，什么也没有导入"

BATCH = 1_000
"""Rows of one transaction: what a kill costs, and what is held in memory."""
MOST_REFUSED = 1_000
"""Refusals whose reasons are kept; of the others only the number is."""

type Bring = Callable[[Sequence[Arrival], set[RecordId]], list[Stored | Unclear | Past]]
"""Stores arrivals and says what became of each; `BringRecords`."""


class RowState(StrEnum):
    """What became of a row."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


_STATES = {
    Outcome.NEW: RowState.STORED,
    Outcome.CHANGED: RowState.UPDATED,
    Outcome.SAME: RowState.UNCHANGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not stored: its number as people see it, and why."""

    row: int
    reason: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What became of the rows of a file; nothing is written when only checking."""

    library: Library
    file: str
    counts: Counter[RowState] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    """The first of them."""
    spans: dict[RowState, list[tuple[int, int]]] = field(default_factory=dict)
    """By state, the first and last of rows that follow each other."""

    @property
    def good(self) -> int:
        """Rows that are in the library now, or would be."""
        states = (RowState.STORED, RowState.UPDATED, RowState.UNCHANGED)
        return sum(self.counts[state] for state in states)

    def note(self, row: int, state: RowState, reason: str = "") -> None:
        """Add what became of a row; rows come in ascending order, state by state."""
        self.counts[state] += 1
        spans = self.spans.setdefault(state, [])
        if spans and spans[-1][1] == row - 1:
            spans[-1] = (spans[-1][0], row)
        else:
            spans.append((row, row))
        if state is RowState.REFUSED and len(self.refused) < MOST_REFUSED:
            self.refused.append(RefusedRow(row=row, reason=reason))


def import_file(
    path: Path,
    library: Library,
    *,
    bring: Bring | None,
    told: Callable[[int], None] = lambda _rows: None,
) -> ImportReport:
    """Read `path` and hand the good rows to `bring`; only check them when it is None.

    A kill in the middle leaves whole batches; the next run finds these unchanged and goes on.
    `told` hears how many rows were read.

    Raises:
        UnreadableFileError: the file as a whole cannot be read, or holds no row.
    """
    report = ImportReport(library=library, file=path.name)
    intake = _Intake(report=report, bring=bring)
    read = 0
    for some in batched(_rows(path), BATCH):
        intake.take(some)
        read += len(some)
        told(read)
    if not read:
        raise UnreadableFileError(NO_ROWS.format(name=path.name))
    return report


def _rows(path: Path) -> Iterator[tuple[Line, Row | None]]:
    check_file(path)
    kind = path.suffix.lower()
    if kind == ".jsonl":
        return ((Line(number=number, cells=[]), row) for number, row in jsonl_rows(path))
    lines = csv_lines(path) if kind == ".csv" else xlsx_lines(path)
    return headed(lines, field_of, name=path.name)


@dataclass(slots=True, kw_only=True)
class _Intake:
    """Rows on their way into a library, and what is known of those before them."""

    report: ImportReport
    bring: Bring | None
    taken: set[RecordId] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    """By external id, as far as rows bring one or are named: the first row."""

    def take(self, some: Sequence[tuple[Line, Row | None]]) -> None:
        """One batch."""
        numbers: list[int] = []
        arrivals: list[Arrival] = []
        outcomes: list[tuple[int, RowState, str]] = []
        for line, row in some:
            if row is None:
                outcomes.append((line.number, RowState.SKIPPED, HEADING))
                continue
            try:
                arrivals.append(self._arrival(line, row))
                numbers.append(line.number)
            except BadRowError as error:
                outcomes.append((line.number, RowState.REFUSED, str(error)))
        outcomes += zip(numbers, *self._brought(arrivals), strict=True)
        for number, state, reason in sorted(outcomes):
            self.report.note(number, state, reason)

    def _arrival(self, line: Line, row: Row) -> Arrival:
        """The row as a record that no row before it is.

        Raises:
            BadRowError: it cannot be read, or a row before it is the same.
        """
        if line.fault:
            raise BadRowError(line.fault)
        arrival = arrival_of(row, library=self.report.library, source=self.report.file)
        first = self.rows.setdefault(arrival.record.external_id, line.number)
        if first != line.number:
            raise BadRowError(SAME.format(row=first))
        return arrival

    def _brought(self, arrivals: Sequence[Arrival]) -> tuple[list[RowState], list[str]]:
        if self.bring is None or not arrivals:
            return [RowState.STORED] * len(arrivals), [""] * len(arrivals)
        states: list[RowState] = []
        reasons: list[str] = []
        for one in self.bring(arrivals, self.taken):
            if not isinstance(one, Stored):
                states.append(RowState.REFUSED)
                reasons.append(self._why(one))
            else:
                states.append(_STATES[one.outcome])
                reasons.append("")
        return states, reasons

    def _why(self, refused: Unclear | Past) -> str:
        if isinstance(refused, Past):
            shown = {"before": day_and_time(refused.before), "after": day_and_time(refused.after)}
            return MOVED.format(column=label(refused.field), **shown)
        ids = refused.external_ids
        if len(ids) == 1:
            return SAME.format(row=self.rows.get(ids[0], "?"))
        return SEVERAL.format(count=len(ids), numbers="、".join(ids[:5]))
