"""Short answers: which of them choose, and which only say what they say."""

from datetime import timedelta

import pytest

from channels.choices import Choices, chosen, number_of
from core.domain.conversations import Address, Button
from core.domain.deliveries import DeliveryState
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_message, make_outbound, make_reply
from tests.fakes.clock import START

ASKED = make_reply(
    "要哪个？",
    buttons=(
        Button(title="查政策", payload="我要查政策"),
        Button(title="登记", payload="我要登记"),
    ),
)
LISTED = make_reply("1. 甲\n2. 乙", buttons=ASKED.buttons)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        (" 2。", 2),
        ("２", 2),
        ("2、", 2),
        ("（2）", 2),
        ("选2", 2),
        ("我选第二个", 2),
        ("第二个", 2),
        ("第2项。", 2),
        ("12", 12),
        ("十", 10),
        ("200", None),
        ("2号楼", None),
        ("第二", 2),
        ("二期", None),
        ("", None),
        ("²", None),
        ("-1", None),
    ],
)
def test_a_short_answer_names_a_number(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["0", "3", "99", "二", "两个"])
def test_what_names_none_of_them_is_no_choice(text: str) -> None:
    assert chosen(text, ASKED) is None


def test_an_ordinal_is_left_to_what_the_text_itself_numbers() -> None:
    assert chosen("第二个", ASKED) == "我要登记"
    assert chosen("第二个", LISTED) is None
    assert chosen("2", LISTED) == "我要登记"


def test_where_no_numbers_are_shown_a_number_is_an_answer() -> None:
    assert chosen("2", ASKED, numbered=False) is None
    assert chosen("选2", ASKED, numbered=False) == "我要登记"
    assert chosen("第二个", ASKED, numbered=False) == "我要登记"


def tell(
    units: Units, address: Address, state: DeliveryState | None, reply: object = ASKED
) -> None:
    with units() as unit:
        entry = unit.inbox.accept(make_message(address=address), START)
        message = make_outbound(address=address, reply=reply, reply_to=entry.id)
        delivery = unit.outbox.put(message, START)
        if state is not None:
            unit.outbox.record(delivery, state, START)
        unit.commit()


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN])
def test_the_choices_last_told_count_also_when_nobody_knows_whether_they_came(
    sqlite_units: Units, state: DeliveryState
) -> None:
    tell(sqlite_units, LI, state)
    assert Choices(units=sqlite_units)(LI, "2") == "我要登记"
    assert Choices(units=sqlite_units)(WANG, "2") == "2"


@pytest.mark.parametrize("state", [None, DeliveryState.DEAD, DeliveryState.EXPIRED])
def test_choices_that_nobody_saw_are_none(
    sqlite_units: Units, state: DeliveryState | None
) -> None:
    tell(sqlite_units, LI, state)
    assert Choices(units=sqlite_units)(LI, "2") == "2"


def test_choices_of_before_the_persons_last_message_are_none(sqlite_units: Units) -> None:
    tell(sqlite_units, LI, DeliveryState.SENT)
    with sqlite_units() as unit:
        unit.inbox.accept(make_message("算了"), START + timedelta(seconds=1))
        unit.commit()
    assert Choices(units=sqlite_units)(LI, "2") == "2"
    aside = Choices(units=sqlite_units, aside="算了")
    assert aside(LI, "2") == "我要登记"
