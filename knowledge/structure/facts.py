"""Everything a text says of itself, and the parts it has."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from core.domain.documents import DocumentFacts, Part, Reading
from knowledge.structure.chunks import Sentence
from knowledge.structure.lines import Block, blocks
from knowledge.structure.readings.contacts import read_contacts
from knowledge.structure.readings.issuing import day_of, read_issuing
from knowledge.structure.readings.quotas import read_quotas
from knowledge.structure.readings.titles import read_title
from knowledge.structure.readings.windows import read_force, read_window
from knowledge.structure.totals import read_totals

_HEAD = 14


def read_facts(text: str, cut: Sequence[Sentence]) -> tuple[tuple[Reading, ...], tuple[Part, ...]]:
    """The readings of a text in order of their parts, and its parts when there are annexes.

    `cut` is the text in sentences.
    """
    by_part = [list(group) for _, group in groupby(cut, key=lambda one: one.part)]
    parts = _parts(by_part, len(text))
    prose = [block for block in blocks(text) if not block.is_row]
    heads = _heads(prose, parts)
    titles = [list(read_title(head, at)) for at, head in enumerate(heads)]
    head = prose[:_HEAD]
    title = titles[0][0] if titles and titles[0] else None
    issuing = list(read_issuing(head, prose, title))
    found: list[Reading] = []
    for at, own in enumerate(by_part):
        found += _of_part(own, titles[at], issuing, at)
    return tuple(found), parts if len(parts) > 1 else ()


def _of_part(
    own: list[Sentence], title: list[Reading], issuing: list[Reading], at: int
) -> list[Reading]:
    """What a text says outright goes before what its title lets expect."""
    above = issuing if at == 0 else []
    year = next((int(one.value) for one in (*title, *issuing) if one.name == "year"), None)
    day = day_of(issuing)
    return [
        *read_force(own, day),
        *title,
        *above,
        *read_window(own, day.year if day else year),
        *read_contacts(own),
        *read_quotas(own),
        *read_totals(own),
    ]


def _parts(by_part: Sequence[list[Sentence]], end: int) -> tuple[Part, ...]:
    starts = [0, *(own[0].start for own in by_part[1:])]
    ends = [*starts[1:], end]
    bare = DocumentFacts(title="")
    return tuple(
        Part(start=start, end=stop, facts=bare) for start, stop in zip(starts, ends, strict=True)
    )


def _heads(prose: Sequence[Block], parts: Sequence[Part]) -> list[list[Block]]:
    """The first lines of each part."""
    heads: list[list[Block]] = [[] for _ in parts]
    starts = [part.start for part in parts]
    for block in prose:
        head = heads[bisect_right(starts, block.start) - 1]
        if len(head) < _HEAD:
            head.append(block)
    return heads
