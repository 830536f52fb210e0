"""What speaks for a sentence, as numbers: where the subject stands, what is held, which year."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from core.domain.documents import DocumentFacts
from knowledge.answers.holding import COUNTED, holds, unsaid
from knowledge.answers.issuing import issued, issuing
from knowledge.answers.kinds import STRICT, Kind
from knowledge.answers.question import Question
from knowledge.answers.scenes import Scene
from knowledge.answers.weighing.binding import Bound, bind
from knowledge.answers.weighing.cover import (
    HEADING,
    ITEM,
    NOWHERE,
    OWN,
    PASSAGE,
    TITLE,
    place_of,
)
from knowledge.answers.weighing.demands import demands, quoted
from knowledge.answers.weighing.echoes import echoes, opposes
from knowledge.answers.weighing.shape import listed, shape
from knowledge.answers.weighing.strict.terms import unmet
from knowledge.answers.weighing.years import covers_year, years_in
from knowledge.lexicon.everyday import is_everyday, rarest_pair, sure
from knowledge.lexicon.lists import synonyms
from knowledge.lexicon.words import (
    HAN,
    NAMING,
    grams,
    normalise,
    peculiarity,
    strip_question_words,
)
from knowledge.retrieval.passages import Passage
from knowledge.retrieval.search import Hit
from knowledge.structure.chunks import Sentence

_LAY = 0.7
_LAYERS = ("own", "heading", "item", "title", "passage", "nowhere")
_NOT_CORE = re.compile(r"[（(][^（）()]*[）)]|[“”\"《》「」]|20\d{2}年?度?")
_COMPOUND = 4
_LONGEST_RUN = 8
_SHORTEST_RUN = 3
_RUN = re.compile(rf"[{HAN}]{{3,}}")
_SMOOTHING = 5
"""Pairs added to a sentence's own, so that a short one is not precise by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What each part of a question weighs, and the score of the best passage."""

    words: Mapping[str, float]
    pairs: Mapping[str, float]
    everyday: Mapping[str, float]
    """Everyday words of the question, each weighing what a pair of what it means would."""
    top: float
    runs: tuple[str, ...]
    """Runs of Chinese characters of a question without what only makes it one."""
    named: tuple[str, ...]
    """Names in quotes in the passages found that the question uses."""

    @classmethod
    def of(cls, question: Question, rarity: Callable[[str], float], hits: Sequence[Hit]) -> Self:
        """The parts of a question, weighed by how rare they are in the documents."""
        everyday = {
            word: _rarity(word, rarity, sure(word))
            for word in question.words
            if is_everyday(word, rarity)
        }
        words = {
            word: weight * _known(everyday.get(word) or _rarity(word, rarity), weight)
            for word, weight in question.words.items()
        }
        names = frozenset[str]().union(*(quoted(hit.passage.chunk.text) for hit in hits))
        return cls(
            words=words,
            pairs={pair: rare for pair in question.pairs if (rare := rarity(pair)) < 1.0},
            everyday=everyday,
            top=max((hit.score for hit in hits), default=1.0),
            runs=tuple(_RUN.findall(strip_question_words(question.text))),
            named=tuple(sorted(one for one in names if one in question.text)),
        )


def _known(rare: float, weight: float) -> float:
    """A verb that no document uses is a lay word rather than a subject of its own."""
    return rare if weight == NAMING else min(rare, _LAY)


def _rarity(word: str, rarity: Callable[[str], float], meant: Sequence[str] = ()) -> float:
    """The rarity of a word's rarest character pair, or that of what documents call it."""
    called = (word, *synonyms().get(word, ()), *meant)
    return min(rarest_pair(one, rarity) for one in called)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sentence as a question sees it."""

    features: dict[str, float]
    places: dict[str, tuple[int, float]]
    """Each word of the question: the layer where it stands and how fully."""
    held: bool
    """Whether it has the kind of thing that is asked for."""
    bound: Bound | None
    anchored: bool
    """Whether an amount of the question stands in it or above it."""


def look(
    question: Question, measures: Measures, passage: Passage, place: tuple[Sentence, Scene]
) -> Seen:
    """Everything that speaks for or against a sentence, but how well its passage was found."""
    sentence, scene = place
    places = {
        word: place_of(word, scene, everyday=word in measures.everyday) for word in measures.words
    }
    bound = bind(question, measures.words, scene.own)
    held = _held(question, scene, passage.source.facts)
    anchored = any(one in scene.own or one in scene.heading for one in question.amounts)
    region = passage.source.facts.region
    found: dict[str, float] = _cover(question, measures, places)
    found |= _halves(question, measures, places, scene)
    found |= _pairs(measures, scene, places)
    found |= _kind(question, held=held, bound=bound)
    asked, polar = question.text, question.polar
    found |= echoes(asked, question.kind, polar=polar, own=scene.own, heading=scene.heading)
    found |= demands(question, measures.named, scene, region)
    found |= unmet(asked, question.kind, scene.own, scene.heading)
    found |= _years(question, scene, passage) if question.years else {}
    found |= shape(question, sentence, scene)
    if question.kind in {Kind.LIST, Kind.MEMBERS}:
        found |= listed(question, scene)
    if question.amounts:
        found["anchored" if anchored else "unanchored"] = 1.0
    found["regional"] = float(bool(region) and not question.regions)
    found["at_home"] = float(region in question.regions)
    found["title_named"] = float(_core(scene.title) in _core(question.text))
    return Seen(features=found, places=places, held=held, bound=bound, anchored=anchored)


def _held(question: Question, scene: Scene, facts: DocumentFacts) -> bool:
    if question.kind is None:
        return True
    kind, unit = question.kind, question.unit
    told = unsaid(kind, unit, scene.own, asked=question.text, amounts=question.amounts)
    # whether a value holds is told by saying it
    if not holds(kind, unit, scene.own if question.polar else told):
        return False
    if question.kind is Kind.DATE and issuing(question.text):
        days = [day for day in (facts.signed_on, facts.issued_on) if day is not None]
        return issued(scene.own, days)
    return not (question.kind in COUNTED and opposes(question.text, scene.own))


def _cover(
    question: Question, measures: Measures, places: Mapping[str, tuple[int, float]]
) -> dict[str, float]:
    """Which share of the subject stands in which layer, and how much of it stands nowhere."""
    total = sum(measures.words.values())
    if not total:
        return {"wordless": 1.0}
    found: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        found[name] = found.get(name, 0.0) + value

    for word, (layer, fully) in places.items():
        share = measures.words[word] / total
        if layer >= PASSAGE:
            far = "astray" if layer == NOWHERE else "aside"
            found[far] = max(found.get(far, 0.0), peculiarity(word))
        if word == question.attribute:
            found[f"attribute_{_LAYERS[layer]}"] = 1.0
        if layer != NOWHERE:
            add(_LAYERS[layer], share * fully)
            add("partly", share * (1 - fully))
        elif question.words[word] == NAMING:
            add("lost_name", share)
            add("lost_names", 1.0)
        else:
            add("lost_word", share)
    return found


def _halves(
    question: Question,
    measures: Measures,
    places: Mapping[str, tuple[int, float]],
    scene: Scene,
) -> dict[str, float]:
    """Which share of the subject is named by half: 技术难题 beside 技术问题."""
    total = sum(measures.words.values())
    share = sum(
        measures.words[word]
        for word, (layer, _) in places.items()
        if layer == NOWHERE
        and question.words[word] == NAMING
        and len(word) >= _COMPOUND
        and (word[:2] in scene.own or word[-2:] in scene.own)
    )
    return {"half_said": share / total} if share else {}


def _pairs(
    measures: Measures, scene: Scene, places: Mapping[str, tuple[int, float]]
) -> dict[str, float]:
    """Which share of the question's character pairs stands in which layer.

    An everyday word is one pair more: its own characters stand in no document.
    """
    total = sum(measures.pairs.values()) + sum(measures.everyday.values())
    if not total:
        return {}
    stands = [0.0] * (NOWHERE + 1)
    for pair, rare in measures.pairs.items():
        stands[_layer_of(pair, scene)] += rare
    for word, rare in measures.everyday.items():
        layer, fully = places[word]
        stands[layer] += rare * fully
    stated = _pairs_of(scene.own)
    return {
        "run": min(_run(measures.runs, scene.own), _LONGEST_RUN) / _LONGEST_RUN,
        "pairs_own": stands[OWN] / total,
        "pairs_heading": stands[HEADING] / total,
        "pairs_item": stands[ITEM] / total,
        "pairs_title": stands[TITLE] / total,
        "precise": len(stated & measures.pairs.keys()) / (len(stated) + _SMOOTHING),
    }


def _layer_of(pair: str, scene: Scene) -> int:
    """The innermost layer of a pair; what the item of a remark says is the remark's own."""
    if pair in scene.own or (scene.remark and pair in scene.item):
        return OWN
    if pair in scene.heading:
        return HEADING
    if pair in scene.item:
        return ITEM
    return TITLE if pair in scene.title else NOWHERE


def _run(runs: Sequence[str], text: str) -> int:
    """How many characters the longest part of the question has that stands in a text as it is."""
    best = _SHORTEST_RUN - 1
    for one in runs:
        for at in range(len(one) - best):
            while at + best < len(one) and one[at : at + best + 1] in text:
                best += 1
    return best if best >= _SHORTEST_RUN else 0


@lru_cache(maxsize=8_192)
def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(one for one in grams(text) if len(one) > 1)


def _kind(question: Question, *, held: bool, bound: Bound | None) -> dict[str, float]:
    """Whether the kind of thing asked for is held, and bound to what is asked about."""
    kind = question.kind
    if kind is None:
        return {}
    whose = "" if kind in STRICT else f"{kind}_"
    found = {f"{whose}{'held' if held else 'unheld'}": 1.0}
    if bound is not None:
        found["clause"] = bound.clause
        if question.target:
            bond = "next" if bound.next_to else "clause" if bound.names_target else "none"
            found[f"target_{bond}"] = 1.0
    return found


def _years(question: Question, scene: Scene, passage: Passage) -> dict[str, float]:
    """A year in the sentence goes before one above it, and that before the document's own."""
    if said := years_in(scene.own):
        return {"year_said" if said & question.years else "year_other": 1.0}
    if said := years_in(scene.heading):
        return {"year_headed" if said & question.years else "year_other": 1.0}
    facts = passage.source.facts
    if facts.year is None:
        return {"year_unknown": 1.0}
    if not covers_year(question.years, passage):
        return {"year_other": 1.0}
    last = facts.expires_on.year if facts.expires_on else facts.year
    return {"year_own" if facts.year == last else "year_covered": 1.0}


@lru_cache(maxsize=512)
def _core(title: str) -> str:
    """A title (or question) without quotes, brackets and years."""
    return _NOT_CORE.sub("", normalise(title))
