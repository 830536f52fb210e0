"""The lexical index: exact, whatever way its segments were made."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.index.lexical.bm25 import K1, B, LexicalIndex, LexicalSegment
from knowledge.index.lexical.columns import Columns
from knowledge.index.lexical.postings import Postings, merge, postings_of, without
from knowledge.index.lexical.tokens import key_of, keys_in
from knowledge.lexicon.words import grams, normalise

TEXTS = ("科技服务队建设", "院士协同创新中心", "技术经理人培训", "科技服务团")
SCRIPT = "中国科技服务ab1.% \n，\U00020000"
texts_of = st.lists(st.text(SCRIPT, max_size=30), max_size=25)
queries = st.dictionaries(
    st.sampled_from([*"中国科技", "中国", "科技", "服务", "ab1", "a", "没有"]),
    st.sampled_from([0.5, 1.0, 2.0]),
    min_size=1,
)


def index_of(*segments: Sequence[str]) -> LexicalIndex:
    return LexicalIndex([LexicalSegment(postings_of(texts)) for texts in segments])


def naive(texts: Sequence[str], query: Mapping[str, float]) -> list[float]:
    """BM25 by its formula."""
    counts = [Counter(grams(text)) for text in texts]
    lengths = [sum(one.values()) for one in counts]
    average = (sum(lengths) / len(texts) if texts else 0.0) or 1.0
    found = [0.0] * len(texts)
    for token, weight in query.items():
        having = sum(token in one for one in counts)
        rarity = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
        for at, one in enumerate(counts):
            norm = K1 * (1 - B + B * lengths[at] / average)
            found[at] += weight * rarity * one[token] / (one[token] + norm)
    return found


@pytest.fixture
def index() -> LexicalIndex:
    return index_of(TEXTS)


def test_the_item_that_shares_most_is_first(index: LexicalIndex) -> None:
    numbers, scores = index.top(grams("科技服务队"), 10)
    assert numbers.tolist()[:2] == [0, 3]
    assert scores[0] > scores[1] > 0
    assert numbers.tolist() == index.top(dict.fromkeys(grams("科技服务队"), 1.0), 10)[0].tolist()


def test_a_token_may_weigh_more_in_the_query(index: LexicalIndex) -> None:
    once, twice = (index.top({"院士": weight}, 1)[1] for weight in (1.0, 2.0))
    assert twice[0] == pytest.approx(2 * once[0])


def test_rare_tokens_say_more_and_unknown_ones_most(index: LexicalIndex) -> None:
    assert index.rarity("科技") < index.rarity("院士") < index.rarity("没有") == 1.0
    assert index.frequency("科技") == 2


@pytest.mark.parametrize("segments", [[], [[]], [["", "，"]]])
def test_an_empty_collection_can_be_searched(segments: list[list[str]]) -> None:
    numbers, scores = index_of(*segments).top(["科技"], 3)
    assert (len(numbers), len(scores)) == (0, 0)


@settings(deadline=None)
@given(st.lists(st.text(SCRIPT + "é９％Ａ.%", max_size=40), max_size=8))
def test_tokens_are_those_of_grams(texts: list[str]) -> None:
    normalised = [normalise(text) for text in texts]
    keys, items = keys_in(normalised)
    for at, text in enumerate(normalised):
        assert Counter(keys[items == at].tolist()) == Counter(map(key_of, grams(text)))


def test_no_two_tokens_share_a_key() -> None:
    words = [f"{letter}{number}" for letter in "abcxyz" for number in range(3000)]
    some = list(map(chr, range(0x4E00, 0x4E80)))
    pairs = [left + right for left in some for right in some]
    assert len(set(map(key_of, [*words, *pairs, *"中国科技"]))) == len(words) + len(pairs) + 4


@settings(max_examples=150, deadline=None)
@given(
    texts=texts_of,
    gone=st.sets(st.integers(0, 24)),
    cuts=st.tuples(st.integers(0, 25), st.integers(0, 25)),
    query=queries,
    limit=st.integers(1, 12),
    tuning=st.sampled_from([(1, 0), (4, 0), (131_072, 0), (131_072, 100)]),
)
def test_the_best_are_found_exactly_in_whatever_pieces_and_whatever_was_removed(
    texts: list[str],
    gone: set[int],
    cuts: tuple[int, int],
    *,
    query: dict[str, float],
    limit: int,
    tuning: tuple[int, int],
) -> None:
    at_once, worth = tuning
    dead = np.array([at in gone for at in range(len(texts))], dtype=bool)
    first, second = sorted(cuts)
    pieces = [slice(0, first), slice(first, second), slice(second, None)]
    segments: list[LexicalSegment] = []
    for one in pieces:
        postings = postings_of(texts[one])
        columns = Columns.of(postings, worth=worth)
        segments.append(LexicalSegment(postings, dead[one], columns))
    index = LexicalIndex(segments, at_once=at_once)
    expected = np.zeros(len(texts))
    expected[~dead] = naive([text for at, text in enumerate(texts) if at not in gone], query)
    numbers, scores = index.top(query, limit)
    best = np.sort(expected[expected > 0])[::-1][:limit]
    assert scores == pytest.approx(best, rel=1e-5)
    assert expected[numbers] == pytest.approx(scores, rel=1e-5)
    for every in (1, 2, 4):  # nearly all are wanted, or few
        some = np.arange(0, len(texts), every)
        numbers, scores = index.top(query, limit, within=some)
        best = np.sort(expected[some][expected[some] > 0])[::-1][:limit]
        assert scores == pytest.approx(best, rel=1e-5)
        assert set(numbers.tolist()) <= set(some.tolist())
    live = np.flatnonzero(~dead)[::-1]
    assert index.scores_of(query, live) == pytest.approx(expected[live], rel=1e-5)
    for token in query:
        left = [grams(text) for at, text in enumerate(texts) if at not in gone]
        assert index.frequency(token) == sum(token in one for one in left)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(texts_of, min_size=1, max_size=4))
def test_merged_postings_are_those_of_all_texts(
    parts: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("merged")
    merge([postings_of(texts) for texts in parts], folder)
    whole = postings_of([text for texts in parts for text in texts])
    same(Postings.load(folder), whole)


@settings(deadline=None)
@given(texts=texts_of, gone=st.sets(st.integers(0, 24)))
def test_postings_without_some_items_are_those_of_the_others(
    texts: list[str], gone: set[int]
) -> None:
    dead = np.array([at in gone for at in range(len(texts))], dtype=bool)
    left = [text for at, text in enumerate(texts) if at not in gone]
    same(without(postings_of(texts), dead), postings_of(left))


def test_saved_postings_are_read_as_they_were(tmp_path: Path) -> None:
    postings = postings_of(TEXTS)
    postings.save(tmp_path)
    same(Postings.load(tmp_path), postings)


def same(left: Postings, right: Postings) -> None:
    for name in ("keys", "starts", "items", "counts", "lengths"):
        assert getattr(left, name).tolist() == getattr(right, name).tolist()
