"""The index of records follows what is stored, one record at a time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.records import Library, Record
from core.persistence import SqlUnits
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock

SUBJECTS = ("注塑翘曲变形", "锂电池热失控", "光伏组件衰减", "机器视觉缺陷检测", "果蔬冷链保鲜")


def make(number: int, **fields: object) -> Record:
    subject = SUBJECTS[number % len(SUBJECTS)]
    record = Record(
        library=Library.EXPERTS,
        external_id=f"{number:05}",
        title=f"专家{number}",
        summary=f"研究{subject}，第{number}号课题。",
    )
    return replace(record, **fields)  # type: ignore[arg-type] # fields of the caller


@pytest.fixture
def base(sqlite_units: SqlUnits, tmp_path: Path) -> Iterator[IndexedKnowledgeBase]:
    knowledge = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", FakeClock())
    yield knowledge
    knowledge.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "index" / "records"


def keep(base: IndexedKnowledgeBase, units: SqlUnits, *records: Record) -> None:
    with units() as unit:
        for record in records:
            unit.records.put(record)
        unit.commit()
    base.index_records(records)


def segments(folder: Path) -> dict[str, int]:
    """Sizes of what the segments of an index hold, by name."""
    return {
        one.name: len((one / "rows.jsonl").read_text("utf-8").splitlines())
        for one in (folder / "segments").iterdir()
    }


def test_records_are_recalled_by_what_they_say(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits
) -> None:
    records = [
        Record(library=Library.EXPERTS, external_id="1", title="注塑翘曲变形分析专家"),
        Record(library=Library.TEAMS, external_id="2", title="高分子材料科技服务团"),
        Record(library=Library.EXPERTS, external_id="3", title="注塑工艺专家", withdrawn=True),
    ]
    keep(base, sqlite_units, *records)
    found = base.recall("我们做注塑的，产品老是翘曲变形")
    assert [one.record_id for one in found] == ["experts/1"]
    assert {"注塑", "翘曲变形"} <= set(found[0].terms)
    assert 0 < found[0].relevance <= 1
    assert base.recall("注塑翘曲", libraries=[Library.TEAMS]) == []
    keep(base, sqlite_units, replace(records[0], withdrawn=True))
    assert base.recall("注塑翘曲") == []


def test_one_record_more_writes_that_record_alone(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits, folder: Path
) -> None:
    keep(base, sqlite_units, *(make(number) for number in range(600)))
    before = segments(folder)
    keep(base, sqlite_units, make(600, summary="研究超导磁体"))
    added = {name: size for name, size in segments(folder).items() if name not in before}
    assert list(added.values()) == [1]
    assert base.recall("超导磁体", limit=1)[0].record_id == "experts/00600"


def test_a_changed_record_is_found_by_its_new_words_only(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits
) -> None:
    keep(base, sqlite_units, *(make(number) for number in range(20)))
    keep(base, sqlite_units, make(7, summary="研究超导磁体"))
    assert [one.record_id for one in base.recall("超导磁体", limit=1)] == ["experts/00007"]
    again = base.recall(f"{SUBJECTS[2]}第7号课题", limit=50)
    assert "第7号课题" not in " ".join(t for one in again for t in one.terms)
    assert sum(one.record_id == "experts/00007" for one in again) <= 1


def test_pieces_are_ranked_like_an_index_made_at_once(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    for first in range(0, 60, 3):
        keep(base, sqlite_units, *(make(number) for number in range(first, first + 3)))
    keep(base, sqlite_units, make(5, withdrawn=True), make(6, summary="研究注塑翘曲变形与收缩"))
    whole = IndexedKnowledgeBase(sqlite_units, tmp_path / "whole", FakeClock())
    for question in ("注塑翘曲变形", "锂电池的热失控", "机器视觉缺陷检测第3号"):
        # ties at the end of the list may fall differently: order of storing is no rank
        ours, theirs = base.recall(question, limit=60), whole.recall(question, limit=60)
        assert ours == theirs
    whole.close()


def test_what_a_crash_left_out_of_the_index_a_repeat_brings_in(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits, folder: Path
) -> None:
    keep(base, sqlite_units, make(1))
    with sqlite_units() as unit:
        unit.records.put(make(2, summary="研究超导磁体"))
        unit.commit()
    assert not any(one.record_id == "experts/00002" for one in base.recall("超导磁体"))
    base.index_records([make(2)])
    assert base.recall("超导磁体", limit=1)[0].record_id == "experts/00002"
    version = (folder / "current").read_text("utf-8")
    base.index_records([make(1), make(2)])
    assert (folder / "current").read_text("utf-8") == version


@pytest.mark.parametrize("harm", ["rows.jsonl", "keys.npy", "current"])
def test_a_damaged_index_is_made_again_from_the_database(
    sqlite_units: SqlUnits, tmp_path: Path, folder: Path, harm: str
) -> None:
    first = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", FakeClock())
    keep(first, sqlite_units, *(make(number) for number in range(5)))
    first.close()
    (path,) = folder.glob(harm) if harm == "current" else folder.glob(f"segments/*/{harm}")
    path.write_bytes(b"broken")
    again = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", FakeClock())
    assert again.recall("光伏组件衰减", limit=1)[0].record_id == "experts/00002"
    keep(again, sqlite_units, make(9, summary="研究超导磁体"))
    assert again.recall("超导磁体", limit=1)[0].record_id == "experts/00009"
    again.close()


def test_a_folder_of_the_former_kind_is_made_again(
    base: IndexedKnowledgeBase, sqlite_units: SqlUnits, folder: Path
) -> None:
    keep(base, sqlite_units, make(1))
    for path in folder.glob("segments/*/keys.npy"):
        path.unlink()
    base.index_records([make(1)])
    assert base.recall("锂电池热失控", limit=1)[0].record_id == "experts/00001"
