"""Operators: people of the association who run the house, and how long they stay signed in."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.errors import BadInputError, KeqiaoError

LONGEST_VISIT = timedelta(hours=12)
"""After a working day everybody signs in anew, however busy they were."""

_NAME = re.compile(r"[\w\-]{1,40}")


class OperatorRole(StrEnum):
    """What an operator may do; each may do what those before it may."""

    READER = "reader"
    """Looks at everything that operators see, and changes nothing."""
    OPERATOR = "operator"
    """Edits, imports, moves needs and orders, makes broadcasts."""
    APPROVER = "approver"
    """Also lets a large broadcast go that somebody else made."""


_RANKS = {role: rank for rank, role in enumerate(OperatorRole)}


class ForbiddenError(KeqiaoError):
    """An operator may not do that, or is not signed in any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who may sign in; `password` is sealed (see `passwords`)."""

    name: str
    role: OperatorRole
    password: str = field(repr=False)
    made_at: datetime

    def may(self, role: OperatorRole) -> bool:
        """Whether this one may do what that role may."""
        return _RANKS[self.role] >= _RANKS[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An operator's stay at the console; only the SHA-256 of its token is kept, in hex."""

    digest: str = field(repr=False)
    operator: str
    begun_at: datetime
    seen_at: datetime

    def over(self, now: datetime, idle: timedelta) -> bool:
        """Whether nobody was seen for too long, or it has lasted a day's work."""
        return now - self.seen_at >= idle or now - self.begun_at >= LONGEST_VISIT


def check_name(name: str) -> None:
    """Let a usable name pass.

    Raises:
        BadInputError: it is not of letters, digits and hyphens.
    """
    if not _NAME.fullmatch(name):
        raise BadInputError(f"the name {name!r} is not of 1 to 40 letters, digits and hyphens")
