"""`operators` and `audit`: who may sign in at the console, and what was done there."""

import sys
from typing import Annotated

import typer

from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.domain.operating.deeds import Deed, DeedId, WantedDeeds
from core.domain.operating.operators import OperatorRole
from core.domain.operating.passwords import LONGEST, SHORTEST
from core.services.operating.accounts import AddOperator, ChangeOperator, RemoveOperator
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json

app = typer.Typer(help="操作台账号：开通、改密码或权限、停用。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="姓名，只用文字、数字和连字符")]
RoleOption = Annotated[
    OperatorRole, typer.Option("--role", help="reader 查看，operator 经办，approver 审批")
]
Json = Annotated[bool, typer.Option("--json", help="每条输出一行 JSON")]


@app.command()
def add(name: Name, *, role: RoleOption = OperatorRole.OPERATOR) -> None:
    """开通一个账号；密码在终端里输入，或从标准输入读一行。"""
    with open_site() as site:
        try:
            AddOperator(units=site.units, clock=site.clock)(name, role, _password())
        except ConflictError:
            raise BadInputError(
                f"已有名为 {name} 的账号；改密码请用 keqiao operators set"
            ) from None
    say(f"已开通 {name}（{role}），请到 /console 登录")


@app.command("set")
def set_(
    name: Name,
    *,
    role: Annotated[OperatorRole | None, typer.Option("--role", help="新的权限")] = None,
    password: Annotated[bool, typer.Option("--password", help="改密码")] = False,
) -> None:
    """改权限或密码；此人已登录的页面要重新登录。"""
    if role is None and not password:
        raise BadInputError("请给出 --role 或 --password")
    with open_site() as site:
        change = ChangeOperator(units=site.units)
        try:
            change(name, role=role, password=_password() if password else None)
        except NotFoundError:
            raise _unknown(name) from None
    say(f"{name} 已更新")


@app.command()
def remove(name: Name) -> None:
    """停用一个账号，立即生效；操作记录保留。"""
    with open_site() as site:
        try:
            RemoveOperator(units=site.units)(name)
        except NotFoundError:
            raise _unknown(name) from None
    say(f"{name} 已停用")


@app.command("list")
def listed(*, json: Json = False) -> None:
    """列出全部账号。"""
    with open_site() as site, site.units() as unit:
        found = unit.operators.list()
    for one in found:
        if json:
            say_json({"name": one.name, "role": one.role, "made_at": one.made_at.isoformat()})
        else:
            say(f"{one.name}  {one.role}")


def audit(
    *,
    by: Annotated[str, typer.Option(help="谁做的")] = "",
    target: Annotated[str, typer.Option(help="对象编号，如 experts/Z1")] = "",
    what: Annotated[str, typer.Option(help="做了什么，如 edit、withdraw、sign_in")] = "",
    before: Annotated[int | None, typer.Option(min=1, help="只列这个编号之前的")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少条")] = 50,
    json: Json = False,
) -> None:
    """操作台的操作记录，新的在前：谁、何时、对什么、做了什么、结果。"""
    wanted = WantedDeeds(by=by, target=target, what=what)
    with open_site() as site, site.units() as unit:
        found = unit.deeds.page(DeedId(before) if before else None, limit, wanted)
    for one in found:
        if json:
            say_json(_json(one))
        else:
            said = (str(one.id), one.at.isoformat(timespec="seconds"), one.by, one.what)
            say("  ".join((*said, one.target, one.state, one.note)).rstrip())


def register(family: typer.Typer) -> None:
    """Add the commands."""
    family.command()(audit)
    family.add_typer(app, name="operators")


def _password() -> str:
    if sys.stdin.isatty():
        given: str = typer.prompt("密码", hide_input=True, confirmation_prompt="再输入一次")
    else:
        progress("从标准输入读取密码")
        given = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(given) <= LONGEST:
        raise BadInputError(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符")
    return given


def _unknown(name: str) -> BadInputError:
    return BadInputError(f"没有名为 {name} 的账号；keqiao operators list 列出全部")


def _json(one: Deed) -> dict[str, object]:
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "by": one.by,
        "what": one.what,
        "target": one.target,
        "note": one.note,
        "state": one.state,
    }
