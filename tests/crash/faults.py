"""What is done to a site while it works."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.crash.clock import SharedClock
from tests.crash.house import House
from tests.crash.ledger import Ledger
from tests.crash.plan import Plan
from tests.fakes.rasa import FakeRasa

LEAST_PAUSE = 0.15
"""Seconds between two faults: a process needs some to do anything at all."""

KILLS = ("database connection ended", "broker killed")


@dataclass(kw_only=True)
class Faults:
    """Draws the next fault; `done` counts them, kills of processes apart."""

    plan: Plan
    random: Random
    house: House
    ledger: Ledger
    clock: SharedClock
    bot: FakeRasa
    done: Counter[str] = field(default_factory=Counter)
    _at: float = 0.0
    _starting: threading.Thread | None = None

    @property
    def kills(self) -> int:
        """Processes, connections and brokers killed so far."""
        return self.house.kills.total() + sum(self.done[name] for name in KILLS)

    def all(self) -> dict[str, int]:
        """Everything that was done, with how often."""
        killed = {f"{role} killed with -9": times for role, times in self.house.kills.items()}
        return {**killed, **self.done}

    def next(self, progress: float) -> None:
        """Do the next one, unless there were enough for as much as is over."""
        now = time.monotonic()
        pause = LEAST_PAUSE * (1 + 4 * self.random.random())
        if progress * self.plan.sizes.kills < self.kills or now - self._at < pause:
            return
        self._at = now
        draw = self.random.random()
        if draw < 0.04:
            self.clock.move(-timedelta(hours=self.random.random()))
            self.done["clock set back by up to an hour"] += 1
        elif draw < 0.08:
            self._suspend()
        elif draw < 0.12:
            self.bot.faults.append("lost")
            self.done["bot answered and the answer was lost"] += 1
        elif draw < 0.3 and not self.plan.database.startswith("sqlite"):
            self.done["database connection ended"] += self.ledger.end_connection()
        elif draw < 0.4 and self._broker_is_next():
            self._restart_broker()
        else:
            self.house.kill()

    def end(self) -> None:
        """Wait for a broker that is being started."""
        if self._starting is not None:
            self._starting.join()

    def _suspend(self) -> None:
        self.house.halt()
        time.sleep(0.1)
        self.clock.move(timedelta(hours=1))
        self.house.wake()
        self.done["suspended for an hour"] += 1

    def _broker_is_next(self) -> bool:
        idle = self._starting is None or not self._starting.is_alive()
        return idle and self.done["broker killed"] < self.plan.broker_kills

    def _restart_broker(self) -> None:
        broker = self.plan.broker
        assert broker is not None
        broker.kill()
        self.done["broker killed"] += 1
        self._starting = threading.Thread(target=broker.start, daemon=True)
        self._starting.start()
