"""Industries of a text: labels of the nine areas by lexicon, several at once."""

import re
from dataclasses import dataclass
from functools import cache

from actions.understanding.lexicon import industries, trades
from actions.understanding.text import Span, before
from core.domain.needs import Industry

OWN = re.compile(
    r"(?:我们|我司|本公司|公司|本厂|我厂|厂里|企业|我)?(?:主要|一直|主营|专业|专门)?(?:是|从事|主营|属于)?(?P<verb>做|搞|生产|制造|加工|经营|研发生产|从事|主营|开)"
    r"(?P<what>[^,。;!?\n的]{2,12}?)(?:的(?!时候)|行业|企业|生意|领域|这块|这一块|加工|制造|生产|厂|公司|$|(?=[,。;]))"
)
MAKES = frozenset({"生产", "制造", "加工", "经营", "研发生产", "从事", "主营"})
"""Verbs whose object is the trade even when the sentence goes on."""
NOT_WHAT = re.compile(
    r"什么|一[款种批项]|不了|不到|不出|一个|一套|测试|检测|认证|研发|实验|起来|完|好|过程|中$|线$|时$|效率|成本"
)
NOT_THIS = re.compile(r"(?:不是|并非|不做|不属于|而非|除了)(?:做|搞|属于)?\s*$")
OTHERS = re.compile(r"(?:专家|老师|教授|客户|供应商|对方|同行|竞争对手|用户)[^,。;]{0,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryReading:
    """What was found and where."""

    industry: Industry | None = None
    spans: tuple[Span, ...] = ()


def read_industry(text: str) -> IndustryReading:
    """Find the industries of a folded text; the person's own word is kept as `raw`."""
    hits = [hit for hit in _words().finditer(text) if not _denied(text, hit)]
    own = _own_business(text)
    if own is not None:
        # What they say they do outranks words that merely occur in the problem.
        inside = [hit for hit in hits if own.start <= hit.start() and hit.end() <= own.end]
        if inside or not hits:
            labels = _labels_of(inside)
            return IndustryReading(
                industry=Industry(labels=labels, raw=own.of(text).strip()), spans=(own,)
            )
    if not hits:
        return IndustryReading()
    labels = _labels_of(hits)
    raw = "、".join(dict.fromkeys(hit[0] for hit in hits))
    spans = tuple(Span(start=hit.start(), end=hit.end()) for hit in hits)
    return IndustryReading(industry=Industry(labels=labels, raw=raw), spans=spans)


def _own_business(text: str) -> Span | None:
    for found in OWN.finditer(text):
        what = found["what"]
        if NOT_WHAT.search(what) or not _is_own(text, found):
            continue
        return Span(start=found.start("what"), end=found.end("what"))
    return None


def _is_own(text: str, found: re.Match[str]) -> bool:
    if text[found.end() : found.end() + 1] in {",", "。", ";"} and found["verb"] not in MAKES:
        return False
    head = before(text, found.start("what"), 10)
    if NOT_THIS.search(head) or OTHERS.search(head) or re.search(r"[想要需找请帮能让给]", head):
        return False
    rest = text[found.end("what") : found.end()]
    if re.search(r"我们|我司|公司|厂|企业|^我|主营|从事|主要|专业|是做|是搞|是生产", head):
        return True
    return rest in {"的", "行业", "企业", "厂", "公司"} and head.startswith(("做", "搞", "生产"))


def _denied(text: str, hit: re.Match[str]) -> bool:
    return NOT_THIS.search(before(text, hit.start(), 6)) is not None


def _labels_of(hits: list[re.Match[str]]) -> tuple[str, ...]:
    named = _labels_by_alias()
    labels = {label for hit in hits for label in named.get(hit[0].lower(), ())}
    return tuple(area.name for area in industries() if area.name in labels)


def codes_of(labels: tuple[str, ...]) -> list[dict[str, str]]:
    """The labels with their codes in the classification."""
    return [{"code": area.code, "name": area.name} for area in industries() if area.name in labels]


@cache
def _labels_by_alias() -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for area in industries():
        for alias in area.aliases:
            named[alias.lower()] = (*named.get(alias.lower(), ()), area.name)
    return named


@cache
def _words() -> re.Pattern[str]:
    words = sorted({*_labels_by_alias(), *trades()}, key=len, reverse=True)
    return re.compile("|".join(map(_pattern, words)), re.IGNORECASE)


def _pattern(word: str) -> str:
    escaped = re.escape(word)
    # Latin words must stand alone: AR is not part of ARM.
    return rf"(?<![A-Za-z]){escaped}(?![A-Za-z])" if word.isascii() else escaped
