"""Everything on this machine: gateway, worker and scheduler here, bot and actions as children."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from keqiao.bootstrap import Site
from keqiao.example.first_start import load_example
from keqiao.locks import hold
from keqiao.processes.alone import until_told
from keqiao.processes.bot import bot_command, bot_environment, train_bot, wait_until_answers
from keqiao.processes.children import Child
from keqiao.processes.gateway import gateway
from keqiao.processes.ports import demand_free
from keqiao.settings import child_environment

BOT_START_S = 180.0
"""Rasa takes about 40 s on two cores; longer than this it is reported, not waited for."""


def up(site: Site, say: Callable[[str], None]) -> None:
    """Start everything, say where it is, and stop it all when told to.

    Raises:
        ConflictError: another one runs on the same home folder, or a port is taken.
    """
    settings = site.settings
    with hold(settings.home, "serve", "worker", "scheduler", "bot"), until_told() as told:
        _demand_ports(site)
        say("① 数据库与对话模型")
        site.take_back_leases()
        train_bot(settings, say)
        say("② 启动动作服务与对话机器人（首次约需一分钟，网页此时已可使用）")
        with children(site, say) as started, ExitStack() as stack:
            load_example(site, say)
            say("③ 启动网关、处理进程与调度")
            stack.enter_context(site.worker())
            stack.enter_context(site.heartbeat())
            stack.enter_context(gateway(site))
            _say_addresses(site, say)
            _announce_bot(site, started, say)
            told.wait()
            say("正在停止……")
    say("已全部停止。")


@contextmanager
def children(site: Site, say: Callable[[str], None]) -> Iterator[dict[str, Child]]:
    """The action server and the bot as child processes, ended with the block."""
    settings = site.settings
    logs = settings.home.resolve() / "logs"
    environment = child_environment(
        KEQIAO_HOME=str(settings.home.resolve()),
        KEQIAO_ACTIONS_PORT=str(settings.actions_port),
        KEQIAO_BOT_PORT=str(settings.bot_port),
    )
    started = {
        "bot": Child(
            name="bot",
            command=bot_command(settings),
            log=logs / "bot.log",
            environment=bot_environment(site),
            folder=settings.bot_home,
            say=say,
        ),
        "actions": Child(
            name="actions",
            command=[sys.executable, "-m", "keqiao", "actions", "--with-parent"],
            log=logs / "actions.log",
            environment=environment,
            folder=settings.bot_home.parent,
            say=say,
        ),
    }
    try:
        for child in started.values():
            child.start()
        yield started
    finally:
        for child in started.values():
            child.stop()


def _demand_ports(site: Site) -> None:
    settings = site.settings
    demand_free(settings.host, settings.port, "KEQIAO_PORT")
    demand_free("127.0.0.1", settings.actions_port, "KEQIAO_ACTIONS_PORT")
    demand_free("127.0.0.1", settings.bot_port, "KEQIAO_BOT_PORT")


def _say_addresses(site: Site, say: Callable[[str], None]) -> None:
    base = f"http://{site.settings.host}:{site.settings.port}"
    say(f"   网页对话  {base}/")
    say(f"   接口文档  {base}/docs")
    say("   按 Ctrl-C 停止。")


def _announce_bot(site: Site, started: dict[str, Child], say: Callable[[str], None]) -> None:
    def wait() -> None:
        settings = site.settings
        ready = wait_until_answers(
            f"{settings.bot_url}/", seconds=BOT_START_S, alive=lambda: True
        ) and wait_until_answers(f"{settings.actions_url}/health", seconds=30, alive=lambda: True)
        log = started["bot"].log
        say("④ 全部就绪。" if ready else f"对话机器人尚未就绪，请查看 {log}；问答不受影响。")

    threading.Thread(target=wait, name="announce-bot", daemon=True).start()
