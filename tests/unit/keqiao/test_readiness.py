"""What `/readyz` finds out about the other processes."""

from datetime import timedelta

import pytest

from core.domain.routes import MOST_FAILURES
from core.persistence import SqlUnits
from keqiao.readiness import PATIENCE, Readiness
from scheduler.dispatcher import Dispatcher
from tests.factories import make_outbound
from tests.fakes.clock import START, FakeClock
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups

SECOND = timedelta(seconds=1)


def lacks(units: SqlUnits, clock: FakeClock, revision: str = "1") -> dict[str, str]:
    ready = Readiness(units=units, clock=clock, revisions=lambda: (revision, "1"))
    found = {}
    for name, probe in ready.probes().items():
        lack = probe()
        if lack is not True:
            found[name] = str(lack)
    return found


def test_a_worker_that_looks_is_seen_for_a_minute(sqlite_units: SqlUnits) -> None:
    clock = FakeClock()
    dispatcher = Dispatcher(sqlite_units, clock, [FakeSender()], wakeups=RecordingWakeups())
    assert lacks(sqlite_units, clock).keys() == {"worker", "scheduler"}
    dispatcher.dispatch_one()
    for _ in range(10):
        clock.advance(30 * SECOND)
        dispatcher.dispatch_one()
        assert lacks(sqlite_units, clock).keys() == {"scheduler"}
    clock.advance(timedelta(minutes=1))
    assert "worker" in lacks(sqlite_units, clock)


def test_tables_of_another_revision_are_named(sqlite_units: SqlUnits) -> None:
    assert "0" in lacks(sqlite_units, FakeClock(), revision="0")["migrations"]


@pytest.mark.parametrize("down", [False, True])
def test_what_is_due_for_long_is_a_lack_unless_its_platform_is_down(
    sqlite_units: SqlUnits, *, down: bool
) -> None:
    clock = FakeClock()
    with sqlite_units() as unit:
        unit.outbox.put(make_outbound(), START)
        unit.commit()
    clock.advance(PATIENCE)
    assert "backlog" not in lacks(sqlite_units, clock)
    clock.advance(SECOND)
    if down:
        with sqlite_units() as unit:
            for _ in range(MOST_FAILURES):
                unit.routes.failed("web:", clock.now())
            unit.commit()
    assert ("backlog" in lacks(sqlite_units, clock)) is not down
