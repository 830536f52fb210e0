"""The sentence that states the problem, verbatim, without greetings, contact and wishes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.understanding.text import Span, clauses

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
    r"我们|我司|本公司|公司|企业|工厂|厂里|厂子|一家|一个|我是|我|想要|想|希望|需要|要|找|请|求|能不能|能否|能|可以|帮忙|帮助|帮|解决一下|解决这个问题|解决问题|"
    r"解决|完成|交付|搞定|上线|之前|以前|前|内|左右|大概|大约|最好|尽快|专家|老师|教授|团队|高校|院校|合作|对接|推荐|介绍|联系人?|电话|手机|微信|邮箱|同号|预算|经费|费用|"
    r"资金|投入|出|给|不超过|控制在|以内|封顶|截止|期限|时间|是|在|的|了|吧|呢|啊|吗|呀|有|个|位|些|和|或|也|都|就|这个|这|那|下|一下|一些|来|做|搞|从事|生产|主要|主营|"
    r"登记|提交|发布|发|提|报|填|录入|咨询|问|说|技术需求|需求|难题|问题|技术|方面|行业|领域|希望能|看看|谁|有没有|指导|诊断|支持|服务|方式|联合|地点|位于|地处|人|什么|"
    r"[\s,。;:!?、()\d万元-]"
)
REQUEST = re.compile(
    r"^\s*(?:想|希望|需要|要)?(?:登记|提交|发布|提|报|填)(?:一下|一?个|一?条)?(?:技术)?(?:需求|难题|问题)(?!\s*[:])"
)
LEAD = re.compile(
    r"^\s*(?:(?:我们|公司|企业|目前|现在|主要)*(?:的)?(?:技术)?(?:问题|难题|需求|技术需求|技术难题|痛点)(?:是|就是|在于|改成|改为|:)\s*|(?:请|麻烦)?(?:给我|帮我|帮忙|我[想要])?(?:登记|提交|发布)(?:一下|一?个|一?条)?(?:技术)?(?:需求|难题|问题)?[:,]|那么?(?=我)|但是|但|不过|因为|由于|所以|目前|现在|而且|就是|另外)"
)
IDENTITY = re.compile(
    r"成立|创办|注册|员工|占地|年产|产值|营收|主营|从事|出口|销往|客户|融资|来自|位于|地处|是一家|是家|公司$|企业$|厂$|"
    r"(?:做|搞|生产|制造|加工)[^,。]{1,10}的$|有什么|预算|经费|费用|谢谢|帮忙"
)
ENOUGH = 3
"""Characters a clause must have beside filler and what other readers found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What other readers found: facts (sums, days, places), words of a trade, and wishes.

    A clause with a wish (a cooperation mode) tells what is wanted; it belongs to the problem only
    when no other clause does.
    """

    facts: Sequence[Span] = ()
    trade: Sequence[Span] = ()
    wishes: Sequence[Span] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    span: Span
    weight: int
    stated: bool = False


def read_problem(text: str, marks: Marks, *, asked: bool = False) -> Span | None:
    """Where a folded text states the problem.

    When `asked`, what remains of the text beside the marks is the problem, whatever its words.
    """
    parts = clauses(text)
    plain = [part for part in parts if not _overlaps(part, marks.wishes)]
    for chosen in (plain, parts):
        runs = _runs([_weigh(text, part, marks, skip=part not in chosen) for part in parts])
        stated = [run for run in runs if any(one.stated for one in run)]
        candidates = stated or (runs if asked else [])
        if candidates:
            run = max(candidates, key=lambda run: sum(one.weight for one in run))
            return _trimmed(text, Span(start=run[0].span.start, end=run[-1].span.end))
    return None


def _overlaps(part: Span, others: Sequence[Span]) -> bool:
    return any(part.start < one.end and one.start < part.end for one in others)


def _weigh(text: str, span: Span, marks: Marks, *, skip: bool) -> _Clause:
    said = span.of(text)
    if skip or REQUEST.match(said):
        return _Clause(span=span, weight=0)
    residue = _residue(text, span, (*marks.facts, *marks.trade, *marks.wishes))
    stated = SIGNS.search(residue) is not None
    if not stated and (IDENTITY.search(said) or _overlaps(span, marks.facts)):
        return _Clause(span=span, weight=0)
    left = FILLER.sub("", GREETING.sub("", residue))
    return _Clause(span=span, weight=len(left), stated=stated and len(left) >= ENOUGH - 1)


def _runs(weighed: Sequence[_Clause]) -> list[list[_Clause]]:
    """Neighbouring clauses that say something, so that the quote is one verbatim piece."""
    runs: list[list[_Clause]] = [[]]
    for one in weighed:
        if one.stated or one.weight >= (ENOUGH - 1 if runs[-1] else ENOUGH):
            runs[-1].append(one)
        else:
            runs.append([])
    return [run for run in runs if run]


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
