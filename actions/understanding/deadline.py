"""The last day by which something must be solved, as an absolute date in Asia/Shanghai.

Readers of the kinds of phrase are tried on the folded text; each yields day, raw words and kind.
A day that has passed is reported as past, never moved silently, save that a month and day
without a year means the coming one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.understanding.phrases import PHRASES, Found, Resolve
from actions.understanding.text import Span, after, before
from core.domain.needs import Deadline, DeadlineKind
from core.domain.reminders import SHANGHAI

END_AFTER = re.compile(
    r"^\s*(?:的时候|这天|当天)?(?:之?前|以前|为止|内|之内|以内|截止|截至|左右|(?:就?要|能|得|必须|可以|之内)?"
    r"(?:完成|交付|交货|搞定|解决|上线|验收|投产|量产|出结果|出方案|出样|见效|做完|做好|拿到|结题|落地|到位|弄好|改好|实现))"
)
END_BEFORE = re.compile(
    r"(?:截止|截至|期限|工期|交期|周期|最晚|最迟|必须|赶在|争取|希望|要求|需要|预计|计划|力争|时间|日期|deadline|"
    r"改成|改为|改到|推迟到|延到|延后到|不超过|控制在|压缩到|提前到|应该是|不晚于|不迟于|赶|给)[是为在到于个:]*\s*$"
)
NOT_END_BEFORE = re.compile(
    r"(?:成立于?|创办于?|从|自|始于|去年|前年|上个?月|上周|过去|近|最近|这|已经?|做了|干了|用了|保质期|寿命|质保|"
    r"保修|每|成立|连续|工作了?|经验|持续|不是|并非|每隔|历时|花了|生于)[了是在]?\s*$"
)
NOT_END_AFTER = re.compile(
    r"^\s*(?:成立|创办|创立|开始|启动|开工|开会|路演|活动|培训|经验|历史|以来|来(?!完成)|出现|发生|买的|采购|"
    r"以上|多的?(?:经验|历史)|前(?:就|我们|开始|成立|出现)|开的|起|的路演|的活动|有什么|有没有|之?后)"
)
NO_DEADLINE = re.compile(
    r"不急|不着急|尽快|尽早|越快越好|没有期限|没期限|无期限|长期|时间不限|不限时间|随时|没有时间要求|都行"
)
PAST = re.compile(r"上(?!半)|昨|前天|前日")
"""Days behind are answers to the question alone; elsewhere they tell a story."""
FARTHEST = 30
"""Years ahead; what lies beyond is no deadline but another number."""
CORRECTION = re.compile(r"改成|改为|改到|不对|说错|弄错|更正|应该是|不是|推迟|延到|延后|提前到")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReading:
    """What was found: a deadline to come, or one that has passed."""

    deadline: Deadline | None = None
    past: Deadline | None = None
    no_deadline: bool = False
    span: Span | None = None


def read_deadline(text: str, said_at: datetime, *, asked: bool = False) -> DeadlineReading:
    """Find the deadline in a folded text; `asked` when the text answers a question for it."""
    today = said_at.astimezone(SHANGHAI).date()
    found = [one for one in find_days(text, today) if _is_end(text, one, asked=asked)]
    if not found:
        return DeadlineReading(no_deadline=NO_DEADLINE.search(text) is not None)
    chosen = found[-1] if CORRECTION.search(text) else _strongest(text, found)
    tail = re.match(r"\s*(?:之?前|以前|之内|以内|内|为止|截止)", text[chosen.span.end :])
    span = Span(start=chosen.span.start, end=chosen.span.end + (tail.end() if tail else 0))
    on = chosen.on - timedelta(days=1) if chosen.eve and tail else chosen.on
    deadline = Deadline(on=on, raw=span.of(text), kind=chosen.kind)
    if on < today:
        return DeadlineReading(past=deadline, span=span)
    return DeadlineReading(deadline=deadline, span=span)


def find_days(text: str, today: date) -> Iterator[Found]:
    """Every day the text speaks of, in order; of overlapping readings the longest."""
    everything: list[Found] = []
    for pattern, resolve in PHRASES:
        for match in pattern.finditer(text):
            resolved = _resolved(resolve, match, today)
            if resolved is not None:
                everything.append(resolved)
    everything.sort(key=lambda one: (one.span.start, -one.span.end))
    end = -1
    for one in everything:
        if one.span.start >= end:
            end = one.span.end
            yield one


def _resolved(resolve: Resolve, match: re.Match[str], today: date) -> Found | None:
    try:
        found = resolve(match, today)
    except (ValueError, OverflowError):  # 九千年: beyond the calendar
        return None
    return found if found and found.on.year <= today.year + FARTHEST else None


def _is_end(text: str, found: Found, *, asked: bool) -> bool:
    head = before(text, found.span.start, 8)
    tail = after(text, found.span.end, 8)
    if PAST.match(found.span.of(text)) and not asked:
        return False
    if NOT_END_BEFORE.search(head) or NOT_END_AFTER.match(tail):
        return False
    if asked or found.ends or END_AFTER.match(tail) or END_BEFORE.search(head):
        return True
    return found.ahead and found.kind is not DeadlineKind.PERIOD and not _is_start(head)


def _is_start(head: str) -> bool:
    return head.endswith(("在", "于", "等", "过了"))


def _strongest(text: str, found: list[Found]) -> Found:
    marked = (f for f in found if END_AFTER.match(after(text, f.span.end, 8)))
    return next(marked, found[0])
