"""Years that are said by their last two digits: 22年 for 2022年."""

import re
from collections.abc import Callable

_SHORT = re.compile(
    r"(?<![\d.第满近过前后超每长约])(?<!工作)(?<!从业)(?<!成立)(?<!为期)(?<!期限)(?<!至少)(?<!不少于)"
    r"(?P<year>[12]\d)年(?!以?[上内后前来]|[期限多满零]|之[内后前]|左右|的?(?:工作|从业|经验|历史|时间|工龄|有效))"
)
"""Two digits that may be a year; 工作20年 and 15年以上 count years."""


def full_years(text: str, known: Callable[[int], bool]) -> str:
    """A text with years written out, where the documents know such a year."""

    def whole(found: re.Match[str]) -> str:
        year = 2000 + int(found["year"])
        return f"{year}年" if known(year) else found.group()

    return _SHORT.sub(whole, text)
