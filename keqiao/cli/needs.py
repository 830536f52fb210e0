"""`needs`: what enterprises need, and moving it along."""

import getpass
import re
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.matching.pairings import PairingState
from core.domain.moves import IllegalMoveError, NeedEvent
from core.domain.needs import Need, NeedId, NeedStatus
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import open_site
from keqiao.cli.output import say, say_json

app = typer.Typer(help="查看问题库里的需求，推进它们的状态；推进时会通知登记人。")

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Number = Annotated[str, typer.Argument(help="需求编号，如 KQ-2026-000123")]
Note = Annotated[str, typer.Option(help="说明，登记人会看到")]
By = Annotated[str, typer.Option(help="经办人，默认取系统用户名")]


@app.callback(invoke_without_command=True)
def needs(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条")] = 50,
    json: Json = False,
) -> None:
    """列出最近登记的需求，新的在前；或用子命令查看、推进一条。"""
    from actions.wording import summary

    if context.invoked_subcommand is not None:
        return
    with open_site() as site, site.units() as unit:
        found = unit.needs.newest(limit)
    for need in found:
        if json:
            say_json(need_json(need))
        else:
            say(f"{_title(need)}\n{summary(need.draft)}\n")


@app.command()
def show(number: Number, *, json: Json = False) -> None:
    """一条需求：内容、经过、登记人对推荐的答复。"""
    from actions.wording import summary

    with open_site() as site, site.units() as unit:
        need = unit.needs.get(id_of(number))
        events = unit.needs.events(need.id)
        answers = [one for one in unit.pairings.of(need.id) if one.answered_at]
    if json:
        said = [
            {
                "record": one.record_id,
                "wanted": one.state is not PairingState.DECLINED,
                "reason": one.reason,
                "state": one.state,
            }
            for one in answers
        ]
        events_json = [_event_json(event) for event in events]
        say_json({**need_json(need), "events": events_json, "answers": said})
        return
    say(f"{_title(need)}\n{summary(need.draft)}")
    for event in events:
        say(_happened(event))
    for one in answers:
        wanted = one.state is not PairingState.DECLINED
        say(f"{'愿意对接' if wanted else '不感兴趣'}  {one.record_id}  {one.reason}")


@app.command()
def publish(number: Number, *, note: Note = "", by: By = "", json: Json = False) -> None:
    """审核通过，公开需求。"""
    _move(number, NeedStatus.PUBLISHED, note=note, by=by, json=json)


@app.command()
def talks(number: Number, *, note: Note = "", by: By = "", json: Json = False) -> None:
    """开始对接。"""
    _move(number, NeedStatus.IN_TALKS, note=note, by=by, json=json)


@app.command()
def land(number: Number, *, note: Note = "", by: By = "", json: Json = False) -> None:
    """合作落地。"""
    _move(number, NeedStatus.LANDED, note=note, by=by, json=json)


@app.command()
def close(number: Number, *, note: Note = "", by: By = "", json: Json = False) -> None:
    """结束需求。"""
    _move(number, NeedStatus.CLOSED, note=note, by=by, json=json)


def _move(number: str, to: NeedStatus, *, note: str, by: str, json: bool) -> None:
    with open_site() as site:
        try:
            need = site.move_need(id_of(number), to, by=by or getpass.getuser(), note=note)
        except IllegalMoveError as error:
            raise BadInputError(
                f"需求 {error.need.number} 现在是“{_status(error.need.status)}”，"
                f"不能变为“{_status(to)}”"
            ) from None
    if json:
        say_json(need_json(need))
    else:
        say(_title(need))


def id_of(number: str) -> NeedId:
    """The id in a number people quote.

    Raises:
        BadInputError: it is no such number.
    """
    digits = number.rpartition("-")[2]
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        raise BadInputError(f"需求编号不对：{number}，应形如 KQ-2026-000123")
    return NeedId(int(digits))


def need_json(need: Need) -> dict[str, object]:
    """A need as a JSON object."""
    from actions.understanding.extract import to_json

    head = {"number": need.number, "status": need.status, "address": str(need.address)}
    return {**head, "created_at": need.created_at.isoformat(), **to_json(need.draft)}


def _event_json(event: NeedEvent) -> dict[str, object]:
    from actions.understanding.extract import to_json

    return {
        "at": event.at.isoformat(),
        "by": event.by,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "replaced": event.replaced and to_json(event.replaced),
    }


def _title(need: Need) -> str:
    at = need.created_at.astimezone(SHANGHAI)
    return f"{need.number}  {at:%Y-%m-%d %H:%M}  {_status(need.status)}  {need.address}"


def _happened(event: NeedEvent) -> str:
    at = event.at.astimezone(SHANGHAI)
    what = "补充" if event.replaced else _status(event.after)
    return f"{at:%Y-%m-%d %H:%M}  {what}  {event.by}  {event.note}"


def _status(status: NeedStatus) -> str:
    from actions.wording import need_status

    return need_status(status)
