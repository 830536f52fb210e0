"""Desks and the office behind them, for tests: a test names only what it is about."""

from typing import Any

from core.domain.conversations import Address
from core.domain.desks import Desk, DeskKind, Desks
from core.domain.handoffs import Liaison
from core.domain.needs import Region
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.handoffs.hearing import HearHandoffs
from core.services.handoffs.office import Office
from keqiao.desks.office import make_hearing
from scheduler.words import handoff_words
from tests.fakes.wakeups import RecordingWakeups

LIAISONS = Address(channel="webhook", user="default/liaisons")
OTHERS = Address(channel="webhook", user="default/others")

FRONT = Desk(name="综合联络台", told=LIAISONS)
"""Serves everybody and is told at LIAISONS."""

CAMPUS = Desk(
    name="江苏高校联络台",
    kind=DeskKind.UNIVERSITY,
    region=Region(province="江苏省"),
    told=OTHERS,
)

ANNA = Liaison(name="anna", desks=frozenset({FRONT.name}))
BO = Liaison(name="bo")

UNATTENDED = Desks(all=(Desk(name="工作人员", attended=False),))
"""What a site has before its desks are set up."""


def make_office(
    units: Units, clock: Clock, *, wakeups: Wakeups | None = None, **changes: Any
) -> Office:
    """An office with these two desks and the real words."""
    options: dict[str, Any] = {"desks": Desks(all=(FRONT, CAMPUS)), "words": handoff_words()}
    return Office(
        units=units, clock=clock, wakeups=wakeups or RecordingWakeups(), **(options | changes)
    )


def nobody_attends(units: Units, clock: Clock) -> HearHandoffs:
    """The part of `HandleInbound` for tests that are about something else."""
    return make_hearing(make_office(units, clock, desks=UNATTENDED))
