"""Lists: all that stands under a heading the question names, or below a sentence that leads in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from knowledge.answers.evidence import Evidence
from knowledge.answers.kinds import Kind
from knowledge.answers.question import Question
from knowledge.answers.scenes import scenes
from knowledge.answers.weighing.cover import HEADING, OWN, TITLE
from knowledge.lexicon.lists import synonyms
from knowledge.lexicon.words import NAMING, normalise, subject_words
from knowledge.retrieval.passages import Passages
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import mark_of

_LISTING = re.compile(
    r"(条件|要求|材料|范围|方式|程序|流程|步骤|类别|方向|说明|任务|职责|措施|情形|内容|对象)(?:之一)?$"
)
_LEADS_IN = re.compile(r"[：:]$|(?:如下|下列[^，。]{0,8})[：:。]?$")
_UNDER = re.compile(r"之一的.{0,12}$")
_FORBIDS = re.compile(r"不得|不予|不能|不可|禁止|不让|不许")
_CASES = re.compile(r"(?:哪些|哪几种|什么|啥|哪种)(?:样的)?(?:情况|情形|行为|原因)")
_CASE = re.compile(r"情形|情况|行为|之一")
_MEETS = frozenset({"碰到", "遇到", "出现", "发生", "情况", "情形", "属于"})
"""What a question says of cases beside what they lead to."""

_STATED = frozenset({OWN, HEADING, TITLE})

_STEPS = re.compile("程序|流程|步骤|方式")
_COVERED = 0.5
_LOOKED_AT = 40
_MAX_ITEMS = 24
_MAX_BEFORE = 240
_MAX_CHARS = 600
_PLURAL = 2


def section_of(
    asked: Question, admitted: Iterable[Evidence], passages: Passages
) -> list[Evidence]:
    """The items under the heading that the question names; empty when it names none.

    A heading under which the question's subject stands goes before any other.
    """
    if asked.kind not in {None, Kind.CONDITION, Kind.LIST}:
        return []
    general: tuple[Evidence, int] | None = None
    for evidence, _ in zip(admitted, range(_LOOKED_AT), strict=False):
        path = evidence.sentence.path
        for depth, label in enumerate(path, start=1):
            if _numbered(asked, label):
                return _items(evidence, path[:depth], passages, headed=True)
            if evidence.coverage < _COVERED or not _asked_for(asked, label):
                continue
            if _about(asked, evidence, depth):
                return _items(evidence, path[:depth], passages)
            general = general or (evidence, depth)
    return _items(general[0], general[0].sentence.path[: general[1]], passages) if general else []


def _numbered(asked: Question, label: str) -> bool:
    """Whether the question names a heading by its number, e.g. 专栏5 or 第六条."""
    text = normalise(label)
    return any(
        text.startswith(one) and not text[len(one) : len(one) + 1].isdigit()
        for one in asked.amounts
        if not one[0].isdigit()
    )


def _about(asked: Question, evidence: Evidence, depth: int) -> bool:
    """Whether the subject of the question stands in the headings down to a depth."""
    above = normalise("\n".join(evidence.sentence.path[:depth]))
    title = normalise(evidence.passage.source.facts.title)
    subject = [word for word, weight in asked.words.items() if weight == NAMING]
    return all(word in above or word in title for word in subject)


def with_items(evidence: Evidence, passages: Passages) -> list[Evidence]:
    """Evidence, and when it only leads in to a list, the items of that list."""
    sentence = evidence.sentence
    if sentence.text.startswith(("（", "(")) and mark_of(sentence.text) is None:
        return [*_before(evidence), evidence]
    if sentence.row or not (is_heading(sentence) or leads_in(sentence)):
        return [evidence]
    items = _items(evidence, sentence.path, passages)
    return [evidence, *(one for one in items if one.sentence.start > sentence.start)]


def _before(evidence: Evidence) -> list[Evidence]:
    """What stands before words in brackets, in the same item."""
    own = evidence.sentence
    before = [
        one
        for one, _ in scenes(evidence.passage)
        if one.path == own.path and one.start < own.start and not one.row
    ]
    short = sum(len(one.text) for one in before) <= _MAX_BEFORE
    return [replace(evidence, sentence=one) for one in before] if short else []


def cases_of(asked: Question, admitted: Iterable[Evidence], passages: Passages) -> list[Evidence]:
    """The cases that a sentence leads in to, where they are asked for: 哪些情况会被撤销.

    The sentence says all that the question says beside its document and headings.
    """
    if not _CASES.search(asked.text):
        return []
    for one, _ in zip(admitted, range(_LOOKED_AT), strict=False):
        places = one.seen.places
        said = all(places[word][0] in _STATED for word in places if word not in _MEETS)
        own = any(places[word][0] == OWN for word in places)
        if said and own and leads_in(one.sentence) and _CASE.search(one.sentence.text):
            found = with_items(one, passages)
            if len(found) > 1:
                return found
    return []


def leads_in(sentence: Sentence) -> bool:
    """Whether a sentence only announces what follows."""
    return bool(_LEADS_IN.search(sentence.text.strip()))


def is_heading(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but the heading it stands under."""
    return bool(sentence.path) and sentence.text.rstrip("。：:；; ") == sentence.path[-1]


def _asked_for(asked: Question, label: str) -> bool:
    marked = mark_of(label)
    whole = normalise(label[marked.length :] if marked else label).rstrip(":。 ")
    listing = _LISTING.search(_UNDER.sub("", whole))
    if listing is None or (_FORBIDS.search(whole) and not _FORBIDS.search(asked.text)):
        return False
    if _tells_how(asked, listing):
        return True
    words = subject_words(_FORBIDS.sub(" ", whole))
    return _names(asked, listing.group(1)) and all(_names(asked, word) for word in words)


def _tells_how(asked: Question, listing: re.Match[str]) -> bool:
    """Whether a heading names the steps of what a question asks how to do: 申报程序, 怎么申报."""
    done = listing.string[: listing.start()]
    if not done or not _STEPS.match(listing.group(1)):
        return False
    return bool(re.search(f"(?:怎么|如何|怎样|咋)(?:才能|去|来)?{re.escape(done)}$", asked.text))


def _names(asked: Question, word: str) -> bool:
    """Whether the question says a word, or something that documents call so."""
    return word in asked.text or any(
        word in official and said in asked.text for said, official in synonyms().items()
    )


def _items(
    found: Evidence, path: tuple[str, ...], passages: Passages, *, headed: bool = False
) -> list[Evidence]:
    """What stands under a heading; with the heading itself when it leads in or `headed`."""
    below = [
        (number, one)
        for number, one in _below(found, path, passages)
        if headed or leads_in(one) or not (is_heading(one) and one.path == path)
    ]
    if sum(len(one.text) for _, one in below) > _MAX_CHARS:
        items = groupby(below, lambda one: one[1].path[: len(path) + 1])
        below = [next(iter(group)) for _, group in items]
    chosen: list[Evidence] = []
    size = 0
    for number, sentence in below[:_MAX_ITEMS]:
        size += len(sentence.text)
        if size > _MAX_CHARS and len(chosen) >= _PLURAL:
            break
        chosen.append(replace(found, passage=passages[number], sentence=sentence))
    return chosen


def _below(
    found: Evidence, path: tuple[str, ...], passages: Passages
) -> Iterator[tuple[int, Sentence]]:
    number = found.passage.number
    while number > 0 and _reaches(passages, number - 1, found, path):
        number -= 1
    while number < len(passages) and _reaches(passages, number, found, path):
        for sentence, _ in scenes(passages[number]):
            if sentence.path[: len(path)] == path:
                yield number, sentence
        number += 1


def _reaches(passages: Passages, number: int, found: Evidence, path: tuple[str, ...]) -> bool:
    passage = passages[number]
    return passage.source.id == found.passage.source.id and any(
        one.path[: len(path)] == path for one in passage.chunk.sentences
    )
