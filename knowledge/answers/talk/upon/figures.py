"""The figure that an answer tells of what was asked: the right cell of a row, or of a sentence."""

import re
from fractions import Fraction

from core.domain.documents import Answer
from knowledge.answers.several.figures import Figure, counts_asked, figure_of
from knowledge.answers.talk.upon.told import akin, pairs_of
from knowledge.answers.working.reading.numbers import plain, quantities
from knowledge.lexicon.words import normalise

_MEASURED = re.compile(r"\(([^()]*)\)")
_NUMBER = re.compile(r"(?:约|不少于|不超过)?(\d+(?:\.\d+)?)")
_RANK = re.compile(r"(?<![a-z\d])(?:[a-z]{1,3}|[一二三四五六七八九十])[档级类等星号批层组](?:奖)?")
_ROW = re.compile(r"\t|^\s*\|")
"""What marks a row of a table in a quote."""

_TEN_THOUSAND = 10_000


def told_figure(question: str, answer: Answer) -> Figure | None:
    """The number that answers a question for one; None when the answer holds none."""
    text = normalise(question)
    quote = answer.citations[0].quote if answer.citations else ""
    if _ROW.search(quote):
        return _in_row(text, answer) or (_counted(question, answer) if "\t" in quote else None)
    return _ranked(text, answer) or _counted(question, answer)


def _counted(question: str, answer: Answer) -> Figure | None:
    return figure_of(question, answer) if counts_asked(question, answer) else None


def _in_row(question: str, answer: Answer) -> Figure | None:
    """The cell whose header the question names best."""
    cells = [
        (akin(label, question), figure)
        for label, cell in pairs_of(answer.text)
        if (figure := _cell(label, cell)) is not None
    ]
    most = max((near for near, _ in cells), default=0)
    best = [figure for near, figure in cells if near == most]
    alike = len({(one.low, one.high) for one in best}) == 1
    return best[0] if alike and (most or len(cells) == 1) else None


def _cell(label: str, cell: str) -> Figure | None:
    said = quantities(cell)
    if len(said) == 1 and said[0].upper is None:
        return _figure(said[0].value, said[0].unit)
    measure = _MEASURED.search(label)
    found = _NUMBER.fullmatch(cell.strip())
    if not found:
        return None
    unit = measure[1] if measure else ""
    scale = _TEN_THOUSAND if unit == "万元" else 1
    return _figure(Fraction(found[1]) * scale, "元" if scale > 1 else unit.split(",")[0])


def _ranked(question: str, answer: Answer) -> Figure | None:
    """The number right behind the rank that is asked about: 32 of C档32个."""
    ranks = _RANK.findall(question)
    for quote in (normalise(one.quote) for one in answer.citations[:1]):
        for rank in ranks:
            found = re.search(rf"(?<![a-z]){re.escape(rank)}[^\d,;、。]{{0,4}}(?=\d)", quote)
            numbers = quantities(quote[found.end() :]) if found else ()
            if numbers and numbers[0].start == 0:
                return _figure(numbers[0].value, numbers[0].unit)
    return None


def _figure(value: Fraction, unit: str) -> Figure:
    return Figure(low=float(value), high=float(value), unit=unit, said=plain(value))
