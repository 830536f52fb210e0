"""The bundled example as files and records, with every date counted from the day of loading.

A placeholder names a day and how to write it: `{{today+25d:%Y年%-m月%-d日}}`, `{{today+2y:%Y}}`.
`workday` instead of `today` moves a Saturday or Sunday on to the Monday after it.
"""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml

from core.domain.errors import BadInputError
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from keqiao.imports.rows import record_of
from keqiao.imports.tables import Row

HERE = Path(__file__).parent
DOCUMENTS = HERE / "documents"
RECORDS = HERE / "records.yml"

_PLACEHOLDER = re.compile(
    r"\{\{(?P<from>today|workday)(?:(?P<count>[+-]\d+)(?P<unit>[dy]))?:(?P<form>[^{}]+)\}\}"
)
_SATURDAY = 5
_LEAP_DAY = (2, 29)


def render_documents(folder: Path, now: datetime) -> list[Path]:
    """Write the example's documents, as of `now`, into `folder`; returns the files by name.

    Raises:
        BadInputError: a document holds a placeholder that cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for source in sorted(DOCUMENTS.glob("*.md")):
        target = folder / source.name
        target.write_text(fill_dates(source.read_text("utf-8"), now), encoding="utf-8")
        written.append(target)
    return written


def example_records(now: datetime) -> list[Record]:
    """The example's records as of `now`, library by library.

    Raises:
        BadInputError: a row or a placeholder cannot be read.
    """
    libraries: dict[str, list[Row]] = yaml.safe_load(fill_dates(RECORDS.read_text("utf-8"), now))
    return [
        record_of(row, library=Library(name), source=RECORDS.name)
        for name, rows in libraries.items()
        for row in rows
    ]


def fill_dates(text: str, now: datetime) -> str:
    """`text` with its placeholders replaced by days counted from Shanghai's day at `now`.

    Raises:
        BadInputError: a placeholder cannot be read.
    """
    today = now.astimezone(SHANGHAI).date()
    filled = _PLACEHOLDER.sub(lambda found: _write(_day(found, today), found["form"]), text)
    left = re.search(r"\{\{[^\n]{0,40}", filled)
    if left:
        raise BadInputError(f"placeholder {left[0]!r} is not of the form {{{{today+3d:%Y}}}}")
    return filled


def _day(found: re.Match[str], today: date) -> date:
    count = int(found["count"] or 0)
    if found["unit"] == "y":
        leap = (today.month, today.day) == _LEAP_DAY
        day = today.replace(year=today.year + count, day=28 if leap and count else today.day)
    else:
        day = today + timedelta(days=count)
    if found["from"] == "workday" and day.weekday() >= _SATURDAY:
        day += timedelta(days=7 - day.weekday())
    return day


def _write(day: date, form: str) -> str:
    """`%-m` and `%-d` are not understood everywhere, so numbers are put in here."""
    parts = {"%Y": f"{day:%Y}", "%-m": str(day.month), "%-d": str(day.day)}
    for mark, number in parts.items():
        form = form.replace(mark, number)
    return day.strftime(form)
