"""The search, published as a LangChain retriever."""

from collections.abc import Callable
from typing import override

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from knowledge.retrieval.search import Corpus, Hit


class PassageRetriever(BaseRetriever):
    """Passages for a question, with where they stand as metadata."""

    corpus: Callable[[], Corpus]
    """Gives the current version."""
    limit: int = 10

    @override
    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        hits = self.corpus().search(query, limit=self.limit)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> LangChainDocument:
    passage = hit.passage
    return LangChainDocument(
        id=f"{passage.source.id}:{passage.chunk.start}",
        page_content=passage.chunk.text,
        metadata={
            "document_id": passage.source.id,
            "document": passage.source.facts.title,
            "source": passage.source.source,
            "section": " > ".join(passage.chunk.path),
            "start": passage.chunk.start,
            "end": passage.chunk.end,
            "score": hit.score,
        },
    )
