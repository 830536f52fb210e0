"""The short answer in front of the evidence: a number with its limit, a day, a contact, a cell.

It is given only where it is certain: the evidence is one sentence or row, or rows of contacts,
the question asks one thing, and exactly one value can be meant.
"""

import re
from collections.abc import Sequence

from knowledge.answers.composition import say
from knowledge.answers.evidence import Evidence
from knowledge.answers.kinds import SHARE, Kind
from knowledge.answers.question import Question
from knowledge.answers.short.contacts import contacts_of
from knowledge.lexicon.words import normalise

SURE = 0.6
"""Share of a question's subject that the clause of a number has to name when not what is counted
stands right beside it."""

_PLAIN = 1.6
"""Evidence shorter than this many times its value is short enough by itself."""

_MEASURES = re.compile(
    "[个支项家名人位场次届类种条份期分字元岁篇倍页米吨亩套台座所级间件批对户岗组轮]"
)
_LIMIT = (
    "(?:(?:力争|争取|预计|计划|目标|原则上|平均|累计|总共|合计|共|每年|每月|每季度|每周|每场|每次)?"
    "(?:不(?:得)?(?:少|低|多|高|超|短)[于过]|至少|至多|最多|最少|最高|最低|上限|控制在|超过|突破|达到"
    "|达|近|约|大约|再增加|再|新增|增加|力争|争取)*)"
)
_NUMBER = re.compile(
    rf"(?P<limit>{_LIMIT})(?P<value>(?<![\d.])\d[\d,.]*(?:[-—~至到]\d[\d,.]*)?[百千万亿]*(?:余|多)?"
    rf"|(?<![第十百千万\d])[二两三四五六七八九十百千万]+(?:余|多)?)"
    rf"(?P<unit>%|万?元|分钟|小时|{_MEASURES.pattern})(?P<tail>左右|及?以上|及?以下|以内|上下)?"
)
_ORDINAL = re.compile(r"(?:第|前|专栏|附件)$|\d{4}年$")
_DAY = re.compile(
    r"(?:自|从)?(?P<year>20\d{2}年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?"
    r"(?:(?:上午|下午)?\d{1,2}:\d{2})?"
    r"(?:[-—~至到](?:20\d{2}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:(?:上午|下午)?\d{1,2}:\d{2})?)?"
    r"(?:之?前|以前|起|之?后|底前|底|初|中旬|上旬|下旬)?"
)
_YEARS = re.compile(r"(?:到|至)?20\d{2}年(?:底前?|前|起)?")
_DUTY = re.compile(r"[（(]\s*((?:牵头|责任|负责|主办)(?:单位|部门)\s*[:：][^（()）]+)[)）]")
_FULL_WIDTH = str.maketrans(";:,", "；：，")
_ASKS_DUTY = re.compile(r"牵头|配合|负责|责任|主办|协办")
_ASKED = re.compile(r"多少|几(?=[^乎])|多大|何时|什么时候|哪天")
_BRACKETED_LIMIT = re.compile(r"[（(](上限|下限|最高|最低|至多|至少)[)）]")
_CELL = re.compile(r"^\d[\d.,]*(?:[-—~至]\d[\d.]*)?\s*(?:%|[\u4e00-\u9fff]{0,2})$")
_NUMBERING = re.compile(r"序号|编号|年度|年份|电话")
_REACH = 10
"""Characters behind a number within which what it counts is named."""

_PAIR = 2


def typed(asked: Question, found: Sequence[Evidence]) -> str:
    """The short answer as a sentence; empty where it is not certain."""
    if asked.polar or len(_ASKED.findall(asked.text)) >= _PAIR:
        return ""
    told = _contacts(asked, found) or _duty(asked, found)
    if told:
        return say("typed", value=told)
    if len(found) != 1:
        return ""
    value = _value(asked, found[0])
    length = len(normalise(found[0].sentence.text))
    return say("typed", value=value) if value and length > _PLAIN * len(value) else ""


def _value(asked: Question, one: Evidence) -> str:
    if one.sentence.row:
        return _cell(asked, one)
    match asked.kind:
        case Kind.NUMBER | Kind.MONEY:
            return _number(asked, one)
        case Kind.DATE:
            return _day(asked, one)
        case _:
            return ""


def _contacts(asked: Question, found: Sequence[Evidence]) -> str:
    """Everybody in the evidence with what is asked for: telephone or e-mail."""
    if asked.kind not in {Kind.PHONE, Kind.EMAIL} or _documents(found) != 1:
        return ""
    name = str(asked.kind)
    each = [contacts_of([one.sentence], name) for one in found]
    told = dict.fromkeys(text for one in each for text in one)
    return "；".join(told) if each and all(each) else ""


def _duty(asked: Question, found: Sequence[Evidence]) -> str:
    """Who leads and who assists, where one bracket of the evidence says so."""
    if asked.kind is not Kind.PERSON or not _ASKS_DUTY.search(asked.text):
        return ""
    said = [duty for one in found for duty in _DUTY.findall(normalise(one.sentence.text))]
    if len(said) != 1 or _documents(found) != 1:
        return ""
    return str(said[0]).strip().rstrip("。").translate(_FULL_WIDTH)


def _documents(found: Sequence[Evidence]) -> int:
    return len({one.passage.source.id for one in found})


def _number(asked: Question, one: Evidence) -> str:
    """The number beside what is counted, with its limit; none when two could be meant."""
    bound = one.bound
    if bound is None:
        return ""
    text = normalise(one.sentence.text)
    every = [each for each in _NUMBER.finditer(text) if _is_count(asked, each, text)]
    fit = [each for each in every if bound.value in each.group() or each["value"] in bound.value]
    return fit[0].group() if len(fit) == 1 and _is_sure(asked, one, fit[0], every) else ""


def _is_sure(
    asked: Question, one: Evidence, told: re.Match[str], every: Sequence[re.Match[str]]
) -> bool:
    """Whether a number is the only one in its measure and counts what is asked about."""
    unit = told["unit"]
    if asked.unit not in {"", SHARE, unit} or unit == "级":
        return False
    if sum(each["unit"] == unit for each in every) > 1:
        return False
    behind = re.split(r"[,，。;；、]|\d", told.string[told.end() :], maxsplit=1)[0][:_REACH]
    ahead = told.string[: told.start()].endswith(asked.target)
    within = asked.target in behind and f"子{asked.target}" not in behind
    beside = bool(asked.target) and (ahead or within)
    sure = one.bound is not None and one.bound.clause >= SURE
    return beside or (len(every) == 1 and sure)


def _is_count(asked: Question, one: re.Match[str], text: str) -> bool:
    """Whether a number is counted in a measure like the one asked for."""
    if _ORDINAL.search(text[: one.start("value")]):
        return False
    unit = one["unit"]
    if asked.unit == SHARE or unit == "%":
        return asked.unit in {SHARE, ""} and unit == "%"
    return True


def _day(asked: Question, one: Evidence) -> str:
    """The only day, span or year of a sentence."""
    text = normalise(one.sentence.text)
    days = list(_DAY.finditer(text))
    if asked.unit == "年" and not days:
        years = _YEARS.findall(text)
        return str(years[0]) if len(years) == 1 else ""
    if len(days) != 1 or one.coverage < SURE:
        return ""
    day = days[0]
    closes = one.passage.source.facts.closes_on
    told = day.group()
    if not day["year"] and closes and day["day"]:
        same = (closes.month, closes.day) == (int(day["month"]), int(day["day"]))
        return f"{closes.year}年{told}" if same else told
    return told


def _cell(asked: Question, one: Evidence) -> str:
    """The only cell of a row that states a number, with its header."""
    if asked.kind is not Kind.NUMBER:
        return ""
    cells = [
        (header, value)
        for header, value in one.sentence.cells
        if _CELL.match(value.strip()) and not _NUMBERING.search(header)
    ]
    if len(cells) != 1 or not cells[0][0].strip():
        return ""
    header, value = ("".join(part.split()) for part in cells[0])
    limit = _BRACKETED_LIMIT.search(header)
    return f"{limit[1]}{value}" if limit else ""
