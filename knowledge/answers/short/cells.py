"""The cell of a table that a question asks for: its row by a key cell, its column by a header.

A row is the one asked about when what the question says sets it apart from the other rows of its
table, a column when the question names its header, or when it alone holds the kind of thing asked
for. Where two rows or columns are meant equally well there is no cell.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.answers.evidence import Evidence
from knowledge.answers.holding import holds
from knowledge.answers.kinds import CONTACTS, SHARE, Kind
from knowledge.answers.question import Question
from knowledge.answers.weighing.cover import PASSAGE
from knowledge.answers.weighing.years import speaks_of_years
from knowledge.lexicon.lists import generic, sorts, synonyms
from knowledge.lexicon.words import NAMING, grams, normalise
from knowledge.structure.chunks import Sentence

_BRACKETS = re.compile(r"\(([^()]*)\)$")
_YEAR = re.compile(r"20\d{2}年?度?")
_CODE = re.compile(r"^[a-z]{1,4}-?\d{1,5}$")
_BARE = re.compile(r"^\d[\d.,]*$")
_UNIT = re.compile(r"^(?:[百千万亿]?元|%|[\u4e00-\u9fff]{1,3})$")
_LIMIT = re.compile("上限|下限|最高|最低|至多|至少")
_ORDER = re.compile(r"^(?:序号|编号|no\.?)$")
_WHO = {
    Kind.PERSON: re.compile(r"联系人|负责人|主讲|讲师|单位|部门"),
    Kind.VENUE: re.compile(r"地点|地址|场地"),
}
"""Headers of columns that hold a person, a place."""

_ENUMERATED = frozenset({Kind.LIST, Kind.MEMBERS, Kind.REGIONS, Kind.CONDITION})
_ANY_UNIT = "个"
_FULL, _SHORTENED, _CALLED, _FITTING, _HEAD = 1.0, 0.9, 0.8, 0.5, 0.4
_LEAST = 2
_MADE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell with its column's name; the value bears the unit that its header states."""

    evidence: Evidence
    header: str
    value: str


def cell_asked(asked: Question, admitted: Iterable[Evidence]) -> Cell | None:
    """The one cell that a question asks for; None when it asks for more, or is not sure."""
    if asked.polar or asked.kind in _ENUMERATED | CONTACTS:
        return None
    found: list[tuple[float, Cell]] = []
    for rows in tables_among(admitted).values():
        row = _row(asked, rows)
        column = column_of(asked, row.sentence) if row else None
        if row and column and column.named < _CALLED and not _is_borne(asked, row, least=0.0):
            continue
        if row and column and (column.years or _of_years(asked, row)):
            cell = Cell(evidence=row, header=column.header, value=column.value)
            found.append((column.named + row.score / 10, cell))
    return max(found, key=lambda one: one[0])[1] if found else None


def tables_among(admitted: Iterable[Evidence]) -> Mapping[tuple[str, int], list[Evidence]]:
    """The rows among evidence, by their tables, in the order of the document."""
    tables: dict[tuple[str, int], list[Evidence]] = {}
    for one in admitted:
        if one.sentence.row and one.sentence.cells:
            tables.setdefault((one.passage.source.id, one.sentence.table), []).append(one)
    for rows in tables.values():
        rows.sort(key=lambda one: one.sentence.start)
    return tables


def _of_years(asked: Question, row: Evidence) -> bool:
    return not asked.years or speaks_of_years(asked.years, row.sentence, row.passage)


def _row(asked: Question, rows: Sequence[Evidence]) -> Evidence | None:
    """The row that the question's words set apart from the others of its table."""
    said = {one for one in grams(asked.text) if len(one) > 1}
    own = [_grams(one.sentence) & said for one in rows]
    common = Counter(pair for one in own for pair in one)
    scores = [sum(math.log((len(rows) + 1) / common[pair]) for pair in one) for one in own]
    best = max(range(len(rows)), key=lambda at: scores[at])
    rivals = sum(one >= scores[best] for one in scores)
    row = rows[best]
    if rivals > 1 or not scores[best] or not _is_borne(asked, row):
        return None
    return row if any(naming(key, asked.text) >= _HEAD for key in _keys(row.sentence)) else None


def _keys(sentence: Sentence) -> list[str]:
    """The cells that may name a row: words and codes, no amounts."""
    values = [_BRACKETS.sub("", normalise(value)) for _, value in sentence.cells]
    return [one for one in values if _CODE.match(one) or not re.search(r"\d.*\d|^\d", one)]


def _grams(sentence: Sentence) -> set[str]:
    return {pair for key in _keys(sentence) for pair in grams(key) if len(pair) > 1}


def _is_borne(asked: Question, row: Evidence, least: float = NAMING) -> bool:
    """Whether all that the question names stands in the row, above it or in the title.

    Words that weigh `least` or more count; at 0.0 also those that say what is done.
    """
    names = [
        word
        for word, weight in asked.words.items()
        if weight >= least and (not least or word not in generic() | sorts())
    ]
    return all(row.seen.places[word][0] < PASSAGE for word in names if word in row.seen.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a question asks for, with a row's cell in it."""

    header: str
    value: str
    named: float
    """How fully the question names it: 1.0 for its whole header."""
    years: bool
    """Whether the header names the year that is asked about."""


def column_of(asked: Question, sentence: Sentence) -> Column | None:
    """The one column of a row that a question asks for."""
    found = [one for cell in sentence.cells for one in _columns(asked, *cell)]
    top = max((one.named for one in found), default=0.0)
    best = [one for one in found if one.named == top]
    longest = max((len(one.header) for one in best), default=0)
    if top >= _CALLED and len(best) > 1:
        best = [one for one in best if len(one.header) == longest]
    return best[0] if len(best) == 1 and top >= _FITTING else None


def _columns(asked: Question, header: str, value: str) -> Iterable[Column]:
    """A cell, or its parts where its header joins several (数量/奖金), as far as asked for."""
    whole, told = normalise(header), normalise(value)
    if naming(_BRACKETS.sub("", told), asked.text) == _FULL or _ORDER.match(whole):
        return
    brackets = _BRACKETS.search(whole)
    core = _BRACKETS.sub("", whole)
    inner = brackets[1] if brackets else ""
    years = {int(one[:4]) for one in _YEAR.findall(core)}
    if years and not years & asked.years:
        return
    rest = _YEAR.sub("", core)
    parts = [(name, part) for name, part in _parts(inner, told) if naming(name, asked.text)]
    if len(parts) == 1:
        told, inner = parts[0][1], ""
    named = _header_named(asked, rest, told, inner)
    if named:
        yield Column(
            header=header[: header.find("（")] if "（" in header else header,
            value=_with_unit(told, inner),
            named=named,
            years=bool(years),
        )


def _parts(names: str, value: str) -> list[tuple[str, str]]:
    """The names in a header's bracket with the parts of a cell that they belong to."""
    every, each = names.split("/"), value.split("/")
    return list(zip(every, each, strict=True)) if len(every) == len(each) > 1 else []


def _header_named(asked: Question, header: str, value: str, inner: str) -> float:
    """How fully a question names a column, or whether it holds the kind that is asked for."""
    named = naming(header, asked.text)
    if named >= _CALLED:
        return named
    if asked.kind is None:
        return 0.0
    sought = _WHO.get(asked.kind)
    if sought is not None:
        return _FITTING if sought.search(header) else 0.0
    told = _with_unit(value, inner)
    counted = asked.unit not in told and asked.unit not in {SHARE, _ANY_UNIT}
    if (asked.kind is Kind.NUMBER and counted) or not holds(asked.kind, asked.unit, told):
        return 0.0
    measured = asked.kind is Kind.MONEY or bool(asked.unit)
    return _FITTING * (measured or bool(named)) + named / 10


def _with_unit(value: str, inner: str) -> str:
    """A bare number with the unit in its header's bracket: 180万元 below 榜额（万元）.

    A limit in the bracket goes before it: 上限6个 below 名额（上限）.
    """
    if _LIMIT.fullmatch(inner):
        return f"{inner}{value}"
    unit = re.split("[,，;、]", inner)[0]
    return f"{value}{unit}" if _BARE.match(value) and _UNIT.match(unit) else value


def naming(name: str, text: str) -> float:
    """How fully a normalised text says a name: 1.0 in full, less when shortened or paraphrased."""
    if len(name) < _LEAST or not re.search("[\u4e00-\u9fff]", name):
        return _FULL * (len(name) >= _LEAST and name in text)
    if name in text:
        return _FULL
    if len(name) > _MADE and _shortened(name, text):
        return _SHORTENED
    if any(said in text and name in official for said, official in synonyms().items()):
        return _CALLED
    pairs = [pair for pair in grams(name) if len(pair) > 1]
    share = sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
    return max(_HEAD * (name[-2:] in text), _HEAD * (share >= _HEAD), 0.0)


def _shortened(name: str, text: str) -> bool:
    """Whether a text says a name without its middle: 初创组 for 初创企业组."""
    return any(
        name[:head] + name[-tail:] in text
        for head in range(len(name) - 1, 1, -1)
        for tail in range(len(name) - head - 1, 0, -1)
        if head + tail >= _MADE
    )
