"""What platforms lend: tokens that all processes share, and leave to write to a person."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A platform's access token, sealed by whoever keeps it."""

    value: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many messages a platform still takes for one person, and until when (None: no limit).

    `source` is what granted it, such as the person's message: the same grants nothing twice.
    """

    name: str
    left: int
    until: datetime | None
    source: str
