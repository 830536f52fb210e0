"""Whoever handed a record in is told of its orders, and answers for them alone."""

from dataclasses import replace

import pytest

from core.domain.conversations import Address
from core.domain.errors import ConflictError, NotFoundError
from core.domain.matching.matches import Candidate
from core.domain.matching.orders import Order, OrderState
from core.domain.needs import Need
from core.domain.records import Library, Record
from core.domain.submissions import FilledForm, SubmissionStatus
from core.ports.unit_of_work import Units
from core.services.matching.orders import TAKEN
from core.services.matching.own_orders import AnswerOrder, ListOrders
from core.services.records import StoreRecords
from core.services.submissions import SubmitForm
from keqiao.decisions import decide_submission
from scheduler.words import report_change
from tests.factories import LI, WANG, make_candidate, make_record
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.core.test_orders import Counter

BROKER = FilledForm(
    form="broker",
    title="技术经理人登记",
    prefix="JLR",
    entries=(),
    record=Record(library=Library.PROVIDERS, external_id="", title="周启明"),
)


class Providers(Counter):
    """Where orders go to people who registered here."""

    def __init__(self, units: Units) -> None:
        super().__init__(units)
        self.candidates: list[Candidate] = []
        self.answer = AnswerOrder(units=units, move=self.move)
        self.own = ListOrders(units=units)
        self.decide = decide_submission(
            StoreRecords(
                units=units,
                clock=self.clock,
                knowledge=self.knowledge,
                wakeups=RecordingWakeups(),
                report_change=report_change,
            )
        )

    def registered(
        self, address: Address = WANG, key: str = "b1", relevance: float = 0.95
    ) -> Record:
        """A provider that was accepted, and fits every need so well."""
        submit = SubmitForm(units=self.units, clock=self.clock)
        one = submit(BROKER, address=address, key=key)
        number = self.decide(one.id, SubmissionStatus.ACCEPTED).number
        assert BROKER.record is not None
        record = replace(BROKER.record, external_id=number)
        self.candidates.append(make_candidate(record, relevance))
        self.knowledge.candidates = self.candidates
        return record

    def handed(self, need: Need) -> Order:
        """A new order."""
        order = self.place(need.id)
        assert order is not None
        return order

    def told(self, address: Address) -> list[str]:
        """What of orders waits to be sent to somebody."""
        with self.units() as unit:
            queued = unit.outbox.queued(address)
        return [one.message.reply.text for one in queued if one.message.key.startswith("order:")]


@pytest.fixture
def house(units: Units) -> Providers:
    return Providers(units)


def test_a_provider_is_told_once_and_takes_it_and_the_need_s_person_hears(
    house: Providers,
) -> None:
    record, need = house.registered(), house.need()
    order = house.handed(need)
    assert order.record_id == record.id
    (told,) = house.told(WANG)
    assert order.number in told
    assert "注塑产品翘曲变形" in told
    assert "138" not in told, "contact data are for after"
    (own,) = house.own(WANG)
    assert (own.order, own.need.id, own.record.id) == (order, need.id, record.id)
    for _ in range(2):
        house.answer(order.id, OrderState.TAKEN, address=WANG)
    (heard,) = house.told(LI)
    assert need.number in heard
    assert "周启明" in heard
    assert house.waiting() == [TAKEN]


def test_nobody_answers_for_somebody_else_and_a_stranger_has_no_orders(house: Providers) -> None:
    house.registered()
    order = house.handed(house.need())
    with pytest.raises(NotFoundError):
        house.answer(order.id, OrderState.TAKEN, address=LI)
    assert house.own(LI) == []


def test_a_refusal_goes_to_the_next_who_is_told(house: Providers) -> None:
    other = Address(channel="web", user="zhao")
    house.registered(other, "b2", 0.5)
    house.registered()
    need = house.need()
    order = house.handed(need)
    house.answer(order.id, OrderState.REFUSED, address=WANG, note="忙")
    with pytest.raises(ConflictError):
        house.answer(order.id, OrderState.TAKEN, address=WANG)
    assert [one.note for one in house.orders(need)] == ["忙", ""]
    assert len(house.told(other)) == 1
    assert house.told(LI) == []


def test_what_operators_imported_is_nobody_s_whatever_its_number(house: Providers) -> None:
    registered = house.registered()
    imported = make_record("某机构", library=Library.TEAMS, external_id=registered.external_id)
    with house.units() as unit:
        unit.records.put(imported)
        unit.commit()
    order = house.place(house.need().id, imported.id)
    assert order is not None
    assert house.told(WANG) == []
    assert house.own(WANG) == []


def test_who_withdrew_has_no_orders_any_more(house: Providers) -> None:
    record = house.registered()
    order = house.handed(house.need())
    number = int(record.external_id.rpartition("-")[2])
    with house.units() as unit:
        one = unit.submissions.of(WANG)[0]
    assert one.id == number
    house.decide(one.id, SubmissionStatus.WITHDRAWN, by=WANG)
    assert house.own(WANG) == []
    with pytest.raises(NotFoundError):
        house.answer(order.id, OrderState.TAKEN, address=WANG)
