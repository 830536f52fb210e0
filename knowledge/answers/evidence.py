"""Choosing the smallest passage that answers: every sentence of the found passages is weighed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answers.kinds import holds
from knowledge.answers.question import STRICT, Question
from knowledge.lexicon.lists import synonyms
from knowledge.lexicon.words import NAMING, normalise
from knowledge.retrieval.passages import Passage
from knowledge.retrieval.search import Hit
from knowledge.structure.chunks import Sentence

IN_HEADING = 0.9
IN_ITEM = 0.75
IN_TITLE = 0.85
IN_PASSAGE = 0.4
_KIND_HELD, _KIND_MISSING = 0.25, -0.25
_KIND_UNSEEN = -0.1
_PAIRS = 0.5
_FOUND = 0.15
_BARE_HEADING = -0.25
_MISSING = -0.15
_NAMED = 0.2
_NOT_CORE = re.compile(r"[（(][^（）()]*[）)]|[“”\"《》「」]|20\d{2}年?度?")
_STARTS = 0.1
_DEADLINE = re.compile(r"哪天之?前|截止|最晚|点前|到哪天|最后期限|到期")
_ENDS = re.compile(r"截止|日前|:\d{2}前|\d+日-|前提交|之前")
_ENDING = 0.15
_ENTITLED = re.compile(r"谁(?:可以|能|才能|有资格)|哪些单位|什么单位|资格|申报条件")
_ENTITLES = re.compile(r"仅限|限于|申报单位|均可|面向|可申报")
_YEAR_SAID, _YEAR_COVERED, _YEAR_OTHER = 0.15, 0.0, -0.4
_SYNONYM = 0.9
_PAIR_AROUND = 0.6
_ROLES = ("副组长", "组长", "副主任", "主任", "牵头", "配合", "联系人", "负责")
_ROLE = 0.55
_TOTAL = re.compile(r"一共|总共|合计|总数|总计|总分")
_SUM = re.compile(r"合计|总计|总分|共计")
_SIGNING = re.compile(
    r"(?:印发|发布|出台|发文|签发|成文|下发).*(?:时候|哪天|日期|时间|何时|哪年)|(?:时候|哪天|日期|时间|何时|哪年).*(?:印发|发布|出台|发文|签发|成文|下发)"
)
_DATE_LINE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日(?:印发)?$")
_SIGNED = 0.6
_REGIONAL = -0.08
_CELL = 0.12
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
    """Names in the question that stand nowhere around it."""
    lost: float
    """Their share of the question's subject."""
    held: bool
    """Whether it has the kind of thing that is asked for."""


def weigh(
    question: Question, hits: Iterable[Hit], rarity: Callable[[str], float]
) -> list[Evidence]:
    """Every sentence of the hits, best first."""
    found = list(hits)
    measures = _Measures(
        words={word: weight * _rarity(word, rarity) for word, weight in question.words.items()},
        pairs={pair: rare for pair in question.pairs if (rare := rarity(pair)) < 1.0},
        top=max((hit.score for hit in found), default=1.0),
    )
    evidence = [
        _weighed(question, hit, (sentence, scene), measures)
        for hit in found
        for sentence, scene in scenes(hit.passage)
    ]
    return sorted(evidence, key=lambda one: (-one.score, one.passage.number, one.sentence.start))


def _rarity(word: str, rarity: Callable[[str], float]) -> float:
    """The rarity of a word's rarest character pair."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] if not word.isascii() else [word]
    return max(map(rarity, pairs))


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
    pairs = {pair: _pair_cover(pair, scene) for pair in measures.pairs}
    held = question.kind is None or holds(question.kind, question.unit, scene.own)
    score = coverage + _PAIRS * _share(pairs, measures.pairs)
    score += _FOUND * hit.score / measures.top
    score += _kind_fit(question, held=held) + _year_fit(question, scene, hit.passage)
    missing = tuple(
        word for word, cover in covers.items() if cover == 0.0 and question.words[word] == NAMING
    )
    score += _role_fit(question, scene) + _shape(sentence, question) + _MISSING * len(missing)
    if _core(scene.title) in _core(question.text):
        score += _NAMED
    if not question.regions and hit.passage.source.facts.region:
        score += _REGIONAL
    return Evidence(
        passage=hit.passage,
        sentence=sentence,
        score=score,
        coverage=coverage,
        missing=missing,
        lost=_share({word: float(word in missing) for word in covers}, measures.words),
        held=held,
    )


@lru_cache(maxsize=512)
def _core(title: str) -> str:
    """A title (or question) without quotes, brackets and years."""
    return _NOT_CORE.sub("", title)


def _pair_cover(pair: str, scene: Scene) -> float:
    if pair in scene.own:
        return 1.0
    return _PAIR_AROUND if pair in scene.heading or pair in scene.title else 0.0


def _kind_fit(question: Question, *, held: bool) -> float:
    if question.kind is None:
        return 0.0
    if held:
        return _KIND_HELD
    return _KIND_MISSING if question.kind in STRICT else _KIND_UNSEEN


def _role_fit(question: Question, scene: Scene) -> float:
    """What people ask about by its office (牵头, 组长 ...) has to be named as such."""
    asked = [role for role in _ROLES if role in question.text]
    if asked and asked[0] in scene.own:
        return _ROLE
    if _TOTAL.search(question.text) and _SUM.search(scene.own):
        return _ROLE
    if _ENTITLED.search(question.text) and _ENTITLES.search(scene.own):
        return _ENDING
    if _DEADLINE.search(question.text) and _ENDS.search(scene.own):
        return _ENDING
    return _SIGNED if _SIGNING.search(question.text) and _DATE_LINE.match(scene.own) else 0.0


def _share(covers: dict[str, float], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    if total == 0:
        return 0.0
    return sum(covers[one] * weight for one, weight in weights.items()) / total


def _cover(word: str, scene: Scene) -> float:
    """The worth of the nearest place where the word, or what documents call it, stands."""
    official = synonyms().get(word, ())
    signed = bool(_DATE_LINE.match(scene.own))
    for text, worth in scene.layers:
        if word in text:
            return IN_ITEM if signed and worth == IN_PASSAGE else worth
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
        if share >= 0.6:  # noqa: PLR2004 -- most of it
            return worth * share * 0.7
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


def _shape(sentence: Sentence, question: Question) -> float:
    """Bare headings answer little, long sentences are unhandy, a row is known by its cells."""
    if sentence.row:
        cells = re.split(r"[;:]", normalise(sentence.text))
        return _CELL * any(cell.startswith(word) for word in question.words for cell in cells)
    if sentence.path and sentence.text.rstrip("。：:；;") == sentence.path[-1]:
        return _BARE_HEADING
    cost = _LONG_COST if len(sentence.text) > _LONG else 0.0
    first = next(iter(question.words), "")
    return (_STARTS if first and normalise(sentence.text).startswith(first) else 0.0) - cost


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
