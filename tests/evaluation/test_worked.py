"""Questions whose answer has to be worked out from a rule of the programme's documents.

The questions and the short facts expected are ours; the documents are read from the shared folder.
A line that is not answerable looks like arithmetic, but the documents do not give the rule.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.domain.documents import Answer, Exchange
from knowledge.base import IndexedKnowledgeBase
from tests.evaluation.conftest import NOW, Library

QUESTIONS = Path(__file__).with_name("worked_questions.jsonl")

RIGHT = 0.95
"""Share of the questions with a rule that are answered with all their facts."""

SILENT = 0.95
"""Share of the questions without a rule for which nothing is worked out."""

WORKED = "依据《"
"""What introduces the rule of a worked-out answer."""


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


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
    *, answerable: bool, least: float, seeds: Library
) -> None:
    asked = [line for line in lines() if line["answerable"] is answerable]
    faults = [one for line in asked if (one := fault(line, told(seeds.knowledge, line)))]
    assert 1 - len(faults) / len(asked) >= least, "\n".join(faults)
