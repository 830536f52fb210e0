"""Codes that bind: short, unguessable, for one use and ten minutes, and limited."""

from datetime import timedelta

import pytest

from core.domain.conversations import Address
from core.domain.errors import NotFoundError
from core.domain.people import (
    CODE_LENGTH,
    CODE_LETTERS,
    CODE_LIFE,
    CODES_AN_HOUR,
    HOUR,
    MOST_ADDRESSES,
    TRIES_AN_HOUR,
    Said,
)
from core.ports.unit_of_work import Units
from core.services.people.binding import drawn
from tests.unit.core.people.household import ANNA, LARK, OA, WORK, Household

WRONG = "ZZZZZZZZ"


def test_a_code_said_at_another_address_makes_both_one_person(units: Units) -> None:
    house = Household(units)
    person = house.bind(OA, WORK)
    assert person.addresses == (OA, WORK)
    assert person.home == OA
    assert house.find(OA) == house.find(WORK) == person
    assert house.find(ANNA) is None


def test_a_code_is_drawn_from_letters_that_are_not_taken_for_one_another() -> None:
    codes = {drawn() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) for code in codes)
    assert not set("01OIL") & set(CODE_LETTERS) - {"L"}


def test_a_code_is_used_once(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    assert house.use(WORK, code)[0] is Said.BOUND
    assert house.use(ANNA, code) == (Said.OLD, None)
    assert house.find(ANNA) is None


def test_a_code_said_again_by_who_used_it_has_done_its_work(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    first = house.use(WORK, code)
    assert house.use(WORK, code) == first
    assert len(house.waiting(OA, "bound:")) == 1


def test_a_code_expires_after_ten_minutes(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    house.clock.advance(CODE_LIFE)
    assert house.use(WORK, code) == (Said.OLD, None)


def test_a_new_code_voids_the_one_before(units: Units) -> None:
    house = Household(units)
    first, second = house.code(OA), house.code(OA)
    assert first is not None
    assert second is not None
    assert house.use(WORK, first)[0] is Said.OLD
    assert house.use(WORK, second)[0] is Said.BOUND


def test_ones_own_code_binds_nothing_and_stays_good(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    assert house.use(OA, code) == (Said.OWN, None)
    assert house.use(WORK, code)[0] is Said.BOUND


def test_who_is_bound_already_is_told_so_and_the_code_stays_good(units: Units) -> None:
    house = Household(units)
    house.bind(OA, WORK)
    code = house.code(WORK)
    assert code is not None
    assert house.use(OA, code)[0] is Said.ALREADY
    assert house.use(LARK, code)[0] is Said.BOUND


def test_codes_are_given_out_so_many_times_an_hour(units: Units) -> None:
    house = Household(units)
    assert all(house.code(OA) for _ in range(CODES_AN_HOUR))
    assert house.code(OA) is None
    assert house.code(WORK) is not None
    house.clock.advance(HOUR)
    assert house.code(OA) is not None


def test_wrong_codes_are_counted_and_then_none_is_looked_at(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    tried = [house.use(ANNA, WRONG)[0] for _ in range(TRIES_AN_HOUR)]
    assert tried == [Said.WRONG] * TRIES_AN_HOUR
    assert house.use(ANNA, code) == (Said.BLOCKED, None)
    assert house.use(WORK, code)[0] is Said.BOUND
    house.clock.advance(HOUR + timedelta(seconds=1))
    assert house.use(ANNA, WRONG)[0] is Said.WRONG


def test_one_person_has_so_many_addresses_and_no_more(units: Units) -> None:
    house = Household(units)
    for number in range(1, MOST_ADDRESSES):
        house.bind(OA, Address(channel="web", user=f"v{number}"))
        house.clock.advance(HOUR)
    code = house.code(OA)
    assert code is not None
    assert house.use(WORK, code) == (Said.FULL, None)
    person = house.find(OA)
    assert person is not None
    assert len(person.addresses) == MOST_ADDRESSES


def test_what_is_kept_of_a_code_is_not_the_code(units: Units) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    with units() as unit:
        assert unit.bind_codes.find(code) is None


def test_nobody_unbinds_or_chooses_for_somebody_else(units: Units) -> None:
    house = Household(units)
    house.bind(OA, WORK)
    with pytest.raises(NotFoundError, match="not bound"):
        house.unbind(ANNA, OA)
    with pytest.raises(NotFoundError, match="not bound"):
        house.choose(ANNA, OA)
    with pytest.raises(NotFoundError, match="not bound"):
        house.choose(OA, ANNA)
