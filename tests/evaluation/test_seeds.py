"""Questions in applicants' own words over the programme's documents: facts, citations, silence.

The questions and the short facts expected are ours; the documents are read from the shared folder.
Every *.jsonl beside this file is a set (see README.md) and has its floors in one table.
"""

from pathlib import Path

import pytest

from keqiao.evaluation.answers import ask_all, figures
from keqiao.evaluation.marking import Mark
from keqiao.evaluation.questions import read_questions
from knowledge.structure.chunks import headings
from tests.evaluation.conftest import NOW, Library

SETS = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.jsonl"))}

FLOORS: dict[str, dict[str, float]] = {
    "answers": {"facts": 0.84, "cited": 0.93, "withheld": 0.93, "followups": 0.92},
    "callers": {"facts": 0.91, "cited": 0.97, "withheld": 0.98},
    "compare_later": {"facts": 0.84, "cited": 0.97},
    "compare_questions": {"facts": 0.85, "cited": 0.98, "withheld": 0.96},
    "coverage": {"facts": 0.89, "cited": 0.95, "withheld": 0.87},
    "follow_talk": {"facts": 0.96, "cited": 0.98, "withheld": 1.0, "followups": 0.96},
    "held_out": {"facts": 0.68, "cited": 0.87, "withheld": 0.76, "followups": 0.72},
    "held_out_plain": {"facts": 0.85, "cited": 0.95, "withheld": 0.9, "followups": 0.84},
    "held_out_neighbours": {"facts": 0.67, "cited": 0.84, "withheld": 0.76, "followups": 0.8},
    "later_talk": {"facts": 0.79, "cited": 0.98, "withheld": 1.0, "followups": 0.86},
    "neighbours": {"facts": 0.79, "cited": 0.95, "withheld": 0.89, "followups": 0.74},
    "promises": {"facts": 0.96, "cited": 0.98, "withheld": 0.98, "followups": 0.98},
    "seeds_questions": {"facts": 0.96, "cited": 0.98, "withheld": 0.95, "followups": 0.98},
    "silence": {"facts": 0.96, "cited": 0.96, "withheld": 0.98},
    "single_facts": {"facts": 0.92, "cited": 0.98, "withheld": 0.92},
    "statements": {"facts": 0.92, "cited": 0.96, "withheld": 0.94},
    "talk_questions": {"facts": 0.92, "cited": 0.96, "withheld": 0.94, "followups": 0.92},
    "traps": {"facts": 0.92, "cited": 0.97, "withheld": 0.98, "followups": 0.8},
    "users": {"facts": 0.92, "cited": 0.97, "withheld": 0.95},
    "voices": {"facts": 0.82, "cited": 0.97, "withheld": 0.94},
}
"""Least shares of each set, see `figures`: what was reached; a set without a row has none."""

CEILINGS: dict[str, float] = {
    "answers": 0.08,
    "callers": 0.04,
    "compare_later": 0.03,
    "compare_questions": 0.01,
    "coverage": 0.04,
    "follow_talk": 0.01,
    "held_out": 0.18,
    "held_out_neighbours": 0.19,
    "held_out_plain": 0.08,
    "later_talk": 0.04,
    "neighbours": 0.09,
    "promises": 0.02,
    "seeds_questions": 0.02,
    "silence": 0.02,
    "single_facts": 0.08,
    "statements": 0.04,
    "talk_questions": 0.03,
    "traps": 0.04,
    "users": 0.03,
    "voices": 0.06,
}
"""Of each set the highest share of answerable questions that may be refused."""

HEADINGS = {"000": 95, "001": 18, "002": 0, "003": 87, "004": 15}
"""Numbered headings and items of each document, counted by hand."""


@pytest.fixture(scope="module")
def marks(seeds: Library) -> dict[str, list[Mark]]:
    """Every question of every set, asked once."""
    return {
        name: ask_all(
            read_questions([path]), seeds.knowledge, seeds.texts.get, now=NOW, say=lambda _: None
        )
        for name, path in SETS.items()
    }


def told(name: str, marks: list[Mark]) -> str:
    """What is wrong, a line each; nothing of the set that is not read while tuning."""
    if name.startswith("held_out"):
        return ""
    return "\n".join(
        f"{one.question.id} {one.question.turns[-1]} {one.answer.reason} {one.answer.text!r}"
        for one in marks
        if not one.right
    )


@pytest.mark.parametrize("name", SETS)
def test_answers_are_right_or_withheld(name: str, marks: dict[str, list[Mark]]) -> None:
    reached, wrong = figures(marks[name]), told(name, marks[name])
    short = {
        figure: reached[figure]
        for figure, least in FLOORS.get(name, {}).items()
        if (reached[figure] or 0) < least
    }
    assert not short, f"{reached}\n{wrong}"
    assert (reached["refused"] or 0) <= CEILINGS.get(name, 1), f"{reached}\n{wrong}"


def test_every_quote_stands_verbatim_in_its_document(
    seeds: Library, marks: dict[str, list[Mark]]
) -> None:
    for one in (one for of_set in marks.values() for one in of_set):
        for cited in one.answer.citations:
            text = seeds.texts[cited.source]
            assert text[cited.start : cited.end] == cited.quote, one.question.id


def test_what_has_ended_is_said(seeds: Library) -> None:
    answer = seeds.knowledge.answer("科创江苏项目什么时候截止申报？", now=NOW)
    assert any("2021年5月30日" in note for note in answer.notes)
    answer = seeds.knowledge.answer("2022年要打造多少个平台协作站点", now=NOW)
    assert any("2022年12月31日" in note for note in answer.notes)


def test_every_numbered_heading_is_recognised(seeds: Library) -> None:
    assert {name[:3]: len(headings(text)) for name, text in seeds.texts.items()} == HEADINGS
