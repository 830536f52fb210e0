"""A provider's orders in the chat."""

import pytest

from core.domain.matching.orders import Order, OrderState
from core.domain.needs import Need
from core.domain.records import RecordId
from core.domain.submissions import SubmissionStatus
from core.ports.unit_of_work import Units
from core.services.submissions import SubmitForm
from tests.factories import LI, WANG, make_draft
from tests.fakes.clock import START
from tests.unit.actions.stage import Stage
from tests.unit.core.test_providers import BROKER

ASK, TAKE, REFUSE = "action_ask_orders", "action_take_order", "action_refuse_order"


@pytest.fixture
def stage(sqlite_units: Units) -> Stage:
    stage = Stage(sqlite_units)
    submit = SubmitForm(units=sqlite_units, clock=stage.clock)
    one = submit(BROKER, address=LI, key="b1")
    stage.decide(one.id, SubmissionStatus.ACCEPTED)
    return stage


def hand(stage: Stage, key: str = "n1") -> tuple[Need, Order]:
    """A need handed to the provider."""
    with stage.units() as unit:
        need, _ = unit.needs.put(key, WANG, make_draft(), START)
        submission = unit.submissions.of(LI)[0]
        unit.commit()
    record = submission.filled.record
    assert record is not None
    order = stage.move_order.place(need.id, RecordId(f"{record.library}/{submission.number}"))
    assert order is not None
    return need, order


def state(stage: Stage, order: Order) -> tuple[OrderState, str]:
    with stage.units() as unit:
        now = unit.orders.get(order.id)
    return now.state, now.note


def test_who_has_none_is_told_who_gets_them(stage: Stage) -> None:
    (said,) = stage.tell(ASK, "我的派单")
    assert said.response == "utter_orders_none"


def test_the_only_one_that_waits_is_meant(stage: Stage) -> None:
    _, order = hand(stage)
    (listed,) = stage.tell(ASK, "我的派单")
    assert listed.payloads == [f"接单 {order.number}", f"拒单 {order.number}"]
    (said,) = stage.tell(TAKE, "这单我接了")
    assert said.response == "utter_order_taken"
    assert state(stage, order) == (OrderState.TAKEN, "")
    (again,) = stage.tell(TAKE, f"接单 {order.number}")
    assert again.response == "utter_order_taken"
    (over,) = stage.tell(REFUSE, f"拒单 {order.number}")
    assert over.response == "utter_order_over"
    assert "已接单" in over.text


def test_of_several_the_one_named_is_meant_and_no_other(stage: Stage) -> None:
    _, first = hand(stage)
    _, second = hand(stage, "n2")
    (asked,) = stage.tell(REFUSE, "拒单，太远了")
    assert asked.response == "utter_orders"
    assert first.number in asked.text
    assert second.number in asked.text
    stage.tell(REFUSE, f"{second.number} 拒单，太远了")
    assert state(stage, second) == (OrderState.REFUSED, "太远了")
    assert state(stage, first) == (OrderState.SENT, "")
    (unknown,) = stage.tell(TAKE, "接单 PD-000404")
    assert unknown.response == "utter_orders"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("拒单", ""),
        ("这单接不了，最近排满了", "最近排满了"),
        ("拒绝派单，不是我们的方向", "不是我们的方向"),
        ("这单我们就不接了，人都在外地", "人都在外地"),
        ("这个单子推掉吧。", ""),
    ],
)
def test_a_reason_is_kept_in_its_own_words(stage: Stage, text: str, reason: str) -> None:
    _, order = hand(stage)
    stage.tell(REFUSE, text)
    assert state(stage, order) == (OrderState.REFUSED, reason)
