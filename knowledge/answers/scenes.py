"""A sentence in its surroundings, in the normal form that questions are compared with."""

from dataclasses import dataclass
from functools import lru_cache

from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence

IN_HEADING = 0.9
IN_ITEM = 0.75
IN_TITLE = 0.85
IN_PASSAGE = 0.4


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

    @property
    def layers(self) -> tuple[tuple[str, float], ...]:
        """The texts in which a word may stand, with what it is worth there."""
        return (
            (self.own, 1.0),
            (self.heading, IN_HEADING),
            (self.item, IN_ITEM),
            (self.document, IN_TITLE),
            (self.passage, IN_PASSAGE),
        )


@lru_cache(maxsize=2_048)
def scenes(passage: Passage) -> tuple[tuple[Sentence, Scene], ...]:
    """The sentences of a passage with their surroundings."""
    sentences = passage.chunk.sentences
    texts = [normalise(one.text) for one in sentences]
    whole = "\n".join(texts)
    facts = passage.source.facts
    title = normalise(facts.title)
    document = normalise(f"{facts.title} {facts.issuer or ''} {facts.number or ''}")
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
                document=document,
                passage=whole,
            ),
        )
        for one, text in zip(sentences, texts, strict=True)
    )
