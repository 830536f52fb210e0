"""How a person wants to work together: the programme's cooperation modes."""

import re
from dataclasses import dataclass
from functools import cache

from actions.understanding.lexicon import modes
from actions.understanding.text import Span, before

NOT_THIS = re.compile(
    r"(?:不(?:想|要|考虑|接受|需要|做|搞|用|打算|准备|是|愿意)|别|无需|除了|而非|不)(?:再|做|搞|走)?\s*$"
)
ANY = re.compile(r"都可以|都行|怎么合作都|合作方式不限|方式不限|随便|均可|不限")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesReading:
    """What was found and where; `any_mode` when every way is welcome."""

    modes: tuple[str, ...] = ()
    any_mode: bool = False
    spans: tuple[Span, ...] = ()


def read_modes(text: str) -> ModesReading:
    """Find the cooperation modes of a folded text, in the order they are said."""
    hits: list[tuple[Span, str]] = []
    for name, pattern in _patterns():
        hits += [
            (Span(start=hit.start(), end=hit.end()), name)
            for hit in pattern.finditer(text)
            if not NOT_THIS.search(before(text, hit.start(), 6))
        ]
    # 找人联合研发 says how, beside that somebody is sought.
    hits = [hit for hit in hits if not any(_contains(hit[0], other[0]) for other in hits)]
    hits.sort(key=lambda hit: hit[0].start)
    return ModesReading(
        modes=tuple(dict.fromkeys(name for _, name in hits)),
        any_mode=ANY.search(text) is not None,
        spans=tuple(span for span, _ in hits),
    )


def _contains(outer: Span, inner: Span) -> bool:
    return outer != inner and outer.start <= inner.start and inner.end <= outer.end


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((mode.name, re.compile("|".join(mode.aliases))) for mode in modes())
