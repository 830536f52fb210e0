"""Points of a scoring table: so many of an item at so many points each, and what comes on top."""

import re
from dataclasses import dataclass
from fractions import Fraction

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.reading.numbers import Quantity, plain, quantities
from knowledge.answers.working.telling import lines, tell

_ITEM = re.compile(
    r"(?P<name>[^()（）;；:]{2,40}?)[(（](?P<points>\d+(?:\.\d+)?)分?(?:/(?P<per>[个项次家人场篇件条名支]))?[)）]"
)
_ASKS = re.compile(r"(?:多少|几)分")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_NOT = re.compile(r"(?:没有?|未|不|尚未|还没)(?:能|有)?$")
_EMPTY = re.compile(r"推动|形成|成果|一个|项目|打造|地方|发展|产业|技术|问题")
_LOOKED_AT = 160
_CLAUSE = re.compile(r"[,;。?!，；。？、]|加上?|和|跟|再")
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """A row with points for each of an item, and for what may come of it."""

    evidence: Evidence
    name: str
    count: Fraction
    points: Fraction
    more: str
    """What comes on top, when the row has it."""
    more_points: Fraction


def points(case: Case) -> Worked | None:
    """The points of the items that the question counts."""
    if len(_ASKS.findall(case.text)) != 1 or "每" in case.text:
        return None
    rows = [row for one in case.look()[:_LOOKED_AT] if (row := _scored(one)) is not None]
    home = rows[0].evidence.passage.source.id if rows else None
    found: dict[str, tuple[_Scored, Fraction, bool]] = {}
    for row in rows:
        if row.evidence.passage.source.id != home or row.name in found:
            continue
        counted = _counted(case, row)
        if counted is not None:
            found[row.name] = (row, *counted)
    if not found or len(found) < len(_counts(case.text)):
        return None
    told = [_told(*one) for one in found.values()]
    text = lines(one for one, _ in told)
    if len(told) > 1:
        text += tell(
            "points.sum",
            sum=" + ".join(plain(value) for _, value in told),
            value=plain(sum((value for _, value in told), Fraction(0))),
        )
    return Worked(text=text, rules=tuple(row.evidence for row, _, _ in found.values()))


def _scored(evidence: Evidence) -> _Scored | None:
    if not evidence.sentence.row:
        return None
    for _, cell in evidence.sentence.cells:
        text = re.sub(r"[“”\"]", "", own_cell(cell))
        items = list(_ITEM.finditer(text))
        counts = quantities(items[0]["name"]) if items else ()
        if not items or not counts:
            continue
        more = items[1] if len(items) > 1 else None
        return _Scored(
            evidence=evidence,
            name=items[0]["name"],
            count=counts[0].value,
            points=Fraction(items[0]["points"]),
            more=more["name"].strip(",， ") if more else "",
            more_points=Fraction(more["points"]) if more else Fraction(0),
        )
    return None


def own_cell(cell: str) -> str:
    """A cell's words, normalised."""
    return cell.replace("（", "(").replace("）", ")")


def _counted(case: Case, row: _Scored) -> tuple[Fraction, bool] | None:
    """How many of the row's item the question counts, and whether with what comes on top."""
    text = re.sub(r"[“”\"]", "", case.text)
    shared = [pair for pair in _pairs(row.name) if pair in text]
    counts = _counts(text)
    verb = row.name.lstrip("0123456789.、() ")[:_TWO]
    done = any(re.search(rf"{re.escape(verb)}了?$", text[: one.start]) for one in counts)
    if len(shared) < _TWO and not done:
        return None
    near = min(text.find(pair) for pair in shared) if shared else text.find(verb)
    ends = re.search(r"[,;。?!、]", text[near:])
    clause_end = near + ends.start() if ends else len(text)
    begin = max(text.rfind(mark, 0, near) for mark in ",;。?!、")
    beside = [one for one in counts if begin < one.start < clause_end]
    more = _tops(text, row, near)
    if not beside and (counts or not more):
        return None
    return (beside[-1].value if beside else row.count), more


def _counts(text: str) -> list[Quantity]:
    return [one for one in quantities(text) if one.unit in {"个", "项", "次", "家", "场", "件"}]


def _tops(text: str, row: _Scored, near: int) -> bool:
    """Whether the question says that what comes on top has come."""
    if not row.more:
        return False
    said = re.search(
        r"(?:形成|出|有|产生|拿到|转化成|都有|也有)(?:了|过)?成果|成果(?:也|都)(?:形成|有|出)",
        text[near:],
    )
    if said is None:
        return False
    return not _NOT.search(text[: near + said.start()])


def _pairs(name: str) -> list[str]:
    found = [run[at : at + 2] for run in _HAN.findall(name) for at in range(len(run) - 1)]
    return [pair for pair in dict.fromkeys(found) if not _EMPTY.fullmatch(pair)]


def _told(row: _Scored, count: Fraction, more: bool) -> tuple[str, Fraction]:  # noqa: FBT001 -- one of three facts of a row
    within = min(count, row.count)
    value = within * row.points + (within * row.more_points if more else 0)
    parts = [f"{plain(within)} × {plain(row.points)}"]
    if more:
        parts.append(f"{plain(within)} × {plain(row.more_points)}")
    told = tell("points.item", item=row.name, sum=" + ".join(parts), value=plain(value))
    if count > row.count:
        told += tell("points.capped", count=plain(row.count), given=plain(count))
    return told, value
