"""Operators, their visits and their deeds are found as they were stored."""

from dataclasses import replace
from datetime import timedelta

from core.domain.operating.deeds import Deed, DeedState, WantedDeeds
from core.domain.operating.operators import Operator, OperatorRole, Visit
from core.ports.unit_of_work import Units
from tests.fakes.clock import START

SEALED = "scrypt$1$1$1$c2FsdA==$a2V5"
FANG = Operator(name="王芳", role=OperatorRole.OPERATOR, password=SEALED, made_at=START)
VISIT = Visit(digest="d" * 64, operator="王芳", begun_at=START, seen_at=START)


def test_an_operator_is_found_changed_and_taken_away(units: Units) -> None:
    with units() as unit:
        unit.operators.put(FANG)
        unit.operators.put(replace(FANG, name="李雷", role=OperatorRole.READER))
        unit.commit()
    with units() as unit:
        assert unit.operators.find("王芳") == FANG
        assert unit.operators.find("nobody") is None
        changed = replace(FANG, role=OperatorRole.APPROVER)
        unit.operators.put(changed)
        assert unit.operators.find("王芳") == changed
        assert {one.name for one in unit.operators.list()} == {"李雷", "王芳"}
        unit.visits.begin(VISIT)
        assert unit.operators.remove("王芳")
        assert not unit.operators.remove("王芳")
        assert unit.visits.find(VISIT.digest) is None


def test_a_visit_is_seen_and_ended(units: Units) -> None:
    later = START + timedelta(minutes=5)
    with units() as unit:
        unit.operators.put(FANG)
        unit.visits.begin(VISIT)
        unit.visits.begin(replace(VISIT, digest="e" * 64))
        unit.commit()
    with units() as unit:
        unit.visits.see(VISIT.digest, later)
        assert unit.visits.find(VISIT.digest) == replace(VISIT, seen_at=later)
        unit.visits.end(VISIT.digest)
        assert unit.visits.find(VISIT.digest) is None
        assert unit.visits.end_all("王芳") == 1


def test_visits_that_began_long_ago_are_forgotten(units: Units) -> None:
    with units() as unit:
        unit.operators.put(FANG)
        unit.visits.begin(VISIT)
        assert unit.visits.sweep(START) == 0
        assert unit.visits.sweep(START + timedelta(seconds=1)) == 1


def test_deeds_are_listed_newest_first_page_by_page(units: Units) -> None:
    with units() as unit:
        ids = [
            unit.deeds.begin(Deed(at=START, by="王芳", what="edit", target=f"experts/{n % 2}"))
            for n in range(5)
        ]
        unit.deeds.end(ids[0], DeedState.DONE, "简介")
        unit.commit()
    with units() as unit:
        newest = unit.deeds.page(None, 2, WantedDeeds())
        assert [one.id for one in newest] == ids[:2:-1]
        older = unit.deeds.page(newest[-1].id, 10, WantedDeeds())
        assert [one.id for one in older] == ids[2::-1]
        assert older[-1] == Deed(
            id=ids[0],
            at=START,
            by="王芳",
            what="edit",
            target="experts/0",
            note="简介",
            state=DeedState.DONE,
        )
        of_one = unit.deeds.page(None, 10, WantedDeeds(target="experts/1", by="王芳", what="edit"))
        assert [one.id for one in of_one] == [ids[3], ids[1]]
        assert unit.deeds.page(None, 10, WantedDeeds(by="李雷")) == []
