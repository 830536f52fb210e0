"""Hard filters: which documents may answer a question at all."""

from collections.abc import Collection, Iterable, Sequence
from typing import override

from core.domain.documents import DocumentId
from knowledge.retrieval.passages import Source
from knowledge.retrieval.search import Corpus, Hit


class ScopedCorpus(Corpus):
    """A corpus in which only some documents are found."""

    def __init__(self, whole: Corpus, admitted: Collection[DocumentId]) -> None:
        self.__dict__.update(vars(whole))  # everything but the search is shared
        self._whole = whole
        self._admitted = frozenset(admitted)

    @override
    def search(
        self, query: str, *, limit: int, within: Collection[DocumentId] | None = None
    ) -> list[Hit]:
        """The nearest passages of the admitted documents, best first."""
        admitted = self._admitted if within is None else self._admitted & frozenset(within)
        return self._whole.search(query, limit=limit, within=admitted) if admitted else []


def only(corpus: Corpus, admitted: Collection[DocumentId] | None) -> Corpus:
    """The corpus, restricted to the admitted documents; None admits all."""
    return corpus if admitted is None else ScopedCorpus(corpus, admitted)


def of_titles(titles: Sequence[str], sources: Iterable[Source]) -> set[DocumentId] | None:
    """The documents that have those titles, or annexes of them; None when there are none."""
    return {
        source.id
        for source in sources
        if any(facts.title in titles for facts in (source.facts, *source.parts))
    } or None
