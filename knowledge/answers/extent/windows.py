"""Windows: a sentence of running prose is read together with what follows it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.answers.evidence import ASKING, Evidence, asks
from knowledge.retrieval.passages import Passages
from knowledge.structure.chunks import Sentence

FITS = 290
"""Characters of a document's name and its evidence that are read at a glance."""

SHORT = 60
"""Characters up to which a sentence only announces: what follows it is told at any length."""

PREAMBLE = 60
"""Characters from which the address and the reasons before "as follows" are left out."""

_LONGEST = 300
_LEAD = re.compile(r"(?:如下|以下|下列)[^，。；：:]{0,12}[：:。]\s*(?=\S)")


def around(evidence: Evidence, passages: Passages) -> list[Evidence]:
    """Evidence and the sentences after it that can be read with it at a glance.

    Only running prose grows: in a structured document an item says by itself what it is about.
    Sentences without anything between them become one, quoted as one.
    """
    if evidence.sentence.row:
        return [evidence]
    if evidence.sentence.path:
        return _answer(evidence, passages) or [evidence]
    told = [_without_preamble(evidence.sentence)]
    size = len(told[0].text)
    room = FITS - len(evidence.passage.source.facts.title)
    for one in _following(evidence, passages):
        size += len(one.text)
        announced = size - len(one.text) < SHORT and len(one.text) <= _LONGEST
        if one.row or one.path or not (announced or size <= room):
            break
        told[-1:] = _joined(told[-1], one)
    return [replace(evidence, sentence=one) for one in told]


def _answer(evidence: Evidence, passages: Passages) -> list[Evidence]:
    """The whole answer of a document's own question, where it is read at a glance, else none."""
    path = evidence.sentence.path
    if not path[-1].endswith(ASKING):
        return []
    every = [
        one
        for number in passages.numbers(evidence.passage.source.id)
        for one in passages[number].chunk.sentences
        if one.path == path and not asks(one)
    ]
    told = every[:1]
    for one in every[1:]:
        told[-1:] = _joined(told[-1], one)
    if sum(len(one.text) for one in told) > FITS - len(evidence.passage.source.facts.title):
        return []
    return [replace(evidence, sentence=one) for one in told]


def _without_preamble(sentence: Sentence) -> Sentence:
    """A sentence from where it says what follows "as follows"."""
    text, quote = _LEAD.search(sentence.text), _LEAD.search(sentence.quote)
    if text is None or quote is None or text.end() < PREAMBLE:
        return sentence
    return replace(
        sentence,
        text=sentence.text[text.end() :],
        quote=sentence.quote[quote.end() :],
        start=sentence.start + quote.end(),
    )


def _joined(one: Sentence, other: Sentence) -> list[Sentence]:
    if one.end != other.start:
        return [one, other]
    text, quote = one.text + other.text, one.quote + other.quote
    return [replace(one, text=text, quote=quote, end=other.end)]


def _following(evidence: Evidence, passages: Passages) -> Iterator[Sentence]:
    """What stands after a sentence in the same part of its document."""
    own = evidence.passage.number
    for number in range(own, passages.numbers(evidence.passage.source.id).stop):
        for one in passages[number].chunk.sentences:
            if one.start >= evidence.sentence.end and one.part == evidence.sentence.part:
                yield one
