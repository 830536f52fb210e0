"""What a document forbids in so many words, against what the question tells."""

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import (
    asks_openly,
    asks_whether,
    rules,
    shared,
    surroundings,
)
from knowledge.answers.working.telling import tell

_BANS = re.compile(r"不得|只可|只能|仅可|不受理|不办理|不予办理|闭馆|不开放|不接待")
_HAVING = re.compile(
    r"不得(?:存在|有|发生过?|具有|涉及)(?P<what>[^,;。]{2,40}?)(?:等?(?:情形|情况|行为))?(?=$|[,;。])"
)
_WHO = re.compile(
    r"(?:^|[,;。:])(?:\d+[.、]|\([一二三四五六七八九十]+\))?(?P<who>[^,;。:]{3,40}?)(?:的?(?:项目|单位|企业|人员|个人|团队|申报人))?"
    r"(?:,)?(?:均|一律)?不得(?:再次?|重复|继续)?(?:报名|申报|申请|参赛|参加|参评|推荐)"
)
_ONLY = re.compile(
    r"(?:^|[,;。:])(?P<who>[^,;。:]{3,24}?)(?:只可|只能|仅可|仅限)(?:以)?(?:报名|申报|参加|报|选择)(?P<one>[\u4e00-\u9fff]{2,8})"
)
_APPLIES = re.compile(r"报|申请|参赛|参加|参评|揭|推荐|入选")
_GOT = re.compile(r"^.*(?:获得过?|取得|被列入|列入|属于|为|被)")
_PARTS = re.compile(r"[、和及或与]|以及")
_RELATED = re.compile(
    r"股权|股份|股东|控股|入股|持股|参股|占股|实际控制|关联|母公司|子公司|同一(?:老板|法人)"
)
_TIES = re.compile(r"股权|关联|实际控制|控股")
_NOT = re.compile(r"(?:没有?|无|不是|未|非|不存在|不属于)[^,]{0,4}$")
_DAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])(?P<half>上午|下午|晚上)?")
_SPAN = re.compile(r"[至到—~-]")
_CLOSED = re.compile(r"不受理|不办理|不予办理|闭馆|不开放|不接待|休息|不上班|停止受理")
_OPEN_FOR = re.compile(r"[只仅](?:办理|受理|接待|提供)(?P<what>[^,;。]{2,8})")
_LEAST_ITEM = 3
_NEAR = 2


def forbidden(case: Case) -> Worked | None:
    """A ban that names what the question tells, or the day on which it wants to come."""
    if not asks_whether(case.asked) or asks_openly(case.text):
        return None
    for rule in rules(case, _BANS.search, "不得", "只可"):
        said = next(_told(case.text, rule), None)
        if said is not None:
            passes, words = said
            verdict = tell("can" if passes else "cannot")
            return Worked(text=verdict + words, rules=(rule,))
    return None


def _told(text: str, rule: Evidence) -> Iterator[tuple[bool, str]]:
    """What a rule says of the question: whether it allows it, and in which words."""
    stated = own(rule)
    for one in _HAVING.finditer(stated):
        if _ties(text, one["what"], rule) or _names(text, one["what"]):
            yield False, tell("applicant.stated", what=one.group())
    for one in _WHO.finditer(stated):
        if _APPLIES.search(text) and _names(text, _GOT.sub("", one["who"])):
            yield False, tell("applicant.stated", what=one.group().strip(",;。:"))
    for one in _ONLY.finditer(stated):
        if len(shared(text, one["who"])) >= _NEAR and _sibling(text, one["one"]):
            yield one["one"] in text, tell("applicant.stated", what=one.group().strip(",;。:"))
    if len(shared(text, surroundings(rule) + rule.passage.chunk.text)) >= _NEAR:
        yield from _weekday(text, stated)


def _names(text: str, what: str) -> bool:
    """Whether a question tells of one of some things in full, and does not deny it."""
    for item in _PARTS.split(what):
        thing = re.sub(r"^其|等?$|的(?:项目|单位|企业|人员)?$", "", item)
        at = text.find(thing) if len(thing) >= _LEAST_ITEM else -1
        if at >= 0 and not _NOT.search(text[:at]):
            return True
    return False


def _ties(text: str, what: str, rule: Evidence) -> bool:
    """Whether both speak of one firm's hold on another, and of the same firm."""
    said = _RELATED.search(text)
    if said is None or not _TIES.search(what) or _NOT.search(text[: said.start()]):
        return False
    return bool(shared(text, own(rule)))


def _sibling(text: str, one: str) -> bool:
    """Whether a question names a thing of the same sort: 中级班 beside 初级班."""
    return bool(re.search(rf"[\u4e00-\u9fff]{{2}}{re.escape(one[-1])}", text))


def _weekday(text: str, stated: str) -> Iterator[tuple[bool, str]]:
    """Whether the day that a question names is one on which nothing is done."""
    asked = _WEEKDAY.search(text)
    if asked is None:
        return
    days: set[tuple[str, str]] = set()
    for clause in re.split(r"[,;。:(]", stated):
        days = _days_in(clause) or days
        meant = {(day, half) for day in _days_of(asked) for half in ("", asked["half"] or "")}
        if not days & meant:
            continue
        kept = _OPEN_FOR.search(clause)
        if kept and shared(text, kept["what"]):
            yield True, tell("applicant.stated", what=clause)
        if _CLOSED.search(clause):
            yield False, tell("applicant.stated", what=stated)


def _days_of(found: re.Match[str]) -> str:
    day = found["day"].replace("天", "日")
    return "六日" if day == "末" else day


def _days_in(clause: str) -> set[tuple[str, str]]:
    """The days of the week that a clause names, each with its half where that is said."""
    found = list(_WEEKDAY.finditer(clause))
    days = {(day, one["half"] or "") for one in found for day in _days_of(one)}
    for one, other in pairwise(found):
        if _SPAN.fullmatch(clause[one.end() : other.start()]):
            first, last = _DAYS.find(_days_of(one)), _DAYS.find(_days_of(other))
            days |= {(day, "") for day in _DAYS[first : last + 1]}
    return days
