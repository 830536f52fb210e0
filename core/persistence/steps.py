"""Lines of deliveries' timelines, written by whoever changes a delivery's state."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert

from core.domain.deliveries import Step
from core.persistence.delivery_tables import delivery_steps

NOTE = insert(delivery_steps).inline()
"""Made once: every message runs it."""


def note(connection: Connection, steps: Iterable[tuple[int, Step]]) -> None:
    """Append lines to the timelines of the deliveries of these ids."""
    rows = [
        {
            "delivery_id": delivery_id,
            "at": step.at,
            "began_at": step.began_at,
            "state": step.state,
            "attempt": step.attempt,
            "by": step.made.by,
            "trouble": step.made.trouble,
            "code": step.made.code,
            "said": step.said,
            "hint": step.made.hint,
            "platform_id": step.made.platform_id,
            "due_at": step.due_at,
        }
        for delivery_id, step in steps
    ]
    if rows:
        connection.execute(NOTE, rows)


def note_ends(connection: Connection, rows: Iterable[Row[Any]], at: datetime) -> None:
    """Append a line for each of these rows of the outbox, which ended without an attempt."""
    note(
        connection,
        ((row.id, Step(at=at, state=row.state, attempt=row.attempts)) for row in rows),
    )
