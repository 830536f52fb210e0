"""`sandbox`: a platform on this machine to try a whole site against, without an account."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from typing import TYPE_CHECKING, Annotated

import typer

from core.domain.errors import BadInputError
from keqiao.cli.output import progress, say

if TYPE_CHECKING:
    from tests.fakes.platforms.sandbox import Sandbox

LOOK_S = 0.1
QUIET_S = 3.0
PATIENCE_S = 60.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sandbox)


def sandbox(
    platform: Annotated[str, typer.Argument(help="wechat、wecom、dingtalk 或 feishu")],
    *,
    site: Annotated[str, typer.Option(help="科桥网关的地址")] = "http://127.0.0.1:8000",
    port: Annotated[int, typer.Option(help="仿真平台监听的端口，0 为任意")] = 9100,
) -> None:
    """在本机仿真一个平台，不用申请账号就能试整套部署：在这里说话，在这里看到回复。"""
    try:
        known = importlib.import_module("tests.fakes.platforms.sandbox").SANDBOXES
    except ModuleNotFoundError:
        raise BadInputError(
            "仿真平台随源代码提供：请在科桥的源代码目录里运行 keqiao sandbox"
        ) from None
    if platform not in known:
        raise BadInputError(f"没有 {platform} 的仿真平台，可选 {'、'.join(known)}")
    with known[platform](site.rstrip("/"), port) as opened:
        progress(
            "把下面几行写进 keqiao.toml，再启动科桥（keqiao up）；然后在这里说话，Ctrl-D 结束。"
        )
        for name, value in opened.settings.items():
            say(f'{name} = "{value}"' if name != "wecom_agent_id" else f"{name} = {value}")
        _converse(opened)


def _converse(opened: Sandbox) -> None:
    done = threading.Event()
    reader = threading.Thread(target=_show, args=(opened, done), daemon=True)
    reader.start()
    said = 0
    for line in sys.stdin:
        text = line.strip()
        if text and not opened.say(text):
            progress("科桥没有收下：请确认已按上面的设置启动，地址是 --site 所写")
        elif text:
            said += 1
    _wait(opened, said)
    done.set()
    reader.join()


def _show(opened: Sandbox, done: threading.Event) -> None:
    """Print what the person is told, as it comes."""
    shown = 0
    while True:
        ending = done.is_set()
        for text in opened.read()[shown:]:
            say(f"← {text}")
            shown += 1
        if ending:
            return
        time.sleep(LOOK_S)


def _wait(opened: Sandbox, said: int) -> None:
    """After the last word: until all was answered and nothing more comes for a while."""
    began = changed = time.monotonic()
    heard = len(opened.read())
    while time.monotonic() - began < PATIENCE_S:
        if heard >= said and time.monotonic() - changed > QUIET_S:
            return
        time.sleep(LOOK_S)
        now = len(opened.read())
        if now != heard:
            heard, changed = now, time.monotonic()
