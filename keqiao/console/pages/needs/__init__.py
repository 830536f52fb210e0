"""需求 and 派单: needs, their matches with reasons, and who took them on."""

from keqiao.console.pages.needs import listing, need, orders
from keqiao.console.rooms import Rooms


def add(rooms: Rooms) -> None:
    """Add these pages."""
    for page in (listing, need, orders):
        page.add(rooms)
