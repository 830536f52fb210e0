"""Whether what an applicant tells of itself meets a stated condition.

Something built in time, not begun yet, applied for together; the sort of unit that may apply.
"""

import re
from collections.abc import Callable

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import SHANGHAI, Case, Worked, first, heads, own
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.dates import given_moments, moments, year_of
from knowledge.answers.working.reading.units import Unit, admitted, unit_of
from knowledge.answers.working.telling import say_day, tell

_LOOKED_AT = 160
_BUILT = re.compile(
    r"建成|建好|建起|建的|成立|挂牌|注册|获批|认定|设立|登记|立项|投产|开业|揭牌|建立"
)
_BY = re.compile(
    r"(?:前|之前|以前)(?:就)?(?:已|已经)?(?:[^,;。]{0,4})(?:建成|成立|注册|获批|认定|设立|登记|取得|投产|立项|建立)"
)
_SINCE = re.compile(
    r"(?:后|之后|以后|以来)(?:[^,;。]{0,4})(?:建成|成立|注册|获批|认定|设立|登记|取得|投产|立项|建立)"
)
_NOT_YET = re.compile(
    r"(?:还没有|尚未|未曾?|没有)(?:开展|建设|建立|获得|承担|申报|享受|立项|入选)"
)
_HAS = re.compile(
    r"已经?(?:有|建|开展|获|搞|办|设|承担|做)|(?:有|建|搞|做|办|获得|开展|承担)(?:过|了)|(?:早就|之前就)(?:有|建|搞|做)|有一个"
)
_HAS_NOT = re.compile(
    r"(?:还没|没有|从没|一直没|以前没|尚未|未)[^,。]{0,3}(?:建|有|搞|做|办|获|开展|承担)|第一次|首次|头一回"
)
_TOGETHER = re.compile(
    r"同时|一起|一块|一并|兼报|又.{1,24}又|也(?:想|能|可以|要)?(?:再)?(?:报|申)|都(?:想|能|要|可以)?(?:报|申)|再(?:申)?报|还(?:能|可以|想)(?:再|一起|同时|接着)?(?:报|申)|既.{1,24}[又也]|两个都|三[个类]都|重复(?:报|申)|两头报"
)
_BANS = re.compile(
    r"不得(?:同时|重复|兼|再|多头)|不能(?:同时|重复|兼)|不可(?:同时|重复|兼报)|不予(?:重复|受理)|只能(?:用于|申报|选择|报)[^,;。]{0,4}(?:一|1)(?:个|项|类|次)|不重复(?:支持|资助)"
)
_PERMITS = re.compile(r"(?:均|都)?可以?(?:同时|兼)(?:申)?报|允许(?:同时|兼)")
_SEVERAL = re.compile(r"[两二三四几多]个?(?:类|项|种|子项|类别|项目)|不同(?:类别|子项|项目)|各类")
_SAME = re.compile(r"同一?[场次个项件]|[一这]场|[一这][个次项](?=活动|会议|论坛)")
_WHO = re.compile(
    r"(?P<what>[^,;。]{0,40}?)的?(?:申报|申请|牵头|推荐|参赛)(?:单位|主体|对象|人|者)(?:原则上|一般)?(?:需|须|应当?|必须)?(?:是|为|可以是|包括|限于|仅限于?|应当是)(?P<who>[^;。]{2,80})"
    r"|(?:仅限于?|限于|只限|只面向|面向)(?P<only>[^,;。]{2,50}?)(?:申报|申请|报名|参加|征集)"
)
_WRONG = re.compile(r"违规|有问题|超标|不合规")
"""How people ask whether something is wrong, where yes and no change places."""

_NAMES = 4
_NEAR = 2
_QUOTED = re.compile(r"[“\"《](.{2,16}?)[”\"》]")


def applicant(case: Case) -> Worked | None:
    """The condition that what the question tells of the applicant meets or fails."""
    if not case.verdict or _WRONG.search(case.text):
        return None
    for way in (_built, _together, _begun):
        worked = way(case)
        if worked is not None:
            return worked
    return None


def _rules(case: Case, holds: Callable[[str], object], *hints: str) -> list[Evidence]:
    return [
        one for one in case.look(*hints)[:_LOOKED_AT] if not one.sentence.row and holds(own(one))
    ]


def _built(case: Case) -> Worked | None:
    """A day by which something had to exist, against the day the question gives."""
    if not _BUILT.search(case.text):
        return None
    for rule in _rules(case, lambda text: _BY.search(text) or _SINCE.search(text), "已建成"):
        text = own(rule)
        stated = [one for one in moments(text, year_of(rule.passage.source.facts)) if one.exact]
        given = given_moments(case.text, case.now.astimezone(SHANGHAI), None)
        if (
            not stated
            or not given
            or case.foreign(rule)
            or _pairs(case.text, text + heads(rule)) < _NEAR
        ):
            continue
        by = bool(_BY.search(text))
        around = (given[0].day.year, given[0].day.month) == (
            stated[0].day.year,
            stated[0].day.month,
        )
        if around and not given[0].exact and given[0].day > stated[0].day:
            continue
        passes = given[0].day <= stated[0].day if by else given[0].day >= stated[0].day
        told = tell(
            "applicant.built" if passes else "applicant.built_late",
            given=case.text[given[0].start : given[0].end],
            limit=say_day(stated[0].day),
        )
        return _worked(case, rule, told, passes=passes)
    return None


def _begun(case: Case) -> Worked | None:
    """Who has not begun yet may apply: whether the applicant has."""
    has_not = bool(_HAS_NOT.search(case.text))
    if not has_not and not _HAS.search(case.text):
        return None
    for rule in _rules(case, _NOT_YET.search, "仅限", "没有"):
        told = own(rule)
        if _pairs(case.text, told) >= _NAMES and not case.foreign(rule):
            return _worked(
                case,
                rule,
                tell("applicant.not_begun" if has_not else "applicant.begun"),
                passes=has_not,
            )
    return None


def _together(case: Case) -> Worked | None:
    """Two applications at once: forbidden or allowed in so many words."""
    same = _SAME.search(case.text)
    several = any(one.value > 1 for one in case.given)
    if not _TOGETHER.search(case.text) and not (same and several):
        return None
    for rule in _rules(case, _BANS.search, "不得同时", "只能"):
        text = own(rule)
        behind = text[_BANS.search(text).end() :]  # type: ignore[union-attr]
        quoted = [name for name in _QUOTED.findall(behind) if name in case.text]
        if quoted or (same and _one_of(same.group(), text)):
            return _worked(case, rule, tell("applicant.excluded"), passes=False)
    if same:
        return None
    several = bool(_SEVERAL.search(case.text)) or len(case.named_cells) > 1
    permit = first(_rules(case, _PERMITS.search, "可兼报", "可同时申报")) if several else None
    if permit is None:
        return None
    return _worked(case, permit, tell("applicant.permitted"), passes=True)


def _one_of(said: str, rule: str) -> bool:
    """Whether a rule speaks of one such thing: 一场 where the question says 同一场."""
    found = re.search(r"[一1]([场次个项件])[^,;。]{0,16}只能", rule)
    return found is not None and found[1] in said


def entitled(case: Case) -> Worked | None:
    """Whether a unit of that sort is among those that may apply."""
    text = case.text
    for one in reversed(case.given):
        text = f"{text[: one.start]} {text[one.end :]}"
    unit = unit_of(text) if case.verdict and not _WRONG.search(text) else None
    if unit is None:
        return None
    rules = [
        (one, found)
        for one in _rules(case, _WHO.search, "申报单位", "仅限")
        if (found := _WHO.search(own(one)))
    ]
    labels = [cell for _, cell in case.named_cells]
    if not labels:
        return _nowhere(case, unit, rules)
    wider = case.text + " ".join(_parents(case, labels))
    ranked = sorted(
        ((_pairs(wider, found["what"] or heads(one)), one, found) for one, found in rules),
        key=lambda each: (not (each[2]["what"] and each[0] >= _NAMES), -each[0]),
    )
    if not ranked or ranked[0][0] < _NAMES:
        return None
    _, rule, found = ranked[0]
    return _admission(case, rule, found["who"] or found["only"], unit)


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
    if verdict is None:
        return None
    name = "admitted" if verdict else "not_admitted"
    return _worked(case, rule, tell(f"applicant.{name}", unit=unit.said, who=who), passes=verdict)


def _parents(case: Case, labels: list[str]) -> list[str]:
    """What the named rows stand under in their tables: what is asked of the parent holds."""
    named = set(labels)
    return [
        cell
        for one in case.look()[:_LOOKED_AT]
        if one.sentence.row and named & {cell for _, cell in one.sentence.cells}
        for _, cell in one.sentence.cells
    ]


def _pairs(text: str, other: str) -> int:
    """How many pairs of characters two texts share."""
    mine = {text[at : at + 2] for at in range(len(text) - 1)}
    pairs = {other[at : at + 2] for at in range(len(other) - 1)}
    return sum(bool(re.fullmatch(r"[\u4e00-\u9fff]{2}", one)) for one in mine & pairs - _EMPTY)


_EMPTY = frozenset(
    (
        "申报",
        "项目",
        "单位",
        "可以",
        "已经",
        "我们",
        "条件",
        "要求",
        "该项",
        "工作",
        "没有",
        "建成",
        "建设",
        "年度",
    )
)


def _worked(case: Case, rule: Evidence, told: str, *, passes: bool) -> Worked:
    verdict = tell("can" if passes else "cannot")
    return Worked(text=verdict + told + to_confirm(case, rule), rules=(rule,))
