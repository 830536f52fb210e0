"""What events a sentence speaks of: kinds, fields and places, found in the text or the data."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions import wording
from actions.understanding.deadline import find_days
from actions.understanding.industry import read_industry
from actions.understanding.region import read_region
from actions.understanding.text import fold
from core.domain.needs import DeadlineKind
from core.domain.records import Library, Record, concerns
from core.domain.reminders import SHANGHAI, instant_of

SHORTEST = 2
MONTH_NAMED = re.compile(r"((?:下下|[上本这下])个?月)(?!底|初|末|中|\d)")
"""下个月 alone is the whole month, whose last day is its 底."""
WEEK = re.compile(r"周$|星期$|礼拜$")
OPEN_NOW = re.compile(
    r"(?:有什么|有哪些|有没有什么|哪些)[^,。?]{0,10}(?:可以|能|正在|还能|现在)(?:申报|报名|参加|揭榜|报)"
    r"(?:的|吗|呢|了)?[?。!]?\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `first` to `last`, in the person's words."""

    first: date
    last: date
    said: str

    def holds(self, record: Record) -> bool:
        """Whether the record starts (or closes) then."""
        at = instant_of(record)
        return at is not None and self.first <= at.astimezone(SHANGHAI).date() <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Groups of words, and a time; a record must be about a word of every group, and then."""

    groups: tuple[tuple[str, ...], ...] = ()
    period: Period | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The time and the first word of every group, as the person said them."""
        said = (self.period.said,) if self.period else ()
        return (*said, *(group[0] for group in self.groups))

    def select(self, records: Iterable[Record]) -> list[Record]:
        """The records that are about every group."""
        return [
            record
            for record in records
            if all(any(_about(record, word) for word in group) for group in self.groups)
            and (self.period is None or self.period.holds(record))
        ]


def _about(record: Record, word: str) -> bool:
    return concerns(record, word) or word in record.summary


def read_topics(text: str, records: Sequence[Record], said_at: datetime | None = None) -> Topics:
    """Find what events the text wants; `said_at` is the present that 下周 refers to."""
    folded = fold(text)
    groups = [_kinds(folded), _online(folded), _places(folded, records), _fields(folded, records)]
    period = _period(folded, said_at.astimezone(SHANGHAI).date()) if said_at else None
    return Topics(groups=tuple(group for group in groups if group), period=period)


def _period(text: str, today: date) -> Period | None:
    found = next(find_days(MONTH_NAMED.sub(r"\1底", text), today), None)
    if found is None:
        return None
    first = {
        DeadlineKind.DATE: found.on,
        DeadlineKind.MONTH: found.on.replace(day=1),
        DeadlineKind.PERIOD: today,
    }[found.kind]
    said = found.span.of(MONTH_NAMED.sub(r"\1底", text)).removesuffix("底")
    if WEEK.search(said):
        first = found.on - timedelta(days=6)
    return Period(first=first, last=found.on, said=said)


def library_of(text: str) -> Library:
    """Events, or calls when the text speaks of applying."""
    folded = fold(text)
    called = any(word in folded for word in wording.words()["call_words"])
    return Library.CALLS if called and not _kinds(folded) else Library.EVENTS


def speaks_of_events(text: str) -> bool:
    """Whether the text names a kind of event."""
    folded = fold(text)
    return bool(_kinds(folded)) or any(word in folded for word in wording.words()["event_words"])


def lists_open_things(text: str) -> bool:
    """Whether the text asks which events or calls are open now."""
    return OPEN_NOW.search(fold(text)) is not None


def _kinds(text: str) -> tuple[str, ...]:
    said = [word for word in wording.words()["kinds"] if word in text]
    said = [word for word in said if not any(word in other for other in said if other != word)]
    same = wording.words()["same_kinds"]
    more = [other for word in said for other in same.get(word, ())]
    return tuple(dict.fromkeys([*said, *more]))


def _online(text: str) -> tuple[str, ...]:
    words = tuple(wording.words()["online"])
    return words if any(word in text for word in words) else ()


def _places(text: str, records: Sequence[Record]) -> tuple[str, ...]:
    reading = read_region(_without_kinds(text), asked=False)
    said = [reading.span.of(text)] if reading.span else []
    if reading.region:
        region = reading.region
        parts = (region.county, region.city, region.province)
        said += [re.sub(r"(?:省|市|区|县|自治区)$", "", part) for part in parts if part][:1]
    said += [r.region for r in records if r.region and r.region in text]
    return tuple(dict.fromkeys(said))


def _without_kinds(text: str) -> str:
    """Kind words blanked: a place before 路演 is where the event is."""
    for word in wording.words()["kinds"]:
        text = text.replace(word, "," * len(word))
    return text.replace("活动", ",,")


def _fields(text: str, records: Sequence[Record]) -> tuple[str, ...]:
    kinds = {*wording.words()["kinds"], *wording.words()["call_words"]}
    listed = {
        word
        for record in records
        for word in (*record.industries, *record.keywords)
        if len(word) >= SHORTEST and word in text and word not in kinds
    }
    found = sorted(listed, key=lambda word: (-len(word), word))
    industry = read_industry(text).industry
    if industry:
        found += [industry.raw, *industry.labels]
    return tuple(dict.fromkeys(word for word in found if word))
