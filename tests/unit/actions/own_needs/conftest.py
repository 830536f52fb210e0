"""A person with needs, and a library that matches them."""

from collections.abc import Callable

import pytest

from core.domain.conversations import Address
from core.domain.needs import Need
from core.domain.records import Library, Record
from core.persistence import SqlUnits
from tests.factories import LI, make_draft, make_record
from tests.unit.actions.stage import SAID_AT, Stage

type Submit = Callable[..., Need]

MOULDS = "注塑产品翘曲变形"
ZHANG = make_record("张明教授团队", external_id="zhang", library=Library.TEAMS)
WU = make_record("吴工模流分析", external_id="wu", summary="注塑翘曲变形", region=None)


@pytest.fixture
def stage(sqlite_units: SqlUnits) -> Stage:
    """One conversation with two records in the libraries."""
    staged = Stage(sqlite_units)
    staged.load(ZHANG, WU)
    return staged


@pytest.fixture
def submit(stage: Stage) -> Submit:
    """Hands in a need."""

    def hand_in(problem: str = MOULDS, address: Address = LI, **changes: object) -> Need:
        with stage.units() as unit:
            if problem != MOULDS:
                changes.setdefault("industry", None)
            draft = make_draft(problem=problem, **changes)
            key = f"web:{address.user}:{problem}"
            need, _ = unit.needs.put(key, address, draft, SAID_AT)
            unit.commit()
        return need

    return hand_in


def shown(*records: Record) -> list[str]:
    """The titles."""
    return [record.title for record in records]


def stored(stage: Stage, need: Need) -> Need:
    """The need as it stands."""
    with stage.units() as unit:
        return unit.needs.get(need.id)
