"""Whether a rule is about what a question names, and how much the two share."""

import re
from collections.abc import Callable
from functools import lru_cache

from core.domain.documents import DocumentId
from knowledge.answers.evidence import Evidence
from knowledge.answers.question import Question
from knowledge.answers.weighing.years import speaks_of_years
from knowledge.answers.working.case import CHECKS, Case, heads, own
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passages

LOOKED_AT = 160
"""Sentences that are read for a rule."""

_YEAR = re.compile(
    r"(?<!\d)(20\d{2})年(?!\d{1,2}月|底|末|初|就|已|才|前|之前|以前|[^,。]{0,3}(?:建|成立|挂|办|搞))"
)
_SPECIFIC = (
    r"大赛|竞赛|基金|奖(?![励项])|券|补贴|补助金?|贷款|基地|课题|认定|资质|称号|职称|试点|示范区"
    r"|榜单|实验室|工作站|许可证?|备案|执照|证书|学位|户口|社保|专利|商标|商会|孵化器"
)
_SORTED = re.compile(_SPECIFIC)
_GENERAL = r"项目|计划|专项|工程|行动|资助|扶持|政策"
_APPLIED = r"申报|申请|报名|评选|征集|申领|招募"
_MANNER = re.compile(
    r"口子|路子|渠道|名义|名头|名字|途径|方式|方法|法子|门路|通道|口径|出面|牵头|名下|自己|单独|直接|独立|联合|那块|这块"
)
"""How one applies, not for what."""

_QUOTED = re.compile(r"[“\"《](.{2,24}?)[”\"》]")
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_EMPTY = frozenset(
    (
        *("申报", "项目", "单位", "可以", "已经", "我们", "条件", "要求", "该项", "工作", "没有"),
        *("建成", "建设", "年度", "一个", "这个", "进行", "相关", "情况", "开展", "以上", "现在"),
    )
)
_CLOSED = re.compile(
    r"[行够成]不[行够成]|能不能|可不可以|[行够成]吗|可以吗|[行可]吧|合不合|算不算"
)
_OPEN = re.compile(r"几(?!乎)[个支项家名人位场次分天]|多少|什么|哪|谁|怎[么样]|啥|如何")
_AGREES = re.compile(r"[吧么嘛][?？。!！~ ]*$|给报|让报|作数|行得通|可行")


def asks_openly(text: str) -> bool:
    """Whether something else than yes or no is asked for."""
    return bool(_OPEN.search(text))


def asks_whether(asked: Question) -> bool:
    """Whether a question is answered with yes or no."""
    closed = asked.polar or CHECKS.search(asked.text) or _AGREES.search(asked.text)
    return bool(closed) and (not asks_openly(asked.text) or bool(_CLOSED.search(asked.text)))


def rules(case: Case, holds: Callable[[str], object], *hints: str) -> list[Evidence]:
    """Sentences, no rows, that hold what is looked for and are about what the question names."""
    return [
        one
        for one in case.look(*hints)[:LOOKED_AT]
        if not one.sentence.row and holds(own(one)) and not about_another(case, one)
    ]


def about_another(case: Case, rule: Evidence) -> bool:
    """Whether the question names a call, a year or a thing unknown to the part of the rule.

    Words of talk that stand nowhere in a document say nothing about its subject; what is
    applied for, and what sort of thing it is, must be known there.
    """
    text = case.text
    years = {int(one) for one in _YEAR.findall(text)}
    if years and not speaks_of_years(frozenset(years), rule.sentence, rule.passage):
        return True
    if _SORTED.search(text) and unknown_sort(text, part_text(case, rule)):
        return True
    named = _QUOTED.findall(text)
    named += [one for one in case.unnamed(rule) if _applied_for(one, text)]
    return bool(named) and any(one not in part_text(case, rule) for one in named)


def _applied_for(word: str, text: str) -> bool:
    """Whether a word names what is applied for: before or behind a word of applying."""
    said = re.escape(word)
    return not _MANNER.search(word) and bool(
        re.search(
            rf"{said}[\u4e00-\u9fff]{{0,2}}?(?:{_GENERAL})"
            rf"|{said}的?(?:{_APPLIED})"
            rf"|(?:{_APPLIED}|(?<![汇上填])报)(?:了|的|个|一个|这个|那个)?{said}",
            text,
        )
    )


def part_text(case: Case, rule: Evidence) -> str:
    """All that the part of a document says in which a rule stands, normalised."""
    source = rule.passage.source
    return part_of(case.corpus.passages, source.id, source.facts.title)


def sorts_in(text: str) -> list[str]:
    """The sorts of things that a question names: a contest, a voucher."""
    return _SORTED.findall(text)


def unknown_sort(text: str, part: str) -> bool:
    """Whether a question names a sort of thing that a part never does."""
    return any(one not in part for one in sorts_in(text))


@lru_cache(maxsize=16)
def part_of(passages: Passages, document: DocumentId, title: str) -> str:
    """All that the part of that title says, normalised."""
    own_numbers = (
        number
        for number in passages.numbers(document)
        if passages[number].source.facts.title == title
    )
    bodies = (f"{passages.normal(one).labels} {passages.normal(one).body}" for one in own_numbers)
    return " ".join((normalise(title), *bodies))


def shared(text: str, other: str) -> set[str]:
    """The pairs of Chinese characters that two texts share, but for those of every call."""
    return {one for one in _pairs(text) & _pairs(other) - _EMPTY if _HAN.fullmatch(one)}


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def surroundings(rule: Evidence) -> str:
    """A rule with the headings that say what it is about."""
    return f"{heads(rule)} {own(rule)}"
