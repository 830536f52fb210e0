"""What a question sets as its terms and evidence has to say: exacting things, turns, places."""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answers.kinds import Kind
from knowledge.answers.question import Question
from knowledge.answers.scenes import Scene
from knowledge.answers.weighing.echoes import DONE
from knowledge.answers.weighing.ordinals import said_first
from knowledge.lexicon.lists import exacting, regions, synonyms
from knowledge.lexicon.words import normalise, segmenter

_FEE = re.compile(r"费(?!用)|津贴|补贴|工资|薪|押金|保证金|奖金|票价|定价|退钱|退款|报销")
_COST = re.compile(r"(?<!经)费(?!用途|率)|押金|保证金|票价|定价|退钱|退款|报销")
_COSTS = re.compile(r"(?<!经)费|元|免|押金|保证金|收取|自理|缴|支出|价|款|报销|退|[负承]担")
_COSTING = frozenset({Kind.MONEY, Kind.PERSON})
"""Kinds of questions about a cost that names one: how much, who pays. Others only name it."""

_GRANT = re.compile(r"津贴|补贴|补助|工资|薪|奖金")
_GRANTS = re.compile(r"津贴|补贴|补助|资助|工资|薪|奖|经费|(?<!注册)资金|拨|支持|给予|免|报销")
_PAYING = re.compile(
    r"(?:怎么|如何|咋)收费|收不收|花钱|要钱|收钱|交钱|不要钱|(?:是否|是不是|要不要|会不会)[^,，]{0,4}[收免]费"
    r"|[收免]费的?(?:吗|么|嘛|不|标准|多少|还是|$|[?？,，])"
)
"""Whether something costs anything, which nothing but words of cost can tell."""

_EACH_ONE = re.compile(r"每[个支家项人名位场篇门]|单个|人均|一个人|一人")
_PLANNING = re.compile(r"计划|规划|要点|方案|指南|意见")
_REALLY = re.compile(r"收到(?:了|过)?(?:多少|几)|实际|到现在|到目前|目前|至今|已经|真正|截至")
_DONE = re.compile(r"了(?:多少|几|哪|\d|$)|过(?:几|多少)|收到|现有|现在有|组成了|建成了")
_ALL = re.compile(r"一共|总共|总数|合计|共有|拢共|收到")
_EACH = re.compile(
    r"每[个项家支人位场名]|各[一二两三\d]|一[个家]([\u4e00-\u9fff]{2,10})一[个支家项]"
)
_SUM = re.compile(r"共|合计|总")
_TURN = re.compile(
    r"下一?(?:次|期|届|场|轮)|第[一二两三四五六七八九十]+(?:次|期|届|场|轮|批)|首[批期届]"
)
_RATE = re.compile(
    r"每(?:年|月|季|周|天|次|场|家|个|支|项|人|名|位|篇)|一年(?!度)|单个"
    r"|一(?:个|家|支)(?:项目|企业|学会|平台)"
)
_RATES = re.compile(r"每|各|一个|/|年度|均|单")
_QUOTED = re.compile(r"[“《]([^”》“《]{2,14})[”》]")
_CITED = re.compile(r"《([^》]{3,40})》")
_NATIONAL = re.compile(r"(?:全国|国家|中央)(?:的|呢|那|层面|版|要|[?？]?$)")
_OUTCOME = re.compile(
    r"(?:最后|最终|结果|已经|到底)[^,，。?？]{0,12}?(?:评上|中榜|中的?榜|揭榜成功|入选|获批|获奖|得奖|拿奖|夺冠|胜出|选上|批下来"
    r"|得了?[一二三特]等奖|当选|中标|立项)"
    r"|(?:谁|哪[^,，。?？]{0,6})(?:拿了|得了|拿到了?|获得了|捧走了?)[^,，。?？]{0,8}奖|上榜"
)
_CAME_OUT = re.compile(
    r"已|获|入选|当选|评为|评定为|授予|认定[^办标条]|确定[^由]|公布|如下|名单|了(?!解)"
)
_GOAL = re.compile(r"目标|力争|争取")
_REACHED = re.compile(r"已达|已建|已有|已入驻|达[\d一二三四五六七八九十百千万]")
_HOW_TO = re.compile(
    r"(?:怎么|如何|怎样|咋)(?:才能|去|来)?(申请|申报|加入|报名|参加|投稿|注册|领取?|办理|购买|查询|入驻|缴纳)"
)
_CODE = re.compile(r"(?<![a-z\d])[a-z]{1,4}-?\d{2,}(?![a-z\d])")
"""The key of a row, a project or a room: only what bears it is meant."""

_TITLE_MARKS = re.compile(r"[“”\"'《》()（）\s]|20\d{2}(?:[-—~]20\d{2})?年?")
_WHO_WON = frozenset({None, Kind.PERSON, Kind.MEMBERS, Kind.LIST, Kind.REGIONS, Kind.NUMBER})
_APPLIED, _ENROLLED = "申报", "报名"
"""Questions are read with the first for the second."""

_AROUND = 6
_HALF, _LONG = 2, 4
_INNER = 4
"""How many layers speak of a sentence itself: the passage around it does not."""


_POSTS = r"[\u4e00-\u9fff]长|主任|主席|书记|经理(?!人)|负责人"
_POST = re.compile(_POSTS)
_WHOSE_OFFICE = re.compile(
    rf"(?:{_POSTS})(?:是|叫|姓|由|现在)*(?:谁|哪位|哪个人|(?:什么|啥)(?:名字?|$))|哪位(?:{_POSTS})"
)
_WHETHER_PLAN = re.compile(r"有没有[^,，]{0,14}?(计划|方案|通知|政策|办法|指南)")
_SAYS_OFFICE = {"负责人": "负责|组长|主任|牵头|领衔|担任|书记|带头"}
"""Whoever is in charge may be called otherwise."""


def _offices(text: str) -> tuple[str, ...]:
    """The offices that a normalised question names where it asks who holds one."""
    return tuple(_POST.findall(text)) if _WHOSE_OFFICE.search(text) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    exact: tuple[str, ...]
    fee: str
    turn: str
    rate: bool
    really: bool
    done: bool
    every: bool
    goal: bool
    outcome: bool
    national: bool
    cited: tuple[str, ...]
    away: tuple[str, ...]
    cost: bool
    grant: bool
    apiece: bool
    offices: tuple[str, ...]
    plan: str


@lru_cache(maxsize=512)
def _terms(text: str, kind: Kind | None, places: frozenset[str], *, polar: bool) -> _Terms:
    fee, turn = _FEE.search(text), _TURN.search(text)
    return _Terms(
        exact=(
            *(one for one in exacting() if one in text),
            *_HOW_TO.findall(text),
            *_CODE.findall(text),
        ),
        fee=fee.group() if fee else "",
        turn=turn.group() if turn else "",
        rate=bool(_RATE.search(text)),
        really=kind is Kind.NUMBER and bool(_REALLY.search(text)),
        done=kind is Kind.NUMBER and bool(_DONE.search(text)),
        every=kind is Kind.NUMBER and bool(_ALL.search(text)) and not _RATE.search(text),
        goal=kind is Kind.NUMBER and bool(_GOAL.search(text)),
        outcome=kind in _WHO_WON and bool(_OUTCOME.search(text)),
        national=bool(_NATIONAL.search(text)),
        cited=tuple(_CITED.findall(text)),
        away=tuple(one for one in places if regions().get(one) != one),
        cost=_of_cost(text, kind, polar=polar),
        grant=kind is Kind.MONEY and bool(_GRANT.search(text)),
        apiece=kind is Kind.MONEY and bool(_EACH_ONE.search(text)),
        offices=_offices(text),
        plan=plan[1] if (plan := _WHETHER_PLAN.search(text)) else "",
    )


def _of_cost(text: str, kind: Kind | None, *, polar: bool) -> bool:
    """Whether a question is about a cost: 收费吗, 谁出差旅费; not 如何宣传网上缴费."""
    named = _COST.search(text) and (polar or kind in _COSTING)
    return bool(named or _PAYING.search(text))


def demands(
    question: Question, named: tuple[str, ...], scene: Scene, region: str | None
) -> dict[str, float]:
    """Which of a question's terms a sentence meets, and which it leaves out.

    `named` are names in quotes in the documents that the question uses; `region` is that of the
    document.
    """
    terms = _terms(question.text, question.kind, question.places, polar=question.polar)
    near = f"{scene.own}\n{scene.heading}"
    found = _of_words(terms, scene) | _of_money(terms, scene.own, near)
    found |= _of_facts(terms, scene)
    if terms.plan and region not in question.regions:
        found["plan_unsaid"] = float(terms.plan not in scene.own)
    if terms.national:
        found["scope_unsaid"] = float(region is not None)
    if terms.cited:
        found["cited_unsaid"] = float(not any(_cites(scene, one) for one in terms.cited))
    if any(one not in near and one not in scene.document for one in terms.away):
        found["place_unsaid"] = 1.0
    if named:
        inner = scene.layers[:_INNER]
        share = sum(any(one in text for text in inner) for one in named) / len(named)
        found["names_said"], found["names_unsaid"] = share, 1 - share
    return found


def _of_words(terms: _Terms, scene: Scene) -> dict[str, float]:
    """Things that are stated only where they are named."""
    found: dict[str, float] = {}
    own, near = scene.own, f"{scene.own}\n{scene.heading}"
    if terms.exact:
        said = (_named(one, near) or _halved(one, scene) for one in terms.exact)
        found["exact_unsaid"] = float(not all(said))
    if terms.fee:
        found["fee_said" if terms.fee in own else "fee_unsaid"] = 1.0
    if terms.turn:
        found["turn_unsaid"] = float(not says(terms.turn, near))
    if terms.offices:
        bare = "".join(own.split())
        held = any(re.search(_SAYS_OFFICE.get(one, one), bare) for one in terms.offices)
        found["office_unsaid"] = float(not held)
    if terms.rate:
        found["rate_said" if _RATES.search(own) else "rate_unsaid"] = 1.0
    return found


def _halved(word: str, scene: Scene) -> bool:
    """Whether a longer name is said in halves, one of them above: 职称, 中级 for 中级职称."""
    halves = word[:_HALF], word[_HALF:]
    around = "\n".join(scene.layers[:_INNER])
    return (
        len(word) == _LONG
        and not word.isascii()
        and any(one in scene.own for one in halves)
        and all(one in around for one in halves)
    )


def _of_money(terms: _Terms, own: str, near: str) -> dict[str, float]:
    """What costs something, is granted or falls to each is told by words for it."""
    found: dict[str, float] = {}
    if terms.cost:
        found["cost_unsaid"] = float(not _COSTS.search(near))
    if terms.grant:
        found["grant_unsaid"] = float(not _GRANTS.search(near))
    if terms.apiece:
        found["apiece_unsaid"] = float(not _RATES.search(own))
    return found


def _of_facts(terms: _Terms, scene: Scene) -> dict[str, float]:
    """What is planned is not what was reached, nor the other way round."""
    found: dict[str, float] = {}
    if terms.really:
        planned = bool(_PLANNING.search(scene.title))
        found["only_planned"] = float(planned and not DONE.search(scene.own))
    if terms.done:
        planned = bool(_PLANNING.search(scene.title))
        found["done_in_plan"] = float(planned and not DONE.search(scene.own))
    if terms.every:
        found["only_each"] = float(bool(_EACH.search(scene.own)) and not _SUM.search(scene.own))
    if terms.outcome:
        found["outcome_unsaid"] = float(not _CAME_OUT.search(scene.own))
    if terms.goal:
        reached = bool(_REACHED.search(scene.own))
        found["only_reached"] = float(reached and not _GOAL.search(scene.own))
    return found


def _cites(scene: Scene, title: str) -> bool:
    """Whether a document is cited by a title, or has it, quotes and brackets aside."""
    core = _TITLE_MARKS.sub("", title)
    return any(
        core in _TITLE_MARKS.sub("", one) for one in (scene.title, scene.own, scene.heading)
    )


def exact_terms(question: Question) -> tuple[str, ...]:
    """Things a question names that are stated only where they are named."""
    return _terms(question.text, question.kind, question.places, polar=question.polar).exact


def says(word: str, text: str) -> bool:
    """Whether a text says a word, or what documents call it."""
    others = (*synonyms().get(word, ()), *said_first(word))
    return word in text or any(one in text for one in others)


def _named(word: str, text: str) -> bool:
    """Whether a text says a word as a word: 团长 does not stand in 服务团长效."""
    at = text.find(word)
    if at < 0:
        return says(word, text) or (word == _APPLIED and _ENROLLED in text)
    start = max(0, at - _AROUND)
    begin, end, place = at - start, at - start + len(word), 0
    for one, _ in segmenter().cut(text[start : at + len(word) + _AROUND]):
        reaches = place < end and place + len(one) > begin
        if reaches and word not in one and not begin <= place < place + len(one) <= end:
            return False
        place += len(one)
    return True


@lru_cache(maxsize=4_096)
def quoted(text: str) -> frozenset[str]:
    """The names that a text puts in quotes, normalised."""
    return frozenset(normalise(one) for one in _QUOTED.findall(text))
