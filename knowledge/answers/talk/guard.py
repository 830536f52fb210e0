"""What an answer must bear out of its question, whatever it was found by."""

from collections.abc import Iterable

from core.domain.documents import Answer
from knowledge.lexicon.lists import contrasts, synonyms
from knowledge.lexicon.words import normalise

_MOST = 0.6
_LONG = 3


def unborne(names: Iterable[str], answer: Answer) -> str | None:
    """The first of some names that stands nowhere in the evidence, its headings and titles."""
    text = normalise(
        "\n".join(f"{one.document} {one.section} {one.quote}" for one in answer.citations)
    )
    return next((name for name in names if not _stands(name, text)), None)


def _stands(name: str, text: str) -> bool:
    if name in text or any(one in text for one in synonyms().get(name, ())):
        return True
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    return len(name) >= _LONG and sum(pair in text for pair in pairs) / len(pairs) >= _MOST


def rival_told(question: str, answer: Answer) -> str | None:
    """What the question names of a set of contrasts when the evidence has only others of it."""
    asked = normalise(question)
    quoted = [normalise(f"{one.section} {one.quote}") for one in answer.citations]
    for words in contrasts():
        named = next(
            (word for word in sorted(words, key=len, reverse=True) if word in asked), None
        )
        if named is None:
            continue
        others = [word for word in words if word not in named and named not in word]
        told = [text for text in quoted if named in text]
        if not told and any(word in text for word in others for text in quoted):
            return named
    return None
