"""What is said put in the place of its rival in the question before, one sort after another."""

import re

from knowledge.answers.kinds import kind_of, without_kind
from knowledge.answers.talk.leaning import without_cues
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
_HEADS = re.compile(r"(?<=[\d一二两三四五六七八九十几])个人")
_NUMBERED = re.compile(r"(?:专栏|附件|第)[\d一二三四五六七八九十]+[条章项类批]?")
_BARE_NUMBER = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")
_PARTED = re.compile(
    r"[的地得是又也有要在把被给到占由和跟与、,，;；\s]|负责|属于|需要|可以|多少|几|什么|哪|谁|怎么"
)
_ENDING = 2
_EDITION = re.compile(
    r"^的?[那这]?一?[版份届期次轮本](?:的)?(?:指南|通知|文件|办法|计划|方案|要点)?(?:里头?|上)?的?(?=$|[呢?？]|[是要有])"
)
"""What only says that a year is that of an edition: 那版 of 2025年那版."""

_RANKED = re.compile(
    r"(?<![a-z\d])(?P<rank>[a-z]{1,3}|[一二三四五六七八九十]|\d{1,2})(?P<of>[档级类等星号批层组])"
)
_AIM = re.compile(
    r"(?:[原预设制]?定的?|计划的?|规划的?|设定的?|提出的?)?(?:年度|工作)?(?:目标|指标|任务)(?:数|值|量)?(?:定?[是为])?"
)
_REACHED = re.compile(
    r"实际上?|实有|真正|最终|最后|结果|(?:建|办|完|做|达|组|评)[成到]了?|落实了?"
)


def named_in(text: str, *, far: bool = False) -> list[str]:
    """The names in a text; `far` takes only places and levels, that lead to other documents."""
    text = normalise(text)
    if far:
        return [*places_in(text), *LEVEL.findall(text)]
    text = _REACHED.sub(" ", _HEADS.sub("人", _APPLY.sub("申报", text)))
    words = subject_words(strip_question_words(text))
    return [
        word
        for word, weight in words.items()
        if weight == NAMING and word not in generic() and kind_of(word) is None
    ]


def varied(before: str, said: str) -> tuple[str, str]:
    """The question before with what is said in place of its rivals, and what is left of it."""
    carried, rest = normalise(before), without_cues(normalise(said))
    for swap in (
        states_swapped,
        _swap_years,
        _swap_places,
        _swap_contrasts,
        _swap_numbered,
        _swap_ranked,
    ):
        carried, rest = swap(carried, rest)
    rest = without_cues(rest.strip(" ,，的"))
    if named_in(rest):
        carried, rest = _swap_ending(carried, rest)
    return carried, rest


def states_swapped(carried: str, rest: str) -> tuple[str, str]:
    """What was reached is asked of the thing itself, not of what was aimed at with it."""
    if not _REACHED.search(rest) or _AIM.search(rest):
        return carried, rest
    return _AIM.sub("", carried, count=1), rest


def _swap_years(carried: str, rest: str) -> tuple[str, str]:
    new = YEAR.search(rest)
    if new is None or len(set(YEAR.findall(rest))) > 1:
        return carried, rest
    swapped, count = YEAR.subn(new.group(), carried, count=1)
    swapped = swapped if count else f"{new.group()}{carried}"
    return swapped, _EDITION.sub("", YEAR.sub("", rest))


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


def _swap_ranked(carried: str, rest: str) -> tuple[str, str]:
    """C档 in place of A档: another rank of the same scale."""
    new = _RANKED.search(rest)
    old = [one for one in _RANKED.finditer(carried) if new and one["of"] == new["of"]]
    if new is None or len(old) != 1 or old[0].group() == new.group():
        return carried, rest
    swapped = carried[: old[0].start()] + new.group() + carried[old[0].end() :]
    return swapped, rest.replace(new.group(), "", 1)


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
