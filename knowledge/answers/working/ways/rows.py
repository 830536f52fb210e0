"""Sums, differences, shares and extremes over the rows of one table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.reading.names import mentions, spread
from knowledge.answers.working.reading.numbers import percent, plain
from knowledge.answers.working.reading.tables import Entry, Table, beside, tables
from knowledge.answers.working.telling import tell

SUMS = re.compile(
    r"一共|总共|合计|总计|共计|[合加]起来|合一合|加一加|加加|[合加放归凑算拢][在到成]?一[起块]|总和|拢共|统共|累计|总数|相加"
    r"|(?:加上?|跟|和|与|、).{0,24}(?:共|总)(?:有|是|计)?(?:多少|几)|这[一个]?大?类.{0,8}(?:几|多少)|全部.{0,6}(?:几|多少)"
)
DIFFERENCES = re.compile(
    r"比.{0,24}?(?:多|少|高|低|大|小)(?:了|出)?(?:几|多少)|(?:相差|差了?)(?:几|多少)|多(?:几|多少)[个支项家名人场次分]"
    r"|(?:多|少)出?(?:几|多少)|差距"
)
SHARES = re.compile(
    r"(?<![得要须应需少])(?:占(?:总|全部|全体|所有|整个|整体)[^,。?]{0,10}?(?:多少|几|多大)(?!分(?!之))|占[^,。?]{0,20}?(?:几成|比例|百分|比重|几分之|%)"
    r"|占比|比例是|百分之几|百分比|占(?:了|到)?几成)"
)
_EXCEPT = re.compile(r"除了?(?P<what>.{2,24}?)(?:以外|之外|外|,|,?其[它他]|,?别的|,?剩下)")
_LARGEST = re.compile(
    r"最(?:多|大|高|重)的|哪.{0,10}最(?:多|大|高|重)|最(?:多|大|高|重)的?是哪|谁最多"
)
_SMALLEST = re.compile(
    r"最(?:少|小|低|轻)的|哪.{0,10}最(?:少|小|低|轻)|最(?:少|小|低|轻)的?是哪|谁最少"
)
_SCORED = re.compile(r"分(?:值|数)?(?:给得?|占得?)?最|得分|分值|几分|评分|最高分|最低分")
_GROUPS = re.compile(r"大类|类别|哪[一]?[类块]|板块")
MONEY = re.compile(r"(?:多少|几)(?:个)?(?:万|元|钱|块钱)|经费|资金|补贴|补助")
_SORTS = re.compile(
    r"(?P<one>[\u4e00-\u9fff]{1,2}(?P<sort>[级型]))的?(?:和|跟|与|、|加上?|以及)(?P<other>[\u4e00-\u9fff]{1,2}(?P=sort))"
)
_LOOKED_AT = 120
_TWO = 2
_CLAUSE = re.compile(r"[,;，；。]")
_LONG = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """A name of the question and the rows it stands for."""

    name: str
    entries: tuple[Entry, ...]
    at: int = 0
    """Where the question names it."""

    @property
    def value(self) -> Fraction:
        return sum((one.value for one in self.entries), Fraction(0))

    @property
    def sum(self) -> str:
        if len(self.entries) == 1:
            return plain(self.entries[0].value)
        return " + ".join(plain(one.value) for one in self.entries)


def rows(case: Case) -> Worked | None:
    """Arithmetic over the rows that the question names, or a row that stands out."""
    text = spread(case.text)
    if not any(
        one.search(text) for one in (SUMS, DIFFERENCES, SHARES, _LARGEST, _SMALLEST, _EXCEPT)
    ):
        return None
    best: tuple[int, Table, list[_Term]] | None = None
    for table in _tables(case):
        terms = _terms(text, table)
        named = sum(len(one.name) for one in terms)
        if named and (best is None or named > best[0]):
            best = (named, table, terms)
    if best is not None and (worked := _worked(text, best[1], best[2])):
        return worked
    return _standing_out(case, text)


def _standing_out(case: Case, text: str) -> Worked | None:
    """The largest or smallest row, or part of the table, of the first table of such a measure."""
    largest = _LARGEST.search(text)
    if not largest and not _SMALLEST.search(text):
        return None
    scored = bool(_SCORED.search(text))
    for table in _tables(case):
        if (table.unit == "分") is not scored:
            continue
        groups: dict[str, list[Entry]] = {}
        depth = 0 if _GROUPS.search(text) else -1
        for one in table.entries:
            groups.setdefault(one.labels[depth] if one.labels else "", []).append(one)
        terms = [_Term(name=name, entries=tuple(found)) for name, found in groups.items()]
        extreme = (max if largest else min)(one.value for one in terms)
        chosen = [one for one in terms if one.value == extreme]
        told = tell(
            "rows.largest" if largest else "rows.smallest",
            header=table.header,
            what="、".join(one.name for one in chosen),
            value=plain(extreme),
            unit=table.unit,
        )
        used = dict.fromkeys(one.evidence for term in chosen for one in term.entries)
        return Worked(text=told, rules=tuple(used))
    return None


def _tables(case: Case) -> Iterator[Table]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for one in case.evidence[:_LOOKED_AT]:
        place = (one.passage.source.id, one.sentence.path)
        if not one.sentence.row or place in seen or case.foreign(one):
            continue
        seen.add(place)
        path = one.sentence.path
        found = list(tables(case.around(one, partial(beside, path))))
        found = [one for one in found if not MONEY.search(case.text) or "元" in one.unit]
        named = [table for table in found if _core(table.header) in case.text]
        yield from named or (found[-1:] if len(found) == 1 else ())


def _core(header: str) -> str:
    return re.sub(r"（[^（）]*）", "", header)


def _terms(text: str, table: Table) -> list[_Term]:
    """What the question names of the table; a parent that only qualifies its child is left out."""
    names = [label for one in table.entries for label in one.labels]
    found: list[_Term] = []
    for mention in mentions(text, names):
        entries = tuple(one for one in table.entries if mention.name in one.labels)
        found.append(_Term(name=mention.name, entries=entries, at=mention.start))
    found += [
        one for one in _shortened(text, table) if one.name not in {each.name for each in found}
    ]
    parents = [
        one
        for one in found
        if any(other is not one and set(_ids(other)) < set(_ids(one)) for other in found)
    ]
    if SHARES.search(text):
        return found
    return [_within(one, parents) for one in found if one not in parents]


def _shortened(text: str, table: Table) -> Iterator[_Term]:
    """Rows named by a beginning of two characters that no other row has: 新建的 for 新建中心."""
    names = dict.fromkeys(label for one in table.entries for label in one.labels)
    for name in names:
        others = "".join(one for one in names if one != name)
        said = re.search(
            rf"(?:[、和跟与及加上]|还有){re.escape(name[:_TWO])}的?(?=[,。?、和跟与]|一共|$)", text
        )
        if said and name[:_TWO] not in others:
            entries = tuple(one for one in table.entries if name in one.labels)
            yield _Term(name=name, entries=entries, at=said.start())


def _within(term: _Term, parents: list[_Term]) -> _Term:
    """A child's rows under the named parent only."""
    for parent in parents:
        inside = tuple(one for one in term.entries if one in parent.entries)
        if inside:
            return _Term(name=term.name, entries=inside, at=term.at)
    return term


def _ids(term: _Term) -> list[str]:
    return [one.evidence.sentence.text for one in term.entries]


def _worked(text: str, table: Table, terms: list[_Term]) -> Worked | None:
    told = ""
    if SHARES.search(text):
        told = _share(text, table, terms)
    elif _EXCEPT.search(text) and len(terms) == 1:
        told = _except(table, terms[0])
    elif DIFFERENCES.search(text) and len(terms) == _TWO:
        told = _difference(table, terms)
    elif _other_sorts(text, table):
        return None
    elif SUMS.search(text) and sum(len(one.entries) for one in terms) > 1:
        told = _sum(table, terms)
    if not told:
        return None
    entries = dict.fromkeys(one.evidence for term in terms for one in term.entries)
    used = list(entries)
    if table.total is not None and SHARES.search(text):
        used.append(table.total.evidence)
    return Worked(text=told + _checked(table), rules=tuple(used))


def _other_sorts(text: str, table: Table) -> bool:
    """Whether sorts are asked for that the table does not tell apart: 国家级的和省级的."""
    labels = "".join(label for one in table.entries for label in one.labels)
    return any(
        not (one["one"] in labels and one["other"] in labels) for one in _SORTS.finditer(text)
    )


def _sum(table: Table, terms: list[_Term]) -> str:
    value = sum((one.value for one in terms), Fraction(0))
    parts = [
        f"{_label(term, one)}{plain(one.value)}{table.unit}"
        for term in terms
        for one in term.entries
    ]
    return tell(
        "rows.sum",
        what="、".join(one.name for one in terms),
        header=table.header,
        parts="，".join(parts),
        sum=" + ".join(one.sum for one in terms),
        value=plain(value),
        unit=table.unit,
    )


def _label(term: _Term, entry: Entry) -> str:
    """The innermost label of a row, unless it is the term's own name."""
    if len(term.entries) == 1:
        return term.name
    inner = _CLAUSE.split(entry.labels[-1])[0] if entry.labels else ""
    return inner if len(inner) <= _LONG else f"{inner[:_LONG]}……"


def _difference(table: Table, terms: list[_Term]) -> str:
    more, less = sorted(terms, key=lambda one: one.value, reverse=True)
    if more.value == less.value:
        return tell(
            "rows.same",
            more=more.name,
            less=less.name,
            header=table.header,
            value=plain(more.value),
            unit=table.unit,
        )
    return tell(
        "rows.difference",
        more=more.name,
        less=less.name,
        header=table.header,
        more_value=plain(more.value),
        less_value=plain(less.value),
        value=plain(more.value - less.value),
        unit=table.unit,
    )


def _share(text: str, table: Table, terms: list[_Term]) -> str:
    if not terms:
        return ""
    of_all = table.total.value if table.total is not None else table.sum
    whole, name = of_all, ""
    if len(terms) == _TWO and "占" in text[terms[0].at : terms[1].at]:
        whole, name = terms[1].value, terms[1].name
        terms = terms[:1]
    part = sum((one.value for one in terms), Fraction(0))
    if not whole or part > whole:
        return ""
    return tell(
        "rows.share" if name else "rows.share_of_all",
        what="、".join(one.name for one in terms),
        header=table.header,
        whole_name=name,
        part=plain(part),
        whole=plain(whole),
        unit=table.unit,
        share=percent(part / whole),
    )


def _except(table: Table, term: _Term) -> str:
    of_all = table.total.value if table.total is not None else table.sum
    return tell(
        "rows.rest",
        what=term.name,
        header=table.header,
        whole=plain(of_all),
        part=plain(term.value),
        value=plain(of_all - term.value),
        unit=table.unit,
    )


def _checked(table: Table) -> str:
    """A remark where the rows do not add up to the total that the table states."""
    if table.total is None or table.total.value == table.sum:
        return ""
    return tell(
        "rows.disagrees",
        sum=plain(table.sum),
        total=plain(table.total.value),
        unit=table.unit,
    )
