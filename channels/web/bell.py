"""Tells open streams that a message is about to be in the mailbox, across threads.

Only a nudge, and only within one process: a stream that hears nothing looks by itself.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress
from threading import Lock

from core.domain.conversations import Address


class Ear:
    """One stream's end of the bell."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def hear(self) -> None:
        """Wake the stream; from any thread."""
        with suppress(RuntimeError):  # the loop has ended, and the stream with it
            self._loop.call_soon_threadsafe(self._rung.set)

    async def listen(self, seconds: float) -> bool:
        """Wait until the bell rings; False when it did not within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bell:
    """Rung by the sender, heard by the streams of one visitor."""

    def __init__(self) -> None:
        self._ears: defaultdict[Address, set[Ear]] = defaultdict(set)
        self._lock = Lock()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the house is closing: streams end instead of waiting."""
        return self._closed

    def ring(self, address: Address) -> None:
        """Wake the streams of `address`."""
        with self._lock:
            ears = tuple(self._ears.get(address, ()))
        for ear in ears:
            ear.hear()

    def close(self) -> None:
        """End all streams, so that the server can stop at once."""
        self._closed = True
        with self._lock:
            ears = [ear for group in self._ears.values() for ear in group]
        for ear in ears:
            ear.hear()

    def join(self, address: Address, ear: Ear, *, most: int, most_of_one: int) -> bool:
        """Add a stream; False when there are too many already."""
        with self._lock:
            total = sum(len(group) for group in self._ears.values())
            if total >= most or len(self._ears.get(address, ())) >= most_of_one:
                return False
            self._ears[address].add(ear)
        return True

    def leave(self, address: Address, ear: Ear) -> None:
        """Take a stream away."""
        with self._lock:
            self._ears[address].discard(ear)
            if not self._ears[address]:
                del self._ears[address]
