"""For whom a condition holds, and whether that is the one who asks."""

import re
from collections.abc import Iterable, Sequence

from knowledge.answers.working.measured.terms import Term
from knowledge.lexicon.words import normalise

_KINDS = (
    ("企业", r"(?<!发榜)(?:企业|公司|我司|厂(?!房)|初创)"),
    ("合作社", r"合作社|农合"),
    ("高校", r"高校|大学(?!生)|学院|高等院校"),
    ("院所", r"科研院所|研究院|研究所"),
    ("学会", r"学会|协会|研究会"),
    ("园区", r"园区|开发区"),
    ("医院", r"医院|医疗机构"),
    ("学校", r"中小学|中学|小学"),
    ("乡镇", r"乡镇|基层|一线|县\(区\)|县区"),
)
_KIND = {name: re.compile(words) for name, words in _KINDS}
_ANY_KIND = "|".join(words for _, words in _KINDS)
_OF_WHOM = re.compile(
    rf"(?:{_ANY_KIND})(?:[^,;。:]{{0,16}}的)?(?=$)|(?:{_ANY_KIND})(?:人员)?等?(?:应当?|须|需|必须|年龄)"
)
_OPENING = re.compile(r"^[^\u4e00-\u9fff]*(?:第[一二三四五六七八九十百]+[条章])?\s*(?:答:)?")
_FIRST = re.compile(r"^[^,;。:]*")


def kinds_in(text: str) -> set[str]:
    """The sorts of units and persons that a normalised text names."""
    return {name for name, words in _KIND.items() if words.search(text)}


def kinds_of(term: Term) -> set[str]:
    """The sorts of units that a condition says to hold for; none where it does not say."""
    for text in (normalise(term.sentence.text), *map(normalise, reversed(term.sentence.path))):
        first = _FIRST.match(_OPENING.sub("", text))
        words = first.group() if first else ""
        if _OF_WHOM.search(words):
            return kinds_in(words)
    return set()


def named_labels(text: str, labels: Iterable[str]) -> set[str]:
    """The classes of one group that a question names: 初创组 for 初创企业组."""
    every = list(dict.fromkeys(labels))
    full = {one for one in every if _full(one, text)}
    if full:
        return full
    return {one for one in every if any(pair in text for pair in _own_pairs(one, every))}


def _full(label: str, text: str) -> bool:
    """Whether a class is named by its beginning and its last character."""
    stem, last = re.escape(label[:2]), re.escape(label[-1])
    return bool(re.search(rf"{stem}[\u4e00-\u9fff]{{0,2}}{last}", text))


def _own_pairs(label: str, labels: Sequence[str]) -> set[str]:
    """The first pair of a class's name, where no other class has it."""
    pair = label[:2]
    return set() if any(pair in one for one in labels if one != label) else {pair}
