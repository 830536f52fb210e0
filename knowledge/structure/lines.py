"""Physical lines joined to blocks: what page breaks, columns and hard wraps tore apart.

A block keeps, for each of its characters, the offset it came from, so that anything cut from it
can be quoted verbatim from the source.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from knowledge.structure.headings import Mark, looks_like_title, mark_of

_ENDED = re.compile(r"[。！？!?；;：:…]”?[）)》」』]?$")
_OPEN = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」"}
_LONG = 25
_TORN = 8
_RAGGED = 3
_BOOKMARK = re.compile(r"\[bookmark: [^\]]*\]")
_DECORATION = re.compile(r"\*\*|^#{1,6} (?=[一二三四五六七八九十（(第附\d])|^[-*] (?=\S)")
_DAMAGED = re.compile(r"^[-*•#]|[ \[]|\*\*")
"""Finds a sign in every line that cleaning could change."""
_BULLET = re.compile(r"[-*•] \S")
_FIELD = re.compile(r"^.{1,10}[：:]")
_ADDRESS_END = re.compile(r"(?:@|https?:).*[A-Za-z/]$|(?<!\d)(?:\d{7,8}|1\d{10})$")
_NARROW = 24
_TAIL = 300
_LONGEST_ROW = 20_000
"""Characters; a longer line with tabs is not a row that anybody reads."""
_RULE = re.compile(r"^\|[\s:|-]+\|$")
_MIN_BARS = 3
_JUST_NUMBER = re.compile(r"^[-—\s]*\d{1,3}[-—\s]*$")
_CHINESE = r"[\u3400-\u9fff，。、；：“”《》〔〕（）()]"
_INNER_GAP = re.compile(
    rf"(?<={_CHINESE}) +(?={_CHINESE})"
    rf"|(?<={_CHINESE}) (?=\d)(?!\d{{7}}|\d{{3,4}}[-－—]\d{{7}})"
    rf"|(?<=\d)(?<!\d{{7}}) (?={_CHINESE})"
)
"""Spaces inside Chinese, and one between Chinese and a number that is no telephone's."""
_NUMBERED = re.compile(
    r"\s*(?:(?:附\s*件|专栏|表|图) ?)?\d{1,2}(?:\.\d{1,2})*"
    r" (?![年月日号时点分万亿个名项家人次天元件篇])"
)
"""What a line begins with when it is numbered: the space behind the number stays."""
_DATE = re.compile(r"^(?:\d{4}|[一二三四五六七八九〇○零]{4})\s*年.{1,6}月.{1,4}日$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A repaired paragraph or a table row; `places[i]` is where `text[i]` stands in the source."""

    text: str
    places: Sequence[int]
    is_row: bool = False
    after_gap: bool = False
    """Whether an empty line stands before it."""
    bullet: bool = False
    wrap: int = 0
    """Width at which the lines around it were wrapped; 0 when it stands alone."""

    @property
    def start(self) -> int:
        """Offset of its first character in the source."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Offset after its last character in the source."""
        return self.places[-1] + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of `text[start:end]`."""
        return self.places[start], self.places[end - 1] + 1


def blocks(source: str) -> list[Block]:
    """The repaired blocks of a text, in order."""
    found: list[Block] = []
    pieces: list[Block] = []
    for line in _with_wraps(list(_physical(source))):
        if line.is_row or not pieces or not _continues(pieces, line):
            _flush(pieces, found)
        if line.is_row:
            found.append(line)
        else:
            pieces.append(line)
    _flush(pieces, found)
    return found


def _physical(source: str) -> Iterator[Block]:
    position, gap = 0, False
    for raw in re.split(r"(?<=\n)", source):
        start = position
        position += len(raw)
        if not raw.strip() or (_JUST_NUMBER.match(raw.strip()) and "\t" not in raw):
            gap = True
            continue
        if _RULE.match(raw.strip()):
            continue
        if _is_row(raw):
            body = raw.rstrip("\n")
            places = range(start, start + len(body))
            yield Block(text=body, places=places, is_row=True, after_gap=gap)
        else:
            yield _clean(raw, start, gap=gap)
        gap = False


def _is_row(raw: str) -> bool:
    if len(raw) > _LONGEST_ROW:
        return False
    piped = raw.startswith("|") and raw.count("|") >= _MIN_BARS
    return "\t" in raw.strip("\n ") or piped


def _with_wraps(lines: list[Block]) -> Iterator[Block]:
    """Tell each line how wide its run is: lines without a gap or a row between them."""
    run: list[Block] = []
    for line in lines:
        if run and (line.after_gap or line.is_row or run[-1].is_row):
            yield from _measured(run)
            run = []
        run.append(line)
    yield from _measured(run)


def _measured(run: list[Block]) -> Iterator[Block]:
    width = max((len(line.text) for line in run[:-1]), default=0)
    for line in run:
        yield replace(line, wrap=width)


def _clean(raw: str, start: int, *, gap: bool) -> Block:
    """Drop outer spaces, marks of markdown and word processors, and inner spaces."""
    left = len(raw) - len(raw.lstrip())
    plain = raw.strip()
    if not _DAMAGED.search(plain):
        at = start + left
        return Block(text=plain, places=range(at, at + len(plain)), after_gap=gap)
    numbered = _NUMBERED.match(raw)
    behind = numbered.end() - 1 if numbered else -1
    dropped = [one.span() for one in _INNER_GAP.finditer(raw) if one.start() != behind]
    for pattern in (_BOOKMARK, _DECORATION):
        dropped += [(one.start() + left, one.end() + left) for one in pattern.finditer(plain)]
    kept = _kept(left, left + len(plain), sorted(dropped))
    text = "".join([raw[begin:end] for begin, end in kept])
    places = tuple(chain.from_iterable(range(start + begin, start + end) for begin, end in kept))
    spaces = len(text) - len(text.lstrip())
    return Block(
        text=text[spaces:] or plain[:1],
        places=places[spaces:] or (start + left,),
        after_gap=gap,
        bullet=bool(_BULLET.match(raw, left)),
    )


def _kept(begin: int, end: int, dropped: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of `begin` to `end` is left without the dropped spans, which are in order."""
    kept: list[tuple[int, int]] = []
    for start, stop in dropped:
        if start > begin:
            kept.append((begin, start))
        begin = max(begin, stop)
    if end > begin:
        kept.append((begin, end))
    return kept


def _flush(pieces: list[Block], found: list[Block]) -> None:
    if pieces:
        text = "".join([piece.text for piece in pieces])
        first = pieces[0].places
        every = chain.from_iterable(piece.places for piece in pieces)
        places = first if len(pieces) == 1 else tuple(every)
        found.append(Block(text=text, places=places, after_gap=pieces[0].after_gap))
        pieces.clear()


def _continues(pieces: list[Block], line: Block) -> bool:
    """Whether `line` goes on with the sentence that the pieces began."""
    last = pieces[-1].text
    if _starts_anew(line):
        return False
    if last.endswith(("，", "、", ",")) or _unclosed(pieces):
        return True
    return not _finished(pieces[-1], line) and _torn(pieces, line)


def _finished(last: Block, line: Block) -> bool:
    """Whether a line ends a paragraph by its last words, its width, or its form."""
    text = last.text
    if _ENDED.search(text) or _DATE.match(text) or _ADDRESS_END.search(text):
        return True
    if last.wrap > _NARROW and len(text) < last.wrap - _RAGGED:
        return True
    return bool(_FIELD.match(text) and _FIELD.match(line.text))


def _torn(pieces: list[Block], line: Block) -> bool:
    last = pieces[-1].text
    narrow = 0 < pieces[-1].wrap <= _NARROW
    if line.after_gap:
        torn = len(last) >= _LONG or (len(pieces) > 1 and (narrow or len(last) >= _TORN))
        return torn and not looks_like_title(last) and not looks_like_title(line.text)
    return ((narrow and len(pieces) > 1) or len(last) >= _TORN) and not _is_heading(pieces)


def _is_heading(pieces: list[Block]) -> bool:
    first = mark_of(pieces[0].text)
    return first is not None and first.mark is not Mark.DASH and len(pieces[-1].text) < _LONG


def _starts_anew(line: Block) -> bool:
    return line.bullet or mark_of(line.text) is not None or bool(_DATE.match(line.text))


def _unclosed(pieces: list[Block]) -> bool:
    """Whether a bracket or quote is open at the end; one that stays open for long is a slip."""
    tail = ""
    for piece in reversed(pieces):
        tail = piece.text[-_TAIL:] + tail
        if len(tail) >= _TAIL:
            break
    tail = tail[-_TAIL:]
    return any(tail.count(left) > tail.count(right) for left, right in _OPEN.items())
