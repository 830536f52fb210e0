"""Whether a piece of text holds the kind of thing a question asks for."""

import re

from knowledge.answers.question import ORGANISATION, RHYTHM, YEAR, Kind
from knowledge.lexicon.lists import regions

_CN = "一二三四五六七八九十百千万亿两"
_DIGITS = rf"(?:\d[\d,.]*(?:[百千万亿]+)?(?:余|多)?|[{_CN}]+(?:余)?)"
_HELD: dict[Kind, re.Pattern[str]] = {
    Kind.MONEY: re.compile(rf"{_DIGITS}(?:万|亿|百|千)?(?:元|块钱|美元)"),
    Kind.PHONE: re.compile(r"(?<!\d)(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?!\d)"),
    Kind.EMAIL: re.compile(r"[\w.-]+@[\w.-]+"),
    Kind.PLACE: re.compile(r"[路街道巷].{0,8}号|大厦|\d+室|楼\d*"),
    Kind.DATE: re.compile(
        r"\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日|\d{1,2}:\d{2}|每年|每月|每季|双月|年底|常态化"
    ),
    Kind.NUMBER: re.compile(
        rf"\d|[{_CN}]+(?:个|支|项|家|名|人|场|次|类|级|倍|位|份|条|期|届)|翻一番|全覆盖|[千百万]万?量级"
    ),
    Kind.DURATION: re.compile(
        rf"{_DIGITS}(?:个)?(?:分钟|小时|时|天|工作日|日|周|月|季度|年)|每[年月季周日天]|常态|长期"
    ),
    Kind.FILE_NUMBER: re.compile(r"[〔\[［(（]\s*20\d{2}\s*[〕\]］)）]\s*第?\s*\d+\s*号"),
    Kind.VENUE: re.compile(r"在(?!内)|(?:(?![和区县市各])[\u4e00-\u9fff]){2}[区县市](?![县区级])|设于|位于|落户|依托|地址|寄"),
    Kind.LIST: re.compile(r"[、;；].*[、;；]|[、和及与].*等|“[^”]+”.*“[^”]+”|[:：].*[、;；,，]|以及|.、."),
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
)
_OFTEN = re.compile(r"每[年月季周日天两双]|双月|定期|常态|轮|季度")
_PLAN = re.compile(r"《[^《》]*》|[三五]年(?:专项)?(?:行动)?(?:计划|规划)")
_SEVERAL = 3
"""Fewer regions than this are no list of them."""

_IN_YEAR = re.compile(r"20\d{2}年?")
_DAY = re.compile(r"\d{1,2}月|\d{1,2}日|\d{1,2}:\d{2}")
_NOT_COUNTS = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[）).、．]|[（(]?[一二三四五六七八九十]+[）)、])|20\d{2}(?:[-—~]20\d{2})?年?度?"
)
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
    if kind is Kind.DATE and unit:
        return bool((_IN_YEAR if unit == YEAR else _DAY).search(text))
    if kind is Kind.PERSON and unit == ORGANISATION:
        return bool(_OFFICE.search(text))
    if kind is Kind.DURATION:
        return bool((_OFTEN if unit == RHYTHM else _HELD[kind]).search(_PLAN.sub("", text)))
    if kind is Kind.REGIONS:
        return len(set(_HELD[kind].findall(text))) >= _SEVERAL
    if kind is Kind.NUMBER:
        return _counts(unit, _NOT_COUNTS.sub("", text))
    return bool(_HELD[kind].search(text))


def _counts(unit: str, text: str) -> bool:
    if not _HELD[Kind.NUMBER].search(text):
        return False
    if not unit:
        return True
    alike = next((group for group in _ALIKE if unit in group), unit)
    return bool(re.search(rf"{_DIGITS}(?:左右|以上|余|多)?[{alike}]", text)) or (
        unit in "个项家支" and bool(re.search(rf"{_DIGITS}(?:余|多)?[^\d，。；、]", text))
    )
