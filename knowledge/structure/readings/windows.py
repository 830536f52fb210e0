"""From when until when: application windows, the day a document takes effect, its last day."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from core.domain.documents import Reading
from knowledge.structure.chunks import Sentence
from knowledge.structure.readings.dates import DAY, Moment, calendar_day, moments
from knowledge.structure.readings.quotes import stated

_WINDOW = re.compile(
    r"(?:申报|报名|征集|受理|提交|推荐|申请)[^。；\n]{0,12}?(?:时间|期限|日期|截止|截至|开放|开通)[^。；\n]{0,80}"
    r"|(?:申报|报名|征集|受理|填报)[：:]\s*(?:自|从)?\s*(?:20\d{2}\s*年|\d{1,2}\s*月)[^。；\n]{0,60}"
    r"|(?:申报|报名|受理)[^。；\n]{0,60}关闭"
    r"|[^。；\n]{0,50}(?:止|期间)[^。；\n]{0,6}(?:申报|报名|受理|征集)"
)
_BEFORE = re.compile(
    r"[^。；\n]{0,40}日\s*(?:(?:上午|下午|晚上?)?\s*\d{1,2}\s*(?:时|点|[:：]\s*\d{2}))?\s*(?:之?前(?!已)|截止)"
    r"[^。；\n]{0,14}(?:提交|报送|申报|报名|寄|发送|上报)"
)
_YEARLY = re.compile(r"[每次当]年|年度总结|工作总结")
"""A day that comes back each year, or that speaks of what is reported afterwards."""

_HEADED = re.compile(
    r"(?:申报|报名|征集|受理|提交|推荐|申请)[^。；\n]{0,6}(?:时间|期限|日期|截止|安排)"
)
_BARE = re.compile(r"(?:自|从|即日起|截止|截至|为)?\s*(?:20\d{2}\s*年|\d{1,2}\s*月)")
"""A sentence that is nothing but days: what they are for stands in its heading."""

_NOT_APPLYING = re.compile(r"实施|验收|结题|公示|评审|立项|成立|路演|活动")
_EFFECTIVE_ON = re.compile(rf"自\s*{DAY.pattern}\s*起?\s*(?:开始)?(?:施行|实施|执行|生效)")
_EFFECTIVE_NOW = re.compile(
    r"自(?:发布|印发|公布|下发)之日起\s*(?:(\d{1,3})\s*日后)?\s*(?:施行|实施|执行|生效)"
)
_VALID_UNTIL = re.compile(rf"有效期(?:限)?\s*(?:为|自.{{0,20}})?(?:至|到|截至)\s*{DAY.pattern}")
_VALID_FOR = re.compile(r"有效期(?:限)?\s*(?:为|暂定)?\s*([1-9]|[一二两三四五六七八九十])\s*年")
_DIGITS = {**{char: at for at, char in enumerate("零一二三四五六七八九十")}, "两": 2}


def read_window(sentences: Sequence[Sentence], year: int | None) -> Iterator[Reading]:
    """When applications open and close; the latest closing when several are named.

    A window (申报时间 ... 至 ...) goes before a day by which something is handed in.
    """
    for pattern in (_WINDOW, _BEFORE):
        found = list(_windows(sentences, pattern, year))
        if not found:
            continue
        sentence, days = max(found, key=lambda one: one[1][-1].day)
        closing = days[-1]
        if len(days) > 1 and days[0].day <= closing.day:
            yield stated("opens_on", days[0].day.isoformat(), sentence)
        yield stated("closes_on", closing.day.isoformat(), sentence)
        yield from _hour(sentence, closing, sentences)
        return


def _windows(
    sentences: Iterable[Sentence], pattern: re.Pattern[str], year: int | None
) -> Iterator[tuple[Sentence, list[Moment]]]:
    for sentence in sentences:
        for said in pattern.finditer(_with_heading(sentence)):
            if not _NOT_APPLYING.search(said.group()) and not _YEARLY.search(sentence.text):
                days = list(moments(said.group(), year))
                if days:
                    yield sentence, days


def _with_heading(sentence: Sentence) -> str:
    """A sentence; behind the heading that says what its days are for, where it does not."""
    heading = sentence.path[-1] if sentence.path else ""
    headed = _BARE.match(sentence.text.strip()) and _HEADED.search(heading)
    return f"{heading}：{sentence.text}" if headed else sentence.text


def _hour(own: Sentence, closing: Moment, sentences: Sequence[Sentence]) -> Iterator[Reading]:
    """The time of the last day, said with it or where that day is named again."""
    for sentence in (own, *sentences):
        for moment in moments(sentence.text, closing.day.year):
            if moment.day == closing.day and moment.at:
                yield stated("closes_at", moment.at.isoformat("minutes"), sentence)
                return


def read_force(sentences: Iterable[Sentence], issued: date | None) -> Iterator[Reading]:
    """When a document takes effect and until when it says that it is in force."""
    effective: date | None = None
    for sentence in sentences:
        if effective is None:
            effective = _effective(sentence.text, issued)
            if effective:
                yield stated("effective_on", effective.isoformat(), sentence)
        last = _last(sentence.text, effective or issued)
        if last:
            yield stated("expires_on", last.isoformat(), sentence)
            return


def _effective(text: str, issued: date | None) -> date | None:
    found = _EFFECTIVE_ON.search(text)
    if found:
        return calendar_day(found["year"], found["month"], found["day"])
    now = _EFFECTIVE_NOW.search(text)
    return issued + timedelta(days=int(now[1] or 0)) if now and issued else None


def _last(text: str, since: date | None) -> date | None:
    found = _VALID_UNTIL.search(text)
    if found:
        return calendar_day(found["year"], found["month"], found["day"])
    years = _VALID_FOR.search(text)
    if years is None or since is None:
        return None
    amount = int(years[1]) if years[1].isascii() else _DIGITS[years[1]]
    leap_day = (since.month, since.day) == (2, 29)
    start = since.replace(day=28) if leap_day else since
    return start.replace(year=start.year + amount) - timedelta(days=1)
