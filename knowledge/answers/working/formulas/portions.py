"""A share of an amount: of one in the row that is named, of one stated, or of one given."""

import re
from collections.abc import Iterable

from knowledge.answers.working.case import Case, Worked, first, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import (
    Amount,
    Paper,
    cell_amount,
    itemised,
    money,
    moneys,
    pairs,
    papers,
    unmarked,
)
from knowledge.answers.working.formulas.shares import Portion, base_words, concerns, fits, portions
from knowledge.answers.working.reading.numbers import Bound, alike, number, percent, plain, whole
from knowledge.answers.working.telling import lines, tell
from knowledge.lexicon.words import normalise

_ASKS = re.compile(r"(?:多少|几)(?!天|年|个月|月|分钟|号|岁|等|档|次|%|成|分)")
_OF_SHARE = re.compile(r"比例|百分|几成|占")
_COUNTED = re.compile(r"(?:几|多少)(?:个|家|名|人|位|项|支|所)")
_NOUN = re.compile(r"^(?P<noun>[\u4e00-\u9fff]{2,8}?)(?:由|按|分|用于|中|,)")
_BETWEEN = re.compile(r"承担|分担|财政|出资|负担")
_HINTS = ("按比例", "承担", "拨付", "不超过")
_ENOUGH = 2
_BESIDE = 3
_REACH = 2
_MONEYS = {
    "award": re.compile("奖(?![章状品牌])"),
    "support": re.compile("补[贴助偿]|资助|津贴|扶持"),
    "fee": re.compile("[学会培评服][^,。;]{0,4}费|收费|劳务"),
}
"""Sorts of money that are never paid for one another, and what they are called."""


def portion(case: Case) -> Worked | None:
    """So much of an amount, each with the sentence it stands on; nothing when one is unbound."""
    if not _ASKS.search(case.text) or _COUNTED.search(case.text) or _OF_SHARE.search(case.text):
        return None
    found = ((paper, _best(case, paper)) for paper in papers(case, *_HINTS))
    worked = (_money(case, paper, best) for paper, best in found if best is not None)
    return first(one for one in worked if one is not None)


_SORTS = re.compile("[年类级届期档等]")
"""Measures that tell which one, not how many."""


def quota(case: Case) -> Worked | None:
    """How many of a given count a rule admits or demands by a share."""
    if not _COUNTED.search(case.text) or _OF_SHARE.search(case.text):
        return None
    found = (_best(case, paper) for paper in papers(case, *_HINTS))
    worked = (_quota(case, best) for best in found if best is not None)
    return first(one for one in worked if one is not None)


def _best(case: Case, paper: Paper) -> Portion | None:
    """The share that the question says most of; a changed one where it concerns the question."""
    counted = bool(_COUNTED.search(case.text))
    found = [
        one
        for sentence in paper.sentences
        for one in portions(sentence)
        if one.counts is counted
        and not about_another(case, sentence)
        and not _of_other_money(case.text, own(sentence))
    ]
    changed = [one for one in found if one.changes and concerns(case.text, one)]
    items = [one.evidence.sentence.path for one in changed]
    usual = [one for one in found if not one.changes]
    scores = [_score(case, one, items) for one in usual]
    most = max(scores, default=0)
    best = [one for one, score in zip(usual, scores, strict=True) if score == most]
    if most < _ENOUGH or (len(best) > 1 and len({(one.share, one.base) for one in best}) > 1):
        return None
    return _changed(best[0], changed, usual)


def _of_other_money(question: str, rule: str) -> bool:
    """Whether a question is about one sort of money (an award) and a rule about another."""
    asked, told = (
        {name for name, said in _MONEYS.items() if said.search(text)} for text in (question, rule)
    )
    return bool(asked and told) and not asked & told


def _score(case: Case, one: Portion, items: list[tuple[str, ...]]) -> int:
    """How well a share fits; better where a sentence beside it names the question's own case."""
    score = fits(case.text, one)
    return score + _BESIDE if score and one.evidence.sentence.path in items else score


def _changed(best: Portion, changed: Iterable[Portion], others: list[Portion]) -> Portion | None:
    """The share with what another sentence puts in its place, for those it names."""
    for one in changed:
        if one.evidence.sentence.path != best.evidence.sentence.path:
            continue
        beside = [
            each for each in others if each.evidence.sentence.start == best.evidence.sentence.start
        ]
        own_level = fits(best.what, one) >= fits(
            beside[-1].what if best is beside[0] else beside[0].what, one
        )
        share = one.share if own_level or len(beside) == 1 else 1 - one.share
        return Portion(
            share=share,
            what=best.what,
            base=best.base,
            bound=best.bound,
            evidence=one.evidence,
            amount=best.amount,
            cap=one.cap or best.cap,
            changes=True,
        )
    return best


def _quota(case: Case, best: Portion) -> Worked | None:
    """How many of a given count a share makes."""
    asked = _COUNTED.search(case.text)
    given = [
        one
        for one in case.given
        if one.value > 1
        and asked
        and alike(one.unit, asked.group()[-1])
        and not _SORTS.fullmatch(one.unit)
    ]
    if len(given) != 1 or best.bound is Bound.EXACT or moneys(own(best.evidence)):
        return None
    if len(pairs(own(best.evidence)) & pairs(case.text)) <= _ENOUGH:
        return None
    exact = given[0].value * best.share
    count = whole(exact, up=best.bound is Bound.LEAST)
    told = tell(
        "formula.quota_least" if best.bound is Bound.LEAST else "formula.quota_most",
        sum=f"{plain(given[0].value)} × {percent(best.share)} = {plain(exact)}",
        count=plain(count),
        unit=given[0].unit,
    )
    return Worked(text=told, rules=(best.evidence,))


def _money(case: Case, paper: Paper, best: Portion) -> Worked | None:
    """A share of money, no more than its cap."""
    base = _base(case, paper, best)
    if base is None:
        return None
    exact = base.value * best.share
    capped = best.cap is not None and exact > best.cap and best.bound is not Bound.LEAST
    value = best.cap if capped and best.cap is not None else exact
    bound = {Bound.LEAST: "least", Bound.MOST: "most"}.get(best.bound)
    told = tell(
        "formula.portion",
        bound=tell(f"formula.{bound}") if bound else "",
        value=money(value),
        base=base.name,
        whole=money(base.value),
        share=percent(best.share),
        exact=money(exact),
    )
    cap = tell("formula.capped", cap=money(value)) if capped else ""
    rules = [best.evidence]
    if base.evidence is not None and base.evidence.sentence.start != best.evidence.sentence.start:
        rules.append(base.evidence)
    return Worked(text=lines([told, cap]), rules=tuple(rules))


def _base(case: Case, paper: Paper, best: Portion) -> Amount | None:
    """What the share is of: in the row that is named, given, in its sentence, or stated once."""
    given = [value for _, value in moneys(_spelt(case.text))]
    if len(given) == 1:
        return Amount(value=given[0], name=tell("formula.given"))
    if given:
        return None
    text = unmarked(own(best.evidence))
    row = paper.row
    if row is not None:
        for head, _ in row.sentence.cells:
            core = re.sub(r"\([^()]*\)", "", normalise(head))
            inside = core in text and len(core) > 1
            amount = cell_amount(row, re.compile(re.escape(core))) if inside else None
            if amount is not None:
                return amount
    if best.amount is not None:
        return Amount(value=best.amount, name=tell("formula.stated"), evidence=best.evidence)
    noun = _NOUN.match(best.base) or _NOUN.match(text)
    names = [*base_words(best.base), *([noun["noun"]] if noun else [])]
    names += [one for each in names for one in (each[-4:],) if len(each) > _ENOUGH * _REACH]
    stated = next((found for name in names if (found := paper.stated(name))), None)
    return stated or first(found for name in names if (found := itemised(paper, name)))


def _spelt(text: str) -> str:
    """A question with its sums of money in full: 8万 for 8万元, 五十万 in digits."""

    def digits(found: re.Match[str]) -> str:
        value = number(found[1])
        return f"{plain(value)}万元" if value is not None else found.group()

    return re.sub(
        r"(?<![\d.])(\d+(?:\.\d+)?|[一二三四五六七八九十百]+)万(?:块钱?|元)?(?![人次字份])",
        digits,
        text,
    )
