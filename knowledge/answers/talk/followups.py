"""What a question says when it is read after those before it: the ways to read it, best first.

A question that stands alone is read alone. One that leans on the conversation is made whole: by
putting what it says in place of its rival in the question before (another region, year, grade), by
adding what it asks for to the subject before, or by turning to the answer before (依据、还有呢).
Which sense is meant shows in which one the documents answer; they are tried in order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.answers.kinds import Kind, asked_in, kind_of
from knowledge.answers.talk.carrying.rivals import (
    corrected,
    focus,
    joined,
    predicate,
    rivals,
    scope,
    subject,
    ungrouped,
)
from knowledge.answers.talk.carrying.slots import filled, one_of, post_of, reduced, siblings
from knowledge.answers.talk.carrying.sums import several, together
from knowledge.answers.talk.carrying.swaps import YEAR, named_in, varied
from knowledge.answers.talk.leaning import (
    Cue,
    cue_of,
    leans,
    spoken,
    without_cues,
    without_pronoun,
)
from knowledge.answers.talk.upon.ways import may_reckon
from knowledge.answers.working.chain import restated
from knowledge.lexicon.words import normalise

_SHORT = 14
_PAIR = 2
_ADDED = re.compile(r"再|新增|增加|新建|又|还要")
_ENDS = re.compile(r"^那么?(?!个|种|类|位)|[呢?？。]+$")
_BARE = re.compile(r"(?:又|都)?是?(?:多少|什么|啥|谁|哪[个位天家]|几[个支家项]?)?(?:呢|啊)?[?？]?")
_HOW = re.compile(r"(怎么|如何|咋|怎样)(?:去|来)?(?:弄|搞|办|整)(?:呢|啊|呀)?$")
"""How something that was named is to be done; of calls and projects it is applied for."""

_FULL_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
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
    OUTCOME = "outcome"
    """Add what comes on top to what there is."""
    BESIDE = "beside"
    """Tell what stands beside the answer before and names what must be."""
    UPON = "upon"
    """Reckon upon the answer to the question before."""
    WORKED = "worked"
    """Answer only what can be worked out."""


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
    asked: tuple[str, ...] = ()
    """All of its questions made whole, in order."""
    year: int = 0
    """The present one; 0 for any."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The document that the answer before stands on."""
        return tuple(dict.fromkeys(_TITLE.findall(self.answer)))[:1]


def senses(talk: Talk, question: str) -> list[Sense]:
    """The ways to read a question after what was said before."""
    alone = Sense(text=question)
    if not talk.whole:
        return [alone]
    cue, said = cue_of(question)
    if cue is Cue.TOPIC:
        return [Sense(text=said)]
    back = _summed(talk, said) or _turned_back(talk, cue, said)
    if back:
        return back
    upon = _upon(talk, question)
    again = restated(talk.whole, spoken(question), talk.year)
    worked = [Sense(text=again, manner=Manner.WORKED)] if again else []
    return worked + upon + (_leaning(talk, question, cue, said) or [alone])


def _upon(talk: Talk, question: str) -> list[Sense]:
    """What may be reckoned upon the answer before: days to its day, parts of its amount."""
    said = spoken(question)
    sense = Sense(text=said, titles=talk.titles, manner=Manner.UPON, over=(talk.whole,))
    return [sense] if talk.titles and may_reckon(said) else []


def _turned_back(talk: Talk, cue: Cue | None, said: str) -> list[Sense]:
    """The ways to read a question that turns to the answers before it; none for others."""
    if cue is Cue.REST and kind_of(said) not in {None, Kind.LIST, kind_of(talk.whole)}:
        return []
    if cue in {Cue.EVIDENCE, Cue.REST, Cue.OTHER}:
        manner = Manner.EVIDENCE if cue is Cue.EVIDENCE else Manner.REST
        return [Sense(text=talk.whole, titles=talk.titles, manner=manner)]
    if cue is Cue.OUTCOME and len(talk.asked) > 1 and _ADDED.search(talk.whole):
        return [Sense(text=said, manner=Manner.OUTCOME, over=talk.asked[-2:])]
    if cue in {Cue.TOTAL, Cue.DIFFERENCE}:
        return _reckoned(talk, said, cue)
    return []


def later(talk: Talk, part: str) -> list[Sense]:
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


def _summed(talk: Talk, said: str) -> list[Sense]:
    """The sum over several rivals of what the question before asked about: C档和D档加一起呢."""
    names = together(said)
    each = [_elliptical(talk, name)[:1] for name in names]
    over = tuple(dict.fromkeys(one.text for found in each for one in found))
    if len(over) < max(len(names), _PAIR) or normalise(talk.whole) in over[1:]:
        return []
    text = f"{talk.whole} {said}"
    return [Sense(text=text, titles=talk.titles, manner=Manner.TOTAL, over=over)]


def _reckoned(talk: Talk, said: str, cue: Cue) -> list[Sense]:
    """A sum or gap over the questions before, else over the group that the last one is of."""
    manner = Manner.TOTAL if cue is Cue.TOTAL else Manner.DIFFERENCE
    named = several(said)
    over = talk.run if len(talk.run) > 1 else talk.asked
    wanted = named or (len(over) if over is talk.run else 0)
    if manner is Manner.DIFFERENCE:
        wanted = wanted or _PAIR
    found: list[Sense] = []
    if named > len(talk.run) or len(talk.asked) < _PAIR:
        found.append(Sense(text=f"{ungrouped(talk.whole)} 一共多少", manner=Manner.WORKED))
    if _PAIR <= wanted <= len(talk.asked):
        over = over if len(over) >= wanted else talk.asked
        found.append(Sense(text=f"{talk.whole} {said}", manner=manner, over=over[-wanted:]))
    if len(talk.run) > 1 and found:
        return found
    texts = (f"{scope(talk.whole)}一共{predicate(talk.whole)}", f"{talk.whole} 一共")
    return [*found, *(Sense(text=text, titles=talk.titles) for text in texts)]


def _leaning(talk: Talk, question: str, cue: Cue | None, said: str) -> list[Sense]:
    if cue is Cue.REST:
        cue, said = Cue.LEANING, without_cues(said)
    sibling = siblings(talk.whole, said, talk.answer)
    if sibling:
        return _placed(talk, said, [sibling])
    kinds = one_of(talk.whole, _ENDS.sub("", said))
    found = _read(talk, question, cue, said) if "那" not in said or not kinds else []
    return [*_placed(talk, said, kinds), *found]


def _read(talk: Talk, question: str, cue: Cue | None, said: str) -> list[Sense]:
    if cue is Cue.CORRECTION:
        return _placed(talk, said, corrected(talk.whole, question, said, talk.answer))
    if cue is Cue.PRONOUN:
        return _pointing(talk, said)
    if cue is Cue.CONDITION:
        return _supposed(talk, said)
    return _elliptical(talk, said) if leans(said) or cue else _perhaps(talk, said)


def _pointing(talk: Talk, said: str) -> list[Sense]:
    rest = _HOW.sub(r"\1申报", without_pronoun(said))
    names = focus(talk.whole, talk.answer, talk.titles, said)
    texts = [*(f"{name} {rest}" for name in names), joined(talk.whole, rest)]
    return _placed(talk, said, texts, must=tuple(named_in(rest)))


def _perhaps(talk: Talk, said: str) -> list[Sense]:
    """A short question without any sign: of the subject before, where that one knows it."""
    names = tuple(named_in(said))
    if len(said) > _SHORT or len(names) > 1 or named_in(said, far=True):
        return []
    text = f"{scope(talk.whole)}{said}" if rivals(talk.whole, said) else joined(talk.whole, said)
    return [Sense(text=text, titles=talk.titles, must=names), Sense(text=said)]


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
    if carried != normalise(talk.whole) and _BARE.fullmatch(rest):
        rest = ""
    names = post_of(rest) or tuple(named_in(rest))
    asked = kind_of(rest)
    again = asked in {None, Kind.LIST, Kind.CONDITION, kind_of(carried)}
    if not names and again and not rest.strip():
        return _placed(talk, said, [carried, *_broader(carried, said)])
    if not names:
        texts = [carried] if again and carried != normalise(talk.whole) else []
        texts += [f"{subject(carried)} {rest}"]
        if carried == normalise(talk.whole) or named_in(said, far=True):
            texts += [f"{scope(carried)}{rest}"]
        return _placed(talk, said, texts)
    if carried != normalise(talk.whole) or asked is not None:
        texts = [f"{subject(carried)} {rest}", f"{scope(carried)}{rest}"]
    else:
        texts = [
            *filled(carried, rest, talk.answer),
            f"{scope(carried)}{rest}{predicate(carried)}",
            f"{subject(carried)} {rest}",
            f"{scope(carried)}{rest}{asked_in(carried)}",
        ]
    return _placed(talk, said, texts, must=names)


def _broader(carried: str, said: str) -> list[str]:
    """The same of another place's document, which may name the thing by its head alone."""
    text = reduced(carried)
    return [text] if named_in(said, far=True) and text != normalise(carried) else []


def _beside(talk: Talk, said: str) -> list[Sense]:
    """What the same place says of another year: goals of several years stand side by side."""
    years = _FULL_YEAR.findall(said)
    must = tuple(f"{one}年" for one in years)
    alone = not named_in(YEAR.sub("", said)) or kind_of(said) is None
    same = alone and len(years) == 1 and bool(_FULL_YEAR.search(talk.whole))
    return [Sense(text=talk.whole, titles=talk.titles, manner=Manner.BESIDE, must=must)] * same


def _placed(
    talk: Talk, said: str, texts: Sequence[str], must: tuple[str, ...] = ()
) -> list[Sense]:
    """Senses within the document of the answer before, then anywhere."""
    anywhere = [Sense(text=text, must=must) for text in dict.fromkeys(texts)]
    if named_in(said, far=True) or not talk.titles:
        return anywhere
    near = [replace(one, titles=talk.titles) for one in anywhere]
    if YEAR.search(said):
        return [*near, *anywhere, *_beside(talk, said)]
    return near if named_in(talk.whole, far=True) else near + anywhere
