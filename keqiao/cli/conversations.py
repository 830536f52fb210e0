"""`chat` and `extract`: the assistant in the terminal."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from channels.parts import told
from core.domain.deliveries import Delivery
from core.domain.errors import BadInputError
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import (
    button_json,
    citation_json,
    instant,
    progress,
    say,
    say_json,
)
from keqiao.jsonl import JsonLine, json_lines
from keqiao.terminal import Terminal

ME = "me"
"""Who speaks when the terminal is used by hand."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (chat, extract):
        app.command()(command)


def chat(
    *,
    script: Annotated[Path | None, typer.Option(help='每行 {"sender","text"}')] = None,
    now: Annotated[str | None, typer.Option(help="以此刻为“现在”（ISO 时间）")] = None,
    json: Annotated[bool, typer.Option("--json", help="每轮输出一行 JSON")] = False,
) -> None:
    """在终端里与助手对话；机器人未运行时自动启动一个。"""
    from keqiao.processes.session import with_bot

    at = instant(now)
    lines = list(json_lines(script)) if script else None
    with open_site() as opened, with_bot(opened, progress) as site:
        terminal = Terminal(
            units=site.units, accept=site.accept_inbound, handle=site.handle_inbound
        )
        for line in lines if lines is not None else _typed():
            _turn(site, terminal, line, at, json=json)


def _typed() -> Iterator[JsonLine]:
    progress("直接输入要说的话，空行或 Ctrl-D 结束。")
    number = 0
    while True:
        try:
            text = input("> ").strip()
        except EOFError:
            return
        if not text:
            return
        number += 1
        yield JsonLine(number, {"sender": ME, "text": text})


def _turn(
    site: Site, terminal: Terminal, line: JsonLine, at: datetime | None, *, json: bool
) -> None:
    sender = str(line.fields.get("sender") or ME)
    text = line.text("text")
    began = time.perf_counter()
    deliveries = terminal.say(sender, text, said_at=at or site.clock.now())
    elapsed = round((time.perf_counter() - began) * 1000, 1)
    if json:
        replies = [_reply_json(delivery) for delivery in deliveries]
        say_json({"sender": sender, "text": text, "replies": replies, "elapsed_ms": elapsed})
        return
    for delivery in deliveries:
        _print(delivery)


def _reply_json(delivery: Delivery) -> dict[str, object]:
    reply = delivery.message.reply
    return {
        "kind": reply.kind,
        "text": told(reply),
        "citations": [citation_json(citation) for citation in reply.citations],
        "buttons": [button_json(button) for button in reply.buttons],
    }


def _print(delivery: Delivery) -> None:
    reply = delivery.message.reply
    say(told(reply))
    for citation in reply.citations:
        say(f"  〔{citation.document}｜{citation.section}〕“{citation.quote}”")
    if reply.buttons:
        say("  " + "  ".join(f"[{button.title}]" for button in reply.buttons))


def extract(
    text: Annotated[str | None, typer.Argument(help="需求描述")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help='每行 {"id","text"}')] = None,
    now: Annotated[str | None, typer.Option(help="以此刻为“现在”（ISO 时间）")] = None,
    json: Annotated[bool, typer.Option("--json", help="紧凑 JSON，每条一行")] = False,
) -> None:
    """从一段话里读出需求的各项内容。"""
    from actions.understanding.extract import read, to_json
    from keqiao.models import second_reading

    if (text is None) == (file is None):
        raise BadInputError("请给出一段话，或用 --file 给出文件")
    at = instant(now)
    lines = json_lines(file) if file else iter([JsonLine(1, {"text": text})])
    with open_site() as site:
        second = second_reading(site.settings)
        for line in lines:
            said, said_at = line.text("text"), at or site.clock.now()
            reading = read(said, said_at)
            draft = second.fill(reading.draft, said, said_at) if second else reading.draft
            found = {"id": line.fields.get("id"), **to_json(draft), "ask": list(reading.ask)}
            say_json(found, indent=None if json else 2)
