"""What a document says of itself: title, issuer, number, region, level, year and dates."""

import re
from datetime import date
from itertools import pairwise

from core.domain.documents import DocumentFacts, Level
from knowledge.lexicon.lists import regions
from knowledge.structure.headings import looks_like_title, mark_of
from knowledge.structure.lines import Block, blocks

_HEAD = 14
_MAX_TITLE = 60
_INNER_TITLE = re.compile(r"《([^《》]{4,60})》.{0,6}的(?:通知|公告|通告|函)")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,10}[〔\[［(（]\s*\d{4}\s*[〕\]］)）]\s*(?:第\s*)?\d+\s*号"
)
_LETTERHEAD = re.compile(r"^([\u4e00-\u9fff（）()]{4,30}?)(?:文件|办公厅文件)$")
_ISSUES = re.compile(r"^([\u4e00-\u9fff]{4,30}?)关于(?:印发|发布|公布|开展|组织|做好)")
_ORGANISATION = re.compile(
    r"^[\u4e00-\u9fff]{2,30}(?:协会|科协|办公厅|办公室|委员会|厅|局|部|委|政府|中心)$"
)
_DAY = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_SIGNED = re.compile(rf"^{_DAY}(?:印发)?$")
_YEARS = re.compile(r"(20\d{2})\s*[-—－~至到]\s*(20\d{2})\s*年?")
_YEAR = re.compile(r"(20\d{2})\s*年")
_MOMENT = re.compile(
    r"(?:(?P<year>20\d{2})\s*[年./-]\s*)?(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})(?:\s*日|(?![\d.%万项个]))"
)
_WINDOW = re.compile(
    r"(?:申报|报名|征集|受理|提交|推荐|申请)[^。；\n]{0,12}?(?:时间|期限|日期|截止|截至|开放|开通)[^。；\n]{0,80}"
    r"|(?:申报|报名|受理)[^。；\n]{0,60}关闭"
    r"|[^。；\n]{0,50}(?:止|期间)[^。；\n]{0,6}(?:申报|报名|受理|征集)"
)
_BEFORE = re.compile(
    r"[^。；\n]{0,40}日\s*(?:\d{1,2}\s*(?:时|点|[:：]\s*\d{2}))?\s*之?前(?!已)[^。；\n]{0,14}(?:提交|报送|申报|报名|寄)"
)
_NOT_APPLYING = re.compile(r"实施|验收|结题|公示|评审|立项|成立|路演|活动")
_NATIONAL = re.compile(
    r"中国科协|中国科学技术协会|国务院|国家|中华人民共和国|工业和信息化部|科技部"
)
_MUNICIPALITIES = {"北京", "上海", "天津", "重庆"}
_LAST_MONTH, _LAST_DAY = 12, 31


def facts_of(source_name: str, text: str) -> DocumentFacts:
    """Read the facts from a document's verbatim text; None where it does not say."""
    all_blocks = [block for block in blocks(text) if not block.is_row]
    head = all_blocks[:_HEAD]
    title = _title(head) or _opening(head) or source_name
    issuer = _issuer(head)
    signed = _signed(all_blocks)
    number = _NUMBER.search("\n".join(block.text for block in head))
    span = _YEARS.search(title)
    year = _year(title, number.group() if number else "", signed)
    return DocumentFacts(
        title=title,
        issuer=issuer,
        number="".join(number.group().split()) if number else None,
        region=_region(title, issuer),
        level=_level(title, issuer),
        year=year,
        signed_on=signed,
        closes_on=_closes(text, signed.year if signed else year),
        expires_on=_expiry(title, int(span.group(2)) if span else None),
    )


def _title(head: list[Block]) -> str | None:
    """The name of what a notice issues, else the first line that reads like a title."""
    for block in head:
        inner = _INNER_TITLE.search(block.text)
        if inner:
            return inner.group(1).strip()
    for block in head:
        if looks_like_title(block.text) and mark_of(block.text) is None:
            return block.text.strip(" ：:《》")
    for block in head:
        marked = mark_of(block.text)
        if marked and block.text.startswith("#"):
            return block.text[marked.length :].strip()
    return None


def _opening(head: list[Block]) -> str | None:
    """The first line, cut at a comma, for texts without any title."""
    if not head:
        return None
    first = head[0].text
    if len(first) <= _MAX_TITLE and "。" not in first:
        return first
    return re.split(r"[。；，]", first)[0][:_MAX_TITLE] or None


def _issuer(head: list[Block]) -> str | None:
    for pattern in (_LETTERHEAD, _ISSUES):
        for block in head:
            found = pattern.match(block.text)
            if found:
                return found.group(1)
    for before, block in pairwise(head):
        if _SIGNED.match(block.text) and _ORGANISATION.match(before.text):
            return before.text
    return None


def _signed(all_blocks: list[Block]) -> date | None:
    for block in all_blocks:
        found = _SIGNED.match(block.text)
        if found:
            return day(*found.groups())
    return None


def day(year: str, month: str, number: str) -> date | None:
    """A calendar day, or None when there is no such day."""
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def _year(title: str, number: str, signed: date | None) -> int | None:
    for text in (title, number):
        found = re.search(r"20\d{2}", text)
        if found:
            return int(found.group())
    return signed.year if signed else None


def _expiry(title: str, last_year: int | None) -> date | None:
    single = _YEAR.search(title)
    year = last_year or (int(single.group(1)) if single else None)
    return date(year, _LAST_MONTH, _LAST_DAY) if year else None


def _closes(text: str, year: int | None) -> date | None:
    """The last day on which applications are taken; the latest when several are named.

    A window (申报时间 ... 至 ...) goes before a day by which something is handed in.
    """
    for pattern in (_WINDOW, _BEFORE):
        said = (found.group() for found in pattern.finditer(text))
        days = [_last_day(one, year) for one in said if not _NOT_APPLYING.search(one)]
        known = [one for one in days if one]
        if known:
            return max(known)
    return None


def _last_day(text: str, year: int | None) -> date | None:
    """The last day that a text names; a missing year is that of the day before it."""
    last: date | None = None
    for found in _MOMENT.finditer(text):
        own = found.group("year") or (last.year if last else year)
        named = day(str(own), found.group("month"), found.group("day")) if own else None
        if named and last and named < last and not found.group("year"):
            named = day(str(last.year + 1), found.group("month"), found.group("day"))
        last = named or last
    return last


def _region(title: str, issuer: str | None) -> str | None:
    for text in (title, issuer or ""):
        for name, province in regions().items():
            if name in text:
                return province
    return None


def _level(title: str, issuer: str | None) -> Level | None:
    region = _region(title, issuer)
    where = issuer or title
    if region is None:
        return Level.NATIONAL if _NATIONAL.search(where) else None
    provincial = region in _MUNICIPALITIES or any(
        mark in where for mark in (f"{region}省", "自治区", "省科")
    )
    names = [name for name, province in regions().items() if province == region and name in where]
    city = [name for name in names if name != region]
    return Level.PROVINCIAL if provincial or not city else Level.CITY
