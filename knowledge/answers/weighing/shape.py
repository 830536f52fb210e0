"""The form of a sentence: heading, row, list, length; and whether it enumerates what is asked."""

import re
from collections.abc import Collection
from functools import lru_cache

from knowledge.answers.kinds import CONTACTS, Kind
from knowledge.answers.question import Question
from knowledge.answers.scenes import Scene
from knowledge.lexicon.words import normalise
from knowledge.structure.chunks import Sentence

_LONG, _SHORT = 160, 12
_MANY = 4
_BEHIND = 14
"""Characters behind a count within which what it counts is named."""

_BRACKETS = re.compile(r"\([^()]*\)$")
_LEADS_IN = re.compile(r"[：:]$|(?:如下|下列[^，。]{0,8})[：:。]?$")
_CONSULTED = re.compile(r"咨询|联系人|联系电话")
_SOMEWHERE = re.compile(r"[\u4e00-\u9fff]{2}[市县区]")
_TOLD_AFTER = re.compile(
    r"[^，。；]{0,20}[:：]|[^，。；]{0,20}(?:包括|分别|是[“《])|[^,。;]{0,12}—"
)
_SOME_OF = re.compile(r"([^，。；,;]*、[^，。；,;]*)等$")
"""Some of a set, which is then counted whole: 甲、乙等25位."""

_DIGITS = re.compile(r"\d+")
_COUNTS = "两二三四五六七八九"
_TOLD_BEFORE = re.compile(r"、[^、，。；,;]{2,20}$|”(?:和|、|以及)“[^”]+”[^、，。；]{0,3}$")


def shape(question: Question, sentence: Sentence, scene: Scene) -> dict[str, float]:
    """Bare headings answer little, long sentences are unhandy, a row is known by its cells."""
    own = scene.own
    if sentence.row:
        return _row(question, sentence, own)
    found = {"long": min(len(own) / _LONG, 2.0), "short": float(len(own) < _SHORT)}
    if sentence.path and sentence.text.rstrip("。：:；;") == sentence.path[-1]:
        found["bare_heading"] = 1.0
    elif _LEADS_IN.search(sentence.text.strip()):
        found["leads_in"] = 1.0
    if question.kind in CONTACTS and _CONSULTED.search(own):
        found["consulted"] = 1.0
    first = next(iter(question.words), "")
    found["starts"] = float(bool(first) and own.startswith(first))
    return found


def _row(question: Question, sentence: Sentence, own: str) -> dict[str, float]:
    elsewhere = question.kind in CONTACTS and any(
        place not in question.text for place in _SOMEWHERE.findall(own)
    )
    values = _values(sentence)
    named = sum(value in question.text for value in values)
    return {
        "row": 1.0,
        "elsewhere": float(elsewhere),
        "cells_named": min(named, _MANY) / _MANY,
        "cells_other": float(not named),
        "cell_starts": float(
            any(value.startswith(word) for word in question.words for value in values)
        ),
    }


@lru_cache(maxsize=4_096)
def _values(sentence: Sentence) -> frozenset[str]:
    """The values of a row's cells, without what stands in brackets behind them."""
    found = (_BRACKETS.sub("", normalise(value)) for _, value in sentence.cells)
    return frozenset(one for one in found if one)


def listed(question: Question, scene: Scene) -> dict[str, float]:
    """Whether what is asked for is enumerated: 甲、乙等领域, 领域：甲、乙, 三个领域：甲.

    A counted set (26个城市) is not enumerated by being counted.
    """
    own = scene.own
    items = own.count("、") + own.count("“")
    found = {"items": min(items, _MANY) / _MANY}
    target = question.target
    above = bool(target) and target in scene.heading and own.count("、") > 1
    near = above or bool(items and target and _near(target).search(_apart(target, own)))
    if target and items:
        found["listed"] = float(near)
    if question.kind is Kind.MEMBERS and not near:
        found["unlisted"] = 1.0
    counted = _set_named(question, own)
    if counted:
        before, _, after = own.partition(counted)
        some = _SOME_OF.search(before)
        few = some is not None and _number(counted) > some[1].count("、") + 1
        told = _TOLD_AFTER.match(after) or _TOLD_BEFORE.search(before)
        found["set_only"] = float(few or not (told or some))
    return found


def _set_named(question: Question, own: str) -> str:
    """How a text counts the set whose members are asked for; empty when it counts none."""
    for one in question.amounts:
        if one in own:
            return one
    for one in question.counted:
        behind = own.partition(one)[2][:_BEHIND]
        if any(word in behind for word in _members(question, one)):
            return one
    return ""


def _members(question: Question, counted: str) -> Collection[str]:
    """The words of a question for what its set is made of: in a list, what it counts itself."""
    if question.kind is not Kind.LIST:
        return question.words.keys()
    return re.findall(
        f"[{_COUNTS}{counted[:-1]}]{counted[-1]}([\u4e00-\u9fff]{{2}})", question.text
    )


def _number(counted: str) -> int:
    found = _DIGITS.match(counted)
    return int(found.group()) if found else 0


def _apart(target: str, own: str) -> str:
    """A text without what is counted where that is itself a member: 枢纽城市、试点城市."""
    return own.replace(f"{target}、", "、")


@lru_cache(maxsize=512)
def _near(target: str) -> re.Pattern[str]:
    named = re.escape(target)
    return re.compile(
        rf"、[^，。；]{{1,30}}{named}|{named}[^，。]{{0,6}}(?:[:：包是为有]|“)"
        rf"|、[^，。]{{1,12}}等[^，。]{{0,4}}{named}"
    )
