"""Choosing the smallest passage that answers: every sentence of the found passages is weighed."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.answers.kinds import CONTACTS
from knowledge.answers.question import Question
from knowledge.answers.scenes import Place, Scene, scenes
from knowledge.answers.weighing.binding import Bound
from knowledge.answers.weighing.cover import ITEM, PASSAGE, WORTH
from knowledge.answers.weighing.features import Measures, Seen, look
from knowledge.answers.weighing.scorer import scorer
from knowledge.lexicon.words import NAMING
from knowledge.retrieval.passages import Passage
from knowledge.retrieval.search import Hit
from knowledge.structure.chunks import Sentence

_ANCHOR = 0.2
"""What an amount of the question, found in a sentence, is worth."""

_ANCHORED = 0.3
"""What part of a lost subject it makes good."""

_HALF = 2
_LATELY = 16
"""Questions of which it is kept what was seen; a message is read in several ways."""


ASKING = ("？", "?")
"""How a heading ends that is a question, as in a list of questions and answers."""


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
    seen: Seen = field(compare=False)

    @property
    def bound(self) -> Bound | None:
        """The value in it that belongs to what is asked."""
        return self.seen.bound


def weigh(
    question: Question, hits: Iterable[Hit], rarity: Callable[[str], float]
) -> list[Evidence]:
    """Every sentence of the hits, best first."""
    found = list(hits)
    measures = Measures.of(question, rarity, found)
    known = _lately(_key(question, measures))
    evidence = [
        one
        for hit in found
        for one in _ranked_by(hit, measures.top, _of_passage(question, measures, hit, known))
    ]
    return sorted(evidence, key=lambda one: (-one.score, one.passage.number, one.sentence.start))


type _Known = dict[Place, list[Evidence]]
"""What was seen of passages, whatever search found them."""


@lru_cache(maxsize=_LATELY)
def _lately(_asked: Hashable) -> _Known:
    """What was seen of passages by a question: the ways to answer it look at the same ones."""
    return {}


def _key(question: Question, measures: Measures) -> Hashable:
    """All of a question by which a sentence is weighed, and what its parts weigh."""
    mapped = (question.words, measures.words, measures.pairs, measures.everyday)
    return (
        *(tuple(one.items()) for one in mapped),
        measures.named,
        question.text,
        question.pairs,
        question.amounts,
        question.regions,
        question.years,
    )


def _of_passage(question: Question, measures: Measures, hit: Hit, known: _Known) -> list[Evidence]:
    """The sentences of a passage, weighed but for how well it was found."""
    place = Place(hit.passage)
    if place not in known:
        known[place] = [
            _weighed(question, measures, hit.passage, one)
            for one in scenes(hit.passage)
            if not asks(one[0])
        ]
    return known[place]


def _ranked_by(hit: Hit, top: float, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """The sentences of a passage, and how well it was found beside the best one."""
    found = {"found": hit.score / top}
    weight = scorer().score(found)
    for one in evidence:  # made anew field by field: `replace` takes five times as long
        seen = one.seen
        yield Evidence(
            passage=hit.passage,
            sentence=one.sentence,
            score=one.score + weight,
            coverage=one.coverage,
            missing=one.missing,
            lost=one.lost,
            grounded=one.grounded,
            held=one.held,
            seen=Seen(
                features=found | seen.features,
                places=seen.places,
                held=seen.held,
                bound=seen.bound,
                anchored=seen.anchored,
            ),
        )


def asks(sentence: Sentence) -> bool:
    """Whether a sentence is the question that its section answers: it says nothing itself."""
    heading = sentence.path[-1] if sentence.path else ""
    return heading.endswith(ASKING) and sentence.text.rstrip().endswith(ASKING)


def _weighed(
    question: Question, measures: Measures, passage: Passage, place: tuple[Sentence, Scene]
) -> Evidence:
    sentence, seen = place[0], look(question, measures, passage, place)
    total = sum(measures.words.values())
    worth = {word: WORTH[layer] * fully for word, (layer, fully) in seen.places.items()}
    # a contact belongs to somebody: whose it is stands beside it, not somewhere in the document
    least = WORTH[ITEM] if question.kind in CONTACTS else 0.0
    absent = [word for word, one in worth.items() if one <= least]
    share = sum(one * measures.words[word] for word, one in worth.items())
    lost = sum(measures.words[word] for word in absent)
    coverage = share / total if total else _wordless(measures, seen)
    held = seen.held
    if sentence.row and question.kind is None:
        held = held and all(worth[word] > 0 for word in question.sorts & worth.keys())
    return Evidence(
        passage=passage,
        sentence=sentence,
        score=scorer().score(seen.features),
        coverage=min(1.0, coverage + _ANCHOR * seen.anchored),
        missing=tuple(word for word in absent if question.words[word] == NAMING),
        lost=(lost / total if total else 0.0) - _ANCHORED * seen.anchored,
        grounded=_grounded(question, seen),
        held=held,
        seen=seen,
    )


def _wordless(measures: Measures, seen: Seen) -> float:
    """Share of the known character pairs of a question in which no word was recognised."""
    if len(measures.pairs) < _HALF:
        return 0.0
    return seen.features.get("pairs_own", 0.0) + seen.features.get("pairs_heading", 0.0)


def _grounded(question: Question, seen: Seen) -> bool:
    names = [word for word in seen.places if question.words[word] == NAMING]
    return not names or any(seen.places[word][0] < PASSAGE for word in names)
