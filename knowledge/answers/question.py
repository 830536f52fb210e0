"""What a question asks for: kind of answer, subject, regions and years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.answers.kinds import CONTACTS, Kind, kind_of, unit_of, without_kind
from knowledge.lexicon.lists import generic, regions
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import (
    MEASURES,
    NAMING,
    grams,
    normalise,
    strip_question_words,
    subject_words,
)

MAX_CHARS = 500
"""Longer texts are not questions about one thing."""


_APPLY = re.compile(
    r"(?<![申填上汇通公简海回预情播举日周画警])报(?:名(?!费))?(?![告名送道纸表到酬销价刊社])"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_ISSUING = re.compile(r"印发|发布|出台|发文|签发|成文|下发|落款|发给|主送")
_SAID_YEAR = re.compile(r"20\d{2}(?:[-—~至到]20\d{2})?年?度?")
_TYPED = rf"(?:哪(?:一|几|[两二三四五六七八九十])?[{MEASURES}些位层所样]?|什么样?的?|几(?=[等级]))"
"""What stands before the word that only says of what sort the answer is."""

_HOW = "(?:怎么|如何|怎样|怎么才能)"
_TYPE = 0.3
_MANNER = 0.8
_GENERIC = 0.4
_CLAUSE = re.compile(r"[,;。?!，；？！\n]+")
_PLACE = 0.5
_KIND_WORD = 0.2
_AMOUNT = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?(?:%|[万亿]?元|[分人家个项支岁篇天])"
    r"|(?:专栏|附件)[\d一二三四五六七八九十]+|第[\d一二三四五六七八九十]+[条章]"
)
_ONES = "零一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
_ROUND = re.compile(r"([一二三四五六七八九])([十百千])(?=[个家支项名人分])")
_CLOCKED = {"今年": 0, "去年": -1, "明年": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, taken apart."""

    text: str
    """Normalised."""
    kind: Kind | None
    unit: str
    """The measure word after 多少 or 几, if any."""
    words: Mapping[str, float]
    """Its subject words with their weights."""
    pairs: tuple[str, ...]
    """Character pairs and whole numbers of the question without question words."""
    regions: frozenset[str]
    """Provinces it names, or whose cities it names."""
    places: frozenset[str]
    """The names it used for them."""
    years: frozenset[int]
    amounts: tuple[str, ...] = ()
    """Numbers with their measure, and numbered headings, as they stand in the question."""
    sorts: frozenset[str] = frozenset()
    """Words that only say of what sort the answer is: 学历 in 什么学历."""

    @property
    def of_document(self) -> bool:
        """Whether it asks for what a document says of itself at its beginning."""
        return self.kind is Kind.FILE_NUMBER or bool(_ISSUING.search(self.text))

    @property
    def readable(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.pairs)


def understand(raw: str, year: int) -> Question:
    """Take a question apart; `year` is the present one."""
    text = _APPLY.sub("申报", normalise(raw))
    bare = strip_question_words(text)
    kind = kind_of(text)
    found = subject_words(_SAID_YEAR.sub(" ", bare))
    words = {
        word: _weight(word, _typed(word, weight, text), kind) for word, weight in found.items()
    }
    named = places_in(text)
    return Question(
        text=text,
        kind=kind,
        unit=unit_of(text),
        words={word: weight for word, weight in words.items() if weight},
        pairs=tuple(dict.fromkeys(pair for pair in grams(bare) if len(pair) > 1)),
        regions=frozenset(named.values()),
        places=frozenset(name if len(name) > 1 else named[name] for name in named),
        years=_years(text, year),
        amounts=tuple(_AMOUNT.findall(_ROUND.sub(_in_digits, text))),
        sorts=frozenset(word for word in found if _is_sort(word, text)),
    )


def _in_digits(found: re.Match[str]) -> str:
    """A round number in digits: 100 for 一百."""
    return str(max(_ONES.find(found[1]), 1) * _TENS[found[2]])


def _weight(word: str, weight: float, kind: Kind | None) -> float:
    """Provinces are matched against whole documents, and the kind of answer has its own test."""
    province = regions().get(word) or regions().get(word.rstrip("省市"))
    if province:
        return 0.0 if word.startswith(province) else min(weight, _PLACE)
    told = kind in CONTACTS and kind_of(word) is kind
    return min(weight, _KIND_WORD) if told else weight


def _typed(word: str, weight: float, text: str) -> float:
    """A word right behind 哪个 or 什么 says of what sort the answer is, not what it is about.

    What is asked for its manner (怎么加入) is what the question is about.
    """
    if _is_sort(word, text):
        return min(weight, _TYPE)
    if re.search(f"{_HOW}{re.escape(word)}", text):
        return max(weight, _MANNER)
    return _GENERIC if word in generic() else weight


def _is_sort(word: str, text: str) -> bool:
    return bool(re.search(f"{_TYPED}{re.escape(word)}", text))


def clauses(raw: str) -> list[str]:
    """The parts of a rambling question that ask for something, each with what it is about.

    Empty when there is one part, or none that asks.
    """
    parts = [part.strip() for part in _CLAUSE.split(normalise(raw)) if part.strip()]
    if len(parts) < 2:  # noqa: PLR2004 -- one part is the whole
        return []
    places = "".join(places_in(normalise(raw)))
    about = ""
    found: list[str] = []
    for part in parts:
        told = subject_words(without_kind(strip_question_words(part)))
        names = [word for word, weight in told.items() if weight == NAMING]
        known = " ".join(name for name in names if name not in generic())
        if _asks(part):
            where = "" if places_in(part) else places
            found.append(f"{where}{'' if known else about} {part}".strip())
        about = known or about
    return found


def _asks(text: str) -> bool:
    return kind_of(text) is not None or strip_question_words(text) != text


def _years(text: str, year: int) -> frozenset[int]:
    said = {int(found) for found in _YEAR.findall(text)}
    span = re.search(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})", text)
    if span:
        said -= {int(span.group(1)), int(span.group(2))}
    said |= {year + offset for word, offset in _CLOCKED.items() if word in text}
    return frozenset(said)
