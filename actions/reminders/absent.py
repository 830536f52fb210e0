"""What a person wants to be reminded of and is not there: another's event, one that is over."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from actions import wording
from actions.topics import Topics, read_topics, speaks_of_events
from actions.understanding.deadline import find_days
from actions.understanding.offsets import AHEAD
from actions.understanding.picking import picked
from actions.understanding.text import fold, mask
from core.domain.records import Record
from core.domain.reminders import SHANGHAI

COMMON = re.compile(
    r"提前|提早|提醒|通知|告诉|叫|喊|记得|记着|到时候?|一下|参加|出席|报名|去听|去看|帮|请|麻烦|给|我们?|你们?|咱们?"
    r"|要|想|的|在|那[场个次些天]|这[场个次些]|第[\d一二三四五六七八九十]{1,2}[场个次项]|(?:下|最后)一?[场个次]|最[近早新]|近期|所有|全部|每[场个次]"
    r"|开始|之?前|吗|吧|了|(?:有关|关于)|举办|主办|组织|(?:点|时)半?|上午|下午|早上|晚上|[\d\s,。;!?:\"'“”《》]"
)
"""What stands around the name of an event."""
ENDING = re.compile(r"大会|峰会|博览会|交易会|洽谈会|活动|[会课班营展赛节]")
"""How names of events end, beside the kinds."""
SHORTEST = 2


def unmet_topic(text: str, said_at: datetime, coming: list[Record], over: list[Record]) -> str:
    """What the text names when nothing to come is that; empty when it names nothing so."""
    topics = behind(text, said_at, coming)
    if topics is not None:
        return wording.join(topics.words)
    unknown = next(_strangers(text, said_at, (*coming, *over)), "")
    if unknown:
        return unknown
    topics = read_topics(text, coming)
    there = bool(topics.select(coming)) or bool(picked(text, [one.title for one in coming]))
    return "" if there else wording.join(topics.words)


def behind(text: str, said_at: datetime, records: list[Record]) -> Topics | None:
    """What the text wants of days that are over, when it wants an event of such days."""
    topics = read_topics(text, records, said_at)
    over = topics.period is not None and topics.period.last < said_at.astimezone(SHANGHAI).date()
    return topics if over and speaks_of_events(text) else None


def _strangers(text: str, said_at: datetime, records: Sequence[Record]) -> Iterator[str]:
    """Names of events of which no two characters stand in any record."""
    folded = AHEAD.sub("\n", fold(text))
    days = [one.span for one in find_days(folded, said_at.astimezone(SHANGHAI).date())]
    known = "\n".join(_words(one) for one in records)
    for name in COMMON.sub("\n", mask(folded, days)).split("\n"):
        kinds = [kind for kind in wording.words()["kinds"] if name.endswith(kind)]
        ends = [hit[0] for hit in ENDING.finditer(name) if hit.end() == len(name)]
        own = name.removesuffix(max((*kinds, *ends), key=len, default=name))
        pairs = (own[at : at + SHORTEST] for at in range(len(own) - 1))
        if len(own) >= SHORTEST and not any(pair in known for pair in pairs):
            yield name


def _words(record: Record) -> str:
    told = (record.title, record.summary, record.organisation, record.region)
    listed = (*record.keywords, *record.industries, *map(str, record.details.values()))
    return fold("\n".join(filter(None, (*told, *listed))))
