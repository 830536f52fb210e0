"""群发: audience, preview, trial, approval, progress, stop."""

from keqiao.console.pages.broadcasts import broadcast, listing
from keqiao.console.rooms import Rooms


def add(rooms: Rooms) -> None:
    """Add these pages."""
    for page in (listing, broadcast):
        page.add(rooms)
