"""Tables as entries: what names a row, the number it states, and the row of totals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.reading.numbers import number
from knowledge.lexicon.words import normalise
from knowledge.structure.chunks import Sentence

_NUMBER = re.compile(
    r"^(?:约|近)?(\d+(?:,\d{3})*(?:\.\d+)?)\s*(万?元|[^\d\s,.%]{1,3})?(?:左右|以上)?$"
)
_REMARK = re.compile(r"\([^()]*\)")
_ORDER = re.compile(r"^(?:序号|编号|no\.?|排名)$")
_ASIDE = re.compile(r"备注|说明|附注|联系|电话")
_TOTAL = re.compile(r"^(?:合计|总计|共计|总数|总和|总分|小计)$")
_SUBTOTAL = "小计"
_MOST = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row with a number: the labels that name it, parents first."""

    labels: tuple[str, ...]
    value: Fraction
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One numeric column of a table."""

    header: str
    unit: str
    entries: tuple[Entry, ...]
    total: Entry | None
    """The row that states the sum of the others, if there is one."""

    @property
    def sum(self) -> Fraction:
        """The sum of all rows but the totals."""
        return sum((one.value for one in self.entries), Fraction(0))


def beside(path: tuple[str, ...], sentence: Sentence) -> bool:
    """Whether a sentence is a row of the table under some headings."""
    return sentence.row and sentence.path == path


def tables(rows: Iterable[Evidence]) -> tuple[Table, ...]:
    """The numeric columns of neighbouring rows of one table."""
    grid = [
        (one, [(normalise(head), normalise(cell)) for head, cell in one.sentence.cells])
        for one in rows
        if one.sentence.cells
    ]
    headers = dict.fromkeys(head for _, cells in grid for head, _ in cells if head)
    return tuple(
        table
        for header in headers
        if not _ORDER.match(header) and not _ASIDE.search(header)
        if (table := _column(header, grid)) is not None
    )


def _column(header: str, grid: list[tuple[Evidence, list[tuple[str, str]]]]) -> Table | None:
    entries: list[Entry] = []
    units: list[str] = []
    total: Entry | None = None
    filled = 0
    for evidence, cells in grid:
        said = [cell for head, cell in cells if head == header]
        filled += bool(said)
        found = _NUMBER.match(said[-1]) if said else None
        value = number(found[1]) if found else None
        labels = tuple(
            _REMARK.sub("", cell).strip(",;。:、 ")
            for head, cell in cells
            if head != header and not _ORDER.match(head) and not _ASIDE.search(head)
            if not _NUMBER.match(cell)
        )
        summed = any(_TOTAL.match(cell) for _, cell in cells)
        if found is None or value is None:
            continue
        entry = Entry(labels=labels, value=value, evidence=evidence)
        if summed:
            total = None if any(cell == _SUBTOTAL for _, cell in cells) else entry
            continue
        entries.append(entry)
        units.append(found[2] or "")
    if len(entries) < 2 or len(entries) < filled * _MOST:  # noqa: PLR2004 -- one row is no table
        return None
    unit = units[0] if len(set(units)) == 1 else ""
    if not unit and "分" in header:
        unit = "分"
    shown = header.replace("(", "（").replace(")", "）")
    return Table(header=shown, unit=unit, entries=tuple(entries), total=total)
