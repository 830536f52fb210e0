"""`keqiao broadcast`: messages of operators to many, from a draft to the last of them."""

import getpass
from datetime import datetime
from typing import Annotated

import typer

from core.domain.broadcasts import (
    Broadcast,
    BroadcastEvent,
    BroadcastId,
    BroadcastState,
)
from core.domain.conversations import MAX_TEXT_CHARS, Address
from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.domain.reminders import SHANGHAI
from core.services.broadcasts.people import TellRole
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import instant, say, say_json

app = typer.Typer(
    help="群发：写草稿、预览、试发、发送、审批、停止、看进度。", no_args_is_help=True
)

Number = Annotated[int, typer.Argument(help="群发编号", min=1)]
By = Annotated[str | None, typer.Option(help="以谁的名义；默认为当前系统用户")]
AsJson = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")]
RoleNames = Annotated[
    list[str] | None,
    typer.Option("--role", help="身份，可重复，如 企业、高校、政府"),
]
Industries = Annotated[list[str] | None, typer.Option("--industry", help="产业领域，可重复")]
RegionName = Annotated[str | None, typer.Option("--region", help="地区，如 江苏省常州市")]

STATES = {
    BroadcastState.DRAFT: "草稿",
    BroadcastState.WAITING: "等待另一人审批",
    BroadcastState.SENDING: "发送中",
    BroadcastState.DONE: "已完成",
    BroadcastState.STOPPED: "已停止",
}
PROGRESS = {
    "sent": "已发",
    "queued": "排队",
    "sending": "在发",
    "held": "暂缓",
    "dead": "失败",
    "unknown": "结果不明",
    "expired": "已过期",
    "cancelled": "已撤下",
    "left_out": "不发",
    "stopped": "已停",
}
STEPS = {"made": "起草", "tried": "试发", **{str(state): name for state, name in STATES.items()}}


@app.command()
def make(  # noqa: PLR0913 -- one option each
    text: Annotated[str, typer.Argument(help="对方会看到的话")],
    *,
    role: RoleNames = None,
    region: RegionName = None,
    industry: Industries = None,
    channel: Annotated[list[str] | None, typer.Option(help="只发某个渠道，可重复")] = None,
    until: Annotated[str | None, typer.Option(help="过了这个时间就不再发，ISO 时间")] = None,
    key: Annotated[str | None, typer.Option(help="同一编号只建一份；默认按内容和日期")] = None,
    by: By = None,
    json: AsJson = False,
) -> None:
    """写一份草稿并预览；什么条件都不给，就是所有愿意接收的人。"""
    from keqiao.audiences import read_audience

    audience, ends = read_audience(role, region, industry, channel), _until(until)
    if not 0 < len(text.strip()) <= MAX_TEXT_CHARS:
        raise BadInputError(f"内容要有 1 到 {MAX_TEXT_CHARS} 字")
    with open_site() as site:
        if ends is not None and ends <= site.clock.now():
            raise BadInputError(f"--until 已经过去：{until}")
        made = site.broadcasting.make(text, audience, by=_operator(by), until=ends, key=key)
        _show(site, made, json=json)


@app.command("list")
def listed(
    *,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条")] = 20,
    json: AsJson = False,
) -> None:
    """列出最近的，新的在前。"""
    with open_site() as site, site.units() as unit:
        found = unit.broadcasts.newest(limit)
    for one in found:
        if json:
            say_json(_json(one))
        else:
            say(f"{one.id}  {_moment(one.made_at)}  {STATES[one.state]}  {one.text[:40]}")


@app.command()
def show(number: Number, *, json: AsJson = False) -> None:
    """预览、人数、进度和经过。"""
    with open_site() as site:
        _show(site, _get(site, number), json=json)


@app.command("try")
def try_(
    number: Number,
    to: Annotated[str, typer.Option(help="试发给谁，渠道:用户")],
    *,
    by: By = None,
) -> None:
    """先发给自己看看。"""
    with open_site() as site:
        _get(site, number)
        site.broadcasting.attempt(BroadcastId(number), _address(to), by=_operator(by))
    say(f"{number} 已试发给 {to}")


@app.command()
def send(number: Number, *, by: By = None, json: AsJson = False) -> None:
    """发送；人数超过上限的要另一人审批。再执行一次不会重发。"""
    with open_site() as site:
        one = _get(site, number)
        if not site.broadcasting.count(one.audience):
            raise BadInputError(f"{number} 没有人符合条件，没有发送；请放宽条件再建一份")
        try:
            one = site.broadcasting.send(one.id, by=_operator(by))
        except ConflictError:
            raise BadInputError(f"{number} 已停止，不能再发；请另建一份") from None
        _show(site, one, json=json)


@app.command()
def approve(number: Number, *, by: By = None, json: AsJson = False) -> None:
    """由另一人批准发送。"""
    with open_site() as site:
        one = _get(site, number)
        try:
            one = site.broadcasting.approve(one.id, by=_operator(by))
        except ConflictError:
            raise BadInputError(
                f"{number} 不能由{_operator(by)}批准：{STATES[one.state]}，且须由没有经手的人批准"
            ) from None
        _show(site, one, json=json)


@app.command()
def stop(number: Number, *, by: By = None, json: AsJson = False) -> None:
    """立刻停止：还没发出的都不再发。"""
    with open_site() as site:
        _get(site, number)
        _show(site, site.broadcasting.stop(BroadcastId(number), by=_operator(by)), json=json)


@app.command()
def role(
    address: Annotated[str, typer.Argument(help="渠道:用户")],
    name: Annotated[str, typer.Argument(help="身份：企业、高校、社团、政府、科研人员、服务机构")],
    *,
    region: RegionName = None,
    industry: Industries = None,
    by: By = None,
) -> None:
    """登记一个人的身份，以及地区和产业领域。"""
    from keqiao.audiences import read_audience, read_roles

    (found,) = read_roles([name])
    told = read_audience(None, region, industry, None)
    with open_site() as site:
        TellRole(units=site.units, clock=site.clock)(
            _address(address),
            found,
            by=_operator(by),
            region=told.region or None,
            industries=told.industries or None,
        )
    say(f"{address} 已登记为{name}")


def _get(site: Site, number: int) -> Broadcast:
    try:
        with site.units() as unit:
            return unit.broadcasts.get(BroadcastId(number))
    except NotFoundError:
        raise BadInputError(f"没有编号为 {number} 的群发") from None


def _address(text: str) -> Address:
    try:
        return Address.parse(text)
    except BadInputError:
        raise BadInputError(f"地址要写成 渠道:用户，如 web:li，不能是 {text}") from None


def _until(text: str | None) -> datetime | None:
    try:
        return instant(text)
    except BadInputError:
        raise BadInputError(
            f"--until 不是 ISO 时间：{text}，请写成 2026-11-21T10:00+08:00"
        ) from None


def _operator(by: str | None) -> str:
    return by or getpass.getuser()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _show(site: Site, one: Broadcast, *, json: bool) -> None:
    from keqiao.audiences import previews

    people = site.broadcasting.count(one.audience)
    with site.units() as unit:
        progress, events = unit.broadcasts.counts(one.id), unit.broadcasts.events(one.id)
    shown = previews(one.text, people)
    if json:
        say_json(
            {
                **_json(one),
                "people": people,
                "progress": progress,
                "preview": shown,
                "events": [_event(event) for event in events],
            }
        )
        return
    say(f"{one.id}  {STATES[one.state]}  符合条件 {sum(people.values())} 人")
    for channel, text in shown.items():
        say(f"—— {channel}：{people.get(channel, 0)} 人\n{text}")
    if progress:
        counts = (f"{PROGRESS.get(name, name)} {count}" for name, count in progress.items())
        say("进度：" + "，".join(counts))
    for event in events:
        say(f"{_moment(event.at)}  {STEPS.get(event.step, event.step)}  {event.by}  {event.note}")


def _json(one: Broadcast) -> dict[str, object]:
    audience = one.audience
    return {
        "number": one.id,
        "state": one.state,
        "text": one.text,
        "audience": {
            "roles": audience.roles,
            "region": audience.region,
            "industries": audience.industries,
            "channels": audience.channels,
        },
        "made_by": one.made_by,
        "made_at": one.made_at.isoformat(),
        "until": one.until.isoformat() if one.until else None,
    }


def _event(event: BroadcastEvent) -> dict[str, object]:
    return {"at": event.at.isoformat(), "by": event.by, "step": event.step, "note": event.note}
