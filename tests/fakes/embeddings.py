"""An embedding that knows a few meanings: words of one group are one direction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import override

from langchain_core.embeddings import Embeddings

MEANINGS = (("路演", "showcase"), ("名册", "roster"), ("名额", "quota"), ("月", "deadline"))


@dataclass
class FakeEmbeddings(Embeddings):
    """Learned, as far as the groups go; `width` numbers more make it another embedding."""

    width: int = 0
    groups: Sequence[Sequence[str]] = MEANINGS
    learned: bool = True

    @property
    def fingerprint(self) -> str:
        """Name and dimension."""
        return f"fake/{len(self.groups) + 1 + self.width}"

    @override
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    @override
    def embed_query(self, text: str) -> list[float]:
        known = [float(any(word in text for word in group)) for group in self.groups]
        return [*known, 0.1, *([0.0] * self.width)]
