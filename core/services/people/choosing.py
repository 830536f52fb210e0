"""Which addresses a person has, and at which of them they are told things."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.people import Person
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPerson:
    """The person of an address."""

    units: Units

    def __call__(self, address: Address) -> Person | None:
        """None when the address is bound to no other."""
        with self.units() as unit:
            return unit.bonds.of(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseChannel:
    """Tell a person things at another of their addresses from now on, also what is queued."""

    units: Units
    clock: Clock

    def __call__(self, by: Address, home: Address) -> Person:
        """The person as it is now.

        Raises:
            NotFoundError: the two are not one person.
        """
        with self.units() as unit:
            unit.bonds.hold()
            person = unit.bonds.of(by)
            if person is None or home not in person.addresses:
                raise NotFoundError(f"{home} is not bound to {by}; bind it first")
            person = settle(unit, person, home, self.clock.now())
            if by == home:
                person = reopen(unit, person, home)
            unit.commit()
        return person


def settle(unit: UnitOfWork, person: Person, home: Address, now: datetime) -> Person:
    """Let a person's home be there, with everything they have."""
    if person.home == home:
        return person
    unit.movables.move(person.home, home, now)
    unit.bonds.settle(person.id, home)
    return replace(person, home=home)


def reopen(unit: UnitOfWork, person: Person, address: Address) -> Person:
    """Who writes from an address can be told things there again."""
    if person.at(address).closed_at is None:
        return person
    opened = replace(person.at(address), closed_at=None, why="")
    unit.bonds.change(person.id, opened)
    return replace(
        person, bound=tuple(opened if one.address == address else one for one in person.bound)
    )
