"""One person at several addresses: what makes them one, and where they are told things."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from core.domain.broadcasts import Profile
from core.domain.conversations import Address
from core.domain.deliveries import OutboundMessage
from core.domain.needs import NeedId
from core.domain.reminders import ReminderId
from core.domain.submissions import SubmissionId
from core.domain.subscriptions import QuietHours, Subscription, SubscriptionId

PersonId = NewType("PersonId", int)

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not taken for one another when read aloud or from paper."""

CODE_LENGTH = 8
"""30 to the 8th: guessing five a hour, nobody meets one of a thousand codes in a life."""

CODE_LIFE = timedelta(minutes=10)
CODES_AN_HOUR = 5
"""How many codes one address may ask for."""

TRIES_AN_HOUR = 5
"""How many wrong codes one address may say before none of its codes is looked at."""

HOUR = timedelta(hours=1)

MOST_ADDRESSES = 8
"""How many addresses one person may have."""

TO_A_PERSON = ("reminder:", "change:", "tidings:", "need:", "submission:", "order:", "broadcast:")
"""How the keys of messages begin that are for a person, wherever they are; others answer what was
said at one address, and stay there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What one address has by itself."""

    needs: tuple[NeedId, ...] = ()
    submissions: tuple[SubmissionId, ...] = ()
    reminders: tuple[ReminderId, ...] = ()
    """Those that are planned."""
    subscriptions: tuple[SubscriptionId, ...] = ()
    doubled: tuple[Subscription, ...] = ()
    """Subscriptions that the person it joined had too: these are kept once."""
    quiet: QuietHours | None = None
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """An address of a person, and what it brought when it joined; it takes that along again."""

    address: Address
    brought: Belongings = Belongings()
    closed_at: datetime | None = None
    """Since when its platform takes nothing for it any more."""
    why: str = ""
    """Why it is closed, in the platform's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Addresses that are one person, in the order in which they joined.

    Everything the person has is kept under `home`, the address that is told of it.
    """

    id: PersonId = PersonId(0)
    home: Address
    bound: tuple[Bound, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All of them, the first to be bound first."""
        return tuple(one.address for one in self.bound)

    @property
    def conversation(self) -> Address:
        """The address under which the bot remembers what all of them say: the first."""
        return self.bound[0].address

    def at(self, address: Address) -> Bound:
        """What is known of one of its addresses."""
        return next(one for one in self.bound if one.address == address)

    def next_to(self, address: Address) -> Address | None:
        """Where the person is told what cannot be told at `address`: home, or the first open."""
        open_ones = [
            one.address for one in self.bound if one.closed_at is None and one.address != address
        ]
        return self.home if self.home in open_ones else next(iter(open_ones), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindCode:
    """A code as it is kept: not itself, but its digest."""

    digest: str
    address: Address
    expires_at: datetime
    used_by: Address | None = None


def digest_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def shown(code: str) -> str:
    """A code as people read it: in two halves."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


class Said(StrEnum):
    """What came of a code that was said."""

    BOUND = "bound"
    ALREADY = "already"
    """Both were one person before."""
    OWN = "own"
    """It was said where it had been asked for."""
    WRONG = "wrong"
    OLD = "old"
    """It has expired or was used."""
    BLOCKED = "blocked"
    """Too many wrong ones: it was not looked at."""
    FULL = "full"
    """The person has as many addresses as a person may have."""


def follows_person(message: OutboundMessage) -> bool:
    """Whether a message is for the person, and not an answer at one address."""
    return message.reply_to is None and (message.pushed or message.key.startswith(TO_A_PERSON))


def moved_key(message: OutboundMessage, to: Address) -> str:
    """The key of a message once it goes to another address of the same person."""
    return message.key.replace(str(message.address), str(to))
