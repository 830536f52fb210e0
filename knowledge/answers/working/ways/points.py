"""Points of a scoring table: of its items and whole parts, summed, and the grade they make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, first
from knowledge.answers.working.reading.items import Counted, Scored, counted, counts_in, scored
from knowledge.answers.working.reading.names import mentions
from knowledge.answers.working.reading.numbers import number, plain
from knowledge.answers.working.reading.tables import Entry, beside, tables
from knowledge.answers.working.telling import lines, tell
from knowledge.answers.working.ways.bands import bands_of, grade_asked, graded

_ASKS = re.compile(r"(?:多少|几)分|总分(?:是|有|能)?(?:多少|几)|(?:多少|几)(?=$|[,。?])")
_FULL = re.compile(r"满|全拿|拿全|全得|全部拿|都拿到")
_OTHERS = re.compile(r"(?:其[他余它]|剩下|别的|另外)[^,。;?!\d]{0,8}?(?:满|全拿|拿全)")
_RANK = re.compile(
    r"(?P<first>[前后第])(?P<one>\d|[一二两三四五六七八九十]+)(?:[到至-](?:第)?(?P<last>\d|[一二三四五六七八九十]+))?个?(?:大)?(?:类|项|块|部分|条)"
)
_SAID = re.compile(r"[^,;。?!、\d]{0,9}?(?P<score>\d+(?:\.\d+)?)分(?!之)")
_MARK = "分"
_LOOKED_AT = 160
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A part of a scoring table: its name and rows."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def most(self) -> Fraction:
        """All its points."""
        return sum((one.value for one in self.entries), Fraction(0))


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What a question claims of a table, part by part."""

    scores: dict[str, Fraction] = field(default_factory=dict)
    stated: int = 0
    """How many parts are told by a score of their own or by their place."""


def points(case: Case) -> Worked | None:
    """The points that the question's parts and items of a scoring table make, or their grade."""
    grade = grade_asked(case.text)
    if (len(_ASKS.findall(case.text)) != 1 and not grade) or "每" in case.text:
        return None
    rows = [row for one in case.look()[:_LOOKED_AT] if (row := scored(one)) is not None]
    home = rows[0].evidence.passage.source.id if rows else None
    ours = {row.name: row for row in rows if row.evidence.passage.source.id == home}
    items = counted(case.text, tuple(ours.values()))
    if sum(1 + (one.came not in {0, one.count}) for one in items) < len(_counts(case.text)):
        items = []
    for groups in _sheets(case):
        worked = _summed(case, groups, items, grade=grade)
        if worked is not None:
            return worked
    if not items or grade:
        return None
    return _of_items(items)


def _counts(text: str) -> list[object]:
    """The counts that have to belong to items; ranks of parts do not."""
    bare = _RANK.sub("", text)
    return [
        one
        for one in counts_in(bare)
        if not re.match(r"(?:大|子)?(?:类|项|块)|[也都]没", bare[one.end :])
    ]


def _of_items(items: Sequence[Counted]) -> Worked:
    told = [_told(one) for one in items]
    text = lines(told)
    if len(items) > 1:
        values = [one.value for one in items]
        text += tell(
            "points.sum",
            sum=" + ".join(plain(value) for value in values),
            value=plain(sum(values, Fraction(0))),
        )
    return Worked(text=text, rules=tuple(one.row.evidence for one in items))


def _told(one: Counted) -> str:
    count, came = one.within
    parts = [f"{plain(count)} × {plain(one.row.points)}"]
    if came:
        parts.append(f"{plain(came)} × {plain(one.row.more_points)}")
    told = tell("points.item", item=one.row.name, sum=" + ".join(parts), value=plain(one.value))
    if one.count > one.row.count:
        told += tell("points.capped", count=plain(one.row.count), given=plain(one.count))
    return told


def _sheets(case: Case) -> Iterator[tuple[_Group, ...]]:
    """The scoring tables that may be meant, as their parts in order."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for one in case.look()[:_LOOKED_AT]:
        place = (one.passage.source.id, one.sentence.path)
        if not one.sentence.row or place in seen:
            continue
        seen.add(place)
        path = one.sentence.path
        for table in tables(case.around(one, partial(beside, path))):
            if table.unit != _MARK:
                continue
            groups: dict[str, list[Entry]] = {}
            for entry in table.entries:
                if entry.labels:
                    groups.setdefault(entry.labels[0], []).append(entry)
            if len(groups) >= _TWO:
                yield tuple(
                    _Group(name=name, entries=tuple(each)) for name, each in groups.items()
                )


def _summed(
    case: Case, groups: tuple[_Group, ...], items: Sequence[Counted], *, grade: bool
) -> Worked | None:
    """Parts by their scores, their place or in full, and items under them; with the grade."""
    tally = _claimed(case.text, groups)
    of_items = _by_group(groups, items)
    if not tally.stated or len(tally.scores) + len(of_items) < _TWO:
        return None
    told: list[str] = []
    for group in groups:
        if group.name in of_items:
            told += [_told(one) for one in of_items[group.name]]
            tally.scores[group.name] = sum(
                (one.value for one in of_items[group.name]), Fraction(0)
            )
    if any(tally.scores.get(one.name, Fraction(0)) > one.most for one in groups):
        return None
    used = [one for one in groups if one.name in tally.scores]
    total = sum((tally.scores[one.name] for one in used), Fraction(0))
    text = tell(
        "points.sheet",
        parts="，".join(f"{one.name}{plain(tally.scores[one.name])}分" for one in used),
        sum=" + ".join(plain(tally.scores[one.name]) for one in used),
        value=plain(total),
    )
    rules = [entry.evidence for one in used for entry in one.entries]
    banded = bands_of(case, rules[0].passage.source.id) if grade else None
    if grade and banded is None:
        return None
    if banded is not None:
        text += graded(case.text, total, banded)
        rules.append(banded)
    return Worked(text=lines([*told, text]), rules=tuple(dict.fromkeys(rules)))


def _by_group(groups: tuple[_Group, ...], items: Sequence[Counted]) -> dict[str, list[Counted]]:
    found: dict[str, list[Counted]] = {}
    for one in items:
        home = first(
            group.name
            for group in groups
            if any(_same(entry.evidence, one.row) for entry in group.entries)
        )
        if home is not None:
            found.setdefault(home, []).append(one)
    return found


def _same(evidence: Evidence, row: Scored) -> bool:
    return evidence.sentence.start == row.evidence.sentence.start


def _claimed(text: str, groups: tuple[_Group, ...]) -> _Tally:
    tally = _Tally()
    full = bool(_FULL.search(text))
    for found in _RANK.finditer(text):
        chosen = _ranked(found, groups)
        said = _SAID.match(text[found.end() :])
        if said and len(chosen) == 1:
            tally.scores[chosen[0].name] = Fraction(said["score"])
        elif full and _FULL.search(_until_next(text, found.end())):
            tally.scores |= {one.name: one.most for one in chosen}
        else:
            continue
        tally.stated += 1
    for name, at in _named(text, groups):
        said = _SAID.match(text[at:])
        if said:
            tally.scores[name] = Fraction(said["score"])
            tally.stated += 1
        elif full:
            group = next(one for one in groups if one.name == name)
            tally.scores.setdefault(name, group.most)
    if _OTHERS.search(text) and tally.scores:
        tally.scores = {one.name: one.most for one in groups} | tally.scores
        tally.stated += 1
    return tally


def _until_next(text: str, at: int) -> str:
    """What is said of a part by its place, up to the next such part."""
    following = _RANK.search(text, at)
    return text[at : following.start()] if following else text[at:]


def _ranked(found: re.Match[str], groups: tuple[_Group, ...]) -> tuple[_Group, ...]:
    one = int(number(found["one"]) or 0)
    if found["first"] == "前":
        return groups[:one]
    if found["first"] == "后":
        return groups[-one:] if one else ()
    last = int(number(found["last"]) or 0) if found["last"] else one
    return groups[max(one - 1, 0) : last]


def _named(text: str, groups: tuple[_Group, ...]) -> Iterator[tuple[str, int]]:
    """Parts that a question names, in full or by two characters in front of a score."""
    found = mentions(text, [one.name for one in groups])
    yield from ((one.name, one.end) for one in found)
    known = {one.name for one in found}
    for group in groups:
        if group.name in known:
            continue
        others = "".join(one.name for one in groups if one is not group)
        for at in range(len(group.name) - 1):
            pair = group.name[at : at + 2]
            place = text.find(pair)
            if place >= 0 and pair not in others and _SAID.match(text[place + 2 :]):
                yield group.name, place + 2
                break
