"""Money a person is ready to spend, in yuan; salaries, turnover, funding and prices are not it."""

import re
from dataclasses import dataclass, replace
from functools import partial

from actions.understanding.money import AMOUNT, COUNTED, FOREIGN, NUM, low_and_top, unit_of
from actions.understanding.numbers import NUMBER, number
from actions.understanding.text import Span, after, before
from core.domain.needs import Budget

BARE = re.compile(rf"(?<![\d.])(?P<bare>{NUM})(?![\d.])")
CUED_BARE = re.compile(
    rf"预算[是为有大概约:]*(?P<bare>{NUM})(?=\s*(?:左右|吧|以内)?(?:[,。\n]|$))"
)
CUE = re.compile(
    r"预算|经费|资金|费用|投入|投资(?!了)|出价|能出|可以出|愿意出|愿出|肯出|只出|就出|拿出|拿得出|能拿|给到|给个|批了|价位|"
    r"报价|价位|总价|掏|控制在|不超过|顶多|最多|至多|不高于|出(?=$|个|到)|[研开咨]\w?费|budget|分出去|分给|花个|花得起|凑|拨|酬金|"
    r"榜金|赏金|悬赏|总共|一共|合计|总的|我们出|我出|钱[嘛呢么大]|能批|顶天拿?|准备了|备了|砸|试水|最高|上限",
    re.IGNORECASE,
)
FIRM = re.compile(
    r"预算|budget|能批|能出|我们出|只出|分出去|拿得出|能拿|拿出来|榜金|总共|合计|实际|其实|最多|封顶",
    re.IGNORECASE,
)
"""What speaks of this need's own money more plainly than other cues."""
CUE_BESIDE = re.compile(r"(?:预算|经费|费用|资金|钱(?:不多|也?不少|大概)?)[,:\s]+$")
CUE_AFTER = re.compile(
    r"^\s*(?:\w{0,3}的)?(?:预算|经费|资金|费用|投入|封顶|以内|之内|打底|起步|顶天|我出|拿得出|拿出来|出得起|包干|包圆|能拿下|能搞定|够不够|够吗|咨询费|开发费|研发费|来搞|试水|左右的?(?:预算|经费|小?项目)|的小?项目)"
)
OTHER_MONEY = re.compile(
    r"薪|工资|月入|融(?:资|了)|营收|营业|销售|产值|年产|产量|产能|注册资|市值|估值|利润|净利|毛利|纳税|税|贷|借|周转|缺口|"
    r"罚|奖|补贴|补助|资助|扶持|损失|亏|花了|投了|投资了|赔|单价|售价|卖价|要价|开价|股|规模|欠|订单|合同|总包|甲方|"
    r"交易额|寿命|循环|流水|收入|出口|进口|市场|用户|粉丝|省了|省下|节约|节省|占地|第|[电水气房]费|租金|房租|成本|人工|工钱|[电水气油料粮]价|作价|运费|加工费|利息|"
    r"轮|天使|首付|首期|首款|定金|预付|先付|头款|尾款|一期款|保证金|押金|违约|"
    r"(?:他们?|对方|人家|别家|别人|厂家|上家|卖家|供应商|那边|外面|(?:设备|代理|集成|开发|经销|承包)商|中介|德国|日本|国外|公司)(?:家|们)?(?:[^,。]{0,4}(?:报价?|要(?!求)|收|开口|喊))|开口|喊价|索价|张口|原来说|原先|本来|之前说|上次|去年|账单|货值|设备值|每[月天次个人台件]"
)
OFFER = re.compile(
    r"(?:手[里上头中]|我们?(?:课题组|团队|实验室)?|课题组|本人|自己)[^,。;]{0,6}(?:有|一个)[^。;]{0,30}(?:专利|技术|成果|配方|工艺|酶|菌种|样机)"
    r"[^。;]{0,30}(?:找[^,。;]{0,6}(?:企业|厂|公司|单位|人)[^,。;]{0,4}(?:落地|接|要|合作|转化|入股)|许可[你他别企]|"
    r"有[^,。;]{0,6}(?:厂子?|企业|人|公司|单位)[^,。;]{0,3}要|(?:想|要|可以?)(?:转让|卖|出让|授权|许可)(?!进|回)|报价)|出让[^,。;]{0,4}%"
)
"""A technology is offered: the sum is its price."""
BOUNTY = re.compile(r"榜|悬赏|赏金")
"""Where a prize is offered for the solution, it is the budget."""
PRIZE = re.compile(r"(?:奖金|奖励|奖)[^,。]{0,3}$")
PIECE_BEFORE = re.compile(
    r"(?:[一每](?:个|台|件|片|公斤|斤|吨|次|天|人|小时|条|只|根|米|平|亩|度|个?月)|单价|/)[^,。]{0,5}$"
)
PIECE_AFTER = re.compile(
    r"^\s*(?:左右|多)?\s*(?:[/每](?:个|台|件|片|公斤|斤|吨|次|天|套|人|小时|条|只|根|米|平|亩|度|个?月|kg)|[一每](?:个|台|件|片|公斤|斤|吨|次|天|套|人|小时|条|只|根|米|平|亩|度|个?月)(?!亿))"
)
"""A price of one piece, day or visit is no budget."""
OTHER_AFTER = re.compile(
    r"^(?:左右|多|元)?(?:的)?(?:年薪|月薪|薪|工资|融资|营收|营业|销售|产值|产量|利润|税|贷款|罚|奖金|补贴|补助|资助|"
    r"损失|订单|注册|年产|里面|当中|里(?=能|拿|出|分)|太贵|嫌贵|贵了|的?设备|总包|合同|首付|定金|预付|的货|的亏)"
)
NO_BUDGET = re.compile(r"[年月底]薪|工资|月入|融资|营收|营业额|销售额|产值|注册资|估值|贷款")
"""Sums that are none even in answer to the question for one."""
VAGUE = re.compile(
    r"(?<![\d十百千一二三四五六七八九])几[十百千]?(?:万|千)(?:来|多)?(?:块钱?|元)?|"
    r"(?:预算|费用|钱|价格?|经费)[^,。]{0,4}(?:原来那个数|老样子|跟(?:上次|以前|去年)[^,。]{0,3}一样|同上)|原来那个数|老价钱"
)
"""What hints at a sum without telling it; to be asked."""
SAYS = re.compile(r"(?:老板|领导|厂长|经理|上面|老总)(?:说|讲|批|答应)了?[^,。;]{0,2}$")
FINE_AFTER = re.compile(r"^(?:没问题|可以|吧|也行|行|都行|能接受|问题不大)")
"""What makes 几十万 a hint at the budget: who says it, and that it will do."""
MEASURE = re.compile(
    r"^\s*(?:多)?(?:台|件|吨|套|个|人|名|只|辆|米|平|亩|公里|次|户|家|片|根|张|条|组|粒|瓶|升|立方|"
    r"千|瓦|度|点|像素|级|支|颗|字|转|模次|模|发|回|遍|趟|轮|圈|针|孔|层|桶|包(?!干|圆)|袋|箱|盒|批|册|页|斤|克|公斤|平方|头|羽|尾|株|棵|匹|伏|安|帕|赫|兆|比特|目|小时|用户|访问|粉丝|倍|步|分之|日|天|年|月|周|号|%|％|[a-zA-Z])"
)
AT_MOST_BEFORE = re.compile(
    r"(?:不超过|不能超过|别超过|不要超过|最多|顶多|至多|上限|最高|不高于|不大于|(?<!不)小于|(?<!不)低于|控制在|封顶|不到|撑死|顶天)"
    r"(?:[是为在出给花拿掏:]|能|可以)*\s*$"
)
AT_MOST_AFTER = re.compile(r"^\s*(?:之内|以内|以下|内|封顶|为上限|打住|之下|顶天|到顶|撑死)")
AT_LEAST_BEFORE = re.compile(
    r"(?:至少|最少|不低于|不少于|起码|大于|(?<!不)(?<!能)超过|(?<!不)高于|下限|不止)(?:[是为在有出给得:]|要)*\s*$"
)
AT_LEAST_AFTER = re.compile(r"^\s*(?:以上|起步|起|往上|打底)")
ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|约|差不多|估计|预计|左右|可能|around|about|将近|接近|小)[是为在要有能出:]*\s*$"
)
ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|的样子|前后|±|\\+-|正负|浮动)")
PARTS = re.compile(
    rf"分?(?P<parts>{NUMBER})(?:期|次|笔|批|年)[^,。;\d]{{0,3}}[各每][^,。;\d]{{0,3}}$"
)
"""分两期各20万: the whole is what counts."""
NOT_THIS = re.compile(
    r"(?:不是(?!是|不是)|并非|没有)(?:不超过|不高于|至少|最多|大概|大约|约|[是要])*\s*$"
)
CORRECTION = re.compile(
    r"改成|改为|改到|不对|说错|弄错|更正|应该是|不是|调整|提高到|降到|加到|减到|后来|最后定|只有|批下来|算了|还是(?!要|得|有)|按(?=\d|$)|砍到"
)
OR = re.compile(r"(?:也?可以|也?行|能接受)?[,、]?")
ALSO = re.compile(r"(?:也|都)(?:行|可以|能接受|成|中)")
"""What joins a sum and one more that will do as well."""
LARGE = frozenset({"万", "w", "十万", "百万", "千万", "亿", "个亿", "个万", "个w"})
"""Units that mean money without a cue."""
LONG = 5
"""Digits from which on a number of 元 is money without a cue."""
NEAR = 8
"""Characters between two halves of one range."""
OPEN_PRICE = re.compile(
    r"面议|价格好商量|价钱好商量|费用好商量|预算好商量|好商量|可以谈|预算不限|不限预算|再议|再谈|没定|未定|看情况|看方案"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReading:
    """What was found.

    `unitless` is a bare number where a sum was expected, `vague` a hint at a sum that tells none
    (几十万) or foreign money.
    """

    budget: Budget | None = None
    unitless: str | None = None
    vague: str | None = None
    open_price: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    match: re.Match[str]
    cued: bool
    text: str
    unit: str = ""
    """The unit where the words leave it out."""

    @property
    def foreign(self) -> bool:
        """Whether the money is not ours."""
        return FOREIGN.search(self.match[0]) is not None


def read_budget(text: str, *, asked: bool = False) -> BudgetReading:
    """Find the budget in a folded text; `asked` when the text answers a question for it."""
    open_price = OPEN_PRICE.search(text) is not None
    mentions = [m for m in map(partial(_mention, text), AMOUNT.finditer(text)) if m]
    mentions += [
        _Mention(match=m, cued=True, text=text, unit="万") for m in COUNTED.finditer(text)
    ]
    if asked and not mentions:
        if NO_BUDGET.search(text):
            return BudgetReading(open_price=open_price)
        mentions = _uncued(text)
    mentions = [m for m in mentions if asked or not _is_offered(m)]
    if not mentions:
        return _unread(text, asked=asked, open_price=open_price)
    chosen = _choose(text, mentions)
    if chosen.foreign:
        return BudgetReading(open_price=open_price, vague=chosen.match[0].strip())
    budget, span = _budget(text, chosen)
    for other in mentions:
        budget, span = _with_ceiling(text, budget, span, other)
        budget, span = _or_so(text, budget, span, other)
    if not budget.min and not budget.max:
        return BudgetReading(open_price=open_price)
    return BudgetReading(budget=budget, span=span, open_price=open_price)


def _is_offered(mention: "_Mention") -> bool:
    """Whether it is what a technology would be sold for."""
    head = before(mention.text, mention.match.start(), 12)
    return OFFER.search(mention.text) is not None and not FIRM.search(head)


def _unread(text: str, *, asked: bool, open_price: bool) -> BudgetReading:
    """No sum is told: a number without its unit, or a hint."""
    bare = (BARE if asked else CUED_BARE).search(text)
    if bare and not (asked and MEASURE.match(text[bare.end() :])):
        return BudgetReading(open_price=open_price, unitless=bare["bare"])
    hints = (m for m in VAGUE.finditer(text) if asked or _hints(text, m))
    hint = next(hints, None)
    return BudgetReading(open_price=open_price, vague=hint[0] if hint else None)


def _hints(text: str, found: re.Match[str]) -> bool:
    head, tail = before(text, found.start(), 14), after(text, found.end(), 8)
    cue = max(
        _last(CUE, head),
        _last(SAYS, head),
        0 if CUE_AFTER.match(tail) or FINE_AFTER.match(tail) or CUE.match(found[0]) else -1,
    )
    return cue > _last(OTHER_MONEY, head) and not OTHER_AFTER.match(tail)


def _with_ceiling(text: str, budget: Budget, span: Span, other: "_Mention") -> tuple[Budget, Span]:
    """不低于150万，最高260万: the floor and the ceiling said one after the other."""
    ceiling, its_span = _budget(text, other)
    beside = 0 <= its_span.start - span.end <= NEAR
    if budget.max is not None or budget.min is None or ceiling.min is not None or not beside:
        return budget, span
    both = Span(start=span.start, end=its_span.end)
    return replace(budget, max=ceiling.max, raw=both.of(text).strip()), both


def _or_so(text: str, budget: Budget, span: Span, other: "_Mention") -> tuple[Budget, Span]:
    """三十万可以三十五万也行: either will do."""
    top, its_span = _budget(text, other)
    between = text[span.end : its_span.start]
    if span.end > its_span.start or not OR.fullmatch(between):
        return budget, span
    if not ALSO.match(text, its_span.end) or None in (budget.min, top.max):
        return budget, span
    both = Span(start=span.start, end=its_span.end)
    return replace(budget, max=top.max, raw=both.of(text).strip()), both


def _choose(text: str, mentions: list[_Mention]) -> _Mention:
    """The last where one is corrected; else the need's own money, else the first."""
    last = mentions[-1]
    if len(mentions) > 1 and _corrected(text, mentions[-2], last):
        return last
    firm = [m for m in mentions if m.cued and FIRM.search(before(text, m.match.start(), 12))]
    return next(iter(firm or [m for m in mentions if m.cued] or mentions))


def _corrected(text: str, one: _Mention, other: _Mention) -> bool:
    return CORRECTION.search(text, one.match.end(), other.match.start()) is not None


def _uncued(text: str) -> list[_Mention]:
    found = [m for m in AMOUNT.finditer(text) if unit_of(m) or m["low_yuan"] or m["high_yuan"]]
    return [
        _Mention(match=m, cued=False, text=text)
        for m in found
        if not (MEASURE.match(text[m.end() :]) and not m["low_yuan"])
    ]


def _mention(text: str, found: re.Match[str]) -> _Mention | None:
    unit = unit_of(found)
    yuan = found["low_yuan"] or found["high_yuan"] or found["sign"]
    if not unit and not yuan:
        return None
    end = found.start() + len(found[0].rstrip())
    head, tail = before(text, found.start(), 14), after(text, end, 8)
    if _is_price(head, tail) or (not yuan and MEASURE.match(tail)):
        return None
    prize = BOUNTY.search(text) is not None and PRIZE.search(head) is not None
    cue = len(head) if prize else _last(CUE, head)
    other = -1 if prize else _last(OTHER_MONEY, head)
    beside = CUE_BESIDE.search(text[: found.start()]) is not None
    cued = cue > other or beside or CUE_AFTER.match(tail) is not None
    if NOT_THIS.search(head) or OTHER_AFTER.match(tail) or (other >= 0 and not cued):
        return None
    if not (cued or unit in LARGE or found["sign"] or len(found["low"]) >= LONG):
        return None
    return _Mention(match=found, cued=cued, text=text)


def _is_price(head: str, tail: str) -> bool:
    return PIECE_BEFORE.search(head) is not None or PIECE_AFTER.match(tail) is not None


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((m.start() for m in pattern.finditer(text)), default=-1)


def _budget(text: str, mention: _Mention) -> tuple[Budget, Span]:
    found = mention.match
    low, top, approx = low_and_top(mention.match, mention.unit)
    begin = found.start("low") if mention.unit else found.start()
    head, tail = before(text, begin, 10), after(text, found.end(), 6)
    end = found.end()
    about = ABOUT_BEFORE.search(head)
    if tail_mark := (
        ABOUT_AFTER.match(tail) or AT_MOST_AFTER.match(tail) or AT_LEAST_AFTER.match(tail)
    ):
        end += tail_mark.end()
    times = PARTS.search(head)
    if times and low is not None and top is not None:
        parts = number(times["parts"]) or 1
        low, top = low * parts, top * parts
    if AT_MOST_AFTER.match(tail) or (top == low and AT_MOST_BEFORE.search(head)):
        low = None
    elif _is_floor(mention, head, tail):
        top = None
    approx = approx or about is not None or ABOUT_AFTER.match(tail) is not None
    raw = text[begin:end].strip()
    return Budget(min=low, max=top, raw=raw, approx=approx), Span(start=begin, end=end)


def _is_floor(mention: _Mention, head: str, tail: str) -> bool:
    plus = not mention.unit and mention.match["plus"]
    if mention.match["high"] if not mention.unit else False:
        return bool(plus)
    return bool(plus or AT_LEAST_AFTER.match(tail) or AT_LEAST_BEFORE.search(head))
