"""Rasa's record of conversations, written while other people are served.

Rasa 3.6.21 opens the file anew for every read and write, and waits for the disk in the one loop
that serves everybody: half of a turn. Here connections stay open, SQLite writes ahead (one wait
for the disk a turn, as durable as before), and the waiting is done in a thread. Rasa's lock of the
conversation is held meanwhile, so the order of one person's turns is kept.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, event
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 15


class PatientTrackerStore(SQLTrackerStore):
    """Rasa's SQL store; only how it waits is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as Rasa gives them
        """Open the database; a SQLite file is opened with connections that stay."""
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name != "sqlite":
            return
        waiting = {"check_same_thread": False, "timeout": BUSY_SECONDS}
        self.engine = create_engine(self.engine.url, poolclass=QueuePool, connect_args=waiting)
        event.listen(self.engine, "connect", _write_ahead)
        self.sessionmaker = sessionmaker(bind=self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new of a conversation."""
        await asyncio.to_thread(_finished, super().save(tracker))

    async def _retrieve(
        self,
        sender_id: str,
        fetch_events_from_all_sessions: bool,  # noqa: FBT001 -- Rasa's
    ) -> DialogueStateTracker | None:
        read = super()._retrieve(sender_id, fetch_events_from_all_sessions)
        return await asyncio.to_thread(_finished, read)


def _write_ahead(connection: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _finished(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 -- whatever it gives
    """The result of a coroutine that waits for nobody but the database."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("the tracker store waits for an event broker, which this bot has none of")
