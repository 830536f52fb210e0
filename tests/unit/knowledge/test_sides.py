"""Questions about several things, and several questions in one message."""

import pytest

from knowledge.answers.several.aims import Aim
from knowledge.answers.several.sides import sides_of
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
    ("question", "aim", "each"),
    [
        (
            "云州计划新建的实验室和海州已建的实验室，谁多？",
            Aim.MORE,
            ["云州计划新建的实验室有多少", "海州已建的实验室有多少"],
        ),
        (
            "2024年的培训班和路演各办几场？",
            Aim.EACH,
            ["2024年的培训班办几场", "2024年路演办几场"],
        ),
        (
            "示范基地：行动计划想建几个，2024年要点里又是几个",
            Aim.EACH,
            ["示范基地 行动计划想建几个", "示范基地 2024年要点里是几个"],
        ),
        (
            "示范基地从首批到2024年要点里的数字，增加了几个？",
            Aim.GAP,
            ["示范基地 首批有多少", "示范基地 2024年要点里有多少"],
        ),
        (
            "评审标准里，专家组跟监督组的最低人数分别是多少",
            Aim.EACH,
            ["评审标准里 专家组至少多少人", "评审标准里 监督组至少多少人"],
        ),
        (
            "全国三年计划和江苏三年计划，哪份文件先出？",
            Aim.MORE,
            ["全国三年计划什么时候印发", "江苏三年计划什么时候印发"],
        ),
        (
            "参加的工厂多还是农场多",
            Aim.MORE,
            ["参加的工厂有多少", "农场有多少"],
        ),
        (
            "驿站和工坊，2024年计划建的各是几",
            Aim.EACH,
            ["2024年计划建 驿站有多少", "2024年计划建 工坊有多少"],
        ),
        (
            "重庆和江苏的计划，谁先发的文？",
            Aim.MORE,
            ["重庆的计划什么时候印发", "江苏的计划什么时候印发"],
        ),
        (
            "移动型和固定型驿站各建几个",
            Aim.EACH,
            ["移动型驿站建几个", "固定型驿站建几个"],
        ),
    ],
)
def test_each_side_is_asked_with_what_the_sides_share(
    question: str, aim: Aim, each: list[str]
) -> None:
    sides = sides_of(question, 2026)
    assert sides is not None
    assert [one.text for one in sides.each] == each
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
