"""Which item of a list a person means: 第二个, 都, or words of its title."""

import re
from collections.abc import Sequence

from actions.understanding.numbers import HANZI, count
from actions.understanding.text import fold

ORDINAL = re.compile(rf"第\s*(\d{{1,2}}|{HANZI})\s*(?:个|场|项|条|次|家|期|$|[,、和及])?")
BARE = re.compile(r"^\s*(\d{1,2})\s*$")
LAST = re.compile(r"最后(?:一|那)?(?:个|场|项|条)|最末")
ALL = re.compile(
    r"全部|所有|(?<![成首])都(?:要|给|帮|提醒|取消|设|提前|想|需|订|不要)|每[个场项]|这几[个场]"
)
IGNORED = frozenset("的在了和与及年月日第个场关于我们提前一两三天小时醒取消设置活动")
"""A piece of a title made of these alone names nothing."""
ENOUGH = 2
NOT_THERE = -1
"""Stands for an item that was named but is not in the list."""


def placed(text: str, titles: Sequence[object]) -> list[int]:
    """Positions (from 0) of the items named by their places, NOT_THERE for one beyond."""
    folded = fold(text)
    ordinals = [count(found) for found in ORDINAL.findall(folded) + BARE.findall(folded)]
    if LAST.search(folded) and titles:
        ordinals.append(len(titles))
    return [
        number - 1 if 1 <= number <= len(titles) else NOT_THERE
        for number in ordinals
        if number is not None
    ]


def picked(text: str, titles: Sequence[str]) -> list[int]:
    """Positions (from 0) of the items meant, none when none is named, NOT_THERE for one beyond."""
    folded = fold(text)
    if ALL.search(folded):
        return list(range(len(titles)))
    return placed(text, titles) or by_title(folded, titles)


def by_title(text: str, titles: Sequence[str]) -> list[int]:
    """The one item that the text shares most of a title with, none when two share as much."""
    scores = [_shared(text, fold(title), titles) for title in titles]
    best = max(scores, default=0)
    if best < ENOUGH or scores.count(best) > 1:
        return []
    return [scores.index(best)]


def _shared(text: str, title: str, titles: Sequence[str]) -> int:
    """Length of the longest piece of the title in the text that tells it from the others."""
    pieces = (
        title[start:end]
        for start in range(len(title))
        for end in range(start + ENOUGH, len(title) + 1)
        if title[start:end] in text
    )
    return max((len(p) for p in pieces if not set(p) <= IGNORED and _tells(p, titles)), default=0)


def _tells(piece: str, titles: Sequence[str]) -> bool:
    return sum(piece in fold(title) for title in titles) == 1
