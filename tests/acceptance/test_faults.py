"""Each process alone, and each of them dying at a bad moment: nothing lost, nothing twice."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from keqiao.clock import SystemClock
from keqiao.example.load import render_documents
from tests.acceptance.conftest import make_place
from tests.acceptance.visitor import (
    BOT_READY_S,
    ROOT,
    Place,
    Process,
    Visitor,
    alive,
    descendants,
    until,
)

pytestmark = pytest.mark.acceptance

NUMBER = re.compile(r"KQ-\d{4}-\d{6}")
POLICY = """# 云溪市技术攻关补助办法

云溪市科学技术协会

第一条 申报单位须为在云溪市注册的企业。

第二条 每个项目补助金额最高为三十万元。
"""
QUESTION = "云溪市技术攻关补助每个项目最高是多少？"
CRASH = """
import dataclasses, os, signal, sys
from keqiao.bootstrap import open_site

class DieAfterReply:
    def __init__(self, dialogue):
        self.dialogue = dialogue
    def reply(self, message, *, retried):
        self.dialogue.reply(message, retried=retried)
        os.kill(os.getpid(), signal.SIGKILL)

with open_site() as site:
    handle = site.handle_inbound
    handle = dataclasses.replace(handle, dialogue=DieAfterReply(handle.dialogue))
    print("ready", flush=True)
    while True:
        handle()
        site.wakeups.wait("inbox", 0.1)
"""


@dataclass
class Apart:
    """The five processes of one site, each started and stopped by itself."""

    place: Place
    running: dict[str, tuple[ExitStack, Process]] = field(default_factory=dict)

    def start(self, name: str, word: str, seconds: float = 60) -> None:
        """Start one and wait until it says `word`."""
        stack = ExitStack()
        process = stack.enter_context(self.place.process(name))
        self.running[name] = (stack, process)
        process.wait_for(word, seconds)

    def start_bot(self) -> None:
        """Start the bot and wait until it answers."""
        self.start("bot", "对话机器人：", BOT_READY_S)
        until(lambda: self.part("bot") == "ok", BOT_READY_S, "the bot")

    def kill(self, name: str) -> None:
        """End one without a warning; what it had started goes with it."""
        stack, process = self.running.pop(name)
        below = descendants(process.popen.pid)
        process.popen.kill()
        stack.close()
        until(lambda: not any(alive(pid) for pid in below), 15, f"the end of {name}'s children")

    def part(self, name: str) -> object:
        """How the gateway finds one of its neighbours."""
        ready = Visitor(base=self.place.base).call("GET", "/readyz").json()
        return ready["parts"].get(name)

    def close(self) -> None:
        """End all that run."""
        for stack, process in self.running.values():
            process.popen.terminate()
            stack.close()


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Apart]:
    """All five running, the example's documents and one of the test's own in the index."""
    folder = tmp_path_factory.mktemp("apart")
    place = make_place(folder / "var", models=models)
    (folder / "policy.md").write_text(POLICY, "utf-8")
    examples = render_documents(folder / "example", SystemClock().now())
    assert place.run("ingest", str(folder / "policy.md"), *map(str, examples)).returncode == 0
    site = Apart(place)
    try:
        site.start("actions", "动作服务：")
        site.start("serve", "网关：")
        site.start("worker", "处理进程")
        site.start("scheduler", "调度进程")
        site.start_bot()
        yield site
    finally:
        site.close()


def confirmable(visitor: Visitor) -> None:
    """Say a need in one breath and skip what is asked, until only confirming is left."""
    said = (
        "我们是江苏苏州做注塑的，产品老是翘曲变形，想找专家，预算五十万，年底前解决，"
        "联系人张三 13800001234"
    )
    heard = visitor.hear(said)
    for _ in range(8):
        if "确认" in heard:
            return
        heard = visitor.hear("跳过")
    raise AssertionError(heard)


def test_while_the_bot_is_down_questions_are_answered_and_the_rest_waits(apart: Apart) -> None:
    visitor = Visitor(base=apart.place.base)
    assert visitor.hear("你好")
    apart.kill("bot")
    answered = visitor.say(QUESTION)
    assert "三十万元" in str(answered[0]["text"])
    assert any("暂时停用" in str(reply["text"]) for reply in answered)
    entry = visitor.post("我们做注塑的，产品老是翘曲变形，想找专家")
    waits = until(lambda: visitor.replies(entry), 60, "a notice")
    assert waits[0]["kind"] == "notice"
    apart.start_bot()
    replies = until(
        lambda: [r for r in visitor.replies(entry) if r["kind"] == "question"], 60, "the form"
    )
    assert len(replies) == 1


def test_while_the_action_server_is_down_nothing_is_lost(apart: Apart) -> None:
    visitor = Visitor(base=apart.place.base)
    apart.kill("actions")
    assert "三十万元" in visitor.hear(QUESTION)
    entry = visitor.post("我们做注塑的，产品老是翘曲变形，想找专家")
    until(lambda: visitor.replies(entry), 60, "a notice")
    apart.start("actions", "动作服务：")
    until(lambda: [r for r in visitor.replies(entry) if r["kind"] == "question"], 60, "the form")


def test_killed_between_storing_a_need_and_answering_it_is_stored_once_and_answered(
    apart: Apart,
) -> None:
    visitor = Visitor(base=apart.place.base)
    confirmable(visitor)
    apart.kill("worker")
    crash = subprocess.Popen(
        [sys.executable, "-c", CRASH],
        cwd=ROOT,
        env=apart.place.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert crash.stdout is not None
    assert crash.stdout.readline() == "ready\n"
    entry = visitor.post("确认提交")
    assert crash.wait(60) == -signal.SIGKILL
    crash.stdout.close()
    assert not visitor.replies(entry)
    with apart.place.process("worker"):
        replies = until(lambda: visitor.replies(entry), 150, "the reply after a restart")
    apart.start("worker", "处理进程")
    numbers = set(NUMBER.findall("\n".join(str(reply["text"]) for reply in replies)))
    assert len(numbers) == 1, replies
    stored = int(numbers.pop()[-6:])
    beyond = apart.place.run("match", f"KQ-2026-{stored + 1:06d}")
    assert beyond.returncode == 2, "no second need was stored"


def test_up_stops_on_ctrl_c_and_leaves_no_orphan(tmp_path: Path, models: Path) -> None:
    place = make_place(tmp_path / "var", models=models, KEQIAO_EXAMPLE="false")
    with place.process("up") as process:
        process.wait_for("全部就绪", BOT_READY_S)
        below = descendants(process.popen.pid)
        assert len(below) >= 2
        began = time.monotonic()
        assert process.stop(signal.SIGINT) == 0
        assert time.monotonic() - began < 20
        assert not [pid for pid in below if alive(pid)]
        assert "已全部停止" in process.said


def test_a_killed_up_leaves_no_orphan_and_the_next_one_starts(
    tmp_path: Path, models: Path
) -> None:
    place = make_place(tmp_path / "var", models=models, KEQIAO_EXAMPLE="false")
    with place.process("up") as process:
        process.wait_for("全部就绪", BOT_READY_S)
        below = descendants(process.popen.pid)
        process.popen.kill()
        process.popen.wait()
        until(lambda: not any(alive(pid) for pid in below), 20, "the end of the children")
    with place.process("up") as process:
        process.wait_for("网页对话", 60)


def test_a_port_in_use_is_named_with_the_setting_that_changes_it(
    apart: Apart, tmp_path: Path
) -> None:
    other = make_place(tmp_path / "var", KEQIAO_PORT=str(apart.place.port))
    done = other.run("serve", seconds=60)
    assert done.returncode == 2
    assert "KEQIAO_PORT" in done.stderr
    assert str(apart.place.port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_worker_on_the_same_home_says_so(apart: Apart) -> None:
    done = apart.place.run("worker", seconds=60)
    assert done.returncode == 2
    assert "已有 worker" in done.stderr


def test_a_corrupt_index_is_rebuilt_and_the_answer_is_the_same(apart: Apart) -> None:
    before = apart.place.json("ask", QUESTION, "--json")[0]
    for path in (apart.place.home / "index").rglob("*"):
        if path.is_file() and path.stat().st_size > 100 and path.suffix != ".lock":
            path.write_bytes(b"\x00garbage" * 10)
    done = apart.place.run("ask", QUESTION, "--json")
    assert done.returncode == 0, done.stderr
    assert before["text"] in done.stdout
    assert done.stderr.strip(), "the rebuild is said"
