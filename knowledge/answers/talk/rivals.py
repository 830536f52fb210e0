"""Parts of a question that another may stand in for: place, year, grade, office, subject."""

import re
from collections.abc import Sequence

from knowledge.answers.kinds import asked_in, kind_of, without_kind
from knowledge.answers.talk.leaning import instead, pronoun_of, without_cues
from knowledge.lexicon.lists import contrasts, generic
from knowledge.lexicon.places import places_in, without_places
from knowledge.lexicon.words import (
    NAMING,
    normalise,
    segmenter,
    strip_question_words,
    subject_words,
)

YEAR = re.compile(r"20\d{2}年?度?|今年|去年|明年|本年度?|前年")
LEVEL = re.compile(
    r"(?:中国科协|国家|全国|中央)(?=的|那|这|层面|计划|文件|版|呢|自己|三年|里|和|跟|与|、|两|$)|省里|市里|(?:我们|咱们?|本)(?:省|市)"
)
_APPLY = re.compile(r"(?<=[能以想要去])报(?![告销名送])")
_NUMBERED = re.compile(r"(?:专栏|附件|第)[\d一二三四五六七八九十]+[条章项类批]?")
_BARE_NUMBER = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")
_PARTED = re.compile(
    r"[的地得是又也有要在把被给到占由和跟与、,，;；\s]|负责|属于|需要|可以|多少|几|什么|哪|谁|怎么"
)
_ENDING = 2
_LED_BY = re.compile(r"(?:牵头单位|配合单位|责任单位|联系人)[:：]([^;；。，,）)]+)")
_NUMBER = re.compile(r"\d+号文|发.{0,8}号|文号")
_TAKER = re.compile(r"[（(]([\u4e00-\u9fff]{2,4})收[）)]")
_ROLE_HEAD = re.compile(
    r"(?:组\s*长|主\s*任|负责人|联系人|书记)[:：,，;；]\s*([\u4e00-\u9fff]{2,4})"
)


def named_in(text: str, *, far: bool = False) -> list[str]:
    """The names in a text; `far` takes only places and levels, that lead to other documents."""
    text = normalise(text)
    if far:
        return [*places_in(text), *LEVEL.findall(text)]
    words = subject_words(strip_question_words(_APPLY.sub("申报", text)))
    return [
        word
        for word, weight in words.items()
        if weight == NAMING and word not in generic() and kind_of(word) is None
    ]


def varied(before: str, said: str) -> tuple[str, str]:
    """The question before with what is said in place of its rivals, and what is left of it."""
    carried, rest = normalise(before), without_cues(normalise(said))
    for swap in (_swap_years, _swap_places, _swap_contrasts, _swap_numbered):
        carried, rest = swap(carried, rest)
    rest = without_cues(rest.strip(" ,，的"))
    if named_in(rest):
        carried, rest = _swap_ending(carried, rest)
    return carried, rest


def _swap_years(carried: str, rest: str) -> tuple[str, str]:
    new = YEAR.search(rest)
    if new is None or len(set(YEAR.findall(rest))) > 1:
        return carried, rest
    swapped, count = YEAR.subn(new.group(), carried, count=1)
    swapped = swapped if count else f"{new.group()}{carried}"
    return swapped, YEAR.sub("", rest)


def _swap_places(carried: str, rest: str) -> tuple[str, str]:
    new = [*places_in(rest), *LEVEL.findall(rest)]
    if not new:
        return carried, rest
    bare = LEVEL.sub("", without_places(carried)).lstrip("的省市")
    return f"{new[0]}的{bare}", LEVEL.sub("", without_places(rest)).strip("的省市")


def _swap_contrasts(carried: str, rest: str) -> tuple[str, str]:
    for words in contrasts():
        new = next((word for word in words if word in rest), None)
        old = next(
            (word for word in sorted(words, key=len, reverse=True) if word in carried), None
        )
        if new and old and new != old:
            return carried.replace(old, new), rest.replace(new, "", 1)
    return carried, rest


def _swap_numbered(carried: str, rest: str) -> tuple[str, str]:
    new, old = _NUMBERED.search(rest), _NUMBERED.search(carried)
    bare = _BARE_NUMBER.fullmatch(rest)
    if bare and old:
        named = re.sub(r"[\d一二三四五六七八九十]+", bare.group(), old.group())
        return carried.replace(old.group(), named), ""
    if new and old:
        return carried.replace(old.group(), new.group()), rest.replace(new.group(), "")
    return carried, rest


def _swap_ending(carried: str, rest: str) -> tuple[str, str]:
    """企业联络员 gives way to 学会联络员: what ends alike is of one kind."""
    name = _first_name(rest)
    for size in range(len(name) - 1, _ENDING - 1, -1):
        at = carried.find(name[-size:])
        if at > 0:
            start = _start_of(carried, at)
            if start < at:
                swapped = carried[:start] + name + carried[at + size :]
                return swapped, rest.replace(name, "", 1).strip(" 的")
    return carried, rest


def _first_name(rest: str) -> str:
    """The part of a question up to what is asked of it: 评估机构 of 评估机构几个."""
    bare = _PARTED.split(without_kind(strip_question_words(rest)).strip())
    return next((one for one in bare if one), rest)


def _start_of(text: str, at: int) -> int:
    """Where the name begins whose ending stands at `at`."""
    start = at
    for one in _PARTED.finditer(text[:at]):
        start = one.end()
    if start == at and text[:at].endswith("的"):
        return _start_of(text, at - 1)
    begun = _PARTED.search(text[:at]) is not None
    names = [word for word, flag in segmenter().cut(text[:at]) if flag[:1] in "njbvl"]
    if not begun and names and text[:at].endswith(names[-1]):
        return at - len(names[-1])
    return start if begun else 0


def corrected(before: str, question: str, said: str) -> list[str]:
    """The question before, put right."""
    old, new = instead(question) or ("", "")
    if old and old in normalise(before):
        return [normalise(before).replace(old, without_cues(new)), new]
    return _righted(before, *varied(before, new or said))


def _righted(before: str, carried: str, rest: str) -> list[str]:
    changed = carried != normalise(before)
    asked = kind_of(rest) is not None
    whole = f"{subject(carried)} {rest}"
    if named_in(rest):
        instead_of = f"{scope(carried)}{rest}{predicate(carried)}"
        if asked:
            return [whole, f"{scope(carried)}{rest}"]
        return [f"{carried} {rest}", instead_of] if changed else [instead_of, whole]
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
    bare = without_kind(strip_question_words(normalise(text)))
    return " ".join(bare.split())


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


def joined(before: str, said: str) -> str:
    """What is asked now, of the subject of the question before."""
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
