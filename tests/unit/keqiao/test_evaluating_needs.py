"""`evaluate needs`: what counts as right, wrong and invented in the slots of a need."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import BadInputError
from keqiao.evaluation.needs import figures, mark_all, read_labelled
from keqiao.evaluation.slots import SLOTS, Tally, slot_tallies

NOBODY: dict[str, Any] = {"name": None, "phone": None, "wechat": None, "email": None}
NOTHING: dict[str, Any] = {
    "industry": [],
    "problem": [],
    "region": None,
    "budget": None,
    "deadline": None,
    "modes": [],
    "contact": NOBODY,
    "ask": [],
}
UNREAD: dict[str, Any] = {
    "industry": None,
    "problem": None,
    "region": None,
    "budget": None,
    "deadline": None,
    "cooperation_mode": None,
    "contact": None,
    "ask": [],
}
KUNSHAN = {"province": "江苏省", "city": "苏州市", "county": "昆山市"}
HALF_A_MILLION = {"min": 500000, "max": 500000, "approx": False}


def tally(slot: str, expect: dict[str, Any], given: dict[str, Any]) -> Tally:
    return slot_tallies(NOTHING | expect, UNREAD | given)[slot]


def test_nothing_said_and_nothing_read_counts_nowhere() -> None:
    assert set(slot_tallies(NOTHING, UNREAD).values()) == {Tally()}


@pytest.mark.parametrize(
    ("slot", "expect", "given"),
    [
        ("region", {"region": KUNSHAN}, {"region": KUNSHAN | {"raw": "昆山"}}),
        (
            "region",
            {"region": KUNSHAN, "region_also": [KUNSHAN | {"county": None}]},
            {"region": KUNSHAN | {"county": None}},
        ),
        ("deadline", {"deadline": "2026-12-31"}, {"deadline": {"iso": "2026-12-31"}}),
        (
            "budget",
            {"budget": HALF_A_MILLION},
            {"budget": HALF_A_MILLION | {"raw": "50万", "currency": "CNY"}},
        ),
        (
            "industry",
            {"industry": ["生物"], "industry_also": ["新材料"]},
            {"industry": {"labels": ["新材料"]}},
        ),
        ("modes", {"modes": ["联合研发"]}, {"cooperation_mode": ["联合研发"]}),
        ("name", {"contact": NOBODY | {"name": "陈工"}}, {"contact": NOBODY | {"name": "陈工"}}),
        (
            "phone",
            {"contact": NOBODY | {"phone": "022-65550188-6012"}},
            {"contact": NOBODY | {"phone": "02265550188"}},
        ),
        ("ask", {"ask": ["region"]}, {"ask": ["region"]}),
        ("problem", {"problem": ["漏ＡＢ"]}, {"problem": "老是漏 ab"}),
    ],
)
def test_the_label_and_what_is_also_right_are_hits(
    slot: str, expect: dict[str, Any], given: dict[str, Any]
) -> None:
    assert tally(slot, expect, given) == Tally(hits=1)


@pytest.mark.parametrize(
    ("slot", "given"),
    [
        ("region", {"region": KUNSHAN}),
        ("budget", {"budget": HALF_A_MILLION}),
        ("deadline", {"deadline": {"iso": "2026-12-31"}}),
        ("industry", {"industry": {"labels": ["生物"]}}),
        ("modes", {"cooperation_mode": ["联合研发"]}),
        ("email", {"contact": NOBODY | {"email": "a@example.com"}}),
        ("problem", {"problem": "老是漏"}),
        ("ask", {"ask": ["phone"]}),
    ],
)
def test_a_value_where_none_was_said_is_invented(slot: str, given: dict[str, Any]) -> None:
    assert tally(slot, {}, given) == Tally(wrong=1, invented=1)


def test_another_value_is_wrong_and_the_right_one_missed_but_nothing_is_invented() -> None:
    found = tally("deadline", {"deadline": "2026-12-31"}, {"deadline": {"iso": "2026-12-30"}})

    assert found == Tally(wrong=1, missed=1)


def test_what_is_only_also_right_is_neither_asked_for_nor_held_against_the_reader() -> None:
    soft = {"modes_also": ["技术咨询"]}

    assert tally("modes", soft, {}) == Tally()
    assert tally("modes", soft, {"cooperation_mode": ["技术咨询"]}) == Tally()


def test_three_nulls_are_no_region() -> None:
    nulls = {"region": dict.fromkeys(KUNSHAN)}

    assert tally("region", nulls, {}) == Tally()


def test_a_piece_of_another_need_in_the_problem_is_wrong() -> None:
    expect = {"problem": ["漏油", "异响"], "other_problems": ["招人"]}

    assert tally("problem", expect, {"problem": "漏油，还要招人"}) == Tally(1, 1, 1)


def test_figures_are_of_slots_and_of_all(tmp_path: Path) -> None:
    file = tmp_path / "needs.jsonl"
    expect = NOTHING | {"budget": HALF_A_MILLION}
    row = {"id": "n", "now": "2026-11-21T10:00:00", "text": "预算50万", "expect": expect}
    file.write_text(json.dumps(row), "utf-8")

    found = figures(mark_all(read_labelled(file), lambda _: None))

    assert found["needs"] == 1
    assert set(found["slots"]) == set(SLOTS)
    assert found["slots"]["budget"] == {"precision": 1, "recall": 1, "f1": 1, "invented": 0}
    assert found["slots"]["phone"]["f1"] is None
    assert (found["micro"]["f1"], found["clean"]) == (1, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "n", "text": "x", "now": "2026-11-21"}, "expect"),
        ({"id": "n", "text": "x", "now": "gestern", "expect": {}}, "now"),
        ({"id": "n", "now": "2026-11-21", "expect": {}}, "text"),
    ],
)
def test_a_broken_line_is_refused_by_its_number(
    tmp_path: Path, row: dict[str, Any], said: str
) -> None:
    file = tmp_path / "needs.jsonl"
    file.write_text(json.dumps(row), "utf-8")

    with pytest.raises(BadInputError, match=rf"第 1 行.*{said}"):
        read_labelled(file)


def test_two_needs_of_one_id_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "needs.jsonl"
    row = {"id": "n", "now": "2026-11-21", "text": "x", "expect": NOTHING}
    file.write_text("\n".join(2 * [json.dumps(row)]), "utf-8")

    with pytest.raises(BadInputError, match="编号 n"):
        read_labelled(file)
