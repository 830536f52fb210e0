"""Conditions of a call of another domain against what applicants tell of themselves."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)

CALL = """青湖市农业农村局文件

青农发〔2026〕7号

关于申报2026年度共享农机站扶持项目的通知

各区县农业农村局：

现将有关事项通知如下。

青湖市农业农村局

2026年3月1日

一、项目类别

项目分类一览表：

类别	子项	扶持数量（上限）
农机站建设	新建农机站		6 个
	农机站改造		8 个
技术推广	田间课堂		12 个

二、申报说明

1、农机站建设项目的申报单位须是农民专业合作社；技术推广项目的申报单位可以是农民专业合作社、乡镇农技站；

2、各子项均可兼报；

3、一场培训只能用于申报一个子项；

4、新建农机站仅限还没有开展农机共享的合作社申报；

5、申报本项目的不得同时申报“智慧农田”项目。

三、农机站建设相关要求

（1）需有注册农机工程师驻站；

（2）有固定的停放场地和齐全的维修设备；

（3）农机站改造仅限2024年12月31日前已建成的农机站申报；

（4）连续三年考核结果不合格的农机站，取消下一年度项目申报资格；

（5）须提交电子版和纸质版《申报书》各一份。

四、申报时间

申报时间为 2026 年 4 月 1 日-4 月 30 日。申报材料须在 4 月 30 日 16:00 前提交。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"call.txt": CALL}, tmp_path_factory.mktemp("conditions"), NOW) as base:
        yield base


def told(base: IndexedKnowledgeBase, question: str) -> Answer:
    return base.answer(question, now=NOW)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("我们老板说农机站2025年3月才挂的牌，报农机站改造行得通吗", ("不可以", "2024年12月31日")),
        ("村里早就搞过农机共享了，还想走新建农机站那个口子报，可以吧", ("不可以", "还没有开展")),
        ("一场培训，想着两头用，报两个子项行不行", ("不可以", "一个子项")),
        ("智慧农田那边已经递上去了，共享农机站这边再递一份，会不会有问题", ("不可以", "不得同时")),
        ("新建农机站，停放的场地暂时没有，借邻居的院子用，符合要求么", ("不可以", "停放场地")),
        ("我们请不到农机工程师，找了个老师傅来驻站，建农机站条件够不够", ("不可以", "工程师")),
        ("申报书电子的已经发了，纸的就不寄了吧，这样算报上了吗", ("不可以", "纸质版")),
        ("农机站考核去年不合格，今年又不合格，明年会被取消申报资格吗", ("不会", "连续3年")),
        ("农机站连着三年考核都不合格，明年还能报吗", ("不可以", "取消")),
        ("我自己开了家公司，拿公司名义报农机站建设，给报吗", ("不可以", "合作社")),
        ("合作社又想报新建农机站又想报田间课堂，能一起报吧？", ("可以", "兼报")),
        ("最后一天下午五点才把材料发出去，算不算按时", ("不算", "16:00")),
        ("材料从头到尾一共收多少天", ("30天",)),
    ],
)
def test_a_condition_decides_what_is_told(
    question: str, facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = told(base, question)
    assert not answer.abstained, answer.text
    assert [fact for fact in facts if fact not in answer.text] == [], answer.text


@pytest.mark.parametrize(
    "question",
    [
        "我们是合作社，去年的农机站被处分过，还能再报农机站建设吗",
        "合作社暂时没有营业执照，能报农机站建设吗",
        "合作社想一口气报三个农机站建设，可以吗",
    ],
)
def test_who_may_apply_is_no_verdict_on_other_circumstances(
    question: str, base: IndexedKnowledgeBase
) -> None:
    assert not told(base, question).text.startswith("可以")


@pytest.mark.parametrize(
    "question",
    ["创新券申领现在还来得及吗", "农机创业大赛报名截止了吗", "高级职称评审还能报名吗"],
)
def test_another_call_has_no_deadline_here(question: str, base: IndexedKnowledgeBase) -> None:
    assert "4月30日" not in told(base, question).text.split("文件里最接近")[0]
