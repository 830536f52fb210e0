"""Questions whose answer has to be worked out from a rule of the programme's documents.

The questions and the short facts expected are ours; the documents are read from the shared folder.
A line that is not answerable looks like arithmetic, but the documents do not give the rule.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.domain.documents import Answer, Exchange
from core.persistence import SqlUnits, make_engine, migrate
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
QUESTIONS = Path(__file__).with_name("worked_questions.jsonl")

RIGHT = 0.95
"""Share of the questions with a rule that are answered with all their facts."""

SILENT = 0.95
"""Share of the questions without a rule for which nothing is worked out."""

WORKED = "依据《"
"""What introduces the rule of a worked-out answer."""


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def base(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    files = sorted((shared / "seeds").glob("*.txt"))
    if not files:
        pytest.skip(f"{shared / 'seeds'} holds no documents")
    home = tmp_path_factory.mktemp("worked")
    url = f"sqlite:///{home / 'keqiao.db'}"
    migrate(url)
    engine = make_engine(url)
    knowledge = IndexedKnowledgeBase(SqlUnits(engine), home, FakeClock(NOW))
    list(knowledge.ingest(files))
    yield knowledge
    knowledge.close()
    engine.dispose()


def told(base: IndexedKnowledgeBase, line: dict[str, Any]) -> Answer:
    now = datetime.fromisoformat(line["now"]) if "now" in line else NOW
    *before, last = line.get("turns") or [line["question"]]
    history: list[Exchange] = []
    for turn in before:
        answer = base.answer(turn, now=now, history=history)
        history.append(Exchange(question=turn, answer=answer.text))
    return base.answer(last, now=now, history=history)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def fault(line: dict[str, Any], answer: Answer) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if not line["answerable"]:
        return f"{line['id']} works out {answer.text!r}" if WORKED in answer.text else ""
    said = bare(answer.text)
    cited = {one.source[:3] for one in answer.citations}
    missing = [fact for fact in line["facts"] if not any(bare(one) in said for one in fact)]
    if answer.abstained or missing or not cited & set(line["sources"]):
        return f"{line['id']} misses {missing} of {answer.text!r}"
    return ""


@pytest.mark.parametrize(("answerable", "least"), [(True, RIGHT), (False, SILENT)])
def test_what_has_a_rule_is_worked_out_and_nothing_else(
    *, answerable: bool, least: float, base: IndexedKnowledgeBase
) -> None:
    asked = [line for line in lines() if line["answerable"] is answerable]
    faults = [one for line in asked if (one := fault(line, told(base, line)))]
    assert 1 - len(faults) / len(asked) >= least, "\n".join(faults)
