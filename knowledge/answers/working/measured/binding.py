"""What each size of a question is a size of, and which condition speaks about that."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from knowledge.answers.working.measured.sizes import Size, Sort, comparable, told_sizes
from knowledge.answers.working.measured.terms import Term
from knowledge.answers.working.reading.dates import Moment, moments

_FAMILIES = tuple(
    re.compile(words)
    for words in (
        r"注册(?!资[金本])|成立|开办|创办|办起来|登记|开起来|设立",
        r"开放|迎客|开馆|接待|开门",
        r"上线|线上|运行|跑了",
        r"营业收入|营收|收入|销售额|流水",
        r"研发|研究开发|搞技术|科研",
        r"知识产权|专利|软著|著作权|发明",
        r"联合体|抱团|联合|组团|合伙|结伴|搭伙",
        r"面积|平米|平方|平$|场地|场所|展厅|办公室",
        r"注册资[金本]|启动资金|本金",
        r"个人会员|会员",
        r"单位会员|团体会员",
        r"发起人",
        r"农户|带动|户",
        r"结业|证书|拿[到了]?证",
        r"工作|干了|从业|上班|从事|任职|就业",
        r"成交额|交易额|合同额|成交",
        r"技术交易|促成|撮合",
        r"融资|投资",
        r"经费|投入",
        r"人次|参观|游客|客流",
        r"专职|全职",
        r"兼职",
        r"协议|合同|签",
        r"团队|队员|成员|人马",
        r"高级职称|正高|副高",
        r"博士",
        r"年龄|周?岁",
        r"天.{0,3}开放|开放.{0,3}天|开门",
        r"签约|工作站|基地",
        r"支出|花",
    )
)
"""Words by which people and documents speak of one thing."""

_EMPTY = re.compile(
    r"一个|以上|不少|不低|少于|低于|人员|我们|可以|单位|要求|条件|申报|申请|至少|具有|具备|能够|提供|有效|其中|期限|必要|情况|年度|年内|万元|的人"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_CLAUSE = re.compile(r"[^,;。?!、]+")
_ARTICLE = re.compile(r"一个(?!月)|一[家位名项件部篇场次](?!半)|一个?人")
_ONLY = re.compile(r"[只才就仅]{1,2}(?:有|是|报|招|请|找)?(?:了|到)?$|有且仅有$|就$")
_ASKS_RULE = re.compile(
    r"(?:要求|规定|是不是|必须|要不要|非得|需要|得有|得满|不少于|不低于|不超过|至少|最少|最多|至多)[^,。?!;]{0,8}$"
)
_IMPLIED = frozenset({Sort.AGE, Sort.AREA, Sort.LAND, Sort.VISITS, Sort.HOUSES})
"""Sorts that say by themselves what is measured."""

_RATE = re.compile(r"一(?:年|个月|天)(?=[^,。?!;]*\d)(?![半多了零又])")
"""How often or how much: 一年开放90天."""

_COUNTED = re.compile(
    r"的?(?!单位|企业|公司|成员|人员|行|够|能|可以|都|在|是|也|就|算|合|符|达|满)(?P<noun>[\u4e00-\u9fff]{2,4})"
)
_AT_DAY = re.compile(r"^[^,。?!;]{0,12}")
_WORD = 2
_ENOUGH = 2
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A size or a day that a question tells, with the words it stands among."""

    said: str
    about: str
    counted: str = ""
    """The noun right behind a number with 个: 点子 in 两个点子."""
    size: Size | None = None
    day: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A told size beside a condition that speaks of the same thing."""

    told: Told
    term: Term
    score: int
    passes: bool | None
    """None where what was told does not decide it."""


def told_of(text: str, today: date) -> list[Told]:
    """What a question tells that may be measured; articles and years of calls are none."""
    found: list[Told] = []
    places = [(one.start, one.end) for one in told_sizes(text)]
    for one in told_sizes(text):
        ahead = text[: one.start]
        article = _ARTICLE.match(text, one.start) and not _ONLY.search(ahead)
        rate = _RATE.match(text, one.start) and not _ONLY.search(ahead)
        if article or rate or _ASKS_RULE.search(ahead):
            continue
        behind = _COUNTED.match(text, one.end) if one.sort is Sort.ANY else None
        found.append(
            Told(
                said=one.said,
                about=_around(text, one.start, one.end, places),
                counted=behind["noun"] if behind else "",
                size=one,
            )
        )
    for day in moments(text, None, today.year):
        behind = _AT_DAY.match(text[day.end :])
        found.append(
            Told(said=text[day.start : day.end], about=behind.group() if behind else "", day=day)
        )
    return found


def _around(text: str, start: int, end: int, places: list[tuple[int, int]]) -> str:
    """The words that a size stands among: its clause, up to the sizes beside it.

    Where its clause says nothing else, the clause before belongs to it.
    """
    clauses = list(_CLAUSE.finditer(text))
    at = next((n for n, one in enumerate(clauses) if one.start() <= start < one.end()), None)
    if at is None:
        return text
    clause = clauses[at]
    left = max((b for _, b in places if clause.start() <= b <= start), default=clause.start())
    right = min((a for a, _ in places if end <= a <= clause.end()), default=clause.end())
    words = text[left:start] + " " + text[end:right]
    bare = re.sub(r"[只才刚都有已经了的够吗能行可以吧就还大概也是今年现在]", "", words)
    if len(_HAN.findall(bare)) == 0 and at:
        words = clauses[at - 1].group() + " " + words
    return words


def bound(told: Told, term: Term, today: date) -> Bound | None:
    """A told size beside a term, or None when they do not speak of the same thing."""
    if told.day is not None:
        return _day(told, told.day, term, today)
    size = told.size
    if size is None or term.sort is None or not comparable(size.sort, term.sort):
        return None
    if told.counted and not _score(told.counted, term.about):
        return None
    score = _score(told.about, term.about) + (_WORD if size.sort in _IMPLIED else 0)
    named = size.sort is not Sort.MONTHS or _notions(told.about, term.about)
    if score < _ENOUGH or not named:
        return None
    return Bound(told=told, term=term, score=score, passes=term.met(size.value))


def _score(said: str, about: str) -> int:
    """How far two wordings name one thing: each shared notion, each shared pair."""
    pairs = _pairs(said) & _pairs(about)
    return _WORD * _notions(said, about) + sum(not _EMPTY.fullmatch(one) for one in pairs)


def _notions(said: str, about: str) -> int:
    """How many notions two wordings share."""
    return sum(bool(one.search(said) and one.search(about)) for one in _FAMILIES)


def _pairs(text: str) -> set[str]:
    return {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}


def _day(told: Told, day: Moment, term: Term, today: date) -> Bound | None:
    score = _score(told.about, term.about)
    if not any(one.search(told.about) and one.search(term.about) for one in _FAMILIES[:3]):
        return None
    last, first = day.day, _first(day)
    if term.sort is None:
        each = {term.met(Fraction(one.toordinal())) for one in (first, last)}
    elif term.sort is Sort.MONTHS and term.least:
        until = term.until or today
        each = {months_between(one, until) >= term.value for one in (first, last)}
    else:
        return None
    return Bound(told=told, term=term, score=score, passes=each.pop() if len(each) == 1 else None)


def _first(day: Moment) -> date:
    """The earliest day that a month or a year may mean."""
    if day.exact:
        return day.day
    month = "月" in str(day) or day.day.month != _MONTHS
    return day.day.replace(day=1) if month else day.day.replace(month=1, day=1)


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months - (last.day < first.day)
