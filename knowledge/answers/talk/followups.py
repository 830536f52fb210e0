"""What a question says when it is read after those before it: the ways to read it, best first.

A question that stands alone is read alone. One that leans on the conversation is made whole: by
putting what it says in place of its rival in the question before (another region, year, grade), by
adding what it asks for to the subject before, or by turning to the answer before (依据、还有呢).
Which sense is meant shows in which one the documents answer; they are tried in order.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.domain.documents import Answer, Exchange
from knowledge.answers.kinds import Kind, asked_in, kind_of
from knowledge.answers.scope.comparing import together
from knowledge.answers.talk.leaning import Cue, cue_of, leans, without_cues, without_pronoun
from knowledge.answers.talk.parts import parts_of
from knowledge.answers.talk.rivals import (
    corrected,
    focus,
    joined,
    named_in,
    predicate,
    scope,
    subject,
    varied,
)
from knowledge.lexicon.words import normalise

_REMEMBERED = 5
_TITLE = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")


class Manner(StrEnum):
    """What is to be done with the question that a sense comes to."""

    ASKED = "asked"
    REST = "rest"
    """Tell what the answer before left out."""
    EVIDENCE = "evidence"
    """Show where the answer before stands."""
    TOTAL = "total"
    """Add up the answers to several questions."""
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One way to read a question."""

    text: str
    titles: tuple[str, ...] = ()
    """Titles of the documents it speaks of, when the conversation says so; empty for any."""
    manner: Manner = Manner.ASKED
    over: tuple[str, ...] = ()
    """The whole questions whose answers are reckoned with."""
    must: tuple[str, ...] = ()
    """Names that have to stand in the evidence, lest the old subject answers for the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a conversation has come to: the last question made whole and its answer."""

    whole: str = ""
    answer: str = ""
    run: tuple[str, ...] = ()
    """The last questions made whole that differ from one another in one thing only."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The document that the answer before stands on."""
        return tuple(dict.fromkeys(_TITLE.findall(self.answer)))[:1]


type Ask = Callable[[Sense], Answer]


def in_conversation(question: str, history: Sequence[Exchange], ask: Ask) -> Answer:
    """Answer a question by the first of its senses that the documents answer."""
    talk = Talk()
    for exchange in history[-_REMEMBERED:]:
        for part in parts_of(exchange.question):
            found = senses(talk, part)
            taken = found[0] if len(found) == 1 else _first(found, ask)[0]
            talk = _after(talk, part, taken, exchange.answer)
    answers: list[Answer] = []
    for at, part in enumerate(parts_of(question)):
        taken, answer = _first(_later(talk, part) if at else senses(talk, part), ask)
        talk = _after(talk, part, taken, "" if answer.abstained else answer.text)
        answers.append(answer)
    if len(answers) > 1 and all(one.abstained for one in answers):
        return answers[0] if history else ask(Sense(text=question))
    return together(answers)


def _first(found: Sequence[Sense], ask: Ask) -> tuple[Sense, Answer]:
    """The first sense that is answered; when none is, the first one and why."""
    refused: tuple[Sense, Answer] | None = None
    for sense in found:
        answer = ask(sense)
        if not answer.abstained:
            return sense, answer
        if refused is None:
            refused = sense, answer
    if refused is None:
        raise ValueError("a question without senses")
    return refused


def _after(talk: Talk, question: str, taken: Sense, answer: str) -> Talk:
    if taken.manner is not Manner.ASKED:
        return Talk(whole=talk.whole, answer=talk.answer, run=talk.run)
    akin = bool(talk.whole) and taken.text != normalise(question) and taken.text != question
    run = (*talk.run, taken.text) if akin else (taken.text,)
    return Talk(whole=taken.text, answer=answer or talk.answer, run=run)


def senses(talk: Talk, question: str) -> list[Sense]:
    """The ways to read a question after what was said before."""
    alone = Sense(text=question)
    if not talk.whole:
        return [alone]
    cue, said = cue_of(question)
    if cue is Cue.TOPIC:
        return [Sense(text=said)]
    if cue is Cue.REST and kind_of(said) not in {None, Kind.LIST, kind_of(talk.whole)}:
        cue, said = Cue.LEANING, without_cues(said)
    if cue in {Cue.EVIDENCE, Cue.REST}:
        manner = Manner.EVIDENCE if cue is Cue.EVIDENCE else Manner.REST
        return [Sense(text=talk.whole, titles=talk.titles, manner=manner)]
    if cue in {Cue.TOTAL, Cue.DIFFERENCE}:
        return _reckoned(talk, said, cue)
    found = _leaning(talk, question, cue, said)
    return found or [alone]


def _later(talk: Talk, part: str) -> list[Sense]:
    """The ways to read a later question of one message: of the subject of the one before it.

    What names nothing of its own is asked of that subject only, nowhere without it.
    """
    found = senses(talk, part)
    if cue_of(part)[0] is Cue.TOPIC or named_in(part, far=True):
        return found
    own = tuple(named_in(part))
    if own:
        near = [
            Sense(text=text, titles=talk.titles, must=own)
            for text in (joined(talk.whole, part), part)
        ]
        return [*near, *found] if talk.titles else found
    names = named_in(talk.whole)
    kept = [one for one in found if one.titles or any(name in one.text for name in names)]
    return kept or [Sense(text=joined(talk.whole, part), titles=talk.titles)]


def _reckoned(talk: Talk, said: str, cue: Cue) -> list[Sense]:
    """A sum over the questions before; over a single one, the total that its document states."""
    manner = Manner.TOTAL if cue is Cue.TOTAL else Manner.DIFFERENCE
    if len(talk.run) > 1:
        return [Sense(text=f"{talk.whole} {said}", manner=manner, over=talk.run)]
    texts = (f"{scope(talk.whole)}一共{predicate(talk.whole)}", f"{talk.whole} 一共")
    return [Sense(text=text, titles=talk.titles) for text in texts]


def _leaning(talk: Talk, question: str, cue: Cue | None, said: str) -> list[Sense]:
    if cue is Cue.CORRECTION:
        return _placed(talk, said, corrected(talk.whole, question, said))
    if cue is Cue.PRONOUN:
        return _pointing(talk, said)
    if cue is Cue.CONDITION:
        return _supposed(talk, said)
    return _elliptical(talk, said) if leans(said) or cue else _perhaps(talk, said)


def _pointing(talk: Talk, said: str) -> list[Sense]:
    rest = without_pronoun(said)
    names = focus(talk.whole, talk.answer, talk.titles, said)
    texts = [*(f"{name} {rest}" for name in names), joined(talk.whole, rest)]
    return _placed(talk, said, texts)


def _perhaps(talk: Talk, said: str) -> list[Sense]:
    """A short question without any sign: of the subject before, where that one knows it."""
    names = tuple(named_in(said))
    if len(said) > _SHORT or len(names) > 1 or named_in(said, far=True):
        return []
    near = Sense(text=joined(talk.whole, said), titles=talk.titles, must=names)
    return [near, Sense(text=said)]


def _supposed(talk: Talk, said: str) -> list[Sense]:
    """A case put to the rule before: worked out where it can be, else the rule again."""
    case = said if kind_of(said) is not None else f"{said}可以吗"
    text = f"{subject(talk.whole)}{case}"
    names = tuple(named_in(said))
    near = Sense(text=text, titles=talk.titles, must=names)
    return [near, Sense(text=talk.whole, titles=talk.titles), Sense(text=text)]


def _elliptical(talk: Talk, said: str) -> list[Sense]:
    """What replaces a part of the question before, else what is asked of its subject."""
    carried, rest = varied(talk.whole, said.replace("加起来", "一共"))
    names = tuple(named_in(rest))
    asked = kind_of(rest)
    again = asked in {None, Kind.LIST, Kind.CONDITION, kind_of(carried)}
    if not names and again and not rest.strip():
        return _placed(talk, said, [carried])
    if not names:
        texts = [carried] if again and carried != normalise(talk.whole) else []
        texts += [f"{subject(carried)} {rest}", f"{scope(carried)}{rest}"]
        return _placed(talk, said, texts)
    if carried != normalise(talk.whole) or asked is not None:
        texts = [f"{subject(carried)} {rest}", f"{scope(carried)}{rest}"]
    else:
        texts = [
            f"{scope(carried)}{rest}{predicate(carried)}",
            f"{subject(carried)} {rest}",
            f"{scope(carried)}{rest}{asked_in(carried)}",
        ]
    return _placed(talk, said, texts, must=names)


def _placed(
    talk: Talk, said: str, texts: Sequence[str], must: tuple[str, ...] = ()
) -> list[Sense]:
    """Senses within the document of the answer before, then anywhere."""
    anywhere = [Sense(text=text, must=must) for text in dict.fromkeys(texts)]
    if named_in(said, far=True) or not talk.titles:
        return anywhere
    near = [replace(one, titles=talk.titles) for one in anywhere]
    return near if named_in(talk.whole, far=True) else near + anywhere


_SHORT = 14
