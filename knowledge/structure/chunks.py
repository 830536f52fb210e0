"""Sections by a stack of levels, cut into chunks of whole sentences and rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from knowledge.structure.headings import label_of, mark_of
from knowledge.structure.lines import Block, blocks
from knowledge.structure.sections import Place
from knowledge.structure.tables import rows_of, tables_of

MAX_CHUNK = 400
"""Characters after which a chunk ends at the next sentence."""

_OPEN, _CLOSE = "（(《“「【", "）)》”」】"
_ENDS = "。！？!?；;"
_SIGNS = re.compile(f"[{re.escape(_OPEN + _CLOSE + _ENDS)}]")
_MAX_SENTENCE = 300
_ENDLESS = 2_000
"""Characters after which what has no end is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The smallest quotable piece: a sentence, a clause of a list, or a table row."""

    text: str
    """Repaired, for searching and display; a row's text names its headers and merged parents."""
    quote: str
    """Verbatim: what stands in the source between `start` and `end`."""
    start: int
    end: int
    path: tuple[str, ...] = ()
    """The headings it stands under, outermost first."""
    row: bool = False
    cells: tuple[tuple[str, str], ...] = ()
    """Header and value of a row's cells, merged parents first; none for a row of headers."""
    table: int = -1
    """Offset at which the table of a row begins: rows of one table share it."""
    part: int = 0
    """0 in the main text, then the number of the annex; known while a text is being cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Neighbouring sentences that are found together."""

    sentences: tuple[Sentence, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The headings that all its sentences share."""
        return _shared(one.path for one in self.sentences)

    @property
    def text(self) -> str:
        """The repaired text, for searching and display."""
        return "".join(one.text + ("\n" if one.row else "") for one in self.sentences)

    @property
    def start(self) -> int:
        """Offset of its first sentence in the source."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Offset after its last sentence in the source."""
        return max(one.end for one in self.sentences)


def chunks(source: str) -> list[Chunk]:
    """The chunks of a document, in order; none reaches from one part into another."""
    return joined(sentences(source))


def joined(cut: Iterable[Sentence]) -> list[Chunk]:
    """The chunks of a document that is already cut into its sentences."""
    found: list[Chunk] = []
    pending: list[Sentence] = []
    size = 0
    for sentence in cut:
        if pending and not _joins(pending, sentence, size):
            found.append(Chunk(sentences=tuple(pending)))
            pending, size = [], 0
        pending.append(sentence)
        size += len(sentence.text)
    if pending:
        found.append(Chunk(sentences=tuple(pending)))
    return found


def _joins(pending: list[Sentence], sentence: Sentence, size: int) -> bool:
    if size + len(sentence.text) > MAX_CHUNK:
        return False
    last, new = pending[-1].path, sentence.path
    if new == last:
        return True
    depth = min(len(pending[0].path), len(new)) - 1
    return depth > 0 and pending[0].path[:depth] == new[:depth]


def _shared(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    levels = zip(*paths, strict=False)
    return tuple(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def sentences(source: str) -> Iterator[Sentence]:
    """Every sentence and row of a text, in order."""
    where = Place()
    table: list[Block] = []
    for block in blocks(source):
        if block.is_row:
            table.append(block)
            continue
        yield from _table(source, table, where)
        table = []
        yield from _paragraph(source, block, where)
    yield from _table(source, table, where)


def headings(source: str) -> list[str]:
    """The labels of all headings and numbered items, in order."""
    found: list[str] = []
    for block in blocks(source):
        marked = None if block.is_row else mark_of(block.text)
        if marked:
            found.append(label_of(block.text, marked)[0])
    return found


def _table(source: str, rows: list[Block], where: Place) -> Iterator[Sentence]:
    for table in tables_of(rows):
        where.come_to_table()
        yield from _rows(source, table, where)


def _rows(source: str, table: list[Block], where: Place) -> Iterator[Sentence]:
    for row in rows_of(table):
        yield Sentence(
            text=row.text,
            quote=source[row.start : row.end],
            start=row.start,
            end=row.end,
            path=where.path,
            row=True,
            cells=row.cells,
            table=table[0].start,
            part=where.part,
        )


def _paragraph(source: str, block: Block, where: Place) -> Iterator[Sentence]:
    where.come_to(block)
    for start, end in _bounded(block.text):
        at, to = block.span(start, end)
        yield Sentence(
            text=block.text[start:end],
            quote=source[at:to],
            start=at,
            end=to,
            path=where.path,
            part=where.part,
        )
    where.leave(block)


def _bounded(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, those that never end cut at a comma, or anywhere."""
    for begin, end in _cuts(text):
        at = begin
        while end - at > _ENDLESS:
            comma = max(text.rfind(sign, at + 1, at + _ENDLESS) for sign in "，,、 ")
            cut = comma + 1 if comma > at else at + _ENDLESS
            if text[at:cut].strip():
                yield at, cut
            at = cut
        if text[at:end].strip():
            yield at, end


def _cuts(text: str) -> Iterable[tuple[int, int]]:
    """Where sentences begin and end; nothing is cut inside brackets or quotes."""
    begin, depth = 0, 0
    for sign in _SIGNS.finditer(text):
        at, char = sign.start(), sign.group()
        depth += (char in _OPEN) - (char in _CLOSE)
        ended = char in _ENDS and (depth <= 0 or at - begin > _MAX_SENTENCE)
        ended = ended and not (at + 1 < len(text) and text[at + 1] in _CLOSE)
        if ended or (char in _CLOSE and depth <= 0 and at and text[at - 1] in _ENDS):
            yield begin, at + 1
            begin, depth = at + 1, 0
    if text[begin:].strip():
        yield begin, len(text)
