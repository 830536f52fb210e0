"""Measured conditions of documents of other domains against what applicants tell."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Answer
from knowledge.base import IndexedKnowledgeBase
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)

CAMPS = """柳溪市文化和旅游局文件

柳文旅发〔2026〕5号

柳溪市露营营地星级评定办法

第一章　条件

第一条　申请星级评定的企业，应当同时具备下列条件：
（一）在柳溪市境内注册满3年；
（二）营位区面积不少于2000平方米；
（三）专职安全员不少于5人；
（四）年营业收入不超过800万元。

第二条　农民专业合作社申请星级评定的，注册满1年，带动农户不少于30户，不受第一条第一项限制。

第三条　营地主理人年龄不超过55周岁；非遗传承人不受年龄限制。

第四条　联合申报的联合体成员不超过4家。

第五条　各类营地还应达到下列指标：

| 指标 | 山地类 | 滨水类 |
|---|---|---|
| 停车位面积 | 不少于600平方米 | 不少于900平方米 |

第六条　面向公众开放满2年（计算截至2026年4月30日）。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"camps.txt": CAMPS}, tmp_path_factory.mktemp("measured"), NOW) as base:
        yield base


def told(base: IndexedKnowledgeBase, question: str) -> Answer:
    return base.answer(question, now=NOW)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("我们公司刚注册两年半，能申请柳溪的营地星级评定吗", ("不符合", "满3年")),
        ("营位区只有1800平，评柳溪露营营地够不够", ("不符合", "2000平方米")),
        ("公司里专职安全员6个人，够申请营地星级评定吗", ("符合", "不少于5人")),
        ("企业去年营收900万，可以申请柳溪营地星级评定吗", ("不符合", "800万元")),
        ("合作社成立一年半，带着40户农民干，能申请营地星级评定吗", ("符合", "30户")),
        ("合作社带动的农户才20户，能申请营地星级评定吗", ("不符合", "30户")),
        ("营地主理人58岁了，还能申请星级评定吗", ("不符合", "55周岁")),
        ("非遗传承人今年70了，当营地主理人申请星级评定可以吗", ("可以", "不受年龄限制")),
        ("五家单位搭伙联合申报营地星级评定，行吗", ("不符合", "不超过4家")),
        ("山地类营地停车位面积700平方米，够星级评定的要求吗", ("符合", "600平方米")),
        ("滨水类营地停车位面积700平方米，够星级评定的要求吗", ("不符合", "900平方米")),
        ("营地2024年6月才开放，今年能申请星级评定吗", ("不符合", "满2年")),
        ("公司2019年注册，营位区3000平方米，安全员专职的4个，能评营地星级吗", ("不符合", "5人")),
    ],
)
def test_a_size_keeps_or_breaks_the_condition_that_names_it(
    question: str, facts: tuple[str, ...], base: IndexedKnowledgeBase
) -> None:
    answer = told(base, question)
    assert answer.text.startswith(facts[0]), answer.text
    assert facts[1] in answer.text, answer.text


@pytest.mark.parametrize(
    "question",
    [
        "营地停车位面积700平方米，够星级评定的要求吗",
        "我们有两个厨师，能申请营地星级评定吗",
        "营地星级评定要求专职安全员5人吗",
        "我们公司有一个营地，能申请星级评定吗",
    ],
)
def test_what_no_one_condition_speaks_about_gets_no_verdict(
    question: str, base: IndexedKnowledgeBase
) -> None:
    assert not told(base, question).text.startswith(("符合", "不符合", "可以", "不可以"))
