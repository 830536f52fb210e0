"""Unbinding: an address leaves, with what it brought."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.people import Belongings, Person
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.people.telling import BondWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind:
    """Let one address of a person stand for itself again.

    It takes along what it had brought. What was made together stays with the address that was
    bound first: who takes part in another's things by a trick cannot keep them.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    words: BondWords

    def __call__(self, by: Address, leaving: Address) -> Person | None:
        """The person that stays at `by`; None when that is bound to no other any more.

        Raises:
            NotFoundError: the two are not one person.
        """
        now = self.clock.now()
        with self.units() as unit:
            unit.bonds.hold()
            person = unit.bonds.of(by)
            if person is None or leaving not in person.addresses:
                raise NotFoundError(f"{leaving} is not bound to {by}; nothing to unbind")
            _leave(unit, person, leaving, now)
            for place in {leaving, person.home} - {by}:
                key = f"unbound:{person.id}:{leaving}:{place}"
                about = by if place == leaving else leaving
                self.words.tell(unit, place, "unbound", about=about, key=key, now=now)
            left = unit.bonds.of(by)
            unit.commit()
        self.wakeups.wake(Work.OUTBOX)
        return left


def _leave(unit: UnitOfWork, person: Person, leaving: Address, now: datetime) -> None:
    rest = tuple(one for one in person.bound if one.address != leaving)
    home = person.home if person.home != leaving else person.next_to(leaving) or rest[0].address
    if leaving == person.conversation:
        if person.home != leaving:
            unit.movables.move(person.home, leaving, now)
        for one in rest:
            unit.movables.give(leaving, home, one.brought)
    else:
        if person.home != home:
            unit.movables.move(person.home, home, now)
        unit.movables.give(home, leaving, person.at(leaving).brought)
    unit.bonds.forget(person.id)
    if len(rest) > 1:
        unit.bonds.keep(home, (replace(rest[0], brought=Belongings()), *rest[1:]))
