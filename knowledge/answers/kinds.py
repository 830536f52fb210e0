"""Kinds of answers: how they are asked for, and whether a piece of text holds one."""

import re
from enum import StrEnum

from knowledge.lexicon.lists import regions


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

_WHICH_FEW = r"哪(?:几|[两二三四五六七八九十])"
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.FILE_NUMBER, re.compile(r"文号|发文字号|文件号|文件编号")),
    (
        Kind.LINK,
        re.compile(
            r"网址|官网|网站(?:地址|是|在|链接|$)|链接(?=是|在|地址|呢|发|$)|怎么下载|哪里下载|二维码"
        ),
    ),
    (
        Kind.REGIONS,
        re.compile(
            r"(?:哪些|哪几个|名单)(?!国家)[^，。？]{0,4}(?:城市|地区|省份|省市|区县|园区)|分别是哪"
        ),
    ),
    (Kind.PHONE, re.compile(r"电话|手机|座机|号码|联系方式|怎么联系|如何联系|打给谁|热线")),
    (Kind.EMAIL, re.compile(r"邮箱|电邮|e-?mail|邮件(?:地址|发)")),
    (
        Kind.PLACE,
        re.compile(
            r"地址|(?:寄|交|送|发|投|递|报)(?:到|往|去)?哪(?![个些])|寄给|寄往|邮寄到|在哪(?:里|儿)?(?:办公|交|提交)"
        ),
    ),
    (
        Kind.VENUE,
        re.compile(r"在(?:哪里|哪儿|什么地方|哪个城市|哪座城市|何处)|什么地方|哪座城市"),
    ),
    (
        Kind.MONEY,
        re.compile(
            r"多少[^，。？]{0,4}(?:钱|元|会费|服务费|手续费|押金|保证金|津贴|经费|资金|奖金|补贴|补助|资助|费用|拨款|奖励|报名费)"
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
            r"谁(?:可以|能|才能|有资格)|(?:可以|能|能否|可否|是否可以)(?:(?!什么|怎么|多少|哪|谁|几).){0,14}(?:吗|么|$)"
            r"|能不能|可不可以|行不行|条件|资格|要不要|必须|什么要求|哪些要求|限制"
        ),
    ),
    (
        Kind.PERSON,
        re.compile(
            r"谁|哪位|哪(?:个|些|家)?(?:部门|单位|机构|处室|委|局|部(?!分))|牵头单位|负责人|联系人|组长|主任是"
        ),
    ),
    (
        Kind.LIST,
        re.compile(
            rf"哪些|{_WHICH_FEW}|包括什么|包含什么|有什么|都有啥|有啥|分别是|怎么划分|怎么分"
        ),
    ),
)
_UNIT = re.compile(
    r"(?:多少|几)(?:个(?=[人月]))?(?P<unit>(?!名[额单称])[个支项家名人场次类种条份期位分年天级届座字元岁篇倍页米平公吨亩套台])"
)
_EXACT_DAY = re.compile(r"哪天|哪一天|几号|几月|几点")
_WHICH_YEAR = re.compile(r"哪一?年")
YEAR = "年"
DAY = "日"
"""The unit of a question for a day, not only a year or a rhythm."""

_ORGANISATION = re.compile(r"哪(?:个|些|家)?(?:部门|单位|机构|处室|委|局|部(?!分))")
ORGANISATION = "单位"
"""The unit of a question for an office, not a person."""

_RHYTHM = re.compile(r"(?:多久|多长时间).{0,6}[一1]?次")
RHYTHM = "次"
"""The unit of a question for how often."""

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
    Kind.VENUE: re.compile(
        r"在(?!内)|(?:(?![和区县市各])[\u4e00-\u9fff]){2}[区县市](?![县区级])|设于|位于|落户|依托|地址|寄"
    ),
    Kind.LIST: re.compile(
        r"[、;；].*[、;；]|[、和及与].*等|“[^”]+”.*“[^”]+”|[:：].*[、;；,，]|以及|.、."
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
)
_OFTEN = re.compile(r"每[年月季周日天两双]|双月|定期|常态|轮|季度")
_PLAN = re.compile(r"《[^《》]*》|[三五]年(?:专项)?(?:行动)?(?:计划|规划)")
_SEVERAL = 3
"""Fewer regions than this are no list of them."""

_IN_YEAR = re.compile(r"20\d{2}年?")
_DAY = re.compile(r"\d{1,2}月|\d{1,2}日|\d{1,2}:\d{2}")
_NARROWED = {
    (Kind.DATE, YEAR): _IN_YEAR,
    (Kind.DATE, DAY): _DAY,
    (Kind.PERSON, ORGANISATION): _OFFICE,
    (Kind.DURATION, RHYTHM): _OFTEN,
}
"""What a unit asks for more narrowly than its kind."""

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
    if kind is Kind.REGIONS:
        return len(set(_HELD[kind].findall(text))) >= _SEVERAL
    if kind is Kind.NUMBER:
        return _counts(unit, _NOT_COUNTS.sub("", text))
    if kind is Kind.DURATION:
        text = _PLAN.sub("", text)
    return bool(_NARROWED.get((kind, unit), _HELD[kind]).search(text))


_SPECIFIC = "家支"
"""Measures that stand for one sort of thing only; 个 may stand for any."""

_TABLED = "个项家支"
_BARE_COUNT = re.compile(
    rf"{_DIGITS}(?:余|多)?[^\d余多左以，。；、,;场次人名天年月日元%期岁篇分家支]|[:：]\d+(?:[;；]|$)"
)
"""A number without its measure, as tables have it."""


def _counts(unit: str, text: str) -> bool:
    if not _HELD[Kind.NUMBER].search(text):
        return False
    if not unit:
        return True
    alike = next((group for group in _ALIKE if unit in group), unit)
    if unit in _SPECIFIC:
        alike = f"{unit}个"
    counted = rf"{_DIGITS}(?:左右|以上|余|多)?[{alike}]"
    return bool(re.search(counted, text) or (unit in _TABLED and _BARE_COUNT.search(text)))


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


def asked_in(text: str) -> str:
    """The words of a normalised question that ask for its kind of answer; empty when none do."""
    for _, pattern in _ASKED:
        found = pattern.search(text)
        if found:
            return found.group()
    return ""


def unit_of(text: str) -> str:
    """The measure an answer is counted in, or what sort of person, day or time is asked for."""
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
