"""What was asked of a grade, asked of a score: its grade by the document, then the same of it."""

import re
from fractions import Fraction

from core.domain.documents import Answer
from knowledge.answers.composition import say
from knowledge.answers.talk.upon.told import Before, Rule, rules
from knowledge.answers.working.reading.numbers import plain
from knowledge.answers.working.telling import tell
from knowledge.answers.working.ways.bands import Band, bands_in, grade_asked
from knowledge.lexicon.words import normalise

_SCORE = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d+)?)分(?!钟|之|[别为成类])|[考得评打]了?(\d{1,3}(?:\.\d+)?)(?![\d.%个])"
)
_LEAST = 2


def regraded(told: Before, said: str) -> Answer | None:
    """The answer to the question before for the grade of a score; None when no bands are told."""
    found = _SCORE.search(said)
    if found is None or grade_asked(said):
        return None
    score = Fraction(found[1] or found[2])
    for bands in _bands(told):
        new = _reached(score, [band for band, _ in bands])
        old = [one.name for one, _ in bands if one.name in told.question]
        if new is not None and old:
            rule = next(rule for band, rule in bands if band is new)
            again = told.ask(normalise(told.question).replace(max(old, key=len), new.name, 1))
            return None if again.abstained else _graded(again, score, new, rule)
    return None


def _graded(again: Answer, score: Fraction, new: Band, rule: Rule) -> Answer:
    """An answer to the question of a grade, after how the score makes that grade."""
    text = tell("band.reached", score=plain(score), grade=new.name, said=new.said)
    return Answer(
        question=again.question,
        text=f"{text}\n{again.text}",
        citations=tuple(dict.fromkeys((*again.citations, rule.citation))),
        notes=again.notes,
    )


def _bands(told: Before) -> list[list[tuple[Band, Rule]]]:
    """The bands of scores that stand together: in one sentence, or in the items of one list."""
    groups: dict[tuple[object, ...], list[tuple[Band, Rule]]] = {}
    for rule in rules(told, say("upon.grades_sought")):
        for band in bands_in(rule.text):
            place = (rule.passage.source.id, rule.sentence.path[:1])
            groups.setdefault(place, []).append((band, rule))
    return [one for one in groups.values() if len({band.name for band, _ in one}) >= _LEAST]


def _reached(score: Fraction, bands: list[Band]) -> Band | None:
    """The narrowest band that holds a score."""
    holding = [one for one in bands if one.holds(score)]
    upward = [one for one in holding if one.low is not None]
    if upward:
        return max(upward, key=lambda one: one.low or 0)
    return min(holding, key=lambda one: one.high or 0, default=None)
