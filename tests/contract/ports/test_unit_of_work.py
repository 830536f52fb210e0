"""A unit of work happens whole or not at all."""

from core.persistence import SqlUnits
from tests.factories import make_message, make_outbound
from tests.fakes.clock import START


def test_what_is_committed_is_seen_by_the_next_unit(units: SqlUnits) -> None:
    with units() as unit:
        entry = unit.inbox.accept(make_message("在吗"), START)
        unit.commit()
    with units() as unit:
        assert unit.inbox.get(entry.id) == entry


def test_what_is_not_committed_never_happened(units: SqlUnits) -> None:
    with units() as unit:
        unit.outbox.put(make_outbound(), START)
    with units() as unit:
        assert unit.outbox.count_by_state() == {}
