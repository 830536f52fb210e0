"""Which desk a person is led to, and when somebody is there."""

from datetime import date, datetime, time, timedelta

import pytest

from core.domain.conversations import Address
from core.domain.desks import Asker, Desk, DeskKind, Desks, Fit, Ground, Hours
from core.domain.needs import NeedDraft, Region
from core.domain.reminders import SHANGHAI
from core.ports.unit_of_work import Units
from core.services.handoffs.reading import (
    Verb,
    Wish,
    command_of,
    desk_named,
    only_kind,
    own_kind,
    wish_of,
)
from core.services.handoffs.routing import ChooseDesk
from keqiao.desks.file import region_of
from scheduler.words import handoff_words
from tests.factories import LI, make_draft
from tests.fakes.clock import START

JIANGSU = Region(province="江苏省")
CHANGZHOU = Region(province="江苏省", city="常州市")
WUJIN = Region(province="江苏省", city="常州市", county="武进区")
SUZHOU = Region(province="江苏省", city="苏州市")
SICHUAN = Region(province="四川省")

DESKS = Desks(
    all=(
        Desk(name="江苏企业", kind=DeskKind.ENTERPRISE, region=JIANGSU),
        Desk(name="常州企业", kind=DeskKind.ENTERPRISE, region=CHANGZHOU),
        Desk(name="常州综合", region=CHANGZHOU),
        Desk(name="江苏高校", kind=DeskKind.UNIVERSITY, region=JIANGSU),
        Desk(name="学会", kind=DeskKind.SOCIETY),
    )
)


def asker(kind: DeskKind, region: Region | None) -> Asker:
    return Asker(kind=kind, kind_from=Ground.SAID, region=region, region_from=Ground.SAID)


@pytest.mark.parametrize(
    ("kind", "region", "name", "fit"),
    [
        (DeskKind.ENTERPRISE, WUJIN, "常州企业", Fit.BOTH),
        (DeskKind.ENTERPRISE, SUZHOU, "江苏企业", Fit.BOTH),
        (DeskKind.ENTERPRISE, None, "江苏企业", Fit.KIND),
        (DeskKind.UNIVERSITY, CHANGZHOU, "常州综合", Fit.BOTH),
        (DeskKind.UNIVERSITY, SUZHOU, "江苏高校", Fit.BOTH),
        (DeskKind.SOCIETY, SICHUAN, "学会", Fit.BOTH),
        (DeskKind.AGENCY, SUZHOU, "江苏企业", Fit.REGION),
        (DeskKind.AGENCY, CHANGZHOU, "常州综合", Fit.BOTH),
        (DeskKind.ENTERPRISE, SICHUAN, "学会", Fit.REGION),
    ],
)
def test_the_most_specific_place_wins_and_then_the_kind(
    kind: DeskKind, region: Region | None, name: str, fit: Fit
) -> None:
    desk, found = DESKS.choose(asker(kind, region))
    assert (desk.name, found) == (name, fit)


def test_where_no_desk_serves_the_first_one_does() -> None:
    desks = Desks(all=DESKS.all[:2])
    desk, fit = desks.choose(asker(DeskKind.ENTERPRISE, SICHUAN))
    assert (desk.name, fit) == ("江苏企业", Fit.FIRST)


def test_a_desk_that_is_gone_is_stood_in_for_by_one_for_everywhere() -> None:
    assert DESKS.named("撤销了的").name == "学会"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我们公司想找高校合作，转人工", DeskKind.ENTERPRISE),
        ("我们是常州的一家企业", DeskKind.ENTERPRISE),
        ("我司要申报", DeskKind.ENTERPRISE),
        ("我在大学里教书", DeskKind.UNIVERSITY),
        ("我们学会想办会", DeskKind.SOCIETY),
        ("我是技术经理人", DeskKind.AGENCY),
        ("我想找高校合作", None),
        ("转人工", None),
    ],
)
def test_who_speaks_is_told_from_whom_they_look_for(text: str, kind: DeskKind | None) -> None:
    assert own_kind(text) == kind


def test_a_kind_may_be_asked_for_or_be_the_only_one_spoken_of() -> None:
    assert desk_named("帮我找学会的联络员") is DeskKind.SOCIETY
    assert desk_named("找联络员") is None
    assert only_kind("学会能力提升怎么报") is DeskKind.SOCIETY
    assert only_kind("高校和企业怎么联合") is None
    assert only_kind("四川省科学技术协会在哪") is None


def test_what_is_said_now_counts_before_the_need_and_that_before_what_was_said(
    sqlite_units: Units,
) -> None:
    choose = ChooseDesk(desks=DESKS, words=handoff_words(), read_region=region_of)

    def chosen(text: str, *before: str, address: Address = LI) -> tuple[str, str]:
        with sqlite_units() as unit:
            desk, why = choose(unit, address, text, before)
        return desk.name, why

    assert chosen("转人工", "我们在苏州", "我们是高校")[0] == "江苏高校"
    with sqlite_units() as unit:
        unit.needs.put("k", LI, make_draft(), START)
        unit.commit()
    name, why = chosen("转人工", "我们在苏州")
    assert name == "常州企业"
    assert "江苏省常州市（登记过的需求）" in why
    name, why = chosen("我们在苏州，转人工")
    assert name == "江苏企业"
    assert "江苏省苏州市（话里提到）" in why
    assert chosen("转人工") == chosen("转人工"), "the same words, the same desk"


def test_a_need_without_a_region_still_speaks_for_an_enterprise(sqlite_units: Units) -> None:
    choose = ChooseDesk(desks=DESKS, words=handoff_words(), read_region=region_of)
    with sqlite_units() as unit:
        unit.needs.put("k", LI, NeedDraft(problem="翘曲"), START)
        _, why = choose(unit, LI, "转人工", ())
    assert "企业（登记过的需求）" in why


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(START.tzinfo)


OFFICE = Hours(
    days=frozenset({1, 2, 3, 4, 5}),
    spans=((time(9), time(12)), (time(14), time(17, 30))),
    closed=frozenset({date(2026, 3, 3)}),
)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-03-02T09:30", "2026-03-02T09:30"),
        ("2026-03-02T08:00", "2026-03-02T09:00"),
        ("2026-03-02T12:00", "2026-03-02T14:00"),
        ("2026-03-02T17:30", "2026-03-04T09:00"),
        ("2026-03-07T10:00", "2026-03-09T09:00"),
        ("2026-03-02T00:10", "2026-03-02T09:00"),
    ],
)
def test_somebody_is_there_in_office_hours_of_shanghai(asked: str, opens: str) -> None:
    assert OFFICE.opens_after(at(asked)) == at(opens)


@pytest.mark.parametrize(
    ("asked", "minutes", "due"),
    [
        ("2026-03-02T09:30", 10, "2026-03-02T09:40"),
        ("2026-03-02T11:55", 10, "2026-03-02T14:05"),
        ("2026-03-02T17:25", 10, "2026-03-04T09:05"),
        ("2026-03-06T17:00", 60, "2026-03-09T09:30"),
        ("2026-03-02T11:50", 10, "2026-03-02T12:00"),
    ],
)
def test_a_wait_counts_office_hours_only(asked: str, minutes: int, due: str) -> None:
    assert OFFICE.after(at(asked), timedelta(minutes=minutes)) == at(due)


def test_an_office_that_never_opens_again_does_not_wait_for_ever() -> None:
    never = Hours(days=frozenset(), spans=OFFICE.spans)
    assert never.after(START, timedelta(minutes=5)) == START + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "verb", "number", "rest"),
    [
        ("接 12", Verb.TAKE, 12, ""),
        ("接手12号", Verb.TAKE, 12, ""),
        ("@科桥 接 12", Verb.TAKE, 12, ""),
        ("回复 12 您好", Verb.REPLY, 12, "您好"),
        ("回复12：3月前交\n两份", Verb.REPLY, 12, "3月前交\n两份"),
        ("回复 #12 好", Verb.REPLY, 12, "好"),
        ("交还12", Verb.RETURN, 12, ""),
        ("列表", Verb.LIST, 0, ""),
        ("回复 12", Verb.UNCLEAR, 12, ""),
        ("接", Verb.UNCLEAR, 0, ""),
    ],
)
def test_commands_are_read(text: str, verb: Verb, number: int, rest: str) -> None:
    command = command_of(text)
    assert command is not None
    assert (command.verb, command.number, command.text) == (verb, number, rest)


@pytest.mark.parametrize(
    "text",
    ["接下来怎么办", "回复一下客户", "列表在哪里", "接 12 个人", "请接 12", "", "12", "交还给谁"],
)
def test_words_that_are_no_command_are_none(text: str) -> None:
    assert command_of(text) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("结束人工", Wish.END),
        ("结束人工吧", Wish.END),
        ("不用人工了", Wish.END),
        ("回助手", Wish.END),
        ("不用了，谢谢！", Wish.NEVER_MIND),
        ("不用提交材料吗", None),
        ("人工呢？", Wish.AGAIN),
        ("人工智能企业", None),
    ],
)
def test_wishes_are_whole_messages(text: str, wish: Wish | None) -> None:
    assert wish_of(text) == wish
