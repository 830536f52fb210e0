"""A field as operators name and write it: the names and spellings of imported tables."""

from typing import Any

from core.domain.arrivals import values
from core.domain.errors import BadInputError, BadRowError
from core.domain.records import Record
from keqiao.imports.columns import field_of
from keqiao.imports.rows import arrival_of
from keqiao.imports.tables import Row


def read_name(name: str) -> str:
    """The field that a column's name, Chinese or English, or `details.主讲人` means.

    Raises:
        BadInputError: it means none that can be edited.
    """
    field = field_of(name) or (name if name.startswith(("details.", "private.")) else None)
    if field is None or field in {"external_id", "conditions.budget"}:
        raise BadInputError(f"没有“{name}”这一项；列名见 README 的资源库一节，如 简介、有效期至")
    return field


def read_value(record: Record, name: str, text: str) -> Any:  # noqa: ANN401 -- as the field is
    """A value as a cell of that column would be read.

    Raises:
        BadRowError: it cannot be.
    """
    field = read_name(name)
    if field == "title" and not text.strip():
        raise BadRowError("名称不能为空")
    column = field.removeprefix("details.").removeprefix("private.")
    if field_of(name) is None:
        return text.strip() or None
    row: Row = {"title": record.title, name: text}
    for required in ("starts_at", "closes_at"):
        if (at := getattr(record, required)) and field != required:
            row[required] = at
    if field == "title":
        row = {**row, "title": text}
    after = arrival_of(row, library=record.library, source=record.source).record
    part, _, key = field.partition(".")
    if not key:
        return getattr(after, field)
    return values(after, part).get(key or column)
