"""Rasa's record of conversations, read and written while other people are served.

Rasa 3.6.21 opens the file anew for every read and write, goes through objects of the ORM, counts
what is stored before it adds to it, and waits for the disk in the one loop that serves everybody:
half of a turn. Here connections stay open, rows are read and written as they are, SQLite writes
ahead (one wait for the disk a turn, as durable as before), and the waiting is done in threads.
Rasa's lock of the conversation is held meanwhile, so the order of one person's turns is kept.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 15

WRITERS = 4
"""Threads that write where the database has more than one writer; SQLite has one."""

EVENTS = SQLTrackerStore.SQLEvent.__table__
ALL = (
    sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == sa.bindparam("of")).order_by(EVENTS.c.id)
)
_STARTED = (
    sa.select(sa.func.max(EVENTS.c.timestamp))
    .where(EVENTS.c.sender_id == sa.bindparam("of"))
    .where(EVENTS.c.type_name == SessionStarted.type_name)
    .scalar_subquery()
)
LAST_SESSION = ALL.where(EVENTS.c.timestamp >= sa.func.coalesce(_STARTED, EVENTS.c.timestamp))


class PatientTrackerStore(SQLTrackerStore):
    """Rasa's SQL store; only how it reads, writes and waits is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as Rasa gives them
        """Open the database; a SQLite file is opened with connections that stay."""
        super().__init__(*args, **kwargs)
        writers = WRITERS
        if self.engine.dialect.name == "sqlite":
            writers = 1  # in order, where SQLite would let them sleep and starve
            waiting = {"check_same_thread": False, "timeout": BUSY_SECONDS}
            self.engine = sa.create_engine(
                self.engine.url, poolclass=QueuePool, connect_args=waiting
            )
            sa.event.listen(self.engine, "connect", _write_ahead)
            self.sessionmaker = sessionmaker(bind=self.engine)
        self._writing = ThreadPoolExecutor(writers, thread_name_prefix="tracker")

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new of a conversation."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writing, self._write, tracker)

    async def _retrieve(
        self,
        sender_id: str,
        fetch_events_from_all_sessions: bool,  # noqa: FBT001 -- Rasa's
    ) -> DialogueStateTracker | None:
        statement = ALL if fetch_events_from_all_sessions else LAST_SESSION
        rows = await asyncio.to_thread(self._read, statement, sender_id)
        if not rows:
            return None
        events = [json.loads(row) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.stored = len(rows)
        return tracker

    def _read(self, statement: Any, sender_id: str) -> list[str]:  # noqa: ANN401 -- SQLAlchemy 1.4
        with self.engine.connect() as connection:
            return connection.execute(statement, {"of": sender_id}).scalars().all()

    def _write(self, tracker: DialogueStateTracker) -> None:
        with self.engine.begin() as connection:
            stored = getattr(tracker, "stored", None)
            if stored is None:  # not read from here: a new one
                held = {"of": tracker.sender_id}
                stored = len(connection.execute(LAST_SESSION, held).scalars().all())
            new = [_row(tracker.sender_id, one) for one in islice(tracker.events, stored, None)]
            if new:
                connection.execute(sa.insert(EVENTS), new)
        tracker.stored = stored + len(new)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    """What Rasa keeps of an event."""
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _write_ahead(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
