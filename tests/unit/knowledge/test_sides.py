"""Questions about several things, and several questions in one message."""

import pytest

from knowledge.answers.scope.sides import Aim, sides_of
from knowledge.answers.talk.parts import parts_of


@pytest.mark.parametrize(
    ("question", "labels", "aim"),
    [
        ("江苏和重庆分别有多少支服务队", ["江苏", "重庆"], Aim.EACH),
        ("苏、渝两地的计划都是哪年的", ["苏", "渝"], Aim.EACH),
        ("国家的和省里的期限一样吗", ["国家", "省里"], Aim.SAME),
        ("2021年和2022年的目标有什么不同", ["2021年", "2022年"], Aim.SAME),
        ("一等和三等的名额差多少", ["一等", "三等"], Aim.GAP),
        ("江苏和重庆谁的服务队多", ["江苏", "重庆"], Aim.MORE),
        ("行动计划和2022年工作要点里数量一样吗", ["行动计划", "2022年工作要点"], Aim.SAME),
    ],
)
def test_one_question_about_each(question: str, labels: list[str], aim: Aim) -> None:
    sides = sides_of(question, 2026)
    assert sides is not None
    assert [one.label for one in sides.each] == labels
    assert sides.aim is aim


@pytest.mark.parametrize(
    "question",
    ["重庆和四川一起打造什么平台", "苏州属于江苏吗", "科技服务队要几个人", "技术和人才怎么下沉"],
)
def test_one_question_about_things_together(question: str) -> None:
    assert sides_of(question, 2026) is None


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("什么时候截止，找谁问？", ["什么时候截止", "找谁问"]),
        ("多少人？要什么职称？", ["多少人", "要什么职称"]),
        ("我们是个学会，想报项目，几个名额", ["我们是个学会,想报项目,几个名额"]),
        ("有几支队伍、哪个部门牵头", ["有几支队伍", "哪个部门牵头"]),
        ("名额几个，还有要什么条件", ["名额几个", "要什么条件"]),
    ],
)
def test_a_message_falls_into_its_questions(message: str, parts: list[str]) -> None:
    found = parts_of(message)
    assert found == parts or (len(parts) == 1 and found == [message])


def test_a_word_that_only_asks_for_a_yes_is_no_question_of_its_own() -> None:
    assert parts_of("队伍里只有6个人，可以吗") == ["队伍里只有6个人，可以吗"]
