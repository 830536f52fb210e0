"""What documents call the things that people say in their own words."""

import re
from functools import cache

from knowledge.lexicon.lists import lay


def officially(normalised: str) -> list[str]:
    """The official words for those of a question, but for the ones it has already."""
    said = dict.fromkeys(_pattern().findall(normalised))
    official = dict.fromkeys(word for one in said for word in lay()[one])
    return [word for word in official if word not in normalised]


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(lay(), key=len, reverse=True))))
