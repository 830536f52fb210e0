"""`questions` and `needs`: what waits for people of the association."""

from typing import Annotated

import typer

from core.domain.needs import Need
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import open_site
from keqiao.cli.output import say, say_json

AsJson = Annotated[bool, typer.Option("--json", help="每条输出一行 JSON")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (questions, needs):
        app.command()(command)


def questions(*, json: AsJson = False) -> None:
    """列出等待答复的问题：转人工的，和文件里没有答案的。"""
    with open_site() as site, site.units() as unit:
        waiting = unit.questions.open()
    for one in waiting:
        if json:
            say_json(
                {
                    "id": one.id,
                    "handoff": one.handoff,
                    "address": one.address,
                    "question": one.question,
                    "reason": one.reason,
                    "asked_at": one.asked_at.isoformat(),
                }
            )
        else:
            kind = "转人工" if one.handoff else "未答上"
            asked = one.asked_at.astimezone(SHANGHAI)
            say(f"{one.id}  {asked:%Y-%m-%d %H:%M}  {kind}  {one.address}  {one.question}")


def needs(
    *,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条")] = 50,
    json: AsJson = False,
) -> None:
    """列出最近登记的需求，新的在前。"""
    from actions.understanding.extract import to_json
    from actions.wording import summary

    with open_site() as site, site.units() as unit:
        found = unit.needs.newest(limit)
    for need in found:
        if json:
            head = {"number": need.number, "status": need.status, "address": str(need.address)}
            say_json({**head, "created_at": need.created_at.isoformat(), **to_json(need.draft)})
        else:
            say(f"{_title(need)}\n{summary(need.draft)}\n")


def _title(need: Need) -> str:
    at = need.created_at.astimezone(SHANGHAI)
    return f"{need.number}  {at:%Y-%m-%d %H:%M}  {need.address}"
