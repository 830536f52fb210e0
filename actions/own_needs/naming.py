"""Which of a person's own is meant: by number, by place in a list, by its words, or the last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.understanding.picking import ALL, NOT_THERE, by_title, placed
from actions.understanding.text import fold
from core.domain.needs import Need
from core.domain.submissions import Submission

NUMBER = re.compile(
    r"(KQ)\s*[-—–_]?\s*(\d{4})\s*[-—–_]?\s*(\d{1,9})(?!\d)"
    r"|(?<![a-z\d])([a-z]{2,3})\s*[-—–_]\s*(\d{4})\s*[-—–_]\s*(\d{6})(?!\d)"
    r"|(?<![\d.])(0\d{5})(?![\d.])",
    re.IGNORECASE,
)
"""Of a need, of what was handed in by another form, or its digits alone."""
NEWEST = re.compile(r"上次|上一[个个条]|最近|最新|刚才|刚刚|刚(?:登记|提交|提的)|上個|最后提")
TITLE_CHARS = 60
"""As much of a problem as is looked at for words that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named[T: Need | Submission]:
    """What a text names; `unknown` when it names one that the person does not have."""

    ones: tuple[T, ...] = ()
    unknown: bool = False


def named[T: Need | Submission](text: str, ones: Sequence[T]) -> Named[T]:
    """Those meant, of those listed, in the order of their list."""
    numbers = NUMBER.findall(fold(text))
    if numbers:
        known = [one for one in ones if any(_is(one, number) for number in numbers)]
        return Named(ones=tuple(known), unknown=len(known) < len(set(numbers)))
    without = NUMBER.sub("", fold(text))
    places = placed(without, ones)
    if not places and ALL.search(without):
        places = list(range(len(ones)))
    if not places:
        places = by_title(without, [_title(one) for one in ones])
    if not places and ones and NEWEST.search(without):
        places = [0]
    return Named(
        ones=tuple(ones[at] for at in sorted(set(places) - {NOT_THERE})),
        unknown=NOT_THERE in places,
    )


def _is(one: Need | Submission, number: Sequence[str]) -> bool:
    prefix, year, digits = one.number.split("-")
    kq, year_of_need, serial, other, other_year, other_serial, bare = number
    return (
        (kq or other).upper() in {"", prefix}
        and (year_of_need or other_year) in {"", year}
        and int(serial or other_serial or bare) == int(digits)
    )


def _title(one: Need | Submission) -> str:
    if isinstance(one, Submission):
        shown = " ".join(entry.shown for entry in one.filled.entries)
        return f"{one.filled.title} {shown}"[:TITLE_CHARS]
    draft = one.draft
    industry = draft.industry.raw if draft.industry else ""
    return f"{(draft.problem or '')[:TITLE_CHARS]} {industry}"


def without_number(text: str) -> str:
    """The text without the numbers of needs, whose digits are no facts."""
    return NUMBER.sub(" ", text)
