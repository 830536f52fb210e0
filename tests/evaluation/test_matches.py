"""Matching on the judged sets: nothing behind a gate, and better than plain search."""

from datetime import datetime
from pathlib import Path

import pytest

from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI
from keqiao.evaluation.matches import evaluate, read_judged

SETS = Path(__file__).parent / "matches"
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize("judged", ["a/development", "a/held_out", "b/development", "b/held_out"])
def test_no_gate_yields_and_plain_search_is_beaten(judged: str) -> None:
    figures = evaluate(read_judged(SETS / judged), NOW, lambda _said: None)
    ours, words = figures["matching"], figures["bm25"]
    assert ours["gate_violations"] == 0
    assert words["gate_violations"] > 0
    assert ours["ndcg@5"] > words["ndcg@5"]
    assert ours["recall@10"] > words["recall@10"]
    assert figures["vectors"].keys() == ours.keys()


def test_a_line_that_is_no_judgement_is_named(tmp_path: Path) -> None:
    for name in ("needs.jsonl", "judgements.tsv"):
        (tmp_path / name).write_bytes((SETS / "a/development" / name).read_bytes())
    (tmp_path / "resources.jsonl").write_bytes((SETS / "a/resources.jsonl").read_bytes())
    assert read_judged(tmp_path).grades
    with (tmp_path / "judgements.tsv").open("a", encoding="utf-8") as file:
        file.write("na05\ta041\tgood\t\n")
    with pytest.raises(BadInputError, match="不是“需求、资源、等级、理由”"):
        read_judged(tmp_path)
