"""Which of a document's editions a question is about: the newest, unless it says another."""

import re
from collections import defaultdict
from collections.abc import Iterable

from core.domain.documents import DocumentId
from knowledge.answers.scope.filters import only
from knowledge.answers.scope.mentions import names_in, numbered, titled
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import grams, normalise
from knowledge.retrieval.passages import Source
from knowledge.retrieval.search import Corpus

_YEARS = re.compile(r"20\d{2}(?=年|\D|$)|[去今明前本]年")
_CLOCK = {"去": -1, "今": 0, "明": 1, "前": -2, "本": 0}
_BOTH = re.compile(r"比|相比|变化|变了|变动|改|区别|不同|一样|差别|以前|历年|新增|多出|调整")
"""Words that set editions side by side."""

_EARLIER = re.compile(
    r"[上前](?:一|1)?(?:个)?(?:版|期|届|年度)|[旧老](?:的)?版|(?:原来|以前|之前|先前|过去)的?(?:那)?(?:[个份])?(?:版|指南|办法|方案|要点|计划|规定|通知)|往年|历年"
)


def of_edition(question: str, corpus: Corpus, year: int) -> Corpus:
    """The corpus without the editions that a question leaves aside; `year` is the present one.

    A newer edition stands for the older ones (they stay citable); who names a year, a title or
    a number, or asks for the earlier edition, means that one.
    """
    replaced = [one for one in corpus.passages.sources if one.facts.superseded_by]
    text = normalise(question)
    if not replaced or titled(text) or numbered(text):
        return corpus
    said = _years(text, year)
    if said:
        others = (
            _others(said.pop(), corpus) if len(said) == 1 and not _BOTH.search(text) else set()
        )
        kept = {one.id for one in corpus.passages.sources} - others
        return only(corpus, kept) if others else corpus
    if _EARLIER.search(text):
        return only(corpus, _before_the_newest(replaced))
    aside = {one.id for one in replaced}
    return only(corpus, {one.id for one in corpus.passages.sources} - aside)


def with_years(question: str, corpus: Corpus, year: int) -> str:
    """A question that sets editions side by side, with their years: 两版, 新旧, 去年和今年.

    Years said by the clock are those of `year`; where none is said, the two newest editions of
    the one document of the places named are meant. A question of one edition stays as it is.
    """
    text = normalise(question)
    clocked = _CLOCKED.findall(text)
    if len(set(clocked)) > 1:
        return _CLOCKED.sub(lambda one: f"{year + _OFFSETS[one.group()]}年", text)
    said = _SIDE_BY_SIDE.search(text)
    if said is None or re.search(r"20\d{2}", text):
        return question
    places = set(places_in(text).values())
    years = sorted(
        {
            one.facts.year
            for one in in_editions(corpus.passages.sources)
            if one.facts.year and (not places or one.facts.region in places)
        }
    )
    if len(years) < _TWO:
        return question
    return _SIDE_BY_SIDE.sub("和".join(f"{one}年" for one in years[-_TWO:]), text, count=1)


def in_editions(sources: Iterable[Source]) -> list[Source]:
    """The documents of which there is a newer or an older edition."""
    every = list(sources)
    newer = {one.facts.superseded_by for one in every if one.facts.superseded_by}
    return [one for one in every if one.facts.superseded_by or one.source in newer]


def edition_of(question: str, corpus: Corpus, year: int) -> tuple[str, set[DocumentId]]:
    """A question of the one year by which an edition is called, and that edition's documents.

    The year then says which document is meant, not what it states: it is left out. `year` is the
    present one. No edition of that year: the question as it stands, and no documents.
    """
    text = normalise(question)
    said = _CLOCKED.sub(lambda one: f"{year + _OFFSETS[one.group()]}年", text)
    years = {int(one) for one in re.findall(r"(?<!\d)20\d{2}(?=年)", said)}
    if len(years) != 1 or re.search("[今明]年", text) or titled(text):
        return question, set()
    only_year = years.pop()
    found = {
        one.id
        for one in in_editions(corpus.passages.sources)
        if one.facts.year == only_year and _is_about(one, text)
    }
    bare = re.sub(rf"{only_year}年度?(?:那?[版届])?的?(?!\d{{1,2}}月)", "", said).strip(" ,，")
    return (bare, found) if found else (question, set())


def _is_about(source: Source, text: str) -> bool:
    """Whether a document is of the place that a text names and bears one of its names."""
    places = set(places_in(text).values())
    title = normalise(source.facts.title)
    named = any(pair in title for name in names_in(text) for pair in grams(name) if len(pair) > 1)
    return named and (not places or source.facts.region in places)


_CLOCKED = re.compile("[去今前]年(?!度?底|末|初)")
_OFFSETS = {"去年": -1, "今年": 0, "前年": -2}
_SIDE_BY_SIDE = re.compile(
    "(?:新旧|前后|先后|这)?两(?:个年度|版|届|期|年)(?!以?[上内来])|新旧(?:版本?)?"
    "|新版[和跟与比同](?:旧|老|上一?)版|[旧老]版[和跟与比同]新版"
)
_TWO = 2


def _years(text: str, year: int) -> set[int]:
    """The years that a text names, those named from the present one too."""
    return {int(one) if one.isdigit() else year + _CLOCK[one[0]] for one in _YEARS.findall(text)}


def _others(year: int, corpus: Corpus) -> set[DocumentId]:
    """The other editions of documents that have one of that year."""
    families: defaultdict[str, list[Source]] = defaultdict(list)
    for one in corpus.passages.sources:
        families[one.facts.superseded_by or one.source].append(one)
    return {
        one.id
        for family in families.values()
        if any(each.facts.year == year for each in family)
        for one in family
        if one.facts.year != year
    }


def _before_the_newest(replaced: Iterable[Source]) -> set[DocumentId]:
    """Of each document's replaced editions the latest."""
    latest: dict[str, Source] = {}
    for one in sorted(replaced, key=lambda each: each.facts.year or 0):
        latest[one.facts.superseded_by or ""] = one
    return {one.id for one in latest.values()}
