"""Another number for the question before: in the place of its own, or for the rule it asked."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from knowledge.answers.question import understand
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.reading.dates import moments
from knowledge.answers.working.reading.numbers import Quantity, alike, number, plain, quantities
from knowledge.answers.working.telling import tell
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus

_LEANS = re.compile(
    r"^(?:那|如果|要是|换成|假如|改成|或者|要不|再|还|若|倘若|变成|减到|加到|又|只有)|呢[?。]?$|怎么样[?]?$"
    r"|^(?:可|但|可是|但是|现在|目前|手[头上里边]+)*,?(?:我们?|我[方队]|咱们?|俺们?|队里|团队|单位|手[头上里边]|只有)"
)
_MORE = re.compile(
    r"(?:再|又|另外?)?(?P<sign>多来?|加上?|增加|添|补|减去?|少|去掉|扣掉?|来)(?:了|上)?(?P<count>\d+|[一二两三四五六七八九十百]+)(?P<unit>[个支家名人项场分条位])?"
)
_AGAIN = re.compile(r"再|又|另|减|去掉|扣|多来|加上?|补")
_LESS = ("减", "少", "去", "扣")
_RESULT = re.compile(r"= 约?(?P<value>\d+(?:\.\d+)?)(?P<unit>[个支家名人项场分条位])?")
_ASKED = re.compile(
    r"(?:要求?|有|需要?|得|配|至少|最少|是|占)*(?:几|多少)(?P<unit>[个名位人支家项])"
)
_THING = re.compile(r"(?!以[上下内]|左右)[\u4e00-\u9fff]{2}")
_NEAR = 8
"""Characters around a question word within which what it counts is named."""

_SPOKEN = re.compile(r"^(?:那么?|可是?|但是?|如果|要是)+|[?？。呢]+$")
_ENDS = re.compile(r"[?？。呢]+$")
_SHORT = 24

type WorkOut = Callable[[Case], Worked | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where questions are worked out."""

    corpus: Corpus
    now: datetime
    work_out: WorkOut

    def __call__(self, text: str) -> Worked | None:
        """Work out a question that stands for itself."""
        asked = understand(text, self.now.year)
        return self.work_out(Case(asked=asked, corpus=self.corpus, now=self.now))


def chain(question: str, before: str, desk: Desk) -> Worked | None:
    """The result of the question before with so many more or fewer."""
    text = normalise(question)
    if len(text) > _SHORT or not _LEANS.search(text):
        return None
    return _more(normalise(before), text, desk)


def restated(before: str, said: str, year: int) -> str:
    """The question before with the numbers or the day that a short one gives; empty if none.

    A number of what the question before asked the count of answers that count; one of what it
    already gave stands in for that; where it gave none, the numbers are put to its rule.
    """
    whole, text = normalise(before), normalise(said)
    if len(text) > _SHORT or not _LEANS.search(text):
        return ""
    changed = _with_count(whole, text) or _with_more(whole, text) or _with_number(whole, text)
    changed = changed or _with_day(whole, text, year)
    given = [one for one in quantities(whole) if one.value != 1]
    if not changed and quantities(text) and not given:
        return f"{_ENDS.sub('', whole)},{text}"
    return changed


def _with_count(before: str, text: str) -> str:
    """The question before with a count where it asked for one, and what is asked of it now."""
    for one in quantities(text):
        for asked in _ASKED.finditer(before):
            thing = _THING.match(text, one.end)
            near = before[max(0, asked.start() - _NEAR) : asked.end() + _NEAR]
            if thing and thing.group() in near and alike(one.unit, asked["unit"]):
                kept = (before[: asked.start()], before[asked.end() :])
                parts = [part.strip(" ,，") for part in (*kept, text)]
                return ",".join(clean for part in parts if (clean := _SPOKEN.sub("", part)))
    return ""


def _with_more(before: str, text: str) -> str:
    """The question before with a number of its own raised or lowered."""
    found = _MORE.search(text)
    count = number(found["count"]) if found else None
    if not found or count is None or not _AGAIN.search(text):
        return ""
    unit = found["unit"] or ""
    old = [one for one in quantities(before) if unit and alike(one.unit, unit)]
    if len(old) != 1:
        return ""
    less = found["sign"].startswith(_LESS)
    value = old[0].value - count if less else old[0].value + count
    if value <= 0:
        return ""
    return f"{before[: old[0].start]}{plain(value)}{old[0].unit}{before[old[0].end :]}"


def _more(before: str, text: str, desk: Desk) -> Worked | None:
    """The result before, with so many more or fewer; where the question before gave no number."""
    found = _MORE.search(text)
    count = number(found["count"]) if found else None
    if not found or count is None or not _AGAIN.search(text) or _with_more(before, text):
        return None
    last = desk(before)
    results = list(_RESULT.finditer(last.text)) if last is not None else []
    if last is None or not results:
        return None
    less = found["sign"].startswith(_LESS)
    said, unit = found["unit"], results[-1]["unit"]
    if said and unit and not alike(said, unit):
        return None
    value = Fraction(results[-1]["value"])
    changed = value - count if less else value + count
    told = tell(
        "chained",
        one=plain(value),
        sign="−" if less else "+",
        other=plain(count),
        value=plain(changed),
        unit=found["unit"] or results[-1]["unit"] or "",
    )
    return Worked(text=told, rules=last.rules) if changed >= 0 else None


def _with_number(before: str, text: str) -> str:
    """The question before with the new numbers in the places of those they replace."""
    new = [one for one in quantities(text) if one.unit not in {"月", "日", "年"}]
    whole = before
    for one in new:
        old = _replaced(whole, text, one)
        if old is None:
            return ""
        whole = f"{whole[: old.start]}{text[one.start : one.end]}{whole[old.end :]}"
    return whole if new else ""


def _replaced(before: str, text: str, new: Quantity) -> Quantity | None:
    """What a new number stands in for: one before the same word, else of the same measure."""
    like = [one for one in quantities(before) if alike(one.unit, new.unit)]
    after = text[new.end : new.end + 2].rstrip("呢?吗。")
    same = [one for one in like if after and before[one.end :].startswith(after)]
    same = same or [one for one in like if one.unit == new.unit]
    found = same or like
    return found[0] if found else None


def _with_day(before: str, text: str, year: int) -> str:
    """The question before with another day in it."""
    new, old = moments(text, year), moments(before, year)
    if len(new) != 1 or len(old) != 1:
        return ""
    return before[: old[0].start] + text[new[0].start : new[0].end] + before[old[0].end :]
