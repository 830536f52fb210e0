"""Scores weighed by a stated formula, and whether their sum reaches a stated threshold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import CHECKS, Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, papers, unmarked
from knowledge.answers.working.reading.numbers import percent, plain
from knowledge.answers.working.telling import lines, tell

_N = r"\d{1,3}(?:\.\d+)?"
_WEIGHED = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,14}})(?:×|\*|\(|占(?:比|总分)?|权重为?|按)(?P<share>{_N})%"
)
_POINTS = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,14}}?)\(?(?P<share>{_N})分\)?(?=[、,;。\u4e00-\u9fff]|$)"
)
_SUM_NAME = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12}?)(?:=|由|按|为)")
_ENDS = re.compile(r"(?:评审|评分|得分|成绩|分数|分值|分)+$")
_STARTS = re.compile(r"^(?:和|与|及|其中|包括|评价内容包括|按)+")
_ASKS = re.compile(r"多少|几分|能|够|行|吗|算|[过进上]不|是不是|有没有")
_MISSING = re.compile(
    r"(?:至少|最少|起码|得|要|需要?|考|拿|打|争取|不低于)[^,。?]{0,8}(?:多少|几)分?"
)
_DROPS = re.compile(r"去(?:掉|除)一?个?最高分?[、和及与,]*(?:去(?:掉|除))?一?个?最低分?.*平均")
_BARE = re.compile(r"(?<![\d.年第])(\d{1,3}(?:\.\d+)?)(?![\d.%年月日号个家人名位支项届])")
_WHOLE = re.compile(r"满分|总分|合计|百分")
_FEW = 2
_MEAN_OF = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """A part of the sum: its name, its weight, and the score that the question gives for it."""

    name: str
    weight: Fraction
    score: Fraction | None = None


def scores(case: Case) -> Worked | None:
    """The weighed sum of the scores that a question gives, by the formula of its document."""
    if len(_BARE.findall(case.text)) < 1 or not _ASKS.search(case.text):
        return None
    if not re.search(r"分|成绩|综合|总评|合格|过|进|评上|入围|列入|命名|授予|评审", case.text):
        return None
    for paper in papers(case, "得分×", "成绩", "评分"):
        for rule in paper.sentences:
            if rule.sentence.row or about_another(case, rule):
                continue
            worked = _weighed(case, paper, rule) or _mean(case, rule)
            if worked is not None:
                return worked
    return None


def _weighed(case: Case, paper: Paper, rule: Evidence) -> Worked | None:
    text = unmarked(own(rule))
    terms = _bound(case.text, _terms(text))
    missing = [one for one in terms if one.score is None]
    if len(terms) < _FEW or len(missing) > 1 or len(missing) == len(terms):
        return None
    named = _SUM_NAME.match(text) or _SUM_NAME.search(text)
    name = named["name"] if named and "=" in text else tell("formula.sum")
    name = re.split(r"[,。;:]", text.split("=")[0])[-1] if "=" in text else name
    line, stands_on = _threshold(paper, name, rule)
    if missing:
        if line is None or not _asks_for(case.text, missing[0]):
            return None
        return Worked(text=_needed(terms, missing[0], name, line), rules=(rule, *stands_on))
    value = sum((one.weight * (one.score or 0) for one in terms), Fraction(0))
    told = tell(
        "formula.weighed",
        what=name,
        sum=" + ".join(_product(one) for one in terms),
        value=plain(value),
    )
    if line is None:
        return Worked(text=told, rules=(rule,)) if not _verdict(case) else None
    passes = value >= line
    check = tell(
        "formula.reaches" if passes else "formula.short",
        what=name,
        line=plain(line),
        value=plain(value),
    )
    floors = _floors(paper, terms)
    verdict = tell("can" if passes and not floors else "cannot") if _verdict(case) else ""
    return Worked(text=lines([verdict, told, check, *floors]), rules=(rule, *stands_on))


def _verdict(case: Case) -> bool:
    return bool(CHECKS.search(case.text)) and not re.search(
        r"多少分|几分|是多少|得多少", case.text
    )


def _product(term: _Term) -> str:
    score = plain(term.score or Fraction(0))
    return score if term.weight == 1 else f"{score} × {percent(term.weight)}"


def _terms(text: str) -> list[_Term]:
    """The terms of a formula whose weights make up the whole; none where they do not."""
    found = [
        _Term(
            name=_STARTS.sub("", one["name"].split("=")[-1]), weight=Fraction(one["share"]) / 100
        )
        for one in _WEIGHED.finditer(text)
    ]
    if len(found) >= _FEW and sum(one.weight for one in found) == 1:
        return found
    points = [one for one in _POINTS.finditer(text) if not _WHOLE.search(one["name"])]
    if len(points) > _FEW and sum(Fraction(one["share"]) for one in points) == 100:  # noqa: PLR2004
        return [_Term(name=_STARTS.sub("", one["name"]), weight=Fraction(1)) for one in points]
    return []


def _bound(text: str, terms: Sequence[_Term]) -> list[_Term]:
    """Each term with the score that stands behind its name in the question."""
    found = []
    for term in terms:
        others = "|".join(one.name for one in terms if one is not term)
        said = _said(text, _ENDS.sub("", term.name) or term.name, others)
        score = (
            re.search(rf"{re.escape(said)}[^\d,;。?]{{0,8}}({_N})(?![\d.%年月日个名人])", text)
            if said
            else None
        )
        before = re.search(rf"({_N})分的?{re.escape(said)}", text) if said and not score else None
        number = score or before
        found.append(
            _Term(
                name=term.name, weight=term.weight, score=Fraction(number[1]) if number else None
            )
        )
    return found


def _said(text: str, name: str, others: str) -> str:
    """The longest piece of a term's name that the question says and no other term has."""
    for size in range(len(name), 1, -1):
        for at in range(len(name) - size + 1):
            piece = name[at : at + size]
            if piece in text and piece not in others:
                return piece
    return ""


def _threshold(
    paper: Paper, name: str, rule: Evidence
) -> tuple[Fraction | None, tuple[Evidence, ...]]:
    """The least sum that the document asks for, and where it says so."""
    said = rf"(?:{re.escape(name)}|总分|综合得分|总成绩|最终成绩)[^,;。\d]{{0,4}}"
    least = re.compile(
        rf"{said}(?P<score>{_N})分(?:\(含\))?(?:及?以上)|{said}(?:低于|不足|不满|未达到?)(?P<below>{_N})分"
    )
    for one in paper.sentences:
        near = (
            one.sentence.path[:-1] == rule.sentence.path[:-1]
            or one.sentence.path == rule.sentence.path
        )
        found = least.search(own(one)) if near and not one.sentence.row else None
        if found:
            stands = () if one.sentence.start == rule.sentence.start else (one,)
            return Fraction(found["score"] or found["below"]), stands
    return None, ()


def _floors(paper: Paper, terms: Sequence[_Term]) -> list[str]:
    """What is said of a single score that is too low."""
    told = []
    for term in terms:
        below = re.compile(rf"{re.escape(term.name)}(?:低于|不足|不满)(?P<score>{_N})分[^。;]*")
        found = next((hit for one in paper.sentences if (hit := below.search(own(one)))), None)
        if found and term.score is not None and term.score < Fraction(found["score"]):
            told.append(
                tell("formula.floor", what=term.name, score=plain(term.score), said=found.group())
            )
    return told


def _asks_for(text: str, term: _Term) -> bool:
    """Whether a question asks how high the score of a term must be."""
    said = _said(text, _ENDS.sub("", term.name) or term.name, "")
    return bool(said) and bool(_MISSING.search(text[text.find(said) :]))


def _needed(terms: Sequence[_Term], missing: _Term, name: str, line: Fraction) -> str:
    """The score that the one term without one needs for the threshold."""
    given = sum((one.weight * one.score for one in terms if one.score is not None), Fraction(0))
    known = " + ".join(_product(one) for one in terms if one.score is not None)
    return tell(
        "formula.needed",
        what=name,
        line=plain(line),
        term=missing.name,
        sum=f"({plain(line)} − {known}) ÷ {percent(missing.weight)}",
        value=plain((line - given) / missing.weight),
    )


def _mean(case: Case, rule: Evidence) -> Worked | None:
    """The mean of the marks of judges without the highest and the lowest."""
    given = [Fraction(one) for one in _BARE.findall(case.text)]
    if len(given) < _MEAN_OF + 1 or not _DROPS.search(own(rule)):
        return None
    judges = re.search(r"(\d+)名评委", own(rule))
    if judges and int(judges[1]) != len(given):
        return None
    kept = sorted(given)[1:-1]
    value = sum(kept, Fraction(0)) / len(kept)
    told = tell(
        "formula.mean",
        high=plain(max(given)),
        low=plain(min(given)),
        sum=" + ".join(plain(one) for one in kept),
        count=str(len(kept)),
        value=plain(value),
    )
    return Worked(text=told, rules=(rule,))
