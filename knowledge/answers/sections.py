"""Questions for a whole section (申报条件, 申报材料 ...): all that stands under its heading."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge.answers.evidence import Evidence
from knowledge.answers.question import Kind, Question
from knowledge.answers.scenes import scenes
from knowledge.lexicon.words import normalise, segmenter
from knowledge.retrieval.passages import Passages
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import mark_of

_LISTING = re.compile(
    r"(?:条件|要求|材料|范围|方式|程序|流程|步骤|类别|方向|说明|任务|职责|措施)$"
)
_LOOKED_AT = 40
_MAX_ITEMS = 8
_MAX_CHARS = 500


def section_of(
    asked: Question, admitted: Iterable[Evidence], passages: Passages
) -> list[Evidence]:
    """The items under the heading that the question names; empty when it names none."""
    if asked.kind not in {None, Kind.CONDITION}:
        return []
    for evidence, _ in zip(admitted, range(_LOOKED_AT), strict=False):
        for depth, label in enumerate(evidence.sentence.path, start=1):
            if _asked_for(asked, label):
                return list(_items(evidence, evidence.sentence.path[:depth], passages))
    return []


def _asked_for(asked: Question, label: str) -> bool:
    marked = mark_of(label)
    core = normalise(label[marked.length :] if marked else label)
    if not _LISTING.search(core):
        return False
    words = [word for word, _ in segmenter().cut(core) if len(word) > 1]
    return bool(words) and all(word in asked.text for word in words)


def _items(found: Evidence, path: tuple[str, ...], passages: Passages) -> Iterator[Evidence]:
    size = 0
    for number, sentence in _below(found, path, passages):
        size += len(sentence.text)
        if size > _MAX_CHARS:
            return
        yield replace(found, passage=passages[number], sentence=sentence)


def _below(
    found: Evidence, path: tuple[str, ...], passages: Passages
) -> Iterator[tuple[int, Sentence]]:
    number = found.passage.number
    while number > 0 and _reaches(passages, number - 1, found, path):
        number -= 1
    count = 0
    while number < len(passages) and _reaches(passages, number, found, path):
        for sentence, _ in scenes(passages[number]):
            inside = sentence.path[: len(path)] == path
            heading = bool(sentence.path) and sentence.text.rstrip("。：:") == path[-1]
            if inside and not heading and count < _MAX_ITEMS:
                count += 1
                yield number, sentence
        number += 1


def _reaches(passages: Passages, number: int, found: Evidence, path: tuple[str, ...]) -> bool:
    passage = passages[number]
    return passage.source.id == found.passage.source.id and any(
        one.path[: len(path)] == path for one in passage.chunk.sentences
    )
