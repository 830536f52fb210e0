"""Numbers as they are spoken and typed."""

import re
from decimal import Decimal
from functools import cache

DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
HANZI = r"[零〇一二两三四五六七八九十百千廿壹贰叁肆伍陆柒捌玖拾佰仟]+"
NUMBER = rf"(?:{DIGITS}|{HANZI})"

_DIGIT_OF = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}


def number(text: str) -> Decimal | None:
    """The value of a match of NUMBER, or None when it is not a number after all."""
    plain = text.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return Decimal(plain)
    return _hanzi(text)


@cache
def _hanzi(text: str) -> Decimal | None:
    import cn2an  # noqa: PLC0415 -- heavy: loaded on first use

    if text == "两":
        return Decimal(2)
    try:
        return Decimal(str(cn2an.cn2an(text.replace("廿", "二十"), "smart")))
    except ValueError:
        return None


def digit_pair(text: str) -> tuple[int, int] | None:
    """`三四` as (3, 4), `三五` as (3, 5): two near digits said for "about"."""
    if len(text) != 2 or any(char not in _DIGIT_OF for char in text):  # noqa: PLR2004 -- a pair
        return None
    low, high = (_DIGIT_OF[char] for char in text)
    return (low, high) if low and 0 < high - low <= 2 else None  # noqa: PLR2004 -- 三五


def count(text: str) -> int | None:
    """A whole number, or None."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None
