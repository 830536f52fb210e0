"""Submissions: one a key, found by person and form, and what was decided stays."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.domain.errors import NotFoundError
from core.domain.records import Library
from core.domain.submissions import Entry, FilledForm, SubmissionId, SubmissionStatus
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_record
from tests.fakes.clock import START

EXPERT = FilledForm(
    form="expert",
    title="专家登记",
    prefix="ZJ",
    entries=(Entry(name="name", label="姓名", shown="周启明", value={"text": "周启明"}),),
    record=make_record("周启明", external_id="", library=Library.EXPERTS),
)
TEAM = replace(EXPERT, form="team", title="服务团", prefix="FWT", record=None)


def test_a_submission_comes_back_as_it_was_stored(units: Units) -> None:
    with units() as unit:
        put, new = unit.submissions.put("web:m1", LI, EXPERT, START)
        unit.commit()
    assert new
    assert (put.address, put.filled, put.created_at) == (LI, EXPERT, START)
    assert put.status is SubmissionStatus.SUBMITTED
    with units() as unit:
        assert unit.submissions.get(put.id) == unit.submissions.get(put.id, hold=True) == put
        with pytest.raises(NotFoundError):
            unit.submissions.get(SubmissionId(404), hold=True)


def test_a_key_is_stored_once_even_at_once(units: Units) -> None:
    def put(title: str) -> bool:
        with units() as unit:
            _, new = unit.submissions.put("web:m1", LI, replace(EXPERT, title=title), START)
            unit.commit()
        return new

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put, ["专家登记", "又一次"])) == [False, True]
    with units() as unit:
        assert len(unit.submissions.newest(9)) == 1


def test_what_was_not_committed_is_not_stored(units: Units) -> None:
    with units() as unit:
        unit.submissions.put("web:m1", LI, EXPERT, START)
    with units() as unit:
        assert unit.submissions.newest(9) == []


def test_they_are_found_newest_first_by_form_and_by_person(units: Units) -> None:
    with units() as unit:
        first, _ = unit.submissions.put("web:m1", LI, EXPERT, START)
        second, _ = unit.submissions.put("web:m2", WANG, TEAM, START)
        third, _ = unit.submissions.put("web:m3", LI, TEAM, START)
        assert unit.submissions.newest(9) == [third, second, first]
        assert unit.submissions.newest(1) == [third]
        assert unit.submissions.newest(9, "expert") == [first]
        assert unit.submissions.of(LI) == [third, first]
        assert unit.submissions.of(replace(LI, user="nobody")) == []


def test_a_decision_and_its_note_are_kept_and_nothing_else_changes(units: Units) -> None:
    with units() as unit:
        put, _ = unit.submissions.put("web:m1", LI, EXPERT, START)
        other, _ = unit.submissions.put("web:m2", LI, TEAM, START)
        decided = replace(put, status=SubmissionStatus.REFUSED, note="缺少材料")
        unit.submissions.save(decided)
        unit.commit()
    with units() as unit:
        assert unit.submissions.get(put.id) == decided
        assert unit.submissions.get(other.id) == other
