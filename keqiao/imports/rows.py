"""One row of a table as a record."""

import hashlib
from functools import cache
from pathlib import Path

import yaml

from core.domain.errors import BadRowError
from core.domain.records import Library, Record
from keqiao.imports.tables import Row, Value
from keqiao.imports.values import day_of, flag_of, instant_of, list_of, text_of

DETAILS = ("kind", "place", "link", "organiser", "eligibility")
"""Columns that are shown to people as they are."""

REQUIRED = {Library.EVENTS: ("starts_at",), Library.CALLS: ("closes_at",)}
"""What a library cannot do without, beside a title."""


ANYWHERE = frozenset({"", "全国", "全国范围", "不限", "不限地区"})
"""Region cells that restrict nothing."""


def record_of(row: Row, *, library: Library, source: str) -> Record:
    """Read a row; columns of unknown name are kept as details under their own name.

    Raises:
        BadRowError: a required value is missing or a value cannot be read.
    """
    known, extra = _named(row)
    title = text_of(known.get("title"))
    for column in ("title", *REQUIRED.get(library, ())):
        if not text_of(known.get(column)):
            raise BadRowError(f"缺少“{label(column)}”")
    organisation = text_of(known.get("organisation")) or text_of(known.get("organiser"))
    identity = text_of(known.get("external_id")) or _identity(title, organisation)
    details = {name: text_of(known.get(name)) for name in DETAILS}
    details |= {name: text_of(value) for name, value in extra.items()}
    return Record(
        library=library,
        external_id=identity,
        title=title,
        summary=text_of(known.get("summary")),
        organisation=organisation or None,
        industries=list_of(known.get("industries")),
        keywords=list_of(known.get("keywords")),
        modes=list_of(known.get("modes")),
        region=_region(text_of(known.get("region"))),
        source=text_of(known.get("source")) or source,
        valid_from=day_of(known.get("valid_from"), column=label("valid_from")),
        valid_until=day_of(known.get("valid_until"), column=label("valid_until")),
        starts_at=instant_of(known.get("starts_at"), column=label("starts_at")),
        closes_at=instant_of(known.get("closes_at"), column=label("closes_at"), at_end=True),
        details={name: value for name, value in details.items() if value},
        withdrawn=flag_of(known.get("withdrawn")),
    )


def _region(text: str) -> str | None:
    return None if text in ANYWHERE else text


def label(field: str) -> str:
    """The field's name for operators: its first Chinese alias and its English name."""
    chinese = next((name for name in _aliases()[field] if not name.isascii()), field)
    return f"{chinese}（{field}）"


def _named(row: Row) -> tuple[dict[str, Value], dict[str, Value]]:
    fields = {alias: field for field, aliases in _aliases().items() for alias in aliases}
    known: dict[str, Value] = {}
    extra: dict[str, Value] = {}
    for name, value in row.items():
        key = "".join(name.split()).lower()
        if key in fields:
            known.setdefault(fields[key], value)
        elif key and value is not None:
            extra[name.strip()] = value
    return known, extra


def _identity(title: str, organisation: str) -> str:
    return hashlib.sha256(f"{title}|{organisation}".encode()).hexdigest()[:16]


@cache
def _aliases() -> dict[str, list[str]]:
    loaded = yaml.safe_load((Path(__file__).parent / "columns.yml").read_text("utf-8"))
    return {str(field): [str(alias) for alias in aliases] for field, aliases in loaded.items()}
