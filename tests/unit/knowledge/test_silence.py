"""What is asked in another type, for another post, place or set than is stated is not answered."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

NOTICE = """安徽省松溪县科学技术协会文件

关于举办松溪县科普短剧大赛的通知

一、参赛安排

松溪县科普短剧大赛分校园组和社区组。决赛于2026年12月8日在松溪县举行，12个剧目参加。
大赛设一等奖2个、二等奖4个，一等奖每个奖励3万元。
评审专家组不少于5人，按剧本、表演、舞台效果评分。
重点培育10个示范剧团，收录剧本、影像、报告等资料。
评审落实“三个最严”要求——最严的标准、最严的监督、最严的问责。
县科协通过村广播和微信群宣传免费观演。
社区组的道具补贴标准比上年提高20%。

二、器材租借

剧团可以借用音响和灯光，每次借期不超过7天。

三、不予参赛的情形

有下列情形之一的，取消参赛资格：
（一）剧本抄袭的；
（二）冒名顶替的。

四、联系方式

报名咨询：叶青禾　0550-01230011
财务发票：顾明舟　0550-01230022
演出住宿：校园组　宋晚　0550-01230033；社区组　陆遥　0550-01230044
舞台维修电话：古老师：0550-01230055；陶老师：0550-01230066

松溪县科学技术协会
2026年9月15日
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"notice.txt": NOTICE}, tmp_path_factory.mktemp("silence"), NOW) as base:
        yield base


@pytest.mark.parametrize(
    "question",
    [
        "松溪县科普短剧大赛的器材租借要花钱吗",
        "松溪县科普短剧大赛决赛在哪个剧场的哪条路上",
        "松溪县科普短剧大赛组委会主任是谁",
        "松溪县科普短剧大赛的10个示范剧团都包括哪些",
        "松溪县科普短剧大赛谁拿了一等奖",
        "松溪县科普短剧大赛二等奖一个剧组每人补贴多少",
        "松溪县科普短剧大赛报名表在哪个网站下载",
    ],
    ids=["fee", "street", "post", "set", "winner", "apiece", "website"],
)
def test_what_is_not_stated_in_the_type_asked_for_is_withheld(
    question: str, base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(question, now=NOW)
    assert answer.abstained, answer.text


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("松溪县科普短剧大赛一等奖奖励多少钱", "3万元"),
        ("松溪县科普短剧大赛一等奖有几个", "2个"),
        ("松溪县科普短剧大赛决赛哪天办", "12月8日"),
        ("音响能借几天", "7天"),
        ("科普短剧大赛哪些情况会被取消资格", "冒名顶替"),
        ("科普短剧大赛的通知是哪天发的", "2026年9月15日"),
        ("科普短剧大赛发票的事找谁", "顾明舟"),
        ("科普短剧大赛的舞台维修电话是多少", "0550-01230066"),
        ("科普短剧大赛评审的“三个最严”要求是什么", "最严的问责"),
        ("松溪县科普短剧大赛通过什么渠道宣传免费观演", "微信群"),
        ("科普短剧大赛社区组的道具补贴标准提高多少", "20%"),
        ("科普短剧大赛社区组住宿问谁", "陆遥"),
    ],
)
def test_what_is_stated_beside_it_is_told(
    question: str, fact: str, base: IndexedKnowledgeBase
) -> None:
    answer = base.answer(question, now=NOW)
    assert fact in answer.text


def test_the_contact_for_another_matter_is_not_told(base: IndexedKnowledgeBase) -> None:
    told = base.answer("科普短剧大赛发票的事找谁", now=NOW).text
    assert "叶青禾" not in told
    told = base.answer("科普短剧大赛社区组住宿问谁", now=NOW).text
    assert "宋晚" not in told
