"""Industries of a text: labels of the nine areas by lexicon, several at once."""

import re
from collections import defaultdict
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
MATERIAL, GROWN = "材料", "生物"
PAPERS = re.compile(
    r"(?:复审|认定|申报|申请|条件|流程|要求|报名|资料|准备|提交|哪些|什么)[^,。;]{0,3}$"
)
"""What makes 材料 papers."""
PLATFORM = "平台"
US = re.compile(r"的?(?:老师|转达|客服|工作人员|上看到|联系|登记|发布|会员|通知)")
"""What makes 平台 the house itself."""
MACHINE_AFTER = re.compile(
    r"[\u4e00-\u9fff]{0,3}?(?:机(?![会构制遇关票理]|器人)|炉|生产线|流水线)"
)
"""茶叶杀青机: what is grown names the machine, the machine is the product."""
TELLING = 4
"""Characters from which on a longer word tells no more than another."""
CLOSE = 0.8
"""Share of the best area's score that another must reach to be named beside it."""
MOST = 2
"""Areas named at most."""
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
    if not (hits or own):
        return IndustryReading()
    spans = tuple(Span(start=hit.start(), end=hit.end()) for hit in hits)
    raw = "、".join(dict.fromkeys(hit[0] for hit in hits))
    if own is not None:
        # What they say they do is their own word for it.
        raw, spans = own.of(text).strip(), (own, *spans)
    return IndustryReading(industry=Industry(labels=_labels_of(hits), raw=raw), spans=spans)


def industry_by_form(text: str, said: Industry | None) -> Industry | None:
    """What the words of a stated need look like, where no listed word tells its area.

    The area that most of them look like; of equals the one said last.
    """
    if said and said.labels:
        return said
    hits = {
        name: [
            hit for hit in form.finditer(text) if name != GROWN or not _names_machine(text, hit)
        ]
        for name, form in _forms()
    }
    best = max(hits, key=lambda name: (len(hits[name]), _last_start(hits[name])))
    if not hits[best]:
        return said
    return Industry(labels=(best,), raw=said.raw if said else hits[best][-1][0])


def _last_start(hits: list[re.Match[str]]) -> int:
    return hits[-1].start() if hits else -1


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((area.name, re.compile(area.form)) for area in industries())


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
    if hit[0] == PLATFORM and US.match(text, hit.end()):
        return True
    if hit[0] == MATERIAL and PAPERS.search(before(text, hit.start(), 8)):
        return True
    grown = GROWN in _labels_by_alias(weak=False).get(hit[0].lower(), ())
    if grown and _names_machine(text, hit):
        return True
    return NOT_THIS.search(before(text, hit.start(), 6)) is not None


def _names_machine(text: str, hit: re.Match[str]) -> bool:
    """Whether a word, here or elsewhere in the text, names a machine: 茶叶杀青机."""
    return any(MACHINE_AFTER.match(text, at.end()) for at in re.finditer(re.escape(hit[0]), text))


def _labels_of(hits: list[re.Match[str]]) -> tuple[str, ...]:
    """The area most words speak for, and one that comes close; else what the weak words say."""
    scores: dict[str, float] = defaultdict(float)
    for word in {hit[0].lower() for hit in hits}:
        for label in _labels_by_alias(weak=False).get(word, ()):
            scores[label] += 1 + min(len(word), TELLING) / 10
    ranked = sorted(scores, key=lambda label: -scores[label])
    close = {label for label in ranked[:MOST] if scores[label] >= CLOSE * scores[ranked[0]]}
    if not close:
        close = _weak_label(hits)
    return tuple(area.name for area in industries() if area.name in close)


def _weak_label(hits: list[re.Match[str]]) -> set[str]:
    """The label of the longest weak word; of several, the one said last: the thing needed."""
    weak = _labels_by_alias(weak=True)
    words = [hit[0].lower() for hit in reversed(hits) if hit[0].lower() in weak]
    return {weak[max(words, key=len)][0]} if words else set()


def codes_of(labels: tuple[str, ...]) -> list[dict[str, str]]:
    """The labels with their codes in the classification."""
    return [{"code": area.code, "name": area.name} for area in industries() if area.name in labels]


@cache
def _labels_by_alias(*, weak: bool) -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for area in industries():
        for alias in area.weak if weak else area.aliases:
            named[alias.lower()] = (*named.get(alias.lower(), ()), area.name)
    return named


@cache
def _words() -> re.Pattern[str]:
    listed = {*_labels_by_alias(weak=False), *_labels_by_alias(weak=True), *trades()}
    words = sorted(listed, key=len, reverse=True)
    return re.compile("|".join(map(_pattern, words)), re.IGNORECASE)


def _pattern(word: str) -> str:
    escaped = re.escape(word)
    # Latin words must stand alone: AR is not part of ARM.
    return rf"(?<![A-Za-z]){escaped}(?![A-Za-z])" if word.isascii() else escaped
