"""How fast records that arrive find those who subscribed, on SQLite or on the database given.

    python benchmarks/subscriptions.py [--subscriptions 100000] [--records 1000] [--database URL]

Interests are drawn like people's: a place, a trade or a word of one's own, or several of them; one
in a hundred asks for everything there is. The longest write is how long others had to wait.
"""  # noqa: INP001 -- a script

import argparse
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched, product
from typing import Self

from sqlalchemy import func, select

from benchmarks.delivery import CLOCK, database
from core.domain.conversations import Address
from core.domain.records import Library, Record
from core.domain.subscriptions import NEWS, Interest, Pace, Rhythm, Subscription
from core.persistence import SqlUnits
from core.persistence.push_tables import tidings
from core.persistence.units import SqlUnitOfWork
from core.services.pushes.gathering import GatherTidings
from core.services.tidings import QueueTidings
from scheduler.wakeups import LocalWakeups
from scheduler.words import render_tidings

PROVINCES = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北中上下左右前后")
CITIES = {p: tuple(f"{p}{c}州" for c in "一二三四五六七八九十") for p in PROVINCES}
TRADES = tuple(f"{one}产业" for one in "信装材生汽能环创服")
KINDS = ("路演", "培训", "大赛", "论坛", "沙龙", "讲座", "对接会", "展会")
MADE_OF, THINGS = "光电热磁声力水气油酸碱盐铁铜锂硅", "膜管板轴泵阀炉罐针环梁桥网塔杆芯"
WORDS = tuple(first + second for first, second in product(MADE_OF, THINGS))
EVERYTHING, SOME = 0.01, 0.3
"""How many ask for everything, and how many for a kind of event or a whole province."""
SOCIETIES = tuple(f"{place}学会" for cities in CITIES.values() for place in cities)
RHYTHMS = (Rhythm(), Rhythm(pace=Pace.DAILY), Rhythm(pace=Pace.DAILY), Rhythm(pace=Pace.WEEKLY))


def interest(draw: random.Random) -> Interest:
    """What one person asks for."""
    if draw.random() < EVERYTHING:
        return Interest()
    province = draw.choice(PROVINCES)
    named = draw.choices(("region", "trade", "word", "organiser"), (5, 3, 5, 1), k=2)
    places = CITIES[province] if draw.random() < SOME else ()
    region = province if places else draw.choice(CITIES[province])
    kinds = (draw.choice(KINDS),) if draw.random() < SOME else ()
    return Interest(
        libraries=(Library.EVENTS,) if kinds else draw.choice((NEWS, (Library.PROJECTS,))),
        kinds=kinds,
        region=region if "region" in named else "",
        places=places if "region" in named else (),
        industries=(draw.choice(TRADES),) if "trade" in named else (),
        keyword=draw.choice(WORDS) if "word" in named else "",
        organiser=draw.choice(SOCIETIES) if "organiser" in named else "",
    )


def record(draw: random.Random, number: int) -> Record:
    """A record that arrives."""
    province = draw.choice(PROVINCES)
    words = draw.sample(WORDS, 5)
    library = draw.choice((Library.EVENTS, Library.EVENTS, Library.CALLS, Library.PROJECTS))
    return Record(
        library=library,
        external_id=str(number),
        title=f"{words[0]}与{words[1]}关键技术{draw.choice(KINDS)}第{number}期",
        industries=tuple(draw.sample(TRADES, 2)),
        keywords=tuple(words[2:]),
        region=draw.choice(CITIES[province]),
        organisation=draw.choice(SOCIETIES),
        starts_at=CLOCK.now() + timedelta(days=9),
        closes_at=CLOCK.now() + timedelta(days=8),
    )


def fill(units: SqlUnits, subscriptions: int, records: int) -> None:
    """Subscribe, and let records arrive."""
    draw = random.Random(1)  # noqa: S311 -- the same ones each time
    now = CLOCK.now()
    for some in batched(range(subscriptions), 10_000):
        with units() as unit:
            for number in some:
                person = Address(channel="web", user=f"u{number * 2 // 3}")
                unit.subscriptions.put(
                    Subscription(
                        address=person,
                        interest=interest(draw),
                        rhythm=draw.choice(RHYTHMS),
                        created_at=now,
                    )
                )
            unit.commit()
    with units() as unit:
        for number in range(records):
            stored = unit.records.put(record(draw, number))
            unit.tidings.announce([(stored.id, now)])
        unit.commit()


class TimedUnit(SqlUnitOfWork):
    """A unit that notes how long it took from its beginning until it was committed."""

    longest = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        self._began = time.perf_counter()
        return super().__enter__()

    def commit(self) -> None:
        """Make it so."""
        super().commit()
        TimedUnit.longest = max(TimedUnit.longest, time.perf_counter() - self._began)


class TimedUnits(SqlUnits):
    """Units whose longest transaction is known afterwards."""

    def __call__(self) -> TimedUnit:
        """A new unit."""
        return TimedUnit(self.engine)


def peak() -> float:
    """The most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def count(units: SqlUnits) -> int:
    """How many tidings wait."""
    with units.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(tidings)) or 0


def timed_gather(units: SqlUnits, gather: GatherTidings, number: int) -> float:
    """Seconds until one record that arrives has found its subscribers."""
    with units() as unit:
        stored = unit.records.put(record(random.Random(number), 10**6 + number))  # noqa: S311
        unit.tidings.announce([(stored.id, CLOCK.now())])
        unit.commit()
    began = time.perf_counter()
    gather()
    return time.perf_counter() - began


def measure(units: SqlUnits, messages: int) -> Iterator[str]:
    """Gathering everything that arrived, a look at one more, and messages into the outbox."""
    gather = GatherTidings(units=TimedUnits(units.engine), clock=CLOCK)
    before, began = peak(), time.perf_counter()
    found = 0
    while some := gather():
        found += some
    seconds = time.perf_counter() - began
    yield f"{found} records gathered in {seconds:.1f} s; longest write {TimedUnit.longest:.2f} s"
    yield f"{count(units)} tidings"
    one_more = [timed_gather(units, gather, number) for number in range(5)]
    yield f"one more record: {statistics.median(one_more) * 1000:.0f} ms"
    yield f"memory: {before:.0f} MB before, {peak():.0f} MB at most"
    queue = QueueTidings(units=units, clock=CLOCK, wakeups=LocalWakeups(), render=render_tidings)
    began = time.perf_counter()
    told = sum(queue() for _ in range(messages))
    seconds = time.perf_counter() - began
    yield f"{told} messages into the outbox in {seconds:.1f} s, {told / seconds:.0f} a second"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--database")
    asked = parser.parse_args(arguments)
    with database(asked.database) as units:
        began = time.perf_counter()
        fill(units, asked.subscriptions, asked.records)
        sys.stdout.write(f"prepared in {time.perf_counter() - began:.0f} s\n")
        for line in measure(units, asked.messages):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
