"""Whether the totals of a table are the sums of what stands above them."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from core.domain.documents import Reading
from knowledge.structure.chunks import Sentence

_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|共\s*计)$")
_SUBTOTAL = re.compile(r"^小\s*计$")
_AMOUNT = re.compile(r"^(\d{1,12}(?:\.\d{1,4})?)(个|项|分|元|万元|亿元|家|人|支|次|场|名|篇|件)?$")
_MIN_ADDENDS = 2


def read_totals(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """A reading for each total that is not the sum of its column; its value shows both."""
    rows = (one for one in sentences if one.row and one.cells)
    for _, table in groupby(rows, key=lambda one: one.table):
        yield from _of_table(list(table))


def _of_table(table: list[Sentence]) -> Iterator[Reading]:
    begin = 0
    for at, row in enumerate(table):
        if not any(_TOTAL.match(value) for _, value in row.cells):
            continue
        parts = [one for one in table[begin:at] if not _is_subtotal(one)]
        for header, value in row.cells:
            yield from _checked(header, value, parts, row)
        begin = at + 1


def _is_subtotal(row: Sentence) -> bool:
    return any(_SUBTOTAL.match(value) for _, value in row.cells)


def _checked(header: str, value: str, parts: list[Sentence], row: Sentence) -> Iterator[Reading]:
    stated = _AMOUNT.match(value)
    cells = [text for one in parts for name, text in one.cells if name == header]
    amounts = [found for text in cells if (found := _AMOUNT.match(text))]
    if not header or stated is None or len(amounts) < _MIN_ADDENDS or len(amounts) != len(cells):
        return
    if {found[2] for found in amounts} != {stated[2]}:
        return
    total = sum(Decimal(found[1]) for found in amounts)
    if total != Decimal(stated[1]):
        yield Reading(
            name="total",
            value=f"{value} ≠ {total}{stated[2] or ''}",
            start=row.start,
            end=row.end,
            part=row.part,
            details=((header, value),),
        )
