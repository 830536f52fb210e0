"""Answers that turn to earlier ones: where they stand, what they left out, what they add up to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain.documents import Answer, Citation
from knowledge.answers.composition import say
from knowledge.answers.several.figures import Figure
from knowledge.answers.talk.followups import Manner, Sense
from knowledge.answers.talk.upon.figures import told_figure
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import mark_of

_MAX_MORE = 6
_NEAR = 6
_BEGINS = 8
_PLURAL = 2
_MOST = re.compile(r"最多|至多|顶多")
_LEAST = re.compile(r"最少|至少|起码")


def shown(answer: Answer) -> Answer:
    """The same answer as its documents put it, each quote with the place where it stands."""
    if answer.abstained or not answer.citations:
        return answer
    lines = [
        say(
            "shown",
            document=one.document,
            section=say("section", path=one.section) if one.section else "",
            quote=" ".join(one.quote.split()),
        )
        for one in answer.citations
    ]
    return replace(answer, text="\n".join(lines))


def rest_of(answer: Answer, corpus: Corpus) -> Answer:
    """What stands beside the evidence of an answer and was not told with it."""
    if answer.abstained or not answer.citations:
        return answer
    last = answer.citations[-1]
    more = _beside(answer.citations, corpus)
    if not more:
        text = say("rest_none", document=last.document, evidence=_plain(answer.citations))
        return replace(answer, text=text)
    told = _plain(more)
    return replace(
        answer, text=say("rest", document=last.document, evidence=told), citations=tuple(more)
    )


def beside(answer: Answer, names: Sequence[str], corpus: Corpus) -> Answer | None:
    """What stands beside the evidence of an answer and begins with all of some names, if any."""
    if answer.abstained or not answer.citations:
        return None
    found = [
        one
        for one in _beside(answer.citations, corpus)
        if all(name in normalise(one.quote)[:_BEGINS] for name in names)
    ]
    if not found:
        return None
    text = say("rest", document=found[0].document, evidence=_plain(found[:1]))
    return replace(answer, text=text, citations=tuple(found[:1]))


def _plain(citations: Sequence[Citation]) -> str:
    return "\n".join(" ".join(one.quote.split()) for one in citations)


def _beside(told: Sequence[Citation], corpus: Corpus) -> list[Citation]:
    """Sentences under the same heading as the last one told, in order, that were not told."""
    last = told[-1]
    above = last.section.split(" > ")[:-1] if last.section else []
    seen = {(one.document_id, one.start) for one in told}
    quoted = {"".join(one.quote.split()) for one in told}
    start = _passage_of(last, corpus)
    if start is None:
        return []
    found: list[Citation] = []
    for number in range(max(0, start - _NEAR), min(len(corpus.passages), start + _NEAR)):
        passage = corpus.passages[number]
        if passage.source.id != last.document_id:
            continue
        for one in passage.chunk.sentences:
            fresh = (passage.source.id, one.start) not in seen
            if fresh and "".join(one.quote.split()) not in quoted and _akin(one, last, above):
                found.append(
                    Citation(
                        document=passage.source.facts.title,
                        source=passage.source.source,
                        section=" > ".join(one.path),
                        quote=one.quote,
                        document_id=passage.source.id,
                        start=one.start,
                        end=one.end,
                    )
                )
    after = [one for one in found if one.start > last.start]
    return (after or found)[:_MAX_MORE]


def _akin(sentence: Sentence, last: Citation, above: Sequence[str]) -> bool:
    """Whether a sentence stands beside the one told: same item, or an item next to its own."""
    path = list(sentence.path)
    if path and sentence.text.rstrip("。：:；; ") == path[-1]:
        return False
    if " > ".join(path) == last.section:
        return True
    item = mark_of(last.quote.strip()) is not None
    return item and bool(above) and path[: len(above)] == list(above) and len(path) > len(above)


def _passage_of(citation: Citation, corpus: Corpus) -> int | None:
    """The number of the passage in which a citation stands."""
    hits = corpus.search(citation.quote, limit=_NEAR, within={citation.document_id})
    for hit in hits:
        if any(one.start == citation.start for one in hit.passage.chunk.sentences):
            return hit.passage.number
    return None


def reckoned(sense: Sense, told: Sequence[Answer]) -> Answer | None:
    """The sum or the difference of the figures in several answers; None without figures."""
    pairs = [
        (told_figure(text, one), one)
        for text, one in zip(sense.over, told, strict=True)
        if not one.abstained
    ]
    known = [(figure, one) for figure, one in pairs if figure is not None]
    if len(known) < _PLURAL or len(known) < len(told):
        return None
    figures = [figure for figure, _ in known]
    if len({one.unit for one in figures}) > 1:
        return None
    text = _told(sense, figures)
    citations = dict.fromkeys(cite for _, one in known for cite in one.citations[:1])
    lines = dict.fromkeys(one.text for _, one in known)
    return Answer(
        question=sense.text,
        text="\n".join((text, *lines)),
        citations=tuple(citations),
        notes=tuple(dict.fromkeys(note for _, one in known for note in one.notes)),
    )


def _told(sense: Sense, figures: Sequence[Figure]) -> str:
    if sense.manner is Manner.DIFFERENCE:
        return _gap(figures[-_PLURAL:])
    if sense.manner is Manner.OUTCOME:
        return _bounded(sense.text, figures) + _sum(figures)
    return _sum(figures)


def _bounded(said: str, figures: Sequence[Figure]) -> str:
    """The end of a range that a question asks for: at most, at least; empty without either."""
    low, high = sum(one.low for one in figures), sum(one.high for one in figures)
    if _MOST.search(said):
        return say("at_most", value=f"{high:g}", unit=figures[0].unit)
    if _LEAST.search(said):
        return say("at_least", value=f"{low:g}", unit=figures[0].unit)
    return ""


def _sum(figures: Sequence[Figure]) -> str:
    low = sum(one.low for one in figures)
    high = sum(one.high for one in figures)
    return say(
        "total",
        calculation=" + ".join(one.said for one in figures),
        sum=_range(low, high),
        unit=figures[0].unit,
    )


def _gap(figures: Sequence[Figure]) -> str:
    more, less = sorted(figures, key=lambda one: -one.low)
    return say(
        "difference",
        calculation=f"{more.said} - {less.said}",
        gap=_range(more.low - less.high, more.high - less.low),
        unit=more.unit,
    )


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"
