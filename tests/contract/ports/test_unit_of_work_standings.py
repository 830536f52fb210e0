"""Records are counted and paged by how they stand, as `Record.standing_at` says it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.records import Conditions, Library, Record, RecordId, Standing, Wanted
from core.domain.reminders import SHANGHAI
from core.ports.repositories import Asked
from core.ports.unit_of_work import Units
from tests.factories import make_record
from tests.fakes.clock import START

TODAY = START.astimezone(SHANGHAI).date()
DAY = timedelta(days=1)


def every_kind() -> list[Record]:
    """Records on both sides of every border."""
    days: tuple[date | None, ...] = (None, TODAY - DAY, TODAY, TODAY + DAY)
    times = (None, START - DAY, START, START + DAY)
    made = [
        make_record(
            library=library,
            valid_from=begins,
            valid_until=ends,
            starts_at=starts,
            closes_at=closes,
        )
        for library in (Library.EVENTS, Library.CALLS)
        for begins in days
        for ends in days
        for starts, closes in (
            *((one, None) for one in times),
            (START + DAY, START - DAY),
            (START - DAY, START + DAY),
        )
    ]
    hidden = [
        changed
        for one in made[:8]
        for changed in (
            replace(one, external_id=f"{one.external_id}w", withdrawn=True),
            replace(one, external_id=f"{one.external_id}n", conditions=Conditions(consent=False)),
            replace(one, external_id=f"{one.external_id}y", conditions=Conditions(consent=True)),
            replace(
                one,
                external_id=f"{one.external_id}b",
                withdrawn=True,
                conditions=Conditions(consent=False),
            ),
        )
    ]
    return made + hidden


@pytest.mark.parametrize("standing", Standing)
def test_a_database_finds_those_that_stand_so(units: Units, standing: Standing) -> None:
    records = every_kind()
    asked = Asked(wanted=Wanted(standings=frozenset({standing})), now=START)
    with units() as unit:
        unit.records.add(records)
        found = unit.records.page(RecordId(""), 1_000, asked)
        count = unit.records.count(asked)
    expected = {one.id for one in records if one.standing_at(START, TODAY) is standing}
    assert {one.id for one in found} == expected
    assert count == len(expected) > 0


def test_several_standings_and_a_library_are_asked_for_together(units: Units) -> None:
    records = every_kind()
    wanted = Wanted(
        libraries=(Library.CALLS,), standings=frozenset({Standing.OVER, Standing.COMING})
    )
    with units() as unit:
        unit.records.add(records)
        count = unit.records.count(Asked(wanted=wanted, now=START))
        assert unit.records.count() == len(records)
        nobody = Wanted(standings=frozenset())
        assert unit.records.count(Asked(wanted=nobody, now=START)) == 0
    assert count == sum(
        one.library is Library.CALLS and one.standing_at(START, TODAY) in wanted.standings
        for one in records
    )
