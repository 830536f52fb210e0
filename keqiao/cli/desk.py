"""`questions`: what waits for people of the association."""

from typing import Annotated

import typer

from core.domain.reminders import SHANGHAI
from core.services.matching.orders import TAKEN, UNPLACED
from core.services.own_needs.moving import TAKEN_BACK
from core.services.own_needs.offers import WANTED
from core.services.questions import COMPLAINT
from keqiao.bootstrap import open_site
from keqiao.cli.output import say, say_json

AsJson = Annotated[bool, typer.Option("--json", help="每条输出一行 JSON")]


KINDS = {
    WANTED: "请求对接",
    TAKEN_BACK: "需求撤回",
    COMPLAINT: "说答得不对",
    UNPLACED: "无人接单",
    TAKEN: "已接单，请安排对接",
}
"""What a line is about, by its reason; all others are questions that were not answered."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(questions)


def questions(*, json: AsJson = False) -> None:
    """列出等人处理的：未答上、说答得不对、请求对接、对接中撤回。"""
    with open_site() as site, site.units() as unit:
        waiting = unit.questions.open()
    for one in waiting:
        if json:
            say_json(
                {
                    "id": one.id,
                    "address": one.address,
                    "question": one.question,
                    "reason": one.reason,
                    "asked_at": one.asked_at.isoformat(),
                }
            )
        else:
            kind = KINDS.get(one.reason, "未答上")
            asked = one.asked_at.astimezone(SHANGHAI)
            say(f"{one.id}  {asked:%Y-%m-%d %H:%M}  {kind}  {one.address}  {one.question}")
