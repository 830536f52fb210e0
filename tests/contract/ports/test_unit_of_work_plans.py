"""Claims and listings are index lookups, however many rows there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from core.domain.conversations import InboundId
from core.domain.deliveries import DeliveryState, OutboxId
from core.domain.reminders import ReminderId
from core.persistence import SqlUnits
from core.ports.deliveries import Asked
from core.ports.unit_of_work import UnitOfWork
from tests.factories import LI, make_event, make_message, make_outbound, make_reminder
from tests.fakes.clock import START

LEASE = timedelta(seconds=90)


def handle(unit: UnitOfWork) -> None:
    for entry in unit.inbox.claim(START, LEASE):
        unit.inbox.finish(entry)


def send(unit: UnitOfWork) -> None:
    delivery = unit.outbox.claim(START, LEASE, ["web", "webhook"])
    assert delivery is not None
    unit.outbox.record(delivery, DeliveryState.SENT, START)


STEPS: dict[str, Callable[[UnitOfWork], object]] = {
    "accept": lambda unit: unit.inbox.accept(make_message(), START),
    "handle": handle,
    "send": send,
    "expire": lambda unit: unit.outbox.expire(START),
    "recover": lambda unit: unit.outbox.recover(START, again=["web"], unknown=["webhook"]),
    "best of others": lambda unit: unit.outbox.claim(START, LEASE, ["web"], first=4),
    "ends": lambda unit: unit.figures.ended(0, START, 20),
    "leases": lambda unit: unit.leases.held("worker:", START),
    "timeline": lambda unit: unit.timelines.steps(OutboxId(1)),
    "dead": lambda unit: unit.timelines.newest(Asked(state=DeliveryState.DEAD), 20),
    "last steps": lambda unit: unit.timelines.last([OutboxId(1)]),
    "history": lambda unit: unit.inbox.history(LI, 20),
    "stream": lambda unit: unit.outbox.sent_after(LI, OutboxId(1), 20),
    "cursor": lambda unit: unit.outbox.last_sent(LI),
    "replies": lambda unit: unit.outbox.replies_to(InboundId(1)),
    "queued": lambda unit: unit.outbox.queued(LI),
    "due": lambda unit: unit.reminders.due(START, 10),
    "planned": lambda unit: unit.reminders.planned(LI),
    "due records": lambda unit: unit.reminders.due_records(START, 10),
    "following": lambda unit: unit.reminders.following(make_event().id, ReminderId(0), 10),
    "expired": lambda unit: unit.reminders.expired_since(START),
    "repeated": lambda unit: unit.records.repeated(START),
    "called off": lambda unit: unit.outbox.call_off([make_reminder().delivery_key], START),
}


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[str]]:
    """SQLite's plan of every statement that runs."""
    plans: list[str] = []

    def explain(_conn: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        verb = statement.split(maxsplit=1)[0]
        if verb in {"SELECT", "UPDATE", "DELETE"}:
            rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.extend(f"{row[3]}   -- {statement}" for row in rows)

    event.listen(engine, "before_cursor_execute", explain)
    yield plans
    event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_reads_a_whole_table(step: str, sqlite_units: SqlUnits) -> None:
    with sqlite_units() as unit:
        unit.inbox.accept(make_message(), START)
        unit.outbox.put(make_outbound(), START)
        unit.reminders.put(make_reminder())
        unit.commit()
    with plans_of(sqlite_units.engine) as plans, sqlite_units() as unit:
        STEPS[step](unit)
    scans = [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT ROW" not in plan]
    sorts = [plan for plan in plans if "TEMP B-TREE" in plan]
    assert not scans
    assert not sorts
    assert plans or step == "accept"


def test_figures_read_no_more_than_what_waits(sqlite_units: SqlUnits) -> None:
    with plans_of(sqlite_units.engine) as plans, sqlite_units() as unit:
        unit.figures.snapshot(START)
    scans = [plan for plan in plans if plan.startswith("SCAN") and " USING " not in plan]
    assert plans
    assert not scans
