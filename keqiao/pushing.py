"""Joining what goes out unasked: reminders, tidings, and the tick that moves them."""

from core.domain.subscriptions import Caps
from core.services.broadcasts.fanning import FanOut
from core.services.handoffs.office import Office
from core.services.handoffs.timing import TimeOutHandoffs
from core.services.matching.finding import FindMatches
from core.services.matching.orders import MoveOrder, PlaceOrder, TimeOutOrders
from core.services.matching.providers import OrderWords
from core.services.matching.records import MatchRecord
from core.services.own_needs.telling import FindOwners, QueuePairings
from core.services.pushes.gathering import GatherTidings
from core.services.reminders import QueueDueReminders
from core.services.reminding.rolling import RollSeries
from core.services.tidings import QueueTidings
from keqiao.doors.joined import groups
from keqiao.libraries.joined import Libraries
from keqiao.settings import Settings
from scheduler.heartbeat import Heartbeat, fixed_jobs
from scheduler.words import (
    ask_how,
    order_handed,
    order_taken,
    render_broadcast,
    report_found,
)


def make_orders(find: FindMatches) -> MoveOrder:
    """What is done with orders of providers; `place` hands out new ones."""
    clock = find.match_need.clock
    words = OrderWords(handed=order_handed, taken=order_taken)
    place = PlaceOrder(units=find.units, clock=clock, find=find, words=words)
    return MoveOrder(units=find.units, place=place)


def make_heartbeat(
    settings: Settings,
    office: Office,
    *,
    find: FindMatches,
    libraries: Libraries,
) -> Heartbeat:
    """The scheduler's tick, not yet started."""
    units, clock, wakeups = libraries.units, libraries.clock, libraries.wakeups
    knowledge, rules = libraries.knowledge, find.match_need.rules
    caps = Caps(day=settings.push_per_day, week=settings.push_per_week)
    reminders = QueueDueReminders(
        units=units,
        clock=clock,
        wakeups=wakeups,
        render=libraries.words.reminder,
        groups=groups(settings),
    )
    record = MatchRecord(units=units, clock=clock, knowledge=knowledge, rules=rules)
    owners = FindOwners(units=units, match_record=record, find=find)
    jobs = fixed_jobs(
        reminders,
        gathering=GatherTidings(units=units, clock=clock, also=owners),
        pairings=QueuePairings(
            units=units,
            clock=clock,
            wakeups=wakeups,
            report_found=report_found,
            ask_how=ask_how,
            caps=caps,
        ),
        orders=TimeOutOrders(units=units, clock=clock, move=make_orders(find)),
        tidings=QueueTidings(
            units=units, clock=clock, wakeups=wakeups, render=libraries.words.tidings, caps=caps
        ),
        broadcasts=FanOut(
            units=units, clock=clock, wakeups=wakeups, render=render_broadcast, caps=caps
        ),
        handoffs=TimeOutHandoffs(office=office),
        sources=libraries.pull,
        series=RollSeries(units=units, clock=clock, knowledge=knowledge),
    )
    return Heartbeat(units, clock, jobs)
