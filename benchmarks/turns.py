"""How long a turn takes with several people at once: real bot, action server, worker and SQLite.

    python benchmarks/turns.py [--users 10] [--rounds 4] [--pause 0] [--models DIR] [--json]

A turn begins when a message is accepted and ends when its last reply is handed to the sender. By
default nobody pauses between an answer and the next message, which is harder than life; the CPU
time of each process per turn says where it goes.
"""  # noqa: INP001 -- a script

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.domain.conversations import Address, InboundId, InboundMessage
from core.domain.deliveries import Delivery, Receipt
from keqiao.bootstrap import Site
from keqiao.cli.output import progress, say
from keqiao.example.load import example_records, render_documents
from keqiao.processes.session import with_bot
from keqiao.settings import load_settings
from scheduler.dispatcher import Dispatcher
from scheduler.worker import Worker

CHANNEL = "bench"
PATIENCE_S = 60.0
TICKS = os.sysconf("SC_CLK_TCK")

SCRIPTS: Sequence[Sequence[str]] = (
    (
        "你好",
        (
            "我们在江苏常州做注塑，灯罩出模后老是翘曲变形，想找专家，预算二十来万，"
            "联系人赵工 13900001234"
        ),
        "明年6月底前",
        "预算改成30万",
        "确认提交",
        "谢谢",
    ),
    (
        "揭榜挂帅项目申报需要哪些材料？",
        "一般项目最高资助多少钱",
        "那重点项目呢",
        "申报截止到什么时候",
        "个体工商户可以申报吗",
        "好的，知道了",
    ),
    (
        "最近有什么路演",
        "第一个提前一天提醒我",
        "第二个在哪里",
        "我的提醒",
        "取消第一个",
        "订阅路演",
    ),
    (
        "我要登记技术需求",
        "数控机床主轴发热，加工精度漂移",
        "机械加工",
        "不是成都，是绵阳江油",
        "申报需要提交哪些材料？",
        "跳过",
    ),
)
"""What people say, in turn; each begins with another of these."""


@dataclass(slots=True)
class Door:
    """A sender whose people are threads of this process."""

    channel: str = CHANNEL
    repeatable: bool = False
    came: dict[str, threading.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: threading.Semaphore(0))
    )

    def route(self, address: Address) -> str:
        """One way for all."""
        return address.channel

    def send(self, delivery: Delivery) -> Receipt:
        """Hand it over."""
        self.came[str(delivery.message.address)].release()
        return Receipt(platform_id=str(delivery.id))


@dataclass(slots=True)
class User:
    """Somebody who says one thing after another and waits for each answer."""

    site: Site
    door: Door
    number: int
    pause: float
    took: list[tuple[str, float]] = field(default_factory=list)

    def talk(self, rounds: int) -> None:
        """Say everything, `rounds` times, each time as another person."""
        for turn in range(rounds):
            address = Address(channel=CHANNEL, user=f"{self.number}-{turn}")
            for text in SCRIPTS[(self.number + turn) % len(SCRIPTS)]:
                began = time.perf_counter()
                self._exchange(address, text)
                self.took.append((text, time.perf_counter() - began))
                time.sleep(self.pause)

    def _exchange(self, address: Address, text: str) -> None:
        now = self.site.clock.now()
        message = InboundMessage(
            message_id=uuid.uuid4().hex, address=address, text=text, said_at=now
        )
        entry = self.site.accept_inbound(message)
        self._wait(address)
        for _ in range(self._replies(entry.id) - 1):
            self._wait(address)

    def _wait(self, address: Address) -> None:
        if not self.door.came[str(address)].acquire(timeout=PATIENCE_S):
            raise TimeoutError(f"{address} was not answered within {PATIENCE_S:.0f} s")

    def _replies(self, entry: InboundId) -> int:
        with self.site.units() as unit:
            return len(unit.outbox.replies_to(entry))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = _options(arguments)
    with _site(options.models) as site:
        found = _measured(site, options)
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
        return 0
    for name, value in found.items():
        say(f"{name:<16}{value}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Turn time with several people at once.")
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=4, help="scripts that each of them tells")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between two messages")
    parser.add_argument("--models", type=Path, help="folder of trained models, kept for next time")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(arguments)


def _measured(site: Site, options: argparse.Namespace) -> Mapping[str, object]:
    door = Door()
    dispatcher = Dispatcher(site.units, site.clock, [door], wakeups=site.wakeups)
    worker = Worker(site.handle_inbound, dispatcher.dispatch_one, wakeups=site.wakeups)
    with worker:
        _at_once([User(site, door, 1000 + n, 0) for n in range(4)], rounds=1)  # warm
        users = [User(site, door, n, options.pause) for n in range(options.users)]
        spent, began = _cpu(), time.perf_counter()
        _at_once(users, rounds=options.rounds)
        elapsed = time.perf_counter() - began
        spent = _cpu() - spent
    took = [seconds * 1000 for user in users for _, seconds in user.took]
    slow = sorted((pair for user in users for pair in user.took), key=lambda pair: -pair[1])
    cut = statistics.quantiles(took, n=100)
    return {
        "users": options.users,
        "pause_s": options.pause,
        "turns": len(took),
        "turns_per_s": round(len(took) / elapsed, 1),
        "p50_ms": round(cut[49], 1),
        "p95_ms": round(cut[94], 1),
        "p99_ms": round(cut[98], 1),
        "cpu_ms_per_turn": {k: round(v / len(took) * 1000, 1) for k, v in spent.items()},
        "slowest": dict(Counter(text for text, _ in slow[: len(slow) // 20]).most_common(5)),
        "load": [round(one, 1) for one in os.getloadavg()],
        "cpus": os.cpu_count(),
    }


def _at_once(users: Sequence[User], rounds: int) -> None:
    failed: list[BaseException] = []

    def talk(user: User) -> None:
        try:
            user.talk(rounds)
        except TimeoutError as error:
            failed.append(error)

    threads = [threading.Thread(target=talk, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


@contextmanager
def _site(models: Path | None) -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "var"
        if models is not None and models.exists():
            shutil.copytree(models, home / "bot" / "models")
        site = Site(load_settings(home=home, example=False))
        now = site.clock.now()
        list(site.knowledge.ingest(render_documents(home / "example", now)))
        site.store_records(example_records(now))
        with with_bot(site, progress) as running:
            running.wakeups  # noqa: B018 -- made once, before threads ask for it
            yield running
        if models is not None:
            shutil.copytree(home / "bot" / "models", models, dirs_exist_ok=True)
        site.close()


def _cpu() -> Counter[str]:
    """CPU seconds so far: of the bot, of the action server, and of this process."""
    me = os.getpid()
    spent = Counter({"worker": time.process_time()})
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
            command = stat.with_name("cmdline").read_text()
        except OSError:
            continue
        if int(after_name[1]) == me:
            name = "bot" if "serve.py" in command else "actions"
            spent[name] += (int(after_name[11]) + int(after_name[12])) / TICKS
    return spent


if __name__ == "__main__":
    sys.exit(main())
