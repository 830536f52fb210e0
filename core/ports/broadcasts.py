"""Broadcasts, and whom they may reach."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from core.domain.broadcasts import (
    Broadcast,
    BroadcastEvent,
    BroadcastId,
    Portrait,
    Profile,
    RecipientState,
)
from core.domain.conversations import Address


class People(Protocol):
    """Who is at which address."""

    def find(self, address: Address) -> Profile:
        """What is known; an empty profile when nothing is."""
        ...

    def keep(self, profile: Profile, by: str, now: datetime) -> None:
        """Put the profile in place of the one before; `by` says who told it."""
        ...

    def page(self, after: str, limit: int) -> list[Portrait]:
        """Those who subscribed or have a profile and take broadcasts, by address, behind that."""
        ...


class Broadcasts(Protocol):
    """Broadcasts with their recipients and what was done with them."""

    def put(self, broadcast: Broadcast) -> tuple[Broadcast, bool]:
        """Store once a key (its `id` is ignored); True when it was new."""
        ...

    def get(self, broadcast_id: BroadcastId, *, hold: bool = False) -> Broadcast:
        """Find one; `hold` keeps it as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def newest(self, limit: int) -> list[Broadcast]:
        """The newest, newest first."""
        ...

    def sending(self) -> list[BroadcastId]:
        """Those that are being sent, oldest first."""
        ...

    def change(self, broadcast: Broadcast) -> None:
        """Store its state and how far it got."""
        ...

    def add(self, broadcast_id: BroadcastId, people: Iterable[Address], due_at: datetime) -> None:
        """Let these be told from then on, each once."""
        ...

    def due(self, broadcast_id: BroadcastId, now: datetime, limit: int) -> list[Address]:
        """Some who are to be told now, by address."""
        ...

    def settle(
        self,
        broadcast_id: BroadcastId,
        address: Address,
        state: RecipientState,
        *,
        due_at: datetime | None = None,
    ) -> None:
        """Say what became of one; held until `due_at`."""
        ...

    def stop(self, broadcast_id: BroadcastId, now: datetime) -> None:
        """Stop those that are held, and take back what waits in the outbox."""
        ...

    def counts(self, broadcast_id: BroadcastId) -> Mapping[str, int]:
        """How many recipients are in each state; the queued ones by that of their delivery."""
        ...

    def log(self, broadcast_id: BroadcastId, event: BroadcastEvent) -> None:
        """Add to what was done."""
        ...

    def events(self, broadcast_id: BroadcastId) -> list[BroadcastEvent]:
        """What was done, oldest first."""
        ...


class Pushes(Protocol):
    """Messages of the outbox that nobody waits for."""

    def got(self, address: Address, since: datetime, now: datetime) -> list[datetime]:
        """When an address got each since then; one on its way counts as got now."""
        ...

    def waiting(self, now: datetime) -> int:
        """How many wait to be sent now."""
        ...
