"""Limits: bursts, steady rates, and any minute of a platform that counts minutes."""

from datetime import datetime, timedelta
from weakref import WeakSet

from hypothesis import given
from hypothesis import strategies as st

from channels.rates import Rate, SlidingWindow, TokenBuckets
from tests.fakes.clock import START, FakeClock

MINUTE = timedelta(minutes=1)


def test_a_bucket_allows_its_burst_and_then_its_rate() -> None:
    clock = FakeClock()
    buckets = TokenBuckets(Rate(burst=3, per_second=0.5), clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2.0]
    assert buckets.take("b") == 0
    clock.advance(timedelta(seconds=1))
    assert buckets.take("a") == 1.0
    clock.advance(timedelta(seconds=1))
    assert buckets.take("a") == 0
    clock.advance(timedelta(days=1))
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2.0]


def test_a_clock_that_goes_back_gives_no_tokens_and_takes_none() -> None:
    clock = FakeClock()
    buckets = TokenBuckets(Rate(burst=2, per_second=1), clock)
    buckets.take("a")
    clock.advance(-timedelta(hours=1))
    assert buckets.take("a") == 0
    assert buckets.take("a") == 1.0


def test_many_keys_are_forgotten_once_they_are_full_again() -> None:
    clock = FakeClock()
    buckets = TokenBuckets(Rate(burst=2, per_second=1), clock)
    remembered = WeakSet[Key]()
    for _ in range(20_001):
        key = Key()
        remembered.add(key)
        buckets.take(key)
    clock.advance(MINUTE)
    buckets.take("new")
    assert len(remembered) < 10


class Key:
    """Lives as long as it is remembered."""


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 5)), min_size=1, max_size=120))
def test_no_minute_holds_more_than_allowed_however_late_people_come(
    comers: list[tuple[float, int]],
) -> None:
    window = SlidingWindow(5, MINUTE)
    now, went = START, list[datetime]()
    waiting: dict[int, datetime] = {}
    for number, (gap, _) in enumerate(comers):
        now += timedelta(seconds=gap)
        due = [key for key, at in waiting.items() if at <= now]
        for key in [*due, number]:
            waiting.pop(key, None)
            size = comers[key][1]
            wait = window.turn(key, now, size)
            if wait:
                waiting[key] = now + wait
            else:
                went.extend([now] * size)
    for at in went:
        assert sum(at <= other < at + MINUTE for other in went) <= 5


def test_a_crowd_asks_twice_each_at_most_and_all_get_their_turn() -> None:
    window = SlidingWindow(20, MINUTE)
    turns = {key: START + window.turn(key, START) for key in range(100)}
    assert sorted(turns.values()) == [START + MINUTE * (n // 20) for n in range(100)]
    for key, at in turns.items():
        if at > START:
            assert not window.turn(key, at)


def test_who_needs_several_waits_until_there_is_room_for_all_of_them() -> None:
    window = SlidingWindow(5, MINUTE)
    soon = START + timedelta(seconds=10)
    assert not window.turn("a", START, 3)
    assert not window.turn("b", soon)
    assert window.turn("c", soon, 2) == timedelta(seconds=50)
    assert window.turn("d", soon, 5) == timedelta(seconds=110)
    assert not window.turn("c", START + MINUTE, 2)


def test_those_who_never_come_for_their_turn_are_given_up() -> None:
    window = SlidingWindow(1, MINUTE)
    assert [window.turn(key, START) for key in range(3)] == [timedelta(0), MINUTE, 2 * MINUTE]
    assert not window.turn("new", START + timedelta(hours=1))
