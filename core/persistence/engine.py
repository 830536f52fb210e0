"""Opening a database.

SQLite is set up to behave as PostgreSQL's READ COMMITTED does: statements before the first write
each see the latest commit and hold no lock; the first write, or the first statement that wants
rows locked, takes the write lock at once (BEGIN IMMEDIATE), so no unit fails half-way because it
read before it wrote. Writers wait in line (`core/persistence/writers.py`).
"""

import json
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_BUSY, Cursor, OperationalError
from time import monotonic, sleep
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, Executable, create_engine, event, make_url
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.exc import ArgumentError

from core.domain.errors import BadInputError
from core.persistence.writers import BUSY_SECONDS, Line, WriterConnection

LOCKS = "keqiao_locks"
"""Execution option of statements that must hold the write lock although they only read."""

_to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path/to/file` or `postgresql+psycopg://...`; connects lazily.

    Raises:
        BadInputError: neither of the two.
    """
    parsed = _parse(url)
    options: dict[str, Any] = {
        "json_serializer": _to_json,
        "json_deserializer": _from_json,
        "hide_parameters": True,  # errors are logged, and parameters are what people said
        "pool_size": 10,
        "max_overflow": 20,
    }
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, **options)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"factory": WriterConnection}, **options)
    event.listen(engine, "connect", partial(_prepare_sqlite, Line()))
    event.listen(engine, "before_cursor_execute", _lock_before_writing)
    return engine


def _from_json(written: str) -> Any:  # noqa: ANN401 -- any JSON
    """Most lists of a record are empty: these need no parser."""
    return [] if written == "[]" else json.loads(written)


def locked[S: Executable](statement: S) -> S:
    """Mark a statement so that SQLite, too, holds the write lock while it runs."""
    marked: S = statement.execution_options(**{LOCKS: True})
    return marked


def _parse(url: str) -> URL:
    expected = "write sqlite:///path/to/file or postgresql+psycopg://user@host:5432/name"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadInputError(f"the database's address cannot be read; {expected}") from error
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise BadInputError(f"databases of kind {parsed.drivername!r} are not known; {expected}")
    return parsed


def _prepare_sqlite(line: Line, connection: WriterConnection, _record: object) -> None:
    connection.line = line
    connection.isolation_level = None  # transactions are begun by `_lock_before_writing`
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Cursor) -> None:
    """Turn the write-ahead log on, waiting for others: SQLite itself does not wait here.

    Two that open a new file at the same moment both hold its read lock and want the other's, so
    SQLite refuses one at once, whatever `busy_timeout` says. The log, once on, stays on.
    """
    patience = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY or monotonic() > patience:
                raise
            sleep(0.01)
        else:
            return


def _lock_before_writing(
    connection: Connection,
    _cursor: Cursor,
    _statement: str,
    _parameters: Any,  # noqa: ANN401 -- whatever the driver takes
    context: DefaultExecutionContext | None,
    _many: bool,  # noqa: FBT001
) -> None:
    driver = cast("WriterConnection", connection.connection.dbapi_connection)
    if not driver.in_transaction and (context is None or _wants_lock(context)):
        driver.begin()


def _wants_lock(context: DefaultExecutionContext) -> bool:
    writes = context.isinsert or context.isupdate or context.isdelete or context.isddl
    return bool(writes or context.execution_options.get(LOCKS))
