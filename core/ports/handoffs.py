"""Handoffs and what happened to them, inside one unit of work."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState


class Handoffs(Protocol):
    """Handoffs: for each person one at most that is not over.

    Who is to change one holds its conversation first (`hold`), so that it changes neither under
    a message that is being handled nor under another liaison.
    """

    def open(self, handoff: Handoff) -> Handoff:
        """Store a new handoff (`handoff.id` is ignored) of a conversation that is held."""
        ...

    def get(self, handoff_id: HandoffId, *, hold: bool = False) -> Handoff:
        """Find a handoff; `hold` keeps its conversation as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def of(self, address: Address, *, hold: bool = False) -> Handoff | None:
        """The handoff of that person that is not over; `hold` as with `get`."""
        ...

    def save(self, handoff: Handoff) -> None:
        """Keep what has changed."""
        ...

    def due(self, now: datetime, limit: int) -> list[HandoffId]:
        """The handoffs with `due_at <= now`, the longest due first."""
        ...

    def find(
        self,
        states: Collection[HandoffState],
        desks: Collection[str] | None = None,
        *,
        limit: int = 200,
    ) -> list[Handoff]:
        """Handoffs in these states of these desks (of all when None), by id.

        When there are more than `limit`, the newest.
        """
        ...

    def note(self, event: HandoffEvent) -> HandoffEvent | None:
        """Append an event once a key (`event.id` is ignored); None when it was known."""
        ...

    def noted(self, key: str) -> HandoffEvent | None:
        """The event of that key."""
        ...

    def events(self, handoff_id: HandoffId) -> list[HandoffEvent]:
        """What happened to a handoff, in order."""
        ...
