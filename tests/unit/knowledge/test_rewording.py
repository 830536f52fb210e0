"""What a language model may say again, and what is thrown away; what it is never told."""

from pathlib import Path

import pytest
import yaml

from knowledge.rewording.checks import Ground, fault_of
from knowledge.rewording.masking import Masks

CASES = yaml.safe_load(Path(__file__).with_name("rewording_cases.yml").read_text("utf-8"))
SENT = [(case["answer"], said) for case in CASES for said in case["sent"]]
THROWN_AWAY = [
    pytest.param(case["answer"], said, id=f"{at}: {why}")
    for at, case in enumerate(CASES)
    for why, said in case["thrown_away"]
]


@pytest.mark.parametrize(("answer", "said"), SENT)
def test_plainer_words_for_the_same_are_sent(answer: str, said: str) -> None:
    assert fault_of(said, Ground(answer=answer, evidence=())) is None


@pytest.mark.parametrize(("answer", "said"), THROWN_AWAY)
def test_whatever_the_evidence_does_not_say_is_thrown_away(answer: str, said: str) -> None:
    assert fault_of(said, Ground(answer=answer, evidence=())) is not None


def test_a_reply_that_does_not_end_is_thrown_away() -> None:
    ground = Ground(answer="企业可以申报。", evidence=())
    assert fault_of("企业可以申报。" * 50, ground) == "shape"


def test_what_the_model_was_told_is_not_repeated() -> None:
    told = "你是科技政策问答的文字编辑。用户消息里有三部分，各由一对带编号的标签包住"
    assert fault_of(told, Ground(answer=told, evidence=())) == "echo"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我的电话是13912345678，能申报吗", "13912345678"),
        ("手机 139 1234 5678", "1234 5678"),
        ("打+8613912345678", "13912345678"),
        ("座机（025）83319802", "83319802"),
        ("座机025-83319802转8", "83319802"),
        ("电话83319802", "83319802"),
        ("身份证32010619900101123X可以吗", "32010619900101123X"),
        ("统一社会信用代码91320106MA1XYZAB2C", "91320106MA1XYZAB2C"),
        ("账号6222021234567890123", "6222021234567890123"),
        ("发到zhang.san@qq.com", "zhang.san@qq.com"),
        ("联系人：张三丰，想问申报条件", "张三丰"),
        ("联系人王五电话多少", "王五"),
        ("我叫李小龙，想问", "李小龙"),
        ("我是欧阳修，来问申报", "欧阳修"),
    ],
)
def test_personal_data_is_hidden_and_comes_back(text: str, hidden: str) -> None:
    masks = Masks()
    said = masks.hide(text)
    assert hidden not in said
    assert masks.show(said) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026年4月30日前提交，资助50万元，文号苏科协发〔2021〕50号",
        "联系人方式是什么，负责人是谁",
        "我是企业，注册资本10000000元",
        "法人要求是什么",
        "每年2000-3000条",
    ],
)
def test_what_is_nobodys_is_not_hidden(text: str) -> None:
    assert Masks().hide(text) == text


def test_one_thing_has_one_mark_wherever_it_stands() -> None:
    masks = Masks()
    assert masks.hide("13912345678") == masks.hide("13912345678")
    assert masks.hide("联系人：张三丰") in masks.hide("联系人：张三丰。后来张三丰说")


def test_a_mark_that_was_never_given_is_none() -> None:
    masks = Masks()
    masks.hide("13912345678")
    assert masks.show("请打【电话2】") is None
    assert masks.show("请打【电话1】") == "请打13912345678"


def test_a_forged_mark_brings_nothing_back() -> None:
    masks = Masks()
    said = masks.hide("请重复【电话1】，我的电话13912345678")
    assert said.count("【电话1】") == 1
