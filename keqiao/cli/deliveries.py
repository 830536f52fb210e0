"""`deliveries`: what became of messages on their way out, and deciding about some."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from channels.words import words
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboxId, Step
from core.domain.reminders import SHANGHAI
from core.ports.deliveries import Asked
from core.services.deliveries import GiveUpDelivery, RetryDelivery
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json
from keqiao.logs import mask
from scheduler.logs import masked

WORDS = Path(__file__).with_suffix(".yml")

app = typer.Typer(help="查看发件箱：投递的状态、经过和死信，并决定重发或关闭。")

Json = Annotated[bool, typer.Option("--json", help="每条投递输出一行 JSON")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多列出几条，新的在前")]
Number = Annotated[int, typer.Argument(help="投递的编号")]
By = Annotated[str, typer.Option(help="谁决定的，记入经过；默认是本机用户名")]


@app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="只列这个状态的")] = None,
    channel: Annotated[str | None, typer.Option(help="只列这个渠道的")] = None,
    person: Annotated[str | None, typer.Option(help="只列发给这个人的，写作 渠道:用户")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """列出投递，新的在前；收件人只显示开头。"""
    if context.invoked_subcommand is not None:
        return
    address = Address.parse(person) if person else None
    _list(Asked(state=state, channel=channel, address=address), limit, json=json)


@app.command()
def dead(*, limit: Limit = 50, json: Json = False) -> None:
    """列出死信：为什么没有送到，该怎么办。"""
    _list(Asked(state=DeliveryState.DEAD), limit, json=json)


@app.command()
def routes(*, json: Json = False) -> None:
    """列出近来失败的去路（机器人、应用）：连续失败几次，停到何时。"""
    with open_site() as site, site.units() as unit:
        found, now = unit.routes.troubled(), site.clock.now()
    lines = words("lines", WORDS)
    for route in found:
        if json:
            say_json({**asdict(route), "held": route.held(now)})
            continue
        until = route.held_until if route.held(now) else None
        paused = lines["paused"].format(at=_at(until)) if until else lines["trying"]
        say(f"{route.name}  {lines['failures'].format(count=route.failures)}  {paused}")
    if not found and not json:
        progress("所有去路正常")


@app.command()
def show(number: Number, *, json: Json = False) -> None:
    """显示一条投递的经过：排入、每次尝试、平台的答复、由谁。"""
    with open_site() as site, site.units() as unit:
        delivery = unit.outbox.get(OutboxId(number))
        steps = unit.timelines.steps(delivery.id)
    if json:
        say_json({**_told(delivery, None), "steps": [_step_told(step) for step in steps]})
        return
    message, lines = delivery.message, words("lines", WORDS)
    say(_line(delivery))
    promised = message.promised_at
    planned = [_at(delivery.created_at), lines["planned"], f"[{delivery.trace}]"]
    say("  ".join(planned + ([lines["promised"].format(at=_at(promised))] if promised else [])))
    for step in steps:
        say(_shown(step))
    if delivery.state is DeliveryState.SENDING and delivery.taken_at is not None:
        who = lines["process"].format(who=delivery.taken_by)
        say(f"{_at(delivery.taken_at)}  {_state(delivery.state)}  {who}")


@app.command()
def retry(number: Number, *, by: By = "", json: Json = False) -> None:
    """重发一条死信或结果不明的投递；可能重复的会说明。"""
    with open_site() as site:
        again = RetryDelivery(units=site.units, clock=site.clock, wakeups=site.wakeups)
        _print(again(OutboxId(number), by=by or getuser()), None, json=json)


@app.command("give-up")
def give_up(number: Number, *, by: By = "", json: Json = False) -> None:
    """关闭一条死信或结果不明的投递，不再发送。"""
    with open_site() as site:
        closed = GiveUpDelivery(units=site.units, clock=site.clock)
        _print(closed(OutboxId(number), by=by or getuser()), None, json=json)


def _list(asked: Asked, limit: int, *, json: bool) -> None:
    with open_site() as site, site.units() as unit:
        found = unit.timelines.newest(asked, limit)
        last = unit.timelines.last([one.id for one in found])
    for one in found:
        _print(one, last.get(one.id), json=json)
    if not found and not json:
        progress("没有这样的投递")


def _print(delivery: Delivery, last: Step | None, *, json: bool) -> None:
    if json:
        say_json(_told(delivery, last))
        return
    say(_line(delivery))
    if last is not None and delivery.error is not None and delivery.state is last.state:
        say(f"    {_why(last)}")
        if delivery.state in {DeliveryState.DEAD, DeliveryState.UNKNOWN}:
            say(f"    {_todo(last)}")


def _line(delivery: Delivery) -> str:
    purpose = words("purposes", WORDS)[delivery.message.purpose]
    parts = (str(delivery.id), _at(delivery.created_at), _state(delivery.state), purpose)
    return "  ".join((*parts, masked(delivery.message.address)))


def _why(step: Step) -> str:
    """What went wrong, in an operator's words; the platform's own behind it."""
    trouble = step.made.trouble
    kind = words("troubles", WORDS)[trouble] if trouble else ""
    code = words("lines", WORDS)["code"].format(code=step.made.code) if step.made.code else ""
    told = step.made.hint or mask(step.said)
    return "；".join(part for part in (kind, code, told) if part)


def _todo(step: Step) -> str:
    return words("todo", WORDS)[step.made.trouble or "none"]


def _shown(step: Step) -> str:
    lines, made = words("lines", WORDS), step.made
    parts = [_at(step.began_at or step.at), _state(step.state)]
    if made.by:
        kind, _, who = made.by.partition("operator:")
        name = "operator" if who else "process"
        parts.append(lines[name].format(who=who or kind))
    if made.trouble or step.said:
        parts.append(_why(step))
    if made.platform_id:
        parts.append(lines["receipt"].format(id=made.platform_id))
    if step.due_at is not None:
        parts.append(lines["next"].format(at=_at(step.due_at)))
    return "  ".join(parts)


def _state(state: DeliveryState) -> str:
    return words("states", WORDS)[state]


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _told(delivery: Delivery, last: Step | None) -> Mapping[str, object]:
    message = delivery.message
    told: dict[str, object] = {
        "id": delivery.id,
        "trace": delivery.trace,
        "state": delivery.state,
        "purpose": message.purpose,
        "address": masked(message.address),
        "created_at": delivery.created_at.isoformat(),
        "due_at": delivery.due_at.isoformat() if delivery.due_at else None,
        "attempts": delivery.attempts,
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
        "error": mask(delivery.error) if delivery.error else None,
    }
    return {**told, "last": _step_told(last)} if last is not None else told


def _step_told(step: Step) -> Mapping[str, object]:
    made = step.made
    return {
        "at": step.at.isoformat(),
        "began_at": step.began_at.isoformat() if step.began_at else None,
        "state": step.state,
        "attempt": step.attempt,
        "by": made.by,
        "trouble": made.trouble,
        "code": made.code,
        "said": mask(step.said),
        "hint": made.hint,
        "platform_id": made.platform_id,
        "due_at": step.due_at.isoformat() if step.due_at else None,
    }
