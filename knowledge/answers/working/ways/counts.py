"""Whether a given count keeps a stated limit: twelve member firms where fifteen are demanded."""

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.limits import Limit, limits
from knowledge.answers.working.reading.numbers import Bound, Quantity, alike, plain
from knowledge.answers.working.telling import tell

_LOOKED_AT = 160
_ENOUGH = 2
_SURE = 3
"""Pairs that a limit has to share with a question that speaks of other things as well."""

_SAME_SORT = 8
_EACH = re.compile(
    r"每[个项类家](?P<what>[\u4e00-\u9fff]{2,6}?)(?=$|至多|最多|限|不超过|只能|可|仅)"
)
_DATES = frozenset({"月", "日", "分", "%", "级", "届", "期"})
_DUTY = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,12}?)(?:原则上)(?:只)?(?:能|可)?(?:成立|组建|申报|推荐|报|设立|建设)(?P<count>[一1])(?P<unit>[个支项家名])(?P<what>[^,;。]{2,12})"
)
_SHORT_OF = re.compile(r"[差缺](?:了)?(?:几|多少)[个人名位家支项场]")
_PEOPLE = "人名位"
_PERSON = re.compile(r"(?:人(?!工)|专家|成员|老师|教授|队员|院士|会员|学生|员工|职工|同志)")
_FEW = re.compile(r"[只仅才就](?:有|是|找到|凑了)?$")
_ARTICLE = re.compile(r"[是为达到]*一")
_OTHER_THING = re.compile(
    r"的?(?!项目|子项|类|申报|能|可以|行|够|都|一起|同时|是|也)[\u4e00-\u9fff]{2}"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_EMPTY = re.compile(
    r"一个|项目|申报|单位|要求|以上|人员|我们|每个|可以|不少|少于|至少|构成|组成|建设|进行|开展|情况|相关"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A given number beside the limit that it falls under, and how well the two agree."""

    evidence: Evidence
    limit: Limit
    given: Quantity
    shared: int


def count(case: Case) -> Worked | None:
    """Whether the one count that a question gives keeps the limit that names the same thing."""
    given = [one for one in case.given if one.unit not in _DATES and one.bound is Bound.EXACT]
    if not given or not (case.verdict or _SHORT_OF.search(case.text)):
        return None
    found: list[_Match] = []
    for one in case.look("至多", "不少于")[:_LOOKED_AT]:
        for limit in (*limits(own(one)), *_duties(own(one))):
            if about_another(case, one) and not _one_of_sort(case, limit):
                continue
            loose = case.foreign(one) and not _one_of_sort(case, limit)
            found.extend(
                _Match(evidence=one, limit=limit, given=each, shared=shared)
                for each in given
                if alike(each.unit, limit.quantity.unit) and _same(case, each, limit)
                if (shared := _shared(case, limit, each)) >= (_SURE if loose else _ENOUGH)
                and not (loose and _qualified(case, one, each))
            )
    if not found:
        return None
    best = max(found, key=lambda one: one.shared)
    if any(
        one.shared == best.shared and one.limit.quantity.value != best.limit.quantity.value
        for one in found
    ):
        return None
    return _worked(case, best)


def _qualified(case: Case, evidence: Evidence, given: Quantity) -> bool:
    """Whether a number counts something the rule does not know, or is only an article."""
    if given.value == 1 and _ARTICLE.match(given.said):
        return True
    before, after = case.text[: given.start], case.text[given.end :]
    return any(
        re.search(rf"{re.escape(one)}[有共]?$", before) or re.match(rf"的?{re.escape(one)}", after)
        for one in case.unnamed(evidence)
    )


def _duties(text: str) -> list[Limit]:
    """What each may do once only: one team an association, as a rule."""
    return [
        Limit(
            quantity=Quantity(
                value=Fraction(1),
                unit=found["unit"],
                bound=Bound.MOST,
                said=found.group(),
                start=found.start("count"),
                end=found.end("unit"),
            ),
            clause=found.group(),
            before=found["what"],
        )
        for found in _DUTY.finditer(text)
    ]


def _same(case: Case, given: Quantity, limit: Limit) -> bool:
    """People are counted with people; of a thing more than one, where only one is allowed."""
    article = _ARTICLE.match(given.said) and not _FEW.search(case.text[: given.start])
    least = limit.quantity.bound is Bound.LEAST
    if given.value == 1 and (article if least else limit.quantity.value == 1):
        return False
    each, after = _EACH.search(limit.before), case.text[given.end :]
    sorts = given.unit == "个" and re.match(r"[大子]?类", after)
    if sorts or (each and after.startswith(each["what"][:2])):
        return False
    people = limit.quantity.unit in _PEOPLE
    if given.unit in _PEOPLE and not people:
        return False
    if given.unit == "个":
        person = _PERSON.match(after) or re.match(r"$|[,。?、]|行|够|可以|能|是", after)
        return bool(person) if people else not _PERSON.match(after)
    return True


def _one_of_sort(case: Case, limit: Limit) -> bool:
    """Whether the question names a row of the sort that the limit holds for each of."""
    each = _EACH.search(limit.before)
    if each is None or "申报" not in case.text:
        return False
    return any(head.endswith(each["what"]) for head, _ in case.named_cells)


def _shared(case: Case, limit: Limit, given: Quantity) -> int:
    """How many pairs of characters of the limit's words the question has too."""
    named = _one_of_sort(case, limit) and len(case.named_cells) == 1
    if named and not _OTHER_THING.match(case.text[given.end :]):
        return _SAME_SORT
    text = case.text
    pairs = {run[at : at + 2] for run in _HAN.findall(limit.clause) for at in range(len(run) - 1)}
    return sum(pair in text for pair in pairs if not _EMPTY.fullmatch(pair))


def _worked(case: Case, best: _Match) -> Worked:
    limit, given = best.limit.quantity, best.given
    least = limit.bound is Bound.LEAST
    passes = given.value >= limit.value if least else given.value <= limit.value
    unit = limit.unit if given.unit == "个" else given.unit
    name = "passes" if passes else "short" if least else "over"
    told = tell(
        f"count.{name}",
        given=f"{plain(given.value)}{unit}",
        limit=limit.said,
        gap=plain(abs(given.value - limit.value)) + unit,
        sum=f"{plain(max(given.value, limit.value))} − {plain(min(given.value, limit.value))}",
    )
    verdict = tell("meets" if passes else "fails")
    return Worked(text=verdict + told + to_confirm(case, best.evidence), rules=(best.evidence,))
