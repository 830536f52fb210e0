"""Binding: a code is given out at one address and said at another, which makes both one person."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from core.domain.conversations import Address
from core.domain.people import (
    CODE_LENGTH,
    CODE_LETTERS,
    CODE_LIFE,
    CODES_AN_HOUR,
    HOUR,
    MOST_ADDRESSES,
    TRIES_AN_HOUR,
    Belongings,
    BindCode,
    Bound,
    Person,
    Said,
    digest_of,
)
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work
from core.services.people.telling import BondWords


def drawn() -> str:
    """A code nobody can guess."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCode:
    """Give out a code; the one before is void."""

    units: Units
    clock: Clock
    draw: Callable[[], str] = field(default=drawn)

    def __call__(self, address: Address) -> str | None:
        """The code, or None when the address has asked for too many."""
        now = self.clock.now()
        with self.units() as unit:
            unit.bonds.hold()
            if unit.bind_codes.asked(address, now - HOUR) >= CODES_AN_HOUR:
                return None
            code = self.draw()
            made = BindCode(digest=digest_of(code), address=address, expires_at=now + CODE_LIFE)
            unit.bind_codes.put(made, now)
            unit.commit()
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCode:
    """Make the address at which a code is said one person with that which asked for it.

    What both have is one from then on, kept under the home of the one who asked: subscriptions
    and reminders that both have once, quiet hours as that home has them. The one who asked is told
    at once and can undo it.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups
    words: BondWords

    def __call__(self, address: Address, code: str) -> tuple[Said, Person | None]:
        """What came of it, and the person that `address` is now."""
        now = self.clock.now()
        with self.units() as unit:
            unit.bonds.hold()
            said = self._use(unit, address, digest_of(code), now)
            person = unit.bonds.of(address)
            unit.commit()
        if said is Said.BOUND:
            self.wakeups.wake(Work.OUTBOX)
        return said, person

    def _use(self, unit: UnitOfWork, address: Address, digest: str, now: datetime) -> Said:
        if unit.bind_codes.wrong(address, now - HOUR) >= TRIES_AN_HOUR:
            return Said.BLOCKED
        code = unit.bind_codes.find(digest)
        if code is None:
            unit.bind_codes.note_wrong(address, now)
            return Said.WRONG
        return self._use_known(unit, address, code, now)

    def _use_known(
        self, unit: UnitOfWork, address: Address, code: BindCode, now: datetime
    ) -> Said:
        if code.address == address:
            return Said.OWN
        person = unit.bonds.of(code.address)
        if person is not None and address in person.addresses:
            # Said again after a crash, it has done its work already.
            return Said.BOUND if code.used_by == address else Said.ALREADY
        if code.used_by is not None or code.expires_at <= now:
            return Said.OLD
        first = person or Person(home=code.address, bound=(Bound(address=code.address),))
        other = unit.bonds.of(address) or Person(home=address, bound=(Bound(address=address),))
        if len(first.bound) + len(other.bound) > MOST_ADDRESSES:
            return Said.FULL
        unit.bind_codes.use(code.digest, address, now)
        _join(unit, first, other, now)
        for place in dict.fromkeys((code.address, first.home)):
            key = f"bound:{code.digest[:16]}:{place}"
            self.words.tell(unit, place, "bound", about=address, key=key, now=now)
        return Said.BOUND


def _join(unit: UnitOfWork, first: Person, other: Person, now: datetime) -> None:
    """Let the addresses of `other` be those of `first`, which come before."""
    mine = {one.interest.key for one in unit.subscriptions.of(first.home)}
    doubled = tuple(one for one in unit.subscriptions.of(other.home) if one.interest.key in mine)
    ids = {one.id for one in doubled}
    brought = _less(unit.movables.of(other.home), other)
    brought = replace(
        brought,
        subscriptions=tuple(one for one in brought.subscriptions if one not in ids),
        doubled=doubled,
    )
    # What its addresses made together goes with the first of them, should that leave.
    elder = replace(other.bound[0], brought=brought)
    unit.movables.move(other.home, first.home, now)
    unit.bonds.keep(first.home, (*first.bound, elder, *other.bound[1:]))


def _less(held: Belongings, person: Person) -> Belongings:
    """What is held without what later addresses of a person brought."""
    others = [one.brought for one in person.bound[1:]]
    return replace(
        held,
        needs=_without(held.needs, (one.needs for one in others)),
        submissions=_without(held.submissions, (one.submissions for one in others)),
        reminders=_without(held.reminders, (one.reminders for one in others)),
        subscriptions=_without(held.subscriptions, (one.subscriptions for one in others)),
    )


def _without[N](ids: Iterable[N], others: Iterable[Iterable[N]]) -> tuple[N, ...]:
    gone = set(chain.from_iterable(others))
    return tuple(one for one in ids if one not in gone)
