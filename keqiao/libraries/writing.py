"""Records as a table that can be imported again, with columns named as imports name them."""

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from core.domain.arrivals import NESTED, values
from core.domain.records import Record
from core.domain.reminders import SHANGHAI
from keqiao.imports.columns import label

OWN = (
    "external_id",
    "title",
    "summary",
    "organisation",
    "industries",
    "keywords",
    "modes",
    "region",
    "source",
    "valid_from",
    "valid_until",
    "starts_at",
    "closes_at",
    "withdrawn",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""


def write_csv(path: Path, read: Callable[[], Iterable[Record]]) -> int:
    """Write what `read` gives, which is called twice: for the columns, and for the rows.

    Private fields are among them. Returns how many records there were.
    """
    nested = sorted({name for one in read() for name in _parts(one)})
    columns = (*OWN, *nested)
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([label(name) for name in columns])
        for one in read():
            rows.writerow([_cell(one, name) for name in columns])
            count += 1
    return count


def written(value: object) -> str:
    """A value as a cell that reads back as the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _parts(record: Record) -> Iterable[str]:
    for part in NESTED:
        for key, value in values(record, part).items():
            if value in (None, (), "") or (part == "private" and _whole_of(record, key)):
                continue
            yield f"{part}.{key}"


def _whole_of(record: Record, key: str) -> bool:
    """Whether a private value is a public one before phones and the like were struck out."""
    return key in OWN or key in record.details


def _cell(record: Record, name: str) -> str:
    part, _, key = name.partition(".")
    value = values(record, part).get(key) if key else getattr(record, part)
    if part != "private":
        value = record.private.get(key or part, value)
    text = written(value)
    return f"\t{text}" if text.startswith(_FORMULA) else text
