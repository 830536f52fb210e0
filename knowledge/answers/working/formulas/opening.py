"""Whether a place is open on a day: the weekdays it states against the day that is asked about."""

import re
from datetime import date, datetime, time, timedelta

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import SHANGHAI, Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, pairs, papers
from knowledge.answers.working.reading.dates import hour_at
from knowledge.answers.working.telling import say_day, tell

_WEEK = "一二三四五六日"
_DAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_SPAN = re.compile(rf"(?P<first>{_DAY})[-—~至到](?P<last>{_DAY})")
_CLOSED = re.compile(
    rf"(?P<days>{_DAY}(?:[、和]{_DAY})*|周末|双休日)[^,;。]{{0,10}}?(?:闭馆|休息|不办理|不开放|不上班|不受理)"
)
_HOURS = re.compile(r"(?P<from>\d{1,2}:\d{2})[-—~至到](?:下午|上午)?(?P<to>\d{1,2}:\d{2})")
_PART = re.compile(
    rf"(?P<day>{_DAY})(?P<part>上午|下午)[^。]*?(?:不受理|不办理|休息|不开放)[^,;。]*"
)
_ASKED = re.compile(
    r"(?P<rel>今天|今日|现在|明天|后天)|(?P<this>这|本|下)?(?:个)?(?P<day>(?:周|星期|礼拜)[一二三四五六日天])|(?P<weekend>周末|双休日)"
)
_OPEN = re.compile(
    r"上班|开门|开馆|开放|营业|办理|办[上成到得业事点]|能办|去办|能去|受理|有人|窗口|开着|开不开|跑一趟|参观|递|交|取"
)
_HOLIDAY = re.compile(r"国庆|春节|元旦|五一|十一|清明|端午|中秋|节")
_ENDS_WEEK = 5
_NEAR = 3
_NOON = time(12, 0)


def opening(case: Case) -> Worked | None:
    """Whether one may come on the day that is asked about, by the weekdays that are stated."""
    asked = _ASKED.search(case.text)
    if not asked or not _OPEN.search(case.text) or _HOLIDAY.search(case.text):
        return None
    if not re.search(r"吗|么|能|可以|不[开办上]|[开有行]没|行|嘛|有没有", case.text) or re.search(
        r"几点|什么时候|哪天|多少|截止", case.text
    ):
        return None
    for paper in papers(case, "办公时间", "开放时间", "周一至周五"):
        rule = _rule(case, paper)
        if rule is not None and not about_another(case, rule):
            return _told(case, paper, rule, asked)
    return None


def _rule(case: Case, paper: Paper) -> Evidence | None:
    """The sentence of weekdays of the place that the question names, by what stands around it."""
    scored: list[tuple[int, Evidence]] = []
    for at, one in enumerate(paper.sentences):
        if one.sentence.row or not _SPAN.search(own(one)):
            continue
        around = "|".join(own(each) for each in paper.sentences[max(0, at - _NEAR) : at + 1])
        scored.append((len(pairs(around) & pairs(case.text)), one))
    best = max((score for score, _ in scored), default=0)
    found = [one for score, one in scored if score == best]
    return found[0] if len(found) == 1 and best > 0 else None


def _told(case: Case, paper: Paper, rule: Evidence, asked: re.Match[str]) -> Worked | None:
    day = _day(case, asked)
    text = own(rule)
    span = _SPAN.search(text)
    if day is None or span is None:
        return None
    near = [
        one
        for one in paper.sentences
        if one.sentence.path == rule.sentence.path
        and 0 < one.sentence.start - rule.sentence.start < 200  # noqa: PLR2004
    ]
    weekday = day.weekday()
    first, last = _number(span["first"]), _number(span["last"])
    shut = _CLOSED.search(text)
    is_open = first <= weekday <= last and not (shut and weekday in _days(shut["days"]))
    told = {"day": say_day(day), "weekday": _WEEK[weekday], "said": span.group()}
    if not is_open:
        beside = [one for one in near if _shuts(own(one), weekday)][:1]
        return Worked(text=tell("formula.closed", **told), rules=(rule, *beside))
    hour = _hour(case, asked)
    for one in near:
        part = _PART.search(own(one))
        if part and _number(part["day"]) == weekday:
            touched = hour is None or (hour >= _NOON) is (part["part"] == "下午")
            if touched:
                note = tell("formula.partly", **{**told, "said": part.group()})
                return Worked(text=note, rules=(rule, one))
    spans = [(hour_at(one["from"]), hour_at(one["to"])) for one in _HOURS.finditer(text)]
    if hour is not None and spans and not any(a and b and a <= hour <= b for a, b in spans):
        return Worked(
            text=tell(
                "formula.out_of_hours",
                hour=f"{hour:%H:%M}",
                hours="、".join(one.group() for one in _HOURS.finditer(text)),
                **told,
            ),
            rules=(rule,),
        )
    return Worked(
        text=tell(
            "formula.open", hours="、".join(one.group() for one in _HOURS.finditer(text)), **told
        ),
        rules=(rule,),
    )


def _shuts(text: str, weekday: int) -> bool:
    found = _CLOSED.search(text)
    return bool(found) and weekday in _days(found["days"] if found else "")


def _day(case: Case, asked: re.Match[str]) -> date | None:
    today = case.today
    if asked["rel"]:
        return today + timedelta(days={"明天": 1, "后天": 2}.get(asked["rel"], 0))
    wanted = _ENDS_WEEK if asked["weekend"] else _number(asked["day"])
    ahead = (wanted - today.weekday()) % 7
    return today + timedelta(days=ahead)


def _hour(case: Case, asked: re.Match[str]) -> time | None:
    """The hour that is asked about: the present one for 现在, else one that the question says."""
    if asked["rel"] == "现在":
        now: datetime = case.now.astimezone(SHANGHAI)
        return now.time()
    said = re.search(
        r"(?:早上|上午|中午|下午|晚上)?[\d一二三四五六七八九十]{1,3}(?:点|:\d{2})", case.text
    )
    if said:
        return hour_at(said.group())
    half = re.search(r"上午|下午", case.text)
    return {"上午": time(10, 0), "下午": time(15, 0)}[half.group()] if half else None


def _number(day: str) -> int:
    return 6 if day[-1] == "天" else _WEEK.index(day[-1])


def _days(said: str) -> set[int]:
    if said in {"周末", "双休日"}:
        return {5, 6}
    return {_number(one) for one in re.findall(_DAY, said)}
