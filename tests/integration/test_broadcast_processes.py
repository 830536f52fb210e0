"""A broadcast reaches everybody once, with two processes at it at the same time.

Run as a program, this file is such a process: it takes what is being sent one step further until
nothing is left to do.
"""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from core.domain.broadcasts import Audience, BroadcastState, Role
from core.domain.conversations import Address
from core.domain.reminders import SHANGHAI
from core.persistence import SqlUnits, make_engine
from core.services.broadcasts.fanning import FanOut
from core.services.broadcasts.making import CountAudience, MakeBroadcast
from core.services.broadcasts.moving import SendBroadcast
from core.services.broadcasts.people import TellRole
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_broadcast
from tests.fakes.clock import FakeClock

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
PEOPLE = [Address(channel="web", user=f"u{number:03}") for number in range(150)]


def fan_out(url: str) -> None:
    """Go on until the broadcast is done; what waits is far below the limit of the outbox."""
    engine = make_engine(url)
    units = SqlUnits(engine)
    fan = FanOut(
        units=units, clock=FakeClock(NOON), wakeups=LocalWakeups(), render=render_broadcast
    )
    end = time.monotonic() + 90
    with units() as unit:
        (number,) = (one.id for one in unit.broadcasts.newest(1))
    while time.monotonic() < end:
        fan()
        with units() as unit:
            if unit.broadcasts.get(number).state is BroadcastState.DONE:
                break
    engine.dispose()


def test_two_processes_tell_nobody_twice_and_miss_nobody(
    units: SqlUnits, database_url: str
) -> None:
    clock = FakeClock(NOON)
    tell = TellRole(units=units, clock=clock)
    for person in PEOPLE:
        tell(person, Role.ENTERPRISE, by="tests")
    made = MakeBroadcast(units=units, clock=clock)("周三停电", Audience(), by="王芳")
    count = CountAudience(units=units)
    SendBroadcast(units=units, clock=clock, count=count, alone=1_000)(made.id, by="王芳")

    command = [sys.executable, __file__, database_url]
    started = [
        subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) for _ in range(2)
    ]
    assert [one.wait(120) for one in started] == [0, 0]

    with units() as unit:
        assert unit.broadcasts.get(made.id).state is BroadcastState.DONE
        assert unit.broadcasts.counts(made.id) == {"queued": len(PEOPLE)}
        for person in PEOPLE:
            (delivery,) = unit.outbox.queued(person)
            assert delivery.message.key == made.delivery_key(person)
        steps = [event.step for event in unit.broadcasts.events(made.id)]
    assert steps == ["made", "sending", "done"]


if __name__ == "__main__":
    fan_out(sys.argv[1])
