"""`up` and the processes one by one."""

from typing import Annotated

import typer

from keqiao.bootstrap import open_site
from keqiao.cli.output import progress


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (up, serve, actions, bot, worker, scheduler):
        app.command()(command)


def up() -> None:
    """启动整个系统：网关、动作服务、对话机器人、收发与调度；Ctrl-C 全部停止。"""
    from keqiao.processes.up import up as start

    with open_site() as site:
        start(site, progress)


def serve() -> None:
    """只启动网关（网页对话、Webhook、接口）。"""
    from keqiao.processes.alone import serve as start

    with open_site() as site:
        start(site, progress)


def actions(
    *, with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False
) -> None:
    """只启动动作服务（供对话机器人调用）。"""
    from keqiao.processes.alone import act

    with open_site() as site:
        act(site, progress, with_parent=with_parent)


def bot() -> None:
    """只启动对话机器人（Rasa，仅监听本机）。"""
    from keqiao.processes.alone import talk

    with open_site() as site:
        talk(site, progress)


def worker() -> None:
    """只启动处理进程（收件箱与发件箱）。"""
    from keqiao.processes.alone import work

    with open_site() as site:
        work(site, progress)


def scheduler() -> None:
    """只启动调度进程（到期提醒）。"""
    from keqiao.processes.alone import schedule

    with open_site() as site:
        schedule(site, progress)
