"""What made-up people say for each kind of field, and what they mean by it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.forms.form import Field
from actions.forms.kinds.choice import Choice
from actions.forms.kinds.number import Number
from core.domain.records import Library
from keqiao.example.load import example_records
from tests.conversations.script import BEGINS

RECORDS = tuple(one for one in example_records(BEGINS) if one.library is Library.CALLS)
"""What a form may be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An answer, the same thing said unasked, and said in place of what was said before."""

    said: str
    meant: Mapping[str, Any] = field(hash=False)
    volunteered: str = ""
    called: str = ""
    """The field's name in a correction; empty where none is made."""
    ways: int | None = None
    """How many of CORRECTIONS fit it; None: all."""


CORRECTIONS = (
    "{called}改成{said}",
    "刚才说错了，{called}是{said}",
    "不对，{called}应该是{said}",
    "{called}不是{old}，是{said}",
)
SKIPS = ("跳过", "不知道", "不方便说", "还没想好", "不清楚")
DOUBTS: Mapping[str, Sequence[tuple[str, str, str, Mapping[str, Any]]]] = {
    "BudgetKind": (
        ("30", "unit", "30万元", {"min": 300_000, "max": 300_000}),
        ("120", "unit", "万", {"min": 1_200_000, "max": 1_200_000}),
    ),
    "RegionKind": (
        ("鼓楼区", "ambiguous", "南京的", {"city": "南京市", "county": "鼓楼区"}),
        ("朝阳区", "ambiguous", "北京朝阳区", {"province": "北京市", "county": "朝阳区"}),
    ),
    "DueDay": (("2025年10月1日前", "past", "2027年10月1日前", {"iso": "2027-10-01"}),),
    "ContactKind": (("1380000123", "phone", "13800001234", {"phone": "13800001234"}),),
}
"""Answers that have to be asked back, the doubt they raise, and what settles it."""

NONSENSE = ("。。。", "？？？", "😀", "123abc你猜")

PROBLEMS = ("冷却后翘曲变形", "密封面高温泄漏", "厚度不均匀，一致性差", "气孔多废品率高")
"""Without words of a trade, which would tell the industry too."""
INDUSTRIES = {"注塑": None, "锂电池": None, "光伏": "新能源", "工业机器人": "高端装备制造"}
REGIONS = {
    "江苏苏州": ("江苏省", "苏州市", None),
    "四川绵阳江油": ("四川省", "绵阳市", "江油市"),
    "青岛": ("山东省", "青岛市", None),
    "浙江宁波慈溪": ("浙江省", "宁波市", "慈溪市"),
    "重庆": ("重庆市", None, None),
}
MODES = ("联合研发", "委托开发", "技术咨询", "技术转移", "检验检测")
BUDGETS = {
    "50万": (500_000, 500_000),
    "五十万左右": (500_000, 500_000),
    "不超过两百万": (None, 2_000_000),
    "40到60万": (400_000, 600_000),
    "八万": (80_000, 80_000),
}
DEADLINES = {
    "2027年6月30日前": "2027-06-30",
    "2027年年底前": "2027-12-31",
    "2027年3月15日": "2027-03-15",
    "2027年9月底前": "2027-09-30",
}
CONTACTS = {
    "张工 13800001234": "13800001234",
    "李敏，13900005678": "13900005678",
    "13712340000": "13712340000",
}


def _problems(_: Field) -> Sequence[Value]:
    return [Value(said=one, meant={"text": one}) for one in PROBLEMS]


def _industries(_: Field) -> Sequence[Value]:
    return [Value(said=one, meant={}, called="行业") for one in INDUSTRIES]


def _regions(_: Field) -> Sequence[Value]:
    return [
        Value(
            said=said,
            meant={"province": province, "county": county} | ({"city": city} if city else {}),
            volunteered=f"我们在{said}",
            called="地点",
        )
        for said, (province, city, county) in REGIONS.items()
    ]


def _modes(_: Field) -> Sequence[Value]:
    return [
        Value(
            said=one,
            meant={"names": [one]},
            volunteered=f"希望{one}",
            called="方式",
        )
        for one in MODES
    ]


def _budgets(_: Field) -> Sequence[Value]:
    return [
        Value(
            said=said,
            meant={"min": least, "max": most},
            volunteered=f"预算{said}",
            called="预算",
        )
        for said, (least, most) in BUDGETS.items()
    ]


def _deadlines(_: Field) -> Sequence[Value]:
    return [
        Value(
            said=said,
            meant={"iso": day},
            volunteered=f"{said}要解决",
            called="时间",
        )
        for said, day in DEADLINES.items()
    ]


def _contacts(_: Field) -> Sequence[Value]:
    return [
        Value(
            said=said,
            meant={"phone": phone},
            volunteered=f"电话{phone}",
            called="电话",
            ways=3,
        )
        for said, phone in CONTACTS.items()
    ]


def _texts(one: Field) -> Sequence[Value]:
    texts = ("青禾精密制造", "低温烧结导电浆料", "微波干燥装备", "面向车间的排产软件")
    return [Value(said=text, meant={"text": text}, called=one.label, ways=1) for text in texts]


def _people(_: Field) -> Sequence[Value]:
    return [
        Value(said="李洁、王海、赵青", meant={"names": ["李洁", "王海", "赵青"]}),
        Value(said="8人", meant={"count": 8}),
    ]


def _persons(_: Field) -> Sequence[Value]:
    return [Value(said=one, meant={"text": one}) for one in ("宋知行", "邵楠", "马骏")]


def _numbers(one: Field) -> Sequence[Value]:
    kind = one.kind
    assert isinstance(kind, Number)
    numbers = range(max(kind.least, 1), min(kind.most, kind.least + 40), 7)
    return [Value(said=f"{number}", meant={"number": number}) for number in numbers]


def _choices(one: Field) -> Sequence[Value]:
    kind = one.kind
    assert isinstance(kind, Choice)
    return [Value(said=option.name, meant={"name": option.name}) for option in kind.listed]


def _records(_: Field) -> Sequence[Value]:
    titles = [one.title for one in RECORDS]
    return [Value(said=title, meant={"title": title}) for title in titles]


def _consents(_: Field) -> Sequence[Value]:
    return [Value(said="同意", meant={})]


POOLS: Mapping[str, Callable[[Field], Sequence[Value]]] = {
    "Problem": _problems,
    "IndustryKind": _industries,
    "RegionKind": _regions,
    "Modes": _modes,
    "BudgetKind": _budgets,
    "DueDay": _deadlines,
    "ContactKind": _contacts,
    "Text": _texts,
    "People": _people,
    "Person": _persons,
    "Number": _numbers,
    "Choice": _choices,
    "Consent": _consents,
    "RecordKind": _records,
}
