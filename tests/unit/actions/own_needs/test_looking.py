"""My needs: listed, told one by one, never anybody else's; and what matches them."""

import pytest

from core.domain.needs import Need, NeedStatus
from core.services.own_needs.moving import MoveNeed
from scheduler.words import report_move
from tests.factories import LI, WANG
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.actions.own_needs.conftest import WU, ZHANG, Submit, stored
from tests.unit.actions.stage import Stage


def move(stage: Stage, need: Need, to: NeedStatus, note: str = "") -> None:
    mover = MoveNeed(
        units=stage.units, clock=stage.clock, wakeups=RecordingWakeups(), report=report_move
    )
    mover(need.id, to, by="王主任", note=note)


def test_who_has_no_need_is_told_so_and_may_submit_one(stage: Stage) -> None:
    (said,) = stage.tell("action_list_needs", "我的需求")
    assert said.response == "utter_own_needs_none"
    assert said.payloads == ["我要登记技术需求"]


def test_the_only_need_is_told_in_full(stage: Stage, submit: Submit) -> None:
    need = submit(budget=None)
    move(stage, need, NeedStatus.PUBLISHED, "材料齐全")

    (said,) = stage.tell("action_list_needs", "进展怎么样")

    assert said.text.startswith(need.number)
    for part in (
        "现在的状态：已公开",
        "技术难题：注塑产品翘曲变形",
        "登记时间：2026年11月21日（星期六）10:00",
        "（材料齐全）",
        "还可以补充：预算",
    ):
        assert part in said.text
    assert "published" not in said.text
    assert said.payloads == [
        f"{need.number} 有没有合适的",
        f"补充 {need.number}",
        f"撤回 {need.number}",
    ]


def test_several_are_listed_newest_first_and_one_is_picked(stage: Stage, submit: Submit) -> None:
    first, second = submit(), submit("废水总氮不达标")

    (listed,) = stage.tell("action_list_needs", "我的需求")
    assert listed.text.index(second.number) < listed.text.index(first.number)
    assert "2 条" in listed.text
    assert listed.payloads[0] == f"{second.number} 到哪一步了"

    (one,) = stage.tell("action_offer_need", "第二个")
    assert one.text.startswith(first.number)
    (other,) = stage.tell("action_list_needs", "废水那个怎么样了")
    assert other.text.startswith(second.number)


@pytest.mark.parametrize("pattern", ["{}到哪一步了", "{}", "查一下 {} 的进展"])
def test_a_need_is_asked_for_by_number(stage: Stage, submit: Submit, pattern: str) -> None:
    need = submit()
    submit("废水总氮不达标")
    for number in (need.number, need.number.lower().replace("-", ""), f"{need.id:06d}"):
        (said,) = stage.tell("action_list_needs", pattern.format(number))
        assert said.text.startswith(need.number), number


def test_anothers_need_is_not_told_apart_from_none(stage: Stage, submit: Submit) -> None:
    theirs = submit("别人的秘密配方", WANG)
    mine = submit()
    texts = []
    for number in (theirs.number, "KQ-2026-000404", "KQ-2025-000001"):
        (said,) = stage.tell("action_list_needs", f"{number}到哪一步了")
        assert said.response == "utter_own_needs_no_such"
        texts.append(said.text)
    assert len(set(texts)) == 1
    assert mine.number in texts[0]
    for action in (
        "action_withdraw_need",
        "action_supplement_need",
        "action_ask_matches",
    ):
        (said,) = stage.tell(action, f"{theirs.number}，要求耐温600度")
        assert said.response == "utter_own_needs_no_such", action
        assert "秘密" not in said.text
    assert stored(stage, theirs) == theirs


def test_matches_of_the_newest_open_need_are_shown_and_remembered(
    stage: Stage, submit: Submit
) -> None:
    need = submit()
    move(stage, need, NeedStatus.PUBLISHED)

    (said,) = stage.tell("action_ask_matches", "有没有合适的")

    assert need.number in said.text
    assert "推荐理由" in said.text
    assert said.payloads == ["对接第1个", "对接第2个", "不感兴趣"]
    assert set(stored(stage, need).offered) == {ZHANG.id, WU.id}
    assert stored(stage, need).status is NeedStatus.MATCHED


def test_matches_of_a_named_need_are_shown(stage: Stage, submit: Submit) -> None:
    old = submit()
    submit("废水总氮不达标")
    (said,) = stage.tell("action_ask_matches", "注塑那个推荐怎么样")
    assert old.number in said.text


def test_nothing_that_matches_is_said(stage: Stage, submit: Submit) -> None:
    submit("xyz", industry=None)
    (said,) = stage.tell("action_ask_matches", "推荐怎么样")
    assert said.response == "utter_own_need_no_matches"
    assert said.text.splitlines()[1:] == ["还可以补充：行业"]


def test_an_ended_need_is_shown_and_no_longer_matched(stage: Stage, submit: Submit) -> None:
    need = submit()
    move(stage, need, NeedStatus.CLOSED)
    assert stage.tell("action_ask_matches", "有没有合适的")[0].response == (
        "utter_own_needs_all_ended"
    )
    assert stage.tell("action_ask_matches", f"{need.number}有没有合适的")[0].response == (
        "utter_own_need_ended"
    )
    (told,) = stage.tell("action_list_needs", "我的需求")
    assert "已结束" in told.text
    assert told.buttons == []
    with stage.units() as unit:
        assert unit.needs.of(LI) == [stored(stage, need)]
