"""Questions in applicants' own words over the programme's documents: facts, citations, silence.

The questions and the short facts expected are ours; the documents are read from the shared folder.
A question may name several sources by their first three digits, joined by a bar.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain.documents import Answer, Exchange
from core.persistence import SqlUnits, make_engine, migrate
from knowledge.base import IndexedKnowledgeBase
from knowledge.structure.chunks import headings
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
QUESTIONS = Path(__file__).with_name("seeds_questions.jsonl")

FACTS = 0.95
"""Share of answerable questions whose fact stands in the reply and in its quote."""
ABSTENTIONS = 0.95
"""Share of unanswerable questions that are not answered."""
FOLLOW_UPS = 0.9

HEADINGS = {"000": 95, "001": 18, "002": 0, "003": 87, "004": 15}
"""Numbered headings and items of each document, counted by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question of the set."""

    id: str
    kind: str
    question: str
    source: str | None
    facts: tuple[str, ...]
    """Any of these answers."""
    items: tuple[str, ...]
    """All of these belong to the answer; a list has them instead of facts."""
    history: tuple[Exchange, ...]


def lines() -> list[Line]:
    return [
        Line(
            id=row["id"],
            kind=row["kind"],
            question=row["question"],
            source=row["source"],
            facts=tuple(row["facts"]),
            items=tuple(row.get("all", ())),
            history=tuple(Exchange(question=one) for one in row.get("history", ())),
        )
        for row in map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    ]


@pytest.fixture(scope="module")
def seeds(shared: Path) -> dict[str, str]:
    files = sorted((shared / "seeds").glob("*.txt"))
    if len(files) != len(HEADINGS):
        pytest.skip(f"{shared / 'seeds'} does not hold the five documents")
    return {file.name: file.read_text(encoding="utf-8") for file in files}


@pytest.fixture(scope="module")
def base(
    shared: Path, seeds: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[IndexedKnowledgeBase]:
    home = tmp_path_factory.mktemp("seeds")
    url = f"sqlite:///{home / 'keqiao.db'}"
    migrate(url)
    engine = make_engine(url)
    knowledge = IndexedKnowledgeBase(SqlUnits(engine), home, FakeClock(NOW))
    list(knowledge.ingest([shared / "seeds" / name for name in seeds]))
    yield knowledge
    knowledge.close()
    engine.dispose()


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def fault(line: Line, answer: Answer) -> str:
    """What is wrong with an answer to an answerable question; empty when nothing is."""
    if answer.abstained:
        return f"abstained ({answer.reason})"
    sources = (line.source or "").split("|")
    cited = [one for one in answer.citations if one.source[:3] in sources]
    if answer.citations[0].source[:3] not in sources:
        return f"cites {answer.citations[0].source}"
    wanted = all if line.items else any
    facts = line.items or line.facts
    if not wanted(bare(fact) in bare(answer.text) for fact in facts):
        return f"says {answer.text!r}"
    # a row's reply joins header and cell, its quote has them apart
    quoted = bare("".join(one.quote for one in cited))
    if not wanted(bare(fact.split("：")[-1]) in quoted for fact in facts):
        return f"quotes {cited[0].quote!r}"
    return ""


def share(kind: str, base: IndexedKnowledgeBase) -> tuple[float, str]:
    wanted = [line for line in lines() if line.id.startswith(kind)]
    faults = {}
    for line in wanted:
        answer = base.answer(line.question, now=NOW, history=line.history)
        if line.source is None:
            wrong = "" if answer.abstained else f"says {answer.text!r}"
        else:
            wrong = fault(line, answer)
        if wrong:
            faults[line.id] = f"{line.id} {line.question}: {wrong}"
    return 1 - len(faults) / len(wanted), "\n".join(faults.values())


@pytest.mark.parametrize(("kind", "least"), [("a", FACTS), ("u", ABSTENTIONS), ("f", FOLLOW_UPS)])
def test_answers_are_right_or_withheld(
    kind: str, least: float, base: IndexedKnowledgeBase
) -> None:
    reached, faults = share(kind, base)
    assert reached >= least, faults


def test_every_quote_stands_verbatim_in_its_document(
    base: IndexedKnowledgeBase, seeds: dict[str, str]
) -> None:
    for line in lines():
        answer = base.answer(line.question, now=NOW, history=line.history)
        for one in answer.citations:
            assert seeds[one.source][one.start : one.end] == one.quote


def test_what_has_ended_is_said(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("科创江苏项目什么时候截止申报？", now=NOW)
    assert any("2021年5月30日" in note for note in answer.notes)
    answer = base.answer("2022年要打造多少个平台协作站点", now=NOW)
    assert any("2022年12月31日" in note for note in answer.notes)


def test_every_numbered_heading_is_recognised(seeds: dict[str, str]) -> None:
    assert {name[:3]: len(headings(text)) for name, text in seeds.items()} == HEADINGS
