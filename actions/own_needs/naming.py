"""Which of a person's needs is meant: by number, by place in a list, by its words, or the last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.understanding.picking import ALL, NOT_THERE, by_title, placed
from actions.understanding.text import fold
from core.domain.needs import Need

NUMBER = re.compile(
    r"KQ\s*[-—–_]?\s*(\d{4})\s*[-—–_]?\s*(\d{1,9})(?!\d)|(?<![\d.])(0\d{5})(?![\d.])",
    re.IGNORECASE,
)
NEWEST = re.compile(r"上次|上一[个个条]|最近|最新|刚才|刚刚|刚(?:登记|提交|提的)|上個|最后提")
TITLE_CHARS = 60
"""As much of a problem as is looked at for words that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The needs a text names; `unknown` when it names one that the person does not have."""

    needs: tuple[Need, ...] = ()
    unknown: bool = False


def named(text: str, needs: Sequence[Need]) -> Named:
    """The needs meant, of those listed, in the order of their list."""
    numbers = NUMBER.findall(fold(text))
    if numbers:
        known = [need for need in needs if any(_is(need, *number) for number in numbers)]
        return Named(needs=tuple(known), unknown=len(known) < len(set(numbers)))
    without = NUMBER.sub("", fold(text))
    places = placed(without, needs)
    if not places and ALL.search(without):
        places = list(range(len(needs)))
    if not places:
        places = by_title(without, [_title(need) for need in needs])
    if not places and needs and NEWEST.search(without):
        places = [0]
    return Named(
        needs=tuple(needs[at] for at in sorted(set(places) - {NOT_THERE})),
        unknown=NOT_THERE in places,
    )


def _is(need: Need, year: str, serial: str, bare: str) -> bool:
    _, of_need, digits = need.number.split("-")
    return int(serial or bare) == int(digits) and year in {"", of_need}


def _title(need: Need) -> str:
    draft = need.draft
    industry = draft.industry.raw if draft.industry else ""
    return f"{(draft.problem or '')[:TITLE_CHARS]} {industry}"


def without_number(text: str) -> str:
    """The text without the numbers of needs, whose digits are no facts."""
    return NUMBER.sub(" ", text)
