"""Statements that both databases know but spell in dialects of their own."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam
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


def has(column: ColumnElement[Any], name: StrEnum) -> ColumnElement[bool]:
    """`column = 'name'` spelled out, as a planner must read it to choose a partial index."""
    return column == bindparam(None, name, type_=column.type, literal_execute=True, unique=True)
