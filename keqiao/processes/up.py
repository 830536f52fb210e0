"""Everything on this machine: gateway, worker and scheduler here, bot and actions as children."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from keqiao.bootstrap import Site
from keqiao.example.first_start import load_example
from keqiao.locks import hold
from keqiao.processes.alone import until_told
from keqiao.processes.bot import bot_command, bot_environment, train_bot, wait_until_answers
from keqiao.processes.children import Child
from keqiao.processes.gateway import gateway
from keqiao.processes.ports import demand_free
from keqiao.settings import child_environment
from scheduler.heartbeat import LEASE_NAME

BOT_START_S = 180.0
"""Rasa takes about 40 s on two cores; longer than this it is reported, not waited for."""


def up(site: Site, say: Callable[[str], None]) -> None:
    """Start everything, say where it is, and stop it all when told to.

    The page comes first: questions are answered from the documents while the bot still starts.

    Raises:
        ConflictError: another one runs on the same home folder, or a port is taken.
        UnavailableError: the bot cannot be trained.
    """
    settings = site.settings
    with hold(settings.home, "serve", "worker", "scheduler", "bot"), until_told() as told:
        _demand_ports(site)
        with ExitStack() as stack:
            say("① 数据库与知识库")
            take_back_leases(site)
            load_example(site, say)
            site.knowledge.refresh()  # an ingest may have been killed before it could index
            say("② 网关、收发与调度")
            stack.enter_context(site.worker())
            stack.enter_context(site.heartbeat())
            stack.enter_context(gateway(site))
            _say_addresses(site, say)
            say("③ 对话机器人（启动约需半分钟，此前问答已可用）")
            stack.enter_context(child(site, "actions", say))
            if train_bot(settings, say, told):
                stack.enter_context(child(site, "bot", say))
                _announce_bot(site, say)
            told.wait()
            say("正在停止……")
    say("已全部停止。")


def take_back_leases(site: Site) -> None:
    """At the start of the only process: whatever a killed one held is free again."""
    if not site.settings.database.startswith("sqlite"):
        return  # on a server others may be at work; leases there run out by themselves
    with site.units() as unit:
        unit.inbox.release_all()
        unit.outbox.release_all()
        unit.leases.release(LEASE_NAME)
        unit.commit()


@contextmanager
def child(site: Site, name: str, say: Callable[[str], None]) -> Iterator[None]:
    """The action server (`actions`) or the bot (`bot`) as a child, ended with the block."""
    started = {"actions": _actions, "bot": _bot}[name](site, say)
    started.start()
    try:
        yield
    finally:
        started.stop()


def log_of(site: Site, name: str) -> Path:
    """Where a child's output goes."""
    return site.settings.home.resolve() / "logs" / f"{name}.log"


def _bot(site: Site, say: Callable[[str], None]) -> Child:
    return Child(
        name="bot",
        command=bot_command(site.settings),
        log=log_of(site, "bot"),
        environment=bot_environment(site),
        folder=site.settings.bot_home,
        say=say,
    )


def _actions(site: Site, say: Callable[[str], None]) -> Child:
    settings = site.settings
    return Child(
        name="actions",
        command=[sys.executable, "-m", "keqiao", "actions", "--with-parent"],
        log=log_of(site, "actions"),
        environment=child_environment(
            KEQIAO_HOME=str(settings.home.resolve()),
            KEQIAO_ACTIONS_PORT=str(settings.actions_port),
        ),
        folder=Path.cwd(),  # keqiao.toml is looked for there
        say=say,
    )


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


def _announce_bot(site: Site, say: Callable[[str], None]) -> None:
    def wait() -> None:
        settings = site.settings
        urls = (f"{settings.actions_url}/health", f"{settings.bot_url}/")
        if all(wait_until_answers(url, seconds=BOT_START_S) for url in urls):
            say("④ 全部就绪。")
        else:
            say(f"对话机器人尚未就绪，请查看 {log_of(site, 'bot')}；问答不受影响。")

    threading.Thread(target=wait, name="announce-bot", daemon=True).start()
