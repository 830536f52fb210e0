"""People's own calendars."""

from channels.calendar.feeds import CalendarFeeds
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from keqiao.secrets import secret
from keqiao.settings import Settings

LINKS = "calendar-links"
"""The secret that signs the links."""


def feeds_of(settings: Settings, units: Units, clock: Clock) -> CalendarFeeds:
    """The calendars of a site, and the links to them."""
    return CalendarFeeds(
        units=units,
        clock=clock,
        secret=secret(settings.home, LINKS),
        site=settings.public_url or "",
    )
