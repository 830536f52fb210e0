"""`sources`: which outside addresses the libraries follow, and asking them now."""

from dataclasses import asdict
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.reminders import SHANGHAI
from core.domain.sources import Pull
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json
from keqiao.libraries.sources import FILE, Source, load_sources

app = typer.Typer(help="查看外部来源（KEQIAO_HOME 下的 sources.yml），或立即拉取。")

Json = Annotated[bool, typer.Option("--json", help="每个来源输出一行 JSON")]

COUNTS = {
    "read": "读到",
    "stored": "新增",
    "updated": "更新",
    "unchanged": "未变化",
    "refused": "拒绝",
    "withdrawn": "撤下",
    "held_back": "暂不撤下",
}


@app.callback(invoke_without_command=True)
def sources(context: typer.Context, *, json: Json = False) -> None:
    """列出来源：上次拉取的时间、结果和错误。"""
    if context.invoked_subcommand is not None:
        return
    with open_site() as site:
        found = load_sources(site.settings.home)
        for one in found:
            with site.units() as unit:
                _print(one, unit.pulls.find(one.name), json=json)
        if not found:
            progress(f"没有配置来源；请写 {site.settings.home / FILE}，格式见 docs/operations.md")


@app.command()
def pull(
    name: Annotated[str | None, typer.Argument(help="来源的 name；不写则全部")] = None,
    *,
    even_if_small: Annotated[
        bool,
        typer.Option("--even-if-small", help="内容明显变少也照撤；确认对方确实删了再用"),
    ] = False,
    json: Json = False,
) -> None:
    """立即拉取一个或全部来源。"""
    failed = 0
    with open_site() as site:
        found = load_sources(site.settings.home)
        chosen = [one for one in found if name in (None, one.name)]
        if not chosen:
            known = "、".join(one.name for one in found) or "无"
            raise BadInputError(f"没有名为 {name or '任何'} 的来源；已配置：{known}")
        for one in chosen:
            progress(f"正在拉取 {one.name}")
            done = site.libraries.pull.pull(one, even_if_small=even_if_small)
            failed += bool(done.error)
            _print(one, done, json=json)
    if failed:
        raise BadInputError(f"{failed} 个来源没有拉取成功，原因见上；原有记录保持不变")


def _print(source: Source, pull: Pull | None, *, json: bool) -> None:
    if json:
        told = asdict(pull) if pull else {}
        say_json({**told, "name": source.name, "library": source.library, "url": source.url})
        return
    say(f"{source.name}  {source.title} → {source.library}  每 {source.every_minutes} 分钟")
    if pull is None:
        say("  还没有拉取过")
        return
    at = f"{pull.tried_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    told = asdict(pull.counts)
    counts = "，".join(f"{word} {told[key]}" for key, word in COUNTS.items() if told[key])
    say(f"  {at}  {'失败：' + pull.error if pull.error else '成功'}  {counts}")
    if pull.counts.held_back:
        say("  内容明显变少或有读不出的行，缺的记录暂不撤下；确认后用 --even-if-small")
