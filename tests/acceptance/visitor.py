"""A person at the web page, and a site running for them: real HTTP, real processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parents[2]
KEQIAO = [sys.executable, "-m", "keqiao"]
BOT_READY_S = 240.0
type Message = dict[str, Any]


def until[T](found: Callable[[], T], seconds: float, what: str) -> T:
    """Ask again and again until the answer is truthy."""
    deadline = time.monotonic() + seconds
    while True:
        answer = found()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.1)


@dataclass(kw_only=True)
class Visitor:
    """Speaks and reads like the page does; `said` is what was answered to the last text."""

    base: str
    cookies: httpx2.Cookies = field(default_factory=httpx2.Cookies)

    def __post_init__(self) -> None:
        """Open the page, which gives a visitor a name."""
        page = self.call("GET", "/").raise_for_status()
        self.cookies.update(page.cookies)

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """One request in the visitor's name."""
        with httpx2.Client(
            base_url=self.base, cookies=self.cookies, timeout=30, trust_env=False
        ) as client:
            return client.request(method, path, **options)

    def post(self, text: str) -> int:
        """Send a text; the id that replies will name."""
        body = {"id": uuid.uuid4().hex, "text": text}
        response = self.call("POST", "/web/messages", json=body)
        assert response.status_code == 202, response.text
        return int(response.json()["id"])

    def history(self) -> list[Message]:
        """Both sides of the conversation, oldest first."""
        found: list[Message] = self.call("GET", "/web/messages?limit=200").json()["messages"]
        return found

    def replies(self, entry: int) -> list[Message]:
        """What has been answered to one message so far."""
        return [one for one in self.history() if one.get("reply_to") == entry]

    def say(self, text: str, seconds: float = 60) -> list[Message]:
        """Send a text and wait for all that is answered."""
        entry = self.post(text)
        until(lambda: self.replies(entry), seconds, f"an answer to {text!r}")
        while True:
            before = len(self.replies(entry))
            time.sleep(0.4)
            if len(self.replies(entry)) == before:
                return self.replies(entry)

    def hear(self, text: str, seconds: float = 60) -> str:
        """Send a text and join all that is answered."""
        return "\n".join(str(one["text"]) for one in self.say(text, seconds))


@dataclass(kw_only=True)
class Process:
    """A keqiao process of the test's own, with what it says on the terminal."""

    popen: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Collect what it says."""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def end(self) -> None:
        """End it if it still runs, by force if need be, and let go of it."""
        if self.popen.poll() is None:
            self.popen.terminate()
        try:
            self.popen.wait(40)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.reader.join(10)
        assert self.popen.stderr is not None
        self.popen.stderr.close()

    def _read(self) -> None:
        assert self.popen.stderr is not None
        self.lines.extend(line.rstrip("\n") for line in self.popen.stderr)

    @property
    def said(self) -> str:
        """Everything it has said."""
        return "\n".join(self.lines)

    def wait_for(self, word: str, seconds: float) -> None:
        """Wait until it says so, or fail with what it said instead."""
        deadline = time.monotonic() + seconds
        while word not in self.said:
            assert self.popen.poll() is None, f"ended with {self.popen.returncode}: {self.said}"
            assert time.monotonic() < deadline, f"never said {word!r}: {self.said}"
            time.sleep(0.1)

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 40) -> int:
        """Send a signal and wait for the end."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(seconds)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A home folder and three free ports."""

    home: Path
    port: int
    bot_port: int
    actions_port: int
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where the gateway is."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The settings as variables."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("KEQIAO_")}  # noqa: TID251 -- for a child
        return clean | {
            "KEQIAO_HOME": str(self.home),
            "KEQIAO_PORT": str(self.port),
            "KEQIAO_BOT_PORT": str(self.bot_port),
            "KEQIAO_ACTIONS_PORT": str(self.actions_port),
            **self.extra,
        }

    def run(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [*KEQIAO, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def json(self, *arguments: str, seconds: float = 300) -> list[Message]:
        """Run one command that speaks JSON lines and must succeed."""
        done = self.run(*arguments, seconds=seconds)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def process(self, *arguments: str) -> Iterator[Process]:
        """Start one process; it is ended with the block, by force if need be."""
        popen = subprocess.Popen(
            [*KEQIAO, *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        process = Process(popen=popen)
        try:
            yield process
        finally:
            process.end()


def descendants(pid: int) -> set[int]:
    """Process ids below `pid`, by /proc."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(after_name[1])
    found: set[int] = set()
    growing = {pid}
    while growing:
        growing = {child for child, parent in parents.items() if parent in growing} - found
        found |= growing
    return found


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
