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
    r"^\s*(?:的时候|这天|当天)?(?:[\u4e00-\u9fff]{1,4}(?<![多年月天])(?:之前|以前|前(?=[,。;!\s]|装|完|交|出|拿|要|必|搞|弄|到|能|上)))|"
    r"^\s*(?:的时候|这天|当天)?(?:之?前(?!期|段|面|景|沿|处理|端)|以前|为止|内|之内|以内|截止|截至|左右|(?:晚上|上午|下午|一早|早上)?(?:就?要|能|得|必须|可以|之内|想|再|务必)?"
    r"(?:完成|交付|交货|搞定|搞好|解决|上线|验收|投产|投运|投用|量产|出结果|出方案|出样|出报告|出成果|出中试|见效|见分晓|做完|做好|拿到|结题|落地|到位|弄好|弄完|改好|实现|用上|到现场|演示|提交|达标|装完|定下来))"
)
DUE_AFTER = re.compile(
    r"^\s*(?:晚上|上午|下午|一早|早上)?(?:就?要|能|得|必须|可以|想|再|务必)?(?:交|出|用|来人|来(?![\d的])|要|给|报|签)(?!了|过|去|参加|参展|出差|开会)"
)
"""What makes a day or a month an end, and no longer stretch of time."""
EVENT_BEFORE = re.compile(
    r"(?:签[订约]?|合同|协议|付款|到账|到货|立项|启动|中标|之日起|起算|以后|之后|(?<![年今明节])后|货架期|保质期|寿命|质保|保修|有效期|近|过去|最近)[^,。;]{0,5}$"
)
LASTS_AFTER = re.compile(
    r"^[^,。;]{0,3}(?:回本|收回|还清|还完|不坏|不变质|不褪色|不开裂|免维护|质保|保质|有效)"
)
END_BEFORE = re.compile(
    r"(?:截止|截至|期限|工期|交期|周期|最晚|最迟|必须|赶在|争取|希望|要求|需要|预计|计划|力争|时间|日期|交付|deadline|ddl|due|"
    r"改成|改为|改到|推迟到|延到|延后到|不超过|控制在|压缩到|提前到|应该是|不晚于|不迟于|不能过|别过|赶|给|到|可以到|前\()[是为在到于个:\s]*$",
    re.IGNORECASE,
)
LATEST = re.compile(r"(?:最晚|最迟|至迟|不能过|别过|不晚于|不迟于)[^,。;\d]{0,5}$")
"""What names the last day of several."""
ASKED = re.compile(
    r"(?:啥时候?|什么时候|几时|何时|多久)[^,。;?\n]{0,6}[?\n]\s*(?:[^\n:,。]{1,10}:)?\s*$"
)
"""A question for the day, right before it."""
TERM_BEFORE = re.compile(
    r"(?:截止|期限|工期|交期|周期|最晚|最迟|最多|改成|改为|延到|延长到|压缩到|控制在|不超过|给|时间)[是为在到于个:\s]*$"
)
"""What makes a bare duration a deadline; other durations are how long things last."""
NOT_END_BEFORE = re.compile(
    r"(?:成立于?|创办于?|从|自|始于|去年|前年|上个?月|上周|过去|近|最近|这|已经?|做了|干了|用了|保质期|寿命|质保|"
    r"保修|每|成立|连续|工作了?|经验|持续|不是|并非|每隔|历时|花了|生于)[了是在]?\s*$"
)
NOT_END_AFTER = re.compile(
    r"^\s*(?:成立|创办|创立|开始|启动|开工|开会|路演|活动|培训|经验|历史|以来|来(?!完成)|出现|发生|买的|采购|"
    r"有个|参加|参展|举办|召开|到期|过期|失效|休假|放假|停产|检修|退休|最后一天|了[,。]|的?(?:会议|会展|展会|展|事|线|时候|款|货|船|班)|以上|多的?(?:经验|历史)|前(?:就|我们|开始|成立|出现)|开的|起|的路演|的活动|有什么|有没有|[之以]?后|[要会还得将]{0,2}(?:去|赴|参加))"
)
NO_DEADLINE = re.compile(
    r"不急|不着急|尽快|尽早|越快越好|没有期限|没期限|无期限|长期|时间不限|不限时间|随时|没有时间要求|都行"
)
PAST = re.compile(r"上(?!半)|昨|前天|前日|去年|前年")
"""Days behind are answers to the question alone; elsewhere they tell a story."""
DONE_AFTER = re.compile(
    r"^\s*(?:左右)?(?:就?要|能|得|必须|可以|时间)?(?:内|完成|交付|交货|搞定|解决|上线|验收|投产|出结果|出方案|出样|做完|做好|结题|落地|弄好|改好|见效)"
)
VAGUE = re.compile(
    r"(?<![\d一二两三四五六七八九十百几半多今明后去当数])年前(?!后|年|的)|开春(?:之?前|以前|后|就)?|两会(?:之?前|以前)|(?:入|立|开)[冬夏秋春](?:之?前|以前)|放?[寒暑]假(?:之?前|以前)|开学(?:之?前|以前)|"
    r"(?:雨季|汛期|农忙|旺季|采收|收割|下种|播种|供暖|采暖|梅雨|台风|高温天?|夏天|冬天|三伏天?|伏天|数九天?|麦收|秋收|夏收|春耕|春播|秋播|双抢|上市|上冻|封冻)(?:来)?(?:之?前|以前)|过完?年(?:之?后|以后)?(?:就)?要"
)
"""What names no day; to be asked."""
STORY_BEFORE = re.compile(r"(?:客户|老板|厂家|他们|韩国|检查组)[^,。]{0,6}$")
FARTHEST = 30
"""Years ahead; what lies beyond is no deadline but another number."""
CORRECTION = re.compile(r"改成|改为|改到|不对|说错|弄错|更正|应该是|不是|推迟|延到|延后|提前到")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReading:
    """What was found: a deadline to come, one that has passed, or `vague` words for one."""

    deadline: Deadline | None = None
    past: Deadline | None = None
    vague: str | None = None
    no_deadline: bool = False
    span: Span | None = None


def read_deadline(text: str, said_at: datetime, *, asked: bool = False) -> DeadlineReading:
    """Find the deadline in a folded text; `asked` when the text answers a question for it."""
    today = said_at.astimezone(SHANGHAI).date()
    found = [one for one in find_days(text, today) if _is_end(text, one, asked=asked)]
    found = [one for one in found if not _only_year(text, one)]
    if not found:
        hints = (m for m in VAGUE.finditer(text) if not STORY_BEFORE.search(text[: m.start()]))
        hint = next(hints, None)
        return DeadlineReading(
            vague=hint[0] if hint else None, no_deadline=NO_DEADLINE.search(text) is not None
        )
    chosen = _chosen(text, found, today)
    tail = re.match(r"\s*(?:之?前|以前|之内|以内|内|为止|截止)", text[chosen.span.end :])
    span = Span(start=chosen.span.start, end=chosen.span.end + (tail.end() if tail else 0))
    on = chosen.on - timedelta(days=1) if chosen.eve and tail else chosen.on
    deadline = Deadline(on=on, raw=span.of(text), kind=chosen.kind)
    if on < today:
        return DeadlineReading(past=deadline, span=span)
    return DeadlineReading(deadline=deadline, span=span)


def _only_year(text: str, found: Found) -> bool:
    """明年开学前: the day is not said."""
    return found.kind is DeadlineKind.PERIOD and VAGUE.match(text, found.span.end) is not None


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
    head = before(text, found.span.start, 10)
    tail = after(text, found.span.end, 10)
    told = PAST.match(found.span.of(text)) or (found.term and _is_of_something_else(head, tail))
    if told and not asked:
        return False
    if NOT_END_BEFORE.search(head) or (NOT_END_AFTER.match(tail) and not found.ends):
        return False
    if found.bare and not asked:
        return TERM_BEFORE.search(head) is not None or DONE_AFTER.match(tail) is not None
    asked = asked or ASKED.search(text[: found.span.start]) is not None
    if asked or _is_marked(text, found) or END_BEFORE.search(head):
        return True
    return found.ahead and found.kind is not DeadlineKind.PERIOD and not _is_start(head)


def _is_of_something_else(head: str, tail: str) -> bool:
    """A term that begins with another event than this message, or tells how long a thing lasts."""
    return EVENT_BEFORE.search(head) is not None or LASTS_AFTER.match(tail) is not None


def _is_marked(text: str, found: Found) -> bool:
    """Whether the words, or what follows them, say that something is due then."""
    tail = after(text, found.span.end, 10)
    if found.ends or END_AFTER.match(tail):
        return True
    return found.kind is not DeadlineKind.PERIOD and DUE_AFTER.match(tail) is not None


def _is_start(head: str) -> bool:
    return head.endswith(("在", "于", "等", "过了"))


def _chosen(text: str, found: list[Found], today: date) -> Found:
    """The last where one is corrected; else the last day of all, those that have passed apart."""
    last = found[-1]
    if len(found) > 1 and CORRECTION.search(text, found[-2].span.end, last.span.start):
        return last
    coming = [one for one in found if one.on >= today] or found
    latest = [one for one in coming if LATEST.search(before(text, one.span.start, 12))]
    marked = latest or [one for one in coming if _is_marked(text, one)]
    return max(marked or coming, key=lambda one: one.on)
