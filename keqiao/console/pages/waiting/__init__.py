"""What waits for people: questions, handoffs, messages that did not arrive."""

from keqiao.console.pages.waiting import deliveries, handoff, waiting
from keqiao.console.rooms import Rooms


def add(rooms: Rooms) -> None:
    """Add these pages."""
    for page in (deliveries, handoff, waiting):
        page.add(rooms)
