"""What platforms lend and grant, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from core.domain.conversations import InboundId
from core.domain.deliveries import DeliveryState
from core.domain.platforms import Allowance, Token
from core.persistence import SqlUnits
from tests.factories import LI, WANG, make_message, make_outbound
from tests.fakes.clock import START

HOUR = timedelta(hours=1)


def make_allowance(
    name: str = "message", left: int = 5, hours: int | None = 48, source: str = "m-1"
) -> Allowance:
    until = None if hours is None else START + hours * HOUR
    return Allowance(name=name, left=left, until=until, source=source)


def test_a_token_takes_the_place_of_the_one_before(units: SqlUnits) -> None:
    with units() as unit:
        assert unit.tokens.find("wechat:a") is None
        unit.tokens.put("wechat:a", Token(value="one", expires_at=START))
        unit.tokens.put("wechat:a", Token(value="two", expires_at=START + HOUR))
        unit.commit()
    with units() as unit:
        assert unit.tokens.find("wechat:a") == Token(value="two", expires_at=START + HOUR)
        assert unit.tokens.find("wechat:b") is None


def test_what_ends_first_is_used_first_and_never_more_than_there_is(units: SqlUnits) -> None:
    with units() as unit:
        unit.allowances.grant(LI, make_allowance("message", 2, 48))
        unit.allowances.grant(LI, make_allowance("menu", 2, 1))
        unit.allowances.grant(LI, make_allowance("credit", 9, None))
        names = ["message", "menu"]
        assert unit.allowances.take(LI, names, 3, START) == {"menu": 2, "message": 1}
        assert unit.allowances.take(LI, names, 2, START) == {}
        assert unit.allowances.take(WANG, names, 1, START) == {}
        unit.allowances.give_back(LI, {"menu": 2})
        assert unit.allowances.take(LI, names, 2, START + 2 * HOUR) == {}, "the menu's has ended"
        assert [(one.name, one.left) for one in unit.allowances.of(LI, START)] == [
            ("credit", 9),
            ("menu", 2),
            ("message", 1),
        ]


def test_the_same_source_grants_once_and_another_anew_or_on_top(units: SqlUnits) -> None:
    with units() as unit:
        unit.allowances.grant(LI, make_allowance(left=5))
        unit.allowances.take(LI, ["message"], 4, START)
        unit.allowances.grant(LI, make_allowance(left=5))
        assert unit.allowances.of(LI, START)[0].left == 1
        unit.allowances.grant(LI, make_allowance(left=5, source="m-2"))
        assert unit.allowances.of(LI, START)[0].left == 5
        unit.allowances.grant(LI, make_allowance(left=1, source="m-3"), on_top=True)
        assert unit.allowances.of(LI, START)[0].left == 6
        unit.allowances.end(LI, ["menu"])
        assert unit.allowances.of(LI, START)[0].left == 6
        unit.allowances.end(LI)
        assert unit.allowances.of(LI, START) == []


def test_many_at_once_use_no_more_than_there_is(units: SqlUnits) -> None:
    with units() as unit:
        unit.allowances.grant(LI, make_allowance(left=5))
        unit.commit()

    def take(_number: int) -> bool:
        with units() as unit:
            taken = unit.allowances.take(LI, ["message"], 1, START)
            unit.commit()
        return bool(taken)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(12))) == 5


def test_what_a_request_was_answered_with_is_remembered(units: SqlUnits) -> None:
    with units() as unit:
        entry = unit.inbox.accept(make_message(), START)
        other = unit.inbox.accept(make_message(), START)
        made = [unit.outbox.put(make_outbound(str(n)), START) for n in range(2)]
        unit.handed.note(entry.id, made)
        unit.handed.note(other.id, [])
        unit.commit()
    with units() as unit:
        assert [one.id for one in unit.handed.to(entry.id)] == [one.id for one in made]
        assert unit.handed.to(other.id) == []
        assert unit.handed.to(InboundId(999)) == []


def test_what_waits_for_a_person_can_be_hastened(units: SqlUnits) -> None:
    with units() as unit:
        delivery = unit.outbox.put(make_outbound(), START)
        unit.outbox.record(delivery, DeliveryState.QUEUED, START, not_before=START + 24 * HOUR)
        unit.commit()
    with units() as unit:
        assert unit.outbox.claim(START, HOUR, ["web"]) is None
        assert unit.outbox.hasten(WANG, START) == 0
        assert unit.outbox.hasten(LI, START) == 1
        claimed = unit.outbox.claim(START, HOUR, ["web"])
        assert claimed is not None
        assert claimed.id == delivery.id


def test_leases_that_have_run_out_are_swept(units: SqlUnits) -> None:
    with units() as unit:
        unit.leases.take("a", "x", START, HOUR)
        unit.leases.take("b", "x", START, 2 * HOUR)
        assert unit.leases.sweep(START + HOUR) == 1
        assert unit.leases.take("a", "y", START, HOUR)
        assert not unit.leases.take("b", "y", START, HOUR)
