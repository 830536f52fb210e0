"""Kinds of answers: how they are asked for."""

import re
from enum import StrEnum


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
    MEMBERS = "members"


STRICT = frozenset(Kind) - {Kind.CONDITION, Kind.LIST}
"""Kinds without which there is no answer; the others are only preferred."""

CONTACTS = frozenset({Kind.PHONE, Kind.EMAIL, Kind.PLACE, Kind.LINK})
"""Kinds that belong to somebody: whose they are has to be said beside them."""

_WHICH_FEW = r"哪(?:几|[两二三四五六七八九十])"
_ASKED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.FILE_NUMBER,
        re.compile(
            r"文号|发文字号|文件号|文件编号|(?:文件|通知|计划|方案|办法|指南|要点)(?:的|上)?(?:是|号是)?(?:多少|几|什么)号|第几号文"
        ),
    ),
    (
        Kind.LINK,
        re.compile(
            r"网址|官网|(?:哪个|什么|啥)网站|网站(?:地址|是|在(?!哪[些几])|链接|$)|链接(?=是|在|地址|呢|发|$)|怎么下载|哪里下载|二维码"
        ),
    ),
    (
        Kind.REGIONS,
        re.compile(
            r"(?:哪些|哪几个|名单)(?!国家)[^，。？]{0,4}(?:城市|地区|省份|省市|区县|园区)|分别是哪"
            r"|(?:城市|地区|省份|省市|区县)(?:都|分别)?(?:是|有|包括)哪些"
        ),
    ),
    (
        Kind.MEMBERS,
        re.compile(
            r"名单(?![内中里上]的?[^,，。？]{2})|都(?:有|是)谁|有谁|有哪些人|都叫(?:什么|啥)|分别在哪"
            r"|(?:是|有)哪(?:几|些|[两二三四五六七八九十\d])(?:人(?!才)|位|家|支|所)"
            r"|\d[个家支位所项][^，。？]{2,14}(?:是|有|在)(?:哪些|哪(?:几|\d)|谁)"
            r"|是哪\d+[个家支位所]|有哪些(?:机构|院士|专家|委员|评委|成员(?!单位))"
            r"|\d个[^，。？]{2,14}包括(?:哪些|什么)"
            r"|(?:\d|[两三四五六七八九十])[个家支位所名][^，。？,?]{2,14}(?:都|分别)?(?:叫(?:什么|啥)|(?:的)?(?:名字|姓名)|分别是)"
        ),
    ),
    (
        Kind.PHONE,
        re.compile(
            r"电话|(?:手机|座机)(?=号|是|多少|有|呢|吗|给|发|$|[?？,，])|号码|联系方式|怎么联系|如何联系|打给谁"
            r"|(?<!\d)热线(?=号|电话|是|为?多少|有没有|呢|吗|给|发|$|[?？,，])|(?:什么|啥|哪[个条些])热线"
        ),
    ),
    (Kind.EMAIL, re.compile(r"邮箱|电邮|e-?mail|邮件(?:地址|发)")),
    (
        Kind.PLACE,
        re.compile(
            r"地址|哪一?条[路街]|(?:寄|交|送|发|投|递|报)(?:到|往|去)?哪(?![个些天年月日一])|寄给|寄往|邮寄到|在哪(?:里|儿)?(?:办公|交|提交)"
        ),
    ),
    (
        Kind.VENUE,
        re.compile(
            r"在(?:哪个(?:会场|场馆|场地|酒店|宾馆|会议室|校区|楼|展馆)|哪里|哪儿|什么地方|哪个城市|哪座城市|何处)|什么地方|哪座城市"
            r"|(?:[办开建设在]|位于)[^，。？]{0,8}哪(?:个|座|家|间)(?:会场|场馆|场地|酒店|宾馆|会议室|展馆|[区县市](?![县长里]))"
            r"|哪(?:个|座|家|间)(?:会场|场馆|场地|酒店|宾馆|会议室|展馆)(?:里|内)?[办开举]"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"(?:降低|降|下调|下浮|减少|提高|上调|上浮|增加|增长)了?(?:多少|几成)(?!元|钱|块|[百千万亿])|[额度准]的多少"
        ),
    ),
    (
        Kind.MONEY,
        re.compile(
            r"多少[^，。？]{0,4}(?:钱|元|会费|服务费|手续费|押金|保证金|津贴|经费|资金|奖金|补贴|补助|资助|费用|拨款|奖励|报名费)"
            r"|(?:经费|资金|奖金|补贴|补助|资助|费用|金额|报酬|工资|拨款|奖励|收费)"
            r"(?:标准|额度|金额)?(?:最高|最多|最少|至少|是|有|给|为|能|可以?|会|拿|得|领|到|大概|一共|总共)*(?:多少|几)"
            r"|(?:给|补|奖)多少(?=钱|元|万|$|[?？])|(?:资助|补助|补贴|奖励|收费)(?:额度|标准|金额)|多少钱|几万|收费吗|要交钱"
            r"|(?:[^\s，。经]费(?!用)|津贴|补贴|预算|投资|薪[水资酬]?|年薪|工资|营业额|注册资[金本]|奖金|押金|保证金|定价|票价)(?:标准|额度|金额|一共|总共|是|要|给|为|有|能|拿|得|大概)*(?:多少|几[百千万元块]|怎么算|吗$|吗[?？])"
            r"|多少[^，。？]{0,3}(?:费|预算|补贴|津贴|投资)"
            r"|(?:拿|领|得|奖|补|给|拨|批)(?:到|了|得)?(?:多少|几)[百千]?[万亿](?![个家人名支项份次])"
            r"|(?:支持|资助|投|花)(?:了|到)?(?:多少|几)[百千]?[万亿](?=$|[?？,，。])"
            r"|(?:资助|投|花)(?:了|到)?多少(?=$|[?？,，。])"
        ),
    ),
    (
        Kind.DATE,
        re.compile(
            r"什么时候|何时|几时|多久(?:之前|以前)|几月|几号|哪天|哪一天|哪年|哪一年|什么时间|啥时候|截止(?:时间|日期|到)"
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
            r"多少|多大|多高|(?<!哪)几(?=[个支项家名人场次类种条份期位分成倍年天级届座])|名额|比例|百分之几|数量"
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
            rf"哪些|{_WHICH_FEW}|[两三四五六七八九\d]个[^，。？]{{1,10}}是(?:什么|啥)|包括什么|包含什么|有什么|都有啥|有啥|分别是|怎么划分|怎么分"
        ),
    ),
)
_UNIT = re.compile(
    r"(?:多少|几)(?:个(?=[人月]))?(?P<unit>(?!名[额单称])[个支项家名人场次类种条份期位分年天级届座字元岁篇倍页米平公吨亩套台户])"
)
_EXACT_DAY = re.compile(r"截止|哪天|哪一天|几号|几月|几点")
_CLOCK = re.compile(r"几点(?!建议|意见|要求)")
CLOCK = "点"
"""The unit of a question for an hour."""

_NEXT_TIME = re.compile(r"下一?(?:次|期|届|场|轮)")
_SHARE = re.compile(r"占(?:比|多少(?!分)|几成)|比例|百分之几|[^效]率(?:是|有|达|多)")
SHARE = "%"
"""The unit of a question for a share."""

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

_BUILDING = re.compile(r"哪(?:个|座|家|间)(?:会场|场馆|场地|酒店|宾馆|会议室|展馆)")
BUILDING = "馆"
"""The unit of a question for a house, not only a town."""

_MOBILE = re.compile(r"手机")
MOBILE = "手机"
"""The unit of a question for a mobile number."""

_UNITS: tuple[tuple[Kind | None, re.Pattern[str], str], ...] = (
    (Kind.PERSON, _ORGANISATION, ORGANISATION),
    (Kind.PHONE, _MOBILE, MOBILE),
    (Kind.VENUE, _BUILDING, BUILDING),
    (Kind.DURATION, _RHYTHM, RHYTHM),
    (Kind.NUMBER, _SHARE, SHARE),
    (Kind.DATE, _CLOCK, CLOCK),
    (None, _WHICH_YEAR, YEAR),
    (None, _EXACT_DAY, DAY),
    (None, _NEXT_TIME, DAY),
)
"""What else than a measure says in which unit an answer is given; of any kind when None."""


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
    asked = kind_of(text)
    for kind, pattern, unit in _UNITS:
        if kind in {None, asked} and pattern.search(text):
            return unit
    found = _UNIT.search(text)
    return found.group("unit") if found else ""
