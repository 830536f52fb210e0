"""Dates reach followers who have not written lately, by what the account may send them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels.wechat.api.client import WeChatApi
from channels.wechat.notices import Happening, Notice, Way, consent_to, read_notices
from channels.wechat.sender import WeChatSender
from channels.wechat.settings import WeChatSettings
from core.domain.conversations import Address
from core.domain.deliveries import Delivery
from core.domain.errors import BadInputError, RefusedSendError, RetrySendError
from core.domain.parts import Appointment
from core.persistence import SqlUnits
from tests.factories import make_outbound, make_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.wechat import APP_ID, FAN, SECRET, TEMPLATES, TOKEN, FakeWeChat
from tests.unit.channels.running import Site, make_settings

PERSON = Address(channel="wechat", user=FAN)
STARTS, CLOSES = sorted(TEMPLATES)
FIELDS = {"thing1": "title", "time2": "when", "thing3": "place", "thing4": "note"}
NOTICES = {
    Happening.STARTS: Notice(template=STARTS, fields=FIELDS),
    Happening.CLOSES: Notice(template=CLOSES, fields=FIELDS, way=Way.TEMPLATE),
}
DATE = Appointment(
    uid="a@example.org",
    sequence=1,
    title="新材料项目路演暨长三角科技成果转化对接活动（常州专场）",
    starts_at=START + timedelta(days=3),
    place="科技会堂",
    url="https://example.org/events/1",
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> Iterator[FakeWeChat]:
    with FakeWeChat(clock=clock) as fake:
        yield fake


@pytest.fixture
def settings(platform: FakeWeChat) -> WeChatSettings:
    return WeChatSettings(
        app_id=APP_ID, token=TOKEN, secret=SECRET, api_base=platform.url, timeout=0.5
    )


@pytest.fixture
def sender(
    platform: FakeWeChat, settings: WeChatSettings, sqlite_units: SqlUnits
) -> Iterator[WeChatSender]:
    api = WeChatApi(settings, sqlite_units, platform.clock)
    with closing(WeChatSender(api, sqlite_units, platform.clock, notices=NOTICES)) as made:
        yield made


@pytest.fixture
def site(settings: WeChatSettings, sqlite_units: SqlUnits, clock: FakeClock) -> Iterator[Site]:
    made = Site(
        units=sqlite_units, clock=clock, settings=replace(make_settings(), wechat=settings)
    )
    with made.serving():
        yield made


def delivery_of(units: SqlUnits, *dates: Appointment) -> Delivery:
    reply = replace(make_reply("明天开始"), parts=dates)
    with units() as unit:
        delivery = unit.outbox.put(make_outbound(address=PERSON, reply=reply), START)
        unit.commit()
    return delivery


def consents(units: SqlUnits) -> int:
    with units() as unit:
        found = unit.allowances.of(PERSON, START)
    return sum(one.left for one in found if one.name == consent_to(STARTS))


def test_a_consent_is_one_notice(
    sender: WeChatSender,
    platform: FakeWeChat,
    site: Site,
    sqlite_units: SqlUnits,
    *,
    clock: FakeClock,
) -> None:
    delivery = delivery_of(sqlite_units, DATE)
    with pytest.raises(RetrySendError, match="consented"):
        sender.send(delivery)
    assert platform.sent == []
    platform.consent(site.base, STARTS)
    clock.advance(timedelta(seconds=1))
    platform.consent(site.base, STARTS)
    sender.send(delivery)
    (sent,) = platform.sent
    assert (sent["touser"], sent["template_id"], sent["page"]) == (FAN, STARTS, DATE.url)
    values = [one["value"] for one in sent["data"].values()]
    assert values[0] == "新材料项目路演暨长三角科技成果转化对接…"
    assert values[1:3] == ["2026年3月5日 09:30", "科技会堂"]
    assert consents(sqlite_units) == 1


@pytest.mark.parametrize("as_json", [False, True])
def test_who_takes_consent_back_gets_none(
    sender: WeChatSender,
    platform: FakeWeChat,
    site: Site,
    sqlite_units: SqlUnits,
    *,
    as_json: bool,
) -> None:
    platform.as_json = as_json
    platform.consent(site.base, STARTS)
    assert consents(sqlite_units) == 1
    platform.consent(site.base, STARTS, status="reject")
    assert consents(sqlite_units) == 0
    with pytest.raises(RetrySendError):
        sender.send(delivery_of(sqlite_units, DATE))
    assert platform.sent == []


def test_the_platform_is_believed_when_it_says_that_nothing_is_left(
    sender: WeChatSender, platform: FakeWeChat, site: Site, sqlite_units: SqlUnits
) -> None:
    platform.consent(site.base, STARTS)
    platform.consents.clear()
    with pytest.raises(RetrySendError, match="43101"):
        sender.send(delivery_of(sqlite_units, DATE))
    assert consents(sqlite_units) == 0


def test_what_was_not_sent_uses_up_nothing(
    sender: WeChatSender, platform: FakeWeChat, site: Site, sqlite_units: SqlUnits
) -> None:
    platform.consent(site.base, STARTS)
    platform.answers = [-1]
    with pytest.raises(RetrySendError):
        sender.send(delivery_of(sqlite_units, DATE))
    assert consents(sqlite_units) == 1


def test_a_template_needs_no_consent_but_a_follower(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    delivery = delivery_of(sqlite_units, replace(DATE, deadline=True))
    sender.send(delivery)
    (sent,) = platform.sent
    assert (sent["url"], sent["client_msg_id"]) == (DATE.url, str(delivery.id))
    platform.followers.clear()
    with pytest.raises(RefusedSendError, match="43004"):
        sender.send(delivery)


def test_what_has_no_notice_waits_for_the_person(
    sender: WeChatSender, platform: FakeWeChat, sqlite_units: SqlUnits
) -> None:
    for dates in ((), (replace(DATE, cancelled=True),)):
        with pytest.raises(RetrySendError) as caught:
            sender.send(delivery_of(sqlite_units, *dates))
        assert caught.value.retry_after == timedelta(days=1)
    assert platform.calls == []


def test_who_wrote_lately_gets_the_whole_message_and_keeps_the_consent(
    sender: WeChatSender, platform: FakeWeChat, site: Site, sqlite_units: SqlUnits
) -> None:
    platform.consent(site.base, STARTS)
    platform.write(sqlite_units, PERSON)
    sender.send(delivery_of(sqlite_units, DATE))
    assert "明天开始" in platform.texts()[0]
    assert consents(sqlite_units) == 1


def test_a_window_that_the_platform_closed_leaves_the_notice(
    sender: WeChatSender, platform: FakeWeChat, site: Site, sqlite_units: SqlUnits
) -> None:
    platform.consent(site.base, STARTS)
    platform.write(sqlite_units, PERSON)
    platform.quotas.clear()
    sender.send(delivery_of(sqlite_units, DATE))
    assert platform.sent[0]["template_id"] == STARTS


def test_notices_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "wechat-notices.yml"
    assert read_notices(file) == {}
    file.write_text(
        f"closes: {{template: {CLOSES}, way: template, fields: {{thing1: title, time2: when}}}}",
        encoding="utf-8",
    )
    (notice,) = read_notices(file).values()
    assert (notice.template, notice.way) == (CLOSES, Way.TEMPLATE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "cannot be read"),
        ("[]", "expected only starts"),
        ("begins: {}", "expected only starts"),
        ("starts: x", "expected only template"),
        ("starts: {template: ''}", "template must be"),
        ("starts: {template: a, way: letter, fields: {thing1: title}}", "way must be"),
        ("starts: {template: a, fields: {}}", "fields must name"),
        ("starts: {template: a, fields: {'..': title}}", "no field of a template"),
        ("starts: {template: a, fields: {thing1: phone}}", "must be one of title"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "wechat-notices.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=said):
        read_notices(file)
