"""Operators correct what was read; the correction stands until it is taken back."""

from datetime import date

import pytest

from core.domain.documents import DocumentFacts, Edit, Part, Reading
from core.domain.errors import BadInputError, NotFoundError
from core.ports.unit_of_work import Units
from core.services.documents import EditDocument, ListDocuments, RemoveDocument, ShowDocument
from tests.factories import make_document
from tests.fakes.knowledge_base import FakeKnowledgeBase

SOURCE = "call.txt"


@pytest.fixture
def knowledge(sqlite_units: Units) -> FakeKnowledgeBase:
    readings = (Reading(name="closes_on", value="2026-05-30", start=0, end=4),)
    parts = tuple(Part(start=at, end=at + 1, facts=DocumentFacts(title="x")) for at in range(2))
    with sqlite_units() as unit:
        unit.documents.put(make_document(SOURCE, readings=readings, parts=parts))
        unit.commit()
    return FakeKnowledgeBase()


def closing(units: Units) -> date | None:
    return ShowDocument(units=units)(SOURCE).facts.closes_on


def test_an_edit_stands_until_it_is_unset_and_is_indexed_at_once(
    sqlite_units: Units, knowledge: FakeKnowledgeBase
) -> None:
    edit = EditDocument(units=sqlite_units, knowledge=knowledge)
    edit(SOURCE, Edit(name="closes_on", value="2026-06-01"))
    edit(SOURCE, Edit(name="closes_on", value="2026-06-15"))
    assert closing(sqlite_units) == date(2026, 6, 15)
    assert len(ShowDocument(units=sqlite_units)(SOURCE).edits) == 1
    edit.unset(SOURCE, "closes_on")
    assert closing(sqlite_units) == date(2026, 5, 30)
    assert knowledge.refreshed == 3


def test_what_cannot_be_edited_is_said(sqlite_units: Units, knowledge: FakeKnowledgeBase) -> None:
    edit = EditDocument(units=sqlite_units, knowledge=knowledge)
    with pytest.raises(BadInputError, match="no such fact"):
        edit(SOURCE, Edit(name="colour", value="red"))
    with pytest.raises(BadInputError, match="part 2"):
        edit(SOURCE, Edit(name="year", value="2026", part=2))
    with pytest.raises(NotFoundError, match=r"other\.txt"):
        edit("other.txt", Edit(name="year", value="2026"))
    with pytest.raises(NotFoundError, match="never set"):
        edit.unset(SOURCE, "year")
    assert knowledge.refreshed == 0


def test_a_removed_document_is_no_longer_listed(
    sqlite_units: Units, knowledge: FakeKnowledgeBase
) -> None:
    assert [entry.source for entry in ListDocuments(units=sqlite_units)()] == [SOURCE]
    remove = RemoveDocument(units=sqlite_units, knowledge=knowledge)
    remove(SOURCE)
    assert ListDocuments(units=sqlite_units)() == []
    with pytest.raises(NotFoundError, match=SOURCE):
        remove(SOURCE)
    with pytest.raises(NotFoundError, match="keqiao documents"):
        ShowDocument(units=sqlite_units)(SOURCE)
