"""Nobody gets more pushes than the caps allow, nothing twice, and nothing that has ended."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.conversations import Reply
from core.domain.deliveries import DeliveryState
from core.domain.records import Library, Record
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Caps, Interest, Rhythm
from core.persistence import SqlUnits, make_engine, migrate
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from core.services.subscriptions import Subscribe
from core.services.tidings import QueueTidings
from tests.factories import LI, make_event, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
CAPS = Caps(day=2, week=5)


@contextmanager
def database() -> Iterator[SqlUnits]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'keqiao.db'}"
        migrate(url)
        engine = make_engine(url)
        yield SqlUnits(engine)
        engine.dispose()


def listed(records: Sequence[Record], _others: int) -> Reply:
    return make_reply(" ".join(str(record.external_id) for record in records))


ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.booleans(),
        st.integers(1, 60),
        st.integers(0, 9),
    ),
    max_size=25,
)


class Street:
    """Somebody who wants all news at once, and what reached this person when."""

    def __init__(self, units: SqlUnits) -> None:
        self.units = units
        self.clock = FakeClock(NOON)
        self.got: list[tuple[datetime, list[str]]] = []
        self.ends: dict[str, datetime] = {}
        Subscribe(units=units, clock=self.clock)(LI, [Interest()], rhythm=Rhythm())
        wakeups = RecordingWakeups()
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=wakeups,
            report_change=lambda _record: make_reply(),
        )
        self.gather = GatherTidings(units=units, clock=self.clock)
        self.queue = QueueTidings(
            units=units, clock=self.clock, wakeups=wakeups, render=listed, caps=CAPS
        )

    def arrive(self, name: str, ends: datetime) -> None:
        """A call (c…) or an event arrives or is put off."""
        library = Library.CALLS if name.startswith("c") else Library.EVENTS
        self.ends[name] = ends
        self.store([make_event(library=library, external_id=name, starts_at=ends, closes_at=ends)])

    def tick(self) -> None:
        """Everything that is due is sent."""
        while self.gather() or self.queue():
            pass
        now = self.clock.now()
        with self.units() as unit:
            while one := unit.outbox.claim(now, HOUR, ["web"]):
                unit.outbox.record(one, DeliveryState.SENT, now)
                if one.message.pushed:
                    self.hear(one.message.reply.text.split())
            unit.commit()

    def hear(self, names: list[str]) -> None:
        """A push arrives."""
        now = self.clock.now()
        assert all(self.ends[name] > now for name in names), "nothing that has ended"
        day, week = _day(now), _week(now)
        if not all(name.startswith("c") for name in names):
            assert sum(_day(at) == day for at, _ in self.got) < CAPS.day
            assert sum(_week(at) == week for at, _ in self.got) < CAPS.week
        self.got.append((now, names))


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _week(at: datetime) -> tuple[int, int]:
    return at.astimezone(SHANGHAI).isocalendar()[:2]


@settings(max_examples=15, deadline=None)
@given(ARRIVALS)
def test_caps_hold_but_for_calls_that_would_close_before_there_is_room(
    arrivals: list[tuple[int, bool, int, int]],
) -> None:
    with database() as units:
        street = Street(units)
        for hours, is_call, left, name in arrivals:
            street.clock.advance(hours * HOUR)
            ends = street.clock.now() + left * HOUR
            street.arrive(f"{'c' if is_call else 'e'}{name}", ends)
            street.tick()
    once = Counter(name for _, names in street.got for name in names)
    assert max(once.values(), default=1) == 1, "nothing twice"


def test_room_comes_in_the_morning_of_the_next_day_or_week() -> None:
    saturday = NOON
    assert CAPS.resumes([], saturday) is None
    assert CAPS.resumes([saturday - HOUR], saturday) is None
    assert CAPS.resumes([saturday] * 2, saturday) == saturday + 21 * HOUR
    spread = [saturday - timedelta(days=day) for day in range(5)]
    assert CAPS.resumes(spread, saturday) == saturday + 45 * HOUR, "Monday at nine"
    assert CAPS.resumes(spread, saturday + timedelta(days=2)) is None
