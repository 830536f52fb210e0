"""Which provinces and cities a text names, and in which words."""

import re
from functools import cache, lru_cache
from itertools import accumulate

from knowledge.lexicon.lists import abbreviations, regions
from knowledge.lexicon.words import segmenter

_SEVERAL = re.compile(r"京津冀|长三角|珠三角|粤港澳|长江三角洲|川渝|成渝|港澳台|苏南|苏北|苏中")
"""Names of several provinces together, or of parts of one, name none."""

_AREA = "[市省区县州盟]?"


@lru_cache(maxsize=2_048)
def places_in(normalised: str) -> dict[str, str]:
    """The provinces and cities that a text names, in its order, each to its province's short name.

    A province counts wherever its name stands (科创江苏); a city only as a word of its own, as
    its characters may meet across the border of other words (其中山东); an abbreviation only
    alone or beside another name (苏、渝两地).
    """
    found = {at: name for at, name in _named(normalised) if name}
    text = _SEVERAL.sub(lambda one: "＿" * len(one.group()), normalised)
    for match in _short().finditer(text):
        found.setdefault(match.start(), match.group())
    known = {**regions(), **abbreviations()}
    return {name: known[name] for _, name in sorted(found.items())}


def without_places(normalised: str) -> str:
    """A text without the places it names."""
    for name in sorted(places_in(normalised), key=len, reverse=True):
        tail = "" if len(name) == 1 else "(?:省|市|自治区|[区县](?![区县]))?"
        normalised = re.sub(re.escape(name) + tail, "", normalised)
    return normalised


def _named(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    end = 0
    for match in _long().finditer(text):
        name = match.group(1)
        inside = match.start() < end
        if not inside and (regions()[name] == name or _is_word(text, match.start(), name)):
            found.append((match.start(), name))
            end = match.start() + len(name)
    return found


def _is_word(text: str, at: int, name: str) -> bool:
    """Whether a name is a word of the text, perhaps with 市 or the like behind it."""
    borders = {0, *accumulate(len(word) for word, _ in segmenter().cut(text))}
    tail = re.match(_AREA, text[at + len(name) :])
    ends = {at + len(name), at + len(name) + (tail.end() if tail else 0)}
    return at in borders and bool(ends & borders)


@cache
def _long() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(regions(), key=len, reverse=True)))
    return re.compile(f"(?=({names}))")


@cache
def _short() -> re.Pattern[str]:
    one = f"[{''.join(abbreviations())}]"
    beside = "[、和跟与及]"
    behind = f"(?={beside}|的|{one}|科协|省|地|两|$)"
    return re.compile(
        rf"(?<![\u4e00-\u9fff]){one}{behind}"
        rf"|(?<={beside}){one}{behind}|(?<=[那在来我们]){one}(?=的|呢|$)"
        rf"|(?<=(?<![\u4e00-\u9fff]){one}){one}(?=的|两|分别|各|{beside})"
    )
