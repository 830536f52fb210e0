"""How fast one need is matched with records, and one new record with needs, on SQLite.

    python benchmarks/matching.py [--size 100000] [--asked 100]

Records and needs are made up of things, troubles and trades drawn at random, the rare ones rarely.
Wall time and processor time are given: on a busy machine only the second says what the work costs.
"""  # noqa: INP001 -- a script

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import batched
from pathlib import Path

from core.domain.conversations import Address
from core.domain.needs import Budget, Industry, NeedDraft, Region
from core.domain.records import Conditions, Library, Record
from core.persistence import SqlUnits, make_engine, migrate
from core.services.matching.needs import MatchNeed
from core.services.matching.records import MatchRecord
from keqiao.evaluation.matches import FixedClock
from keqiao.evaluation.retrieval import percentile
from knowledge.base import IndexedKnowledgeBase

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
HEADS = "注锂光风热水油气电磁钢铝铜陶纸布木茶果稻药酶菌膜泵阀轴齿焊镀喷切磨铸锻压"
TAILS = "塑池伏机管板件料线炉罐针环梁网塔杆芯片层剂液粉丝纤绒胶漆瓷砖材具刀模台站"
THINGS = tuple(one + other for one in HEADS for other in TAILS)
TROUBLES = tuple(map("".join, batched("变形开裂过热泄漏腐蚀磨损堵塞结垢老化异味噪声振动", 2)))
DONE = tuple(map("".join, batched("检测优化仿真改性回收干燥分选密封控制监测诊断设计", 2)))
TRADES = ("新材料", "生物", "新能源", "节能环保", "高端装备制造", "新一代信息技术")
MODES = ("技术咨询", "联合研发", "委托开发", "检验检测", "技术转移")
PLACES = ("江苏省", "浙江省", "四川省", "重庆市", "广东省", "湖北省")
LIBRARIES = (Library.EXPERTS, Library.PROJECTS, Library.CASES, Library.TEAMS, Library.PROVIDERS)
COMMON = 0.25


def thing(draw: random.Random) -> str:
    """A thing; some are spoken of often."""
    return THINGS[min(int(draw.paretovariate(COMMON)), len(THINGS)) - 1]


def record(draw: random.Random, number: int) -> Record:
    """A record of a library that can help."""
    words = [thing(draw) + draw.choice((*TROUBLES, *DONE)) for _ in range(4)]
    return Record(
        library=draw.choice(LIBRARIES),
        external_id=str(number),
        title=f"{words[0]}与{words[1]}技术",
        summary=f"研究{words[0]}、{words[2]}，用于{thing(draw)}生产线的{draw.choice(DONE)}。",
        industries=(draw.choice(TRADES),),
        keywords=tuple(words),
        modes=tuple(draw.sample(MODES, 2)),
        region=draw.choice((None, None, *PLACES)),
        conditions=Conditions(budget_min=draw.choice((None, 50_000, 300_000))),
    )


def draft(draw: random.Random) -> NeedDraft:
    """A need of an enterprise."""
    what = thing(draw)
    place = draw.choice(PLACES)
    return NeedDraft(
        problem=f"我们做{what}的，{what}{draw.choice(TROUBLES)}，想做{thing(draw)}{draw.choice(DONE)}",
        industry=Industry(labels=(draw.choice(TRADES),)),
        region=Region(province=place, raw=place),
        budget=Budget(max=Decimal(draw.choice((100_000, 500_000)))),
        modes=(draw.choice(MODES),),
    )


def timed[T](name: str, work: Callable[[T], object], ones: Iterable[T]) -> None:
    """Print what each took."""
    walls, works = [], []
    for one in ones:
        wall, cpu = time.perf_counter(), time.process_time()
        work(one)
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.process_time() - cpu) * 1000)
    told = "  ".join(
        f"{what} p50 {statistics.median(values):.1f} p99 {percentile(values, 0.99):.1f} ms"
        for what, values in (("wall", walls), ("processor", works))
    )
    sys.stdout.write(f"{name}: {told}\n")


def main() -> None:
    """Fill a database and its indexes, then match both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=100)
    asked = parser.parse_args()
    draw = random.Random(1)  # noqa: S311 -- the same ones each time
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/bench.db"
        migrate(url)
        units, clock = SqlUnits(make_engine(url)), FixedClock(NOW)
        for some in batched(range(asked.size), 5_000):
            with units() as unit:
                unit.records.add([record(draw, number) for number in some])
                for number in some:
                    address = Address(channel="web", user=str(number))
                    unit.needs.put(f"need-{number}", address, draft(draw), NOW - timedelta(days=1))
                unit.commit()
        knowledge = IndexedKnowledgeBase(units, Path(scratch), clock)
        began = time.perf_counter()
        knowledge.recall("科协")
        knowledge.recall_needs(record(draw, 0))
        sys.stdout.write(f"{asked.size} each, indexed in {time.perf_counter() - began:.0f} s\n")
        need = MatchNeed(units=units, clock=clock, knowledge=knowledge)
        fits = MatchRecord(units=units, clock=clock, knowledge=knowledge)
        for _ in range(5):
            need(draft(draw))
            fits(record(draw, 0))
        timed("need to records", need, [draft(draw) for _ in range(asked.asked)])
        new = [record(draw, asked.size + number) for number in range(asked.asked)]
        timed("record to needs", fits, new)
        knowledge.close()


if __name__ == "__main__":
    main()
