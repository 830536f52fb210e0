"""Several questions in one message, each with the words around it that do not ask."""

import re

from knowledge.answers.kinds import kind_of
from knowledge.answers.talk.leaning import Cue, cue_of
from knowledge.lexicon.words import normalise, strip_question_words

_CLAUSE = re.compile(r"(?<=[,，;；。?!？！\n])")
_LIST_COMMA = "、"
_CONFIRMS = re.compile(
    r"^(?:这样|那|这)?(?:可以|行|对|是|能行|好使|可行|合适|有没有|是不是|对不对|行不行|可不可以|能不能|成)?(?:吗|么|吧|啊|呢|不)?[?？。!！]*$"
)
_ALSO = re.compile(r"^(?:还有|另外|以及|然后|再就是|再者|顺便)(?:就是|问下|问一下)?(?![呢吗])")
_AGAIN = re.compile(r"^(?:怎么|为什么)?说法|^到底")
_MOST = 4
_PLURAL = 2


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
    return [_ALSO.sub("", one.strip(" ,，;；、?？。!！")) for one in found]


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
    return kind_of(bare) is not None or strip_question_words(bare) != bare
