"""Keeps the processes of a site running, as a supervisor does, and kills them."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from tests.crash.points import Fate, Point, points_of
from tests.crash.processes import Start, run

ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Berlin")
"""Hosts in different time zones work on one database."""

FATED = 0.6
"""How many of the processes are started with a fate; the others meet a kill at random."""

FATED_FOR = 2.5
"""Seconds for which one with a fate is left to it."""

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["tests.crash.processes"])


@dataclass(kw_only=True)
class Place:
    """A process of the site that is started again whenever it ends."""

    name: str
    role: str
    settings: Mapping[str, object]
    zone: str
    points: list[Point]
    process: ForkServerProcess | None = None
    spared_until: float = 0.0


@dataclass(kw_only=True)
class House:
    """All processes of a site; `tend` is called again and again."""

    folder: Path
    random: Random
    clock_file: Path
    places: list[Place] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    """Processes killed, by role."""
    surprises: list[str] = field(default_factory=list)
    """Ends that were no kill of ours."""

    def add(self, role: str, settings: Mapping[str, object], *, many: int = 1) -> None:
        """Have processes of that role, each on a machine of its own."""
        for number in range(many):
            name = f"{role}-{number}"
            home = {"home": self.folder / name, **settings}
            zone = ZONES[len(self.places) % len(ZONES)]
            points = points_of(role)
            self.random.shuffle(points)
            self.places.append(
                Place(name=name, role=role, settings=home, zone=zone, points=points)
            )

    @property
    def deaths(self) -> Path:
        """Where processes that kill themselves leave the point."""
        return self.folder / "deaths"

    @staticmethod
    def warm_up() -> None:
        """Let the server that forks load everything."""
        process = _forking.Process(target=time.sleep, args=(0,))
        process.start()
        process.join()
        process.close()

    def tend(self) -> None:
        """Start again what has ended."""
        for place in self.places:
            process = place.process
            if process is not None and process.is_alive():
                continue
            if process is not None:
                self._note_end(place, process)
            place.process = self._start(place)

    def kill(self) -> None:
        """Kill one with -9, at a random moment of its work."""
        now = time.monotonic()
        free = [place for place in self.places if place.spared_until < now]
        if not free:
            return
        place = self.random.choice(free)
        if place.process is not None and place.process.pid is not None:
            os.kill(place.process.pid, signal.SIGKILL)

    def halt(self) -> None:
        """Suspend all of them, as a machine that sleeps."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def points(self) -> dict[str, int]:
        """Where processes killed themselves, with how often."""
        if not self.deaths.exists():
            return {}
        return dict(Counter(self.deaths.read_text(encoding="utf-8").splitlines()))

    def end(self) -> None:
        """End all of them in order, and count the surprises."""
        for place in self.places:
            if place.process is not None:
                place.process.terminate()
        for place in self.places:
            if place.process is not None:
                place.process.join(30)
                if place.process.is_alive():
                    self.surprises.append(f"{place.name} did not end when it was told to")
                    place.process.kill()
                    place.process.join()
                place.process.close()
                place.process = None

    def _signal(self, number: signal.Signals) -> None:
        for place in self.places:
            if place.process is not None and place.process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(place.process.pid, number)

    def _note_end(self, place: Place, process: ForkServerProcess) -> None:
        if process.exitcode == -signal.SIGKILL:
            self.kills[place.role] += 1
        else:
            self.surprises.append(f"{place.name} ended with {process.exitcode}")
        process.close()

    def _start(self, place: Place) -> ForkServerProcess:
        fate = None
        if self.random.random() < FATED:
            point = place.points.pop(0)
            place.points.append(point)
            fate = Fate(point=point, left=self.random.randint(1, 4), deaths=self.deaths)
            place.spared_until = time.monotonic() + FATED_FOR
        start = Start(
            role=place.role,
            settings=place.settings,
            clock_file=self.clock_file,
            zone=place.zone,
            fate=fate,
            log=self.folder / f"{place.name}.log",
        )
        process = _forking.Process(target=run, args=(start,), name=place.name, daemon=True)
        process.start()
        return process
