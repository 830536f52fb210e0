"""A neighbour that fails is left alone for a while, so that nobody waits for it each time."""

import threading
import time
from collections.abc import Callable


class Outage:
    """Counts failures in a row; after `patience` of them nobody asks for `rest_s` seconds.

    Then one caller tries; the others go on without until that one has succeeded.
    """

    def __init__(
        self, *, patience: int, rest_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience = patience
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def may_try(self) -> bool:
        """Whether to ask the neighbour now; a yes after a rest is given to one caller."""
        with self._lock:
            if self._failures < self._patience:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._rest_s
            return True

    def failed(self) -> bool:
        """Note a failure; True when it is the first in a row, the one to be spoken of."""
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._rest_s
            return self._failures == 1

    def succeeded(self) -> bool:
        """Note a success; True when it ends an outage."""
        with self._lock:
            ended = self._failures > 0
            self._failures = 0
            return ended
