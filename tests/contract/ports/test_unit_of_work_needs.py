"""The life of needs is kept: moves, what was said to matches, and nobody else's needs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.errors import NotFoundError
from core.domain.moves import IllegalMoveError, NeedEvent
from core.domain.needs import Need, NeedId, NeedStatus
from core.ports.unit_of_work import Units
from core.services.own_needs.moving import WithdrawNeed
from core.services.own_needs.offers import AcceptMatch
from tests.factories import LI, WANG, make_draft, make_outbound, make_record
from tests.fakes.clock import START, FakeClock


def stored(units: Units, key: str = "m1", address: object = LI) -> Need:
    with units() as unit:
        need, _ = unit.needs.put(key, WANG if address is WANG else LI, make_draft(), START)
        unit.commit()
    return need


def test_a_persons_needs_are_their_own_newest_first(units: Units) -> None:
    first, second = stored(units), stored(units, "m2")
    stored(units, "m3", WANG)
    with units() as unit:
        assert unit.needs.of(LI) == [second, first]


def test_status_and_draft_of_a_need_are_saved(units: Units) -> None:
    need = stored(units)
    changed = replace(need, status=NeedStatus.WITHDRAWN, draft=make_draft(problem="漏油"))
    with units() as unit:
        assert unit.needs.get(need.id, hold=True) == need
        unit.needs.save(changed)
        unit.commit()
    with units() as unit:
        assert unit.needs.get(need.id) == changed
        with pytest.raises(NotFoundError):
            unit.needs.get(NeedId(404), hold=True)


def test_what_happened_is_logged_once_a_key_in_order(units: Units) -> None:
    need = stored(units)
    published = NeedEvent(
        key="a",
        need_id=need.id,
        at=START,
        by="王主任",
        before=NeedStatus.SUBMITTED,
        after=NeedStatus.PUBLISHED,
        note="材料齐全",
    )
    added = replace(
        published,
        key="b",
        at=START + timedelta(days=1),
        before=NeedStatus.PUBLISHED,
        replaced=need.draft,
    )
    with units() as unit:
        assert unit.needs.log(published)
        assert unit.needs.log(added)
        assert not unit.needs.log(replace(added, note="again"))
        unit.commit()
    with units() as unit:
        assert unit.needs.events(need.id) == [published, added]
        assert unit.needs.find_event("b") == added
        assert unit.needs.find_event("c") is None
        assert unit.needs.events(NeedId(404)) == []


def test_of_withdrawing_and_accepting_at_once_the_log_tells_one_legal_story(units: Units) -> None:
    clock = FakeClock()
    expert = make_record()
    with units() as unit:
        unit.records.put(expert)
        unit.commit()
    withdraw = WithdrawNeed(units=units, clock=clock)
    accept = AcceptMatch(units=units, clock=clock)
    with ThreadPoolExecutor(2) as pool:
        for number in range(8):
            need = stored(units, f"race-{number}")
            one = pool.submit(withdraw, need.id, address=LI, note="撤回", request="撤回了")
            other = pool.submit(accept, need.id, expert.id, address=LI, request="想对接")
            one.result()
            assert not other.exception() or isinstance(other.exception(), IllegalMoveError)
            with units() as unit:
                assert unit.needs.get(need.id).status is NeedStatus.WITHDRAWN
                events = unit.needs.events(need.id)
            assert [event.before for event in events[1:]] == [e.after for e in events[:-1]]
            assert len(events) == (1 if other.exception() else 2)


def test_a_withdrawn_need_takes_its_queued_words_along_and_no_others(units: Units) -> None:
    need, other = stored(units), stored(units, "m2")
    with units() as unit:
        for key in (f"need:{need.id}:published", f"need:{other.id}:published", "reply:1:0"):
            unit.outbox.put(make_outbound(key=key), START)
        unit.commit()
    WithdrawNeed(units=units, clock=FakeClock())(need.id, address=LI, note="", request="")
    with units() as unit:
        waiting = [delivery.message.key for delivery in unit.outbox.queued(LI)]
    assert waiting == [f"need:{other.id}:published", "reply:1:0"]
