"""Each process of a site by itself, for several machines or for a supervisor's eyes."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.domain.errors import UnavailableError
from keqiao.bootstrap import Site
from keqiao.locks import hold
from keqiao.processes.bot import bot_command, bot_environment, train_bot
from keqiao.processes.children import die_with_parent
from keqiao.processes.gateway import gateway
from keqiao.processes.ports import demand_free


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets."""
    told = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: told.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve(site: Site, say: Callable[[str], None]) -> None:
    """The gateway."""
    settings = site.settings
    with hold(settings.home, "serve"), until_told() as told:
        demand_free(settings.host, settings.port, "KEQIAO_PORT")
        with gateway(site):
            say(f"网关：http://{settings.host}:{settings.port}/")
            told.wait()


def work(site: Site, say: Callable[[str], None]) -> None:
    """The worker: inbox and outbox."""
    with hold(site.settings.home, "worker"), until_told() as told, site.worker():
        say("处理进程已启动：收件箱、发件箱")
        told.wait()


def schedule(site: Site, say: Callable[[str], None]) -> None:
    """The scheduler's heartbeat."""
    with hold(site.settings.home, "scheduler"), until_told() as told, site.heartbeat():
        say("调度进程已启动")
        told.wait()


def act(site: Site, say: Callable[[str], None], *, with_parent: bool = False) -> None:
    """The action server; `with_parent` ends it when the process that started it dies."""
    if with_parent:
        die_with_parent()
    settings = site.settings
    with hold(settings.home, "actions"):
        demand_free("127.0.0.1", settings.actions_port, "KEQIAO_ACTIONS_PORT")
        say(f"动作服务：{settings.actions_url}")
        site.serve_actions()


def talk(site: Site, say: Callable[[str], None]) -> None:
    """The bot: trained if its files changed, then served.

    Raises:
        UnavailableError: its own environment is not set up.
    """
    settings = site.settings
    with hold(settings.home, "bot"), until_told() as told:
        demand_free("127.0.0.1", settings.bot_port, "KEQIAO_BOT_PORT")
        if not train_bot(settings, say, told):
            return
        say(f"对话机器人：{settings.bot_url}")
        with subprocess.Popen(  # noqa: S603 -- our own program, no shell
            bot_command(settings), env=bot_environment(site), cwd=settings.bot_home
        ) as process:
            while process.poll() is None and not told.wait(0.2):
                pass
            process.terminate()
        if process.returncode and not told.is_set():
            raise UnavailableError(f"对话机器人意外退出（{process.returncode}），原因见上")
