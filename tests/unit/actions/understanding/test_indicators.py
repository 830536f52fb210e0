"""Technical indicators: found as they stand, and never a budget."""

from datetime import datetime

import pytest

from actions import wording
from actions.understanding.extract import extract, to_json
from core.domain.needs import NeedDraft

SAID_AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("要耐温600度以上，合格率95%以上", ("耐温600度以上", "合格率95%以上")),
        ("公差控制在正负两丝以内，Ra0.8", ("公差控制在正负两丝以内", "Ra0.8")),
        ("误差0.01毫米，零下四十度也要能用", ("误差0.01毫米", "零下四十度")),
        ("不良率百分之五，噪音不超过60分贝", ("不良率百分之五", "噪音不超过60分贝")),
        ("预算80万，12月15日前，三台设备，招两个人，做过一次", ()),
    ],
)
def test_indicators_are_found_as_they_stand(text: str, indicators: tuple[str, ...]) -> None:
    assert extract(text, SAID_AT).indicators == indicators


def test_an_indicator_is_no_budget_and_a_budget_no_indicator() -> None:
    draft = extract("密封圈要耐600度，寿命5000小时，预算30万", SAID_AT)

    assert draft.budget is not None
    assert draft.budget.raw == "30万"
    assert draft.indicators == ("600度", "寿命5000小时")
    assert to_json(draft)["indicators"] == ["600度", "寿命5000小时"]


def test_indicators_are_shown_with_the_problem_unless_it_states_them() -> None:
    draft = NeedDraft(problem="密封圈耐温600度", indicators=("耐温600度", "寿命5000小时"))

    assert wording.field_value(draft, "problem") == "密封圈耐温600度（指标：寿命5000小时）"
