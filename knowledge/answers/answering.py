"""Answering: understand, find, choose evidence, and speak only when the evidence answers."""

from dataclasses import replace
from datetime import datetime

from core.domain.documents import Answer, DocumentId
from knowledge.answers.composition import abstain, compose, say
from knowledge.answers.deciding import Refusal, ranked, refusal, shares
from knowledge.answers.evidence import Evidence, weigh
from knowledge.answers.extent.consequences import act_asked, stated_cases
from knowledge.answers.extent.outline import outline_of
from knowledge.answers.extent.sections import cases_of, section_of, with_items
from knowledge.answers.extent.windows import around
from knowledge.answers.question import MAX_CHARS, PLAN, Question, understand
from knowledge.answers.scenes import DATE_LINE
from knowledge.answers.short.cells import cell_asked
from knowledge.answers.short.contacts import whom_to_ask
from knowledge.answers.short.matters import matter_asked
from knowledge.answers.short.premise import denial, premise
from knowledge.answers.short.typed import typed
from knowledge.answers.weighing.demands import exact_terms, says
from knowledge.answers.weighing.years import years_in
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage, Passages
from knowledge.retrieval.search import Corpus, Hit

UNSURE = 0.6
"""Below this share of belief in the best evidence the second best is told too."""

SECOND = 0.15
"""The share of belief that the second best needs to be told."""

TIED = 0.1
"""Rows whose scores are this near to the best row's fit a question as well as it does."""

_FRONT = 60
"""Passages of a document among which its date line is looked for."""

_FOUND = 14
_ROWS = 6
_LOOKED_AT = 4


def answer(question: str, corpus: Corpus, *, now: datetime) -> Answer:
    """Answer from the corpus as of `now`, or abstain and say why."""
    long = len(question) > MAX_CHARS
    if long or not understand(question, now.year).readable:
        return abstain(question, "too_long" if long else "unreadable")
    asked = understand(question, now.year)
    admitted = candidates(asked, corpus)
    cell = cell_asked(asked, admitted)
    if cell is not None:
        told = say("cell", header=cell.header, value=cell.value)
        return compose(question, [cell.evidence], now, passages=corpus.passages, short=told)
    matter = matter_asked(asked, admitted, corpus)
    if matter is not None:
        told = say("matter", label=matter.label)
        return compose(question, matter.evidence, now, passages=corpus.passages, short=told)
    found, short = _told(asked, corpus, admitted)
    if isinstance(found, Refusal):
        return _refused(question, found, corpus)
    return compose(question, found, now, passages=corpus.passages, short=short)


def _told(
    asked: Question, corpus: Corpus, admitted: list[Evidence]
) -> tuple[list[Evidence] | Refusal, str]:
    """The sentences that answer, or why there are none; and what is said before them."""
    found = _found(asked, corpus, admitted)
    if not isinstance(found, Refusal):
        return found, typed(asked, found) or premise(asked, found)
    denied = denial(asked, found.nearest) if found.nearest else ""
    return ([found.nearest], denied) if found.nearest and denied else (found, "")


def _refused(question: str, why: Refusal, corpus: Corpus) -> Answer:
    near = why.nearest
    whom = whom_to_ask(near.passage.source, corpus) if near else ""
    return abstain(question, why.reason, missing=why.missing, nearest=near, whom=whom)


def candidates(asked: Question, corpus: Corpus) -> list[Evidence]:
    """Every sentence that may speak for what is asked, best first."""
    weighed = weigh(asked, _hits(asked, corpus), corpus.lexical.rarity)
    tables = {_table(one) for one in weighed if one.sentence.cells}
    return [
        one
        for one in weighed
        if _in_region(asked, one) and not (_only_names(one) and _table(one) in tables)
    ]


def _table(one: Evidence) -> tuple[object, ...]:
    """What the rows of one table share."""
    return one.passage.source.id, one.sentence.path


def _found(asked: Question, corpus: Corpus, admitted: list[Evidence]) -> list[Evidence] | Refusal:
    refused = _nowhere(asked, admitted, corpus)
    if refused:
        return refused
    act = act_asked(asked)
    if act is not None:  # another act than the one asked, stated of as many cases, is none
        nothing = Refusal(reason="subject", missing=act.names[0], nearest=admitted[0])
        return stated_cases(act, admitted, corpus.passages) or nothing
    section = outline_of(asked, admitted, corpus.passages)
    section = section or section_of(asked, admitted, corpus.passages)
    section = section or cases_of(asked, admitted, corpus.passages)
    if section and _meets(asked, section):
        return section
    order = ranked(asked, admitted)
    refused = refusal(asked, order) or _before_years(asked, order[0], corpus.passages)
    if refused:
        return _outside(asked) if asked.regions and not _home(asked, corpus) else refused
    return [one for each in _chosen(order) for one in _told_with(each, corpus.passages)]


def _before_years(asked: Question, best: Evidence, passages: Passages) -> Refusal | None:
    """A refusal where a document without a year names only years before those asked about."""
    source = best.passage.source
    if not asked.years or source.facts.year is not None:
        return None
    named = frozenset[int]().union(
        *(
            years_in(normalise(one.text))
            for number in passages.numbers(source.id)
            for one in passages[number].chunk.sentences
        )
    )
    if not named or min(asked.years) <= max(named):
        return None
    years = "、".join(str(year) for year in sorted(asked.years))
    return Refusal(reason="year", missing=years, nearest=best)


def _told_with(evidence: Evidence, passages: Passages) -> list[Evidence]:
    """Evidence with the list it leads in to, or with what running prose goes on to say."""
    items = with_items(evidence, passages)
    return items if len(items) > 1 else around(evidence, passages)


def _nowhere(asked: Question, admitted: list[Evidence], corpus: Corpus) -> Refusal | None:
    """Why nothing can answer, before anything is weighed."""
    if not len(corpus.passages):
        return Refusal(reason="no_documents")
    if asked.regions and not _home(asked, corpus) and not _told_of(asked, admitted):
        return _outside(asked)
    return None if admitted else Refusal(reason="nothing_found")


def _meets(asked: Question, section: list[Evidence]) -> bool:
    """Whether the items of a section name all that is stated only where it is named."""
    text = normalise("".join(one.sentence.text for one in section))
    return all(says(one, text) for one in exact_terms(asked))


def _told_of(asked: Question, admitted: list[Evidence]) -> bool:
    """Whether documents of other regions tell something of a place, of its plans where asked."""
    if not asked.of_plan:
        return bool(admitted)
    told = [normalise(one.sentence.text) for one in admitted[:_LOOKED_AT]]
    return any(PLAN.search(text) and any(one in text for one in asked.places) for text in told)


def _outside(asked: Question) -> Refusal:
    return Refusal(reason="region", missing="、".join(sorted(asked.places)))


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
    """The first and the dated passages of the documents found: there one speaks of itself."""
    seen = {hit.passage.number for hit in hits}
    heads = {corpus.passages.first_of(hit.passage): hit for hit in hits}
    for hit in list(heads.values()):
        own = corpus.passages.numbers(hit.passage.source.id)
        dated = (one for one in own[:_FRONT] if _is_dated(corpus.passages[one]))
        heads |= {number: hit for number in dated if number not in heads}
    return [
        replace(hit, passage=corpus.passages[number])
        for number, hit in heads.items()
        if number not in seen
    ]


def _is_dated(passage: Passage) -> bool:
    return any(DATE_LINE.match(normalise(one.text)) for one in passage.chunk.sentences)


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


def _chosen(order: list[Evidence]) -> list[Evidence]:
    """The best evidence, with the second best where it is not sure which of them answers."""
    best = order[0]
    if best.sentence.row and len(rows := _tied_rows(best, order)) > 1:
        return rows
    belief = shares(order)
    second = order[1:2] if belief[0] < UNSURE and belief[1:2] > [SECOND] else []
    return [best, *(one for one in second if (one.held or not best.held) and not _only_names(one))]


def _only_names(one: Evidence) -> bool:
    """Whether it is a table's row of headers: it names what the rows below tell."""
    return one.sentence.row and not one.sentence.cells


def _tied_rows(best: Evidence, admitted: list[Evidence]) -> list[Evidence]:
    """A row with those of its table that fit the question as well, in their order."""
    rows = [
        one
        for one in admitted
        if one.sentence.row
        and one.passage.source.id == best.passage.source.id
        and one.sentence.path == best.sentence.path
        and one.score >= best.score - TIED
        and not _only_names(one)
    ]
    return sorted(rows[:_ROWS], key=lambda one: one.sentence.start)
