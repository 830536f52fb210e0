"""Choosing the smallest passage that answers: every sentence of the found passages is weighed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answers.fit import DATE_LINE, covers_year, fit, opposes, years_in
from knowledge.answers.kinds import CONTACTS, Kind, holds
from knowledge.answers.question import Question
from knowledge.answers.scenes import IN_ITEM, IN_PASSAGE, Scene, scenes
from knowledge.lexicon.lists import synonyms
from knowledge.lexicon.words import NAMING, normalise
from knowledge.retrieval.passages import Passage
from knowledge.retrieval.search import Hit
from knowledge.structure.chunks import Sentence

_PAIRS = 0.5
_FOUND = 0.15
_MISSING = -0.15
_SYNONYM = 0.9
_PAIR_IN_HEADING, _PAIR_IN_TITLE = 0.85, 0.6
_ANCHOR = 0.2
"""What an amount of the question, found in a sentence, is worth."""

_ANCHORED = 0.3
"""What part of a lost subject it makes good."""

_LAY = 0.7
_MOST = 0.6
_COUNTS = re.compile("[一二三四五六七八九十百千万几个名]")
_GAPPED = 0.9
_HALF = 2
_PARTLY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that may answer, weighed against the question."""

    passage: Passage
    sentence: Sentence
    score: float
    coverage: float
    """Share of the question's subject, by rarity, that the sentence and its surroundings name."""
    missing: tuple[str, ...]
    """Names in the question that stand nowhere around it."""
    lost: float
    """Share of the subject, verbs too, that is named nowhere around it."""
    grounded: bool
    """Whether a name in the question stands in the sentence, its item, headings or title."""
    held: bool
    """Whether it has the kind of thing that is asked for; a row, a cell of the sort."""


def weigh(
    question: Question, hits: Iterable[Hit], rarity: Callable[[str], float]
) -> list[Evidence]:
    """Every sentence of the hits, best first."""
    found = list(hits)
    measures = _Measures(
        words={
            word: weight * _known(_rarity(word, rarity), weight)
            for word, weight in question.words.items()
        },
        pairs={pair: rare for pair in question.pairs if (rare := rarity(pair)) < 1.0},
        top=max((hit.score for hit in found), default=1.0),
    )
    evidence = [
        _weighed(question, hit, (sentence, scene), measures)
        for hit in found
        for sentence, scene in scenes(hit.passage)
    ]
    return sorted(evidence, key=lambda one: (-one.score, one.passage.number, one.sentence.start))


def _known(rare: float, weight: float) -> float:
    """A verb that no document uses is a lay word rather than a subject of its own."""
    return rare if weight == NAMING else min(rare, _LAY)


def _rarity(word: str, rarity: Callable[[str], float]) -> float:
    """The rarity of a word's rarest character pair, or that of what documents call it."""
    said = (word, *synonyms().get(word, ()))
    return min(_rarest_pair(one, rarity) for one in said)


def _rarest_pair(word: str, rarity: Callable[[str], float]) -> float:
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] if not word.isascii() else []
    return max(map(rarity, pairs or [word]))


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
    anchored = any(one in scene.own or one in scene.heading for one in question.amounts)
    share = _share(covers, measures.words) if covers else _wordless(measures, scene)
    coverage = min(1.0, share + _ANCHOR * anchored)
    pairs = {pair: _pair_cover(pair, scene) for pair in measures.pairs}
    held = question.kind is None or (
        holds(question.kind, question.unit, scene.own)
        and not (question.kind is Kind.NUMBER and opposes(question.text, scene.own))
    )
    if sentence.row and question.kind is None:
        held = held and all(covers[word] > 0 for word in question.sorts & covers.keys())
    score = share + _ANCHOR * anchored + _PAIRS * _share(pairs, measures.pairs)
    score += _FOUND * hit.score / measures.top
    score += fit(question, scene, (hit.passage, sentence), held=held)
    least = IN_ITEM if question.kind in CONTACTS else 0.0
    absent = [word for word, cover in covers.items() if cover <= least]
    missing = tuple(word for word in absent if question.words[word] == NAMING)
    score += _MISSING * len(missing)
    return Evidence(
        passage=hit.passage,
        sentence=sentence,
        score=score,
        coverage=coverage,
        missing=missing,
        lost=_share({word: float(word in absent) for word in covers}, measures.words)
        - _ANCHORED * anchored,
        grounded=any(
            cover > IN_PASSAGE for word, cover in covers.items() if question.words[word] == NAMING
        )
        or NAMING not in question.words.values(),
        held=held,
    )


def _wordless(measures: _Measures, scene: Scene) -> float:
    """Share of the known character pairs of a question in which no word was recognised."""
    own = f"{scene.own}\n{scene.heading}"
    if len(measures.pairs) < _HALF:
        return 0.0
    return sum(pair in own for pair in measures.pairs) / len(measures.pairs)


def _pair_cover(pair: str, scene: Scene) -> float:
    if pair in scene.own:
        return 1.0
    if pair in scene.heading:
        return _PAIR_IN_HEADING
    return _PAIR_IN_TITLE if pair in scene.title else 0.0


def _share(covers: dict[str, float], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    if total == 0:
        return 0.0
    return sum(covers[one] * weight for one, weight in weights.items()) / total


def _cover(word: str, scene: Scene) -> float:
    """The worth of the nearest place where the word, or what documents call it, stands."""
    official = synonyms().get(word, ())
    signed = bool(DATE_LINE.match(scene.own))
    for text, worth in scene.layers:
        if word in text:
            return IN_ITEM if signed and worth == IN_PASSAGE else worth
        if any(one in text for one in official):
            return worth * _SYNONYM
    return _partial(word, scene)


def _partial(word: str, scene: Scene) -> float:
    """Half the worth for a long word of which most character pairs stand in one place."""
    gapped = _gapped(word)
    if gapped is not None:
        for text, worth in scene.layers[:-1]:
            if gapped.search(text):
                return worth * _GAPPED
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    if len(pairs) < 2 or word.isascii():  # noqa: PLR2004 -- a single pair was looked for above
        return 0.0
    for text, worth in scene.layers:
        share = sum(pair in text for pair in pairs) / len(pairs)
        if share >= _MOST:
            return worth * share * _PARTLY
    return 0.0


@lru_cache(maxsize=2_048)
def _gapped(word: str) -> re.Pattern[str] | None:
    """A word with something in between, or the short form of a longer one.

    省(区、市) for 省区市, 广州市人民政府 for 广州市政府, 专家人才库 for 专家库, 企业创新 for 企创.
    """
    if word.isascii() or _COUNTS.search(word):
        return None
    if len(word) == _HALF:
        return re.compile("".join(f"{char}[\u4e00-\u9fff]" for char in word))
    halves = (f"{word[:at]}[^,，。;；:、]{{1,2}}{word[at:]}" for at in range(_HALF, len(word)))
    return re.compile("|".join(("[()、“”]{0,2}".join(word), *halves)))


def speaks_of_years(question: Question, evidence: Evidence) -> bool:
    """Whether evidence is about a year that the question names: by its words, else its plan."""
    path = "\n".join(evidence.sentence.path)
    said = years_in(normalise(evidence.sentence.text)) or years_in(normalise(path))
    return bool(said & question.years) if said else covers_year(question, evidence.passage)
