"""An answer just told, the documents it stands on, and the amounts and days that it states."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from core.domain.documents import Answer, Citation, DocumentFacts
from knowledge.answers.talk.carrying.swaps import named_in
from knowledge.answers.working.reading.numbers import plain, quantities
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import Sentence

_PAIR = re.compile(r"(?P<label>[^:;\n。]{1,24}):(?P<value>[^:;\n。]+)(?=[;\n。]|$)")
_MEASURED = re.compile(r"\(([^()]*)\)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TEN_THOUSAND = 10_000
_FOUND = 12


@dataclass(frozen=True, kw_only=True)
class Before:
    """A question made whole, where it was answered, and how to ask on."""

    question: str
    corpus: Corpus
    now: datetime
    ask: Callable[[str], Answer]

    @cached_property
    def answer(self) -> Answer:
        """Its answer, asked for again when it is first needed."""
        return self.ask(self.question)

    @property
    def quotes(self) -> list[str]:
        """What the answer quotes, normalised."""
        return [normalise(one.quote) for one in self.answer.citations]

    def facts_of(self, citation: Citation) -> DocumentFacts | None:
        """What is known of the document of a citation."""
        sources = self.corpus.passages.sources
        return next((one.facts for one in sources if one.id == citation.document_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sentence of a document that an answer stands on."""

    passage: Passage
    sentence: Sentence

    @property
    def text(self) -> str:
        """Its words, normalised."""
        return normalise(self.sentence.text)

    @property
    def citation(self) -> Citation:
        """The sentence, verbatim."""
        source = self.passage.source
        return Citation(
            document=source.facts.title,
            source=source.source,
            section=" > ".join(self.sentence.path),
            quote=self.sentence.quote,
            document_id=source.id,
            start=self.sentence.start,
            end=self.sentence.end,
        )


def rules(told: Before, query: str) -> Iterator[Rule]:
    """The sentences of the documents that an answer stands on, nearest to a query first."""
    within = {one.document_id for one in told.answer.citations}
    for hit in told.corpus.search(query, limit=_FOUND, within=within):
        for one in hit.passage.chunk.sentences:
            yield Rule(passage=hit.passage, sentence=one)


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The labels and values of the rows that an answer tells."""
    return [(one["label"], one["value"]) for one in _PAIR.finditer(normalise(text))]


def akin(label: str, question: str) -> int:
    """How many pairs of characters of a label stand in a question."""
    bare = _MEASURED.sub("", label)
    return sum(bare[at : at + 2] in question for at in range(len(bare) - 1))


def amount(told: Before) -> Fraction | None:
    """The sum of money in yuan that an answer tells of what was asked; None when it is not one."""
    text = normalise(told.question)
    cells = [
        (akin(label, text), value)
        for label, cell in pairs_of(told.answer.text)
        if (value := _money(label, cell)) is not None
    ]
    best = [value for near, value in cells if near == max(one for one, _ in cells)]
    if best:
        return best[0] if len(set(best)) == 1 else None
    return next((one for quote in told.quotes if (one := _in_prose(text, quote))), None)


def _money(label: str, cell: str) -> Fraction | None:
    said = [one.value for one in quantities(cell) if one.unit == "元" and one.upper is None]
    if said:
        return said[0] if len(said) == 1 else None
    measure = _MEASURED.search(label)
    found = _NUMBER.fullmatch(cell.strip())
    if not measure or not found or "元" not in measure[1]:
        return None
    return Fraction(found.group()) * (_TEN_THOUSAND if "万元" in measure[1] else 1)


def _in_prose(question: str, quote: str) -> Fraction | None:
    """The amount of a quote; of several the one that stands nearest behind a name asked about."""
    found = [one for one in quantities(quote) if one.unit == "元"]
    if len({one.value for one in found}) < 2:  # noqa: PLR2004 -- one amount, or none
        return found[0].value if found else None
    names = [name for name in named_in(question) if name in quote]
    ends = [quote.find(name) + len(name) for name in names]
    behind = [(one.start - end, one) for end in ends for one in found if one.start >= end]
    return min(behind, key=lambda one: one[0])[1].value if behind else None


def yuan(value: Fraction) -> str:
    """An amount of money as people read it."""
    if value >= _TEN_THOUSAND:
        return f"{plain(value / _TEN_THOUSAND)}万元"
    return f"{plain(value)}元"


def worked(told: Before, text: str, cited: Sequence[Rule]) -> Answer:
    """What was worked out, then the answer that it stands on; the rules first."""
    citations = (*(one.citation for one in cited), *told.answer.citations)
    lines = (text, *(" ".join(one.sentence.text.split()) for one in cited), told.answer.text)
    return Answer(
        question=told.question,
        text="\n".join(dict.fromkeys(lines)),
        citations=tuple(dict.fromkeys(citations)),
        notes=told.answer.notes,
    )
