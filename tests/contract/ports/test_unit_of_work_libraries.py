"""Documents, records, needs and questions are found as they were stored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from core.domain.documents import DocumentId, Edit, Feedback, Part, Reading
from core.domain.errors import NotFoundError
from core.domain.needs import NeedDraft, NeedId
from core.domain.records import Library, RecordId
from core.ports.unit_of_work import Units
from tests.factories import LI, WANG, make_document, make_draft, make_event, make_record
from tests.fakes.clock import START


def test_a_document_is_found_by_id_and_by_source(units: Units) -> None:
    document = make_document()
    with units() as unit:
        unit.documents.put(document)
        unit.commit()
    with units() as unit:
        assert unit.documents.get(document.id) == document
        assert unit.documents.by_source(document.source) == document
        assert unit.documents.by_source("other.txt") is None
        with pytest.raises(NotFoundError, match="nothing"):
            unit.documents.get(DocumentId("nothing"))


def test_a_new_edition_takes_the_name_and_the_old_one_is_found_by_its_id(units: Units) -> None:
    old, new = make_document(), make_document(text="新版", digest="1" * 64)
    with units() as unit:
        unit.documents.put(old)
        unit.documents.put(new)
        unit.commit()
    with units() as unit:
        assert unit.documents.several([new.source, "other.txt"]) == [new]
        kept = unit.documents.get(old.id)
        assert (kept.text, kept.facts.superseded_by) == (old.text, old.source)
        assert [entry.editions for entry in unit.documents.entries()] == [1]
        unit.documents.put(old)
        assert unit.documents.get(old.id) == old
        assert unit.documents.get(new.id).facts.superseded_by == old.source


def test_readings_edits_and_parts_are_kept_with_a_document(units: Units) -> None:
    reading = Reading(name="closes_on", value="2026-06-30", start=0, end=4, details=(("a", "b"),))
    document = make_document()
    document = replace(
        document,
        readings=(reading,),
        edits=(Edit(name="year", value="2027"),),
        parts=(Part(start=0, end=9, facts=document.facts),),
    )
    with units() as unit:
        unit.documents.put(document)
        unit.commit()
    with units() as unit:
        assert unit.documents.get(document.id) == document


def test_a_document_is_superseded_by_another_until_it_is_not(units: Units) -> None:
    document = make_document()
    document = replace(document, parts=(Part(start=0, end=9, facts=document.facts),))
    with units() as unit:
        unit.documents.put(document)
        unit.documents.supersede(document.source, "new.txt")
        found = unit.documents.get(document.id)
        assert found.facts.superseded_by == found.parts[0].facts.superseded_by == "new.txt"
        unit.documents.supersede(document.source, None)
        assert unit.documents.get(document.id) == document
        with pytest.raises(NotFoundError):
            unit.documents.supersede("other.txt", None)


def test_a_removed_document_is_gone_with_its_editions(units: Units) -> None:
    old, new = make_document(), make_document(digest="1" * 64)
    with units() as unit:
        unit.documents.put(old)
        unit.documents.put(new)
        assert unit.documents.remove(old.source)
        assert not unit.documents.remove(old.source)
        assert unit.documents.entries() == []
        for one in (old, new):
            with pytest.raises(NotFoundError):
                unit.documents.get(one.id)


def test_documents_are_listed_by_source(units: Units) -> None:
    sources = ["乙.txt", "a.txt", "甲.txt", "B.txt"]
    with units() as unit:
        for source in sources:
            unit.documents.put(make_document(source))
        assert [one.source for one in unit.documents.revisions()] == sorted(sources)
        assert [one.source for one in unit.documents.several(sources)] == sorted(sources)
        assert unit.documents.several([]) == []


def test_a_revision_is_another_one_when_bytes_or_facts_change(units: Units) -> None:
    document = make_document()
    edited = replace(document, facts=replace(document.facts, title="另一个标题"))
    states = set()
    with units() as unit:
        for one in (document, edited, replace(document, digest="1" * 64), document):
            unit.documents.put(one)
            (found,) = unit.documents.revisions()
            assert (found.id, found.source) == (document.id, document.source)
            states.add(found.state)
    assert len(states) == 3


def test_a_record_is_found_as_it_was_stored(units: Units) -> None:
    record = make_event(valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31), version=1)
    with units() as unit:
        assert unit.records.put(record) == record
        unit.commit()
    with units() as unit:
        assert unit.records.get(record.id) == record
        assert unit.records.find(RecordId("events/none")) is None
        with pytest.raises(NotFoundError, match="events/none"):
            unit.records.get(RecordId("events/none"))


def test_the_version_counts_changes_of_dates_and_withdrawals_only(units: Units) -> None:
    event = make_event()
    assert event.starts_at is not None
    with units() as unit:
        unit.records.put(event)
        assert unit.records.put(replace(event, title="改名", region="江苏省")).version == 1
        assert unit.records.put(replace(event, withdrawn=True)).version == 2
        assert unit.records.put(event).version == 3
        moved = replace(event, starts_at=event.starts_at + timedelta(days=1))
        assert unit.records.put(moved).version == 4
        assert unit.records.put(moved).version == 4
        assert unit.records.put(replace(moved, closes_at=None)).version == 5
        assert unit.records.get(event.id) == replace(moved, closes_at=None, version=5)


def test_the_same_instant_in_another_zone_is_no_change(units: Units) -> None:
    event = make_event()
    assert event.starts_at is not None
    local = event.starts_at.astimezone(timezone(timedelta(hours=8)))
    with units() as unit:
        unit.records.put(event)
        assert unit.records.put(replace(event, starts_at=local)).version == 1


def test_an_instant_without_a_zone_is_refused(units: Units) -> None:
    naive = datetime(2026, 3, 1, 9, 0)  # noqa: DTZ001 -- the mistake this is about
    with units() as unit, pytest.raises(Exception, match="no time zone"):
        unit.records.put(make_event(starts_at=naive))


def test_instants_come_back_in_utc_to_the_microsecond(units: Units) -> None:
    instant = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    event = make_event(starts_at=instant)
    with units() as unit:
        unit.records.put(event)
        found = unit.records.get(event.id).starts_at
    assert found == instant
    assert found is not None
    assert found.tzinfo is UTC


def test_records_are_listed_by_library_withdrawn_ones_too(units: Units) -> None:
    expert, event = make_record(), make_event(withdrawn=True)
    with units() as unit:
        unit.records.put(expert)
        unit.records.put(event)
        assert unit.records.list() == [event, expert]
        assert unit.records.list([Library.EVENTS]) == [event]
        assert unit.records.list([Library.CALLS]) == []


def test_a_need_is_stored_once_per_key_with_all_it_says(units: Units) -> None:
    draft = make_draft()
    with units() as unit:
        need, new = unit.needs.put("web:li:m-1", LI, draft, START)
        unit.commit()
    with units() as unit:
        again, is_new = unit.needs.put("web:li:m-1", LI, NeedDraft(problem="另一个"), START)
        found = unit.needs.get(need.id)
    assert (new, is_new) == (True, False)
    assert again == found == need
    assert need.draft == draft


def test_needs_have_rising_ids_and_are_listed_newest_first(units: Units) -> None:
    with units() as unit:
        needs = [unit.needs.put(f"k{n}", LI, make_draft(), START)[0] for n in range(3)]
        other, _ = unit.needs.put("w", WANG, NeedDraft(), START)
        assert unit.needs.newest(10) == [other, *needs[::-1]]
        assert unit.needs.newest(1) == [other]
        with pytest.raises(NotFoundError, match="404"):
            unit.needs.get(NeedId(404))
    ids = [need.id for need in needs]
    assert ids == sorted(set(ids))


def test_a_question_of_a_key_is_queued_once(units: Units) -> None:
    with units() as unit:
        first = unit.questions.put(LI, "能报吗？", "", START, key="abstention:web:m1")
        again = unit.questions.put(LI, "能报吗？", "", START, key="abstention:web:m1")
        bare = [unit.questions.put(LI, "能报吗？", "", START) for _ in range(2)]
        assert again == first
        assert unit.questions.open() == [first, *bare]


def test_questions_wait_for_operators_oldest_first(units: Units) -> None:
    with units() as unit:
        first = unit.questions.put(LI, "能报吗？", "no evidence", START)
        second = unit.questions.put(WANG, "多少钱？", "", START)
        unit.questions.put_feedback(LI, Feedback(text="很好用"), START)
        unit.commit()
    with units() as unit:
        assert unit.questions.open() == [first, second]
    assert (first.address, second.question) == ("web:li", "多少钱？")
