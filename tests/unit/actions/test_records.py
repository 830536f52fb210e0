"""Finding records in the chat."""

import pytest

from actions.understanding.seeking import read_seeking, seeks_records
from core.domain.records import Library
from core.ports.unit_of_work import Units
from tests.factories import make_record
from tests.unit.actions.stage import Stage

ACTION = "action_find_records"


@pytest.mark.parametrize(
    ("text", "libraries", "subject"),
    [
        ("有没有做注塑仿真的案例？", (Library.CASES,), "注塑仿真"),
        ("查一下机器视觉的专家", (Library.EXPERTS,), "机器视觉"),
        ("有没有有机硅的成果", (Library.PROJECTS,), "有机硅"),
        ("人才库里有哪些做注塑的专家", (Library.EXPERTS,), "注塑"),
        ("有没有开源的工业软件", (Library.OPENSOURCE,), "工业软件"),
        ("找几个機器視覺的案例參考", (Library.CASES,), "机器视觉"),
        ("有哪些科技服务团", (Library.TEAMS,), ""),
        ("查一下新能源产业链", (Library.CHAINS,), "新能源"),
        ("搜索激光焊接", (), "激光焊接"),
        ("资源库里有什么", (), ""),
    ],
)
def test_the_subject_is_what_is_left_of_the_asking(
    text: str, libraries: tuple[Library, ...], subject: str
) -> None:
    seeking = read_seeking(text)
    assert (seeking.libraries, seeking.subject) == (libraries, subject)


@pytest.mark.parametrize("text", ["科技服务队至少要几个人", "成果评价怎么申请", "专家库怎么入库"])
def test_a_question_of_rules_is_for_the_documents(text: str) -> None:
    assert not seeks_records(text)


def test_cases_are_named_first_and_experts_beside_them(sqlite_units: Units) -> None:
    stage = Stage(sqlite_units)
    case = make_record("面板注塑整改案例", library=Library.CASES, organisation="某服务团")
    expert = make_record("周启明", organisation="江南工程大学")
    stage.load(expert, case)
    (said,) = stage.tell(ACTION, "有没有做注塑翘曲的案例？")
    assert said.response == "utter_records_found"
    assert said.text.index(case.title) < said.text.index(expert.title)
    for words in ("案例库", "某服务团", "人才库", "江南工程大学", "注塑成型与翘曲变形分析"):
        assert words in said.text


def test_what_only_lies_beside_is_said_to_lie_beside(sqlite_units: Units) -> None:
    stage = Stage(sqlite_units)
    stage.load(make_record("周启明"))
    (said,) = stage.tell(ACTION, "有没有做注塑翘曲的案例？")
    assert said.response == "utter_records_beside"
    assert "案例库" in said.text


def test_nothing_found_is_said_with_what_can_be_done(sqlite_units: Units) -> None:
    stage = Stage(sqlite_units)
    (said,) = stage.tell(ACTION, "有没有量子的案例？")
    assert said.response == "utter_records_none"
    assert "量子" in said.text
    (said,) = stage.tell(ACTION, "有没有案例？")
    assert said.response == "utter_records_empty"


def test_what_the_libraries_do_not_hold_the_documents_are_asked(sqlite_units: Units) -> None:
    stage = Stage(sqlite_units)
    stage.tell(ACTION, "江苏的科技服务队有哪些")
    assert [question for question, _ in stage.knowledge.asked] == ["江苏的科技服务队有哪些"]
