"""Whether the sort of unit that asks is among those that may apply."""

import re

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, heads, own
from knowledge.answers.working.conditions.begun import BUILT
from knowledge.answers.working.conditions.subject import LOOKED_AT, asks_whether, rules, shared
from knowledge.answers.working.conditions.verdicts import worked
from knowledge.answers.working.reading.dates import given_moments
from knowledge.answers.working.reading.units import Unit, admitted, unit_of
from knowledge.answers.working.telling import tell

_WHO = re.compile(
    r"(?P<what>[^,;。]{0,40}?)的?(?:申报|申请|牵头|推荐|参赛)(?:单位|主体|对象|人|者)(?:原则上|一般)?(?:需|须|应当?|必须)?(?:是|为|可以是|包括|限于|仅限于?|应当是)(?P<who>[^;。]{2,80})"
    r"|(?:仅限于?|限于|只限|只面向|面向)(?P<only>[^,;。]{2,50}?)(?:申报|申请|报名|参加|征集)"
)
_NAMES = 4
_DATES = frozenset("年月日")
_LACKS = re.compile(
    r"没有?(?!问题|关系|错|资格)|缺|请不|找不|(?<!够)不够|不足|差|还没|暂时|取消|不合格"
)
_MORE = re.compile(r"[再又]|同时|同一|一[起块并]申?报|多[报搞建组]|已经?(?:有|申?报|建|获|办)")


def entitled(case: Case) -> Worked | None:
    """Whether a unit of that sort is among those that may apply.

    That it is among them answers only a question that tells of nothing else: how many, when,
    what is lacking or had before is for other conditions to decide.
    """
    text = case.text
    for one in reversed(case.given):
        text = f"{text[: one.start]} {text[one.end :]}"
    unit = unit_of(text) if asks_whether(case.asked) else None
    if unit is None:
        return None
    stated = [
        (one, found)
        for one in rules(case, _WHO.search, "申报单位", "仅限")
        if (found := _WHO.search(own(one)))
    ]
    labels = [cell for _, cell in case.named_cells]
    if not labels:
        return _nowhere(case, unit, stated)
    wider = case.text + " ".join(_parents(case, labels))
    ranked = sorted(
        (
            (_names(wider, labels, found["what"] or heads(one)), one, found)
            for one, found in stated
        ),
        key=lambda each: (not (each[2]["what"] and each[0] >= _NAMES), -each[0]),
    )
    if not ranked or ranked[0][0] < _NAMES:
        return None
    _, rule, found = ranked[0]
    return _admission(case, rule, found["who"] or found["only"], unit)


def _names(text: str, labels: list[str], what: str) -> int:
    """How well the words of a rule say what the question names: an item in full is enough."""
    return len(shared(text, what)) + _NAMES * any(one in what for one in labels)


def _tells_more(case: Case) -> bool:
    """Whether the question tells of a circumstance that other conditions may speak about."""
    dated = BUILT.search(case.text) and given_moments(case.text, case.now, case.today.year)
    several = any(one.value > 1 and one.unit not in _DATES for one in case.given)
    return bool(dated or several or _LACKS.search(case.text) or _MORE.search(case.text))


def _nowhere(case: Case, unit: Unit, rules: list[tuple[Evidence, re.Match[str]]]) -> Worked | None:
    """A unit that none of the rules of one document admits, where no item is named."""
    stated = [(one, found["who"]) for one, found in rules if found["who"]]
    if not stated or any(one not in unit.said for one in case.unnamed(stated[0][0])):
        return None
    home = stated[0][0].passage.source.id
    stated = [(one, who) for one, who in stated if one.passage.source.id == home]
    if any(admitted(unit, who) is not False for _, who in stated):
        return None
    told = tell("applicant.not_admitted", unit=unit.said, who="；".join(who for _, who in stated))
    return Worked(text=tell("cannot") + told, rules=tuple(one for one, _ in stated))


def _admission(case: Case, rule: Evidence, who: str, unit: Unit) -> Worked | None:
    verdict = admitted(unit, who)
    if verdict is None or (verdict and _tells_more(case)):
        return None
    name = "admitted" if verdict else "not_admitted"
    return worked(case, rule, tell(f"applicant.{name}", unit=unit.said, who=who), passes=verdict)


def _parents(case: Case, labels: list[str]) -> list[str]:
    """What the named rows stand under in their tables: what is asked of the parent holds."""
    named = set(labels)
    return [
        cell
        for one in case.look()[:LOOKED_AT]
        if one.sentence.row and named & {cell for _, cell in one.sentence.cells}
        for _, cell in one.sentence.cells
    ]
