"""What is logged of a conversation: one trace from the message to the receipt, and no secret."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest

from core.domain.conversations import Address
from core.domain.errors import RefusedSendError, RetrySendError, SendError
from core.domain.tracing import current_trace, tracing
from core.persistence import SqlUnits
from keqiao.logs import JsonFormatter, MaskingFormatter
from scheduler.dispatcher import Dispatcher
from tests.factories import make_message, make_outbound, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sender import FakeSender
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.channels.running import Site

PHONE, MAIL, KEY = "13800138000", "li.si@example.org", "whsec_c2VjcmV0"
PERSON = Address(channel="web", user=PHONE)
SAID = f"我的电话是{PHONE}，邮箱{MAIL}，预算五十万"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that every logger of this process writes, as machines read it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("core", "scheduler", "channels", "actions")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield stream
    for one, before in zip(loggers, levels, strict=True):
        one.setLevel(before)
    root.setLevel(level)
    root.removeHandler(handler)


def test_a_whole_conversation_has_one_trace_and_tells_no_secret(
    sqlite_units: SqlUnits, logged: StringIO
) -> None:
    clock = FakeClock()
    site = Site(units=sqlite_units, clock=clock, dialogue=FakeDialogue())
    failures: list[SendError] = [RetrySendError(f"refused https://p/?key={KEY} for {MAIL}")]
    sender = FakeSender(failures=failures)
    dispatcher = Dispatcher(sqlite_units, clock, [sender], wakeups=RecordingWakeups())
    entry = site.accept(make_message(SAID, address=PERSON))
    site.handler()()
    for _ in range(2):
        assert dispatcher.dispatch_one()
        clock.advance(timedelta(minutes=1))
    assert sender.sent
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    ours = [line for line in lines if line["logger"].startswith(("core", "scheduler"))]
    assert {line["trace"] for line in ours} == {entry.trace}
    told = " / ".join(line["message"] for line in ours)
    for step in ("received on web", "handled", "queued", "sent fake-1"):
        assert step in told
    for secret in (PHONE, MAIL, KEY, "五十万"):
        assert secret not in logged.getvalue()


def test_what_nobody_asked_for_has_a_trace_of_its_own(
    sqlite_units: SqlUnits, logged: StringIO
) -> None:
    with sqlite_units() as unit:
        clock = FakeClock()
        message = make_outbound(address=PERSON, reply=make_reply(SAID))
        delivery = unit.outbox.put(message, clock.now())
        unit.commit()
    sender = FakeSender(failures=[RefusedSendError(f"no such person {PHONE}")])
    assert Dispatcher(sqlite_units, clock, [sender], wakeups=RecordingWakeups()).dispatch_one()
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["trace"] for line in lines if "dead" in line["message"]] == [f"d{delivery.id}"]
    assert PHONE not in logged.getvalue()
    assert "五十万" not in logged.getvalue()


def test_lines_for_people_begin_with_the_trace() -> None:
    record = logging.makeLogRecord({"msg": "来电 13800138000"})
    form = MaskingFormatter("%(message)s")
    with tracing("m7"):
        assert form.format(record) == "[m7] 来电 138****8000"
    assert form.format(record) == "来电 138****8000"
    assert current_trace() == ""


def test_a_traceback_stands_in_the_object_and_is_masked() -> None:
    def fail() -> None:
        raise ValueError(PHONE)

    with pytest.raises(ValueError, match=PHONE) as caught:
        fail()
    told = (caught.type, caught.value, caught.tb)
    record = logging.makeLogRecord({"msg": "failed", "exc_info": told})
    line = json.loads(JsonFormatter().format(record))
    assert "ValueError" in line["message"]
    assert PHONE not in line["message"]
