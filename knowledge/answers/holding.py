"""Whether a piece of text holds the kind of thing that is asked for, and where."""

import re
from collections.abc import Iterable
from functools import cache

from knowledge.answers.kinds import (
    BUILDING,
    CLOCK,
    DAY,
    MOBILE,
    ORGANISATION,
    RHYTHM,
    SHARE,
    YEAR,
    Kind,
)
from knowledge.lexicon.lists import regions

_CN = "一二三四五六七八九十百千万亿两"
_DIGITS = rf"(?:\d[\d,.]*(?:[百千万亿]+)?(?:余|多)?|[{_CN}]+(?:余|多)?)"
_HELD: dict[Kind, re.Pattern[str]] = {
    Kind.MONEY: re.compile(rf"{_DIGITS}(?:万|亿|百|千)?(?:元|块钱|美元)"),
    Kind.PHONE: re.compile(
        r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?!\d)"
        r"|(?:热线|电话|拨打|致电)[^\d,;。]{0,6}\d{5,8}(?!\d)|(?<!\d)\d{5,8}[^\d,;、。]{0,6}热线"
    ),
    Kind.EMAIL: re.compile(r"[\w.-]+@[\w.-]+"),
    Kind.PLACE: re.compile(r"[路街道巷].{0,8}号|大厦|\d+室|楼\d*"),
    Kind.DATE: re.compile(
        r"\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|\d{1,2}:\d{2}|每年|每月|每季|双月|年底|常态化"
    ),
    Kind.NUMBER: re.compile(
        rf"\d|[{_CN}]+(?:余|多)?(?:个|支|项|家|名|人|场|次|类|级|倍|位|份|条|期)|翻一番|全覆盖|[千百万]万?量级"
    ),
    Kind.DURATION: re.compile(
        rf"{_DIGITS}(?:个)?(?:分钟|小时|时|天|工作日|日|周|月|季度|年)|每[年月季周日天]|常态|长期"
    ),
    Kind.FILE_NUMBER: re.compile(r"[〔\[［(（]\s*20\d{2}\s*[〕\]］)）]\s*第?\s*\d+\s*号"),
    Kind.VENUE: re.compile(
        r"(?:在|于)(?!内)[^，。；]{2,24}?(?:召开|举行|举办|设立|设有|展出|办公|落成|认定|办理|注册|报名|提交|发布|设|开(?!展))|设在|[省市区县](?:召开|举行|举办|设)|(?:(?![和区县市各城到在由])[\u4e00-\u9fff]){2}[区县市](?![县区级])|设于|位于|落户|依托|地址|寄"
    ),
    Kind.LIST: re.compile(
        r"[、;；].*[、;；]|[、和及与].*等|“[^”]+”.*“[^”]+”|[:：].*[、;；,，]|以及|.、."
    ),
    Kind.MEMBERS: re.compile(
        r"[^、，。；]{2,}、[^、，。；]{2,}、|[”》]、?[“《]|[:：][^，。]*、|[^、，。；]{2,}、[^、，。；]{2,}[等和及]|[:：][\u4e00-\u9fff]{2,4}[。；]?$|包括|分别"
    ),
    Kind.LINK: re.compile(r"https?:|www\.|(?<![@\w])[\w-]+\.(?:cn|com|org|net)\b"),
    Kind.REGIONS: re.compile("|".join(map(re.escape, sorted(regions())))),
    Kind.CONDITION: re.compile(
        r"仅限|限于|不得|必须|须|需[^求]|均可|可以|可申报|至多|原则上|不少于|不低于|应当?|方可|优先|取消"
    ),
    Kind.PERSON: re.compile(
        r"[:,：，][\u4e00-\u9fff]{2,4}[,，]\s*(?:0\d{2,3}-|1[3-9]\d)|联系人|姓名|单位|组长|主任|部(?!分)|中心|协会|学会|科协|负责|办公室|局|委|团队|牵头|领衔|书记|教授|院士|企业|机构"
    ),
}
_OFFICE = re.compile(
    r"单位|部(?!分)|中心|协会|学会|科协|办公室|办公厅|局|委|厅|机构|企业|院校|园区"
    r"|工会|商会|联合会|基金会|公司|集团|银行|大学|学院|研究[院所]|医院|政府|联盟"
)
_OFTEN = re.compile(r"每[年月季周日天两双]|双月|定期|常态|轮|季度")
_PLAN = re.compile(r"《[^《》]*》|[三五]年(?:专项)?(?:行动)?(?:计划|规划)")
_NOT_LONG = re.compile(r"20\d{2}年(?:度|底|末|初|\d)?")
COUNTED = frozenset({Kind.NUMBER, Kind.MONEY})
_SEVERAL = 3
"""Fewer regions than this are no list of them."""

_IN_YEAR = re.compile(r"20\d{2}年?")
_DAY = re.compile(r"\d{1,2}月|\d{1,2}日(?!内)|\d{1,2}:\d{2}|[年月]底")
_NARROWED = {
    (Kind.PHONE, MOBILE): re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    (Kind.NUMBER, SHARE): re.compile(
        r"\d[\d.]*%|百分之|分之|成(?:以上|左右)|比例[^，。；]{0,8}\d|[(（]%[)）]|全覆盖"
    ),
    (Kind.DATE, YEAR): _IN_YEAR,
    (Kind.DATE, DAY): _DAY,
    (Kind.VENUE, BUILDING): re.compile(
        r"[\u4e00-\u9fff](?:馆|中心|酒店|宾馆|饭店|大厦|会议室|礼堂|会堂|会场|厅(?!局)|楼)"
    ),
    (Kind.DATE, CLOCK): re.compile(r"\d{1,2}(?::\d{2}|[点时](?!间))"),
    (Kind.PERSON, ORGANISATION): _OFFICE,
    (Kind.DURATION, RHYTHM): _OFTEN,
}
"""What a unit asks for more narrowly than its kind."""

_NOT_COUNTS = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[）).、．]|[（(]?[一二三四五六七八九十]+[）)、])"
    r"|(?<!\d)20\d{2}(?:[-—~]20\d{2})?(?:年度?|度|(?!\d*[余多]?[个家支项名人位户场次件份种类]))"
    r"|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|\d{1,2}:\d{2}|百人会"
)
_ORDINALS = re.compile(r"第\d+[届次期批条章]")
_ORDERED = "届次期批"
_ALIKE = (
    "人名位",
    "个项家支条类种座处所级",
    "次场期届",
    "分",
    "年",
    "元",
    "天日",
    "字",
    "篇",
    "岁",
    "份",
    "倍番",
)


def holds(kind: Kind, unit: str, text: str) -> bool:
    """Whether `text` (normalised) has a thing of that kind, counted in a like measure."""
    if kind is Kind.REGIONS:
        return len(set(_HELD[kind].findall(text))) >= _SEVERAL
    if kind is Kind.NUMBER and unit != SHARE:
        text = text if unit and unit in _ORDERED else _ORDINALS.sub("", text)
        return _counts(unit, _NOT_COUNTS.sub("", text))
    if kind is Kind.DURATION:
        text = _NOT_LONG.sub("", _PLAN.sub("", text))
    return bool(_NARROWED.get((kind, unit), _HELD[kind]).search(text))


def unsaid(kind: Kind, unit: str, text: str, *, asked: str, amounts: Iterable[str]) -> str:
    """A text without the values that the question itself says: they are no answer to it."""
    if kind is Kind.VENUE:
        amounts = [value for _, value in values(kind, unit, text) if value in asked]
    elif kind not in COUNTED:
        return text
    for one in amounts:
        text = text.replace(one, " ")
    return text


def values(kind: Kind, unit: str, text: str) -> list[tuple[int, str]]:
    """Where things of that kind stand in `text` (normalised), each with its words."""
    if kind is Kind.NUMBER and unit != SHARE:
        pattern = _counted(unit)
    else:
        pattern = _NARROWED.get((kind, unit), _HELD[kind])
    return [(one.start(), one.group()) for one in pattern.finditer(text)]


_ANY = "个项家支条类种座处所级人名位次场期届份篇"
"""What people count with 个 when they ask; documents have the fitting measure."""

_SPECIFIC = "家支"
"""Measures that stand for one sort of thing only; 个 may stand for any."""

_OFTEN_BARE = "人名次"
"""Measures that large numbers go without: 访问量达10.95亿."""

_TABLED = "个项家支"
_BARE_COUNT = re.compile(
    r"\d[\d,.]*[百千万亿]*(?:余|多)?[^\d.百千万亿余多左以，。；、,;场次人名天年月日元%期岁篇分家支周户平公小]"
    r"|[:：]\d+(?:[;；]|$)"
)
"""A number without its measure, as tables have it."""


def _counts(unit: str, text: str) -> bool:
    if not _HELD[Kind.NUMBER].search(text):
        return False
    if not unit:
        return True
    return bool(_counted(unit).search(text) or (unit in _TABLED and _BARE_COUNT.search(text)))


@cache
def _counted(unit: str) -> re.Pattern[str]:
    """A number with a measure like `unit`; with any when none is asked for."""
    if not unit:
        return re.compile(
            rf"(?<![\d:])\d[\d,.]*(?![\d,.]*[月日:])(?:[百千万亿]+)?(?:左右|以上|余|多)?%?"
            rf"|(?<![第{_CN}])[{_CN}]+(?:余|多)?(?=[个支项家名人场次类级倍位份条期])|翻一番|全覆盖|[千百万]万?量级"
        )
    alike = _ANY if unit == "个" else next((group for group in _ALIKE if unit in group), unit)
    if unit in _OFTEN_BARE:
        return re.compile(
            rf"{_DIGITS}(?:左右|以上|余|多)?[{alike}]|\d[\d,.]*[万亿]+(?:余|多)?(?![\d\u4e00-\u9fff])"
        )
    if unit in _SPECIFIC:
        alike = f"{unit}个"
    return re.compile(rf"(?<![第{_CN}\d]){_DIGITS}(?:左右|以上|余|多)?[{alike}]")
