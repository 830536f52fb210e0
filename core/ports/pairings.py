"""What became of matches, and the orders that providers got."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.matching.orders import Order, OrderId
from core.domain.matching.pairings import Pairing
from core.domain.needs import NeedId
from core.domain.records import RecordId


class Pairings(Protocol):
    """Needs and records that were brought together, each pair once."""

    def find(self, need_id: NeedId, record_id: RecordId) -> Pairing | None:
        """A pairing as it stands, or None."""
        ...

    def put(self, pairing: Pairing) -> None:
        """Store it, or store how it stands now."""
        ...

    def of(self, need_id: NeedId) -> list[Pairing]:
        """Those of a need, by record id."""
        ...

    def with_record(self, record_id: RecordId) -> list[Pairing]:
        """Those of a record, by need."""
        ...

    def declined_by(self, address: Address) -> list[Pairing]:
        """What a person declined, for whichever of their needs; by need and record id."""
        ...

    def exposed(self, records: Collection[RecordId], since: datetime) -> Mapping[RecordId, int]:
        """For how many needs each of these records was shown since then; those that were."""
        ...

    def due(self, now: datetime, limit: int) -> list[Pairing]:
        """Signed ones whose person is to be asked how it goes, oldest first, locked."""
        ...


class Orders(Protocol):
    """Needs that were handed to providers."""

    def put(self, order: Order) -> Order | None:
        """Store a new order (`order.id` is ignored) and return it with its id.

        None when the provider had this need before, or somebody else has it now.
        """
        ...

    def get(self, order_id: OrderId, *, hold: bool = False) -> Order:
        """Find an order; `hold` keeps it as it is until the unit ends.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def save(self, order: Order) -> None:
        """Store the state and the note of one that is held."""
        ...

    def of(self, need_id: NeedId) -> list[Order]:
        """Those of a need, oldest first."""
        ...

    def handed_to(self, records: Collection[RecordId], limit: int) -> list[Order]:
        """Those of some records, newest first."""
        ...

    def newest(self, limit: int) -> list[Order]:
        """The orders sent last, newest first."""
        ...

    def due(self, now: datetime, limit: int) -> list[Order]:
        """Unanswered ones whose time has run out, oldest first, locked."""
        ...
