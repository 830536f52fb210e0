"""One need from its submission to its end, told by its person and moved by operators."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.visitor import Place, Process

pytestmark = pytest.mark.acceptance

NUMBER = re.compile(r"KQ-\d{4}-\d{6}")

NEED = (
    "我们在江苏常州做注塑，灯罩出模后老是翘曲变形，想找专家咨询，预算二十来万，明年6月底前，"
    "联系人赵工 13900001234"
)


class Teller:
    """Says lines in two people's names through `keqiao chat --script`."""

    def __init__(self, place: Place, folder: Path) -> None:
        self._place = place
        self._script = folder / "script.jsonl"

    def __call__(self, *lines: tuple[str, str]) -> list[str]:
        """What was answered to each, whole."""
        said = [json.dumps({"sender": who, "text": text}) for who, text in lines]
        self._script.write_text("\n".join(said), encoding="utf-8")
        turns: Sequence[Mapping[str, Any]] = self._place.json(
            "chat", "--script", str(self._script), "--json"
        )
        return ["\n".join(reply["text"] for reply in turn["replies"]) for turn in turns]


@pytest.fixture
def tell(site: Process, place: Place, tmp_path: Path) -> Teller:
    """Talks to the running site."""
    assert site.popen.poll() is None
    return Teller(place, tmp_path)


def test_a_need_lives_from_its_submission_to_its_withdrawal(place: Place, tell: Teller) -> None:
    who, other = "zhao", "somebody-else"
    _, submitted = tell((who, NEED), (who, "确认提交"))
    number = NUMBER.findall(submitted)[0]

    status, theirs, none = tell(
        (who, "进展怎么样"), (other, f"{number}到哪一步了"), (other, "我的需求")
    )
    assert "已登记" in status
    assert "翘曲变形" in status
    assert "翘曲变形" not in theirs
    assert "翘曲变形" not in none

    place.json("needs", "publish", number, "--note", "材料齐全", "--by", "王主任", "--json")
    published, added, matches, declined, accepted = tell(
        (who, "我的需求"),
        (who, "上次那个需求预算改成80万"),
        (who, "有没有合适的"),
        (who, "第二个太远了"),
        (who, "对接第一个"),
    )
    assert "材料齐全" in published
    assert "80万元" in added
    assert "推荐理由" in matches
    assert "不再推荐" in declined
    assert "13900001234" in accepted
    (shown,) = place.json("needs", "show", number, "--json")
    assert shown["status"] == "in_talks"
    assert shown["budget"]["max"] == 800000
    assert [one["wanted"] for one in shown["answers"]].count(True) == 1
    assert [event["after"] for event in shown["events"]] == [
        "published",
        "published",
        "matched",
        "in_talks",
    ]
    queued = [one for one in place.json("questions", "--json") if number in one["question"]]
    assert [one["reason"] for one in queued] == ["match"]

    sure, gone, again = tell((who, "撤回那个需求"), (who, "是的"), (who, "撤回需求"))
    assert "确定撤回" in sure
    assert number in gone
    assert "结束" in again
    (ended,) = place.json("needs", "show", number, "--json")
    assert ended["status"] == "withdrawn"
