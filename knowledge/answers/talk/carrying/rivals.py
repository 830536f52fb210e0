"""Parts of a question that another may stand in for: place, year, grade, office, subject."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from knowledge.answers.kinds import asked_in, kind_of, without_kind
from knowledge.answers.talk.carrying.slots import filled, reduced, slots
from knowledge.answers.talk.carrying.swaps import LEVEL, YEAR, named_in, states_swapped, varied
from knowledge.answers.talk.leaning import instead, pronoun_of, without_cues
from knowledge.lexicon.lists import contrasts
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import (
    MEASURES,
    normalise,
    segmenter,
    strip_question_words,
)

_ALIKE = 4
"""Characters that two questions share when they ask the same."""

_MEASURE = re.compile(rf"[{MEASURES}人]?[?？]?")
_BOUND = re.compile(r"最[少多]|至[少多]|起码|顶多")
_CASE = re.compile(
    r"^(?:其实|实际上?|我们?|咱们?|俺们?|已经?|早就?|刚|还没|没有?|从没|从未|就|本)[\u4e00-\u9fff\d]{2,}"
)
_LED_BY = re.compile(r"(?:牵头单位|配合单位|责任单位|联系人)[:：]([^;；。，,）)]+)")
_NUMBER = re.compile(r"\d+号文|发.{0,8}号|文号")
_TAKER = re.compile(r"[（(]([\u4e00-\u9fff]{2,4})收[）)]")
_ROLE_HEAD = re.compile(
    r"(?:组\s*长|主\s*任|负责人|联系人|书记)[:：,，;；]\s*([\u4e00-\u9fff]{2,4})"
)


def ungrouped(text: str) -> str:
    """A question of the whole group in place of one of its ranks: 奖项有几个 of 二等奖有几个."""
    text = normalise(text)
    for words in contrasts():
        for word in sorted(words, key=len, reverse=True):
            if word in text:
                return text.replace(word, "", 1)
    return text


def corrected(before: str, question: str, said: str, answer: str = "") -> list[str]:
    """The question before, put right."""
    old, new = instead(question) or ("", "")
    if old and old in normalise(before):
        whole = normalise(before).replace(old, without_cues(new))
        return [whole, reduced(whole)]
    if _CASE.match(said) and kind_of(said) is None and (whole := _other_case(before, said)):
        return [whole]
    return _righted(before, *varied(before, new or said), answer)


def _other_case(before: str, said: str) -> str:
    """The question before with another case put to it; empty where it puts no case."""
    *told, asked = [one for one in re.split("[,，;；。]", normalise(before)) if one.strip()]
    if not told:
        return ""
    names = [one.name for clause in told for one in slots(clause) if one.name not in said]
    return f"{without_cues(said)},{''.join(names)},{asked}"


def _righted(before: str, carried: str, rest: str, answer: str) -> list[str]:
    changed = carried != normalise(before)
    asked = kind_of(rest) is not None
    whole = f"{subject(carried)} {rest}"
    if named_in(rest):
        instead_of = f"{scope(carried)}{rest}{predicate(carried)}"
        if asked:
            return [whole, f"{scope(carried)}{rest}"]
        if changed:
            return [f"{carried} {rest}", instead_of]
        return [*filled(carried, rest, answer), instead_of, whole]
    if asked:
        return [whole]
    return [_swap_tail(carried, rest.strip()) if rest.strip() and not changed else carried]


def _swap_tail(carried: str, new: str) -> str:
    """正高 in place of 副高: as long, and ending alike."""
    at = carried.find(new[-1])
    if at >= len(new) - 1:
        return carried[: at - len(new) + 1] + new + carried[at + 1 :]
    return f"{carried} {new}"


def subject(text: str) -> str:
    """What a question is about, without what it asks of it."""
    bare = without_kind(strip_question_words(_BOUND.sub("", normalise(text))))
    return " ".join(one for one in bare.split() if not _MEASURE.fullmatch(one))


def scope(text: str) -> str:
    """The places, years and levels of a question, as it names them."""
    text = normalise(text)
    found: Sequence[str] = [*places_in(text), *YEAR.findall(text), *LEVEL.findall(text)]
    words = [word for word, _ in segmenter().cut(text) if any(one in word for one in found)]
    return "".join(dict.fromkeys((*words, *YEAR.findall(text), *LEVEL.findall(text))))


def predicate(text: str) -> str:
    """What a question asks, without what it asks it of: 要建几个 of 智库机构要建几个."""
    text = normalise(text)
    kept: list[str] = []
    asked = asked_in(text)
    places = places_in(text)
    for word, flag in segmenter().cut(text):
        naming = flag[:1] in "njlxzi" or flag == "vn" or any(one in word for one in places)
        if not naming or (asked and word in asked) or YEAR.fullmatch(word) is not None:
            kept.append(word)
    said = "".join(kept).strip("的、,，")
    return asked if asked and asked not in said else said


def rivals(before: str, said: str) -> bool:
    """Whether a question asks the same of another thing: 一般项目几个 after 重点项目几个."""
    before, said = normalise(before), normalise(said)
    same = SequenceMatcher(None, before, said, autojunk=False).find_longest_match()
    apart = before[: same.a] and said[: same.b]
    return bool(apart) and same.size >= _ALIKE and kind_of(said[same.b :]) is not None


def joined(before: str, said: str) -> str:
    """What is asked now, of the subject of the question before."""
    before, said = states_swapped(before, said)
    return f"{subject(before)} {said}" if kind_of(said) is not None else f"{before} {said}"


def focus(before: str, answer: str, titles: Sequence[str], said: str) -> list[str]:
    """What a pronoun may stand for, likeliest first."""
    pointed = pronoun_of(said)
    if pointed[:1] in "他她" or pointed.endswith(("位", "人")):
        return _people(answer)
    if pointed.endswith(("部门", "单位", "机构", "中心")):
        led = _LED_BY.search(answer)
        if led:
            return [led.group(1)]
    names = [word for word in named_in(before) if word not in _asked_words(before)]
    spans = [_span(normalise(before), names)] if names else []
    named = _NUMBER.search(normalise(before))
    if named or pointed.endswith(("文件", "通知", "计划", "指南", "方案")):
        return [*(f"《{title}》" for title in titles[:1]), *spans]
    return spans


def _asked_words(text: str) -> str:
    return asked_in(normalise(text))


def _span(text: str, names: list[str]) -> str:
    """The words of a question from its first name to its last that follows without a break."""
    start = text.find(names[0])
    end = start + len(names[0])
    for name in names[1:]:
        at = text.find(name, end)
        if 0 <= at <= end + 1 and (at == end or text[end] == "的"):
            end = at + len(name)
    return scope_outside(text, start, end) + text[start:end]


def taker(answer: str) -> str:
    """Who takes what is sent in, as an answer says it; empty when it does not."""
    found = _TAKER.search(normalise(answer))
    return found.group(1) if found else ""


def scope_outside(text: str, start: int, end: int) -> str:
    """The scope of a question as far as it stands outside a span of it."""
    named = scope(text)
    return "" if named in text[start:end] else named


def _people(answer: str) -> list[str]:
    """Persons that an answer names, those in a post or taking letters first."""
    text = normalise(answer)
    found = [*_TAKER.findall(text), *_ROLE_HEAD.findall(text)]
    for word, flag in segmenter().cut(text):
        if flag.startswith("nr") and 2 <= len(word) <= 4:  # noqa: PLR2004 -- a person's name
            found.append(word)
    return list(dict.fromkeys(found))[:2]
