"""Finding notices for real questions of the public, on the shared judged set."""

from pathlib import Path

import pytest

from keqiao.evaluation.retrieval import evaluate


def test_real_questions_find_their_notices(shared: Path) -> None:
    folder = shared / "eval" / "policy_qa"
    if not (folder / "corpus.jsonl").is_file():
        pytest.skip(f"{folder} is not there")
    figures = evaluate(folder, lambda _line: None)
    assert figures["ndcg@10"] >= 0.90
    assert figures["success@1"] >= 0.82
