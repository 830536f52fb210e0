"""What is said of one part of a site."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part, how it is, and what to do about it."""

    part: str
    health: Health
    detail: str


def ok(part: str, detail: str) -> Finding:
    """It works."""
    return Finding(part=part, health=Health.OK, detail=detail)


def warning(part: str, detail: str) -> Finding:
    """It works, and something should be done."""
    return Finding(part=part, health=Health.WARNING, detail=detail)


def broken(part: str, detail: str) -> Finding:
    """It does not work."""
    return Finding(part=part, health=Health.BROKEN, detail=detail)
