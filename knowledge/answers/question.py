"""What a question asks for: kind of answer, subject, regions and years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answers.issuing import issuing
from knowledge.answers.kinds import CONTACTS, STRICT, Kind, kind_of, unit_of, without_kind
from knowledge.lexicon.everyday import with_phrases
from knowledge.lexicon.lists import generic, regions, sorts
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import (
    MEASURES,
    grams,
    normalise,
    strip_question_words,
)

MAX_CHARS = 500
"""Longer texts are not questions about one thing."""


_APPLY = re.compile(
    r"(?<![申填上汇通公简海回预情播举日周画警])报(?:名(?!费))?(?![告名送道纸表到酬销价刊社一])"
)
_END = re.compile(r"[啊呀哈哦哟嘞啦]?[\s?!。~,;]*$")
"""What ends a sentence without asking anything."""

_NOT_THAT = re.compile(
    r"[（(](?:不是|不要|不算|不包括)[^（()）]*[)）]|[,，。;；?？](?:不是|不要|不算)(?![^,，。;；]*[几哪谁啥多什])[^,，。;；?？吗么]{1,9}[个份种]?[。!！]?$"
)
"""What a question says, in brackets or behind itself, that it is not about."""

_POLITE = re.compile(r"请问(?:一下)?|想?(?:问|了解|咨询)一?下|[您你]好|谢谢|麻烦(?:问?一?下)?")
"""Words that come with a question and ask nothing by themselves."""

_PERSONS = re.compile(r"(?<=[\d两二三四五六七八九十百])个人")
"""Counted persons: no 个人, which documents set against 单位."""

_LEVEL = re.compile(r"[省市区县]里")
_FIRST = re.compile(r"头一(?=[批期届次轮场回])|头(?=批)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_ISSUING = re.compile(r"印发|发布|出台|发文|签发|成文|下发|落款|发给|主送")
_SAID_YEAR = re.compile(r"20\d{2}(?:[-—~至到]20\d{2})?年?度?")
_TYPED = rf"(?:哪(?:一|几|[两二三四五六七八九十])?[{MEASURES}些位层所样]?|什么样?的?|几(?=[等级]))"
"""What stands before the word that only says of what sort the answer is."""

_HOW = "(?:怎么|如何|怎样|怎么才能|咋)"
_THEN_ASKED = (
    "(?:[是有为要叫在]|大概|一共|总共|到底|都|分别|的)*"
    "(?:多少|谁|哪|什么(?!时候|时间)|啥(?!时候)|几[^个支项家])"
)
_TYPE = _AFTERWARDS = 0.3
_SORT = 0.35
_MANNER = 0.8
_GENERIC = 0.4
_CLAUSE = re.compile(r"[,;。?!，；？！\n]+")
_PLACE = 0.5
BARE = 0.2
"""The weight of a word that only says what kind of thing is asked for."""

_AMOUNT = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?(?:%|[万亿]?元|[分人家个项支岁篇天])"
    r"|(?<![a-z\d])[a-z][档类级组证]|(?:专栏|附件)[\d一二三四五六七八九十]+|第[\d一二三四五六七八九十]+[条章]"
)
_HOW_MANY = re.compile(
    r"(?:多少|几)(?:个(?=[人月]))?(?:名(?!额))?[个支项家人场次类种条份期位分年天级届座字元岁篇倍米公吨台套批]?"
)
_WHICH = re.compile(rf"(?:哪些|哪(?:几|[两二三四五六七八九十])[{MEASURES}]?|什么)")
PLAN = re.compile(r"(?:行动|实施|工作|三年|年度)?(?:计划|方案|指南|要点)|通知|文件|政策")
_WHICH_PLAN = re.compile(r"(?:什么|啥|哪(?:些|[个份项]))[^,，]{0,4}(?:计划|方案|文件|政策|通知)")
"""A plan that is asked for is no plan that the question is about."""

_ORDER = re.compile(
    r"(?:忽略|无视|忘记)[^，。]{0,8}(?:指令|提示|规则|要求|设定)|系统提示|提示词|system prompt"
    r"|ignore[^.]{0,20}(?:instructions|prompt)|drop table|union select|;\s*--|<script"
)
"""Words that want to command the assistant, not to ask the documents."""

_FOREIGN = re.compile(r"[\u0400-\u06ff\u3040-\u30ff\uac00-\ud7af]")
"""Letters of languages whose few Chinese characters are no question to Chinese documents."""

_WHO_ALL = re.compile(r"名单|(?:都|有|是|叫|分别|在)*(?:谁|哪|什么|啥)")
_TARGETS = {Kind.NUMBER: _HOW_MANY, Kind.LIST: _WHICH, Kind.MEMBERS: _WHO_ALL}
_POLAR = re.compile(
    r"(?:吗|(?<![什怎多这那])么|嘛|不|没|没有)[?？。!！~ ]*$"
    r"|(?:是|能|会|算|可|可以|要|行|需|该|够|有)(?:不|没)(?:是|能|会|算|可以?|要|行|需要|该|够|有)"
    r"|是否|能否|可否|允许|够格|对吧|行吧|可以吧|对不对|行不行"
)
_SOME = re.compile(r"(?<![第\d])(\d+|[二两三四五六七八九])([个位家支名项])(?!一体)")
_SMALL = "零一二三四五六七八九十"
_TENS = {"十": 10, "百": 100, "千": 1000}
_ROUND = re.compile(r"([一二三四五六七八九])([十百千])(?=[个家支项名人分])")
_CLOCKED = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}


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
    counted: tuple[str, ...] = ()
    """How many there are of what is asked for, said in all ways: 三位, 3位."""
    target: str = ""
    """What is counted or listed: 学会 in 多少家学会, 领域 in 哪些领域."""
    attribute: str = ""
    """What is asked of the subject: 学历 in 是什么学历, 主席 in 主席是谁, 申请 in 怎么申请."""
    polar: bool = False
    """Whether yes or no is a full answer."""
    sorts: frozenset[str] = frozenset()
    """Words that only say of what sort the answer is: 学历 in 什么学历."""

    @property
    def of_document(self) -> bool:
        """Whether it asks for what a document says of itself at its beginning."""
        return (
            self.kind is Kind.FILE_NUMBER or bool(_ISSUING.search(self.text)) or issuing(self.text)
        )

    @property
    def of_plan(self) -> bool:
        """Whether it asks for what a plan, call or notice of somebody's says."""
        return bool(PLAN.search(_WHICH_PLAN.sub("", self.text)))

    @property
    def readable(self) -> bool:
        """Whether it is Chinese enough to be searched for, and no order to the assistant."""
        foreign = _FOREIGN.subn("", self.text)[1] * 2 > len(self.text)
        return bool(self.pairs) and not foreign and not _ORDER.search(self.text)


_LATELY = 256
"""Texts of which it is kept how they were understood; each way to answer asks for it."""


@lru_cache(maxsize=_LATELY)
def understand(raw: str, year: int) -> Question:
    """Take a question apart; `year` is the present one."""
    raw = _NOT_THAT.sub("", raw).replace("时侯", "时候")
    raw = _PERSONS.sub("人", raw)
    text = _FIRST.sub("第一", _APPLY.sub("申报", _END.sub("", normalise(raw)))) or normalise(raw)
    bare = strip_question_words(text)
    kind = kind_of(text)
    found = with_phrases(_SAID_YEAR.sub(" ", bare))
    words = {
        word: _weight(word, _typed(word, weight, text), kind) for word, weight in found.items()
    }
    for word in _afterthoughts(text, words):
        words[word] = min(words[word], _AFTERWARDS)
    named = places_in(text)
    return Question(
        text=text,
        kind=kind,
        unit=unit_of(text),
        words={word: weight for word, weight in words.items() if weight},
        pairs=_pairs(bare, kind, found),
        regions=frozenset(named.values()),
        places=frozenset(name if len(name) > 1 else named[name] for name in named),
        years=_years(text, year),
        amounts=tuple(_AMOUNT.findall(_ROUND.sub(_in_digits, text))),
        counted=_counted(text),
        target=_target(text, kind, words),
        attribute=_attribute(text, words),
        polar=bool(_POLAR.search(text)),
        sorts=frozenset(word for word in found if _is_sort(word, text)),
    )


def _afterthoughts(text: str, words: Mapping[str, float]) -> list[str]:
    """Words said only behind the last part that asks: what a speaker adds is no subject."""
    parts = [one for one in _CLAUSE.split(text) if one]
    asking = [at for at, one in enumerate(parts) if _asks(one)]
    if not asking:
        return []
    upto = "，".join(parts[: asking[-1] + 1])
    return [word for word in words if word not in upto]


def _attribute(text: str, words: Mapping[str, float]) -> str:
    """The word that says what is asked of the subject; empty when it only tells its sort."""
    for word in sorted(words, key=len, reverse=True):
        if word in sorts():
            continue
        said = re.escape(word)
        if re.search(rf"{_TYPED}{said}|{_HOW}(?:去|来|才能)?{said}|{said}{_THEN_ASKED}", text):
            return word
    return ""


def _pairs(bare: str, kind: Kind | None, words: Mapping[str, float]) -> tuple[str, ...]:
    """Character pairs of what a question is about; all of it, where nothing else is left."""
    asked = without_kind(bare) if kind in STRICT else bare
    for word in sorted(words, key=len, reverse=True):
        if word in sorts():
            asked = asked.replace(word, " ")
    pairs = [pair for pair in grams(asked) if len(pair) > 1]
    return tuple(dict.fromkeys(pairs or [pair for pair in grams(bare) if len(pair) > 1]))


def _target(text: str, kind: Kind | None, words: Mapping[str, float]) -> str:
    """What a question counts or lists: the name behind the question word, else the last before."""
    pattern = _TARGETS.get(kind) if kind else None
    asked = pattern.search(text) if pattern else None
    if asked is None:
        return ""
    names = sorted((text.find(word), word) for word, weight in words.items() if weight)
    behind = [word for at, word in names if 0 <= at - asked.end() <= 1]
    before = [word for at, word in names if at < asked.start() and word not in sorts()]
    return (behind or before[-1:] or [""])[-1]


def _counted(text: str) -> tuple[str, ...]:
    """How many there are of what is asked for, in the ways that documents may say it."""
    found: dict[str, None] = {}
    for one in _SOME.finditer(text):
        number = (
            one[1] if one[1].isdigit() else str(_SMALL.find("二" if one[1] == "两" else one[1]))
        )
        ways = (number, _SMALL[int(number)]) if int(number) < len(_SMALL) else (number,)
        found |= dict.fromkeys(f"{way}{one[2]}" for way in ways)
        if number == "2":  # two things are counted as 两
            found[f"两{one[2]}"] = None
    return tuple(found)


def _in_digits(found: re.Match[str]) -> str:
    """A round number in digits: 100 for 一百."""
    return str(max(_SMALL.find(found[1]), 1) * _TENS[found[2]])


def _weight(word: str, weight: float, kind: Kind | None) -> float:
    """Provinces are matched against whole documents, and the kind of answer has its own test."""
    province = regions().get(word) or regions().get(word.rstrip("省市"))
    if province:
        return 0.0 if word.startswith(province) else min(weight, _PLACE)
    if _LEVEL.fullmatch(word):
        return 0.0
    told = kind in CONTACTS and kind_of(word) is kind
    return min(weight, BARE) if told else weight


def _typed(word: str, weight: float, text: str) -> float:
    """A word right behind 哪个 or 什么 says of what sort the answer is, not what it is about.

    What is asked for its manner (怎么加入) is what the question is about.
    """
    if _is_sort(word, text):
        return min(weight, _TYPE)
    if re.search(f"{_HOW}{re.escape(word)}", text):
        return max(weight, _MANNER)
    if word in sorts():
        return min(weight, _SORT)
    return _GENERIC if word in generic() else weight


def _is_sort(word: str, text: str) -> bool:
    return bool(re.search(f"{_TYPED}{re.escape(word)}", text))


def _asks(text: str) -> bool:
    bare = _POLITE.sub("", text)
    return kind_of(bare) is not None or strip_question_words(bare) != bare


def _years(text: str, year: int) -> frozenset[int]:
    said = {int(found) for found in _YEAR.findall(text)}
    span = re.search(r"(20\d{2})\s*[-—~至到]\s*(20\d{2})", text)
    if span:
        said -= {int(span.group(1)), int(span.group(2))}
    said |= {year + offset for word, offset in _CLOCKED.items() if word in text}
    return frozenset(said)
