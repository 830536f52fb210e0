"""Subscribing in plain words, listing, changing, stopping; a person instead, feedback."""

import pytest

from core.domain.broadcasts import Role
from core.domain.conversations import Address
from core.domain.handoffs import HandoffState
from core.domain.subscriptions import Pace, Subscription
from tests.unit.actions.stage import Stage

LI = Address(channel="web", user="li")


def mine(stage: Stage) -> list[Subscription]:
    with stage.units() as unit:
        return unit.subscriptions.of(LI)


def keys(stage: Stage) -> list[str]:
    """What is subscribed to: libraries, kinds, industries, region, keyword, organiser."""
    return [one.interest.key for one in mine(stage)]


NEWS = "calls,events"
CONTESTS = "大赛,比赛,竞赛"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订阅路演", ["events|路演||||"]),
        ("订阅新材料", [f"{NEWS}||新材料|||"]),
        ("订阅新材料路演", ["events|路演|新材料|||"]),
        ("以后有培训通知我", ["events|培训||||"]),
        ("订阅全部活动", ["events|||||"]),
        ("订阅", [f"{NEWS}|||||"]),
        ("关注一下氢能重卡", [f"{NEWS}||||氢能|"]),
        ("我想订阅江苏的活动", ["events|||江苏||"]),
        ("订阅乡村振兴", [f"{NEWS}||||乡村振兴|"]),
        ("订阅航空发动机的专家", ["experts||||航空发动机|"]),
        ("有发动机方面的活动给我发一下", ["events||||发动机|"]),
        ("订阅江苏的低空经济路演", ["events|路演||江苏|低空经济|"]),
        ("订阅 新材料 江苏 每天汇总", [f"{NEWS}||新材料|江苏||"]),
        ("订阅 石墨烯 昆山", [f"{NEWS}|||昆山|石墨烯|"]),
        ("新材料的项目每天早上九点发我一次就行", ["projects||新材料|||"]),
        ("每周一上午把生物医药的专家和成果发我", ["experts,projects||||生物医药|"]),
        ("订阅人工智能大赛每周五下午三点", [f"events|{CONTESTS}|||人工智能|"]),
        ("订阅省科协主办的活动", ["events|||||省科协"]),
        ("订阅常州市科协的培训", ["events|培训||||常州市科协"]),
        ("订阅项目路演", ["events|路演||||"]),
        ("订阅揭榜项目", ["calls|||||"]),
        ("訂閱活動", ["events|||||"]),
        ("帮我订阅环保和新能源的活动", ["events||||环保|", "events||新能源|||"]),
        ("订阅江苏和浙江的路演", ["events|路演||江苏||", "events|路演||浙江||"]),
        (
            "订阅新材料和储能的路演，还有江苏的培训",
            ["events|路演|新材料|||", "events|路演|||储能|", "events|培训||江苏||"],
        ),
        ("订阅新材料，江苏的，每天汇总", [f"{NEWS}||新材料|江苏||"]),
        ("订阅新材料，培训也要", [f"{NEWS}||新材料|||", "events|培训||||"]),
    ],
)
def test_what_is_subscribed_to_is_read_from_the_sentence(
    stage: Stage, text: str, expected: list[str]
) -> None:
    stage.tell("action_subscribe", text)

    assert keys(stage) == expected


def test_a_subscription_for_everything_names_every_library(stage: Stage) -> None:
    said = stage.tell("action_subscribe", "订阅所有资源")[-1]

    assert len(mine(stage)[0].interest.libraries) == 11
    assert "全部各类信息" in said.text


def test_a_province_holds_its_cities(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅江苏的路演")

    assert {"苏州", "南京", "无锡"} <= set(mine(stage)[0].interest.places)


@pytest.mark.parametrize("area", ["长三角", "京津冀地区", "川渝一带", "大湾区"])
def test_an_area_of_several_provinces_is_all_of_them(stage: Stage, area: str) -> None:
    stage.tell("action_subscribe", f"订阅{area}的路演")
    (one,) = mine(stage)
    inside = {"长三角": "苏州", "京津冀": "保定", "川渝": "绵阳", "大湾区": "佛山"}
    assert inside[one.interest.region] in one.interest.places
    assert one.interest.keyword == ""


@pytest.mark.parametrize(
    ("text", "said_back"),
    [
        ("订阅路演", "订阅好了：路演，有新的就通知您。"),
        ("订阅江苏的路演 每周一汇总", "江苏的路演，每周一09:00汇总一次发给您"),
        ("新材料的项目每天早上九点发我一次就行", "新材料项目，每天09:00汇总一次发给您"),
        ("每周五下午三点半把专家发给我", "全部专家，每周五15:30汇总一次发给您"),
        ("订阅省科协主办的活动，每天汇总", "省科协办的活动，每天09:00"),
        ("订阅储能", "储能活动和申报，有新的就通知您"),
        ("订阅储能的成果，随时发我", "储能项目，有新的就通知您"),
        ("订阅江苏的培训每周日晚上八点发", "江苏的培训，每周日20:00"),
    ],
)
def test_interest_and_rhythm_are_said_back_in_plain_words(
    stage: Stage, text: str, said_back: str
) -> None:
    assert said_back in stage.tell("action_subscribe", text)[-1].text


def test_a_rhythm_that_is_not_kept_is_asked_for_again(stage: Stage) -> None:
    said = stage.tell("action_subscribe", "订阅路演，每月汇总一次")[-1]

    assert said.response == "utter_subscription_rhythms"
    assert mine(stage) == []


def test_a_second_subscription_to_a_topic_is_said_to_exist(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅路演，每天汇总")

    said = stage.tell("action_subscribe", "订阅路演")[-1]
    assert said.response == "utter_subscribed_already"
    assert "每天09:00" in said.text
    said = stage.tell("action_subscribe", "订阅路演，每周三发")[-1]
    assert said.response == "utter_subscribed"
    assert len(mine(stage)) == 1


def test_a_rhythm_alone_changes_what_is_there(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅路演")
    stage.tell("action_subscribe", "订阅新材料")

    said = stage.tell("action_subscribe", "第二个改成每天汇总")[-1]
    assert said.response == "utter_subscription_changed"
    assert [str(one.rhythm.pace) for one in mine(stage)] == ["at_once", "daily"]
    stage.tell("action_list_subscriptions", "我的订阅")
    stage.tell("action_subscribe", "都改成每周一发")
    assert [str(one.rhythm.pace) for one in mine(stage)] == ["weekly", "weekly"]
    said = stage.tell("action_subscribe", "第九个改成每天汇总")[-1]
    assert said.response == "utter_subscription_no_such"


def test_subscriptions_are_listed_with_rhythm_and_quiet_hours(stage: Stage) -> None:
    assert stage.tell("action_list_subscriptions", "我的订阅")[0].response == (
        "utter_subscriptions_none"
    )
    stage.tell("action_subscribe", "订阅路演")
    stage.tell("action_subscribe", "订阅江苏的新材料，每天八点")
    stage.tell("action_set_quiet_hours", "免打扰 22:00-8:00")

    listed, quiet = stage.tell("action_list_subscriptions", "我的订阅")
    assert "1. 路演，有新的就通知您\n2. 江苏的新材料活动和申报，每天08:00汇总" in listed.text
    assert listed.payloads == ["退订第1个", "退订第2个"]
    assert "每天22:00至次日08:00" in quiet.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("退订第二个", [0, 2, 3]),
        ("退订第1个和第3个", [1, 3]),
        ("退订新材料", [0, 3]),
        ("退订江苏的新材料", [0, 1, 3]),
        ("退订路演", [1, 2, 3]),
        ("把储能的订阅退掉", [0, 1, 2]),
        ("路演和储能都不要再推送了", [1, 2]),
        ("退订", []),
        ("全部退订", []),
        ("TD", []),
        ("消息太烦了，不要发了", []),
        ("取消所有订阅", []),
        ("退訂", []),
        ("退订第九个", [0, 1, 2, 3]),
        ("退订脑机接口", [0, 1, 2, 3]),
    ],
)
def test_what_is_named_is_stopped_at_once_and_nothing_else(
    stage: Stage, text: str, left: list[int]
) -> None:
    for subscription in ("路演", "新材料", "江苏的新材料项目", "储能的专家"):
        stage.tell("action_subscribe", f"订阅{subscription}")
    before = mine(stage)

    said = stage.tell("action_unsubscribe", text)[-1]

    assert mine(stage) == [before[at] for at in left]
    gone = len(left) < len(before)
    assert ("已" in said.text) is gone
    assert stage.tell("action_unsubscribe", "退订")[-1].response in {
        "utter_unsubscribed_all",
        "utter_unsubscribed_none",
    }


def test_who_leaves_events_goes_on_with_calls(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅新材料")
    stage.tell("action_unsubscribe", "退订活动")

    assert keys(stage) == ["calls||新材料|||"]


@pytest.mark.parametrize("text", ["我的订阅", "我订阅了什么", "我有哪些订阅？"])
@pytest.mark.parametrize("action", ["action_subscribe", "action_unsubscribe"])
def test_a_question_for_subscriptions_lists_them(stage: Stage, action: str, text: str) -> None:
    stage.tell("action_subscribe", "订阅路演")

    assert stage.tell(action, text)[0].response == "utter_subscriptions_list"
    assert len(mine(stage)) == 1


@pytest.mark.parametrize("action", ["action_subscribe", "action_unsubscribe"])
def test_a_question_how_to_changes_nothing(stage: Stage, action: str) -> None:
    stage.tell("action_subscribe", "订阅路演")

    assert stage.tell(action, "怎么订阅")[0].response == "utter_subscription_help"
    assert len(mine(stage)) == 1


@pytest.mark.parametrize("action", ["action_subscribe", "action_unsubscribe"])
def test_who_wants_quiet_at_night_loses_no_subscription(stage: Stage, action: str) -> None:
    stage.tell("action_subscribe", "订阅路演")

    assert stage.tell(action, "晚上别给我推送了")[0].response == "utter_quiet_set"
    assert len(mine(stage)) == 1


def test_a_clock_time_for_what_is_new_is_a_rhythm_and_no_quiet(stage: Stage) -> None:
    text = "新材料的项目每天早上九点发我一次就行"

    said = stage.tell("action_set_quiet_hours", text)[-1]
    assert said.response == "utter_subscribed"
    assert "每天09:00" in said.text


def test_a_hundred_subscriptions_of_one_person_are_listed_and_left(stage: Stage) -> None:
    for number in range(100):
        stage.tell("action_subscribe", f"订阅课题{number:03d}方向")

    listed = stage.tell("action_list_subscriptions", "我的订阅")[-1]
    assert "您有 100 项订阅" in listed.text
    assert len(listed.buttons) == 3
    stage.tell("action_unsubscribe", "退订第100个")
    assert len(mine(stage)) == 99
    stage.tell("action_unsubscribe", "退订")
    assert mine(stage) == []


def test_a_person_is_asked_for_with_the_question_before(stage: Stage) -> None:
    stage.tell("action_answer_policy", "火星上能申报吗？")

    said = stage.tell("action_handoff", "转人工")[-1]

    with stage.units() as unit:
        (handed,) = unit.handoffs.find(HandoffState)
        (asked,) = unit.handoffs.events(handed.id)
    assert "火星上能申报吗？" in asked.text
    assert str(handed.id) in said.text


@pytest.mark.parametrize(
    ("text", "role", "said"),
    [
        ("接收群发", None, "告诉我您是谁"),
        ("接收群发，我是企业", Role.ENTERPRISE, "您是企业"),
        ("接收群发，我是高校老师", Role.UNIVERSITY, "您是高校"),
        ("订阅群发，我们是省学会", Role.SOCIETY, "您是学会"),
        ("接收群发，我们是科技局的", Role.GOVERNMENT, "您是科技局"),
    ],
)
def test_who_takes_broadcasts_may_say_who_it_is(
    stage: Stage, text: str, role: Role | None, said: str
) -> None:
    stage.tell("action_unsubscribe", "退订群发")
    assert said in stage.tell("action_subscribe", text)[-1].text
    with stage.units() as unit:
        profile = unit.people.find(LI)
    assert (profile.role, profile.refuses) == (role, False)
    assert keys(stage) == []


def test_leaving_broadcasts_keeps_subscriptions_and_leaving_all_leaves_both(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅路演")
    stage.tell("action_unsubscribe", "退订群发")
    with stage.units() as unit:
        assert unit.people.find(LI).refuses
    assert len(keys(stage)) == 1
    stage.tell("action_subscribe", "接收群发")
    stage.tell("action_unsubscribe", "退订")
    with stage.units() as unit:
        assert unit.people.find(LI).refuses
    assert keys(stage) == []


def test_who_has_no_subscription_leaves_broadcasts_all_the_same(stage: Stage) -> None:
    stage.tell("action_unsubscribe", "退订")
    with stage.units() as unit:
        assert unit.people.find(LI).refuses


def test_everything_there_is_comes_once_a_day_unless_asked_otherwise(stage: Stage) -> None:
    stage.tell("action_subscribe", "订阅所有资源")
    (one,) = mine(stage)
    assert one.rhythm.pace is Pace.DAILY
    assert one.interest.is_everything
