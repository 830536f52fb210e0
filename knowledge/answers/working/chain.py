"""Arithmetic on the conversation: another number for the question before, a sum of its answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from core.domain.documents import Exchange
from knowledge.answers.question import understand
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.reading.dates import moments
from knowledge.answers.working.reading.numbers import Quantity, alike, number, plain, quantities
from knowledge.answers.working.telling import tell
from knowledge.lexicon.words import normalise
from knowledge.retrieval.search import Corpus

_LEANS = re.compile(
    r"^(?:那|如果|要是|换成|假如|改成|或者|要不|再|还|若|倘若|变成|减到|加到|又|只有)|呢[?。]?$|怎么样[?]?$"
)
_SUM = re.compile(
    r"^(?:那|所以|这)?(?:么)?(?:[这那]?(?:两|三|几|些)?(?:个|项|类|者)?)?(?:加起来|合起来|一共|总共|合计|总计|加在?一[起块]|放一[起块]|相加|共)(?:是|有|一共)*(?:多少|几)?[个支家名人项场分条]?[?。]?$"
)
_MORE = re.compile(
    r"(?:再|又|另外?)?(?P<sign>多来?|加上?|增加|添|补|减去?|少|去掉|扣掉?|来)(?:了|上)?(?P<count>\d+|[一二两三四五六七八九十百]+)(?P<unit>[个支家名人项场分条位])?"
)
_AGAIN = re.compile(r"再|又|另|减|去掉|扣|多来|加上?|补")
_LESS = ("减", "少", "去", "扣")
_RESULT = re.compile(r"= 约?(?P<value>\d+(?:\.\d+)?)(?P<unit>[个支家名人项场分条位])?")
_SHORT = 20
_REMEMBERED = 3

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


def chain(question: str, history: Sequence[Exchange], desk: Desk) -> Worked | None:
    """What a short question means after those before it, worked out again."""
    text = normalise(question)
    if len(text) > _SHORT:
        return None
    before = _resolved([normalise(one.question) for one in history], desk.now.year)
    if _SUM.search(text):
        return _summed(before[-_REMEMBERED:], text, desk)
    if not _LEANS.search(text):
        return None
    changed = _more(before[-1], text, desk)
    if changed is not None:
        return changed
    whole = _changed(before[-1], text, desk.now.year)
    if not whole and quantities(text) and not quantities(before[-1]):
        whole = f"{before[-1]},{text}"
    return desk(whole) if whole else None


def _resolved(said: Sequence[str], year: int) -> list[str]:
    """Earlier questions with what each short one changed in the one before it."""
    whole: list[str] = []
    for one in said:
        short = whole and len(one) <= _SHORT and _LEANS.search(one)
        changed = _changed(whole[-1], one, year) if short else ""
        bare = short and not changed and not quantities(one) and not _SUM.search(one)
        whole.append(changed or (f"{whole[-1]},{one}" if bare else one))
    return whole


def _changed(before: str, text: str, year: int) -> str:
    return _with_more(before, text) or _with_number(before, text) or _with_day(before, text, year)


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


def _summed(before: Sequence[str], text: str, desk: Desk) -> Worked | None:
    """The things asked for one by one, asked for together; two at least."""
    for first in range(len(before) - 1):
        whole = "、".join(before[first:]) + f" {text} 一共多少"
        worked = desk(whole)
        if worked is not None:
            return worked
    return None


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
