"""A conversation question by question: each read by the first of its senses that is answered."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.domain.documents import Answer, Exchange
from knowledge.answers.several.comparing import together
from knowledge.answers.several.sides import sides_of
from knowledge.answers.talk.followups import Manner, Sense, Talk, later, senses
from knowledge.answers.talk.parts import parts_of, pointed
from knowledge.lexicon.words import normalise

_REMEMBERED = 5
_ASTRAY = frozenset({"subject", "nothing_found"})
"""Why a question is refused that says more than it asks."""

type Ask = Callable[[Sense], Answer]
type Name = Callable[[str, Talk], str]
"""Gives a question the full names of those that it points at."""


def so_far(
    history: Sequence[Exchange], answers: Callable[[Sense], bool], name: Name, *, year: int
) -> Talk:
    """What a conversation has come to by its last questions."""
    talk = Talk(year=year)
    for exchange in history[-_REMEMBERED:]:
        for at, part in enumerate(parts_of(exchange.question)):
            said = name(part, talk)
            found = later(talk, said) if at else senses(talk, said)
            taken = next((one for one in found[:-1] if answers(one)), None)
            if taken is None:
                taken = found[-1] if len(found) == 1 or answers(found[-1]) else _refused(found)
            talk = _after(talk, said, taken, exchange.answer)
    return talk


def in_conversation(question: str, talk: Talk, ask: Ask, name: Name) -> Answer:
    """Answer a question by the first of its senses that the documents answer."""
    before = talk.whole
    answers: list[Answer] = []
    several = not before and sides_of(question, 0) is not None
    for at, part in enumerate([question] if several else parts_of(question)):
        said = name(part, talk)
        taken, answer = _first(later(talk, said) if at else senses(talk, said), ask)
        if answer.abstained and not before and answer.reason in _ASTRAY:
            answer = _to_the_point(said, answer, ask)
        talk = _after(talk, said, taken, "" if answer.abstained else answer.text)
        answers.append(answer)
    if len(answers) > 1 and all(one.abstained for one in answers):
        return answers[0] if before else ask(Sense(text=question))
    return together(answers)


def _to_the_point(said: str, refused: Answer, ask: Ask) -> Answer:
    """The answer to the clause that asks, where what is told around it is in no document."""
    point = pointed(said)
    again = ask(Sense(text=point)) if point else refused
    return refused if again.abstained else again


def _first(found: Sequence[Sense], ask: Ask) -> tuple[Sense, Answer]:
    """The first sense that is answered; when none is, the first one and why."""
    refused: tuple[Sense, Answer] | None = None
    for sense in found:
        answer = ask(sense)
        if not answer.abstained:
            return sense, answer
        if refused is None or refused[0].manner in _MAY_FAIL:
            refused = sense, answer
    if refused is None:
        raise ValueError("a question without senses")
    return refused


def _refused(found: Sequence[Sense]) -> Sense:
    """The sense that stands for a question which none of its senses answers."""
    return next((one for one in found if one.manner not in _MAY_FAIL), found[0])


_MAY_FAIL = frozenset({Manner.WORKED, Manner.UPON})
"""Tried first, and telling nothing when they find no rule."""


def _after(talk: Talk, question: str, taken: Sense, answer: str) -> Talk:
    if taken.manner not in {Manner.ASKED, Manner.WORKED}:
        return talk
    akin = bool(talk.whole) and taken.text != normalise(question) and taken.text != question
    return replace(
        talk,
        whole=taken.text,
        answer=answer or talk.answer,
        run=(*talk.run, taken.text) if akin else (taken.text,),
        asked=(*talk.asked, taken.text),
    )
