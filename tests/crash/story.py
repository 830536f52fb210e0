"""What a site has to do while its processes die: reminders promised, messages coming in."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.client import HTTPConnection
from random import Random

from channels.webhook.signing import Signer
from core.domain.conversations import Address
from core.domain.dates.offsets import Offset
from core.domain.records import Library, Record
from core.domain.reminders import plan
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from tests.crash.processes import ROBOTS

DAY = timedelta(days=1)
A_RECORD = 40
"""Reminders of one event: most to persons behind the webhook, the others to groups."""

CALLS = 10
"""Every tenth is a call: of a deadline, a doubtful end is sent once more."""

GROUPS = 8
SHORT = 0.05
"""Events that begin minutes after their reminder is due: some of these come too late."""


def promise(units: Units, count: int, begin: datetime, random: Random) -> list[str]:
    """Plan so many reminders, due within a day; the keys of all of them."""
    keys: list[str] = []
    moments = [begin + random.random() * 20 * timedelta(hours=1) for _ in range(4 + count // 400)]
    for number in range(count // A_RECORD):
        due = random.choice(moments)
        offset = timedelta(minutes=20) if random.random() < SHORT else DAY
        event = Record(
            library=Library.EVENTS,
            external_id=str(number),
            title=f"第{number}场路演",
            starts_at=due + offset,
        )
        if number % CALLS == CALLS - 1:
            event = replace(
                event, library=Library.CALLS, starts_at=None, closes_at=event.starts_at
            )
        with units() as unit:
            stored = unit.records.put(event)
            for address in _people(number):
                reminder, _ = unit.reminders.put(
                    plan(stored, address=address, offset=Offset(ahead=offset))
                )
                keys.append(reminder.key)
            unit.commit()
    return keys


def _people(event: int) -> list[Address]:
    persons = [
        Address(channel="webhook", user=f"default/p{(event * 7 + n) % 1000}")
        for n in range(A_RECORD - GROUPS)
    ]
    groups = [
        Address(channel="wecom-robot", user=f"g{(event + n * 6) % ROBOTS}") for n in range(GROUPS)
    ]
    return persons + groups


@dataclass(kw_only=True)
class Talk:
    """A neighbour that posts messages to the gateway until each is acknowledged.

    Every fifth is posted again later, as platforms do that lost the acknowledgement.
    """

    port: int
    secret: str
    clock: Clock
    count: int
    progress: Callable[[], float]
    """How much of the story is over, from 0 to 1: messages come at the same pace."""
    acknowledged: dict[str, int] = field(default_factory=dict)
    """Messages by id, with how often each was acknowledged."""
    refused: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to talk."""
        self._thread = threading.Thread(target=self._talk, name="talk", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Say nothing more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(30)

    @property
    def over(self) -> bool:
        """Whether every message was acknowledged."""
        return len(self.acknowledged) >= self.count

    def _talk(self) -> None:
        signer = Signer(self.secret)
        for number in range(self.count):
            while self.progress() < number / self.count * 0.9 and not self._ended.is_set():
                time.sleep(0.05)
            for told in [number] if number % 5 else [number, max(0, number - 3)]:
                self._post(signer, told)

    def _post(self, signer: Signer, number: int) -> None:
        name = message_id(number).removeprefix("default:")
        said = {"data": {"user": f"p{number % 40}", "text": text(number)}}
        body = json.dumps(said).encode()
        while not self._ended.is_set():
            if self._once(signer.sign(name, self.clock.now(), body), body):
                told = message_id(number)
                self.acknowledged[told] = self.acknowledged.get(told, 0) + 1
                return
            self.refused += 1
            time.sleep(0.1)

    def _once(self, headers: dict[str, str], body: bytes) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/hooks/default", body, headers)
            return connection.getresponse().status == 202
        except OSError:
            return False
        except Exception:  # noqa: BLE001 -- half an answer of a gateway that was killed
            return False
        finally:
            connection.close()


def message_id(number: int) -> str:
    """A message's id on its platform."""
    return f"default:in-{number}"


def text(number: int) -> str:
    """What it says."""
    return f"你好，这是第{number}条消息"


def script(count: int) -> dict[str, Sequence[dict[str, str]]]:
    """What the bot answers to each."""
    return {text(number): [{"text": f"收到：{message_id(number)}"}] for number in range(count)}
