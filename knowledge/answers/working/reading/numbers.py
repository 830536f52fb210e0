"""Numbers with their measures as texts state them, exact, with what limits them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor


class Bound(StrEnum):
    """How a stated number limits what it counts."""

    EXACT = "exact"
    LEAST = "least"
    MOST = "most"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number and its measure where they stand in a normalised text."""

    value: Fraction
    unit: str
    """The measure word behind it; % for shares; empty when there is none."""
    bound: Bound
    said: str
    """With the words that limit it, as in the text."""
    start: int
    end: int
    upper: Fraction | None = None
    """The end of a range, as in 3-5支."""

    @property
    def told(self) -> str:
        """The number with its measure, without the words that limit it."""
        if self.upper is not None:
            return f"{plain(self.value)}-{plain(self.upper)}{self.unit}"
        return f"{plain(self.value)}{self.unit}"


_UNITS = (
    "万?元|个百分点|百分点|个人(?![工才大民次口均物])|个(?:月|小时|工作日|季度)|小时|分钟|工作日|季度|[人名位个支项家次场类种条份期分级届座岁篇"
    "倍天周年月日页件台套亩米吨亿字户所辆批轮块处只]"
)
_CN = "零〇一二三四五六七八九十百千万亿两"
_COUNT = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?[百千万亿]*|[{_CN}]+)"
_LEAST = "不少于|不低于|不得少于|不得低于|至少要?有?|最少|起码|大于等于|≥|超过|多于|高于|满"
_MOST = (
    "不超过|不高于|不多于|不得超过|不得多于|至多可?(?:申报|以)?"
    "|最多|最高|小于等于|≤|限报?|少于|低于"
)
_NEAR = "约|大约|大概|近|将近|接近"
_QUANTITY = re.compile(
    rf"(?P<before>{_LEAST}|{_MOST}|{_NEAR})?(?:达到?|为|是)?"
    rf"(?<![第\d.a-z])(?:"
    rf"(?P<percent>\d+(?:\.\d+)?)%|百分之(?P<cn_percent>\d+(?:\.\d+)?|[{_CN}]+)"
    rf"|(?P<tenths>[一二三四五六七八九]|\d)成(?P<half>半)?(?![果立员本效就套熟])"
    rf"|(?P<under>[{_CN}]+|\d+)分之(?P<over>[{_CN}]+|\d+)|(?P<one_half>一半|半数)"
    rf"|(?P<value>{_COUNT})(?:[-—~至到](?P<upper>{_COUNT}))?(?P<more>余|多|来)?(?P<unit>{_UNITS})"
    rf"(?!之(?:一|几|多少)|时(?!间)|步|体|般|旦|样|切|定|些|起|直|方面|并)"
    rf"|(?P<label>人数|家数|得分|总分|分数)(?:是|为|有|共|:)?(?P<bare>\d+(?:\.\d+)?)(?![\d.%年月日{_CN}]|{_UNITS})"
    rf")(?P<after>左右|上下|以上|及以上|以内|以下|之内)?"
)
_PERCENT = 100
_TENTH = 10
_LEAST_WORDS = re.compile(_LEAST)
_MOST_WORDS = re.compile(_MOST)
_NEAR_WORDS = re.compile(_NEAR)


@lru_cache(maxsize=4_096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number with a measure, and every share, in a normalised text, in order."""
    found = (_quantity(one) for one in _QUANTITY.finditer(text))
    return tuple(one for one in found if one is not None)


def _quantity(found: re.Match[str]) -> Quantity | None:
    value, unit = _value(found)
    if value is None:
        return None
    upper = number(found["upper"]) if found["upper"] else None
    if unit == "年" and value >= _LAST_PLAIN:
        return None
    return Quantity(
        value=value,
        unit=unit,
        bound=_bound(found),
        said=found.group(),
        start=found.start(),
        end=found.end(),
        upper=upper if upper is not None and upper > value else None,
    )


_LAST_PLAIN = 1000
"""More years than this are a date."""


_LABELLED = {"人": "人", "家": "家", "得": "分", "总": "分", "分": "分"}
"""The measure that a label in front of a bare number stands for: 总人数21."""


def _value(found: re.Match[str]) -> tuple[Fraction | None, str]:
    if found["value"] or found["bare"]:
        return _count(found)
    if percent := found["percent"] or found["cn_percent"]:
        return _share(number(percent), _PERCENT), "%"
    if found["tenths"]:
        tenths = number(found["tenths"])
        half = Fraction(1, 2) if found["half"] else 0
        return (_share(tenths + half, _TENTH) if tenths is not None else None), "%"
    if found["under"]:
        return _part(number(found["over"]), number(found["under"])), "%"
    return Fraction(1, 2), "%"


def _count(found: re.Match[str]) -> tuple[Fraction | None, str]:
    if found["bare"]:
        return number(found["bare"]), _LABELLED[found["label"][0]]
    value = number(found["value"])
    unit = found["unit"].replace("个人", "人")
    if value is not None and unit.startswith("万"):
        return value * 10_000, unit[1:]
    return value, unit


def _share(value: Fraction | None, whole: int) -> Fraction | None:
    return None if value is None else value / whole


def _part(over: Fraction | None, under: Fraction | None) -> Fraction | None:
    return over / under if over is not None and under else None


def _bound(found: re.Match[str]) -> Bound:
    before, after = found["before"] or "", found["after"] or ""
    if after.endswith("以上") or (before and _LEAST_WORDS.fullmatch(before)):
        return Bound.LEAST
    if after in {"以内", "以下", "之内"} or (before and _MOST_WORDS.fullmatch(before)):
        return Bound.MOST
    about = found["more"] or after or (before and _NEAR_WORDS.fullmatch(before))
    return Bound.ABOUT if about else Bound.EXACT


@lru_cache(maxsize=4_096)
def number(said: str) -> Fraction | None:
    """A number in digits or Chinese as a fraction, or None when it is not one."""
    import cn2an  # noqa: PLC0415 -- heavy: loaded on first use

    text = said.replace(",", "").replace("〇", "零")
    if text and text[0] in "百千":
        text = "一" + text
    try:
        return Fraction(text) if text.isascii() else Fraction(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        return None


_GROUPS = ("人名位", "个项家支条类种座处所级名", "天日", "场次期届")


def alike(one: str, other: str) -> bool:
    """Whether two measure words may count the same thing."""
    if one == other:
        return True
    if "个" in {one, other}:
        return not {"%", "元", "分", "天", "年"} & {one, other}
    return any(one in group and other in group for group in _GROUPS if one and other)


def whole(value: Fraction, *, up: bool) -> Fraction:
    """The next whole number up or down."""
    return Fraction(ceil(value) if up else floor(value))


def plain(value: Fraction) -> str:
    """A number in digits, exact where a short decimal is, else to two places."""
    if value.denominator == 1:
        return str(value.numerator)
    exact = f"{float(value):.4f}".rstrip("0")
    if Fraction(exact) == value:
        return exact
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def percent(value: Fraction) -> str:
    """A share as a percentage, with 约 when it is rounded."""
    shown = plain(value * _PERCENT)
    rounded = Fraction(shown) != value * _PERCENT
    return f"约{shown}%" if rounded else f"{shown}%"
