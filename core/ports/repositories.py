"""What the use cases store and find, a repository a subject; all inside one unit of work."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.conversations import Address, InboundId, InboundMessage, InboxEntry, Utterance
from core.domain.documents import Feedback, OpenQuestion
from core.domain.records import Library, Record, RecordId, Wanted


class Inbox(Protocol):
    """Messages that came in, each once."""

    def accept(self, message: InboundMessage, received_at: datetime) -> InboxEntry:
        """Store the message, or return the entry that already has its channel and message id."""
        ...

    def get(self, entry_id: InboundId) -> InboxEntry:
        """Find an entry.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def claim(self, now: datetime, lease: timedelta) -> tuple[InboxEntry, ...]:
        """Lease one conversation: all unhandled entries of one address, in order of arrival.

        A conversation may be claimed when nobody holds its lease and any of its entries is due.
        Raises `attempts` of each by one. Empty when there is nothing to do.
        """
        ...

    def renew(self, entry: InboxEntry, until: datetime) -> bool:
        """Keep the lease until then; False when a later attempt has taken the entry over."""
        ...

    def finish(self, entry: InboxEntry) -> bool:
        """Mark as handled; False when a later attempt has taken it over (then write nothing)."""
        ...

    def release(self, entry: InboxEntry, until: datetime) -> bool:
        """Give the lease back; the entry is due again at `until`. False as with `finish`."""
        ...

    def release_all(self) -> int:
        """Give every lease back: for the start of the only process; returns how many."""
        ...

    def history(self, address: Address, limit: int) -> list[Utterance]:
        """The newest `limit` lines of a conversation, both sides, oldest first.

        What was received, text or not, and what was sent, at those moments.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a database is asked for: `wanted` as of `now`, but for its region.

    `scopes` are the region scopes asked for, None all of them.
    """

    wanted: Wanted
    now: datetime
    scopes: Collection[str | None] | None = None


class Records(Protocol):
    """Records of the libraries."""

    def put(self, record: Record) -> Record:
        """Insert or update by id; a change of dates or of `withdrawn` raises `version`."""
        ...

    def add(self, records: Sequence[Record]) -> set[RecordId]:
        """Insert those that are not there; returns the ids of these."""
        ...

    def named(self, library: Library, names: Iterable[str]) -> list[Record]:
        """Records of a library whose `name_key` is one of these, in any order."""
        ...

    def get(self, record_id: RecordId, *, hold: bool = False) -> Record:
        """Find a record; `hold` keeps it as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def find(self, record_id: RecordId, *, hold: bool = False) -> Record | None:
        """Find a record as `get` does, or None."""
        ...

    def several(self, record_ids: Iterable[RecordId], *, hold: bool = False) -> list[Record]:
        """Those of these records that exist, in any order; `hold` as with `get`."""
        ...

    def page(self, after: RecordId, limit: int, asked: Asked | None = None) -> list[Record]:
        """The first `limit` records behind that id, by id; withdrawn and past ones too."""
        ...

    def repeated(self, now: datetime) -> list[Record]:
        """Records of a series that have taken place by now, withdrawn ones not."""
        ...

    def live(self, library: Library, start: str) -> set[RecordId]:
        """The records of a library that are not withdrawn and whose number begins so."""
        ...

    def scopes(self) -> list[str | None]:
        """Every region scope that a record has."""
        ...

    def count(self, asked: Asked | None = None) -> int:
        """How many records there are, withdrawn ones too."""
        ...

    def list(self, libraries: Iterable[Library] = ()) -> list[Record]:
        """Records of the libraries (of all when none is named), by id, withdrawn ones too."""
        ...


class Questions(Protocol):
    """Questions for operators, and feedback on answers."""

    def put(
        self,
        address: Address,
        question: str,
        reason: str,
        now: datetime,
        *,
        key: str | None = None,
    ) -> OpenQuestion:
        """Queue a question, or return the one that already has its key."""
        ...

    def open(self) -> list[OpenQuestion]:
        """Every queued question, oldest first."""
        ...

    def put_feedback(
        self, address: Address, feedback: Feedback, now: datetime, *, key: str | None = None
    ) -> None:
        """Keep what a person said about the service, once a key."""
        ...


class Leases(Protocol):
    """Who may do a thing that only one process may do."""

    def take(self, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Take or renew the lease; False while somebody else's still runs.

        One that would run for more than twice as long was made before the clock was set back: it
        has ended.
        """
        ...

    def give_back(self, name: str, holder: str) -> None:
        """Give the lease back if `holder` has it."""
        ...

    def held(self, start: str, now: datetime) -> list[str]:
        """The names of the leases that run now and begin so."""
        ...

    def release(self, name: str) -> None:
        """Free it, whoever has it: at the start of a process that knows to be the only one."""
        ...

    def sweep(self, now: datetime) -> int:
        """Forget the leases that have run out, which mean nothing; returns how many."""
        ...
