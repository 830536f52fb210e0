"""One site on two machines: a database and a broker between them, everything else their own.

The commands are those of an operator, each machine has a home folder of its own. The broker is
killed with all it holds.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import override

import pytest

from channels.webhook.signing import Signer
from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.records import Library, Record
from core.domain.reminders import plan
from core.persistence import SqlUnits, make_engine, migrate
from core.ports.unit_of_work import Units
from keqiao.clock import SystemClock
from tests.crash.platforms import Mood, Platforms
from tests.crash.run import HOOK_SECRET
from tests.crash.servers import Broker, RabbitMQ, Redis, free_port, missing
from tests.crash.story import message_id, script, text
from tests.fakes.rasa import FakeRasa

pytestmark = pytest.mark.skipif(
    not os.environ.get("KEQIAO_TEST_CRASH"),  # noqa: TID251 -- a test's own switch
    reason="takes minutes: set KEQIAO_TEST_CRASH, as `make crash` does",
)
ROOT = Path(__file__).parents[2]
SENT = re.compile(rb"delivery \d+ to webhook\S+ attempt \d+: sent")
TOKEN = "shared-by-both"  # noqa: S105 -- of a bot that is ours


class FinePlatforms(Platforms):
    """Takes its time with everything, and takes it."""

    @override
    def take(self, name: str, *, repeatable: bool) -> Mood:
        """As if nothing ever went wrong."""
        time.sleep(0.01)
        with self._lock:
            self.accepted[name] += 1
        return Mood.FINE


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A home folder and the settings of the site."""

    home: Path
    settings: dict[str, str]

    @contextmanager
    def running(self, command: str, *, port: int = 8000) -> Iterator[subprocess.Popen[bytes]]:
        """`keqiao COMMAND`, its log beside its home."""
        secrets = self.home / "secrets"
        secrets.mkdir(parents=True, exist_ok=True)
        (secrets / "bot-token").write_text(TOKEN)
        environment = {
            **os.environ,  # noqa: TID251 -- PATH and the like
            **self.settings,
            "KEQIAO_HOME": str(self.home),
            "KEQIAO_PORT": str(port),
            "KEQIAO_LOG_LEVEL": "INFO",
        }
        with (
            self.log(command).open("ab") as log,
            subprocess.Popen(
                [sys.executable, "-m", "keqiao", command],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)

    def log(self, command: str) -> Path:
        """Where its output goes."""
        return self.home.with_name(f"{self.home.name}-{command}.log")

    def sent(self) -> int:
        """How many reminders this machine's worker sent."""
        return len(SENT.findall(self.log("worker").read_bytes()))


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A server of our own, which may be killed."""
    if missing(request.param):
        pytest.skip(f"{request.param}-server is not on this machine")
    server: Broker = Redis(tmp_path) if request.param == "redis" else RabbitMQ(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def promise(units: Units, count: int, name: str) -> None:
    """Reminders that are due now, each for a person of its own."""
    now = SystemClock().now()
    event = Record(
        library=Library.EVENTS, external_id=name, title=name, starts_at=now + timedelta(days=1)
    )
    with units() as unit:
        stored = unit.records.put(event)
        for number in range(count):
            person = Address(channel="webhook", user=f"default/{name}{number}")
            unit.reminders.put(
                plan(stored, address=person, offset=Offset(ahead=timedelta(days=1)))
            )
        unit.commit()


def say(port: int, number: int) -> None:
    """Post a message to the gateway."""
    body = json.dumps({"data": {"user": f"p{number}", "text": text(number)}}).encode()
    name = message_id(number).removeprefix("default:")
    headers = Signer(HOOK_SECRET).sign(name, SystemClock().now(), body)
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/hooks/default", body, headers)
        assert connection.getresponse().status == 202
    finally:
        connection.close()


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def until(condition: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.integration
def test_two_machines_share_the_work_and_lose_nothing_with_their_broker(
    postgres_url: str, broker: Broker, tmp_path: Path
) -> None:
    migrate(postgres_url)
    engine = make_engine(postgres_url)
    units = SqlUnits(engine)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        platforms = stack.enter_context(FinePlatforms(SystemClock(), "fine"))
        bot = stack.enter_context(FakeRasa(script(4), token=TOKEN))
        settings = {
            "KEQIAO_DATABASE_URL": postgres_url,
            "KEQIAO_BROKER_URL": broker.url,
            "KEQIAO_BOT_PORT": bot.url.rpartition(":")[2],
            "KEQIAO_WEBHOOK_SECRET": HOOK_SECRET,
            "KEQIAO_WEBHOOK_OUT_URL": f"{platforms.url}/out",
            "KEQIAO_WEBHOOK_INTERNAL": "true",
        }
        one, two = (Machine(home=tmp_path / name, settings=settings) for name in ("one", "two"))
        port = free_port()
        for machine, command in ((one, "worker"), (two, "worker"), (one, "scheduler")):
            stack.enter_context(machine.running(command))
        stack.enter_context(two.running("serve", port=port))
        until(lambda: answers(port))
        for machine in (one, two):
            until(lambda: "处理进程已启动" in machine.log("worker").read_text())  # noqa: B023 -- used at once

        promise(units, 200, "甲")
        say(port, 0)
        until(lambda: len(platforms.accepted) == 201)
        until(lambda: one.sent() + two.sent() == 201)
        assert min(one.sent(), two.sent()) >= 20, "both take their part"

        broker.kill()
        promise(units, 20, "乙")
        say(port, 1)
        until(lambda: len(platforms.accepted) == 222)

        broker.start()
        promise(units, 20, "丙")
        say(port, 2)
        until(lambda: len(platforms.accepted) == 243)

    assert set(platforms.accepted.values()) == {1}, "nothing is given to the platform twice"
    heard = Counter(said["metadata"]["message_id"] for said in bot.said)
    assert heard == {message_id(number): 1 for number in range(3)}
