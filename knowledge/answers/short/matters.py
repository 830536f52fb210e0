"""Whom to ask about a matter, where a document names several contacts, each for one of its own.

财务发票：曾国栋 0591-… is the line for invoices. A line that goes on in parts gives the part
that the question names (会务住宿：初级班 …；中级班 …), else all of them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.answers.evidence import Evidence
from knowledge.answers.holding import holds
from knowledge.answers.kinds import Kind
from knowledge.answers.question import Question, understand
from knowledge.answers.short.contacts import contact_passages
from knowledge.lexicon.words import grams, normalise
from knowledge.retrieval.passages import Passage, Source
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import Sentence

_WHOM = re.compile(
    r"(?:找|问|联系|咨询|打给|归|打电话给)(?:谁|哪位|哪个人|哪个电话|什么电话)|谁(?:负责|管|来管)|联系人"
    r"|电话|联系方式|哪位"
)
_KINDS = frozenset({None, Kind.PERSON, Kind.PHONE})
_LABEL = re.compile(r"^\s*([\u4e00-\u9fff、和及]{2,12})[：:]")
_OF_ALL = re.compile(r"联系|电话|咨询|服务|技术|支持|负责|人$")
"""What every such line says; the rest of its label is its matter."""

_PAPERS, _LOOKED_AT, _FOUND = 2, 12, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The contacts for a matter, each with its sentence; the label as the document has it."""

    label: str
    evidence: tuple[Evidence, ...]


def matter_asked(asked: Question, admitted: Sequence[Evidence], corpus: Corpus) -> Matter | None:
    """The one matter that a question asks a contact for; None where none or several fit."""
    if asked.kind not in _KINDS or not _WHOM.search(asked.text):
        return None
    papers: dict[str, Evidence] = {}
    for one in admitted[:_LOOKED_AT]:
        papers.setdefault(one.passage.source.id, one)
    for one in list(papers.values())[:_PAPERS]:
        lines = _lines(_places(asked, one.passage.source, corpus))
        named = {label: _named(label, asked.text) for label in lines}
        most = max(named.values(), default=0)
        best = [label for label, words in named.items() if words == most]
        if len(lines) > 1 and most and len(best) == 1:
            told = _parts(asked, lines[best[0]])
            each = (replace(one, passage=passage, sentence=line) for passage, line in told)
            return Matter(label=best[0], evidence=tuple(each))
    return None


def _places(asked: Question, source: Source, corpus: Corpus) -> list[Passage]:
    """The passages of a document that name contacts or say what is asked, in its order."""
    hits = corpus.search(asked.text, limit=_FOUND, within={source.id})
    found = (*contact_passages(source, corpus), *(hit.passage for hit in hits))
    return sorted({one.number: one for one in found}.values(), key=lambda one: one.number)


def _lines(passages: Iterable[Passage]) -> dict[str, list[tuple[Passage, Sentence]]]:
    """The lines with a telephone, by the label that they stand behind.

    Labels behind a label are people (咨询电话：李老师：…；王老师：…), as are those that go on.
    """
    found: dict[str, list[tuple[Passage, Sentence]]] = {}
    label, goes_on, of_people, follows = "", False, False, -1
    for passage in passages:
        goes_on = goes_on and passage.number == follows
        follows = passage.number + 1
        for one in passage.chunk.sentences:
            own = _LABEL.match(one.text)
            if own and not (goes_on and of_people):
                label, of_people = own[1], bool(_LABEL.match(one.text[own.end() :]))
            elif not goes_on:
                label = ""
            goes_on = one.text.rstrip().endswith(("；", ";"))
            if label and not one.row and holds(Kind.PHONE, "", normalise(one.text)):
                found.setdefault(label, []).append((passage, one))
    return found


def _named(label: str, text: str) -> int:
    """How many pairs of characters of a label's matter a normalised question says."""
    matter = understand(_OF_ALL.sub(" ", label), 0).text  # said as questions are read
    pairs = (one for one in grams(matter) if len(one) > 1)
    return sum(pair in text for pair in pairs)


def _parts(
    asked: Question, lines: list[tuple[Passage, Sentence]]
) -> list[tuple[Passage, Sentence]]:
    """The lines of a matter that the question names by what stands before the name, else all."""
    heads = [normalise(_LABEL.sub("", line.text).split()[0]) for _, line in lines]
    own = [one for one, head in zip(lines, heads, strict=True) if head and head in asked.text]
    return own if len(lines) > 1 and own else lines
