"""Bringing a database's tables up to date, in code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from core.domain.errors import ConflictError
from core.persistence.engine import locked, make_engine
from core.persistence.faults import spoken

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"

ONE_AT_A_TIME = 0x6B71
"""Number of the PostgreSQL lock that keeps two processes from migrating at once."""


def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables to `revision`, all in one transaction; a second process waits its turn.

    `base` or an earlier revision takes tables away again.

    Raises:
        ConflictError: the tables are of a newer version of Keqiao than this one.
        UnavailableError: the database does not answer.
    """
    from alembic import command  # noqa: PLC0415 -- heavy: loaded on first use

    with _opened(url) as engine, engine.begin() as connection:
        _take_turn(connection)
        _refuse_newer(connection)
        move = command.downgrade if _is_behind(connection, revision) else command.upgrade
        move(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """The revision of the tables, or None for a database that was never migrated.

    Raises:
        UnavailableError: the database does not answer.
    """
    with _opened(url) as engine, engine.connect() as connection:
        return _current(connection)


def head_revision() -> str:
    """The newest revision this code knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- heavy: loaded on first use

    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    return head or ""


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        with spoken():
            yield engine
    finally:
        engine.dispose()


def _refuse_newer(connection: Connection) -> None:
    current = _current(connection)
    if current is not None and current > head_revision():
        raise ConflictError(
            f"the database is at revision {current}, this version of Keqiao knows up to "
            f"{head_revision()}; run the newer version, or restore a backup"
        )


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 -- heavy: loaded on first use

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(locked(text("SELECT 1")))
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": ONE_AT_A_TIME})


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return found


def _is_behind(connection: Connection, revision: str) -> bool:
    """Whether `revision` lies behind what the database has; revisions are numbered in order."""
    if revision == "head":
        return False
    return revision == "base" or revision < (_current(connection) or "")
