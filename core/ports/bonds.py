"""Which addresses are one person, the codes that make them so, and what moves with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address
from core.domain.people import Belongings, BindCode, Bound, Person, PersonId


class Bonds(Protocol):
    """Persons with more than one address."""

    def hold(self) -> None:
        """Let nobody else bind or unbind until the unit ends."""
        ...

    def of(self, address: Address) -> Person | None:
        """The person of an address; None when it is bound to no other."""
        ...

    def keep(self, home: Address, bound: Sequence[Bound]) -> Person:
        """Make these one person, whatever they belonged to before."""
        ...

    def change(self, person_id: PersonId, bound: Bound) -> None:
        """Store what is known of one address of a person."""
        ...

    def settle(self, person_id: PersonId, home: Address) -> None:
        """Let a person's home be there."""
        ...

    def forget(self, person_id: PersonId) -> None:
        """Make its addresses strangers to each other."""
        ...


class BindCodes(Protocol):
    """Codes that were given out, and wrong ones that were said."""

    def put(self, code: BindCode, now: datetime) -> None:
        """Keep a code; earlier ones of its address that were not used are void."""
        ...

    def find(self, digest: str) -> BindCode | None:
        """The code of that digest, used or expired ones of the last day too."""
        ...

    def use(self, digest: str, by: Address, now: datetime) -> bool:
        """Use it up; False when it was used, or has expired."""
        ...

    def asked(self, address: Address, since: datetime) -> int:
        """How many codes an address asked for since then."""
        ...

    def note_wrong(self, address: Address, now: datetime) -> None:
        """Count a wrong code."""
        ...

    def wrong(self, address: Address, since: datetime) -> int:
        """How many wrong ones an address said since then."""
        ...


class Movables(Protocol):
    """What stands under an address and may stand under another."""

    def of(self, address: Address) -> Belongings:
        """What an address has."""
        ...

    def move(self, old: Address, new: Address, now: datetime) -> None:
        """Let everything of `old` be of `new`; what both have is kept once, as `new` has it.

        What waits in the outbox for the person goes there too, under the key it would have had,
        unless it may have arrived already.
        """
        ...

    def give(self, old: Address, new: Address, some: Belongings) -> None:
        """Let some of what `old` has be of `new`, as far as `old` still has it."""
        ...
