"""`chat`, `extract` and `match`: the assistant in the terminal."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.domain.deliveries import Delivery
from core.domain.errors import BadInputError
from core.domain.matches import Match
from core.domain.moves import has_ended
from keqiao.bootstrap import Site, open_site
from keqiao.cli.needs import id_of
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
SHOWN = 10
"""How many matches are listed."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (chat, extract, match):
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
        "text": reply.text,
        "citations": [citation_json(citation) for citation in reply.citations],
        "buttons": [button_json(button) for button in reply.buttons],
    }


def _print(delivery: Delivery) -> None:
    reply = delivery.message.reply
    say(reply.text)
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


def match(
    need_id: Annotated[str | None, typer.Argument(help="需求编号，如 KQ-2026-000123")] = None,
    *,
    text: Annotated[str | None, typer.Option(help="直接给出一段需求描述")] = None,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """为一条需求推荐资源，并说明理由。"""
    from actions.wording import reason

    with open_site() as site:
        name, found = _matches(site, need_id, text)
    if json:
        say_json({"need": name, "matches": [_match_json(one) for one in found]})
        return
    for one in found:
        reasons = "；".join(reason(each) for each in one.reasons)
        say(f"{one.score:.2f}  {one.title}（{one.record_id}）  {reasons}")


def _matches(
    site: Site, number: str | None, text: str | None
) -> tuple[str | None, tuple[Match, ...]]:
    from actions.understanding.extract import extract as read

    if (number is None) == (text is None):
        raise BadInputError("请给出需求编号，或用 --text 给出描述")
    if number is None:
        return None, site.match_need(read(text or "", site.clock.now()), limit=SHOWN)
    with site.units() as unit:
        need = unit.needs.get(id_of(number))
    if has_ended(need):
        raise BadInputError(f"需求 {need.number} 已经结束，不再推荐")
    return need.number, site.find_matches(need, limit=SHOWN)


def _match_json(one: Match) -> dict[str, object]:
    from actions.wording import facet, reason

    return {
        "library": one.library,
        "id": one.record_id,
        "title": one.title,
        "score": one.score,
        "reasons": [reason(each) for each in one.reasons],
        "missing": [facet(each) for each in one.missing],
    }
