"""Choosing the smallest passage that answers: every sentence of the found passages is weighed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answers.kinds import holds
from knowledge.answers.question import Question
from knowledge.lexicon.lists import synonyms
from knowledge.lexicon.words import normalise
from knowledge.retrieval.corpus import Hit
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence

IN_HEADING = 0.9
IN_ITEM = 0.75
IN_TITLE = 0.6
IN_PASSAGE = 0.4
_KIND_HELD, _KIND_MISSING = 0.25, -0.25
_PAIRS = 0.5
_FOUND = 0.25
_BARE_HEADING = -0.25
_YEAR_SAID, _YEAR_COVERED, _YEAR_OTHER = 0.15, 0.0, -0.4
_SYNONYM = 0.9
_LONG = 160
_LONG_COST = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sentence and what surrounds it, normalised; outermost last."""

    own: str
    heading: str
    item: str
    title: str
    passage: str

    @property
    def layers(self) -> tuple[tuple[str, float], ...]:
        """The texts in which a word may stand, with what it is worth there."""
        return (
            (self.own, 1.0),
            (self.heading, IN_HEADING),
            (self.item, IN_ITEM),
            (self.title, IN_TITLE),
            (self.passage, IN_PASSAGE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that may answer, weighed against the question."""

    passage: Passage
    sentence: Sentence
    score: float
    coverage: float
    """Share of the question's subject, by rarity, that the sentence and its surroundings name."""
    missing: tuple[str, ...]
    """Subject words named nowhere around it."""
    held: bool
    """Whether it has the kind of thing that is asked for."""


def weigh(
    question: Question, hits: Iterable[Hit], rarity: Callable[[str], float]
) -> list[Evidence]:
    """Every sentence of the hits, best first."""
    found = list(hits)
    measures = _Measures(
        words={word: _weight(word, rarity) for word in question.words},
        pairs={pair: rarity(pair) for pair in question.pairs},
        top=max((hit.score for hit in found), default=1.0),
    )
    evidence = [
        _weighed(question, hit, (sentence, scene), measures)
        for hit in found
        for sentence, scene in scenes(hit.passage)
    ]
    return sorted(evidence, key=lambda one: (-one.score, one.passage.number, one.sentence.start))


def _weight(word: str, rarity: Callable[[str], float]) -> float:
    """How much a word says: the mean rarity of its character pairs."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] if not word.isascii() else [word]
    return sum(map(rarity, pairs)) / len(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """What each part of a question weighs, and the score of the best passage."""

    words: dict[str, float]
    pairs: dict[str, float]
    top: float


def _weighed(
    question: Question, hit: Hit, place: tuple[Sentence, Scene], measures: _Measures
) -> Evidence:
    sentence, scene = place
    covers = {word: _cover(word, scene) for word in measures.words}
    coverage = _share(covers, measures.words)
    own_pairs = {pair: float(pair in scene.own) for pair in measures.pairs}
    held = question.kind is None or holds(question.kind, question.unit, scene.own)
    score = coverage + _PAIRS * _share(own_pairs, measures.pairs)
    score += _FOUND * hit.score / measures.top
    if question.kind is not None:
        score += _KIND_HELD if held else _KIND_MISSING
    score += _year_fit(question, scene, hit.passage) + _shape(sentence)
    return Evidence(
        passage=hit.passage,
        sentence=sentence,
        score=score,
        coverage=coverage,
        missing=tuple(word for word, cover in covers.items() if cover == 0.0),
        held=held,
    )


def _share(covers: dict[str, float], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    if total == 0:
        return 0.0
    return sum(covers[one] * weight for one, weight in weights.items()) / total


def _cover(word: str, scene: Scene) -> float:
    """The worth of the nearest place where the word, or what documents call it, stands."""
    official = synonyms().get(word, ())
    for text, worth in scene.layers:
        if word in text:
            return worth
        if any(one in text for one in official):
            return worth * _SYNONYM
    return _partial(word, scene)


def _partial(word: str, scene: Scene) -> float:
    """Half the worth for a long word of which most character pairs stand in one place."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    if len(pairs) < 2 or word.isascii():  # noqa: PLR2004 -- a single pair was looked for above
        return 0.0
    for text, worth in scene.layers:
        share = sum(pair in text for pair in pairs) / len(pairs)
        if share >= 0.5:  # noqa: PLR2004 -- most of it
            return worth * share * 0.8
    return 0.0


def _year_fit(question: Question, scene: Scene, passage: Passage) -> float:
    if not question.years:
        return 0.0
    if any(f"{year}年" in scene.own or f"{year}年" in scene.heading for year in question.years):
        return _YEAR_SAID
    return _YEAR_COVERED if covers_year(question, passage) else _YEAR_OTHER


def covers_year(question: Question, passage: Passage) -> bool:
    """Whether the document is of, or plans for, a year that the question names."""
    facts = passage.source.facts
    if facts.year is None:
        return False
    last = facts.expires_on.year if facts.expires_on else facts.year
    return any(facts.year <= year <= last for year in question.years)


def _shape(sentence: Sentence) -> float:
    """Bare headings answer little; long sentences are less handy than short ones."""
    if (
        not sentence.row
        and sentence.path
        and sentence.text.rstrip("。：:；;") == sentence.path[-1]
    ):
        return _BARE_HEADING
    return -_LONG_COST if len(sentence.text) > _LONG else 0.0


@lru_cache(maxsize=2_048)
def _scenes(passage: Passage) -> tuple[tuple[Sentence, Scene], ...]:
    sentences = passage.chunk.sentences
    texts = [normalise(one.text) for one in sentences]
    whole = "\n".join(texts)
    title = normalise(passage.source.facts.title)
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
                passage=whole,
            ),
        )
        for one, text in zip(sentences, texts, strict=True)
    )


def scenes(passage: Passage) -> tuple[tuple[Sentence, Scene], ...]:
    """The sentences of a passage with their surroundings."""
    return _scenes(passage)
