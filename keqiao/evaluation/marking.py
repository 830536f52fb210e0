"""Whether a reply is right: its facts, its citations, its silence."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from core.domain.documents import Answer, Citation
from keqiao.evaluation.questions import Question

_NEGATIONS = ("不", "未", "没", "没有")
"""What turns the alternative behind it into its contrary: 可以 does not stand in 不可以."""

_WITHIN_NUMBERS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<!\d)\s+|\s+(?!\d)")
"""Commas between thousands, and white space except between two numbers."""

Texts = Callable[[str], str | None]
"""The text of a document by its source; None when there is no such document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One question, its reply and what holds of it."""

    question: Question
    answer: Answer
    elapsed_ms: float
    facts: bool
    """Every expected fact stands in the reply, which is no abstention."""
    cited: bool
    """A citation comes from an expected source."""
    cited_first: bool
    """The first citation does."""
    verbatim: bool
    """Every quote stands in its document where the citation says."""

    @property
    def follow_up(self) -> bool:
        """Whether the question has several turns."""
        return len(self.question.turns) > 1

    @property
    def right(self) -> bool:
        """Answered with all facts and a right citation, or rightly withheld."""
        if self.question.answerable:
            return self.facts and self.cited
        return self.answer.abstained


def mark(question: Question, answer: Answer, texts: Texts, elapsed_ms: float) -> Mark:
    """Judge the reply to the last turn."""
    cited = [one.source.startswith(question.sources) for one in answer.citations]
    given = folded(answer.text)
    return Mark(
        question=question,
        answer=answer,
        elapsed_ms=elapsed_ms,
        facts=not answer.abstained
        and all(any(states(given, one) for one in group) for group in question.facts),
        cited=any(cited),
        cited_first=cited[:1] == [True],
        verbatim=all(_verbatim(one, texts) for one in answer.citations),
    )


def folded(text: str) -> str:
    """Text for comparing: half width, lower case, white space only between two numbers."""
    return _WITHIN_NUMBERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def states(given: str, fact: str) -> bool:
    """Whether folded text states a fact: whole numbers only, and not its contrary."""
    wanted = folded(fact)
    at = given.find(wanted)
    while at >= 0:
        if _stands(given, at, wanted):
            return True
        at = given.find(wanted, at + 1)
    return False


def _stands(given: str, at: int, wanted: str) -> bool:
    before, after = given[:at], given[at + len(wanted) :]
    if wanted[0].isdecimal() and re.search(r"\d\.?$", before):
        return False
    if wanted[-1].isdecimal() and re.match(r"\.?\d", after):
        return False
    return not before.endswith(_NEGATIONS)


def _verbatim(citation: Citation, texts: Texts) -> bool:
    text = texts(citation.source)
    return text is not None and text[citation.start : citation.end] == citation.quote
