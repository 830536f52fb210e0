"""What may stand in a log line: no message text, no whole address, no foreign error's words."""

import traceback

from core.domain.conversations import Address

SHOWN_CHARS = 2
"""Characters of a person's id that may be shown, when at least twice as many stay hidden."""


def masked(address: Address) -> str:
    """The channel and the first characters of the person."""
    long_enough = len(address.user) >= 3 * SHOWN_CHARS
    return f"{address.channel}:{address.user[:SHOWN_CHARS] if long_enough else ''}***"


def place_of(error: BaseException) -> str:
    """An error's class and place; its text may quote a message or a credential."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place
