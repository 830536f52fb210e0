"""The figures of `evaluate retrieval`, against values worked out by hand."""

import math

from keqiao.evaluation.retrieval import percentile, score


def test_a_perfect_ranking_scores_one() -> None:
    assert score({"q": ["a"]}, {"q": {"a": 1}}) == {
        "ndcg@10": 1.0,
        "success@1": 1.0,
        "recall@10": 1.0,
        "mrr@10": 1.0,
    }


def test_a_hit_at_rank_two_of_two_wanted() -> None:
    found = score({"q": ["x", "a"]}, {"q": {"a": 1, "b": 1}})
    ideal = 1 + 1 / math.log2(3)
    assert found == {
        "ndcg@10": round((1 / math.log2(3)) / ideal, 4),
        "success@1": 0.0,
        "recall@10": 0.5,
        "mrr@10": 0.5,
    }


def test_a_query_without_an_answer_counts_as_zero() -> None:
    assert score({}, {"q": {"a": 1}})["ndcg@10"] == 0.0


def test_percentile_is_a_value_that_was_seen() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
