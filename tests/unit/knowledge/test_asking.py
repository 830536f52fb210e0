"""Which texts the documents should answer, and which belong to the dialogue."""

import pytest

from knowledge.lexicon.asking import reads_as_question


@pytest.mark.parametrize(
    "text",
    [
        "项目申报截止到什么时候？",
        "科技服务队至少要几个人",
        "谁可以申报",
        "申报資金最高能給多少",
        "补助有没有上限",
    ],
)
def test_questions_are_for_the_documents(text: str) -> None:
    assert reads_as_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "我们做注塑的，产品老是翘曲变形，想找专家",
        "我们公司遇到几个技术难题，怎么都解决不了",
        "登记需求",
        "取消",
        "年底前解决",
        "五十万左右",
        "好几家企业都在用",
        "最近有什么路演？",
        "提前一天提醒我可以吗",
        "确认提交",
        "",
    ],
)
def test_needs_orders_and_form_answers_wait_for_the_bot(text: str) -> None:
    assert not reads_as_question(text)
