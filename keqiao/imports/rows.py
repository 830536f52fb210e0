"""One row of a table as a record."""

from collections.abc import Mapping

from core.domain.arrivals import Arrival, identity
from core.domain.errors import BadRowError
from core.domain.records import Library, Record
from keqiao.imports.columns import PUBLIC_CONTACTS, field_of, is_private, label, struck
from keqiao.imports.conditions import conditions_of
from keqiao.imports.dates import ends_at, phases_of, series_of
from keqiao.imports.tables import Row, Value
from keqiao.imports.values import (
    day_of,
    digits_of,
    end_of,
    flag_of,
    instant_of,
    is_error,
    list_of,
    text_of,
)

REQUIRED = {Library.EVENTS: ("starts_at",), Library.CALLS: ("closes_at",)}
"""What a library cannot do without, beside a title."""

ANYWHERE = frozenset({"", "全国", "全国范围", "不限", "不限地区"})
"""Region cells that restrict nothing."""

DATED = PUBLIC_CONTACTS
UNDATED = ("ends_at", "phase", "series", "skipped")
"""Fields of events and calls alone: elsewhere such a column is like any other."""

LONGEST = 20_000
"""Characters of one cell that are kept: the longest that anybody has written by hand."""

_DIGITS = frozenset({"private.phone", "private.id_number", "private.account", "private.wechat"})


def record_of(row: Row, *, library: Library, source: str) -> Record:
    """Read a row; columns of unknown name are kept under their own name.

    Raises:
        BadRowError: a required value is missing or a value cannot be read.
    """
    return arrival_of(row, library=library, source=source).record


def arrival_of(row: Row, *, library: Library, source: str) -> Arrival:
    """Read a row, and which fields it speaks of.

    Raises:
        BadRowError: as with `record_of`.
    """
    known, extra = _named(row, library)
    for column in ("title", *REQUIRED.get(library, ())):
        if not text_of(known.get(column)):
            raise BadRowError(f"缺少“{label(column)}”")
    organisation = text_of(known.get("organisation")) or text_of(known.get("details.organiser"))
    numbered = text_of(known.get("external_id"))
    details, private = _split(known, extra, library)
    public = {name: text_of(known.get(name)) for name in ("title", "summary")}
    if library not in PUBLIC_CONTACTS:
        private |= {name: text for name, text in public.items() if struck(text) != text}
        public = {name: struck(text) for name, text in public.items()}
    record = Record(
        library=library,
        external_id=numbered or identity(public["title"], organisation),
        title=public["title"],
        summary=public["summary"],
        organisation=organisation or None,
        industries=list_of(known.get("industries")),
        keywords=list_of(known.get("keywords")),
        modes=list_of(known.get("modes")),
        region=_region(text_of(known.get("region"))),
        source=text_of(known.get("source")) or source,
        valid_from=day_of(known.get("valid_from"), column=label("valid_from")),
        valid_until=day_of(known.get("valid_until"), column=label("valid_until"), at_end=True),
        starts_at=instant_of(known.get("starts_at"), column=label("starts_at")),
        closes_at=instant_of(known.get("closes_at"), column=label("closes_at"), at_end=True),
        ends_at=ends_at(known, label("ends_at")),
        phases=phases_of(known, label("phases")),
        series=series_of(known, label("series")),
        details={name: value for name, value in details.items() if value},
        private={name: value for name, value in private.items() if value},
        conditions=conditions_of(_below("conditions", known), label),
        withdrawn=flag_of(known.get("withdrawn")),
    )
    return Arrival(record=record, given=_given(known, details, private))


def number_of(row: Row) -> str:
    """The number a row brings, whatever else is wrong with it; '' when it brings none."""
    found = (text_of(value) for name, value in row.items() if field_of(name) == "external_id")
    return next(filter(None, found), "")


def _given(
    known: Mapping[str, Value], details: Mapping[str, str], private: Mapping[str, str]
) -> frozenset[str]:
    own = {name for name in known if not name.startswith(("details.", "private."))}
    if "conditions.budget" in known:
        own |= {"conditions.budget_min", "conditions.budget_max"}
    own |= {"phases" for name in known if name.startswith("phase.")}
    own |= {"series" for name in known if name == "skipped"}
    own |= {"ends_at" for name in known if name == "starts_at" and end_of(known[name])}
    if "details.organiser" in known:
        own.add("organisation")
    own |= {f"details.{name}" for name in details} | {f"private.{name}" for name in private}
    return frozenset(own)


def _below(part: str, known: Mapping[str, Value]) -> dict[str, Value]:
    """The cells of fields such as `details.place`, by what stands behind the point."""
    start = f"{part}."
    return {name.removeprefix(start): v for name, v in known.items() if name.startswith(start)}


def _region(text: str) -> str | None:
    return None if text in ANYWHERE else text


def _split(
    known: Mapping[str, Value], extra: Mapping[str, Value], library: Library
) -> tuple[dict[str, str], dict[str, str]]:
    """What is shown to people, and what is not."""
    details = {name: text_of(value) for name, value in _below("details", known).items()}
    private: dict[str, str] = {}
    for name, value in known.items():
        if name.startswith("private."):
            digits = name in _DIGITS
            text = digits_of(value, column=label(name)) if digits else text_of(value)
            private[name.removeprefix("private.")] = text
    for name, value in extra.items():
        text = text_of(value)
        hidden = library not in PUBLIC_CONTACTS and is_private(name, text)
        (private if hidden else details)[name] = text
    if library not in PUBLIC_CONTACTS:
        for name in [name for name, text in details.items() if struck(text) != text]:
            private[name] = details[name]
            details[name] = struck(details[name])
    return details, private


def _named(row: Row, library: Library) -> tuple[dict[str, Value], dict[str, Value]]:
    """Cells by the fields they fill, and those of unknown columns by the columns' names.

    Raises:
        BadRowError: a cell shows an error, or is longer than anything meant.
    """
    known: dict[str, Value] = {}
    extra: dict[str, Value] = {}
    for name, value in row.items():
        if is_error(value):
            raise BadRowError(f"“{name}”是公式错误 {value}，请改正后再导入")
        if isinstance(value, str) and len(value) > LONGEST:
            raise BadRowError(f"“{name}”有 {len(value)} 字，最多 {LONGEST} 字")
        field = field_of(name)
        if field and field.startswith("private." if library in DATED else UNDATED):
            field = None
        if field:
            known.setdefault(field, value)
        elif name.strip():
            extra[name.strip()] = value
    return known, extra
