"""The figure with which an answer answers a question for a number."""

import re
from dataclasses import dataclass

from core.domain.documents import Answer
from knowledge.answers.question import understand
from knowledge.answers.scope.mentions import names_in
from knowledge.lexicon.lists import contrasts, synonyms
from knowledge.lexicon.words import normalise

_CN = {char: at for at, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_CN |= {"百": 100, "千": 1_000, "万": 10_000}
_LARGE = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_NUMBER = re.compile(
    r"(?<![\d.〔-])(?P<low>\d+(?:\.\d+)?)(?:[-—~至到](?P<high>\d+(?:\.\d+)?))?(?P<large>[百千万亿]?)(?:余|多)?(?P<unit>%|[个支项家名人场次类种条份期位分年天元岁篇])?"
    r"|(?P<word>[一二两三四五六七八九十百千万])(?P<wordunit>[个支项家名场次类种期位])"
)
_YEAR = re.compile(
    r"20\d{2}(?:[-—~至到]20\d{2})?年?度?|第[一二三四五六七八九十\d]+"
    r"|^\s*[（(]?\d{1,2}[）).、．]|[（(]\d{1,2}[)）]"
)
_DEFAULT = "个"
_ADDED = re.compile(r"再|新增|增加|新建|又")
"""Words of what comes on top of what there is."""

_REACH = 6
_HEAD = 2
_BEHIND = 10
_MEASURE = re.compile(r"^[百千万亿]*(?:余|多)?[个支项家名人场次种条份期位]?(?:左右|以上|以下|的)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as documents state it: a range has two ends."""

    low: float
    high: float
    unit: str
    said: str
    """As it stands, without its measure."""


def figure_of(question: str, answer: Answer) -> Figure | None:
    """The number in the first quote of an answer that the question asks for, or None."""
    if not answer.citations:
        return None
    asked = understand(question, 0)
    text = _YEAR.sub(lambda one: " " * len(one.group()), normalise(answer.citations[0].quote))
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    unit = asked.unit
    grades = [word for words in contrasts() for word in words if word in asked.text]
    graded = [word for word in grades if word in text]
    counted = sum(one["unit"] == unit for one in found)
    measured = counted == 1 or (graded and counted > 1)
    if "\t" in answer.citations[0].quote and not (unit and measured):
        return _figure(found[-1], unit)
    named = [word for word in names_in(asked.text) if word in text]
    words = graded[:1] or named or [word for word in asked.words if word in text]
    adding = bool(_ADDED.search(asked.text))

    def distance(one: re.Match[str]) -> tuple[bool, bool, bool, int]:
        said = one["unit"] or one["wordunit"] or ""
        near = min((_apart(text, word, one) for word in words), default=0)
        added = bool(_ADDED.search(text[max(0, one.start() - _REACH) : one.start()]))
        other = bool(unit) and bool(said) and said != unit
        return (other, not said and bool(unit), added is not adding, near)

    return _figure(min(found, key=distance), unit)


def figure_in(text: str) -> Figure | None:
    """The one number of a short text such as a cell; None when it states none, or several."""
    found = [one for one in _NUMBER.finditer(normalise(text)) if one["low"]]
    return _figure(found[0], found[0]["unit"] or "") if len(found) == 1 else None


def counts_asked(question: str, answer: Answer) -> bool:
    """Whether the first quote counts what the question counts: its last name stands in it."""
    if not answer.citations:
        return False
    text = normalise(question)
    names = names_in(text)
    if not names:
        return True
    last = max(names, key=lambda name: text.rfind(name) + len(name))
    figure = figure_of(question, answer)
    clauses = re.split(r"[,;。]", normalise(answer.citations[0].quote))
    counted = [one for one in clauses if figure is not None and figure.said in one]
    if figure is not None and any(_counts_other(last, one, figure.said) for one in counted):
        return False
    table = "\t" in answer.citations[0].quote
    told = answer.citations[0].quote if table else "".join(counted)
    return any(one in normalise(told) for one in (last, *synonyms().get(last, ())))


def _counts_other(name: str, clause: str, said: str) -> bool:
    """Whether what stands right behind a number is another thing of the same head.

    推出8个左右创新枢纽城市 counts no 试点城市, wherever those are named before it.
    """
    behind = clause.partition(said)[2]
    head = name[-_HEAD:]
    at = behind.find(head)
    if len(name) <= _HEAD or at < 0 or at > _BEHIND or name in clause[clause.find(said) :]:
        return False
    own = _MEASURE.sub("", behind[:at])
    return len(own) >= _HEAD and not any(one in own for one in name[:-_HEAD])


def _apart(text: str, word: str, one: re.Match[str]) -> int:
    """How far a word stands from a number; what is counted stands right behind it."""
    places = [found.start() for found in re.finditer(re.escape(word), text)]
    return min(
        (at - one.end() if at >= one.end() else one.start() - at for at in places),
        default=len(text),
    )


def _figure(one: re.Match[str], unit: str) -> Figure:
    if one["word"]:
        value = float(_CN[one["word"]])
        return Figure(low=value, high=value, unit=one["wordunit"], said=f"{value:g}")
    scale = _LARGE.get(one["large"], 1)
    low = float(one["low"]) * scale
    high = float(one["high"] or one["low"]) * scale
    said = (f"{one['low']}-{one['high']}" if one["high"] else one["low"]) + one["large"]
    return Figure(low=low, high=high, unit=one["unit"] or unit or _DEFAULT, said=said)
