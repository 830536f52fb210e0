"""Messages of operators to many: to whom, how far they got, and who may start and stop them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from core.domain.conversations import Address

BroadcastId = NewType("BroadcastId", int)


class Role(StrEnum):
    """Who somebody is to the association."""

    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    SOCIETY = "society"
    GOVERNMENT = "government"
    RESEARCHER = "researcher"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who is at an address, as it said itself or an operator set; both may be unknown."""

    address: Address
    role: Role | None = None
    region: str = ""
    industries: tuple[str, ...] = ()
    refuses: bool = False
    """Whether it wants no broadcasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What is known of somebody who may be told: its profile, its needs and subscriptions."""

    address: Address
    role: Role | None = None
    regions: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a broadcast is for: who meets every condition; an empty one asks for nothing."""

    roles: tuple[Role, ...] = ()
    region: str = ""
    places: tuple[str, ...] = ()
    """Names of what lies in the region."""
    industries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def holds(self, person: Portrait) -> bool:
        """Whether somebody belongs to it."""
        return (
            (not self.roles or person.role in self.roles)
            and (not self.channels or person.address.channel in self.channels)
            and (not self.industries or not person.industries.isdisjoint(self.industries))
            and (not self.region or self._lies_in_it(person))
        )

    def _lies_in_it(self, person: Portrait) -> bool:
        names = (self.region, *self.places)
        return any(name in region for region in person.regions for name in names)


class BroadcastState(StrEnum):
    """Where a broadcast is on its way."""

    DRAFT = "draft"
    WAITING = "waiting"
    """For a second person's approval."""
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A message to an audience. `reached` is the last address that was looked at."""

    id: BroadcastId = BroadcastId(0)
    key: str
    text: str
    audience: Audience
    made_by: str
    made_at: datetime
    until: datetime | None = None
    """When it is of no use any more."""
    state: BroadcastState = BroadcastState.DRAFT
    reached: str = ""
    planned: bool = False
    """Whether everybody was looked at."""

    def delivery_key(self, address: Address) -> str:
        """The idempotency key of the message to somebody."""
        return f"broadcast:{self.id}:{address}"


class RecipientState(StrEnum):
    """What became of the message to one of the audience, as far as the outbox does not say."""

    HELD = "held"
    QUEUED = "queued"
    LEFT_OUT = "left_out"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastEvent:
    """Who did what with a broadcast, and when."""

    at: datetime
    by: str
    step: str
    note: str = ""
