"""A sentence in its surroundings, in the normal form that questions are compared with."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import override

from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import mark_of

DATE_LINE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$")
"""A line that only dates a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sentence and what surrounds it, normalised; outermost last."""

    own: str
    heading: str
    item: str
    title: str
    document: str
    """Its title, issuer and number."""
    passage: str
    remark: bool = False
    """Whether it is a remark in brackets, which speaks of its whole item."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The texts in which a word may stand, innermost first."""
        return (self.own, self.heading, self.item, self.document, self.passage)


def scenes(passage: Passage) -> tuple[tuple[Sentence, Scene], ...]:
    """The sentences of a passage with their surroundings."""
    return _scenes(Place(passage))


class Place:
    """A passage that is told from others by where it stands, not by all its text."""

    __slots__ = ("_key", "passage")

    def __init__(self, passage: Passage) -> None:
        source = passage.source
        self.passage = passage
        self._key = (source.id, source.digest, source.facts, passage.number, passage.chunk.start)

    @override
    def __hash__(self) -> int:
        return hash(self._key)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self._key == other._key


@lru_cache(maxsize=4_096)
def _scenes(place: Place) -> tuple[tuple[Sentence, Scene], ...]:
    passage = place.passage
    sentences = passage.chunk.sentences
    texts = [normalise(one.text) for one in sentences]
    whole = "\n".join(texts)
    facts = passage.source.facts
    title = normalise(facts.title)
    document = normalise(f"{facts.title} {facts.issuer or ''} {facts.number or ''}")
    # the colophon stands behind the last annex, but dates the whole document
    whole_document = normalise(" ".join(one.title for one in passage.source.parts))
    items: dict[tuple[str, ...], list[str]] = {}
    for one, text in zip(sentences, texts, strict=True):
        items.setdefault(one.path, []).append(text)
    return tuple(
        (
            one,
            Scene(
                own=text,
                heading=normalise("\n".join(one.path)),
                item="" if one.row else "\n".join(items[one.path]),
                title=title,
                document=f"{document} {whole_document}" if DATE_LINE.match(text) else document,
                passage=whole,
                remark=text.startswith("(") and mark_of(one.text) is None and not one.row,
            ),
        )
        for one, text in zip(sentences, texts, strict=True)
    )
