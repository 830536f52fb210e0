"""Everyday words: which are told in a question, and what they mean in official documents."""

from collections.abc import Callable

import pytest

from knowledge.lexicon.everyday import is_everyday, meanings, sure, with_phrases
from knowledge.lexicon.lists import lines
from knowledge.lexicon.words import NAMING


def test_what_is_sure_comes_before_what_may_be_meant() -> None:
    told = meanings("带队的")
    assert "负责人" in sure("带队的")
    assert [fully for _, fully in told] == sorted((fully for _, fully in told), reverse=True)
    assert len({fully for _, fully in told}) > 1


def test_an_unknown_word_means_nothing_else() -> None:
    assert meanings("翘曲变形") == ()


@pytest.mark.parametrize("asked", ["盖章", "盖个章", "盖谁的章"])
def test_something_small_may_stand_between_a_verb_and_its_object(asked: str) -> None:
    assert "盖章" in with_phrases(asked)


def test_a_phrase_begins_and_ends_where_words_do() -> None:
    assert "拿证" in with_phrases("学完能拿个证")
    assert "拿证" not in with_phrases("拿证书的人")


def test_a_phrase_stands_in_place_of_its_words() -> None:
    words = with_phrases("做到一半专家来检查")
    assert "做到一半" in words
    assert "一半" not in words
    assert words["专家"] == NAMING


def _rarity(*, known: str) -> Callable[[str], float]:
    return lambda pair: 0.3 if pair in known else 1.0


def test_a_word_is_everyday_where_documents_say_what_it_means() -> None:
    assert is_everyday("交差", _rarity(known="项目结题验收"))
    assert not is_everyday("交差", _rarity(known="项目结题验收之前不得交差"))
    assert not is_everyday("交差", _rarity(known="注塑件"))


def test_no_official_word_is_listed_as_an_everyday_one() -> None:
    said: set[str] = set()
    official: set[str] = set()
    for line in lines("everyday"):
        left, _, right = line.partition("=")
        said.update(one.replace("·", "") for one in left.split())
        official.update(right.partition("~")[0].split())
        assert right.partition("~")[0].split(), line
    assert not said & official
