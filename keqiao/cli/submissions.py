"""`submissions`: forms that were handed in, and deciding upon them."""

import re
from typing import Annotated

import typer

from core.domain.errors import BadInputError, ConflictError
from core.domain.reminders import SHANGHAI
from core.domain.submissions import Submission, SubmissionId, SubmissionStatus
from keqiao.bootstrap import open_site
from keqiao.cli.output import say, say_json

app = typer.Typer(help="查看并审核提交的登记和申请（成果、服务团、专家等）；结果会通知提交人。")

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Number = Annotated[str, typer.Argument(help="编号，如 ZJ-2026-000012")]
Note = Annotated[str, typer.Option(help="说明，提交人会看到")]

STATUS = {
    SubmissionStatus.SUBMITTED: "待审核",
    SubmissionStatus.ACCEPTED: "已通过",
    SubmissionStatus.REFUSED: "未通过",
    SubmissionStatus.WITHDRAWN: "已撤回",
}


@app.command("list")
def list_(
    *,
    form: Annotated[str | None, typer.Option(help="只列一种，如 expert、team、project")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条")] = 50,
    json: Json = False,
) -> None:
    """列出最近提交的，新的在前。"""
    with open_site() as site, site.units() as unit:
        found = unit.submissions.newest(limit, form)
    for one in found:
        _print(one, json=json)


@app.command()
def show(number: Number, *, json: Json = False) -> None:
    """一条的全部内容，包括不公开的联系方式。"""
    with open_site() as site, site.units() as unit:
        one = unit.submissions.get(id_of(number))
    _print(one, json=json)
    if json:
        return
    for entry in one.filled.entries:
        say(f"  {entry.label}：{entry.shown}")
    if one.note:
        say(f"  审核说明：{one.note}")


@app.command()
def accept(number: Number, *, note: Note = "", json: Json = False) -> None:
    """通过；要公开的内容放进资源库，可以被查到和匹配。"""
    _decide(number, SubmissionStatus.ACCEPTED, note=note, json=json)


@app.command()
def refuse(number: Number, *, note: Note = "", json: Json = False) -> None:
    """不通过。"""
    _decide(number, SubmissionStatus.REFUSED, note=note, json=json)


@app.command()
def withdraw(number: Number, *, note: Note = "", json: Json = False) -> None:
    """应提交人要求撤回；已公开的内容从资源库撤下。"""
    _decide(number, SubmissionStatus.WITHDRAWN, note=note, json=json)


def _decide(number: str, to: SubmissionStatus, *, note: str, json: bool) -> None:
    from keqiao.decisions import decide_submission

    with open_site() as site:
        decide = decide_submission(site.store_records)
        try:
            one = decide(id_of(number), to, note=note)
        except ConflictError:
            with site.units() as unit:
                stands = STATUS[unit.submissions.get(id_of(number)).status]
            raise BadInputError(f"{number} {stands}，不能改为“{STATUS[to]}”") from None
    _print(one, json=json)


def id_of(number: str) -> SubmissionId:
    """The id in a number people quote.

    Raises:
        BadInputError: it is no such number.
    """
    digits = number.rpartition("-")[2]
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        raise BadInputError(f"编号不对：{number}，应形如 ZJ-2026-000012")
    return SubmissionId(int(digits))


def _print(one: Submission, *, json: bool) -> None:
    if json:
        say_json(
            {
                "number": one.number,
                "form": one.filled.form,
                "status": one.status,
                "address": str(one.address),
                "created_at": one.created_at.isoformat(),
                "values": {entry.name: entry.value for entry in one.filled.entries},
                "shown": {entry.label: entry.shown for entry in one.filled.entries},
                "record": one.filled.record and f"{one.filled.record.library}/{one.number}",
                "note": one.note,
            }
        )
        return
    at = f"{one.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    say("  ".join((one.number, at, STATUS[one.status], one.filled.title, str(one.address))))
