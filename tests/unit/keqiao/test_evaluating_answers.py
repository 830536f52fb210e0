"""`evaluate answers`: what counts as right, on replies made for the purpose."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.domain.documents import Answer
from core.domain.errors import BadInputError
from keqiao.evaluation.answers import ask_all, by_kind, figures
from keqiao.evaluation.marking import Mark, folded, states
from keqiao.evaluation.questions import read_questions
from keqiao.evaluation.spans import read_spanned, rouge_l
from tests.factories import make_citation
from tests.fakes.knowledge_base import FakeKnowledgeBase

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TEXT = "第一条 每队不少于 7 人。"
QUOTE = make_citation(source="001_a.txt", quote="每队不少于 7 人", start=4, end=13)
RIGHT = Answer(question="", text="至少７ 人。", citations=(QUOTE,))


def make_line(**changes: object) -> dict[str, object]:
    """A question that documents answer."""
    line: dict[str, object] = {
        "id": "q1",
        "kind": "number",
        "question": "几人",
        "facts": [["7人", "七人"]],
        "sources": ["001"],
        "answerable": True,
    }
    return line | changes


def marks_of(tmp_path: Path, reply: Answer, **changes: object) -> list[Mark]:
    """The mark of one question of which the last turn gets `reply`."""
    file = tmp_path / "questions.jsonl"
    line = make_line(**changes)
    file.write_text(json.dumps(line), "utf-8")
    questions = read_questions([file])
    knowledge = FakeKnowledgeBase({questions[0].turns[-1]: reply})
    texts = {"001_a.txt": TEXT}.get
    return ask_all(questions, knowledge, texts, now=NOW, say=lambda _: None)


def test_a_right_reply_has_its_facts_its_source_and_its_quote(tmp_path: Path) -> None:
    found = figures(marks_of(tmp_path, RIGHT))
    assert (found["right"], found["facts"], found["cited"], found["verbatim"]) == (1, 1, 1, 1)
    assert found["refused"] == 0
    assert found["withheld"] is None


@pytest.mark.parametrize(
    ("reply", "missing"),
    [
        (Answer(question="", text="至少 17 人", citations=(QUOTE,)), "facts"),
        (Answer(question="", text="7人", citations=(make_citation(source="002.txt"),)), "cited"),
        (Answer(question="", text="7人"), "cited"),
        (Answer(question="", text="7人", abstained=True, citations=(QUOTE,)), "facts"),
    ],
)
def test_a_reply_without_fact_or_source_is_wrong(
    tmp_path: Path, reply: Answer, missing: str
) -> None:
    found = figures(marks_of(tmp_path, reply))
    assert found[missing] == 0
    assert found["right"] == 0


def test_a_quote_that_stands_elsewhere_is_not_verbatim(tmp_path: Path) -> None:
    moved = make_citation(source="001_a.txt", quote=QUOTE.quote, start=3, end=12)
    found = figures(marks_of(tmp_path, Answer(question="", text="7人", citations=(moved,))))
    assert (found["right"], found["verbatim"]) == (1, 0)


def test_silence_is_right_only_where_nothing_is_stated(tmp_path: Path) -> None:
    silent: dict[str, Any] = {"facts": [], "sources": [], "answerable": False}
    none = Answer(question="", text="没有写明", abstained=True, reason="nothing_found")
    assert figures(marks_of(tmp_path, none, **silent))["withheld"] == 1
    assert figures(marks_of(tmp_path, RIGHT, **silent))["withheld"] == 0
    assert figures(marks_of(tmp_path, none))["refused"] == 1


def test_the_last_of_several_turns_is_judged_and_knows_the_ones_before(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    line = make_line(turns=["有几支队", "每队呢"], kind="followup")
    del line["question"]
    file.write_text(json.dumps(line), "utf-8")
    knowledge = FakeKnowledgeBase({"每队呢": RIGHT})
    marks = ask_all(read_questions([file]), knowledge, lambda _: TEXT, now=NOW, say=lambda _: None)
    assert figures(marks)["followups"] == 1
    assert list(by_kind(marks)) == ["followup"]
    [first, (said, history)] = knowledge.asked
    assert first == ("有几支队", ())
    assert (said, [one.question for one in history]) == ("每队呢", ["有几支队"])


@pytest.mark.parametrize(
    ("reply", "fact", "holds"),
    [
        ("共 15 个", "5个", False),
        ("至少 85 分以上", "85分", True),
        ("85.5 分", "5分", False),
        ("2021年5月30日17:00前", "17：00", True),
        ("1,000 家", "1000家", True),
        ("3个 5个", "5个", True),
        ("2 1月18日", "1月18日", True),
        ("不可以申报", "可以", False),
        ("不可以申报", "不可以", True),
        ("不行，但直属单位可以", "可以", True),
        ("没有达到要求", "达到", False),
    ],
)
def test_numbers_count_whole_and_contraries_do_not_count(
    reply: str, fact: str, *, holds: bool
) -> None:
    assert states(folded(reply), fact) is holds


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"answerable": "yes"}, "answerable"),
        ({"facts": [["7人"], []]}, "facts"),
        ({"facts": ["7人"]}, "facts"),
        ({"facts": []}, "facts"),
        ({"sources": "001"}, "sources"),
        ({"sources": []}, "sources"),
        ({"now": "tomorrow"}, "now"),
        ({"turns": []}, "turns"),
        ({"question": 7}, "question"),
        ({"question": ""}, "没有问题"),
        ({"id": None}, "id"),
    ],
)
def test_a_bad_line_is_named_with_its_file(
    tmp_path: Path, changes: dict[str, object], word: str
) -> None:
    file = tmp_path / "set.jsonl"
    lines = [json.dumps(make_line(id="q0")), json.dumps(make_line(**changes))]
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(BadInputError, match=word) as caught:
        read_questions([file])
    assert "set.jsonl" in str(caught.value)
    assert "2" in str(caught.value)


def test_two_questions_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(make_line()), "utf-8")
    with pytest.raises(BadInputError, match="q1"):
        read_questions([tmp_path])


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="jsonl"):
        read_questions([tmp_path])


@pytest.mark.parametrize(
    ("given", "wanted", "share"),
    [
        ("甲乙丙", "甲乙丙", 1.0),
        ("甲丙", "甲乙丙", 0.8),
        ("丙乙甲", "甲乙丙", 1 / 3),
        ("", "甲", 0.0),
    ],
)
def test_rouge_l_is_the_share_of_the_common_subsequence(
    given: str, wanted: str, share: float
) -> None:
    assert rouge_l(given, wanted) == pytest.approx(share)


def test_an_answer_to_an_unknown_query_is_refused(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": "q1", "text": "几人"}\n', "utf-8")
    bad = {"qid": "q2", "docid": "d", "answers": ["7人"]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(bad), "utf-8")
    with pytest.raises(BadInputError, match="q2"):
        read_spanned(tmp_path)
