"""Conditions of a document that state a measure, each with whom it holds for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from knowledge.answers.working.measured.sizes import NUMERALS, Size, Sort, sizes
from knowledge.answers.working.reading.dates import moments
from knowledge.lexicon.words import normalise
from knowledge.retrieval.passages import Passage
from knowledge.structure.chunks import Sentence
from knowledge.structure.headings import mark_of

_LEAST = r"不少于|不低于|不小于|不得少于|不得低于|不得小于|至少(?:应?有|要有)?|最少|达到?|满|≥"
_MOST = r"不超过|不高于|不多于|不大于|不得超过|不得高于|不得多于|至多|最多|≤"
_ABOVE = r"(?<!不)(?<!不得)(?:超过|高于|大于)"
_BELOW = r"(?:不满|未满|低于|少于)"
_BEFORE = re.compile(
    rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))(?:为)?$"
)
_AFTER = re.compile(r"\s*(?:(?P<least>及?以上)|(?P<most>及?以[下内]))")
_RELAXED = re.compile(r"(?:放宽|延长|提高|降低|降)(?:至|到)$")
_CLAUSE = re.compile(r"[^,;。:!?]+")
_REMARK = re.compile(r"\((?:计算)?截[至止][^()]*\)|\(含\)|\([^()]*出生\)")
_UNTIL = re.compile(r"(?:计算)?截[至止]到?(?P<day>20\d{2}年\d{1,2}月\d{1,2}日)")
_EITHER = re.compile(r"^[,;]\s*或")
_SINCE = re.compile(r"(?P<since>以后|之后|起(?!草))|(?P<by>以前|之前|前)")
_OF_APPLICANTS = re.compile(
    r"条件|要求|资格|范围|对象|组别|标准|指标|限项|基本|设立|领衔|成立|申报|申请|报名|揭榜|参赛|须|应当"
)
_OTHERS = re.compile(
    r"评审|评委|公示|专家组|答辩|补助|资助(?!额)|奖励|奖金|经费用于|支付|支出|拨付|讲解员|照片|视频"
    r"|给予|遴选|打造|培育|新增|力争|目标"
)
_HELD_BY = 4
"""Characters before a bracket that its number is about: 园区企业(不少于5家)."""

_LABEL = re.compile(r"^[^,;。:]{2,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A lower or upper limit of a size or of a day, as one clause states it."""

    passage: Passage
    sentence: Sentence
    clause: str
    """The clause it stands in, normalised: what is counted, and the limit."""
    about: str
    """What is measured, without the number."""
    sort: Sort | None
    """None for a day."""
    value: Fraction
    """The ordinal of a day."""
    least: bool
    strict: bool
    label: str = ""
    """The class that it holds for: a column of a table, an item with a name."""
    group: tuple[str, ...] = ()
    """What the label is one of."""
    unit: str = ""
    """The measure word of a count."""
    until: date | None = None
    """The day on which it has to hold."""
    either: bool = False
    """Whether it is one of alternatives: failing it decides nothing."""
    relaxed: bool = False
    """Whether it takes the place of the rule for those it names."""

    def met(self, value: Fraction) -> bool:
        """Whether a size keeps the limit."""
        if value == self.value:
            return not self.strict
        return value > self.value if self.least else value < self.value


def terms_of(passage: Passage, sentence: Sentence) -> Iterator[Term]:
    """The limits that a sentence or a row of a table states."""
    if sentence.row:
        yield from _of_row(passage, sentence)
        return
    text = normalise(sentence.text)
    where = normalise(" ".join(sentence.path)) + text + asked_of(passage, sentence)
    if not _OF_APPLICANTS.search(where):
        return
    label = _label(sentence.path)
    for one in _of_text(passage, sentence, text):
        if not _OTHERS.search(one.clause):
            yield replace(one, label=label, group=sentence.path[:-1] if label else ())


def asked_of(passage: Passage, sentence: Sentence) -> str:
    """The question that a page of questions and answers puts before a sentence, normalised."""
    before = [one for one in passage.chunk.sentences if one.start <= sentence.start]
    asked = [one.text for one in before if one.text.startswith(("问：", "问:"))]
    return normalise(asked[-1]) if asked else ""


def _label(path: tuple[str, ...]) -> str:
    """The name of an item that is a class of applicants, or nothing."""
    if not path:
        return ""
    text = normalise(path[-1])
    marked = mark_of(text)
    found = _LABEL.match(text[marked.length :].strip() if marked else "")
    name = found.group().strip("*") if found else ""
    return name if re.search(r"[组类班档级型]$", name) else ""


def _of_row(passage: Passage, sentence: Sentence) -> Iterator[Term]:
    if len(sentence.cells) < 2:  # noqa: PLR2004 -- what is measured, and a limit
        return
    what = normalise(sentence.cells[0][1])
    if not _LABEL.match(what) or what.isascii():
        what = ""
    heads = tuple(normalise(head) for head, _ in sentence.cells[1:])
    for head, cell in sentence.cells[1:]:
        for one in _of_text(passage, sentence, normalise(cell)):
            clause, about = f"{what}{one.clause}", what + one.about
            yield replace(one, label=normalise(head), group=heads, clause=clause, about=about)


def _of_text(passage: Passage, sentence: Sentence, text: str) -> Iterator[Term]:
    until = _until(text)
    plain = _REMARK.sub("", text)
    before = ""
    for clause in _CLAUSE.finditer(plain):
        words = clause.group()
        either = "或" in words or bool(_EITHER.match(plain[clause.end() :]))
        yield from _of_days(passage, sentence, words)
        for one in sizes(words):
            bound = _bound(words, one)
            if bound is None:
                continue
            about = _about(words, one) or before
            before = about
            least, strict, relaxed = bound
            yield Term(
                passage=passage,
                sentence=sentence,
                clause=_marked_off(words),
                about=about,
                sort=one.sort,
                value=one.value,
                least=least,
                strict=strict,
                unit=one.said.lstrip(NUMERALS),
                until=until,
                either=either,
                relaxed=relaxed,
            )


def _marked_off(words: str) -> str:
    marked = mark_of(words)
    return (words[marked.length :] if marked else words).strip().removeprefix("且")


def _about(words: str, size: Size) -> str:
    """What a number measures: the words of its own part of the clause."""
    bracket = words.rfind("(", 0, size.start)
    if bracket >= 0 and ")" not in words[bracket : size.start]:
        return words[max(0, bracket - _HELD_BY) : bracket]
    start = max(words.rfind("、", 0, size.start), words.rfind("且", 0, size.start)) + 1
    end = words.find("、", size.end)
    head = _BEFORE.sub("", words[start : size.start])
    tail = words[size.end : end if end >= 0 else len(words)]
    return re.sub(r"^[\d.\s()一二三四五六七八九十、第条]+", "", head) + re.sub(
        r"^及?以[上下内]", "", tail
    )


def _bound(words: str, size: Size) -> tuple[bool, bool, bool] | None:
    """Whether a limit is the least, leaves out its own number, and stands in for another."""
    ahead = words[: size.start]
    if _RELAXED.search(ahead):
        return False, False, True
    found, behind = _BEFORE.search(ahead), _AFTER.match(words, size.end)
    if found is not None:
        least = bool(found["least"] or found["above"])
        return least, bool(found["above"] or found["below"]), False
    if behind is not None:
        return bool(behind["least"]), False, False
    return None


def _of_days(passage: Passage, sentence: Sentence, words: str) -> Iterator[Term]:
    for one in moments(words, None):
        said = _SINCE.match(words, one.end) if one.exact else None
        about = words[said.end() :] if said else ""
        if said and len(about) > 1:
            yield Term(
                passage=passage,
                sentence=sentence,
                clause=_marked_off(words),
                about=about,
                sort=None,
                value=Fraction(one.day.toordinal()),
                least=said["since"] is not None,
                strict=said["by"] is not None,
            )


def _until(text: str) -> date | None:
    found = _UNTIL.search(text)
    days = moments(found["day"], None) if found else []
    return days[0].day if days else None
