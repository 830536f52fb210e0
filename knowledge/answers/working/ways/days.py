"""Days left, days passed, lengths, and days counted from a stated one."""

import re
from datetime import date, timedelta

from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.events import Role, event
from knowledge.answers.working.reading.numbers import number
from knowledge.answers.working.remaining import (
    counted_from,
    present,
    remaining,
    same_document,
    span_of,
    when,
    worked_of,
)
from knowledge.answers.working.telling import say_day, tell

_LEFT = re.compile(
    r"还有?剩?(?:下)?(?:几|多少)天|还剩|剩(?:几|多少|下)|(?:离|距)[^,。?]{1,20}?(?:几|多少|多久|多长)|还有多(?:久|长)|倒计时"
)
_PASSED = re.compile(
    r"(?:过|过去|截止|结束|超|逾期|错过|关闭|晚)了?(?:有|已经)?(?:多久|几天|多少天|多长|几年|几个月)|(?:多久|多少天|几天|几年|多长时间)了|(?:距今|到现在|到今天)[^,。]{0,8}(?:多久|几|多少|多长)"
)
_LENGTH = re.compile(
    r"(?:申报|报名|征集|受理|申请|开放|窗口)(?:期|时间|阶段|窗口)?[^,。还离距]{0,8}?(?:一共|总共|共|持续|给了?|有|是)?(?:几|多少)天|(?:申报|报名|征集|受理|申请)(?:期|窗口|时间)[^,。还离距]{0,6}(?:多长|多久)"
    r"|(?:申报|报名|征集|受理|申请|收件|材料|窗口|口子)[^。还离距]{0,16}?(?:从头到尾|前后|首尾|一共|总共)[^,。还离距]{0,6}(?:几|多少)天"
)
_OFFSET = re.compile(
    r"(?:提前|截止(?:日期|时间|日)?(?:之)?前|(?:前|倒推|往前推|往前))(?P<before>\d+|[一二两三四五六七八九十]+|半)(?:个)?(?P<unit>天|日|周|星期|礼拜|月)"
    r"|(?:截止|结束)(?:日期|时间)?(?:之)?后(?:的)?第?(?P<after>\d+|[一二两三四五六七八九十]+|半)(?:个)?(?P<after_unit>天|日|周|星期|礼拜|月)"
)
_WHICH_DAY = re.compile(r"哪天|哪一天|几号|几月|什么时候|何时|啥时候|日期|哪日")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)几|是不是(?:周末|工作日)")
_UNSTATED = re.compile(
    r"出结果|出(?:名单|通知)|公布|公示|揭晓|[到拨入]账|拨款|拨付|发(?:证|钱|放)|下发资金|反馈|通知结果|结果"
)
"""What follows an application and has no day of its own among those that are counted from."""

_BETWEEN = re.compile(r"(?:多久|多长|(?:几|多少)(?:天|个?月|周)|间隔|相隔|隔)")
_WORK = re.compile(r"实施|结题|验收|执行|做完|完工|项目周期|建设期")
_ISSUED = re.compile(r"印发|发布|出台|发文|落款|下发|签发")
_OPENS = re.compile(r"开始|启动|开放|起报|开报")
_ENDS = re.compile(
    r"截止|结束|印发|发布|出台|下发|发文|过期|逾期|关|到期|期满|(?:最后|最晚|最迟)[^,。]{0,4}(?:天|日|期限)"
)
_LENGTHS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_HALF_MONTH = 15


def days(case: Case) -> Worked | None:
    """What is asked about the days of an application, a project or a document."""
    if re.search(r"工作日", case.text) or _UNSTATED.search(case.text):
        return None
    for way in (_between, _offset, _weekday, _length, _left, _passed):
        worked = way(case)
        if worked is not None:
            return worked
    return None


def _role(text: str) -> Role:
    if _WORK.search(text):
        return Role.FINISHES
    if _ISSUED.search(text) and not re.search(r"申报|报名|截止", text):
        return Role.SIGNED
    return Role.CLOSES


def _between(case: Case) -> Worked | None:
    """From one stated day to another of the same document: 从申报开始到实施截止."""
    text = case.text
    if not (_WORK.search(text) and _BETWEEN.search(text)) or not re.search(r"申报|报名", text):
        return None
    if not re.search(r"从.*到|[和与跟到]|之间", text):
        return None
    begins = Role.OPENS if _OPENS.search(text) else Role.CLOSES
    first, last = event(case, begins), event(case, Role.FINISHES)
    if first is None or last is None or not same_document((first, last)):
        return None
    count = (last.day - first.day).days
    told = tell(
        "days.between",
        first=tell(f"days.{begins}"),
        first_day=say_day(first.day),
        last=tell("days.finishes"),
        last_day=say_day(last.day),
        count=str(count),
        span=span_of(first.day, last.day),
    )
    return worked_of(told, first, last)


def _offset(case: Case) -> Worked | None:
    """A day so many days before or after a stated one."""
    found = _OFFSET.search(case.text)
    if not found or not _WHICH_DAY.search(case.text):
        return None
    anchor = event(case, _role(case.text))
    count = _count(found)
    if anchor is None or count is None:
        return None
    later = bool(found["after"])
    day = anchor.day + timedelta(days=count if later else -count)
    told = tell(
        "days.after" if later else "days.before",
        what=tell(f"days.{anchor.role}"),
        anchor=when(anchor),
        count=str(count),
        day=say_day(day),
        weekday=_weekday_of(day),
    )
    return worked_of(told, anchor)


def _count(found: re.Match[str]) -> int | None:
    said = found["before"] or found["after"]
    unit = found["unit"] or found["after_unit"]
    if said == "半":
        return _HALF_MONTH if unit == "月" else None
    value = number(said)
    return int(value) * _LENGTHS[unit] if value is not None else None


def _weekday(case: Case) -> Worked | None:
    if not _WEEKDAY.search(case.text) or not re.search(r"截止|最后|申报|结束", case.text):
        return None
    anchor = event(case, _role(case.text))
    if anchor is None:
        return None
    told = tell(
        "days.weekday",
        what=tell(f"days.{anchor.role}"),
        day=when(anchor),
        weekday=_weekday_of(anchor.day),
    )
    return worked_of(told, anchor)


def _length(case: Case) -> Worked | None:
    """How long applications are taken, both ends counted."""
    if not _LENGTH.search(case.text) or _LEFT.search(case.text) or _PASSED.search(case.text):
        return None
    first, last = event(case, Role.OPENS), event(case, Role.CLOSES)
    if first is None or last is None or not same_document((first, last)):
        return None
    apart = (last.day - first.day).days
    told = tell(
        "days.length",
        first=say_day(first.day),
        last=when(last),
        count=str(apart + 1),
        apart=str(apart),
    )
    return worked_of(told, first, last)


def _left(case: Case) -> Worked | None:
    if not _LEFT.search(case.text):
        return None
    role = _role(case.text)
    if role is Role.CLOSES and re.search(r"(?:离|距|还有|到)[^,。截]{0,8}开始", case.text):
        role = Role.OPENS
    if role is Role.SIGNED:
        return None
    if not re.search(r"截止|结束|申报|报名|开始|实施|到期|关|交|完成|提交|验收", case.text):
        return None
    anchor = event(case, role)
    if anchor is None:
        return None
    now = counted_from(case, anchor)
    return worked_of(remaining(anchor, now), anchor) if now is not None else None


def _passed(case: Case) -> Worked | None:
    if not _PASSED.search(case.text):
        return None
    if not _ENDS.search(case.text):
        return None
    anchor = event(case, _role(case.text))
    if anchor is None:
        return None
    return worked_of(remaining(anchor, present(case, anchor)), anchor)


def _weekday_of(day: date) -> str:
    return tell("days.weekdays")[day.weekday()]
