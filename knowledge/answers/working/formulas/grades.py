"""The grade of a score where grades stand one an item, and the amount that a grade brings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, money, moneys, papers, unmarked
from knowledge.answers.working.reading.numbers import plain
from knowledge.answers.working.telling import lines, tell

_N = r"(\d{1,3}(?:\.\d+)?)"
_BAND = re.compile(
    r"(?P<span>[^;。为:]*?\d+(?:\.\d+)?分[^;。为:]*?)(?:的,?)?(?:评|定)?为(?P<name>[\u4e00-\u9fffa-z]{1,5}?)"
    r"(?:等次|等级|等|档|级)?(?=[,;。、]|$)"
)
_LOW = re.compile(
    rf"(?:{_N}分(?:\(含\))?(?:及其?)?以上|(?:不低于|达到|满){_N}分|{_N}(?:分)?[-—~至到]\d+分)"
)
_HIGH = re.compile(
    rf"(?:不足|低于|不满|未满|未达到?|小于){_N}分|{_N}分(?:\(不含\))?以下|\d分?[-—~至到]{_N}分"
)
_SCORE = re.compile(
    r"(?<![\d.第])(\d{1,3}(?:\.\d+)?)分(?!钟|之|别)|(?:得|考|评|打|拿)了?(\d{1,3}(?:\.\d+)?)(?![\d.%年月日个家人名])"
)
_PAID = re.compile(
    r"奖(?:励|金)?(?:多少|几)|(?:多少|几)(?:钱|万|元|奖|补)|奖金|奖励|补助|补贴|资助"
    r"|(?:津贴|经费|补|金|拿|给|发)[^,。?]{0,4}(?:多少|几)"
)
_ASKS = re.compile(r"哪|什么|几[等档级]|啥|算|属于|多少|几万|评")
_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """A grade, its lower and upper end, and the sentence that gives it."""

    name: str
    said: str
    low: Fraction | None
    high: Fraction | None
    closed: bool
    evidence: Evidence

    def holds(self, score: Fraction) -> bool:
        """Whether a score is within."""
        if self.low is not None and score < self.low:
            return False
        if self.high is None:
            return self.low is not None
        return score <= self.high if self.closed else score < self.high


def grade(case: Case) -> Worked | None:
    """The grade that a score makes, and what it brings where that is asked."""
    scores = [one[1] or one[2] for one in _SCORE.finditer(case.text)]
    if len(scores) != 1 or not _ASKS.search(case.text):
        return None
    paid = bool(_PAID.search(case.text))
    for paper in papers(case, "等次", "分及以上", "考核"):
        for bands in _scales(paper):
            spread = len({one.evidence.sentence.start for one in bands}) > 1
            held = [one for one in bands if one.holds(Fraction(scores[0]))]
            if len(held) != 1 or about_another(case, held[0].evidence) or not (spread or paid):
                continue
            worked = _told(paper, Fraction(scores[0]), held[0], paid=paid)
            if worked is not None:
                return worked
    return None


def _told(paper: Paper, score: Fraction, band: _Band, *, paid: bool) -> Worked | None:
    told = tell("band.reached", score=plain(score), grade=band.name, said=band.said)
    if not paid:
        return Worked(text=told, rules=(band.evidence,))
    found = _amount(paper, band.name)
    if found is None:
        return None
    value, evidence = found
    brings = tell("formula.brings", grade=band.name, value=money(value))
    return Worked(text=lines([told, brings]), rules=(band.evidence, evidence))


def _scales(paper: Paper) -> Iterator[list[_Band]]:
    """The grades of a document, those of one list together."""
    scales: dict[tuple[str, ...], list[_Band]] = {}
    for one in paper.sentences:
        if one.sentence.row:
            continue
        text = unmarked(own(one))
        for found in _BAND.finditer(text):
            low, high = _LOW.search(found["span"]), _HIGH.search(found["span"])
            if low is None and high is None:
                continue
            place = one.sentence.path[:-1]
            scales.setdefault(place, []).append(
                _Band(
                    name=found["name"],
                    said=found["span"].lstrip(",、"),
                    low=_end(low),
                    high=_end(high),
                    closed=bool(
                        high and re.match(r"\d", high.group()) and "以下" not in high.group()
                    ),
                    evidence=one,
                )
            )
    yield from (one for one in scales.values() if len(one) >= _LEAST)


def _end(found: re.Match[str] | None) -> Fraction | None:
    value = next((one for one in found.groups() if one), None) if found else None
    return Fraction(value) if value else None


def _amount(paper: Paper, name: str) -> tuple[Fraction, Evidence] | None:
    """The one amount that stands in a clause of that grade."""
    pattern = re.compile(
        rf"(?<!不){re.escape(name)}(?:等次|等级|档|级)?的?(?:,|:|[^,;。:\d]{{0,12}},)?[^,;。]{{0,14}}?\d[\d.,]*万?元"
    )
    found: dict[Fraction, Evidence] = {}
    for one in paper.sentences:
        for hit in pattern.finditer(own(one)):
            found.setdefault(moneys(hit.group())[-1][1], one)
    return next(iter(found.items())) if len(found) == 1 else None
