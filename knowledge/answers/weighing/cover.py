"""Where the words of a question stand around a sentence: in it, above it, near it, or nowhere."""

import re
from functools import lru_cache

from knowledge.answers.scenes import Scene
from knowledge.answers.weighing.ordinals import said_first
from knowledge.lexicon.everyday import meanings
from knowledge.lexicon.lists import synonyms

OWN, HEADING, ITEM, TITLE, PASSAGE = range(5)
"""Layers around a sentence, innermost first."""

NOWHERE = 5
WORTH = (1.0, 0.9, 0.75, 0.85, 0.4, 0.0)
"""What a word is worth in each layer, and nowhere: how much of a subject is named."""

_PARTLY = 0.7
_MOST = 0.6
_HALF = 2
_COUNTS = re.compile("[一二三四五六七八九十百千万几个名]")


def place_of(word: str, scene: Scene, *, everyday: bool = False) -> tuple[int, float]:
    """The nearest layer in which a word, or what documents call it, stands; and how fully.

    What an everyday word means is looked for where the word itself is not near. A remark speaks
    of its item: what the item says counts as its own.
    """
    layer, fully = _place_of(word, scene)
    if everyday and layer >= PASSAGE:
        layer, fully = max((layer, fully), _meant(word, scene), key=_worth)
    return (OWN if scene.remark and layer == ITEM else layer), fully


def _place_of(word: str, scene: Scene) -> tuple[int, float]:
    official = (*synonyms().get(word, ()), *said_first(word))
    for layer, text in enumerate(scene.layers):
        if word in text:
            return layer, 1.0
        if any(one in text for one in official):
            return layer, 0.9
    return _partial(word, scene)


def _meant(word: str, scene: Scene) -> tuple[int, float]:
    """Where the best of what an everyday word means stands, and how fully that says it."""
    stands = ((layer, _said(word, text)) for layer, text in enumerate(scene.layers))
    return max(stands, key=_worth, default=(NOWHERE, 0.0))


@lru_cache(maxsize=16_384)
def _said(word: str, text: str) -> float:
    """How fully a text says what an everyday word means; headings and titles are shared."""
    return next((fully for one, fully in meanings(word) if one in text), 0.0)


def _worth(place: tuple[int, float]) -> float:
    layer, fully = place
    return WORTH[layer] * fully


def _partial(word: str, scene: Scene) -> tuple[int, float]:
    """Where most character pairs of a longer word stand, or the word with something inside."""
    gapped = _gapped(word)
    if gapped is not None:
        for layer, text in enumerate(scene.layers[:PASSAGE]):
            if gapped.search(text):
                return layer, 0.9
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    if len(pairs) < _HALF or word.isascii():
        return NOWHERE, 0.0
    for layer, text in enumerate(scene.layers):
        share = sum(pair in text for pair in pairs) / len(pairs)
        if share >= _MOST:
            return layer, share * _PARTLY
    return NOWHERE, 0.0


@lru_cache(maxsize=2_048)
def _gapped(word: str) -> re.Pattern[str] | None:
    """A word with something in between, or the short form of a longer one.

    省(区、市) for 省区市, 广州市人民政府 for 广州市政府, 专家人才库 for 专家库, 企业创新 for 企创.
    """
    if word.isascii() or _COUNTS.search(word):
        return None
    if len(word) == _HALF:
        return re.compile("".join(f"{char}[\u4e00-\u9fff]" for char in word))
    halves = (f"{word[:at]}[^,，。;；:、]{{1,2}}{word[at:]}" for at in range(_HALF, len(word)))
    return re.compile("|".join(("[()、“”]{0,2}".join(word), *halves)))
