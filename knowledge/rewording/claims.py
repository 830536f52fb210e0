"""What a clause claims: numbers with their bounds; whether it denies, obliges, allows, limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from knowledge.answers.working.reading.numbers import Bound, quantities
from knowledge.lexicon.words import HAN, normalise

_CLAUSE = re.compile(r"[。！？!?；;\n，,、]+")
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")
_JOINED = re.compile(r"\d+(?:[-−./:+=×÷*〕\])]\d+)+")
_DATE = re.compile(r"(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?")
_DASH = re.compile(r"(?<=\d)(?:[—–~～－]+|至|到)(?=\d)")
_SPACED = re.compile(r"(?<=\d) *([-−+=×÷*/]) *(?=\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d{3})")
_RUN = re.compile(rf"[{HAN}]+")

_BOUNDED = re.compile(
    r"不(?:得|能|可)?(?:少于|低于|超过|高于|多于|大于|小于|满)|不(?:断|同|仅|但|只|论|限)"
    r"|无论|非常|未来|无人机|无偿|无线"
)
"""Begin as denials do and deny nothing: bounds, which are compared by themselves, and words."""

_DENIES = re.compile(r"不|无|未|没|非|禁止|严禁|勿|拒绝|取消|除外|否")
_OBLIGES = re.compile(r"必须|应当|应该|须|应(?![用急对答])|一定要|务必|(?<!急)需(?!求)")
_ALLOWS = re.compile(r"可以|均可|亦可|也可|可(?![靠行持见])|能够|允许|(?<!不)能(?![力源耗量])")
_TONE = re.compile(f"不得|{_DENIES.pattern}|{_OBLIGES.pattern}|{_ALLOWS.pattern}")
"""What is compared by itself, and says nothing of what a clause is about."""

_RESTRICTS = re.compile(r"仅|只(?![有要])|只限|限于|限制在|除.{1,20}外")
_LEAST = re.compile(r"不(?:得|能|可)?(?:少于|低于|小于)|至少|最少|最低|起码|以上")
_MOST = re.compile(
    r"不(?:得|能|可)?(?:多于|高于|超过|大于)|至多|最多|最高|以内|以下|之内|上限|限[报额]"
)
_ENDS = re.compile(r"截止|截至|为止|(?<=[日月年号\d])前|之前|以前|底前|到期")
_STARTS = re.compile(r"起(?![草来码])|(?<=[日月年号\d])后|之后|以后|开始|自(?=\d)|从(?=\d)")
_TO = r"(?:[-—–~至到]+)"

YES, NO = "yes", "no"
_STANCE = re.compile(
    r"^还?(?:(?P<no>来不及了?|不(?:可以|能|行|是|对|需要|必|用|符合|满足|得|属于|算)?|没有|无需|无须|无法|否|未)"
    r"|(?P<yes>来得及|可以|能够?|行|是的?|对|有|符合|满足|需要|必须|会|属于|算|均可))(?=[，,。!！；;\s]|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of text between two marks of punctuation."""

    text: str
    """Normalised."""
    pairs: frozenset[str]
    """Pairs of neighbouring Chinese characters; what denies or allows left out."""
    digits: frozenset[str]
    numbers: frozenset[tuple[Fraction, str]]
    bare: frozenset[str]
    """Digits without a measure, as tables have them."""
    bounds: frozenset[tuple[Fraction, str, Bound]]
    denies: bool
    obliges: bool
    allows: bool
    restricts: bool
    least: bool
    """Whether some number is the least that there may be; `most` likewise."""
    most: bool
    ends: frozenset[str]
    """Digits that are said to end something; `starts` likewise."""
    starts: frozenset[str]

    @property
    def counted(self) -> bool:
        """Whether any number stands in it."""
        return bool(self.digits or self.numbers)


def plain(text: str) -> str:
    """The form in which texts are compared: normalised, numbers and sums written one way."""
    said = _DASH.sub("-", _BETWEEN_DIGITS.sub("", normalise(text)))
    return _SPACED.sub(r"\1", said)


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, in order; a number alone belongs to what follows it."""
    found: list[Clause] = []
    before = ""
    for part in _CLAUSE.split(_BETWEEN_DIGITS.sub("", text.replace("\r", ""))):
        said = plain(f"{before} {part}")
        before = "" if _pairs(said) else said
        if said and not before:
            found.append(_clause(said))
    return [*found, _clause(before)] if before else found


def dates(text: str) -> Iterator[tuple[str, str, str]]:
    """Year, month and day of every date; a year holds until the next one, empty where none is."""
    year = ""
    for found in _DATE.finditer(plain(text)):
        year = found["year"] or year
        yield year, found["month"].lstrip("0"), (found["day"] or "").lstrip("0")


def stance(text: str) -> str | None:
    """Whether a text begins by saying yes or no."""
    found = _STANCE.match(plain(text))
    if found is None:
        return None
    return NO if found["no"] else YES


def digits_of(text: str) -> frozenset[str]:
    """Every run of digits, and every chain of such runs: 025-83319802, 3-5."""
    return _digits(plain(text))


def _digits(text: str) -> frozenset[str]:
    return frozenset((*_DIGITS.findall(text), *_JOINED.findall(text)))


def _clause(text: str) -> Clause:
    said = _BOUNDED.sub(" ", text)
    found = quantities(text)
    values = [(one.value, one.unit, one.bound) for one in found]
    values += [(one.upper, one.unit, one.bound) for one in found if one.upper is not None]
    return Clause(
        text=text,
        pairs=frozenset(_pairs(_TONE.sub(" ", text))),
        digits=_digits(text),
        numbers=frozenset((value, unit) for value, unit, _ in values),
        bare=frozenset(
            run[0]
            for run in _DIGITS.finditer(text)
            if not any(one.start <= run.start() < one.end for one in found)
        ),
        bounds=frozenset(values),
        denies=bool(_DENIES.search(said)),
        obliges=bool(_OBLIGES.search(said)),
        allows=bool(_ALLOWS.search(said)),
        restricts=bool(_RESTRICTS.search(said)),
        least=bool(_LEAST.search(text)),
        most=bool(_MOST.search(text)),
        ends=_bounding(text, _ENDS, rf"{_TO}[\d年月]*?(?P<day>\d+)(?=[日号月])"),
        starts=_bounding(text, _STARTS, rf"(?P<day>\d+)[日号月]?(?={_TO}\d)"),
    )


def _pairs(text: str) -> list[str]:
    return ["".join(pair) for run in _RUN.findall(text) for pair in pairwise(run)]


def _bounding(text: str, words: re.Pattern[str], of_range: str) -> frozenset[str]:
    """The last number of a clause with such a word, and the numbers on that side of a range."""
    found = {one["day"] for one in re.finditer(of_range, text)}
    if words.search(text):
        found.update(_DIGITS.findall(text)[-1:])
    return frozenset(found)
