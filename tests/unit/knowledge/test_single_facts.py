"""Questions for one fact, as people say them: places in national texts, firsts, hours, names."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

LOADED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

REPORT = """“科创云溪”以平台为支撑服务产业

全国已有八个省份开展试点，平台页面访问量达3.25亿，入驻服务机构两千余家。

今年遴选首批18个试点园区，围绕7个产业方向开展对接，选派9支驻园工作组蹲点服务。

四川省打造高原农业会客厅，会客厅首期使用率达85%，首批6亿元振兴基金启用。

成都市专门制定了《成都市会客厅建设方案》。何远山为两位在蓉代表颁奖。

郑国平、林晓等12位农艺师代表参加了座谈。
"""

CALL = """江西省科学技术协会文件

赣科协发〔2026〕31号

关于组织申报2026年度“科创赣鄱”项目的通知

各设区市科协：

现将有关事项通知如下。

江西省科学技术协会
2026年3月9日

2026年度“科创赣鄱”项目申报指南

一、申报时间

项目申报时间为2026年4月8日-5月12日。纸质材料须在5月12日16:30前寄到指定地址。每个项目提交纸质材料各一份。

二、培训

联合省总工会组织开展工艺创新培训，面向企业一线职工。对成效好的单位采取以奖代补的方式给予支持。

2026年3月11日印发
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of(
        {"report.txt": REPORT, "call.txt": CALL}, tmp_path_factory.mktemp("single_facts"), LOADED
    ) as base:
        yield base


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("成都为了会客厅专门出了个什么文件？", "会客厅建设方案"),
        ("四川那个高原农业会客厅第一期使用率多高？", "85%"),
        ("头一批试点园区选了几个呀？", "18个"),
        ("平台页面被访问了多少次啊", "3.25亿"),
        ("2026年派下去蹲点的驻园工作组是多少支", "9支"),
        ("江西项目申报几号几点截止？", "16:30"),
        ("江西的项目从哪天开始申报", "4月8日"),
        ("赣科协发31号文落款日期？", "3月9日"),
        ("江西的工艺创新培训是跟哪家单位一起搞的", "总工会"),
    ],
)
def test_the_fact_is_told(question: str, fact: str, base: IndexedKnowledgeBase) -> None:
    assert fact in base.answer(question, now=LOADED).text.split("最接近")[0]


@pytest.mark.parametrize(
    "question",
    [
        "四川要组建多少支科技服务队？",
        "四川那6亿振兴基金是谁出的钱？",
        "在蓉的两位代表叫什么名字？",
        "12位农艺师代表的名字都有谁",
        "2026年江西一共收到了多少份项目材料？",
        "江西2027年度项目申报指南里，培训有几个名额？",
        "江西以奖代补，一个单位能拿到多少万啊",
        "四川的三年行动计划定了什么目标",
    ],
)
def test_what_is_not_stated_is_not_answered(question: str, base: IndexedKnowledgeBase) -> None:
    assert base.answer(question, now=LOADED).abstained
