"""Answers to one question about several things, told side by side and compared by their kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.documents import Answer
from knowledge.answers.composition import abstain, say
from knowledge.answers.scope.mentions import unmentioned
from knowledge.answers.several.aims import Aim
from knowledge.answers.several.figures import Figure, counts_asked, figure_in, figure_of
from knowledge.answers.weighing.demands import says
from knowledge.lexicon.words import normalise, segmenter

_PLURAL = 2
_CLAUSE = re.compile("[,;。，；]")
_TELLING = "tnjlzbsfi"
"""Parts of speech that tell one thing from another."""

_DAY = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_WHEN = re.compile(r"什么时候|哪天|何时|几号|时间|日期|啥时候|期限|[行效]期|[过到]期")
_TITLE = re.compile(r"《[^《》]*》")
_COUNTING = re.compile("[个支项家座所类种条批]")
_CELL = re.compile(r"[^：。《》]+：([^《》]+)。")
_NAMED = re.compile(r"[“\"]([^“”\"]{2,20})[”\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was found about one of the things."""

    label: str
    question: str
    answer: Answer


def borne(told: Sequence[Told]) -> list[Told]:
    """The sides, those withheld that stand on another's sentence and are not named in it."""
    return [_withheld(one, told) if not one.answer.abstained else one for one in told]


def _withheld(one: Told, told: Sequence[Told]) -> Told:
    quote = one.answer.citations[0] if one.answer.citations else None
    others = [
        each
        for each in told
        if each is not one and not each.answer.abstained and quote in each.answer.citations
    ]
    if quote is None or not others:
        return one
    shared = {word for each in others for word in _telling(each.label)}
    text = normalise(f"{quote.section} {quote.quote}")
    missing = [word for word in _telling(one.label) if word not in shared and not says(word, text)]
    if not missing:
        return one
    return replace(one, answer=abstain(one.question, "subject", missing=missing[0]))


def names_all(answer: Answer, labels: Sequence[str]) -> bool:
    """Whether the first sentence of an answer gives every one of the things a clause."""
    if answer.abstained or not answer.citations:
        return False
    clauses = _CLAUSE.split(normalise(answer.citations[0].quote))
    places: set[int] = set()
    for label in labels:
        words = _telling(label)
        own = [at for at, one in enumerate(clauses) if all(says(word, one) for word in words)]
        if not words or not set(own) - places:
            return False
        places.add(next(at for at in own if at not in places))
    return True


def _telling(label: str) -> list[str]:
    """The words by which a thing is told from others: names, attributes, times."""
    words = segmenter().cut(unmentioned(label))
    return [word for word, flag in words if len(word) > 1 and flag[:1] in _TELLING]


def compared(question: str, aim: Aim, told: Sequence[Told]) -> Answer:
    """One answer about all of them; abstained only when nothing is known of any."""
    lines = [_line(one) for one in told]
    known = [one for one in told if not one.answer.abstained]
    if not known:
        first = told[0].answer
        return Answer(
            question=question, text="\n".join(lines), abstained=True, reason=first.reason
        )
    verdict = _verdict(aim, known) if len(known) == len(told) else ""
    citations = dict.fromkeys(cite for one in known for cite in one.answer.citations)
    notes = dict.fromkeys(note for one in known for note in one.answer.notes)
    return Answer(
        question=question,
        text="\n".join(line for line in (verdict, *lines) if line),
        citations=tuple(citations),
        notes=tuple(notes),
    )


def together(answers: Sequence[Answer]) -> Answer:
    """Answers to the several questions of one message, one after another."""
    first = answers[0]
    if len(answers) == 1:
        return first
    known = [one for one in answers if not one.abstained]
    lines = (one.text if not one.abstained else _why(one) for one in answers)
    citations = dict.fromkeys(cite for one in known for cite in one.citations)
    return Answer(
        question=first.question,
        text="\n".join(dict.fromkeys(lines)),
        citations=tuple(citations),
        notes=tuple(dict.fromkeys(note for one in known for note in one.notes)),
    )


def _why(answer: Answer) -> str:
    """Why a question was not answered, without what is nearest to it."""
    return answer.text.split("\n", maxsplit=1)[0]


def _line(one: Told) -> str:
    text = one.answer.text
    if one.answer.abstained:
        text = _why(one.answer)
    return say("side", label=one.label, text=text)


def _verdict(aim: Aim, known: Sequence[Told]) -> str:
    """What follows from the sides together, as far as they hold things that can be compared."""
    days = [_day_of(one) for one in known]
    figures = [
        figure_of(one.question, one.answer) if counts_asked(one.question, one.answer) else None
        for one in known
    ]
    listed = [_listed(one) for one in known]
    cells = [_cell(one.answer) for one in known]
    if all(cells):
        return _by_cell(aim, known, cells)
    if all(_asks_day(one) for one in known) and all(days):
        return _by_day(aim, known, [day for day in days if day])
    if all(_asks_number(one) for one in known) and all(figures):
        return _by_number(aim, known, [figure for figure in figures if figure])
    if aim is Aim.SAME and all(len(one) >= _PLURAL for one in listed):
        return _by_items(known, listed)
    return ""


def _cell(answer: Answer) -> str:
    """The value of the cell that stands first in an answer; empty where none does."""
    lead, _, told = answer.text.partition("\n")
    found = _CELL.fullmatch(lead)
    return found[1] if found and told else ""


def _by_cell(aim: Aim, known: Sequence[Told], cells: Sequence[str]) -> str:
    """What follows from cells: alike to the letter, numbers of one measure, or not the same."""
    said = "，".join(
        say("of_label", label=one.label, value=cell)
        for one, cell in zip(known, cells, strict=True)
    )
    if len(set(cells)) == 1:
        return say("same", values=said)
    figures = [figure for cell in cells if (figure := figure_in(cell))]
    if len(figures) < len(cells) or len({_measure(one) for one in figures}) > 1:
        return say("differ", values=said) if aim is not Aim.EACH else ""
    if not all(_AMOUNT.fullmatch(normalise(cell)) for cell in cells):
        return say("differ", values=said)
    return _by_number(aim, known, figures)


_AMOUNT = re.compile(
    r"[\d.,]+[百千万亿]?(?:%|[个支项家名人场次类种条份期位分年天元岁篇](?:/\w+)?)"
)
"""A cell that is nothing but a number with its measure: only such differ by so many."""


def _asks_day(one: Told) -> bool:
    return bool(
        re.search(r"什么时候|哪天|何时|几号|时间|日期|啥时候|期限|[行效]期|[过到]期", one.question)
    )


def _asks_number(one: Told) -> bool:
    return bool(re.search(r"多少|几[个支项家名人场次分条位]", one.question))


def _day_of(one: Told) -> tuple[int, int, int] | None:
    """The first whole date in the answer, outside of titles."""
    found = _DAY.search(_TITLE.sub("", normalise(one.answer.text)))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    return year, month, day


def _by_day(aim: Aim, known: Sequence[Told], days: Sequence[tuple[int, int, int]]) -> str:
    said = "，".join(
        say("of_label", label=one.label, value=say_day(day))
        for one, day in zip(known, days, strict=True)
    )
    if len(set(days)) == 1:
        return say("same", values=said)
    if aim is Aim.SAME:
        return say("differ", values=said)
    first = known[days.index(min(days))].label
    return say("earlier", values=said, label=first)


def say_day(day: tuple[int, int, int]) -> str:
    """A day as people read it."""
    year, month, number = (str(part) for part in day)
    return say("date", year=year, month=month, day=number)


def _by_number(aim: Aim, known: Sequence[Told], figures: Sequence[Figure]) -> str:
    said = "，".join(
        say("of_label", label=one.label, value=f"{figure.said}{figure.unit}")
        for one, figure in zip(known, figures, strict=True)
    )
    spans = {(one.answer.citations[0].source, one.answer.citations[0].start) for one in known}
    if len(spans) == 1 and len({one.low for one in figures}) == 1:
        return ""  # one sentence and one number for all: it is not told of each
    if len({_measure(one) for one in figures}) > 1:
        return say("differ", values=said) if aim is Aim.SAME else ""
    exact = all(one.low == one.high for one in figures)
    if exact and len({one.low for one in figures}) == 1:
        return say("same", values=said)
    if not exact or len(figures) > _PLURAL:
        return say("differ", values=said)
    more = max(figures, key=lambda one: one.low)
    gap = abs(figures[0].low - figures[1].low)
    label = known[list(figures).index(more)].label
    return say("more", values=said, label=label, gap=f"{gap:g}{more.unit}")


def _measure(figure: Figure) -> str:
    """The measure of a number; those that count things of any sort are one."""
    return _COUNTING.sub("", figure.unit)


def _listed(one: Told) -> list[str]:
    """The names in quotation marks, in their order, in the first quote."""
    quotes = [cite.quote for cite in one.answer.citations[:1]]
    return list(dict.fromkeys(name for quote in quotes for name in _NAMED.findall(quote)))


def same_name(question: str, told: Sequence[Told]) -> Answer | None:
    """Several documents' lists under one name, when they are not the same; else None."""
    listed = [_listed(one) for one in told]
    if len(told) < _PLURAL or not all(len(one) >= _PLURAL for one in listed):
        return None
    if all(set(one) == set(listed[0]) for one in listed):
        return None
    merged = compared(question, Aim.EACH, told)
    verdict = say("same_name", values=_by_items(told, listed))
    return replace(merged, text=f"{verdict}\n{merged.text}")


def _by_items(known: Sequence[Told], listed: Sequence[list[str]]) -> str:
    said = "；".join(
        say("of_label", label=one.label, value="、".join(items))
        for one, items in zip(known, listed, strict=True)
    )
    alike = all(set(one) == set(listed[0]) for one in listed)
    return say("same" if alike else "differ", values=said)
