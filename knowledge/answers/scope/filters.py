"""Hard filters: which documents may answer a question at all."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import override

from core.domain.documents import DocumentId, Level
from knowledge.answers.scope.mentions import (
    Mention,
    Sort,
    core_of,
    documents_of,
    mentions_in,
    numbered,
    titled,
    wants_latest,
)
from knowledge.lexicon.words import normalise, strip_question_words, subject_words
from knowledge.retrieval.passages import Source
from knowledge.retrieval.search import Corpus, Hit

_SHARE = 0.7
_LOOKED_AT = 8
_YEARS = re.compile(r"20\d{2}年?度?|去年|今年|明年|前年|本年度?")
_TOUCHED = re.compile(r"^(?:的|里的?|上的?|中的?|那边|那份|这边|层面(?:的)?|说的?)")


class OnceCorpus(Corpus):
    """A corpus that looks once for what one message asks of it in several ways."""

    def __init__(self, whole: Corpus) -> None:
        self.__dict__.update(vars(whole))  # everything but the search is shared
        self._whole = whole
        self._once: dict[tuple[str, int, frozenset[DocumentId] | None], list[Hit]] = {}

    @override
    def search(
        self, query: str, *, limit: int, within: Collection[DocumentId] | None = None
    ) -> list[Hit]:
        """The nearest passages, best first."""
        key = query, limit, None if within is None else frozenset(within)
        if key not in self._once:
            self._once[key] = self._whole.search(query, limit=limit, within=within)
        return list(self._once[key])


class ScopedCorpus(Corpus):
    """A corpus in which only some documents are found."""

    def __init__(
        self, whole: Corpus, admitted: Collection[DocumentId], titles: Collection[str] = ()
    ) -> None:
        self.__dict__.update(vars(whole))  # everything but the search is shared
        self._whole = whole
        self.admitted = frozenset(admitted)
        self._titles = frozenset(titles)

    @override
    def search(
        self, query: str, *, limit: int, within: Collection[DocumentId] | None = None
    ) -> list[Hit]:
        """The nearest passages of the admitted documents, best first."""
        admitted = self.admitted if within is None else self.admitted & frozenset(within)
        hits = self._whole.search(query, limit=limit, within=admitted) if admitted else []
        if not self._titles:
            return hits
        return [hit for hit in hits if hit.passage.source.facts.title in self._titles]


def admitted_in(corpus: Corpus) -> frozenset[DocumentId] | None:
    """The documents that a corpus is restricted to; None when it is not."""
    return corpus.admitted if isinstance(corpus, ScopedCorpus) else None


def only(
    corpus: Corpus, admitted: Collection[DocumentId] | None, titles: Collection[str] = ()
) -> Corpus:
    """The corpus, restricted to the admitted documents, and in them to annexes of those titles.

    None admits all documents, no title all their annexes.
    """
    if admitted is None and not titles:
        return corpus
    every = {source.id for source in corpus.passages.sources}
    return ScopedCorpus(corpus, every if admitted is None else admitted, titles)


def of_titles(titles: Sequence[str], sources: Iterable[Source]) -> set[DocumentId] | None:
    """The documents that have those titles, or annexes of them; None when there are none."""
    return {
        source.id
        for source in sources
        if any(facts.title in titles for facts in (source.facts, *source.parts))
    } or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The question as it is asked of the documents that it may be asked of."""

    text: str
    documents: frozenset[DocumentId] | None = None
    """None: any document."""
    general: frozenset[DocumentId] = frozenset()
    """Documents of no region, which may speak of the one that is named."""
    missing: str = ""
    """What it names that no document is of: a title, a number, an edition."""


def scope_of(question: str, sources: Sequence[Source], year: int) -> Scope:
    """The documents that a question names by title, number, edition, level or place."""
    text = normalise(question)
    by_name = _named(text, sources)
    if by_name is not None:
        return Scope(text=text, documents=by_name) if by_name else Scope(text=text)
    mentions = _within_province(
        [one for one in mentions_in(text, year) if one.sort is not Sort.YEAR]
    )
    admitted: set[DocumentId] | None = None
    for at, mention in enumerate(mentions):
        found = _documents(mention, sources, text)
        named = _owned(text, mention, mentions[at + 1 :])
        if not found and (named or _other_edition(mention, sources)):
            return Scope(text=text, missing=named or mention.text)
        if found:
            admitted = ((admitted & found) if admitted else found) or admitted
        if mention.level is not None or (found and mention.sort is Sort.DOCUMENT):
            text = without(text, mention)
    if admitted is None:
        return Scope(text=text)
    placed = any(one.province for one in mentions)
    general = _general(sources) if placed else set()
    return Scope(text=text, documents=frozenset(admitted), general=frozenset(general))


def _within_province(mentions: list[Mention]) -> list[Mention]:
    """Mentions without the levels below a province that is named: 省里 is then that province's."""
    if not any(one.province for one in mentions):
        return mentions
    return [one for one in mentions if one.level in {None, Level.NATIONAL}]


def _documents(mention: Mention, sources: Sequence[Source], text: str) -> set[DocumentId]:
    found = documents_of(mention, sources)
    return _editions(mention, found, sources, text) if mention.sort is Sort.DOCUMENT else found


def _owned(text: str, mention: Mention, after: Sequence[Mention]) -> str:
    """A place with the document right behind it: 四川的三年行动计划; empty when none is."""
    if mention.province is None or not after or after[0].sort is not Sort.DOCUMENT:
        return ""
    between = text[mention.end : after[0].start]
    return text[mention.start : after[0].end] if re.fullmatch("省?市?的?", between) else ""


def _other_edition(mention: Mention, sources: Sequence[Source]) -> bool:
    """Whether there are documents of the type that is named, but not of the year."""
    return (
        mention.sort is Sort.DOCUMENT
        and mention.year is not None
        and bool(
            documents_of(replace(mention, year=None, text=_YEARS.sub("", mention.text)), sources)
        )
    )


def without(text: str, mention: Mention) -> str:
    """A text without a mention and the particle behind it."""
    at = text.find(mention.text)
    if at < 0:
        return text
    behind = _TOUCHED.sub("", text[at + len(mention.text) :])
    left = text[:at] + behind
    return left if subject_words(strip_question_words(left)) else text


def _general(sources: Iterable[Source]) -> set[DocumentId]:
    """Documents of no region, which may speak of any."""
    return {source.id for source in sources if source.facts.region is None}


def _editions(
    mention: Mention, found: set[DocumentId], sources: Sequence[Source], text: str
) -> set[DocumentId]:
    """Of several editions the newest, when that one is asked for."""
    if not wants_latest(text) or mention.year is not None:
        return found
    years = {one.id: one.facts.year or 0 for one in sources if one.id in found}
    newest = max(years.values(), default=0)
    return {each for each, year in years.items() if year == newest}


def _named(text: str, sources: Sequence[Source]) -> frozenset[DocumentId] | None:
    """The documents named by number or title; None when none is named so."""
    number = numbered(text)
    if number:
        said = number.group()
        found = {one.id for one in sources if one.facts.number and _same_number(said, one)}
        if found:
            return frozenset(found)
    for title in titled(text):
        core = core_of(title)
        year = re.search(r"20\d{2}", title)
        found = {
            one.id
            for one in sources
            for facts in (one.facts, *one.parts)
            if _alike(core, core_of(facts.title)) and (not year or year.group() in facts.title)
        }
        if found:
            return frozenset(found)
    return None


def title_unheld(question: str, corpus: Corpus) -> str:
    """A title in 《》 that no document has and none speaks of; empty when all are known."""
    for title in titled(normalise(question)):
        core = core_of(title)
        known = (
            core_of(facts.title)
            for one in corpus.passages.sources
            for facts in (one.facts, *one.parts)
        )
        if not core or any(_akin(core, one) for one in known):
            continue
        hits = corpus.search(title, limit=_LOOKED_AT)
        texts = ("".join(each.text for each in one.passage.chunk.sentences) for one in hits)
        if not any(core in core_of(text) for text in texts):
            return title
    return ""


def _akin(core: str, held: str) -> bool:
    """Whether a title may be a loose form of one that is held."""
    pairs = [core[at : at + 2] for at in range(len(core) - 1)] or [core]
    return sum(pair in held for pair in pairs) >= _SHARE * len(pairs)


def _same_number(said: str, source: Source) -> bool:
    own = "".join(normalise(source.facts.number or "").split())
    if said in own:
        return True
    short = re.match(r"(.+?发)(\d+)号", said)
    return short is not None and own.startswith(short[1]) and own.endswith(f"{short[2]}号")


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    long, short = sorted((one, other), key=len, reverse=True)
    return one == other or (len(short) >= _SHARE * len(long) and short in long)
