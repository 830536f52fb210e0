"""What everyday words mean in official documents, and where a text says them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate

from knowledge.lexicon.lists import lines, stopwords
from knowledge.lexicon.words import TELLING, segmenter, subject_words

SURE, PERHAPS = 0.8, 0.5
"""How fully an everyday word is said by a word it means, and by one it may mean."""

_RARER = 0.25
"""How much rarer a word is than what it means when the documents do not use it themselves."""

_UNUSED = 1.0
"""The rarity of what no document uses."""

_SHORTEST = 2
_OPEN = "·"
_BETWEEN = "(?:[一两几][个下份笔次场]|[哪谁][个些家的]?|什么|啥|多少|[了个下上完过到好的得]{1,2})?"
"""What may stand between a verb and its object: 盖个章, 打多少款."""


def meanings(word: str) -> tuple[tuple[str, float], ...]:
    """The official words for an everyday one, each with how fully it says it; sure ones first."""
    return _table().get(word, ())


def sure(word: str) -> tuple[str, ...]:
    """The official words that an everyday one surely means."""
    return tuple(one for one, fully in meanings(word) if fully == SURE)


def is_everyday(word: str, rarity: Callable[[str], float]) -> bool:
    """Whether documents say what a word means rather than the word; `rarity` is theirs.

    A word of their own is no everyday one: where it is missing, they speak of something else.
    """
    own = rarest_pair(word, rarity)
    return any(
        own - rare >= _RARER or rare < own >= _UNUSED
        for rare in (rarest_pair(one, rarity) for one, _ in meanings(word))
    )


def rarest_pair(word: str, rarity: Callable[[str], float]) -> float:
    """The rarity of a word's rarest pair of characters."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] if not word.isascii() else []
    return max(map(rarity, pairs or [word]))


def with_phrases(normalised: str) -> dict[str, float]:
    """The subject words of a text, its everyday phrases in place of the words they are made of."""
    found = subject_words(normalised)
    for said, inside in _phrases(normalised).items():
        weights = [found.pop(word) for word in inside if word in found]
        found[said] = TELLING if said in _open() else max(weights, default=TELLING)
    return found


def _phrases(normalised: str) -> dict[str, list[str]]:
    """Everyday phrases of several words, each with the words of the text it is made of.

    One begins and ends where words do (拿证 does not stand in 拿证书). None is told whose own
    words are official ones already (技术交易 where 交易 is).
    """
    cut = [word for word, _ in segmenter().cut(normalised)]
    ends = list(accumulate(map(len, cut)))
    found: dict[str, list[str]] = {}
    reached = 0
    for at, word in enumerate(cut):
        begin = ends[at] - len(word)
        said, end = _longest(normalised, begin, ends)
        if begin >= reached and end > ends[at]:
            inside = cut[at : ends.index(end) + 1]
            reached = end
            if not any(_stands(one, said) for one in inside):
                found[said] = inside
    return found


def _longest(text: str, begin: int, ends: list[int]) -> tuple[str, int]:
    """The longest entry that begins at a place and ends with a word, and where it does."""
    for said, rest in _beginning().get(text[begin], ()):
        if rest is None:
            end = begin + len(said) if text.startswith(said, begin) else 0
        else:
            match = rest.match(text, begin)
            end = match.end() if match else 0
        if end in ends:
            return said, end
    return "", 0


def _stands(word: str, said: str) -> bool:
    return len(word) >= _SHORTEST and any(word in one for one, _ in meanings(said))


@cache
def _table() -> dict[str, tuple[tuple[str, float], ...]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for entry, official, perhaps in _entries():
        said = entry.replace(_OPEN, "")
        for one, fully in (
            *((one, SURE) for one in official),
            *((one, PERHAPS) for one in perhaps),
        ):
            found[said][one] = max(fully, found[said].get(one, 0.0))
        found[said].pop(said, None)
    return {
        said: tuple(sorted(own.items(), key=lambda each: -each[1])) for said, own in found.items()
    }


@cache
def _open() -> frozenset[str]:
    return frozenset(one.replace(_OPEN, "") for one, _, _ in _entries() if _OPEN in one)


@cache
def _beginning() -> dict[str, list[tuple[str, re.Pattern[str] | None]]]:
    """What may begin with a character, the longest first; a pattern where it may stand open."""
    found: defaultdict[str, list[tuple[str, re.Pattern[str] | None]]] = defaultdict(list)
    for entry in sorted({one for one, _, _ in _entries()}, key=len, reverse=True):
        apart = re.compile(re.escape(entry).replace(_OPEN, _BETWEEN)) if _OPEN in entry else None
        found[entry[0]].append((entry.replace(_OPEN, ""), apart))
    return found


def _entries() -> Iterator[tuple[str, list[str], list[str]]]:
    for line in lines("everyday"):
        said, _, meant = line.partition("=")
        official, _, perhaps = meant.partition("~")
        for one in said.split():
            if len(one) >= _SHORTEST and one not in stopwords():
                yield one, official.split(), perhaps.split()
