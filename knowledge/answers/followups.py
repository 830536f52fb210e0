"""Short questions that lean on an earlier one: made whole from the conversation."""

import re
from collections.abc import Sequence

from core.domain.documents import Exchange
from knowledge.answers.kinds import kind_of, without_kind
from knowledge.lexicon.lists import regions
from knowledge.lexicon.words import (
    normalise,
    segmenter,
    strip_question_words,
    subject_words,
)

_LEANS = re.compile(
    r"^(?:那|那么|还有|另外|然后|再|它|这|其|具体|上面|刚才|刚刚|同样|如果是|换成|要是|不是|还要|再|我是说|我问的是)"
    r"|它们?|该项目|这个|那个|这些|其中|上述|呢[？?]?$|同样的"
)
_FEW_WORDS = 1
_SHORT = 12
_ENDING = 2
_CUES = re.compile(r"^(?:那么?|还有|换成|如果是)+|[呢吗?？。]+$")
_REMEMBERED = 3
_YEAR = re.compile(r"20\d{2}年?度?|今年|去年|明年")


def made_whole(question: str, history: Sequence[Exchange]) -> str:
    """The question with what it leaves unsaid, taken from the questions before it."""
    said = [exchange.question for exchange in history[-_REMEMBERED:]]
    whole = ""
    for one in (*said, question):
        whole = _joined(whole, one)
    return whole


def leans(question: str) -> bool:
    """Whether a question cannot stand alone."""
    text = normalise(question)
    words = subject_words(strip_question_words(text))
    short = len(text) <= _SHORT
    return (bool(_LEANS.search(text)) and len(words) <= _FEW_WORDS + 2) or (
        short and len(words) <= _FEW_WORDS
    )


def _joined(before: str, question: str) -> str:
    if not before or not leans(question):
        return question
    text = normalise(question)
    carried = normalise(before)
    if any(name in text for name in regions()):
        carried = re.sub("|".join(map(re.escape, regions())), "", carried)
    if _YEAR.search(text):
        carried = _YEAR.sub("", carried)
    if kind_of(text) is not None:
        carried = without_kind(strip_question_words(carried))
    return f"{_without_rival(carried, text)} {text}"


def _without_rival(carried: str, text: str) -> str:
    """Drop what the new words stand in for: 企业联络员, when 学会联络员 is asked about now."""
    new = _CUES.sub("", text)
    for size in range(len(new) - 1, _ENDING - 1, -1):
        at = carried.find(new[-size:])
        if at > 0:
            before = [word for word, flag in segmenter().cut(carried[:at]) if flag[:1] in "njb"]
            rival = before[-1] if before and carried[:at].endswith(before[-1]) else ""
            return carried[: at - len(rival)] + carried[at + size :]
    return carried
