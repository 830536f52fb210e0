"""Binding in plain words: a code asked for and said, unbinding, where pushes go."""

import re

import pytest

from core.domain.conversations import Address
from core.domain.people import CODES_AN_HOUR, TRIES_AN_HOUR, Person
from core.domain.subscriptions import Interest
from core.services.subscriptions import Subscribe
from tests.unit.actions.stage import Said, Stage

WEB = Address(channel="web", user="li")
WORK = Address(channel="wecom", user="li")
LARK = Address(channel="feishu", user="ou_li")
CODE = re.compile(r"绑定 ([2-9A-Z]{4}-[2-9A-Z]{4})")


def at(stage: Stage, address: Address) -> Stage:
    """The person speaks from there, as the gateway would tell it."""
    stage.address = address
    with stage.units() as unit:
        person = unit.bonds.of(address)
    stage.metadata = {"person": str(person.home)} if person else {}
    return stage


def person_of(stage: Stage, address: Address) -> Person | None:
    with stage.units() as unit:
        return unit.bonds.of(address)


def code(stage: Stage, address: Address = WEB) -> str:
    said = at(stage, address).tell("action_bind_account", "绑定账号")[-1]
    found = CODE.search(said.text)
    assert found is not None
    return found[1]


def bind(stage: Stage, first: Address = WEB, other: Address = WORK) -> Said:
    given = code(stage, first)
    return at(stage, other).tell("action_bind_account", f"绑定 {given}")[-1]


def unbind(stage: Stage, address: Address, text: str) -> Said:
    return at(stage, address).tell("action_unbind_account", text)[-1]


def choose(stage: Stage, address: Address, text: str) -> Said:
    return at(stage, address).tell("action_choose_channel", text)[-1]


@pytest.mark.parametrize("said", ["绑定 {}", "{}", "绑定码是{}。", "我的绑定码：{}", "绑定{}"])
def test_a_code_is_read_from_what_is_said(stage: Stage, said: str) -> None:
    given = code(stage)
    told = at(stage, WORK).tell("action_bind_account", said.format(given))[-1]
    assert told.response == "utter_bound"
    assert "这里和网页" in told.text
    assert told.payloads == ["解除网页的绑定"]


@pytest.mark.parametrize("line", ["", " — ", " ", "_"])
def test_a_code_is_read_however_it_is_typed(stage: Stage, line: str) -> None:
    given = code(stage).lower().replace("-", line)
    assert (
        at(stage, WORK).tell("action_bind_account", f"绑定 {given}")[-1].response == "utter_bound"
    )


def test_what_was_said_at_one_address_is_known_at_the_other(stage: Stage) -> None:
    Subscribe(units=stage.units, clock=stage.clock)(WEB, [Interest(keyword="储能")])
    bind(stage)
    said = at(stage, WORK).tell("action_list_subscriptions", "我的订阅")[-1]
    assert "储能" in said.text
    at(stage, WORK).tell("action_subscribe", "订阅路演")
    said = at(stage, WEB).tell("action_list_subscriptions", "我的订阅")[-1]
    assert "路演" in said.text
    at(stage, WORK).tell("action_unsubscribe", "全部退订")
    said = at(stage, WEB).tell("action_list_subscriptions", "我的订阅")[-1]
    assert said.response == "utter_subscriptions_none"


@pytest.mark.parametrize("text", ["绑定账号", "绑定 7K3M-9QTP"])
def test_in_a_group_no_code_is_given_or_taken(stage: Stage, text: str) -> None:
    given = code(stage)
    at(stage, LARK).metadata = {"in_group": True}
    for said in (text, f"绑定 {given}"):
        assert stage.tell("action_bind_account", said)[-1].response == "utter_bind_not_in_group"
    assert person_of(stage, LARK) is None
    assert at(stage, WORK).tell("action_bind_account", given)[-1].response == "utter_bound"


def test_an_open_form_is_not_lost(stage: Stage) -> None:
    given = code(stage)
    at(stage, WORK).tell_form("我要登记需求，注塑件翘曲", intent="submit_need")
    assert stage.tell("action_bind_account", given)[-1].response == "utter_bind_form_open"
    assert person_of(stage, WORK) is None


def test_wrong_codes_and_too_many_codes_are_told_plainly(stage: Stage) -> None:
    given = code(stage)
    at(stage, WORK)
    for _ in range(TRIES_AN_HOUR):
        said = stage.tell("action_bind_account", "绑定 ZZZZ-ZZZ9")[-1]
        assert said.response == "utter_bind_wrong"
    assert stage.tell("action_bind_account", given)[-1].response == "utter_bind_blocked"
    for _ in range(CODES_AN_HOUR - 1):
        code(stage)
    said = at(stage, WEB).tell("action_bind_account", "绑定账号")[-1]
    assert said.response == "utter_bind_too_many_codes"


@pytest.mark.parametrize("text", ["绑定码 482913", "绑定 7K3M-9Q", "绑定码是0O1I-1234"])
def test_what_is_no_code_is_said_to_be_none_and_not_counted(stage: Stage, text: str) -> None:
    said = stage.tell("action_bind_account", text)[-1]
    assert said.response == "utter_bind_code_unread"
    with stage.units() as unit:
        assert unit.bind_codes.wrong(WEB, stage.clock.now().replace(year=2020)) == 0


def test_which_are_bound_is_listed(stage: Stage) -> None:
    said = stage.tell("action_bind_account", "我绑定了哪些账号")[-1]
    assert said.response == "utter_bind_none"
    bind(stage)
    said = at(stage, WEB).tell("action_bind_account", "我绑定了哪些账号")[-1]
    assert "网页、企业微信" in said.text
    assert "发到网页" in said.text


@pytest.mark.parametrize(
    ("where", "text", "left"),
    [
        (WORK, "解除绑定", set()),
        (WEB, "不是我，解除企业微信的绑定", set()),
        (WEB, "撤销刚才的绑定", set()),
        (WORK, "全部解绑", set()),
        (WEB, "解除飞书的绑定", {WEB, WORK}),
    ],
)
def test_a_pair_is_unbound_from_either_side(
    stage: Stage, where: Address, text: str, left: set[Address]
) -> None:
    bind(stage)
    said = unbind(stage, where, text)
    person = person_of(stage, WEB)
    assert set(person.addresses if person else ()) == left
    assert (said.response == "utter_unbind_no_such") is bool(left)


def test_of_three_the_one_that_is_named_leaves_or_the_one_that_speaks(stage: Stage) -> None:
    bind(stage)
    bind(stage, WORK, LARK)
    assert unbind(stage, WEB, "解除企业微信的绑定").response == "utter_unbound"
    person = person_of(stage, WEB)
    assert person is not None
    assert person.addresses == (WEB, LARK)
    bind(stage, LARK, WORK)
    assert unbind(stage, LARK, "解除绑定").response == "utter_unbound_here"
    person = person_of(stage, WEB)
    assert person is not None
    assert person.addresses == (WEB, WORK)


def test_who_is_bound_to_nothing_has_nothing_to_unbind_or_choose(stage: Stage) -> None:
    assert unbind(stage, WEB, "解除绑定").response == "utter_unbind_none"
    assert choose(stage, WEB, "推送发到微信").response == "utter_channel_only_here"


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("推送发到企业微信", WORK),
        ("换成企业微信提醒我", WORK),
        ("推送发到这里", WORK),
        ("别发到企业微信，发到网页", WEB),
        ("推送发到网站", WEB),
        ("换个渠道推送", WEB),
        ("推送发到飞书", WEB),
    ],
)
def test_pushes_go_where_the_text_says(stage: Stage, text: str, home: Address) -> None:
    bind(stage)
    choose(stage, WORK, text)
    person = person_of(stage, WEB)
    assert person is not None
    assert person.home == home


def test_a_channel_that_is_not_bound_is_asked_about(stage: Stage) -> None:
    bind(stage)
    said = choose(stage, WEB, "换成飞书提醒我")
    assert said.response == "utter_channel_which"
    assert said.payloads == ["推送发到网页", "推送发到企业微信"]
