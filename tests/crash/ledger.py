"""What the database holds just now, seen from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, func, make_url, select, text

from core.domain.conversations import InboundState
from core.domain.deliveries import DeliveryState
from core.domain.reminders import ReminderState
from core.persistence import make_engine
from core.persistence.tables import inbox, outbox, reminders

MINE = "crash-test"
"""How our own connections to PostgreSQL are told from the site's."""

OPEN = (
    (reminders, reminders.c.due_at, ReminderState.PLANNED),
    (outbox, outbox.c.due_at, DeliveryState.QUEUED),
    (outbox, outbox.c.leased_until, DeliveryState.SENDING),
    (inbox, func.coalesce(inbox.c.leased_until, inbox.c.due_at), InboundState.RECEIVED),
)
"""States that are no end, and when something happens to such a row at the latest."""


@contextmanager
def watching(url: str) -> Iterator["Ledger"]:
    """Look at that database."""
    named = make_url(url)
    if named.get_backend_name() != "sqlite":
        named = named.update_query_dict({"application_name": MINE})
    engine = make_engine(named.render_as_string(hide_password=False))
    try:
        yield Ledger(engine)
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Ledger:
    """Asks the database."""

    engine: Engine

    def open(self) -> tuple[int, int]:
        """How many reminders and deliveries have no end yet, and how many messages in."""
        with self.engine.connect() as connection:
            counts = [
                connection.execute(
                    select(func.count()).select_from(table).where(table.c.state == state)
                ).scalar_one()
                for table, _, state in OPEN
            ]
        return sum(counts[:-1]), counts[-1]

    def next_event(self) -> datetime | None:
        """When the next open row is due, or its lease runs out."""
        with self.engine.connect() as connection:
            soonest = [
                connection.execute(select(func.min(at)).where(table.c.state == state)).scalar()
                for table, at, state in OPEN
            ]
        return min((at for at in soonest if at is not None), default=None)

    def end_connection(self) -> int:
        """Let PostgreSQL end one of the site's connections; how many there were to end."""
        with self.engine.begin() as connection:
            ended = connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name <> :mine "
                    "ORDER BY random() LIMIT 1"
                ),
                {"mine": MINE},
            )
            return len(ended.all())

    def told(self) -> str:
        """All states, for a run that does not end."""
        with self.engine.connect() as connection:
            return "; ".join(_states(connection, table) for table in (reminders, outbox, inbox))


def _states(connection: Connection, table: Table) -> str:
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return f"{table.name} " + ", ".join(f"{state} {count}" for state, count in rows)
