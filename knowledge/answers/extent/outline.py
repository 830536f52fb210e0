"""Outlines: the headings right below the one a question names, when their list is asked for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge.answers.evidence import Evidence
from knowledge.answers.extent.sections import is_heading
from knowledge.answers.question import Question
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passages
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import Mark, mark_of

_COUNTED = r"(?:哪些?|几|哪几|[两二三四五六七八九十])(?:几|[两二三四五六七八九十])?大?个?"
_LINK = (
    r"(?:里|上|中|都|一共|总共|共|主要|总体|大体|大致|分别|具体|到底|的|有|是|分|分为|分成|包括|包含"
    r"|列了?|讲了?|提了?|写了?|说了?|安排了?|部署了?|定了?|要求|从|由|要|抓)*"
)
_ASKS = re.compile(
    rf"^{_LINK}(?:{_COUNTED}(?:块|板块|部分|方面|条|项|点|章|步|类|任务|举措|措施|内容|工作|机制)?"
    rf"|什么|啥)(?:内容|东西|任务|举措|措施|组成|构成|展开|入手|来?(?:做|讲|写|抓)|的)*[呀啊呢吗]*$"
)
"""What may stand behind the name of a heading when the headings below it are asked for."""

_PARTS = re.compile(
    rf"(?:分|讲|写|包括|包含|部署|由|从|有|安排)(?:了|为|成)?{_COUNTED}(?:大?块|板块|部分|方面|章)"
)
"""What asks for the parts of a whole document."""

_HOW_MANY = re.compile(r"(?<!第)([两二三四五六七八九十])(?:大|个|方面|条|项|点|部分|块|类|步|章)")
_NUMBERS = "零一二三四五六七八九十"
_LOOKED_AT = 60
_FEWEST, _MOST = 2, 24


def outline_of(
    asked: Question, admitted: Iterable[Evidence], passages: Passages
) -> list[Evidence]:
    """The headings below the one that the question names; empty when it asks for no such list."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    whole = bool(_PARTS.search(asked.text)) and asked.of_plan
    for found, _ in zip(admitted, range(_LOOKED_AT), strict=False):
        for path in _named(asked, found, whole=whole):
            known = (str(found.passage.source.id), path)
            if known in seen:
                continue
            seen.add(known)
            below = _below(found, path, passages)
            if _FEWEST <= len(below) <= _MOST and _fits(asked, len(below)):
                return below
    return []


def _named(asked: Question, found: Evidence, *, whole: bool) -> Iterator[tuple[str, ...]]:
    """The headings around a sentence whose parts are asked for, the innermost first.

    Of a whole document it is its beginning: its title, or nothing.
    """
    path = found.sentence.path
    for depth in range(len(path), 0, -1):
        name = _name_of(path[depth - 1])
        at = asked.text.rfind(name) if name else -1
        if at >= 0 and _ASKS.match(asked.text[at + len(name) :]):
            yield path[:depth]
    if whole:
        yield from (path[:depth] for depth in range(min(len(path), _FEWEST) + 1))


def _name_of(label: str) -> str:
    """A heading without its number, unless it is too short to be told by."""
    marked = mark_of(label)
    name = normalise(label[marked.length :] if marked else label).strip("、.。: ")
    return name if len(name) > _FEWEST else ""


def _below(found: Evidence, path: tuple[str, ...], passages: Passages) -> list[Evidence]:
    """The numbered headings one level below a path in the document of what was found."""
    own: dict[str, Evidence] = {}
    marks: set[int] = set()
    for number in passages.numbers(found.passage.source.id):
        for one in passages[number].chunk.sentences:
            marked = _is_next(one, path)
            if marked is None:
                continue
            marks.add(marked)
            kept = replace(found, passage=passages[number], sentence=one)
            own.setdefault(one.path[-1], kept)
    return list(own.values()) if len(marks) == 1 else []


def _is_next(one: Sentence, path: tuple[str, ...]) -> int | None:
    """The level of a numbered heading right below a path; None for any other sentence."""
    if len(one.path) != len(path) + 1 or one.path[: len(path)] != path or not is_heading(one):
        return None
    marked = mark_of(one.path[-1])
    return int(marked.mark) if marked and marked.mark is not Mark.ANNEX else None


def _fits(asked: Question, count: int) -> bool:
    """Whether there are as many as the question says."""
    said = {_NUMBERS.find("二" if one == "两" else one) for one in _HOW_MANY.findall(asked.text)}
    return not said or count in said
