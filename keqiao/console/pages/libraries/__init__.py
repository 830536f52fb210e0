"""资料库: records listed, shown and mended, tables in and out."""

from keqiao.console.pages.libraries import importing, listing, record
from keqiao.console.rooms import Rooms


def add(rooms: Rooms) -> None:
    """Add these pages."""
    for page in (importing, listing, record):
        page.add(rooms)
