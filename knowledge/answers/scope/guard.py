"""What an answer must bear out of its question, whatever it was found by."""

import re
from collections.abc import Sequence

from core.domain.documents import Answer
from knowledge.answers.weighing.demands import says
from knowledge.answers.working.conditions.subject import part_of, sorts_in
from knowledge.lexicon.lists import contrasts, synonyms
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus

_SORT_OF = re.compile(r"(?P<sort>[\u4e00-\u9fff]{2}[型化])的?(?P<thing>[\u4e00-\u9fff]{2})")
"""What sort of a thing is meant: 功能型 and 专业化 exclude each other."""

_APPLIES = re.compile(r"报名|申报|申领|申请|截止")

_MOST = 0.6
_LONG = 3
_HALF = 0.5


def unborne(names: Sequence[str], answer: Answer) -> str | None:
    """A name that stands nowhere in the evidence, its headings and titles; None when they do.

    The last one is what is asked about and has to stand there, of the others half.
    """
    told = (f"{one.document} {one.section} {one.quote}" for one in answer.citations)
    text = normalise("\n".join(told))
    absent = [name for name in names if not _stands(name, text)]
    if names and (names[-1] in absent or len(absent) > _HALF * len(names)):
        return absent[-1]
    return None


def call_unheld(question: str, answer: Answer, corpus: Corpus) -> str:
    """The sort of call (a contest, a voucher) one applies for that no cited part ever names."""
    text = normalise(question)
    if answer.abstained or not _APPLIES.search(text):
        return ""
    parts = {(one.document_id, one.document) for one in answer.citations}
    told = [part_of(corpus.passages, *one) for one in parts]
    sorts = sorts_in(text)
    return next((one for one in sorts if all(one not in part for part in told)), "")


def _stands(name: str, text: str) -> bool:
    if name in text or any(one in text for one in synonyms().get(name, ())):
        return True
    if len(name) < _LONG:
        return bool(re.search("[\u4e00-\u9fff]?".join(map(re.escape, name)), text))
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) >= _MOST


def _other_sort(asked: str, quoted: Sequence[str]) -> str:
    """The sort that a question names of a thing when only other sorts of it are quoted."""
    told = "".join(quoted)
    for one in _SORT_OF.finditer(asked):
        others = re.findall(rf"([\u4e00-\u9fff]{{2}}[型化]){re.escape(one['thing'])}", told)
        if others and one["sort"] not in told:
            return one["sort"]
    return ""


def rival_told(question: str, answer: Answer) -> str | None:
    """What the question names of a set of contrasts when the evidence has only others of it."""
    asked = normalise(question)
    other = _other_sort(
        asked, [normalise(f"{one.section} {one.quote}") for one in answer.citations]
    )
    if other:
        return other
    placed = bool(places_in(asked))  # a level is told by the place as well
    quoted = [normalise(f"{one.section} {one.quote}") for one in answer.citations]
    for words in contrasts():
        named = next(
            (word for word in sorted(words, key=len, reverse=True) if word in asked), None
        )
        if named is None or (placed and named.endswith("级")):
            continue
        others = [word for word in words if word not in named and named not in word]
        told = [text for text in quoted if says(named, text)]
        if not told and any(word in text for word in others for text in quoted):
            return named
    return None
