"""When a platform reaches a person no more at one address: their next address is told."""

from dataclasses import replace
from datetime import datetime

from core.domain.conversations import Address
from core.domain.deliveries import Delivery
from core.domain.people import Person, follows_person, moved_key
from core.ports.unit_of_work import UnitOfWork
from core.services.people.choosing import settle

INSTEAD = ">"
"""Stands in a key before the channel on which a message is sent instead of another."""


def close_address(unit: UnitOfWork, address: Address, why: str, now: datetime) -> bool:
    """Tell the person of an address things elsewhere; False when they have no other that is open.

    What waits for the person in the outbox goes there too.
    """
    unit.bonds.hold()
    person = unit.bonds.of(address)
    if person is None:
        return False
    unit.bonds.change(person.id, replace(person.at(address), closed_at=now, why=why))
    elsewhere = person.next_to(address)
    if elsewhere is None:
        return False
    if person.home == address:
        settle(unit, person, elsewhere, now)
    return True


def send_elsewhere(unit: UnitOfWork, delivery: Delivery, why: str, now: datetime) -> bool:
    """Queue what was refused because its person is reached there no more at their next address.

    Only in the transaction that records the refusal: then never two of the family are on their
    way. False when it was an answer to what was said there, or there is no other address.
    """
    message = delivery.message
    unit.bonds.hold()
    person = unit.bonds.of(message.address)
    if person is None:
        return False
    close_address(unit, message.address, why, now)
    to = _untried(person, message.key, message.address)
    if to is None or delivery.may_repeat or not follows_person(message):
        return False
    moved = replace(message, address=to, key=f"{moved_key(message, to)}{INSTEAD}{to.channel}")
    unit.outbox.put(moved, now)
    return True


def _untried(person: Person, key: str, refused: Address) -> Address | None:
    """The next open address on a channel on which this message was not tried yet."""
    tried = {refused.channel, *key.split(INSTEAD)[1:]}
    left = tuple(one for one in person.bound if one.address.channel not in tried)
    return replace(person, bound=left).next_to(refused)
