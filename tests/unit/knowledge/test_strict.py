"""Acts and their cases, grades, posts, provinces, years of two digits, members of listed sets."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.domain.documents import Exchange
from knowledge.base import IndexedKnowledgeBase
from knowledge.lexicon.years import full_years
from tests.unit.knowledge.bases import base_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

RULES = """溪谷市科普示范基地管理办法

第一章 命名

第一条 示范基地由溪谷市科协命名，有效期5年。
第二条 有下列情形之一的，不予受理：近三年内发生过安全责任事故的；被列入失信名单的。

第二章 管理

第三条 连续两年不报送总结的，取消命名。评估不合格的限期整改，整改仍不合格的取消命名。
第四条 挪用补助资金的，收回全部补助资金。
第五条 2022年，建设示范基地30个左右。2023年，到边远的云岭县开展科普服务。

第三章 资助

第六条 示范基地分为旗舰、骨干、成长三类，资助标准如下：

| 类别 | 最高资助额 | 实施期限 |
|---|---|---|
| 旗舰基地 | 80万元 | 24个月 |
| 骨干基地 | 40万元 | 18个月 |
| 成长基地 | 15万元 | 12个月 |

第七条 示范基地评审由专家组负责，专家组不少于7人。联系人：溪谷市科协普及部 叶青禾。
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexedKnowledgeBase]:
    with base_of({"溪谷市.txt": RULES}, tmp_path_factory.mktemp("strict"), NOW) as found:
        yield found


def test_all_cases_of_an_act_are_told_and_none_of_another(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("什么情况下取消命名", now=NOW)
    assert "连续两年不报送总结" in answer.text
    assert "整改仍不合格" in answer.text
    assert "不予受理" not in answer.text


def test_an_act_that_no_rule_attaches_to_a_case_is_not_told(base: IndexedKnowledgeBase) -> None:
    assert base.answer("基地什么情况下会被约谈", now=NOW).abstained


@pytest.mark.parametrize(
    "question", ["示范基地评了82分是几等", "叶青禾是什么职务", "2023年去哪个省开展科普服务"]
)
def test_what_is_asked_for_to_the_letter_has_to_be_said(
    question: str, base: IndexedKnowledgeBase
) -> None:
    assert base.answer(question, now=NOW).abstained


def test_the_office_beside_a_person_is_told(base: IndexedKnowledgeBase) -> None:
    assert "普及部" in base.answer("叶青禾是哪个部门的", now=NOW).text


def test_a_member_of_the_set_that_the_answer_lists_takes_the_place_of_another(
    base: IndexedKnowledgeBase,
) -> None:
    question = "骨干基地最高资助多少？"
    before = Exchange(question=question, answer=base.answer(question, now=NOW).text)
    told = base.answer("旗舰的呢", now=NOW, history=[before]).text
    assert "80万元" in told
    assert "40万元" not in told


def test_a_year_of_two_digits_is_one_that_the_documents_know(base: IndexedKnowledgeBase) -> None:
    answer = base.answer("22年要建多少个示范基地", now=NOW)
    assert "30个左右" in answer.text
    assert answer.question == "22年要建多少个示范基地"


@pytest.mark.parametrize("text", ["工作20年", "满22年", "22年以上", "122年", "第22年", "19年的"])
def test_what_counts_years_stays(text: str) -> None:
    assert full_years(text, {2020, 2022}.__contains__) == text
