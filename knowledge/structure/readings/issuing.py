"""Who issued a document, under which number, for where, and on which days."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from core.domain.documents import Level, Reading
from knowledge.lexicon.lists import regions
from knowledge.structure.lines import Block
from knowledge.structure.readings.dates import DAY, calendar_day
from knowledge.structure.readings.quotes import quoted

_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,10}[〔\[［(（]\s*\d{4}\s*[〕\]］)）]\s*(?:第\s*)?\d+\s*号"
)
_LETTERHEAD = re.compile(r"^([\u4e00-\u9fff（）()]{4,30}?)(?:文件|办公厅文件)$")
_NEXT = r"(?=$|文件$|关于|\s|[\u4e00-\u9fff]{2,3}[省市县])"
"""Where the name of a body ends: another one's begins with its place."""

_BODY = (
    r"[\u4e00-\u9fff]{2,24}?"
    rf"(?:协会|科协|学会|研究会|办公厅|办公室|委员会|厅|局|部|委|政府|中心|院|银行){_NEXT}"
)
_TOGETHER = re.compile(rf"^(?:# )?({_BODY})(?:\s*{_BODY})*(?:文件)?$")
"""One body, or several side by side, and nothing else: who writes, above everything."""

_VERBS = "印发|发布|公布|开展|组织|做好|举办"
_ISSUES = re.compile(
    rf"^(?:#+ )?(?:({_BODY})(?:\s*{_BODY})*|([\u4e00-\u9fff]{{4,30}}?))关于(?:{_VERBS})"
)
_CITY = re.compile(r"(?:[\u4e00-\u9fff]{2,3}(?:省|自治区))?([\u4e00-\u9fff]{2,4}?[市州盟县])")
_TOP = 3
"""A letterhead stands in one of so many first lines."""

_SPEAKS = re.compile(
    r"^([\u4e00-\u9fff]{2,30}?(?:科协|协会|学会|厅|局|办公室|委员会|部|院|政府|中心))关于"
)
_ORGANISATION = re.compile(
    r"^[\u4e00-\u9fff]{2,30}(?:协会|科协|办公厅|办公室|委员会|厅|局|部|委|政府|中心)$"
)
_SIGNED = re.compile(rf"^{DAY.pattern}$")
_ISSUED = re.compile(rf"{DAY.pattern}\s*印发$")
_NATIONAL = re.compile(
    r"中国科协|中国科学技术协会|国务院|国家|中华人民共和国|工业和信息化部|科技部"
)
_MUNICIPALITIES = {"北京", "上海", "天津", "重庆"}


def read_issuing(
    head: Sequence[Block], every: Sequence[Block], title: Reading | None
) -> Iterator[Reading]:
    """Issuer, number, region, level, the days of signing and issuing, the year of the number."""
    issuer = _issuer(head)
    if issuer:
        yield issuer
    number = next(_numbers(head), None)
    if number:
        yield number
    yield from _where(title, issuer, every)
    signed, issued = _day("signed_on", _SIGNED, every), _day("issued_on", _ISSUED, every)
    if issued:
        yield issued
    if signed or issued:
        yield signed or _renamed(issued, "signed_on")
    for told in (number, signed or issued):
        year = re.search(r"20\d{2}", told.value) if told else None
        if told and year:
            yield _renamed(told, "year", year.group())


def _renamed(reading: Reading | None, name: str, value: str | None = None) -> Reading:
    if reading is None:
        raise ValueError(name)
    return Reading(name=name, value=value or reading.value, start=reading.start, end=reading.end)


def _issuer(head: Sequence[Block]) -> Reading | None:
    for pattern, above in (
        (_TOGETHER, head[:_TOP]),
        (_LETTERHEAD, head),
        (_ISSUES, head),
        (_SPEAKS, head),
    ):
        for block in above:
            found = pattern.match(block.text)
            if found:
                group = found.lastindex or 1
                return quoted("issuer", found.group(group), block, found.span(group), part=0)
    for before, block in pairwise(head):
        if _SIGNED.match(block.text) and _ORGANISATION.match(before.text):
            return quoted("issuer", before.text, before, (0, len(before.text)), part=0)
    return None


def _numbers(head: Sequence[Block]) -> Iterator[Reading]:
    for block in head:
        found = _NUMBER.search(block.text)
        if found:
            yield quoted("number", "".join(found.group().split()), block, found.span(), part=0)


def _day(name: str, pattern: re.Pattern[str], every: Sequence[Block]) -> Reading | None:
    for block in every:
        found = pattern.search(block.text)
        day = calendar_day(found["year"], found["month"], found["day"]) if found else None
        if found and day:
            return quoted(name, day.isoformat(), block, found.span(), part=0)
    return None


def is_letterhead(text: str) -> bool:
    """Whether a line only names who writes."""
    return bool(_TOGETHER.match(text) or _LETTERHEAD.match(text))


def _where(
    title: Reading | None, issuer: Reading | None, every: Sequence[Block]
) -> Iterator[Reading]:
    """The region that the title names, else the issuer's; the level of the issuer, else title."""
    told = [one for one in (title, issuer) if one]
    region = next((one for one in told if region_of(one.value)), None)
    name = region_of(region.value) if region else None
    if region and name:
        yield _renamed(region, "region", name)
    elif placed := _placed(told, every):
        yield placed
        name = placed.value
    source = issuer or title
    level = _level(source.value, name) if source else None
    if source and level:
        yield _renamed(source, "level", level)


def _placed(told: Sequence[Reading], every: Sequence[Block]) -> Reading | None:
    """The province that the text names before the city of its issuer or title."""
    cities = (_CITY.match(one.value) for one in told)
    for city in {found.group(1) for found in cities if found}:
        for block in every:
            found = re.search(rf"([\u4e00-\u9fff]{{2,8}}?(?:省|自治区)){city}", block.text)
            province = region_of(found.group(1)) if found else None
            if found and province:
                return quoted("region", province, block, found.span(1), part=0)
    return None


def region_of(text: str) -> str | None:
    """The province of the first place that a text names."""
    return next((province for name, province in regions().items() if name in text), None)


def _level(where: str, region: str | None) -> Level | None:
    if region is None:
        return Level.NATIONAL if _NATIONAL.search(where) else None
    provincial = region in _MUNICIPALITIES or any(
        mark in where for mark in (f"{region}省", "自治区", "省科")
    )
    names = [name for name, province in regions().items() if province == region and name in where]
    city = [name for name in names if name != region]
    if region not in _MUNICIPALITIES and _CITY.match(where):
        return Level.CITY
    return Level.PROVINCIAL if provincial or not city else Level.CITY


def day_of(readings: Sequence[Reading]) -> date | None:
    """The day from which a document counts: issued, else signed."""
    for name in ("issued_on", "signed_on"):
        for reading in readings:
            if reading.name == name:
                return date.fromisoformat(reading.value)
    return None
