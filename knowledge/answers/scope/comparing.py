"""Answers to one question about several things, told side by side and compared by their kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.documents import Answer
from knowledge.answers.composition import say
from knowledge.answers.scope.figures import Figure, counts_asked, figure_of
from knowledge.answers.scope.sides import Aim
from knowledge.lexicon.words import normalise

_PLURAL = 2
_DAY = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_WHEN = re.compile(r"什么时候|哪天|何时|几号|时间|日期|啥时候|期限|[行效]期|[过到]期")
_TITLE = re.compile(r"《[^《》]*》")
_NAMED = re.compile(r"[“\"]([^“”\"]{2,20})[”\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was found about one of the things."""

    label: str
    question: str
    answer: Answer


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
    if all(_asks_day(one) for one in known) and all(days):
        return _by_day(aim, known, [day for day in days if day])
    if all(_asks_number(one) for one in known) and all(figures):
        return _by_number(aim, known, [figure for figure in figures if figure])
    if aim is Aim.SAME and all(len(one) >= _PLURAL for one in listed):
        return _by_items(known, listed)
    return ""


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
    if len({one.unit for one in figures}) > 1:
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
