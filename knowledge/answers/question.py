"""What a question asks for: kind of answer, subject, regions and years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.lexicon.lists import regions
from knowledge.lexicon.words import grams, normalise, strip_question_words, subject_words

MAX_CHARS = 500
"""Longer texts are not questions about one thing."""


class Kind(StrEnum):
    """What has to stand in an answer."""

    MONEY = "money"
    PHONE = "phone"
    EMAIL = "email"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    CONDITION = "condition"


STRICT = frozenset(Kind) - {Kind.CONDITION}
"""Kinds without which there is no answer; the others are only preferred."""

_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PHONE, re.compile(r"电话|手机|座机|号码|联系方式|怎么联系|如何联系|打给谁|热线")),
    (Kind.EMAIL, re.compile(r"邮箱|电邮|e-?mail|邮件(?:地址|发)")),
    (
        Kind.PLACE,
        re.compile(r"地址|寄到哪|寄给|寄往|邮寄到|寄哪|送到哪|在哪(?:里|儿)?(?:办公|交|提交)"),
    ),
    (
        Kind.MONEY,
        re.compile(
            r"多少[^，。？]{0,4}(?:钱|元|经费|资金|奖金|补贴|补助|资助|费用|拨款|奖励|报名费)"
            r"|(?:经费|资金|奖金|补贴|补助|资助|费用|金额|报酬|工资|拨款|奖励|收费)"
            r"(?:标准|额度|金额)?(?:是|有|给|为|大概|一共|总共)*(?:多少|几)"
            r"|给多少|补多少|奖多少|(?:资助|补助|补贴|奖励|收费)(?:额度|标准|金额)|多少钱|几万|收费吗|要交钱"
        ),
    ),
    (
        Kind.DATE,
        re.compile(
            r"什么时候|何时|几月|几号|哪天|哪一天|哪年|哪一年|什么时间|啥时候|截止(?:时间|日期|到)"
            r"|(?:时间|日期)(?:是|为|截止|有|呢|$)|多久之前|什么时候截止|截止$|到期|期限|几点"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"多少|几(?=[个支项家名人场次类种条份期位分成倍年天级届座])|名额|比例|百分之几|数量"
            r"|上限|满分|分值"
        ),
    ),
    (
        Kind.CONDITION,
        re.compile(
            r"谁(?:可以|能|才能|有资格)|(?:可以|能|能否|可否|是否可以).{0,14}(?:吗|么|$)"
            r"|能不能|可不可以|行不行|条件|资格|要不要|必须|什么要求|哪些要求|限制"
        ),
    ),
    (
        Kind.PERSON,
        re.compile(
            r"谁|哪(?:个|些|家)?(?:部门|单位|机构|处室)|牵头单位|负责人|联系人|组长|主任是"
        ),
    ),
)
_UNIT = re.compile(
    r"(?:多少|几)(?:个(?=[人月]))?(?P<unit>[个支项家名人场次类种条份期位分年天级届座字元岁篇倍])"
)
_APPLY = re.compile(
    r"(?<![申填上汇通公简海回预情播举日周画警])报(?:名(?!费))?(?![告名送道纸表到酬销价刊社])"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_EXACT_DAY = re.compile(r"哪天|哪一天|几号|几月|几点")
DAY = "日"
"""The unit of a question for a day, not only a year or a rhythm."""

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

    @property
    def readable(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.pairs)


def understand(raw: str, year: int) -> Question:
    """Take a question apart; `year` is the present one."""
    text = _APPLY.sub("申报", normalise(raw))
    bare = strip_question_words(text)
    words = subject_words(bare)
    places = frozenset(name for name in regions() if name in text)
    return Question(
        text=text,
        kind=kind_of(text),
        unit=_unit(text),
        words=words,
        pairs=tuple(dict.fromkeys(pair for pair in grams(bare) if len(pair) > 1)),
        regions=frozenset(regions()[name] for name in places),
        places=places,
        years=_years(text, year),
    )


def kind_of(text: str) -> Kind | None:
    """The kind of answer a normalised question asks for, or None when any may do."""
    for kind, pattern in _ASKED:
        if pattern.search(text):
            return kind
    return None


def without_kind(text: str) -> str:
    """A normalised question without the words that ask for a kind of answer."""
    for _, pattern in _ASKED:
        text = pattern.sub(" ", text)
    return text


def _unit(text: str) -> str:
    if _EXACT_DAY.search(text):
        return DAY
    found = _UNIT.search(text)
    return found.group("unit") if found else ""


def _years(text: str, year: int) -> frozenset[int]:
    said = {int(found) for found in _YEAR.findall(text)}
    span = re.search(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})", text)
    if span:
        said -= {int(span.group(1)), int(span.group(2))}
    said |= {year + offset for word, offset in _CLOCKED.items() if word in text}
    return frozenset(said)
