"""Bands of scores: which grade a score reaches, how far it is from another, where bands clash."""

import re
from dataclasses import dataclass
from fractions import Fraction

from core.domain.documents import DocumentId
from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import CHECKS, Case, Worked, first, own
from knowledge.answers.working.reading.numbers import plain
from knowledge.answers.working.telling import lines, tell
from knowledge.lexicon.words import NAMING

_SCORE = r"(\d{1,4}(?:\.\d+)?)"
_SPAN = (
    rf"(?:{_SCORE}分?[-—~至到]{_SCORE}分?"
    rf"|(?:满|高于|低于|不足|不满|未满|达到)?{_SCORE}分?(?:\(含\)|\(不含\))?"
    r"(?:\(含\d*分?\)|\(不含\d*分?\))?(?:及?以上|及?以下|以内|及其以上)|(?:低于|不足|不满|未满|小于)"
    rf"{_SCORE}分?)"
)
_NAME = r"[\u4e00-\u9fffa-z]{1,6}?"
_NAMED_FIRST = re.compile(rf"(?P<name>{_NAME})(?:等级|等次)?[(:](?P<span>{_SPAN})\)?")
_NAMED_LAST = re.compile(
    rf"(?P<span>{_SPAN})\)?(?:的)?(?:评?为|:|是|定为|属于|评定为|,?等级为|,?评为)“?(?P<name>{_NAME})”?(?:等级|等次)?(?=[,;。、”]|$)"
)
_GIVEN = re.compile(
    rf"(?:得了?|考了?|评了?|打了?|拿了?|自评|总分|得分|是|为|才|有|到|如果|要是|那|^|[^\d.]){_SCORE}分(?!之|钟|别)"
    rf"|(?:得了?|考了?|评了?|打了?|拿了?|自评|总分|得分)(?:是|为|有)?{_SCORE}(?![\d.%年月日个家人名])"
)
_ASKS = re.compile(
    r"几等|哪一?[等档级个]|什么(?:等|档|级|等级|等次|档次|水平|结果|名次)|等级|等次|档次|[几哪]档|[几哪]级|合格|及格|达标|评上|评为|评得上"
    r"|算(?:什么|啥|几|哪)|属于|怎么算|能评|能拿|能得|还差|差(?:几|多少)|够(?:吗|不够|得上)|啥(?:等|级|档|水平|结果)|过线|划到|归到|归哪|行不行|行吗"
)
_GRADE = re.compile(
    r"几等|哪一?[等档级]|什么(?:等|档|级)|等级|等次|档次|[几哪][档级]|啥(?:等|级|档)|归哪"
)
_SCORING = re.compile(r"分|评|考|打|得")
_CLAUSES = re.compile(r"[,;。?!、]")
_BARE = re.compile(r"(?<![\d.年第])(\d{1,3}(?:\.\d+)?)(?![\d.%年月日个家人名支项类块条点号])")
_OF_PART = re.compile(r"第[一二三四五六七八九十\d]+(?:大)?(?:类|项|块|部分)[^,。?]{0,8}分")
"""Points of a part are no total that makes a grade."""

_OTHER_SCALE = re.compile(r"几?a{1,5}(?![a-z])|几星|星级")
_SHORT_OF = re.compile(r"差|缺|还要|还需|再加|提高|多少分(?:才|就)|几分(?:才|就)")
_LEAST_BANDS = 2
_LOOKED_AT = 200
_HINT = ("等级", "等次", "分以上", "分以下")
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A grade and the scores that make it, as said."""

    name: str
    said: str
    low: Fraction | None
    high: Fraction | None
    open_high: bool = False
    """Whether the upper end is left to the band above by its own words (低于60分)."""

    def holds(self, score: Fraction) -> bool:
        """Whether a score is within, ends included where the words include them."""
        if self.low is not None and score < self.low:
            return False
        if self.high is None:
            return True
        return score < self.high if self.open_high else score <= self.high


def band(case: Case) -> Worked | None:
    """The band of a given score."""
    scores = _scores(case.text)
    if not scores or _OTHER_SCALE.search(case.text) or _OF_PART.search(case.text):
        return None
    if not any(one.search(case.text) for one in (_ASKS, _SHORT_OF, CHECKS)):
        return None
    found = [
        one
        for one in case.look(*_HINT)[:_LOOKED_AT]
        if len(bands_in(own(one))) >= _LEAST_BANDS and not case.foreign(one)
    ]
    documents = {one.passage.source.id for one in found}
    if not found or (len(documents) > 1 and NAMING not in case.asked.words.values()):
        return None
    bands = bands_in(own(found[0]))
    asks = _ASKS.search(case.text)
    if not asks and not any(one.name in case.text for one in bands):
        return None
    told = lines(_told(case.text, score, bands) for score in scores)
    return Worked(text=told, rules=(found[0],))


def grade_asked(text: str) -> bool:
    """Whether a question asks which grade something makes."""
    return bool(_GRADE.search(text)) and not _OTHER_SCALE.search(text)


def bands_of(case: Case, document: DocumentId) -> Evidence | None:
    """The sentence of a document that names the bands of scores."""
    return first(
        one
        for one in case.look(*_HINT)[:_LOOKED_AT]
        if one.passage.source.id == document and len(bands_in(own(one))) >= _LEAST_BANDS
    )


def graded(text: str, score: Fraction, evidence: Evidence) -> str:
    """The grade of a score by the bands of a sentence, in words."""
    return _told(text, score, bands_in(own(evidence)))


def _scores(text: str) -> list[Fraction]:
    """The scores that a question gives; in a clause of scoring a bare number is one."""
    found = [one[1] or one[2] for one in _GIVEN.finditer(text)]
    if not found:
        for clause in _CLAUSES.split(text):
            if _SCORING.search(clause):
                found += _BARE.findall(clause)
        alone = _BARE.findall(text)
        found = found or (alone if len(alone) == 1 else [])
    return [Fraction(one) for one in dict.fromkeys(found)]


def bands_in(text: str) -> tuple[Band, ...]:
    """The bands that a normalised text names, best first."""
    found = [
        _band(one["name"], one["span"])
        for pattern in (_NAMED_FIRST, _NAMED_LAST)
        for one in pattern.finditer(text)
    ]
    unique = {(one.name, one.low, one.high): one for one in found}
    return tuple(
        sorted(
            unique.values(),
            key=lambda one: one.low if one.low is not None else Fraction(-1),
            reverse=True,
        )
    )


def _band(name: str, span: str) -> Band:
    ends = [Fraction(one) for one in re.findall(_SCORE, span)]
    below = re.search(r"以下|以内|低于|不足|不满|未满|小于", span)
    if len(ends) > 1 and not re.search(r"\((?:不?含)", span):
        return Band(name=name, said=span, low=ends[0], high=ends[-1])
    if below:
        excludes = re.search(r"低于|不足|不满|未满|小于|不含", span)
        return Band(name=name, said=span, low=None, high=ends[0], open_high=bool(excludes))
    return Band(name=name, said=span, low=ends[0], high=None)


def _told(text: str, score: Fraction, bands: tuple[Band, ...]) -> str:
    top = max(
        (one.high for one in bands if one.low is not None and one.high is not None),
        default=_HUNDRED,
    )
    if score > max(top, _HUNDRED) or score < 0:
        return tell("band.outside", score=plain(score), top=plain(max(top, _HUNDRED)))
    upward = [one for one in bands if one.low is not None and one.holds(score)]
    downward = [one for one in bands if one.low is None and one.holds(score)]
    clash = [one for one in downward if one.high == score and not one.open_high]
    if upward and clash:
        told = tell(
            "band.ambiguous",
            score=plain(score),
            one=f"{upward[0].name}（{upward[0].said}）",
            other=f"{clash[0].name}（{clash[0].said}）",
        )
    else:
        reached = first((*upward, *downward))
        told = (
            _reached(score, reached, bands) if reached else tell("band.none", score=plain(score))
        )
    return told + _short_of(text, score, bands)


def _reached(score: Fraction, reached: Band, bands: tuple[Band, ...]) -> str:
    above = [one for one in bands if one.low is not None and one.low > score]
    given = {"score": plain(score), "grade": reached.name, "said": reached.said}
    if not above or reached.low is None or reached.high is not None:
        told = tell("band.reached", **given)
    else:
        told = tell("band.between", next=plain(above[-1].low or _HUNDRED), **given)
    edge = reached.low == score and reached.high is None
    return told + (tell("band.edge", said=reached.said) if edge else "")


def _short_of(text: str, score: Fraction, bands: tuple[Band, ...]) -> str:
    """The distance to the band that is named, else to the next, where one asks for it."""
    above = [one for one in bands if one.low is not None and one.low > score]
    named = [
        one
        for one in bands
        if re.search(rf"(?<![哪第几]){re.escape(one.name)}", text) and one.low is not None
    ]
    asked = _SHORT_OF.search(text)
    wanted = first(one for one in named if one in above)
    if wanted is None and asked and above:
        wanted = above[-1]
    if wanted is None or wanted.low is None:
        return ""
    return tell(
        "band.short",
        grade=wanted.name,
        low=plain(wanted.low),
        score=plain(score),
        gap=plain(wanted.low - score),
    )
