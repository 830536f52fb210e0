"""Listing what is still to come; questions for people; waits between attempts."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.domain.deliveries import RETRY_STEPS, SHORTEST_WAIT, retry_wait
from core.domain.documents import Feedback
from core.domain.records import Library, concerns
from core.persistence import SqlUnits
from core.persistence.tables import feedback
from core.ports.unit_of_work import Units
from core.services.events import ListEvents
from core.services.questions import AnswerQuestion, GiveFeedback
from tests.factories import LI, make_answer, make_event
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase


def test_events_are_listed_soonest_first_without_those_that_are_over(
    sqlite_units: Units,
) -> None:
    hour = timedelta(hours=1)
    stored = [
        make_event("下午", starts_at=START + 5 * hour),
        make_event("上午", starts_at=START + hour),
        make_event("已开始", starts_at=START),
        make_event("取消了", withdrawn=True),
        make_event("申报", library=Library.CALLS),
    ]
    with sqlite_units() as unit:
        for event in stored:
            unit.records.put(event)
        unit.commit()
    coming = ListEvents(units=sqlite_units)
    assert [event.title for event in coming(now=START)] == ["上午", "下午"]
    assert [event.title for event in coming(now=START, limit=1)] == ["上午"]
    assert [event.title for event in coming(now=START, topic="下")] == ["下午"]
    assert [event.title for event in coming(now=START, library=Library.CALLS)] == ["申报"]


def test_a_call_is_listed_as_long_as_it_is_open(sqlite_units: Units) -> None:
    day = timedelta(days=1)
    calls = [
        make_event(title, library=Library.CALLS, starts_at=opens, closes_at=closes)
        for title, opens, closes in (
            ("刚开", START - day, START + 30 * day),
            ("快截止", START - 9 * day, START + day),
            ("已截止", START - 9 * day, START),
            ("长期", START - 9 * day, None),
        )
    ]
    with sqlite_units() as unit:
        for call in calls:
            unit.records.put(call)
        unit.commit()
    listed = ListEvents(units=sqlite_units)(now=START, library=Library.CALLS)
    assert [call.title for call in listed] == ["长期", "快截止", "刚开"]


def test_an_event_concerns_its_kind_title_industries_keywords_and_place() -> None:
    event = make_event(keywords=("石墨烯",), region="常州市")
    for topic in ("", "路演", "项目", "新材料", "石墨", "常州"):
        assert concerns(event, topic)
    assert not concerns(event, "生物")


def test_only_what_no_document_answers_is_queued_for_operators(sqlite_units: Units) -> None:
    knowledge = FakeKnowledgeBase({"能报吗？": make_answer("能报吗？")})
    answer = AnswerQuestion(units=sqlite_units, clock=FakeClock(), knowledge=knowledge)
    assert not answer("能报吗？", address=LI, now=START).abstained
    assert answer("月亮多远？", address=LI, now=START).abstained
    with sqlite_units() as unit:
        (waiting,) = unit.questions.open()
    assert (waiting.question, waiting.reason) == ("月亮多远？", "no evidence")


def test_a_turn_that_is_said_again_queues_once(sqlite_units: SqlUnits) -> None:
    clock, knowledge = FakeClock(), FakeKnowledgeBase()
    answer = AnswerQuestion(units=sqlite_units, clock=clock, knowledge=knowledge)
    give = GiveFeedback(units=sqlite_units, clock=clock)
    for _ in range(2):
        answer("月亮多远？", address=LI, now=START, key="web:m1")
        give(Feedback(text="谢谢"), address=LI, key="web:m1")
    with sqlite_units() as unit:
        assert [waiting.question for waiting in unit.questions.open()] == ["月亮多远？"]
    with sqlite_units.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(feedback)).scalar() == 1


@given(
    st.integers(min_value=1, max_value=len(RETRY_STEPS)),
    st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_a_retry_waits_between_a_moment_and_its_whole_step(attempts: int, fraction: float) -> None:
    wait = retry_wait(attempts, fraction)
    step = RETRY_STEPS[attempts - 1]
    assert wait is not None
    assert SHORTEST_WAIT <= wait <= step


def test_after_the_last_step_a_message_is_given_up() -> None:
    assert retry_wait(len(RETRY_STEPS) + 1, 0.5) is None
