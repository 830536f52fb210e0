"""What a question says of where its answer stands: places, levels, documents and editions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.domain.documents import DocumentFacts, DocumentId, Kind, Level
from knowledge.lexicon.lists import generic, sorts
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import NAMING, normalise, strip_question_words, subject_words
from knowledge.retrieval.passages import Source


class Sort(StrEnum):
    """What a mention is of; those of one sort can stand side by side."""

    WHERE = "where"
    YEAR = "year"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of a question that name a place, a level, a year or a document."""

    sort: Sort
    start: int
    end: int
    text: str
    level: Level | None = None
    province: str | None = None
    year: int | None = None
    """The edition named together with a document."""


_FOLLOWS = (
    r"(?=的(?!学会)|那|这|层面|计划|文件|方案|指南|要点|三年|呢|自己|里|上|和|跟|与|、|两|要求|规定"
    r"|分别|各|$)"
)
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (
        Level.NATIONAL,
        re.compile(
            rf"(?:中国科协|国家|全国|中央)(?!级){_FOLLOWS}|国家级(?=文件|计划|方案|的计划)"
        ),
    ),
    (
        Level.PROVINCIAL,
        re.compile(r"(?:我们|咱们?|本|我)省(?!级)|省里|省级(?=文件|计划|方案|的计划|层面)|全省"),
    ),
    (
        Level.CITY,
        re.compile(r"(?:我们|咱们?|本|我)市(?!级)|市里|市级(?=文件|计划|方案|的计划|层面)"),
    ),
)
_BRAND = re.compile(r"科创中国(?=和|跟|与|、|比)|(?<=[和跟与、比])科创中国")
_TYPES = (
    r"三年(?:专项)?(?:行动)?计划|(?:专项)?行动计划|工作要点|要点|申报指南|指南|实施方案|工作方案"
    r"|管理办法|实施细则|实施意见|(?:年度)?(?:工作)?会议(?:报道|上)|(?:年度)?工作会议|(?:新闻)?报道|那次会上"
)
_DOCUMENT = re.compile(
    rf"(?:(?P<year>20\d{{2}})年?度?|(?P<clock>去年|今年|明年|前年|本年度?))?(?:的|那份|那个|版的?)?(?:年度)?"
    rf"(?:[“\"]?科创[\u4e00-\u9fff]{{2}}[”\"]?的?)?(?:项目|资金|活动)?(?P<type>{_TYPES})"
)
_AIMS = frozenset({"目标", "数字", "计划", "现在", "文件"})
"""Words that tell how a number is meant, not of what it is."""

_REPORTED = re.compile("会议|会上|报道")
"""What is told after the event, in a text that plans and orders nothing."""

_WORDS = re.compile("三年|计划|要点|指南|方案|办法|细则|意见|会议")
_CLOCKED = {"去年": -1, "今年": 0, "明年": 1, "前年": -2, "本年": 0, "本年度": 0}
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)年?度?(?![-—~至到]\s*20)")
_TITLE = re.compile(r"《([^《》]{3,60})》")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,8}[〔\[(]\s*20\d{2}\s*[〕\])]\s*第?\d+号"
    r"|[\u4e00-\u9fff]{1,4}发(?P<serial>\d+)号文?"
)
_LATEST = re.compile(r"最新|最近一(?:版|期)|新一?版")
_CORE = re.compile(r"[“”\"'《》〈〉()（）\s\d年度\-—~]|关于|印发|的通知|通知")
_MUNICIPALITIES = frozenset({"北京", "上海", "天津", "重庆"})


def mentions_in(text: str, year: int) -> list[Mention]:
    """Every mention in a normalised text, in its order; `year` is the present one."""
    found = [*_levels(text), *_places(text), *_documents(text, year), *_years(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Mention] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _levels(text: str) -> Iterable[Mention]:
    for level, pattern in _LEVELS:
        for one in pattern.finditer(text):
            yield _mention(Sort.WHERE, one, level=level)
    for one in _BRAND.finditer(text):
        yield _mention(Sort.WHERE, one, level=Level.NATIONAL)


def _places(text: str) -> Iterable[Mention]:
    for name, province in places_in(text).items():
        for one in re.finditer(rf"(?:科创)?{re.escape(name)}", text):
            yield _mention(Sort.WHERE, one, province=province)


def _documents(text: str, year: int) -> Iterable[Mention]:
    for one in _DOCUMENT.finditer(text):
        named = int(one["year"]) if one["year"] else None
        if one["clock"]:
            named = year + _CLOCKED[one["clock"]]
        yield _mention(Sort.DOCUMENT, one, year=named)


def _years(text: str) -> Iterable[Mention]:
    for one in _YEAR.finditer(text):
        yield _mention(Sort.YEAR, one)


def _mention(
    sort: Sort,
    found: re.Match[str],
    *,
    level: Level | None = None,
    province: str | None = None,
    year: int | None = None,
) -> Mention:
    return Mention(
        sort=sort,
        start=found.start(),
        end=found.end(),
        text=found.group(),
        level=level,
        province=province,
        year=year,
    )


def titled(text: str) -> list[str]:
    """The titles that a text names in 《》."""
    return _TITLE.findall(text)


def core_of(title: str) -> str:
    """A title without quotes, years and what only makes it a notice."""
    return _CORE.sub("", normalise(title))


def numbered(text: str) -> re.Match[str] | None:
    """The number of a document in a text."""
    return _NUMBER.search(text)


def wants_latest(text: str) -> bool:
    """Whether a text asks for the newest edition."""
    return bool(_LATEST.search(text))


def documents_of(mention: Mention, sources: Iterable[Source]) -> set[DocumentId]:
    """The documents that a mention of a place, a level or a document admits."""
    return {source.id for source in sources if _admits(mention, source)}


def _admits(mention: Mention, source: Source) -> bool:
    facts = source.facts
    if mention.province is not None:
        return facts.region == mention.province
    if mention.level is Level.NATIONAL:
        return facts.region is None and facts.level in {None, Level.NATIONAL}
    if mention.level is Level.PROVINCIAL:
        return facts.level is Level.PROVINCIAL and facts.region not in _MUNICIPALITIES
    if mention.level is Level.CITY:
        return facts.level is Level.CITY or facts.region in _MUNICIPALITIES
    return any(_is_of(mention, one) for one in (facts, *source.parts))


def _is_of(mention: Mention, facts: DocumentFacts) -> bool:
    """Whether a document or an annex is of the type, and the edition, that is named."""
    named = _DOCUMENT.search(mention.text)
    if named is None:
        return False
    if _REPORTED.search(named["type"]):
        return facts.kind in {None, Kind.REPORT} and (
            mention.year is None or facts.year in {None, mention.year}
        )
    title = core_of(facts.title)
    if not all(word in title for word in _WORDS.findall(named["type"])):
        return False
    return mention.year is None or covers(facts, mention.year)


def documents_named(text: str, year: int) -> list[Mention]:
    """The mentions of documents in a text, in their order."""
    return [one for one in mentions_in(normalise(text), year) if one.sort is Sort.DOCUMENT]


def parts_named(text: str, sources: Iterable[Source], year: int) -> frozenset[str]:
    """Titles of the annexes that a text names, of documents that hold others besides."""
    named = documents_named(text, year)
    found: set[str] = set()
    for source in sources:
        fit = {facts.title for facts in source.parts for one in named if _is_of(one, facts)}
        found |= fit if len(fit) < len({facts.title for facts in source.parts}) else set()
    return frozenset(found)


def unmentioned(text: str) -> str:
    """A text with a gap in place of every mention."""
    for one in reversed(mentions_in(text, 0)):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text


def names_in(text: str) -> list[str]:
    """The things that a phrase names beside places, years and documents."""
    words = subject_words(strip_question_words(unmentioned(text)))
    told = generic() | sorts() | _AIMS
    return [word for word, weight in words.items() if weight == NAMING and word not in told]


def covers(facts: DocumentFacts, year: int) -> bool:
    """Whether a document is of a year, or plans for it."""
    if facts.year is None:
        return False
    last = facts.expires_on.year if facts.expires_on else facts.year
    return facts.year <= year <= last
