"""Grades, averages, posts of persons, others than those named: unsaid, they are not told."""

import re
from functools import lru_cache

from knowledge.answers.kinds import Kind
from knowledge.lexicon.lists import regions
from knowledge.lexicon.places import places_in
from knowledge.lexicon.words import segmenter

_GRADE = re.compile(
    r"(?:几|什么|啥|哪个?)(?:等(?!到|人)次?|级(?!别?人)|档次?|星级?|a(?![a-z]))(?!城市|领导)"
)
_GRADES = re.compile(
    r"[特一二三四五六]等|[一二三四五]级|[甲乙丙]级|优秀|良好|合格|一般|较差|[\da-e]+[档级等类星a]|[一二三四五]星|等次|等级|档"
)
_AVERAGE = re.compile(r"平均(?=每|下来|一|各|到|是|有|要)|人均|均摊")
_AVERAGES = re.compile(r"平均|人均|每|均")
_OF_OFFICE = re.compile(
    r"(?:是|在|属于?|归)(?:哪个?(?:部门|单位|处室|机构|学校|大学|公司|科室|学会)|哪里的|哪儿的)"
)
_OF_POST = re.compile(r"(?:担任|任|是)?什么(?:职务|职位|职称|头衔|领导|官)")
_OFFICE = re.compile(
    r"单位|部(?!分)|中心|协会|学会|科协|办公室|办公厅|局|委|厅|处|企业|公司|大学|学院|研究[院所]|医院"
)
_POST = re.compile(
    r"[组部处所院局会科司]长|主任|主席|书记|经理|院士|教授|市长|省长|委员|工程师|研究员"
)
_PERSON = 2, 4
_PROVINCE = re.compile(r"哪(?:一|几|两|三)?个?(?:自治区|直辖市|省(?:份|市)?(?!级))")
_BESIDE = re.compile(
    r"除了?(?P<known>[^,，。]{2,24}?)(?:之外|以外|外)?[,，]?[^,，。]{0,10}?(?:还|另外|别的|其他|其它)"
)
_PART = re.compile(r"[;。；]")
_LONG = 80
"""A longer sentence tells of several; what is said of a person stands in the same part."""


def unmet(asked: str, kind: Kind | None, own: str, heading: str) -> dict[str, float]:
    """Which strict terms of a normalised question a sentence under a heading leaves unsaid."""
    found: dict[str, float] = {}
    if _asks(_GRADE, asked):
        found["grade_unsaid"] = float(not _GRADES.search(f"{own}\n{heading}"))
    if kind is Kind.NUMBER and _asks(_AVERAGE, asked):
        found["average_unsaid"] = float(not _AVERAGES.search(own))
    if person := _posted(asked):
        stated = _OFFICE if _asks(_OF_OFFICE, asked) else _POST
        parts = _PART.split(own) if len(own) > _LONG else [own]
        told = any(person in one and stated.search(one.replace(person, "")) for one in parts)
        found["person_unsaid"] = float(not told)
    if _asks(_PROVINCE, asked):
        found["region_unsaid"] = float(not set(places_in(own).values()) - _regions_of(asked))
    if known := _known_places(asked):
        others = {name for name, of in places_in(own).items() if name != of} - known
        found["others_unsaid"] = float(not others)
    return found


@lru_cache(maxsize=512)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return bool(pattern.search(asked))


def _regions_of(asked: str) -> frozenset[str]:
    return frozenset(places_in(asked).values())


@lru_cache(maxsize=512)
def _posted(asked: str) -> str:
    """The person whose office or post a question asks for; empty where it asks for none."""
    if not (_OF_OFFICE.search(asked) or _OF_POST.search(asked)):
        return ""
    words = segmenter().cut(asked)
    least, most = _PERSON
    named = (word for word, flag in words if flag == "nr" and least <= len(word) <= most)
    return next(named, "")


@lru_cache(maxsize=512)
def _known_places(asked: str) -> frozenset[str]:
    """The towns beside which a question asks for others: 广州、深圳 of 除了广州、深圳还有哪些."""
    found = _BESIDE.search(asked)
    named = places_in(found["known"]) if found else {}
    return frozenset(name for name in named if regions().get(name) != name)
