"""What kind of trouble a message met on its way out, whatever platform it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Trouble(StrEnum):
    """The class of a platform's refusal; the platform's own code says which it was."""

    RETRY = "retry"
    """It did not arrive, for reasons that pass: try again, ever more slowly."""
    WAIT = "wait"
    """More than is allowed just now: wait until the platform's own moment. No failure."""
    REFRESH = "refresh"
    """The credentials are stale; a new one was made once and did not help either."""
    PERMANENT = "permanent"
    """Refused for good: no repeat helps before somebody changes something."""
    ELSEWHERE = "elsewhere"
    """This person is not reached here any more; another channel may reach them."""
    STRANGE = "strange"
    """A code that no list here knows: tried again with care, and to be looked up by somebody."""
    UNCLEAR = "unclear"
    """Nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A platform's own code, and what an operator can do about it."""

    code: str = ""
    hint: str = ""


NO_CODE = Coded()

MOST_TRIES: Mapping[Trouble, int] = MappingProxyType({Trouble.STRANGE: 3})
"""After so many tries a message is given up, where that is sooner than after the last step."""

PLATFORMS_FAULT = frozenset({Trouble.RETRY, Trouble.REFRESH, Trouble.UNCLEAR})
"""What speaks against a platform as a whole. A refusal of one person proves that it is up."""
