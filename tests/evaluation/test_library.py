"""Questions over documents of our own: what holds for others than the programme's five."""

import pytest

from keqiao.evaluation.answers import ask_all, figures
from keqiao.evaluation.marking import Mark
from keqiao.evaluation.questions import read_questions
from tests.evaluation.conftest import NOW, OWN, Library

FLOORS = {"facts": 0.87, "cited": 0.97, "withheld": 0.78, "followups": 0.86}
REFUSED = 0.05


@pytest.fixture(scope="module")
def marks(own: Library) -> list[Mark]:
    """Every question, asked once."""
    questions = read_questions([OWN / "questions.jsonl"])
    return ask_all(questions, own.knowledge, own.texts.get, now=NOW, say=lambda _: None)


def test_answers_are_right_or_withheld(marks: list[Mark]) -> None:
    reached = figures(marks)
    wrong = "\n".join(f"{one.question.id} {one.answer.text!r}" for one in marks if not one.right)
    short = [name for name, least in FLOORS.items() if (reached[name] or 0) < least]
    assert short == [], f"{reached}\n{wrong}"
    assert (reached["refused"] or 0) <= REFUSED, f"{reached}\n{wrong}"


def test_every_quote_stands_verbatim_in_its_document(own: Library, marks: list[Mark]) -> None:
    for one in marks:
        for cited in one.answer.citations:
            text = own.texts[cited.source]
            assert text[cited.start : cited.end] == cited.quote, one.question.id
