"""The grammar of sums: figures and spoken numbers, units, ranges, what is rough."""

import re
from decimal import Decimal

from actions.understanding.numbers import DIGITS, HANZI, number, rough_pair

UNITS = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "k": Decimal(1000),
    "万": Decimal(10_000),
    "w": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "m": Decimal(1_000_000),
}
NUM = rf"(?:{DIGITS}|{HANZI}(?:、{HANZI})?|万(?=把块))"
_UNIT = (
    r"(?:个?\(万元?\)|"
    r"(?:个(?=[亿万wW])|十(?=万)|百(?=万)|千(?=万))?(?:万|亿|千|百|[wWkKM](?![A-Za-z])))"
)
FOREIGN_WORDS = (
    r"美元|美金|美刀|(?<=[万wkK])刀(?![具片轮盘库架杆头])|USD|欧元|"
    r"港币|港元|港纸|日元|英镑|澳元|HKD|EUR|卢布"
)
_YUAN = rf"(?:元|块钱|块(?!板)|人民币|RMB|rmb|{FOREIGN_WORDS})"
_ONE = r"(?P<@>" + NUM + r")\s*(?P<@_more>[来多几余]|把(?=[万亿块元]))?\s*(?P<@_unit>" + _UNIT
_ONE += r")?(?P<@_tail>[一二三四五六七八九](?![十百千万天个年月周])|(?<=万)\d(?![\d.万年月]))?"
_ONE += r"(?P<@_extra>[多余]|来(?=块|元))?"
_ONE += r"\s*(?P<@_yuan>" + _YUAN + r")?"
_BEGIN = (
    r"(?:(?<![\d.A-Za-z第])(?=\d)|(?<![A-Za-z第几零〇一二两三四五六七八九十百千万\d])(?=[^\d]))"
)
AMOUNT = re.compile(
    r"(?:(?P<sign>[¥$€£]|HKD|USD|EUR|US\$|HK\$)\s*|"
    + _BEGIN
    + ")"
    + _ONE.replace("@", "low")
    + r"(?P<off>\s*(?:±|正负)\s*"
    + DIGITS
    + r"(?:\s*%|\s*"
    + _UNIT
    + r"))?"
    + r"(?:\s*(?:-{1,2}|~|—{1,2}|–|到|至|或者?|、|,?(?:不高于|不超过|最高)"
    + r"|(?<=[万w])(?=[一二两三四五六七八九十]{1,2}万))\s*[¥$€]?\s*"
    + _ONE.replace("@", "high")
    + r")?(?P<plus>\+)?"
)

FOREIGN = re.compile(rf"{FOREIGN_WORDS}|[$€£]", re.IGNORECASE)
COUNTED = re.compile(
    rf"(?:预算|经费|费用|资金|投入|钱|批了?|给了?|批下来)[^,。\d]{{0,6}}?(?P<low>{NUM})(?P<low_more>[来多])?个(?:\(万\))?(?=\s*(?:左右|吧|以内|上下|封顶|的样子)?(?:[,。;\n]|$))"
)
"""预算一百来个: so many 万."""


PLAIN = re.compile(r"[()元]|个(?=\()")
"""Signs around a unit: 60个(万), 30(万元)."""


def unit_of(found: re.Match[str]) -> str:
    """The unit of a sum, of a range the first that is said; empty when it has none."""
    said = found["low_unit"] or found["high_unit"] or _unit_off(found) or ""
    return PLAIN.sub("", said).lower()


def _unit_off(found: re.Match[str]) -> str:
    """50±10万: the unit is said with what it may differ by."""
    return re.sub(r"^[^%]*?\d(?=\D*$)|.*%", "", found["off"] or "").strip()


def low_and_top(
    found: re.Match[str], unit: str = ""
) -> tuple[Decimal | None, Decimal | None, bool]:
    """Lowest and highest value of a match, and whether it is rough; `unit` where it has none."""
    if unit:
        return _range(found["low"], unit, more=found["low_more"])
    unit = unit_of(found)
    low, low_top, approx = _value(found, "low", found["low_unit"] or unit)
    approx = approx or found["off"] is not None
    if not found["high"]:
        return low, low_top, approx
    high, high_top, also = _value(found, "high", found["high_unit"] or unit)
    return low, high_top or high, approx or also


def _value(
    found: re.Match[str], name: str, unit: str
) -> tuple[Decimal | None, Decimal | None, bool]:
    more = found[f"{name}_more"] or found[f"{name}_extra"]
    tail = found[f"{name}_tail"] or ""
    return _range(found[name], unit, more=more, tail=tail)


def _range(
    spoken: str, unit: str, *, more: str | None, tail: str = ""
) -> tuple[Decimal | None, Decimal | None, bool]:
    """Lowest and highest value of a spoken number with its unit, and whether it is rough."""
    unit = PLAIN.sub("", unit).lower().removeprefix("个")
    scale = UNITS.get(unit, Decimal(1))
    pair = rough_pair(spoken.replace("、", ""), tens=more == "几")
    if pair:
        return pair[0] * scale, pair[1] * scale, True
    value = number("一" + spoken if spoken[0] in "百千万" else spoken.replace("、", ""))
    if value is None:
        return None, None, False
    value *= scale
    if tail and scale > 1:
        value += (number(tail) or 0) * scale / 10
    return value, value, bool(more)
