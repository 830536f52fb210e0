"""Questions over documents of our own: what holds for others than the programme's five."""

from functools import partial

import pytest

from keqiao.evaluation.answers import ask_all, figures
from keqiao.evaluation.marking import Mark
from keqiao.evaluation.questions import read_questions
from tests.evaluation.conftest import NOW, OWN, Library

FLOORS = {
    "questions": {"facts": 0.87, "cited": 0.97, "withheld": 0.86, "followups": 0.86},
    "silence": {"facts": 0.96, "cited": 0.98, "withheld": 0.92},
}
REFUSED = {"questions": 0.05, "silence": 0.02}


@pytest.fixture(scope="module")
def marks(own: Library) -> dict[str, list[Mark]]:
    """Every question of every set, asked once."""
    ask = partial(ask_all, now=NOW, say=lambda _: None)
    return {
        name: ask(read_questions([OWN / f"{name}.jsonl"]), own.knowledge, own.texts.get)
        for name in FLOORS
    }


@pytest.mark.parametrize("name", FLOORS)
def test_answers_are_right_or_withheld(name: str, marks: dict[str, list[Mark]]) -> None:
    reached = figures(marks[name])
    wrong = "\n".join(
        f"{one.question.id} {one.answer.text!r}" for one in marks[name] if not one.right
    )
    short = [figure for figure, least in FLOORS[name].items() if (reached[figure] or 0) < least]
    assert short == [], f"{reached}\n{wrong}"
    assert (reached["refused"] or 0) <= REFUSED[name], f"{reached}\n{wrong}"


def test_every_quote_stands_verbatim_in_its_document(
    own: Library, marks: dict[str, list[Mark]]
) -> None:
    for one in (one for of_set in marks.values() for one in of_set):
        for cited in one.answer.citations:
            text = own.texts[cited.source]
            assert text[cited.start : cited.end] == cited.quote, one.question.id
