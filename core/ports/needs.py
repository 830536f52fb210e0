"""The 问题库: needs, and what happened to each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.moves import NeedEvent
from core.domain.needs import Need, NeedDraft, NeedId, NeedStatus
from core.domain.records import RecordId


class Needs(Protocol):
    """The 问题库."""

    def put(
        self, key: str, address: Address, draft: NeedDraft, now: datetime
    ) -> tuple[Need, bool]:
        """Store a need once per key; the flag is True when it was new."""
        ...

    def get(self, need_id: NeedId, *, hold: bool = False) -> Need:
        """Find a need; `hold` keeps it as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def several(self, need_ids: Iterable[NeedId]) -> list[Need]:
        """Those of these needs that there are, by id, in as few statements as may be."""
        ...

    def page(self, after: NeedId, limit: int) -> list[Need]:
        """The first needs behind an id, by id."""
        ...

    def changed_since(self, since: datetime) -> list[NeedId]:
        """Needs that were submitted or had something happen to them since then, by id."""
        ...

    def newest(
        self, limit: int, *, before: NeedId | None = None, status: NeedStatus | None = None
    ) -> list[Need]:
        """The needs submitted last, newest first; those before one, those of one status."""
        ...

    def of(self, address: Address) -> list[Need]:
        """A person's needs, newest first."""
        ...

    def save(self, need: Need) -> None:
        """Store the status and the draft of a need that is held."""
        ...

    def offer(self, need_id: NeedId, records: Sequence[RecordId], at: datetime) -> None:
        """Remember what was shown to a need's person, in its order."""
        ...

    def log(self, event: NeedEvent) -> bool:
        """Write what happened into the log, once a key; False when it stands there already."""
        ...

    def find_event(self, key: str) -> NeedEvent | None:
        """The event of that key."""
        ...

    def events(self, need_id: NeedId) -> list[NeedEvent]:
        """What happened to a need since it was submitted, oldest first."""
        ...
