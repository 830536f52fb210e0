"""What platforms lend and grant, inside one unit of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.conversations import Address, InboundId
from core.domain.deliveries import Delivery
from core.domain.platforms import Allowance, Token


class Tokens(Protocol):
    """Access tokens, one a name, for all processes."""

    def find(self, name: str) -> Token | None:
        """The token of that name, also when it has expired."""
        ...

    def put(self, name: str, token: Token) -> None:
        """Keep a token in place of the one before."""
        ...


class Allowances(Protocol):
    """What may still be sent to whom."""

    def grant(self, address: Address, allowance: Allowance, *, on_top: bool = False) -> None:
        """Let it hold from now on; `on_top` adds to what is left. Once for each source."""
        ...

    def take(
        self, address: Address, names: Sequence[str], count: int, now: datetime
    ) -> Mapping[str, int]:
        """Use `count` of those names, what ends first going first: how many of each.

        Empty when there are not so many; then nothing is used.
        """
        ...

    def give_back(self, address: Address, taken: Mapping[str, int]) -> None:
        """Undo `take`: the platform did not count it."""
        ...

    def end(self, address: Address, names: Sequence[str] = ()) -> None:
        """Nothing is left of those names, or of any."""
        ...

    def of(self, address: Address, now: datetime) -> list[Allowance]:
        """What a person still has, by name."""
        ...


class Handed(Protocol):
    """Deliveries that went out as the answer to a platform's own request.

    The platform may ask again, when it did not hear the answer: then it gets the same.
    """

    def note(self, entry_id: InboundId, deliveries: Sequence[Delivery]) -> None:
        """Remember what the request of that inbox entry was answered with."""
        ...

    def to(self, entry_id: InboundId) -> list[Delivery]:
        """What it was answered with, in order."""
        ...
