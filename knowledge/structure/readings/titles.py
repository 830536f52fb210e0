"""The title of a document or annex, and what follows from it: its kind, year and end."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from core.domain.documents import Kind, Reading
from knowledge.structure.headings import looks_like_title, mark_of
from knowledge.structure.lines import Block
from knowledge.structure.readings.issuing import is_letterhead
from knowledge.structure.readings.quotes import quoted
from knowledge.structure.sections import is_subtitle

_INNER_TITLE = re.compile(r"《([^《》]{4,60})》.{0,6}的(?:通知|公告|通告|函)")
_MAX_TITLE = 60
_YEARS = re.compile(r"(20\d{2})\s*[-—－~至到]\s*(20\d{2})\s*年?")
_YEAR = re.compile(r"(20\d{2})\s*年")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words})(?:[（(][^（）()]*[）)])*$"))
    for kind, words in (
        (Kind.LIST, "名单|目录|清单|榜单|名录|一览表"),
        (Kind.STANDARD, "标准|规范|指标体系|评分表"),
        (Kind.PLAN, "计划|规划|要点|方案|安排|纲要"),
        (Kind.RULES, "办法|规定|细则|条例|规程|章程|意见|措施|规则|制度"),
        (Kind.REPORT, "报告|总结|综述"),
    )
)
_APPLYING = re.compile(r"申报|征集|申请|遴选|推荐|报名|揭榜|招募|征求.{0,6}需求")
_NOTICE = re.compile(r"(?:通知|公告|公示|通告|函|指南|启事|办公室)(?:[（(][^（）()]*[）)])*$")


def read_title(part: Sequence[Block], number: int) -> Iterator[Reading]:
    """The title of a part and what follows from it; nothing when it has none."""
    title = _main_title(part) if number == 0 else _annex_title(part)
    if title is None:
        return
    block, start, end = title
    text = block.text[start:end].strip(" ：:《》#")
    yield quoted("title", text, block, (start, end), part=number)
    kind = kind_of(text)
    if kind:
        yield quoted("kind", kind, block, (start, end), part=number)
    span, single = _YEARS.search(text), _YEAR.search(text)
    first = re.search(r"20\d{2}", text)
    if first:
        yield quoted("year", first.group(), block, (start, end), part=number)
    last = span.group(2) if span else single.group(1) if single else None
    if last and kind is not Kind.REPORT:  # what was reached stays so
        day = date(int(last), 12, 31).isoformat()
        yield quoted("expires_on", day, block, (start, end), part=number)


def kind_of(title: str) -> Kind | None:
    """What a document of that title is."""
    for kind, pattern in _KINDS:
        if pattern.search(title):
            return kind
    if _NOTICE.search(title):
        return Kind.CALL if _APPLYING.search(title) else Kind.NOTICE
    return None


_Title = tuple[Block, int, int]


def _main_title(head: Sequence[Block]) -> _Title | None:
    """The name of what a notice issues, else the first line that reads like a title."""
    for block in head:
        inner = _INNER_TITLE.search(block.text)
        if inner:
            return block, *inner.span(1)
    named = [block for block in head if not is_letterhead(block.text)]
    for block in named:
        begins = _begins(block)
        if begins is not None and looks_like_title(block.text[begins:]):
            return block, begins, len(block.text)
    for block in named:
        if block.text.startswith("#"):
            return block, _begins(block) or 0, len(block.text)
    return _opening(named or head)


def _begins(block: Block) -> int | None:
    """Where a line's own words begin, behind the sign of a heading; None for a numbered one."""
    marked = mark_of(block.text)
    if marked is None:
        return 0
    return marked.length if block.text.startswith("#") else None


def _opening(head: Sequence[Block]) -> _Title | None:
    """The first line, cut at a comma, for texts without any title."""
    if not head:
        return None
    first = head[0].text
    if len(first) <= _MAX_TITLE and "。" not in first:
        return head[0], 0, len(first)
    cut = re.split(r"[。；，]", first)[0][:_MAX_TITLE]
    return (head[0], 0, len(cut)) if cut else None


def _annex_title(part: Sequence[Block]) -> _Title | None:
    """The first line that reads like a title, with the bracket below it, if any."""
    for at, block in enumerate(part):
        if looks_like_title(block.text) and mark_of(block.text) is None:
            below = part[at + 1] if at + 1 < len(part) else None
            whole = joined(block, below) if below and is_subtitle(below.text) else block
            return whole, 0, len(whole.text)
    return (part[0], 0, len(part[0].text)) if part and len(part[0].text) <= _MAX_TITLE else None


def joined(block: Block, below: Block) -> Block:
    """Two blocks as one."""
    return Block(text=block.text + below.text, places=(*block.places, *below.places))
