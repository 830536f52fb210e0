"""`calendar`: the link to somebody's own calendar."""

from typing import Annotated

import typer

from core.domain.conversations import Address
from keqiao.bootstrap import open_site
from keqiao.cli.output import say, say_json

app = typer.Typer(help="个人日历订阅链接。", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Person = Annotated[str, typer.Argument(help="地址，如 web:3f2a…")]


@app.command()
def link(address: Person, *, json: Json = False) -> None:
    """一个人的日历订阅链接：列出为其设置的全部提醒。链接即凭证，只能交给本人。"""
    from keqiao.doors.calendar import feeds_of

    with open_site() as site:
        feeds = feeds_of(site.settings, site.units, site.clock)
        _say(feeds.site + feeds.path(Address.parse(address)), json=json)


@app.command()
def renew(address: Person, *, json: Json = False) -> None:
    """换一个新链接；旧链接立即失效。"""
    from keqiao.doors.calendar import feeds_of

    with open_site() as site:
        feeds = feeds_of(site.settings, site.units, site.clock)
        _say(feeds.site + feeds.renew(Address.parse(address)), json=json)


def _say(url: str, *, json: bool) -> None:
    if json:
        say_json({"url": url})
    else:
        say(url)
