"""Money a person is ready to spend, in yuan; salaries, turnover, funding and prices are not it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from actions.understanding.numbers import DIGITS, HANZI, digit_pair, number
from actions.understanding.text import Span, after, before
from core.domain.needs import Budget

UNITS = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "k": Decimal(1000),
    "万": Decimal(10_000),
    "w": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
CURRENCIES = {
    "美元": "USD",
    "美金": "USD",
    "USD": "USD",
    "$": "USD",
    "欧元": "EUR",
    "€": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
}

_NUM = rf"(?:{DIGITS}|{HANZI}(?:、{HANZI})?)"
_UNIT = r"(?:个(?=亿)|十(?=万)|百(?=万)|千(?=万))?(?:万|亿|千|百|[wWkK](?![A-Za-z]))"
_YUAN = r"(?:元|块钱|块(?!板)|人民币|RMB|美元|美金|USD|欧元|港币|港元|日元)"
_ONE = r"(?P<@>" + _NUM + r")\s*(?P<@_more>[来多几余])?\s*(?P<@_unit>" + _UNIT
_ONE += r")?(?P<@_tail>[一二三四五六七八九](?![十百千万天个年月周]))?(?P<@_extra>[多余])?"
_ONE += r"\s*(?P<@_yuan>" + _YUAN + r")?"
AMOUNT = re.compile(
    r"(?<![\d.A-Za-z第])(?P<sign>[¥$€])?\s*"
    + _ONE.replace("@", "low")
    + r"(?:\s*(?:-{1,2}|~|—{1,2}|–|到|至)\s*[¥$€]?\s*"
    + _ONE.replace("@", "high")
    + r")?(?P<plus>\+)?"
)

BARE = re.compile(rf"(?<![\d.])(?P<bare>{_NUM})(?![\d.])")
CUED_BARE = re.compile(
    rf"预算[是为有大概约:]*(?P<bare>{_NUM})(?=\s*个?(?:左右|吧|以内)?(?:[,。\n]|$))"
)
CUE = re.compile(
    r"预算|经费|资金|费用|投入|投资(?!了)|出价|能出|可以出|愿意出|愿出|肯出|拿出|拿得出|给到|"
    r"报价|价位|总价|掏|控制在|不超过|顶多|最多|至多|不高于|出(?=$|个|到)|[研开咨]\w?费"
)
CUE_BESIDE = re.compile(r"(?:预算|经费|费用)[,:\s]+$")
CUE_AFTER = re.compile(r"^\s*(?:\w{0,3}的)?(?:预算|经费|资金|费用|投入|封顶|以内|之内|打底|起步)")
OTHER_MONEY = re.compile(
    r"薪|工资|月入|融资|营收|营业|销售|产值|年产|产量|产能|注册资|市值|估值|利润|纳税|税|贷款|"
    r"罚|奖|补贴|补助|资助|扶持|损失|亏|花了|投了|投资了|赔|单价|售价|股|规模|欠|订单|合同额|"
    r"交易额|寿命|循环|流水|收入|出口|进口|市场|用户|粉丝|省了|省下|节约|节省|占地|第"
)
OTHER_AFTER = re.compile(
    r"^(?:的)?(?:年薪|月薪|薪|工资|融资|营收|营业|销售|产值|产量|利润|税|贷款|罚|奖金|补贴|补助|资助|"
    r"损失|订单|注册|年产)"
)
NO_BUDGET = re.compile(r"[年月底]薪|工资|月入|融资|营收|营业额|销售额|产值|注册资|估值|贷款")
"""Sums that are none even in answer to the question for one."""
MEASURE = re.compile(
    r"^\s*(?:多)?(?:台|件|吨|套|个|人|名|只|辆|米|平|亩|公里|次|户|家|片|根|张|条|组|粒|瓶|升|立方|"
    r"千|瓦|度|点|像素|级|支|颗|字|转|模次|模|发|回|遍|趟|轮|圈|针|孔|层|桶|包|袋|箱|盒|批|册|页|斤|克|公斤|平方|头|羽|尾|株|棵|匹|伏|安|帕|赫|兆|比特|目|小时|用户|访问|粉丝|倍|步|分之|日|天|年|月|周|号|%|％|[a-zA-Z])"
)
AT_MOST_BEFORE = re.compile(
    r"(?:不超过|不能超过|别超过|不要超过|最多|顶多|至多|上限|不高于|不大于|小于|低于|控制在|封顶|不到)"
    r"(?:[是为在出给花:]|能|可以)*\s*$"
)
AT_MOST_AFTER = re.compile(r"^\s*(?:之内|以内|以下|内|封顶|为上限|打住|之下|顶天)")
AT_LEAST_BEFORE = re.compile(
    r"(?:至少|最少|不低于|不少于|起码|大于|超过|高于|下限|不止)(?:[是为在有出给得:]|要)*\s*$"
)
AT_LEAST_AFTER = re.compile(r"^\s*(?:以上|起步|起|往上|打底)")
ABOUT_BEFORE = re.compile(r"(?:大概|大约|约|差不多|估计|预计|左右|可能)[是为在要有能出:]*\s*$")
ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|吧|的样子|前后)")
NOT_THIS = re.compile(r"(?:不是|并非|没有)\s*$")
CORRECTION = re.compile(
    r"改成|改为|改到|不对|说错|弄错|更正|应该是|不是|调整|提高到|降到|加到|减到"
)
OPEN_PRICE = re.compile(
    r"面议|价格好商量|价钱好商量|费用好商量|预算好商量|好商量|可以谈|预算不限|不限预算|再议|再谈|没定|未定|看情况|看方案"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReading:
    """What was found; `unitless` is a bare number where a sum was expected."""

    budget: Budget | None = None
    unitless: str | None = None
    open_price: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    match: re.Match[str]
    cued: bool
    text: str


def read_budget(text: str, *, asked: bool = False) -> BudgetReading:
    """Find the budget in a folded text; `asked` when the text answers a question for it."""
    open_price = OPEN_PRICE.search(text) is not None
    mentions = [m for m in map(partial(_mention, text), AMOUNT.finditer(text)) if m]
    if asked and not mentions:
        if NO_BUDGET.search(text):
            return BudgetReading(open_price=open_price)
        mentions = _uncued(text)
    if not mentions:
        bare = (BARE if asked else CUED_BARE).search(text)
        return BudgetReading(open_price=open_price, unitless=bare["bare"] if bare else None)
    chosen = _choose(text, mentions)
    budget, span = _budget(text, chosen)
    if not budget.min and not budget.max:
        return BudgetReading(open_price=open_price)
    return BudgetReading(budget=budget, span=span, open_price=open_price)


def _choose(text: str, mentions: list[_Mention]) -> _Mention:
    if CORRECTION.search(text):
        return mentions[-1]
    return next((m for m in mentions if m.cued), mentions[0])


def _uncued(text: str) -> list[_Mention]:
    found = [m for m in AMOUNT.finditer(text) if _unit(m) or m["low_yuan"] or m["high_yuan"]]
    return [
        _Mention(match=m, cued=False, text=text)
        for m in found
        if not (MEASURE.match(text[m.end() :]) and not m["low_yuan"])
    ]


def _mention(text: str, found: re.Match[str]) -> _Mention | None:
    unit = _unit(found)
    yuan = found["low_yuan"] or found["high_yuan"] or found["sign"]
    if not unit and not yuan:
        return None
    head, tail = before(text, found.start(), 14), after(text, found.end(), 8)
    if not yuan and MEASURE.match(tail):
        return None
    cue = _last(CUE, head)
    other = _last(OTHER_MONEY, head)
    beside = CUE_BESIDE.search(text[: found.start()]) is not None
    cued = cue > other or beside or CUE_AFTER.match(tail) is not None
    if NOT_THIS.search(head) or OTHER_AFTER.match(tail) or (other >= 0 and not cued):
        return None
    if not cued and unit not in {"万", "十万", "百万", "千万", "亿", "个亿"} and not yuan:
        return None
    return _Mention(match=found, cued=cued, text=text)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((m.start() for m in pattern.finditer(text)), default=-1)


def _unit(found: re.Match[str]) -> str:
    return (found["low_unit"] or found["high_unit"] or "").lower()


def _budget(text: str, mention: _Mention) -> tuple[Budget, Span]:
    found = mention.match
    low, top, approx = _low_and_top(found)
    head, tail = before(text, found.start(), 10), after(text, found.end(), 6)
    start, end = found.start(), found.end()
    about = ABOUT_BEFORE.search(head)
    if tail_mark := (
        ABOUT_AFTER.match(tail) or AT_MOST_AFTER.match(tail) or AT_LEAST_AFTER.match(tail)
    ):
        end += tail_mark.end()
    if AT_MOST_AFTER.match(tail) or (top == low and AT_MOST_BEFORE.search(head)):
        low = None
    elif found["plus"] or AT_LEAST_AFTER.match(tail) or AT_LEAST_BEFORE.search(head):
        top = None
    approx = approx or about is not None or ABOUT_AFTER.match(tail) is not None
    raw = text[start:end].strip()
    budget = Budget(min=low, max=top, raw=raw, approx=approx, currency=_currency(found))
    return budget, Span(start=start, end=end)


def _low_and_top(found: re.Match[str]) -> tuple[Decimal | None, Decimal | None, bool]:
    unit = _unit(found)
    low, low_top, approx = _value(found, "low", found["low_unit"] or unit)
    if not found["high"]:
        return low, low_top, approx
    high, _, also = _value(found, "high", found["high_unit"] or unit)
    return low, high, approx or also


def _value(
    found: re.Match[str], name: str, unit: str
) -> tuple[Decimal | None, Decimal | None, bool]:
    scale = UNITS.get(unit.lower().removeprefix("个"), Decimal(1))
    spoken = found[name].replace("、", "")
    pair = _pair(spoken)
    if pair:
        return pair[0] * scale, pair[1] * scale, True
    value = number("一" + spoken if spoken[0] in "百千" else spoken)
    if value is None:
        return None, None, False
    value *= scale
    if found[f"{name}_tail"] and scale > 1:
        value += (number(found[f"{name}_tail"]) or 0) * scale / 10
    more = found[f"{name}_more"] or found[f"{name}_extra"]
    if more in {"多", "余", "几"}:
        return value, None, True
    return value, value, more == "来"


def _pair(spoken: str) -> tuple[Decimal, Decimal] | None:
    """`三四十` as 30 and 40, `三四百` as 300 and 400."""
    for tail, scale in (("", 1), ("十", 10), ("百", 100), ("千", 1000)):
        if spoken.endswith(tail) and (both := digit_pair(spoken.removesuffix(tail))):
            return Decimal(both[0] * scale), Decimal(both[1] * scale)
    return None


def _currency(found: re.Match[str]) -> str:
    for name in ("low_yuan", "high_yuan", "sign"):
        if found[name] in CURRENCIES:
            return CURRENCIES[found[name]]
    return "CNY"
