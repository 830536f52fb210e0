"""Sizes as people and documents state them: areas, spans of time, ages, sums, counts."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from knowledge.answers.working.reading.numbers import number


class Sort(StrEnum):
    """What a size measures; only sizes of one sort are compared."""

    AREA = "area"
    LAND = "land"
    MONTHS = "months"
    DAYS = "days"
    AGE = "age"
    MONEY = "money"
    SHARE = "share"
    VISITS = "visits"
    PEOPLE = "people"
    HOUSES = "houses"
    UNITS = "units"
    ITEMS = "items"
    TIMES = "times"
    ANY = "any"
    """Counted with 个, which fits people and things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A number with its measure where it stands in a normalised text."""

    sort: Sort
    value: Fraction
    """Spans of years and months in months, land in mu, sums in yuan."""
    said: str
    start: int
    end: int


_SORTS = (
    (Sort.AREA, r"平方米|平米|个?平方(?!公里)|㎡|m2|平(?=$|[,。?!;、)的了够行能算可是也])"),
    (Sort.LAND, r"亩"),
    (Sort.AGE, r"周?岁"),
    (Sort.MONTHS, r"年(?![代级度报审会])|个月"),
    (Sort.DAYS, r"天|个?工作日"),
    (Sort.MONEY, r"元|块钱?|(?<=[万亿])(?=$|[,。?!;、)了够行能算可是也的])"),
    (Sort.SHARE, r"%"),
    (Sort.VISITS, r"人次"),
    (Sort.PEOPLE, r"个?人(?![工才大民均物])|[名位]"),
    (Sort.HOUSES, r"户"),
    (Sort.UNITS, r"家"),
    (Sort.ITEMS, r"[项件篇部]"),
    (Sort.TIMES, r"次(?!会)|场"),
    (Sort.ANY, r"个(?![月百])"),
)
_DIGITS = "零〇一二三四五六七八九十百千两"
NUMERALS = f"0123456789.,{_DIGITS}"
"""Characters that numbers are written with."""

COUNTED = frozenset({Sort.PEOPLE, Sort.HOUSES, Sort.UNITS, Sort.ITEMS, Sort.ANY})
"""Sorts of which so many are missing or too many."""

_NUMBER = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?|[{_DIGITS}]+|半)"
_SIZE = re.compile(
    rf"(?<![第\d.a-z{_DIGITS}])(?P<number>{_NUMBER})(?P<scale>[百千万亿]{{0,2}})(?P<more>[多余来])?"
    rf"(?P<measure>{'|'.join(f'(?P<{one}>{words})' for one, words in _SORTS)})"
    r"(?P<half>半)?(?P<over>多|出头)?"
)
_REST = re.compile(rf"(?:零|又|加)?(?P<months>\d+|[{_DIGITS}]+)个?月")
_AGED = re.compile(r"(?:今年|年纪|年龄|都|已经?|刚)(?P<number>\d{2})(?=了|[,。?!]|$)")
_SCALES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_YEAR = 12
_DATED = 1000
_JUST = Fraction(1, 100)
"""What 不到 and 多 move a number by: enough to lie beside it."""

_UNDER = re.compile(r"(?:不到|不足|未满|不满|没满|没到|将近|接近|快|差一点|才不到)$")
_VAGUE = re.compile(r"(?:大约|大概|差不多|约|左右)$")
_OVER = re.compile(r"(?<!不)(?:超过|超|大于|多于)了?$")


@lru_cache(maxsize=4_096)
def sizes(text: str) -> tuple[Size, ...]:
    """Every size of a normalised text that is a plain number of something, in order."""
    found = [size for one in _SIZE.finditer(text) if (size := _size(one)) is not None]
    found += [
        Size(
            sort=Sort.AGE,
            value=Fraction(one["number"]),
            said=one["number"],
            start=one.start("number"),
            end=one.end("number"),
        )
        for one in _AGED.finditer(text)
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def told_sizes(text: str) -> tuple[Size, ...]:
    """The sizes that a question tells, those a little below (不到) or above (多) moved there."""
    found = []
    for one in sizes(text):
        before = text[: one.start]
        if _VAGUE.search(before) or text[one.end :].startswith("左右"):
            continue
        value = one.value - _JUST if _UNDER.search(before) else one.value
        value = value + _JUST if _OVER.search(before) else value
        found.append(Size(sort=one.sort, value=value, said=one.said, start=one.start, end=one.end))
    return tuple(found)


def _size(found: re.Match[str]) -> Size | None:
    sort = next(one for one, _ in _SORTS if found[one] is not None)
    value = Fraction(1, 2) if found["number"] == "半" else number(found["number"])
    if value is None or (found["number"] == "半" and found["measure"] != "年"):
        return None
    for one in found["scale"]:
        value *= _SCALES[one]
    end = found.end()
    value += Fraction(1, 2) if found["half"] else 0
    if sort is Sort.MONTHS and found["measure"] == "年":
        if value >= _DATED:
            return None
        value *= _YEAR
        rest = _REST.match(found.string, end)
        if rest:
            value, end = value + (number(rest["months"]) or 0), rest.end()
    value += _JUST if found["more"] or found["over"] else 0
    if sort is Sort.SHARE:
        value /= 100
    return Size(
        sort=sort,
        value=value,
        said=found.string[found.start() : end],
        start=found.start(),
        end=end,
    )


def comparable(one: Sort, other: Sort) -> bool:
    """Whether sizes of two sorts may be set against each other."""
    if Sort.ANY in {one, other}:
        return {one, other} <= {Sort.ANY, Sort.PEOPLE, Sort.UNITS, Sort.ITEMS}
    return one is other
