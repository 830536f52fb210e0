"""When a document was issued: how it is asked for, and which sentence can tell."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from knowledge.answers.scenes import DATE_LINE

_ISSUED = r"(?:印发|发布|出台|发文|签发|成文|下发|落款|落的)"
_WHEN = r"(?:时候|哪天|哪一?年|哪一天|日期|时间|何时|哪年|几月|几号)"
_PAPER = (
    r"(?:通知|公告|文件|办法|方案|计划|指南|要点|意见|细则|报告|总结|手册)(?:是|的|都|到底|在|于)*"
)
SIGNING = re.compile(
    f"{_ISSUED}.*{_WHEN}|{_WHEN}.*{_ISSUED}|{_PAPER}[^,，]{{0,3}}{_WHEN}(?:发|出|公布|印|下)"
)
"""Questions for the day on which a document was issued."""

_ISSUES = re.compile(r"印发|发布|出台|签发")


@lru_cache(maxsize=512)
def issuing(asked: str) -> bool:
    """Whether a question is for the day on which a document was issued."""
    return bool(SIGNING.search(asked))


def issued(own: str, days: Sequence[date]) -> bool:
    """Whether a sentence with a date can tell when a document was issued: on the days it gives."""
    if days:
        return any(f"{day.month}月{day.day}日" in own for day in days)
    return bool(DATE_LINE.match(own) or _ISSUES.search(own))
