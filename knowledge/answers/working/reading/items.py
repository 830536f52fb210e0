"""Items of a scoring table: so many at so many points each, and what a question counts of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.reading.numbers import Quantity, quantities

_ITEM = re.compile(
    r"(?P<name>[^()（）;；:]{2,40}?)[(（](?P<points>\d+(?:\.\d+)?)分?(?:/(?P<per>[个项次家人场篇件条名支]))?[)）]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_EMPTY = re.compile(r"推动|形成|成果|一个|项目|打造|地方|发展|产业|技术|问题")
_STOP = re.compile(r"[,;。?!，；。？、]|加上?(?!成)|再(?=[打攻促办做])")
_MEASURES = frozenset({"个", "项", "次", "家", "场", "件"})
_BRINGS = r"(?:形成|出|有|产生|拿到|转化成|结出|见到?|获得?|取得)(?:了|过)?(?:相应的?|应用)?"
_LEADS = re.compile(r"^(?:推动|促进|并|且|形成|产生|取得|获得|实现|转化)+")
_NOT = re.compile(r"(?:没有?|未|不|尚未|还没)(?:能|有)?$")
_NONE = re.compile(r"(?:一个|一项|全|哪个)(?:也|都)?(?:没有?|未)$")
_ONLY = re.compile(r"(?:能|是|有|都|也|已经?|真正)*$")
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A row with points for each of an item, and for what may come of it."""

    evidence: Evidence
    name: str
    count: Fraction
    points: Fraction
    more: str
    """What comes on top, when the row has it."""
    more_points: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of an item a question counts, and of how many of them something came."""

    row: Scored
    count: Fraction
    came: Fraction
    start: int
    """Where the question speaks of it."""

    @property
    def within(self) -> tuple[Fraction, Fraction]:
        """Both counts, no more than the table counts."""
        count = min(self.count, self.row.count)
        return count, min(self.came, count)

    @property
    def value(self) -> Fraction:
        """Its points."""
        count, came = self.within
        return count * self.row.points + came * self.row.more_points


def scored(evidence: Evidence) -> Scored | None:
    """The item of a table's row, when it has points for each."""
    if not evidence.sentence.row:
        return None
    for _, cell in evidence.sentence.cells:
        text = re.sub(r"[“”\"]", "", cell.replace("（", "(").replace("）", ")"))
        items = list(_ITEM.finditer(text))
        counts = quantities(items[0]["name"]) if items else ()
        if not items or not counts:
            continue
        more = items[1] if len(items) > 1 else None
        return Scored(
            evidence=evidence,
            name=items[0]["name"],
            count=counts[0].value,
            points=Fraction(items[0]["points"]),
            more=more["name"].strip(",， ") if more else "",
            more_points=Fraction(more["points"]) if more else Fraction(0),
        )
    return None


def counts_in(text: str) -> list[Quantity]:
    """The counts of a text that may be of items."""
    return [one for one in quantities(text) if one.unit in _MEASURES]


def counted(said: str, rows: Sequence[Scored]) -> list[Counted]:
    """What a question counts of each item; a clause without an item goes on about the last."""
    text = re.sub(r"[“”\"]", " ", said)
    about: dict[str, list[tuple[int, str]]] = {}
    last: Scored | None = None
    for start, clause in _clauses(text):
        named = _named(clause, rows)
        last = named or last
        if last is not None:
            about.setdefault(last.name, []).append((start, clause))
    found = (_counted(row, about[row.name]) for row in rows if row.name in about)
    return [one for one in found if one is not None]


def _clauses(text: str) -> list[tuple[int, str]]:
    ends = [(one.start(), one.end()) for one in _STOP.finditer(text)] + [(len(text), len(text))]
    starts = [0, *(end for _, end in ends)]
    spans = [(first, end) for first, (end, _) in zip(starts, ends, strict=False)]
    return [(first, text[first:end]) for first, end in spans if text[first:end].strip()]


def _named(clause: str, rows: Sequence[Scored]) -> Scored | None:
    """The item whose own words a clause has most of; its verb before a count is one of them."""
    best, most = None, 0
    for row in rows:
        pairs = _pairs(row.name)
        others = {pair for one in rows if one is not row for pair in _pairs(one.name)}
        shared = [pair for pair in pairs if pair in clause]
        verb = row.name.lstrip("0123456789.、() ")[:_TWO]
        done = any(
            re.search(rf"{re.escape(verb)}了?$", clause[: one.start]) for one in counts_in(clause)
        )
        fits = done or len(shared) >= _TWO or any(pair not in others for pair in shared)
        if fits and len(shared) + done > most:
            best, most = row, len(shared) + done
    return best


def _counted(row: Scored, clauses: Sequence[tuple[int, str]]) -> Counted | None:
    count: Fraction | None = None
    came: Fraction | None = None
    for _, clause in clauses:
        found = _came_in(clause, row)
        before = clause[: found.start()] if found else clause
        numbers = counts_in(before)
        if found is None:
            count = numbers[0].value if numbers and count is None else count
            continue
        own = _of_them(before, numbers, known=count is not None)
        rest = [one for one in numbers if one is not own]
        count = rest[0].value if rest and count is None else count
        whole = count if count is not None else row.count
        came = _came(before, own, whole)
    if count is None and came is None:
        return None
    total = count if count is not None else row.count
    return Counted(
        row=row, count=total, came=came if came is not None else Fraction(0), start=clauses[0][0]
    )


def _came_in(clause: str, row: Scored) -> re.Match[str] | None:
    """Where a clause says that what comes on top came, as the row calls it: 形成成果."""
    thing = _LEADS.sub("", row.more)
    if not thing:
        return None
    goes_on = row.name.partition(thing)[2][:_TWO]
    alone = f"(?!{goes_on})" if goes_on else ""
    said = re.escape(thing)
    return re.search(rf"{_BRINGS}{said}{alone}|{said}{alone}(?:也|都|全)*(?:形成|有|出)", clause)


def _of_them(before: str, numbers: Sequence[Quantity], *, known: bool) -> Quantity | None:
    """The count right before what came: 只有2个出了成果, 1个没形成成果."""
    if not numbers or (len(numbers) < _TWO and not known):
        return None
    last = numbers[-1]
    behind = _NOT.sub("", before[last.end :])
    return last if _ONLY.fullmatch(behind) else None


def _came(before: str, own: Quantity | None, whole: Fraction) -> Fraction:
    if _NONE.search(before):
        return Fraction(0)
    lacks = bool(_NOT.search(before))
    if own is not None:
        return max(whole - own.value, Fraction(0)) if lacks else own.value
    return Fraction(0) if lacks else whole


def _pairs(name: str) -> list[str]:
    found = [run[at : at + 2] for run in _HAN.findall(name) for at in range(len(run) - 1)]
    return [pair for pair in dict.fromkeys(found) if not _EMPTY.fullmatch(pair)]
