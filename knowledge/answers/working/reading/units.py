"""Sorts of units that apply, and whether one is among those that a rule admits."""

import re
from dataclasses import dataclass

_LEVELS = (
    "省科协(?:所属|直属|的)|市科协(?:所属|直属|的)|国家级?|全国|中央|省级?|设区市|市级?|区级?|县级?"
    "|地方|乡镇"
)
_KINDS = (
    "高校科协",
    "企业科协",
    "园区科协",
    "直属(?:事业)?单位",
    "事业单位",
    "学会",
    "协会",
    "研究会",
    "科协",
    "高等学校",
    "高等院校",
    "高校",
    "大学",
    "学院",
    "科研院所",
    "研究院",
    "研究所",
    "医院",
    "企业",
    "公司",
    "合作社",
    "园区",
    "开发区",
    "个人",
    "个体户",
    "自然人",
    "民办非企业",
    "社会团体",
    "社会组织",
)
_ALIKE = (
    ("高等学校", "高等院校", "高校", "大学", "学院"),
    ("企业", "公司"),
    ("科研院所", "研究院", "研究所"),
    ("学会", "协会", "研究会"),
    ("个人", "自然人"),
)
_UNIT = re.compile(rf"(?P<level>(?:{_LEVELS})*)(?:的)?(?P<kind>{'|'.join(_KINDS)})")
_HEAD = re.compile(rf"{_UNIT.pattern}(?:等|等单位)?$")
_SAID = re.compile(
    rf"(?:^|[,。?;\s]|我们?(?:这边|这里)?(?:单位)?(?:是|作为)?|作为|代表|请问|那)(?:省科协的?|市里?的?)?(?:一[家个所])?(?:[^,。?是能可]{{0,6}}?的?)??(?P<unit>(?:(?:{_LEVELS})*)(?:的)?(?:{'|'.join(_KINDS)}))(?!建设|活动|科技服务|协同|合作|服务)"
)
_LEVEL_WORDS = (
    ("国", r"国家|全国|中央"),
    ("省", r"^省科协"),
    ("市", r"市"),
    ("省", r"省"),
    ("县", r"[区县乡]"),
)
_PARTS = re.compile(r"[、或及和与,，]|以及")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sort of unit: its kind, its level, and the words for it."""

    kind: str
    level: str
    said: str


def unit_of(text: str) -> Unit | None:
    """What the one who asks says to be."""
    found = _SAID.search(text)
    return _unit(found["unit"]) if found else None


def _unit(said: str, pattern: re.Pattern[str] | None = None) -> Unit | None:
    found = (pattern or _UNIT).search(said)
    if found is None:
        return None
    return Unit(
        kind=found["kind"].replace("直属事业", "直属"), level=_level(found["level"]), said=said
    )


def _level(said: str) -> str:
    for level, words in _LEVEL_WORDS:
        if re.search(words, said):
            return level
    return ""


def admitted(unit: Unit, who: str) -> bool | None:
    """Whether a list of units names that sort; None when its words leave it open."""
    parts = [one for one in _PARTS.split(who) if one]
    doubtful = False
    for part in parts:
        own = _unit(part, _HEAD)
        if own is None:
            doubtful = doubtful or not re.search(r"单位|学会|科协|企业|高校", part)
            continue
        if not _same(unit.kind, own.kind):
            continue
        if not unit.level or not own.level or unit.level == own.level:
            return True
        doubtful = False
    return None if doubtful else False


def _same(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _ALIKE)
