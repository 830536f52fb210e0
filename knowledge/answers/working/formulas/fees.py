"""A price for each, times so many, less the best discount that the question's case allows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, money, pairs, papers, unmarked, yuan
from knowledge.answers.working.reading.numbers import Quantity, alike, percent, plain, quantities
from knowledge.answers.working.telling import lines, tell
from knowledge.lexicon.words import normalise

_ASKS = re.compile(r"(?:多少|几)(?:钱|元|块|费|培训费)?|免费吗|要钱吗")
_PAYS = re.compile(r"费|钱|交|收|付|票|价|元|块|赔|罚|缴")
_CELL = re.compile(r"^(?P<value>\d[\d,.]*)(?P<unit>万?元)/(?P<per>[人名位次件份天晚年项块])$")
_EACH = re.compile(
    r"(?P<what>[^,;。:、\d]{0,16}?)(?P<pers>(?:每[人名位次件份天晚年项块个家日])+)[^,;。、\d]{0,8}?(?P<value>\d[\d,.]*)(?P<unit>万?元)"
)
_OFF = re.compile(
    r"(?P<fold>\d(?:\.\d)?|[一二三四五六七八九]五?)折|减免(?P<less>\d+)%|优惠(?P<cut>\d+)%|(?P<half>减半|半价)|(?P<free>免票|免交|免收|免费)"
)
_GROUP = re.compile(r"(?P<count>\d+)[人名](?:\(含\))?(?:及其?)?以上")
_NOT_STACKED = re.compile(r"不(?:叠加|累加|重复享受|同时享受)")
_WHO = re.compile(r"来自|[的,。;:]|市|县|区|地区|学员|等?[一二三四五六七八九十]+[市县区]")
_SPLIT = re.compile(r"[、和及或]")
_PEOPLE = "人名位"
_PER_HEAD = re.compile(r"(?:每|一个?)(?:个)?[人名位]|人均|平均")
"""The price for one is asked; how many come only decides the discount."""

_ONCE = re.compile("[人名位次件份项年]")
_ITS_PRICE = re.compile("[费价按凭]")
_VERBS = re.compile("[赔罚租押]")
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    """A price, what it is for, and what it is counted by."""

    value: Fraction
    what: str
    pers: tuple[str, ...]
    evidence: Evidence
    row: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """What is left to pay where a condition holds."""

    factor: Fraction
    said: str
    evidence: Evidence


def fee(case: Case) -> Worked | None:
    """What is to be paid in all; nothing when a count that the price needs is not given."""
    if not _ASKS.search(case.text) or not _PAYS.search(case.text):
        return None
    for paper in papers(case, "收费标准", "元/人", "每人"):
        price = _price(case, paper)
        if price is not None and not about_another(case, price.evidence):
            worked = _worked(case, paper, price)
            if worked is not None:
                return worked
    return None


def _price(case: Case, paper: Paper) -> _Price | None:
    """The one price of the thing that the question names."""
    rows = [one for one in map(_of_row, paper.rows_of(re.compile("费|价|标准"))) if one]
    if len(rows) == 1 and not re.search(r"住宿|宿|房|间", case.text):
        return rows[0]
    said = [one for each in paper.sentences if not each.sentence.row for one in _of_sentence(each)]
    scored = [(_alike(one.what, case.text), one) for one in said]
    best = max((score for score, _ in scored), default=0)
    found = [one for score, one in scored if score == best]
    return found[0] if best and len(found) == 1 else None


def _of_row(row: Evidence) -> _Price | None:
    for head, cell in row.sentence.cells:
        found = _CELL.match(normalise(cell))
        if found:
            label = normalise(row.sentence.cells[0][1])
            return _Price(
                value=yuan(found["value"], found["unit"]),
                what=f"{label}{re.sub('标准', '', normalise(head))}",
                pers=(found["per"],),
                evidence=row,
                row=True,
            )
    return None


def _of_sentence(one: Evidence) -> Iterator[_Price]:
    text = unmarked(own(one))
    for found in _EACH.finditer(text):
        before = re.split(r"[,;。:]", text[: found.start()].rstrip(","))[-1]
        yield _Price(
            value=yuan(found["value"], found["unit"]),
            what=found["what"] or before,
            pers=tuple(found["pers"].replace("每", "")),
            evidence=one,
            row=False,
        )


def _alike(what: str, text: str) -> int:
    """How much a question says of what a price is for, single verbs of paying among it."""
    verbs = {one for one in _VERBS.findall(what) if one in text}
    return 2 * len(pairs(what) & pairs(text)) + len(verbs)


def _worked(case: Case, paper: Paper, price: _Price) -> Worked | None:
    factors = [_factor(case, per) for per in price.pers]
    if any(one is None for one in factors):
        return None
    counts = [one for one in factors if one is not None]
    cuts = list(_cuts(case, paper, price, counts))
    if len(cuts) > 1 and not _NOT_STACKED.search(paper.text):
        return None
    if _PER_HEAD.search(case.text):
        counts = [Fraction(1)] * len(counts)
    if not cuts and all(one == 1 for one in counts):
        return None
    cut = min(cuts, key=lambda one: one.factor) if cuts else None
    total = price.value
    for one in counts:
        total *= one
    total *= cut.factor if cut else 1
    parts = [money(price.value), *(plain(one) for one in counts if one != 1)]
    parts += [percent(cut.factor)] if cut else []
    told = tell("formula.fee", value=money(total), sum=" × ".join(parts), what=price.what)
    why = tell("formula.cut", said=cut.said) if cut else ""
    only = tell("formula.best_cut") if len(cuts) > 1 else ""
    rules = (price.evidence, *((cut.evidence,) if cut else ()))
    return Worked(text=lines([told, why, only]), rules=rules)


def _factor(case: Case, per: str) -> Fraction | None:
    """How many the question gives of what a price is counted by; one where it gives no people."""
    given = [one for one in case.given if _counts(one, per)]
    values = {one.value for one in given if one.value > 1} or {one.value for one in given}
    if len(values) > 1:
        return None
    if values:
        return next(iter(values))
    return Fraction(1) if _ONCE.fullmatch(per) else None


def _counts(given: Quantity, per: str) -> bool:
    if per in "天晚日":
        return given.unit in {"天", "日", "晚"}
    if per in _PEOPLE:
        return given.unit in {"人", "名", "位"}
    return alike(given.unit, per)


def _cuts(case: Case, paper: Paper, price: _Price, counts: list[Fraction]) -> Iterator[_Cut]:
    """The discounts of the document whose conditions the question's case meets."""
    for one in paper.sentences:
        text = unmarked(own(one))
        if one.sentence.row or one is price.evidence:
            continue
        for clause in re.split(r"[;。]", text):
            found = _OFF.search(clause)
            if found and _meets(case, clause[: found.start()], counts) and _same(price, clause):
                yield _Cut(factor=_left(found), said=clause, evidence=one)


def _same(price: _Price, clause: str) -> bool:
    """Whether a discount is on the sort of price that is paid."""
    return price.row or bool(pairs(price.what) & pairs(clause))


def _meets(case: Case, condition: str, counts: list[Fraction]) -> bool:
    group = _GROUP.search(condition)
    if group:
        return any(one >= int(group["count"]) for one in counts)
    age = re.search(r"年?满?(\d+)周?岁", condition)
    if age:
        return any(one.unit in {"岁", "周岁"} and one.value >= int(age[1]) for one in case.given)
    parts = condition.split(",")
    if len(parts) > 1 and _ITS_PRICE.search(parts[-1]):
        condition = ",".join(parts[:-1])
    names = [
        _WHO.sub("", one) for one in _SPLIT.split(_WHO.sub("|", condition).replace("|", "、"))
    ]
    return any(len(name) > 1 and _named(name, case.text) for name in names)


_EMPTY = re.compile(r"培训费?|报名|单位|只可|可|收费|凭|初级|中级|高级|学员|班")


def _named(name: str, text: str) -> bool:
    core = _EMPTY.sub("", name)
    sizes = (len(core), 2) if len(core) > 2 else (len(core),)  # noqa: PLR2004
    return len(core) > 1 and any(core[-size:] in text or core[:size] in text for size in sizes)


def _left(found: re.Match[str]) -> Fraction:
    if found["free"]:
        return Fraction(0)
    if found["half"]:
        return _HALF
    if found["fold"]:
        said = quantities(f"{found['fold']}个")
        digits = found["fold"]
        if digits.isascii():
            return Fraction(digits) / 10
        return (
            said[0].value / 10
            if said and len(digits) == 1
            else Fraction("一二三四五六七八九".index(digits[0]) + 1, 10) + Fraction(1, 20)
        )
    return 1 - Fraction(found["less"] or found["cut"]) / 100
