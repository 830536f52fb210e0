"""Writers of one SQLite file, in order of arrival.

SQLite has one writer at a time, and lets the others sleep and look again after ever longer naps:
whoever has waited long sleeps on while newcomers find the lock free. So writers of one process
stand in a line, and only its head asks SQLite, in short even naps, as writers of other processes
do too. The line is a courtesy: what may write is still SQLite's to say.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep
from typing import override

BUSY_SECONDS = 15
"""How long a writer waits for others before it gives up."""

NAP = 0.002
"""Seconds between two looks at a lock that another process holds."""

_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY)


class Line:
    """Lets one in at a time; whoever comes first is let in first."""

    def __init__(self, patience: float = BUSY_SECONDS) -> None:
        self.patience = patience
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def enter(self) -> bool:
        """Wait until it is our turn; False when patience ended before."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=self.patience):
            return True
        with self._guard:
            if turn not in self._waiting:
                return True  # it came while we were leaving
            self._waiting.remove(turn)
        return False

    def leave(self) -> None:
        """Let the next one in."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class WriterConnection(sqlite3.Connection):
    """A connection whose transactions begin in line and leave it however they end."""

    line: Line
    """That of all connections of the engine."""
    _entered = False

    def begin(self) -> None:
        """Take the write lock.

        Raises:
            sqlite3.OperationalError: another writer did not end in time.
        """
        patience = monotonic() + self.line.patience
        self._entered = self._entered or self.line.enter()
        with self._leaving(), self._refused_at_once():
            while not self._began():
                if monotonic() > patience:
                    self.execute("BEGIN IMMEDIATE")  # one last time: SQLite says what is wrong
                    return
                sleep(NAP)

    @override
    def commit(self) -> None:
        """Make it so."""
        with self._leaving():
            super().commit()

    @override
    def rollback(self) -> None:
        """Undo it."""
        with self._leaving():
            super().rollback()

    @override
    def close(self) -> None:
        """Undo what was not committed, and close."""
        try:
            super().close()
        finally:
            self._leave()

    def _began(self) -> bool:
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in _PASSING:
                return False
            raise
        return True

    @contextmanager
    def _refused_at_once(self) -> Iterator[None]:
        self.execute("PRAGMA busy_timeout=0")
        try:
            yield
        finally:
            self.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        try:
            yield
        finally:
            if not self.in_transaction:
                self._leave()

    def _leave(self) -> None:
        if self._entered:
            self._entered = False
            self.line.leave()
