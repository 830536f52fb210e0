"""A person's own needs, and what happened to them."""

from dataclasses import dataclass

from core.domain.conversations import Address
from core.domain.moves import NeedEvent
from core.domain.needs import Need
from core.domain.submissions import Submission
from core.ports.unit_of_work import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNeeds:
    """A person's needs; nobody else's."""

    units: Units

    def __call__(self, address: Address) -> list[Need]:
        """Newest first."""
        with self.units() as unit:
            return unit.needs.of(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOwn:
    """What a person handed in by any form: needs and submissions; nobody else's."""

    units: Units

    def __call__(self, address: Address) -> list[Need | Submission]:
        """Newest first."""
        with self.units() as unit:
            own: list[Need | Submission] = [*unit.needs.of(address), *unit.submissions.of(address)]
        return sorted(own, key=lambda one: one.created_at, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceNeed:
    """What happened to a need since it was submitted."""

    units: Units

    def __call__(self, need: Need) -> list[NeedEvent]:
        """Oldest first."""
        with self.units() as unit:
            return unit.needs.events(need.id)
