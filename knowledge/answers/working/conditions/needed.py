"""What a document demands to be there, against what the question says is lacking."""

import re
from dataclasses import dataclass

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import asks_whether, rules, shared, surroundings
from knowledge.answers.working.conditions.verdicts import worked
from knowledge.answers.working.telling import tell
from knowledge.structure.headings import mark_of

_NO = (
    r"(?:没有|没能|没|无(?!论|法|需|锡|人机)|缺少?|缺乏|暂无|不具备|请不(?:到|来|动)|找不到"
    r"|凑不[齐够]|拿不出|没(?:能)?(?:谈|请|找|定|签|落实|到位|配)|还没|尚未|不打算)"
)
_LEFT_OUT = r"(?:不|没|免)(?:想|用|再|打算|准备)?(?:寄|交|提交|发|送|盖|附|备|设|建|签|请|报送)"
_AHEAD = re.compile(
    rf"(?P<thing>[\u4e00-\u9fff《》“”]{{1,14}}?)(?:我们|咱们?|暂时|目前|现在|根本|也|都|就|还|一直|实在|可能|先)*"
    rf"(?:{_LEFT_OUT}|没有|没|缺|请不(?:到|来|动)|没着落|没(?:能)?(?:谈|请|找|定|签|落实|配)(?:下来|到|妥|好|成|齐)?|没到位|不齐全?|不固定|不完善|不全)(?:了|过|上|啊|呢|的)*(?=$|[,，。?？!吧呢行可能算会])"
)
_BEHIND = re.compile(
    rf"(?:{_NO}|{_LEFT_OUT})(?:有|建|设|请|到|过|了|着|个|一[个位名份])*(?P<thing>[\u4e00-\u9fff《》“”]{{1,14}}?)(?=$|[,。?!;]|能|可以|还|也|行|就|算|会|是|要|想|怎|够|吗|的话|来)"
)
_NO_LACK = re.compile(
    r"有没有|没问题|没关系|没记?错|没想到|[了过]没有?(?=[?。,]?$)|没有?(?=[?。]?$)|不是[^,]{1,8}"
)
_ONLY = re.compile(
    r"(?:只|光|就|仅)(?:想|用|能)?(?:发|交|寄|提交|报送?|递|送|传)(?:了|个|一份)?(?P<thing>[\u4e00-\u9fff]{2,8})"
)
_PARTICLES = re.compile(
    r"^(?:的|了|个|一|我们|咱们|这|那|里|是|和|跟|把|连|有)+|(?:的|了|吗|么|呢|吧|行|可以|能)+$"
)
_DEMANDS = re.compile(
    r"(?:需|须|应当?|要|必须)(?:要)?(?:有|建|设|配|具|提交|提供|附|由|经|报送|寄|加盖)|(?:建|设|配|具)有|由[^,;。]{1,20}(?:领衔|牵头)"
    r"|^[^一-鿿]*有[\u4e00-\u9fff]|均需|具有|盖章"
)
_BOTH = re.compile(
    r"(?P<one>[\u4e00-\u9fff]{2})版?(?:、|和|及|与|以及)(?P<other>[\u4e00-\u9fff]{2})版"
)
_PARTICLES = re.compile(
    r"^(?:的|了|个|一|我们|咱们|这|那|里|是|和|跟|把|连|有)+|(?:的|了|吗|么|呢|吧|行|可以|能)+$"
)
_DEMANDS = re.compile(
    r"(?:需|须|应当?|要|必须)(?:要)?(?:有|建|设|配|具|提交|提供|附|由|经|报送|寄|加盖)|(?:建|设|配|具)有|由[^,;。]{1,20}(?:领衔|牵头)"
    r"|^[^一-鿿]*有[\u4e00-\u9fff]|均需|具有|盖章"
)
_BOTH = re.compile(
    r"(?P<one>[\u4e00-\u9fff]{1,3})版?(?:、|和|及|与|以及)(?P<other>[\u4e00-\u9fff]{1,3})版"
)
_PART = re.compile(r"[,;。、和及与]")
_NEAR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    thing: str
    """What is not there, in the words of the question."""
    rest: str
    """The question without it."""


def lacking(case: Case) -> Worked | None:
    """A demand that what the question says it has not, or leaves out, fails."""
    if not asks_whether(case.asked):
        return None
    lacks = _lacks(case.text)
    if not lacks:
        return None
    found: list[tuple[int, Evidence, str]] = []
    for rule in rules(case, _DEMANDS.search, "需有", "提交"):
        for lack in lacks:
            near = len(shared(lack.rest, surroundings(rule)))
            if near >= _NEAR and (named := _demanded(lack.thing, own(rule))):
                found.append((near, rule, named))
    found += _other_of_two(case)
    if not found:
        return None
    _, rule, named = max(found, key=lambda one: one[0])
    return worked(case, rule, tell("applicant.lacking", demand=named), passes=False)


def _lacks(text: str) -> list[_Lack]:
    """What the question says is not there or is left out."""
    text = _NO_LACK.sub(",", text)
    found = []
    for pattern in (_AHEAD, _BEHIND):
        for one in pattern.finditer(text):
            thing = _PARTICLES.sub("", one["thing"])
            if thing:
                rest = text[: one.start("thing")] + " " + text[one.end("thing") :]
                found.append(_Lack(thing=thing, rest=rest))
    return found


def _demanded(thing: str, rule: str) -> str:
    """The words of a demand that name what is lacking; empty when it does not name it."""
    demand = _DEMANDS.search(rule)
    if demand is None:
        return ""
    asked = rule[demand.start() :]
    both = _BOTH.search(rule)
    if both and len(thing) <= _NEAR:
        return next((f"{one}版" for one in both.groups() if one.startswith(thing[0])), "")
    common = shared(thing, asked)
    parts = [one for one in _PART.split(asked) if any(pair in one for pair in common)]
    if not parts:
        return ""
    marked = mark_of(parts[0])
    return parts[0][marked.length :].strip() if marked else parts[0].strip().removeprefix("的")


def _other_of_two(case: Case) -> list[tuple[int, Evidence, str]]:
    """Only one of two is handed in where both are demanded: 只发电子版."""
    only = _ONLY.search(case.text)
    if only is None:
        return []
    found = []
    for rule in rules(case, _BOTH.search, "提交", "纸质"):
        both = _BOTH.search(own(rule))
        if both is None or not re.search(r"须|需|应|均", own(rule)):
            continue
        kept = [one for one in both.groups() if one in only["thing"]]
        left = [one for one in both.groups() if one not in only["thing"]]
        if len(kept) == 1:
            found.append((_NEAR, rule, f"{left[0]}版"))
    return found
