"""Statements that both databases know but spell in dialects of their own."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    cast,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.persistence.engine import locked

type Insert = sqlite.Insert | postgresql.Insert


def insert(on: Connection | str, table: Table) -> Insert:
    """An INSERT that understands ON CONFLICT, for a connection or a dialect's name."""
    if (on if isinstance(on, str) else on.dialect.name) == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def claiming[R: tuple[object, ...]](statement: Select[R], *, of: Table | None = None) -> Select[R]:
    """Lock the rows found (of one table), passing over those that somebody else holds."""
    return locked(statement.with_for_update(skip_locked=True, of=of))


def holding[R: tuple[object, ...]](statement: Select[R]) -> Select[R]:
    """Lock the rows found, waiting for those that somebody else holds."""
    return locked(statement.with_for_update())


def holds(on: Connection, column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Whether a list kept as JSON holds a text."""
    if on.dialect.name == "sqlite":
        each = func.json_each(column).table_valued("value")
        return exists(select(1).select_from(each).where(each.c.value == value))
    return cast(column, postgresql.JSONB).contains([value])


def has(column: ColumnElement[Any], name: StrEnum) -> ColumnElement[bool]:
    """`column = 'name'` spelled out, as a planner must read it to choose a partial index."""
    return column == literal_column(f"'{name}'", column.type)


def listed(dialect: str, array: BindParameter[Any]) -> ColumnElement[Any]:
    """The elements of a parameter that is a JSON array, as a column to select from."""
    if dialect == "sqlite":
        each = func.json_each(array).table_valued("value")
    else:
        each = func.jsonb_array_elements(cast(array, postgresql.JSONB)).table_valued("value")
    return type_coerce(each.c.value, JSON)
