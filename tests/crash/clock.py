"""A clock that several processes share, and that a test moves for all of them at once."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import override

from core.ports.clock import Clock
from keqiao.clock import SystemClock


class SharedClock(Clock):
    """Runs as the machine's clock does, ahead of it by the seconds that stand in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._machine = SystemClock()

    @override
    def now(self) -> datetime:
        return self._machine.now() + timedelta(seconds=float(self._file.read_text()))

    def set(self, now: datetime) -> None:
        """Let it be `now` for everybody."""
        self._write((now - self._machine.now()).total_seconds())

    def move(self, step: timedelta) -> None:
        """Jump forward, or back."""
        self._write(float(self._file.read_text()) + step.total_seconds())

    def _write(self, ahead: float) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(repr(ahead))
        os.replace(fresh, self._file)  # noqa: PTH105 -- readers find the old or the new, never half
