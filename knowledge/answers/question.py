"""What a question asks for: kind of answer, subject, regions and years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.lexicon.lists import generic, regions
from knowledge.lexicon.words import MEASURES, NAMING, grams, normalise, strip_question_words, subject_words

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
    LINK = "link"
    REGIONS = "regions"
    CONDITION = "condition"
    DURATION = "duration"
    FILE_NUMBER = "file_number"
    LIST = "list"
    VENUE = "venue"


STRICT = frozenset(Kind) - {Kind.CONDITION, Kind.LIST}
"""Kinds without which there is no answer; the others are only preferred."""

CONTACTS = frozenset({Kind.PHONE, Kind.EMAIL, Kind.PLACE, Kind.LINK})
"""Kinds that belong to somebody: whose they are has to be said beside them."""

_SEVERAL = r"哪(?:几|[两二三四五六七八九十])"
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.FILE_NUMBER, re.compile(r"文号|发文字号|文件号|文件编号")),
    (Kind.LINK, re.compile(r"网址|官网|网站(?:地址|是|在|链接|$)|链接(?=是|在|地址|呢|发|$)|怎么下载|哪里下载|二维码")),
    (
        Kind.REGIONS,
        re.compile(
            r"(?:哪些|哪几个|名单)[^，。？]{0,4}(?:城市|地区|省份|省市|区县|园区)|分别是哪"
        ),
    ),
    (Kind.PHONE, re.compile(r"电话|手机|座机|号码|联系方式|怎么联系|如何联系|打给谁|热线")),
    (Kind.EMAIL, re.compile(r"邮箱|电邮|e-?mail|邮件(?:地址|发)")),
    (
        Kind.PLACE,
        re.compile(r"地址|寄到哪|寄给|寄往|邮寄到|寄哪|送到哪|在哪(?:里|儿)?(?:办公|交|提交)"),
    ),
    (
        Kind.VENUE,
        re.compile(r"在(?:哪里|哪儿|什么地方|哪个城市|哪座城市|何处)|什么地方|哪座城市"),
    ),
    (
        Kind.MONEY,
        re.compile(
            r"多少[^，。？]{0,4}(?:钱|元|经费|资金|奖金|补贴|补助|资助|费用|拨款|奖励|报名费)"
            r"|(?:经费|资金|奖金|补贴|补助|资助|费用|金额|报酬|工资|拨款|奖励|收费)"
            r"(?:标准|额度|金额)?(?:最高|最多|最少|至少|是|有|给|为|能|可以?|会|拿|得|领|到|大概|一共|总共)*(?:多少|几)"
            r"|(?:给|补|奖)多少(?=钱|元|万|$|[?？])|(?:资助|补助|补贴|奖励|收费)(?:额度|标准|金额)|多少钱|几万|收费吗|要交钱"
        ),
    ),
    (
        Kind.DATE,
        re.compile(
            r"什么时候|何时|多久(?:之前|以前)|几月|几号|哪天|哪一天|哪年|哪一年|什么时间|啥时候|截止(?:时间|日期|到)"
            r"|(?:时间|日期)(?:是|为|截止|有|呢|$)|什么时候截止|截止$|到期|期限|几点"
        ),
    ),
    (
        Kind.DURATION,
        re.compile(
            r"多久|多长(?:时间)?|(?:几|多少)(?:个?工作日|天|个?小时|分钟|个月(?!份)|周(?!岁))"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"多少|(?<!哪)几(?=[个支项家名人场次类种条份期位分成倍年天级届座])|名额|比例|百分之几|数量"
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
            r"谁|哪位|哪(?:个|些|家)?(?:部门|单位|机构|处室)|牵头单位|负责人|联系人|组长|主任是"
        ),
    ),
    (
        Kind.LIST,
        re.compile(rf"哪些|{_SEVERAL}|包括什么|包含什么|有什么|都有啥|有啥|分别是|怎么划分|怎么分"),
    ),
)
_UNIT = re.compile(
    r"(?:多少|几)(?:个(?=[人月]))?(?P<unit>[个支项家名人场次类种条份期位分年天级届座字元岁篇倍页米平公吨亩套台])"
)
_APPLY = re.compile(
    r"(?<![申填上汇通公简海回预情播举日周画警])报(?:名(?!费))?(?![告名送道纸表到酬销价刊社])"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_ISSUING = re.compile(r"印发|发布|出台|发文|签发|成文|下发|落款|发给|主送")
_SAID_YEAR = re.compile(r"20\d{2}(?:[-—~至到]20\d{2})?年?度?")
_EXACT_DAY = re.compile(r"哪天|哪一天|几号|几月|几点")
_WHICH_YEAR = re.compile(r"哪一?年")
YEAR = "年"
DAY = "日"
"""The unit of a question for a day, not only a year or a rhythm."""

_TYPED = rf"(?:哪(?:一|几|[两二三四五六七八九十])?[{MEASURES}些位层所样]?|什么样?的?|几(?=[等级]))"
"""What stands before the word that only says of what sort the answer is."""

_HOW = "(?:怎么|如何|怎样|怎么才能)"
_TYPE = 0.3
_MANNER = 0.8
_GENERIC = 0.4
_CLAUSE = re.compile(r"[,;。?!，；？！\n]+")
_ORGANISATION = re.compile(r"哪(?:个|些|家)?(?:部门|单位|机构|处室)")
ORGANISATION = "单位"
"""The unit of a question for an office, not a person."""

_RHYTHM = re.compile(r"(?:多久|多长时间).{0,6}[一1]?次")
RHYTHM = "次"
"""The unit of a question for how often."""

_PLACE = 0.5
_KIND_WORD = 0.2
_AMOUNT = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?(?:%|[万亿]?元|[分人家个项支岁篇天])"
    r"|(?:专栏|附件)[\d一二三四五六七八九十]+|第[\d一二三四五六七八九十]+[条章]"
)
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
    words = {word: _weight(word, _typed(word, weight, text), kind) for word, weight in found.items()}
    places = frozenset(name for name in regions() if name in text)
    return Question(
        text=text,
        kind=kind,
        unit=_unit(text),
        words={word: weight for word, weight in words.items() if weight},
        pairs=tuple(dict.fromkeys(pair for pair in grams(bare) if len(pair) > 1)),
        regions=frozenset(regions()[name] for name in places),
        places=places,
        years=_years(text, year),
        amounts=tuple(_AMOUNT.findall(text)),
        sorts=frozenset(word for word in found if _is_sort(word, text)),
    )


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
    places = "".join(sorted(name for name in regions() if name in raw))
    about = ""
    found: list[str] = []
    for part in parts:
        names = [word for word, weight in subject_words(part).items() if weight == NAMING]
        known = " ".join(name for name in names if name not in generic())
        if _asks(part):
            told = places if not any(name in part for name in regions()) else ""
            found.append(f"{told}{'' if known else about} {part}".strip())
        about = known or about
    return found


def _asks(text: str) -> bool:
    return kind_of(text) is not None or strip_question_words(text) != text


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
    kind = kind_of(text)
    if kind is Kind.PERSON and _ORGANISATION.search(text):
        return ORGANISATION
    if kind is Kind.DURATION and _RHYTHM.search(text):
        return RHYTHM
    if _EXACT_DAY.search(text):
        return DAY
    if _WHICH_YEAR.search(text):
        return YEAR
    found = _UNIT.search(text)
    return found.group("unit") if found else ""


def _years(text: str, year: int) -> frozenset[int]:
    said = {int(found) for found in _YEAR.findall(text)}
    span = re.search(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})", text)
    if span:
        said -= {int(span.group(1)), int(span.group(2))}
    said |= {year + offset for word, offset in _CLOCKED.items() if word in text}
    return frozenset(said)
