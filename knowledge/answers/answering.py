"""Answering: understand, find, choose evidence, and speak only when the evidence answers."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.documents import Answer, DocumentId
from knowledge.answers.composition import abstain, compose, say
from knowledge.answers.evidence import Evidence, speaks_of_years, weigh
from knowledge.answers.kinds import CONTACTS, STRICT, Kind
from knowledge.answers.question import MAX_CHARS, Question, clauses, understand
from knowledge.answers.sections import section_of, with_items
from knowledge.answers.working.work import work
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import normalise, segmenter
from knowledge.retrieval.search import Corpus, Hit

ENOUGH = 0.55
"""Share of the question's subject that the evidence and its surroundings must name."""

LOST = 0.33
"""More of the subject than this may not be missing from the evidence altogether."""

LOST_OF_CONDITION = 0.6
"""Who may do what is often answered by naming somebody else."""

NEXT_BEST = 0.85
"""Evidence this near to the best is looked at when the best does not answer."""

ALMOST = 0.97
"""Evidence of another document this near to the best is told too."""

TIED = 0.995
"""Rows this near to the best row fit a question as well as it does."""

_FOUND = 14
_ROWS = 6
_TOLD = 4
_LOOKED_AT = 5
_SHORT_WORD = 2
_NEAR = 0.3


def answer(question: str, corpus: Corpus, *, now: datetime) -> Answer:
    """Answer from the corpus as of `now`, or abstain and say why."""
    if len(question) > MAX_CHARS:
        return abstain(question, "too_long")
    asked = understand(question, now.year)
    if not asked.readable:
        return abstain(question, "unreadable")
    worked = work(question, asked, corpus, now=now)
    if worked is not None:
        return worked
    found = _found(asked, corpus)
    parts = _found_in_parts(
        asked, question, corpus, now.year, answered=not isinstance(found, Refusal)
    )
    if isinstance(found, Refusal):
        if not parts:
            return abstain(question, found.reason, missing=found.missing, nearest=found.nearest)
        found = []
    more = [one for one in parts if one not in found]
    return compose(question, [*found, *more[:_TOLD]], now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the documents do not answer: reason, what is missing, the nearest thing stated."""

    reason: str
    missing: str = ""
    nearest: Evidence | None = None


def _found(asked: Question, corpus: Corpus) -> list[Evidence] | Refusal:
    weighed = weigh(asked, _hits(asked, corpus), corpus.lexical.rarity)
    if not weighed:
        return Refusal(reason="nothing_found" if len(corpus.passages) else "no_documents")
    admitted = [one for one in weighed if _in_region(asked, one)]
    section = section_of(asked, admitted, corpus.passages)
    if section:
        return section
    best = _best(asked, admitted)
    if isinstance(best, Refusal):
        if asked.regions and not _home(asked, corpus):
            return Refusal(reason="region", missing="、".join(sorted(asked.places)))
        return best
    chosen = _chosen(asked, best, admitted)
    return [one for each in chosen for one in with_items(each, corpus.passages)]


def _found_in_parts(
    entire: Question, whole: str, corpus: Corpus, year: int, *, answered: bool
) -> list[Evidence]:
    """Evidence for those parts of a rambling question that are questions by themselves."""
    found: list[Evidence] = []
    for part in clauses(whole):
        asked = understand(part, year)
        other = asked.kind in STRICT and asked.kind is not entire.kind
        answers = _found(asked, corpus) if asked.words and (other or not answered) else []
        if not isinstance(answers, Refusal):
            found.extend(one for one in answers if one not in found)
    return found


def _hits(asked: Question, corpus: Corpus) -> list[Hit]:
    """Passages for the question; those of a named region's documents come first."""
    query = asked.text
    home = _home(asked, corpus)
    hits = corpus.search(query, limit=_FOUND, within=home) if home else []
    seen = {hit.passage.number for hit in hits}
    general = corpus.search(query, limit=_FOUND)
    hits += [hit for hit in general if hit.passage.number not in seen]
    return hits + _heads(hits, corpus) if asked.of_document else hits


def _heads(hits: list[Hit], corpus: Corpus) -> list[Hit]:
    """The first passages of the documents found: there a document speaks of itself."""
    seen = {hit.passage.number for hit in hits}
    heads = {corpus.passages.first_of(hit.passage): hit for hit in hits}
    return [
        replace(hit, passage=corpus.passages[number])
        for number, hit in heads.items()
        if number not in seen
    ]


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
    text = normalise(evidence.sentence.text + "".join(evidence.sentence.path))
    return bool(asked.regions & set(places_in(text).values()))


def _best(asked: Question, admitted: list[Evidence]) -> Evidence | Refusal:
    """The best evidence that answers, near the top; else why the very best does not."""
    if not admitted:
        return Refusal(reason="region", missing="、".join(sorted(asked.places)))
    enough = admitted[0].score * NEXT_BEST
    covered = admitted[0].coverage * NEXT_BEST
    near = admitted[:1] + [
        one for one in admitted[1:_LOOKED_AT] if one.score >= enough and one.coverage >= covered
    ]
    refusals = [_refusal(asked, one) for one in near]
    for one, refusal in zip(near, refusals, strict=True):
        if refusal is None:
            return one
    return refusals[0] or admitted[0]


def _refusal(asked: Question, best: Evidence) -> Refusal | None:
    """Why evidence does not answer, or None when it does."""
    near = best if best.coverage >= _NEAR else None
    unheld = not best.held and (asked.kind is None or asked.kind in STRICT)
    if asked.years and best.coverage >= ENOUGH and not speaks_of_years(asked, best):
        years = "、".join(str(year) for year in sorted(asked.years))
        return Refusal(reason="year", missing=years, nearest=near)
    if unheld and near is not None and asked.kind is not None:
        return Refusal(reason="kind", missing=say(f"kinds.{asked.kind}"), nearest=near)
    if unheld or not _on_subject(asked, best):
        missing = "、".join(best.missing[:3] or sorted(asked.sorts)[:1])
        if missing:
            return Refusal(reason="subject", missing=missing, nearest=near)
        return Refusal(reason="nothing_found")
    return None


def _on_subject(asked: Question, best: Evidence) -> bool:
    if asked.kind in CONTACTS and best.missing:
        return False
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


def _chosen(asked: Question, best: Evidence, admitted: list[Evidence]) -> list[Evidence]:
    """The best evidence; with that of another document where the question fits both alike."""
    chosen = _tied_rows(best, admitted) if best.sentence.row else [best]
    if asked.kind in STRICT and not asked.regions and not asked.years:
        seen: set[DocumentId] = {best.passage.source.id}
        for other in admitted:
            if other.score < best.score * ALMOST:
                break
            elsewhere = other.passage.source.id not in seen
            if elsewhere and other.held and _refusal(asked, other) is None:
                chosen.append(other)
                break
    return chosen


def _tied_rows(best: Evidence, admitted: list[Evidence]) -> list[Evidence]:
    """A row with those of its table that fit the question as well, in their order."""
    rows = [
        one
        for one in admitted
        if one.sentence.row
        and one.passage.source.id == best.passage.source.id
        and one.sentence.path == best.sentence.path
        and one.score >= best.score * TIED
    ]
    return sorted(rows[:_ROWS], key=lambda one: one.sentence.start)
