"""When somebody may be told of what waits well: not in quiet hours, and not too often."""

from datetime import datetime, timedelta

from core.domain.conversations import Address
from core.domain.subscriptions import Caps
from core.ports.unit_of_work import UnitOfWork

WEEK = timedelta(days=8)
"""As far back as a week that is not over may have begun."""


def quiet_until(unit: UnitOfWork, address: Address, now: datetime) -> datetime | None:
    """When the quiet hours around `now` end; None when it is not quiet."""
    hours = unit.subscriptions.quiet_hours(address)
    return hours.until(now) if hours else None


def capped_until(unit: UnitOfWork, address: Address, caps: Caps, now: datetime) -> datetime | None:
    """When somebody may get one more push; None when that is now. The address is held."""
    return caps.resumes(unit.pushes.got(address, now - WEEK, now), now)
