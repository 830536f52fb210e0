"""Answering: understand, find, choose evidence, and speak only when the evidence answers."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.documents import Answer, DocumentId, Exchange
from knowledge.answers.composition import abstain, compose, say
from knowledge.answers.evidence import Evidence, speaks_of_years, weigh
from knowledge.answers.followups import made_whole
from knowledge.answers.question import MAX_CHARS, STRICT, Kind, Question, understand
from knowledge.answers.sections import section_of
from knowledge.lexicon.words import normalise, segmenter
from knowledge.retrieval.search import Corpus, Hit

ENOUGH = 0.55
"""Share of the question's subject that the evidence and its surroundings must name."""

LOST = 0.33
"""More of the subject than this may not be missing from the evidence altogether."""

LOST_OF_CONDITION = 0.6
"""Who may do what is often answered by naming somebody else."""

ALMOST = 0.93
"""Evidence of another document this near to the best is told too."""

_FOUND = 14
_SHORT_WORD = 2
_NEAR = 0.3


def answer(
    question: str,
    corpus: Corpus,
    *,
    now: datetime,
    history: Sequence[Exchange] = (),
) -> Answer:
    """Answer from the corpus as of `now`, or abstain and say why."""
    if len(question) > MAX_CHARS:
        return abstain(question, "too_long")
    asked = understand(made_whole(question, history), now.year)
    if not asked.readable:
        return abstain(question, "unreadable")
    weighed = weigh(asked, _hits(asked, corpus), corpus.lexical.rarity)
    if not weighed:
        return abstain(question, "nothing_found" if len(corpus.passages) else "no_documents")
    admitted = [one for one in weighed if _in_region(asked, one)]
    refusal = _refusal(asked, admitted)
    if refusal is not None and asked.regions and not _home(asked, corpus):
        refusal = ("region", "、".join(sorted(asked.places)), None)
    if refusal is not None:
        reason, missing, nearest = refusal
        return abstain(question, reason, missing=missing, nearest=nearest)
    section = section_of(asked, admitted, corpus.passages)
    return compose(question, section or _chosen(asked, admitted), now)


def _hits(asked: Question, corpus: Corpus) -> list[Hit]:
    """Passages for the question; those of a named region's documents come first."""
    query = asked.text
    home = _home(asked, corpus)
    hits = corpus.search(query, limit=_FOUND, within=home) if home else []
    seen = {hit.passage.number for hit in hits}
    general = corpus.search(query, limit=_FOUND)
    return hits + [hit for hit in general if hit.passage.number not in seen]


def _home(asked: Question, corpus: Corpus) -> set[DocumentId]:
    """The documents of the regions that are asked about."""
    sources = corpus.passages.sources
    return {source.id for source in sources if source.facts.region in asked.regions}


def _in_region(asked: Question, evidence: Evidence) -> bool:
    """Whether evidence may speak for the regions that are asked about."""
    if not asked.regions:
        return True
    if evidence.passage.source.facts.region in asked.regions:
        return True
    text = evidence.sentence.text + "".join(evidence.sentence.path)
    return any(place in text for place in asked.places)


def _refusal(asked: Question, admitted: list[Evidence]) -> tuple[str, str, Evidence | None] | None:
    """Why the best evidence does not answer: reason, what is missing, the nearest thing stated."""
    if not admitted:
        return "region", "、".join(sorted(asked.places)), None
    best = admitted[0]
    near = best if best.coverage >= _NEAR else None
    unheld = asked.kind in STRICT and not best.held
    if asked.years and best.coverage >= ENOUGH and not speaks_of_years(asked, best):
        return "year", "、".join(str(year) for year in sorted(asked.years)), near
    if unheld and near is not None:
        return "kind", say(f"kinds.{asked.kind}"), near
    if unheld or not _on_subject(asked, best):
        missing = "、".join(best.missing[:3])
        return ("subject", missing, near) if missing else ("nothing_found", "", None)
    return None


def _on_subject(asked: Question, best: Evidence) -> bool:
    bound = LOST_OF_CONDITION if asked.kind is Kind.CONDITION else LOST
    lost = best.lost + _misread(asked, best)
    return best.coverage >= ENOUGH and lost <= bound and best.grounded


def _misread(asked: Question, evidence: Evidence) -> float:
    """Share of the question's names that occur only across the borders of other words."""
    text = normalise(evidence.sentence.text)
    inside = [word for word in asked.words if len(word) == _SHORT_WORD and word in text]
    if not inside:
        return 0.0
    borders = {0}
    for word, _ in segmenter().cut(text):
        borders.add(max(borders) + len(word))
    astray = [word for word in inside if not _aligned(word, text, borders)]
    return sum(asked.words[word] for word in astray) / sum(asked.words.values())


def _aligned(word: str, text: str, borders: set[int]) -> bool:
    at = text.find(word)
    while at >= 0:
        if at in borders or at + len(word) in borders:
            return True
        at = text.find(word, at + 1)
    return False


def _chosen(asked: Question, admitted: list[Evidence]) -> list[Evidence]:
    """The best evidence; with that of another document where the question fits both alike."""
    best = admitted[0]
    chosen = [best]
    if not asked.regions and not asked.years:
        seen: set[DocumentId] = {best.passage.source.id}
        for other in admitted[1:]:
            if other.score < best.score * ALMOST:
                break
            if other.passage.source.id not in seen and other.held and other.coverage >= ENOUGH:
                chosen.append(other)
                break
    return chosen
