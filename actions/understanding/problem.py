"""The sentences that state the problem, verbatim, without greetings, contact and wishes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.understanding.text import Span, clauses, fold

SIGNS = re.compile(
    r"问题|难题|不良|缺陷|开裂|裂纹|变形|翘曲|气泡|缩水|毛刺|老是|总是|总(?!经理|监|工|部|投|共|价|额|的来|之|[,。\s]|$)|老(?!师|板|化|总)|经常|严重|不行|不通|困难|差|坏|炸|卡|孤岛|堵|烧|失灵|一直|容易|频繁|反复|怎么都|不稳|不达标|不合格|"
    r"不够|不足|不好|不高|不准|不均|不了|不到|不上|不出|不住|不匹配|太[^,。]|偏高|偏低|偏差|难以|无法|没法|没办法|做不|达不|解决|攻克|突破|提高|"
    r"提升|降低|减少|改善|改进|优化|升级|实现|开发|研发|研制|设计|改造|替代|国产化|卡脖子|瓶颈|效率|成本|能耗|良率|良品率|合格率|精度|寿命|"
    r"漏|裂|断|磨损|腐蚀|生锈|噪[声音]|振动|异响|发热|过热|温升|短路|堵塞|结垢|脱落|失效|老化|报废|返工|超标|污染|检测|识别|监测|自动化|数字化|智能化|"
    r"烂|变质|发霉|担心|(?:时间|寿命|周期|期|率|速度|噪音)[太很较偏还也]?(?:短|长|低|高|慢|大)|想做|想上|想要一[套个种]|需要一[套个种]|缺|衰减|跑偏|误差|误报|漏检|卡顿"
)
GREETING = re.compile(
    r"^\s*(?:您好|你好|你们好|大家好|hi|hello|嗨|在吗|请问一?下?|老师好|各位好?|早上好|上午好|下午好|晚上好|谢谢|多谢|感谢|拜托了?|麻烦了?|辛苦了?|好的|嗯+|是的|对)[呀啊吗哦~的您你们]*\s*",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"检验检测|技术转移|科技成果转化|科技评估|科技金融|资质认证|公证鉴证|科技政策咨询|人才引进|揭榜挂帅|技术入股|知识产权质押|我们|我司|本公司|公司|企业|工厂|厂里|厂子|一家|一个|我是|我|想要|想|希望|需要|要|找|请|求|能不能|能否|能|可以|帮忙|帮助|帮|解决一下|解决这个问题|解决问题|"
    r"解决|完成|交付|搞定|上线|最迟|最晚|截止|之前|以前|前|内|左右|大概|大约|最好|尽快|专家|老师|教授|团队|高校|院校|合作|对接|推荐|介绍|联系人?|电话|手机|微信|邮箱|同号|预算|经费|费用|"
    r"资金|投入|出|给|不超过|控制在|以内|封顶|截止|期限|时间|是|在|的|了|吧|呢|啊|吗|呀|有|个|位|些|和|或|也|都|就|这个|这|那|下|一下|一些|来|做|搞|从事|生产|主要|主营|"
    r"登记|提交|发布|发|提|报|填|录入|咨询|问|说|技术需求|需求|难题|问题|技术|方面|行业|领域|希望能|看看|谁|有没有|指导|诊断|支持|服务|方式|联合|联手|一起|共同|研发|开发|研究|攻关|委托|长期|大学|学校|研究院|能人|高手|教一?下|地点|位于|地处|人|什么|"
    r"[\s,。;:!?、()\d万元-]"
)
REQUEST = re.compile(
    r"^\s*(?:想|希望|需要|要)?(?:登记|提交|发布|提|报|填)(?:一下|一?个|一?条)?(?:技术)?(?:需求|难题|问题)(?!\s*[:])"
)
LEAD = re.compile(
    r"^\s*(?:(?:我们|公司|企业|目前|现在|主要)*(?:的)?(?:技术)?(?:问题|难题|需求|技术需求|技术难题|痛点)(?:是|就是|在于|改成|改为|:)\s*|(?:请|麻烦)?(?:给我|帮我|帮忙|我[想要])?(?:登记|提交|发布)(?:一下|一?个|一?条)?(?:技术)?(?:需求|难题|问题)?[:,]|(?:再|还|又|另外|顺便)+(?:想|要)?(?:有|提|报|登记|提交|发布|说|加)(?:一?下|一?[个条])?(?:新的?|别的)?(?:技术)?(?:需求|难题|问题)[:,]\s*|那么?(?=我)|但是|但|不过|因为|由于|所以|目前|现在|而且|就是|另外)"
)
IDENTITY = re.compile(
    r"成立|创办|注册|员工|占地|年产|产值|营收|主营|从事|出口|销往|客户|融资|来自|位于|地处|是一家|是家|公司$|企业$|厂$|"
    r"(?:做|搞|生产|制造|加工)[^,。]{1,10}的$|有什么|预算|经费|费用|谢谢|帮忙"
)
MAKES = re.compile(
    r"(?:我们?|咱们?|公司|厂里?|企业|是|主要|专门|一直)*"
    r"(?:做|搞|生产|制造|加工|经营|从事)(?![一个了不什检测认到好完过出])[^,。;!?]{2,10}?的?[。.!]?"
)
"""做石墨电极: what somebody makes."""
WANTED = re.compile(
    r"^\s*(?:现在|目前|我们?|公司|就|主要|这次|所以|[主要]{0,2}诉求(?:是|:)|真?需求(?:是|:|名称:)|需求|题目(?:是|:)|方向(?:是|:)|难[点题](?:描述)?(?:是|:)|项目名称:|说明:|问题(?:是|:)|内容:|情况(?:是|:)|是)*"
    r"(?:想|要(?!得急)|求购?|求助|找|寻|需要?|希望|打算|拟|计划|准备|请问|请教|有没有|有木有|有莫有|谁|哪家|能不能|怎么|急招|招)"
)
"""How a clause begins that says what is sought."""
PIECE = re.compile(r"\S.*?(?=[ \t]+(?=[\u4e00-\u9fff]{2}|\d\.[\u4e00-\u9fff])|$)|\S+$")
STORY = re.compile(
    r"去年|前年|上个?月|上回|上次|^以前|^之前|当时|后来|成立|注册|员工|老板|朋友|同事|领导|我弟|我哥|我姐|表哥|亲戚|客户|电价|投资了|买的|修的|装的|花了|赔了|"
    r"补充|详细|说明一下|谢|麻烦|打扰|不好意思|抱歉|知识产权归|论文|说慢点|普通话|联系|电话|办公室|推荐过来|不太会|不太懂|价格|便宜|免费|差旅|含税|发票|要得急|急急|领导|考核"
)
"""What tells how things came about, or how to deal with the person."""
ASIDE = re.compile(
    r"(?:项目|计划|课题|专项|奖项?|补贴|政策|申报|申请|认定|报名|评选|评审|立项|揭榜|备案|入库)的?(?:申报|申请|认定|报名)?的?"
    r"(?:条件|要求|材料|流程|时间|指南|资格|门槛|程序|手续|步骤)(?:都?[有是](?:什么|啥|哪些|哪几个))?[?呢吗啊]*$|电话|手机号|号码|微信|邮箱|联系人|[打写说发填]错|就问一句|问一句|^\s*(?:我们?)?(?:不是要|不要|别|不用|不想|不搞|不考虑)|有没有(?:懂|会)[^,]{1,8}的$"
)
"""What is about the talk itself, is not wanted, or asks for somebody without saying why."""
STATED, SOUGHT, SAID, TRADE = 4.0, 3.0, 1.5, 0.0
"""Worth of a clause that complains, asks for something, says anything, names a trade."""
FACT, IDLE, BREAK = -1.6, -0.8, -1000.0
"""Cost of carrying a fact of another slot, an empty phrase, and what is never carried."""
LONG = 30
"""Characters from which on a clause without a stop tells everything at once."""
LATE = 90
"""Characters after which what is said is rather the story than the problem."""
ENOUGH = 3
"""Characters a clause must have beside filler and what other readers found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What other readers found: facts (sums, days, places), words of a trade, and wishes.

    A clause with a wish (a cooperation mode) tells what is wanted; it belongs to the problem only
    with what it says besides.
    """

    facts: Sequence[Span] = ()
    trade: Sequence[Span] = ()
    wishes: Sequence[Span] = ()
    barriers: Sequence[Span] = ()
    """What no quote goes across: contacts, other needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    span: Span
    worth: float
    solid: bool = False
    """Whether it states something by itself."""


def read_problem(text: str, marks: Marks, *, asked: bool = False) -> Span | None:
    """Where a folded text states the problem: the neighbouring clauses that say most of it.

    When `asked`, what remains of the text beside the marks is the problem, whatever its words.
    """
    if not asked and is_trade(text):
        return None
    parts = [_weigh(text, part, marks, asked=asked) for part in _parts(text)]
    runs = [run for run in _runs(parts, marks.barriers) if any(one.solid for one in run)]
    if not runs:
        return None
    best = max(runs, key=lambda run: sum(one.worth for one in run))
    return _trimmed(text, Span(start=best[0].span.start, end=best[-1].span.end))


def _parts(text: str) -> list[Span]:
    """The clauses; where people leave blanks instead of stops, what stands between blanks."""
    return [
        Span(start=clause.start + piece.start(), end=clause.start + piece.end())
        for clause in clauses(text)
        for piece in PIECE.finditer(clause.of(text))
    ]


def _runs(parts: Sequence[_Clause], barriers: Sequence[Span]) -> list[list[_Clause]]:
    """From every clause worth something, the neighbours that are worth most with it."""
    runs: list[list[_Clause]] = []
    current: list[_Clause] = []
    total = 0.0
    for one in parts:
        cut = current and any(
            current[-1].span.end <= wall.start < one.span.start for wall in barriers
        )
        if total <= 0 or cut:
            current, total = [], 0.0
        if not current and one.worth <= 0:
            continue
        current = [*current, one]
        total += one.worth
        if one.worth > 0:
            runs.append(current)
    return runs


def _weigh(text: str, span: Span, marks: Marks, *, asked: bool) -> _Clause:
    said = span.of(text)
    facts = _overlaps(span, marks.facts)
    left = FILLER.sub("", GREETING.sub("", _residue(text, span, marks.facts)))
    if REQUEST.match(said):
        return _Clause(span=span, worth=BREAK)
    if len(left) < ENOUGH - 1:
        return _Clause(span=span, worth=FACT if facts else IDLE)
    value = _value(text, span, marks, asked=asked)
    worth = value - (1 if facts and value > 0 else 0)
    if span.start > LATE and worth > 0:
        worth /= 3
    return _Clause(span=span, worth=worth, solid=value >= SOUGHT)


def _value(text: str, span: Span, marks: Marks, *, asked: bool) -> float:
    said = span.of(text)
    told = len(said) <= LONG and STORY.search(said) is not None
    named = _overlaps(span, marks.trade)
    if len(said) <= LONG and ASIDE.search(said):
        return IDLE
    if SIGNS.search(_residue(text, span, marks.facts)):
        return STATED / 2 if told else STATED
    brief = len(said) <= LONG  # who speaks without stops says who they are in the same breath
    if brief and not told and IDENTITY.search(said) and not WANTED.match(said):
        return TRADE if named and not _overlaps(span, marks.facts) else IDLE
    if told:
        return IDLE
    sought = named or asked or WANTED.match(said) or _overlaps(span, marks.wishes)
    return SOUGHT if sought else SAID


def is_trade(text: str) -> bool:
    """Whether words tell what somebody makes, and nothing that is wrong with it."""
    folded = fold(text).strip()
    return MAKES.fullmatch(folded) is not None and not SIGNS.search(folded)


def _overlaps(part: Span, others: Sequence[Span]) -> bool:
    return any(part.start < one.end and one.start < part.end for one in others)


def _residue(text: str, span: Span, taken: Sequence[Span]) -> str:
    return "".join(
        text[at]
        for at in range(span.start, span.end)
        if not any(one.start <= at < one.end for one in taken)
    )


def _trimmed(text: str, span: Span) -> Span | None:
    start = span.start
    for pattern in (GREETING, LEAD):
        head = pattern.match(text[start : span.end])
        if head:
            start += head.end()
    while start < span.end and text[start] in " ,。;:!?、\n":
        start += 1
    end = span.end
    while end > start and text[end - 1] in " ,。;:、\n":
        end -= 1
    return Span(start=start, end=end) if end - start >= ENOUGH else None
