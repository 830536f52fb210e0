"""Forms other than the need, through the running site: filled, interrupted, decided, found."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.acceptance.visitor import Place, Process

pytestmark = pytest.mark.acceptance

NUMBER = re.compile(r"[A-Z]{2,3}-\d{4}-\d{6}")

SCRIPTS: Mapping[str, Sequence[str]] = {
    "expert": (
        "我要注册成为专家",
        "苏砚秋",
        "江南工程大学",
        "教授",
        "研究深冷阀门密封，擅长液氢低温泄漏的成因分析",
        "新能源",
        "不限地区",
        "技术咨询",
        "13800001234",
        "同意公开",
        "职称改成副教授",
        "确认提交",
    ),
    "team": (
        "我想注册科技服务团，团长王建国，方向是新材料，成员有李明、张华，服务苏州",
        "新材料博士服务团",
        "揭榜挂帅项目的申报条件是什么",
        "技术咨询",
        "李工 13800001234",
        "同意公开",
        "确认提交",
    ),
    "tested": ("我要做创新力自评", *["第二个"] * 8),
    "between": (
        "我们做注塑的，产品老是翘曲变形，想找专家",
        "登记技术经理人",
        "取消",
        "继续填写",
        "江苏苏州",
    ),
}


@pytest.fixture(scope="module")
def told(
    site: Process, place: Place, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, list[str]]:
    """Every script, told to the running site at once; what was answered to each line."""
    assert site.popen.poll() is None
    script = tmp_path_factory.mktemp("scripts") / "forms.jsonl"
    lines = [{"sender": name, "text": text} for name, said in SCRIPTS.items() for text in said]
    script.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    heard: dict[str, list[str]] = {}
    turns: Sequence[Mapping[str, Any]] = place.json("chat", "--script", str(script), "--json")
    for turn in turns:
        said = "\n".join(reply["text"] for reply in turn["replies"])
        heard.setdefault(turn["sender"], []).append(said)
    return heard


def test_an_expert_registers_is_accepted_and_found(
    told: Mapping[str, list[str]], place: Place
) -> None:
    number = NUMBER.findall(told["expert"][-1])[0]
    assert number.startswith("ZJ-")
    (shown,) = place.json("submissions", "show", number, "--json")
    assert shown["shown"]["职称"] == "副教授"
    assert shown["shown"]["联系方式"] == "电话 13800001234"

    (done,) = place.json("submissions", "accept", number, "--note", "欢迎", "--json")

    assert done["status"] == "accepted"
    text = "液氢阀门低温泄漏，想请专家咨询"
    (found,) = place.json("match", "--text", text, "--json")
    assert "苏砚秋" in [one["title"] for one in found["matches"]]
    assert "13800001234" not in json.dumps(found)
    refused = place.run("submissions", "refuse", number)
    assert refused.returncode == 2
    assert "已通过" in refused.stderr


def test_a_team_is_told_in_a_sentence_and_goes_on_after_a_question(
    told: Mapping[str, list[str]],
) -> None:
    opened, named, policy, *_, card, stored = told["team"]
    for fact in ("王建国", "李明、张华", "江苏省苏州市"):
        assert fact in opened
    assert policy.endswith(named)
    assert "新材料博士服务团" in card
    assert NUMBER.findall(stored)[0].startswith("FWT-")


def test_a_self_assessment_tells_its_result_at_once(told: Mapping[str, list[str]]) -> None:
    assert "分" in told["tested"][-1]
    assert NUMBER.findall(told["tested"][-1])[0].startswith("ZP-")


def test_a_form_put_aside_is_offered_again_and_goes_on(told: Mapping[str, list[str]]) -> None:
    _, other, back, on, asked = told["between"]
    assert "称呼" in other
    assert "翘曲变形" in back
    assert "省市" in on
    assert "预算" in asked
