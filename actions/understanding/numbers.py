"""Numbers as they are spoken and typed."""

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
HANZI = (
    r"(?:百(?:儿|把)?八十|十几二十|[零〇一二两三四五六七八九十百千廿壹贰叁参肆伍陆柒捌玖拾佰仟]+)"
)
NUMBER = rf"(?:{DIGITS}|{HANZI})"

_DIGIT_OF = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}


_HUNDRED = (Decimal(80), Decimal(100))
_SAID_AS_ONE = dict.fromkeys(("百八十", "百儿八十", "百把八十"), _HUNDRED) | {
    "十几二十": (Decimal(10), Decimal(20))
}


def number(text: str) -> Decimal | None:
    """The value of a match of NUMBER, or None when it is not a number after all."""
    plain = text.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return Decimal(plain)
    return _hanzi(text)


@lru_cache(maxsize=4096)
def _hanzi(text: str) -> Decimal | None:
    import cn2an  # noqa: PLC0415 -- heavy: loaded on first use

    if text == "两":
        return Decimal(2)
    try:
        return Decimal(str(cn2an.cn2an(text.replace("廿", "二十").replace("参", "叁"), "smart")))
    except (ValueError, KeyError):  # 十十: KeyError inside cn2an
        return None


def digit_pair(text: str) -> tuple[int, int] | None:
    """`三四` as (3, 4), `三五` as (3, 5): two near digits said for "about"."""
    if len(text) != 2 or any(char not in _DIGIT_OF for char in text):  # noqa: PLR2004 -- a pair
        return None
    if text == "三两":
        return 2, 3
    low, high = (_DIGIT_OF[char] for char in text)
    return (low, high) if low and 0 < high - low <= 2 else None  # noqa: PLR2004 -- 三五


def rough_pair(text: str, *, tens: bool = False) -> tuple[Decimal, Decimal] | None:
    """`三四十` as 30 and 40, `十五六` as 15 and 16, `百八十` as 80 and 100; else None.

    With `tens`, a number of tens said with 几 after it: `三十` as 30 and 40.
    """
    if text in _SAID_AS_ONE:
        return _SAID_AS_ONE[text]
    for tail, scale in (("", 1), ("十", 10), ("百", 100), ("千", 1000)):
        stem = text.removesuffix(tail)
        both = digit_pair(stem[-2:]) if text.endswith(tail) else None
        if both and len(stem) == 2:  # noqa: PLR2004 -- a pair
            return Decimal(both[0] * scale), Decimal(both[1] * scale)
        if both and not tail and (base := number(stem[:-2])) is not None and base % 10 == 0:
            return base + both[0], base + both[1]
    if tens and (value := number(text)) is not None and value % 10 == 0:
        return value, value + 10
    return None


def count(text: str) -> int | None:
    """A whole number, or None."""
    value = number(text)
    return int(value) if value is not None and value == value.to_integral_value() else None
