"""`keqiao handoffs`: people who wait for a person, seen and answered by operators."""

import getpass
import uuid
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.handoffs import Handoff, HandoffEvent, HandoffId, HandoffState, Liaison
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import say, say_json
from keqiao.desks.tokens import make_token

app = typer.Typer(help="转人工：谁在等，接手、回复、交还。", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="受理号", min=1)]
By = Annotated[str | None, typer.Option(help="以谁的名义；默认为当前系统用户")]
AsJson = Annotated[bool, typer.Option("--json", help="每条输出一行 JSON")]
DeskNames = Annotated[list[str] | None, typer.Option("--desk", help="只看某个联络台，可重复")]

STATES = {
    HandoffState.WAITING: "等候中",
    HandoffState.TAKEN: "已接手",
    HandoffState.TIMED_OUT: "在排队",
    HandoffState.HANDED_BACK: "已结束",
}
STEPS = {
    "asked": "转人工",
    "said": "对方",
    "taken": "接手",
    "replied": "回复",
    "timed_out": "超时",
    "ended": "对方结束",
    "handed_back": "交还",
}


@app.command("list")
def listed(
    *,
    state: Annotated[HandoffState | None, typer.Option(help="只列某种状态")] = None,
    desk: DeskNames = None,
    json: AsJson = False,
) -> None:
    """列出还没有结束的，或某种状态的。"""
    states = [state] if state else [one for one in STATES if one != HandoffState.HANDED_BACK]
    with open_site() as site, site.units() as unit:
        found = unit.handoffs.find(states, desk)
        asked = {one.id: unit.handoffs.events(one.id)[0].text for one in found}
    for one in found:
        if json:
            say_json({**_json(one), "text": asked[one.id]})
        else:
            say(f"{_line(one)}  {asked[one.id]}")


@app.command()
def show(number: Number, *, json: AsJson = False) -> None:
    """看一张单子：为什么分到这里、此前的对话、之后的每一步。"""
    with open_site() as site, site.units() as unit:
        handoff = unit.handoffs.get(HandoffId(number))
        events = unit.handoffs.events(handoff.id)
    if json:
        before = [{"speaker": x.speaker, "text": x.text, "at": x.at} for x in handoff.before]
        say_json({**_json(handoff), "before": before, "events": [_step(one) for one in events]})
        return
    say(f"{_line(handoff)}\n{handoff.address}\n{handoff.why}")
    for line in handoff.before:
        say(f"  {line.at.astimezone(SHANGHAI):%m-%d %H:%M}  {line.speaker}  {line.text}")
    for event in events:
        at = event.at.astimezone(SHANGHAI)
        say(f"{at:%m-%d %H:%M}  {STEPS[event.step]}  {event.by}  {event.text}")


@app.command()
def take(number: Number, *, by: By = None) -> None:
    """接手；对方会知道，助手不再说话。"""
    with open_site() as site:
        site.desk.take(HandoffId(number), by=_operator(by))
    say(f"{number} 已接手")


@app.command()
def reply(
    number: Number,
    text: Annotated[str, typer.Argument(help="对方会看到的话")],
    *,
    by: By = None,
    key: Annotated[str | None, typer.Option(help="同一编号只发一次；默认每次不同")] = None,
) -> None:
    """回复对方；没有人接手的同时接手。"""
    if not text.strip():
        raise BadInputError("回复是空的")
    with open_site() as site:
        once = key or uuid.uuid4().hex
        site.desk.reply(HandoffId(number), text.strip(), by=_operator(by), key=once)
    say(f"{number} 已回复")


@app.command("return")
def hand_back(number: Number, *, by: By = None) -> None:
    """交还给助手，单子就此结束。"""
    with open_site() as site:
        site.desk.hand_back(HandoffId(number), by=_operator(by))
    say(f"{number} 已交还")


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="使用者的名称，会出现在记录里")],
    *,
    desk: DeskNames = None,
) -> None:
    """为联络台接口（/desk）发一个令牌，只显示这一次；不给 --desk 即可看全部联络台。"""
    with open_site() as site:
        for one in desk or ():
            _demand_desk(site, one)
        say(make_token(site.settings.home, name, frozenset(desk) if desk else None))


def _demand_desk(site: Site, name: str) -> None:
    names = [one.name for one in site.office.desks.all]
    if name not in names:
        raise BadInputError(f"没有名为 {name} 的联络台，现有：{'、'.join(names)}")


def _operator(by: str | None) -> Liaison:
    return Liaison(name=by or getpass.getuser())


def _line(handoff: Handoff) -> str:
    asked = handoff.asked_at.astimezone(SHANGHAI)
    who = f"（{handoff.taken_by}）" if handoff.taken_by else ""
    return f"{handoff.id}  {asked:%Y-%m-%d %H:%M}  {STATES[handoff.state]}{who}  {handoff.desk}"


def _json(handoff: Handoff) -> dict[str, object]:
    return {
        "number": handoff.id,
        "state": handoff.state,
        "desk": handoff.desk,
        "why": handoff.why,
        "address": str(handoff.address),
        "asked_at": handoff.asked_at.isoformat(),
        "taken_by": handoff.taken_by,
    }


def _step(event: HandoffEvent) -> dict[str, object]:
    return {"step": event.step, "by": event.by, "at": event.at.isoformat(), "text": event.text}
