"""`wechat`: the Official Account's menu, and what may still be sent to whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.domain.conversations import Address
from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import say, say_json

if TYPE_CHECKING:
    from channels.wechat.api.client import WeChatApi

app = typer.Typer(help="微信公众号：菜单、客服消息和订阅通知的余量。", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]

NAMES = {"message": "来信", "menu": "点菜单", "follow": "关注", "scan": "扫码"}
"""What opened a window."""


@app.command()
def menu(
    file: Annotated[Path, typer.Argument(help="菜单的 YAML 文件")],
    *,
    check: Annotated[bool, typer.Option("--check", help="只检查文件")] = False,
    json: Json = False,
) -> None:
    """按 YAML 文件设置公众号菜单；几分钟后读者可见。"""
    from channels.wechat.menu import CREATE, read_menu

    body = read_menu(file)
    if not check:
        with open_site() as site:
            api = _demand_account(site)
            try:
                api.call(CREATE, body)
            finally:
                api.close()
    if json:
        say_json({"menu": body, "set": not check})
    else:
        say("菜单文件可用" if check else "菜单已设置")


@app.command()
def allowances(
    user: Annotated[str, typer.Argument(help="读者的 openid")], *, json: Json = False
) -> None:
    """现在还能给一位读者发几条客服消息和订阅通知，到什么时候为止。"""
    from channels.wechat.settings import CHANNEL

    with open_site() as site, site.units() as unit:
        found = unit.allowances.of(Address(channel=CHANNEL, user=user), site.clock.now())
    for one in found:
        if json:
            say_json({"name": one.name, "left": one.left, "until": one.until})
        else:
            until = f"{one.until.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if one.until else "不限"
            name = NAMES.get(one.name) or one.name.replace("notice:", "订阅通知 ")
            say(f"{name}  还可发 {one.left} 条  到 {until}")
    if not found and not json:
        say("现在不能给这位读者发客服消息，等对方来信")


def _demand_account(site: Site) -> WeChatApi:
    from keqiao.doors.wechat import api_of

    api = api_of(site.settings, site.units, site.clock)
    if api is None:
        raise BadInputError(
            "公众号没有设置完整：需要 KEQIAO_WECHAT_APP_ID、KEQIAO_WECHAT_TOKEN "
            "和 KEQIAO_WECHAT_APP_SECRET"
        )
    return api
