"""Editions of one document: the newest answers, the older ones stay citable and are labelled."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.persistence import SqlUnits
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock
from tests.unit.knowledge.samples import CALL, NEXT_CALL

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture
def editions(sqlite_units: SqlUnits, tmp_path: Path) -> Iterator[IndexedKnowledgeBase]:
    base = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", FakeClock(NOW))
    for name, text in (("old.txt", CALL), ("new.txt", NEXT_CALL)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    list(base.ingest([tmp_path / "old.txt", tmp_path / "new.txt"]))
    yield base
    base.close()


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("云川的科普基地补助多少钱？", "10万元", "8万元"),
        ("科普基地要几个专职人员", "6人", "5人"),
        ("上一版指南里科普基地补助多少？", "8万元", "10万元"),
        ("2024年云川科普基地补助多少？", "8万元", "10万元"),
        ("前年的科普基地补助多少？", "8万元", "10万元"),
        ("现在还能申报科普基地吗", "2025年4月20日", "2024年4月15日"),
    ],
)
def test_the_newest_edition_answers_unless_another_is_meant(
    editions: IndexedKnowledgeBase, question: str, told: str, untold: str
) -> None:
    answer = editions.answer(question, now=NOW)
    assert told in answer.text
    assert untold not in answer.text


def test_an_answer_from_a_replaced_edition_names_the_newer_one(
    editions: IndexedKnowledgeBase,
) -> None:
    answer = editions.answer("2024年云川科普基地补助多少？", now=NOW)
    assert any("2025年度云川市科普基地申报指南" in note for note in answer.notes)
    assert not editions.answer("2025年云川科普基地补助多少？", now=NOW).notes[1:]
