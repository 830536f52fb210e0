"""Several questions in one message, each with the words around it that do not ask."""

import re

from knowledge.answers.kinds import kind_of
from knowledge.answers.scope.mentions import mentions_in, names_in
from knowledge.answers.talk.leaning import Cue, cue_of
from knowledge.lexicon.words import normalise, strip_question_words, subject_words

_CLAUSE = re.compile(r"(?<=[,，;；。?!？！\n])")
_LIST_COMMA = "、"
_CONFIRMS = re.compile(
    r"^(?:这样|那|这)?(?:可以|行|对|是|能行|好使|可行|合适|有没有|是不是|对不对|行不行|可不可以|能不能|成)?(?:吗|么|吧|啊|呢|不)?[?？。!！]*$"
)
_ALSO = re.compile(r"^(?:还有|另外|以及|然后|再就是|再者|顺便)(?:就是|问下|问一下)?(?![呢吗])")
_AGAIN = re.compile(r"^(?:怎么|为什么)?说法|^到底")
_WONDERS = re.compile("怎|咋|为什么|为啥|如何|什么|啥|谁|哪|几|多|吗|呢|能不能|可不可以|是不是")
"""Without such a word a clause about nothing (想问一下) only leads in to a question."""

_MOST = 4
_PLURAL = 2
_OWN = re.compile("我|咱|本人|本公司|本单位")
"""A clause about the one who asks, which names no topic."""

_SIGNS = " ,，;；、?？。!！"


def parts_of(question: str) -> list[str]:
    """The questions in a message, in order; the message itself when it asks once."""
    text = normalise(question)
    if cue_of(text)[0] is Cue.CORRECTION:
        return [question]
    found: list[str] = []
    before = ""
    for clause in _clauses(text):
        if _asks(clause):
            found.append(before + clause)
            before = ""
        elif found and not before and _CONFIRMS.match(clause):
            found[-1] += clause
        else:
            before += clause
    if not _PLURAL <= len(found) <= _MOST:
        return [question]
    found[-1] += before
    return [_ALSO.sub("", one.strip(_SIGNS)) for one in found]


def pointed(part: str) -> str:
    """The clause of a question that asks, with the scope and the name that those around it give.

    Empty where nothing stands around it: the question is all there is to ask.
    """
    clauses = _clauses(normalise(part))
    asking = [at for at, clause in enumerate(clauses) if _asks(clause)]
    if len(clauses) < _PLURAL or not asking:
        return ""
    at = asking[-1]
    told = clauses[at].strip(_SIGNS)
    own = {one.sort for one in mentions_in(told, 0)}
    ahead = [clause for clause in clauses[:at] if not _CONFIRMS.match(clause)]
    scope = [one for clause in ahead for one in mentions_in(clause, 0) if one.sort not in own]
    topics = [name for clause in ahead if not _OWN.search(clause) for name in names_in(clause)]
    named = [names for clause in ahead if (names := names_in(clause))]
    names = topics or ([] if names_in(told) or not named else named[-1])
    return " ".join(("".join(one.text for one in scope), *names, told)).strip()


def _clauses(text: str) -> list[str]:
    clauses: list[str] = []
    for clause in _CLAUSE.split(text):
        pieces = clause.split(_LIST_COMMA)
        asking = len(pieces) > 1 and all(_asks(piece) for piece in pieces)
        clauses += pieces if asking else [clause]
    return [clause for clause in clauses if clause.strip()]


def _asks(clause: str) -> bool:
    bare = clause.strip(" ,，;；。?？!！")
    if not bare or _CONFIRMS.match(bare) or _AGAIN.match(bare):
        return False
    if kind_of(bare) is not None:
        return True
    left = strip_question_words(bare)
    return left != bare and bool(subject_words(left) or _WONDERS.search(bare))
