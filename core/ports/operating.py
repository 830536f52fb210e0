"""Operators, their visits and their deeds."""

from datetime import datetime
from typing import Protocol

from core.domain.operating.deeds import Deed, DeedId, DeedState, WantedDeeds
from core.domain.operating.operators import Operator, Visit


class Operators(Protocol):
    """Who may sign in."""

    def put(self, operator: Operator) -> None:
        """Store one, in place of the one of that name."""
        ...

    def find(self, name: str) -> Operator | None:
        """The one of that name."""
        ...

    def list(self) -> list[Operator]:
        """All of them, by name."""
        ...

    def remove(self, name: str) -> bool:
        """Take one away with its visits; False when there is none."""
        ...


class Visits(Protocol):
    """Who is signed in."""

    def begin(self, visit: Visit) -> None:
        """Store a new one."""
        ...

    def find(self, digest: str) -> Visit | None:
        """The visit of that token, over or not."""
        ...

    def see(self, digest: str, now: datetime) -> None:
        """Note that its operator was there."""
        ...

    def end(self, digest: str) -> None:
        """Forget it."""
        ...

    def end_all(self, operator: str) -> int:
        """Forget every visit of an operator; returns how many."""
        ...

    def sweep(self, before: datetime) -> int:
        """Forget those that began before that; returns how many."""
        ...


class Deeds(Protocol):
    """What operators did: only ever appended, but for what became of it."""

    def begin(self, deed: Deed) -> DeedId:
        """Write one down (its `id` is ignored)."""
        ...

    def end(self, deed_id: DeedId, state: DeedState, note: str) -> None:
        """Say what became of it."""
        ...

    def page(self, before: DeedId | None, limit: int, wanted: WantedDeeds) -> list[Deed]:
        """The newest of those wanted, newest first; those before one when it is named."""
        ...
