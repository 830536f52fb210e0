"""The document that a formula stands in: its sentences, the row and the amounts asked about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

from core.domain.documents import DocumentId
from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, own
from knowledge.answers.working.conditions.subject import unknown_sort
from knowledge.answers.working.reading.numbers import plain
from knowledge.lexicon.words import NAMING, normalise, segmenter
from knowledge.retrieval.passages import Passages

_LOOKED_AT = 60
_PAPERS = 3
_LONGEST = 1_500
"""Passages after which a document is too long to be read whole for one question."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TALK = re.compile(
    r"起码|题目|道题|对方|甲方|付清|付完|结清|交清|付款|完全|到账|学费|费用|[全尾首]款|块钱|个人|个单位|一个|总共|一共|合计|名额|多少|单位|全[额年部]|公司|企业|咱们?|我们?|老板|老师|朋友|同事|孩子|家里"
)
_NO_NAMES = frozenset({"l", "i"})
"""Sorts of words that are set phrases: 算下来, 弄坏了."""

_ROW_PIECE = 3
_WAN = 10_000
_MONEY = re.compile(r"(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>[百千]?万?元)")
_HEAD_MARK = re.compile(
    r"^(?:第[一二三四五六七八九十百]+条|[(]?[一二三四五六七八九十\d]+[).、]+)\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money in yuan, what it is called, and the sentence or row that states it."""

    value: Fraction
    name: str
    evidence: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document, sentence by sentence."""

    case: Case
    one: Evidence
    """Any sentence of it."""

    @cached_property
    def sentences(self) -> tuple[Evidence, ...]:
        """All its sentences and rows, in order."""
        passages = self.case.corpus.passages
        return tuple(
            replace(self.one, passage=passages[number], sentence=sentence)
            for number in passages.numbers(self.one.passage.source.id)
            for sentence in passages[number].chunk.sentences
        )

    @cached_property
    def text(self) -> str:
        """All that it says, normalised."""
        return _text(self.case.corpus.passages, self.one.passage.source.id)

    def knows(self) -> bool:
        """Whether it says every name of the question somewhere."""
        text = self.case.text
        phrases = {word for word, sort in segmenter().cut(text) if sort in _NO_NAMES}
        known = self.case.asked.words.items()
        names = [word for word, worth in known if worth == NAMING and word not in phrases]
        if unknown_sort(text, self.text):
            return False
        return all(self._says(one) for one in names) or self._keyed

    @cached_property
    def _keyed(self) -> bool:
        """Whether the question names a row by a key of letters and digits: YQ02."""
        keys = re.findall(r"[a-z]+-?\d+", self.case.text)
        return self.row is not None and any(key in own(self.row) for key in keys)

    def _says(self, name: str) -> bool:
        rest = _TALK.sub("", name)
        return len(rest) < 2 or rest in self.text or bool(pairs(rest) & pairs(self.text))  # noqa: PLR2004

    @cached_property
    def row(self) -> Evidence | None:
        """The row that the question names by its key or by a piece of a cell; None where two."""
        found: dict[int, list[Evidence]] = {}
        for one in self.sentences:
            if one.sentence.cells and (size := self._named(one)):
                found.setdefault(size, []).append(one)
        best = found[max(found)] if found else []
        return best[0] if len(best) == 1 else None

    def rows_of(self, header: re.Pattern[str]) -> list[Evidence]:
        """The rows with a column of such a header that the question names best."""
        found: dict[int, list[Evidence]] = {}
        for one in self.sentences:
            if any(header.search(normalise(head)) for head, _ in one.sentence.cells):
                size = self._named(one)
                if size:
                    found.setdefault(size, []).append(one)
        return found[max(found)] if found else []

    @cached_property
    def _tables(self) -> dict[int, list[tuple[int, str]]]:
        """The words of the rows of every table, each with the place of its row."""
        found: dict[int, list[tuple[int, str]]] = {}
        for one in self.sentences:
            if one.sentence.cells:
                found.setdefault(one.sentence.table, []).append((one.sentence.start, own(one)))
        return found

    def _named(self, row: Evidence) -> int:
        """How long a piece of a row's cells the question says that no other row has."""
        mine = [normalise(cell) for _, cell in row.sentence.cells]
        rivals = [
            text
            for start, text in self._tables.get(row.sentence.table, ())
            if start != row.sentence.start
        ]
        text, best = self.case.text, 0
        for cell in mine:
            for start in range(len(cell)):
                size = best + 1
                while start + size <= len(cell) and cell[start : start + size] in text:
                    piece = cell[start : start + size]
                    if self._tells(piece, cell, rivals):
                        best = size
                    size += 1
        return best if best >= 2 else 0  # noqa: PLR2004 -- a sign is no name

    def _tells(self, piece: str, cell: str, rivals: list[str]) -> bool:
        """Whether a piece of a cell stands for its row alone."""
        if any(piece in one for one in rivals) or (piece.isdigit() and piece != cell):
            return False
        if len(piece) >= _ROW_PIECE or piece == cell:
            return not piece.isdigit()
        return len(piece) > 1 and self.text.count(piece) == 1

    def stated(self, name: str) -> Amount | None:
        """The one amount that the document gives for a thing of that name; None where several."""
        found: dict[Fraction, Amount] = {}
        pattern = re.compile(
            rf"{re.escape(name)}(?:标准|金额|为|是|:|各|共|总额|一次性)*{_MONEY.pattern}"
        )
        for one in self.sentences:
            if one.sentence.row:
                continue
            for said in pattern.finditer(own(one)):
                value = yuan(said["value"], said["unit"])
                found.setdefault(value, Amount(value=value, name=name, evidence=one))
        return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=16)
def _text(passages: Passages, document: DocumentId) -> str:
    """All that a document says with its headings and titles, normalised."""
    numbers = passages.numbers(document)
    titles = dict.fromkeys(normalise(passages[one].source.facts.title) for one in numbers)
    bodies = (f"{passages.normal(one).labels}|{passages.normal(one).body}" for one in numbers)
    return "|".join((*titles, *bodies))


def itemised(paper: Paper, name: str) -> Amount | None:
    """The one amount of an item that the question names in full: 园区服务站: 每个补助10万元."""
    found: dict[Fraction, Amount] = {}
    for one in paper.sentences:
        item, colon, rest = unmarked(own(one)).lstrip("-—").partition(":")
        sums = moneys(rest)
        if one.sentence.row or not colon or item not in paper.case.text or len(sums) != 1:
            continue
        if pairs(name) & pairs(rest):
            found[sums[0][1]] = Amount(value=sums[0][1], name=item, evidence=one)
    return next(iter(found.values())) if len(found) == 1 else None


def papers(case: Case, *hints: str) -> Iterator[Paper]:
    """The likeliest documents that know what the question names."""
    seen: set[str] = set()
    for one in case.look(*hints)[:_LOOKED_AT]:
        source = one.passage.source.id
        if source in seen or len(seen) == _PAPERS:
            continue
        seen.add(source)
        if len(case.corpus.passages.numbers(source)) > _LONGEST:
            continue
        paper = Paper(case=case, one=one)
        if paper.knows():
            yield paper


def cell_amount(row: Evidence, named: re.Pattern[str]) -> Amount | None:
    """The money of a row in the column of such a header, in yuan."""
    for head, cell in row.sentence.cells:
        header = normalise(head)
        found = re.match(r"^(\d+(?:,\d{3})*(?:\.\d+)?)\s*(万?元)?$", normalise(cell))
        if found is None or not named.search(header) or not (found[2] or "元" in header):
            continue
        unit = found[2] or ("万元" if "万元" in header else "元")
        name = re.sub(r"\([^()]*\)", "", header)
        return Amount(value=yuan(found[1], unit), name=name, evidence=row)
    return None


def moneys(text: str) -> list[tuple[re.Match[str], Fraction]]:
    """The sums of money in a normalised text, in yuan."""
    return [(one, yuan(one["value"], one["unit"])) for one in _MONEY.finditer(text)]


def yuan(value: str, unit: str) -> Fraction:
    """A stated sum in yuan."""
    factor = _WAN if "万" in unit else 1
    factor *= {"百": 100, "千": 1000}.get(unit[0], 1)
    return Fraction(value.replace(",", "")) * factor


def money(value: Fraction) -> str:
    """A sum as people read it: 万元 where that is short."""
    if value >= _WAN and value % 100 == 0:
        return f"{plain(value / _WAN)}万元"
    return f"{plain(value)}元"


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}


def unmarked(text: str) -> str:
    """A normalised sentence without the number of its item."""
    return _HEAD_MARK.sub("", text)
