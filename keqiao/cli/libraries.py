"""`records`: looking at the libraries, and mending a record by hand."""

from typing import Annotated

import typer

from core.domain.arrivals import values
from core.domain.errors import BadInputError, NotFoundError
from core.domain.records import CURRENT_ONLY, Record, RecordId, Standing, Wanted
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import progress, say, say_json
from keqiao.cli.records import library_of

app = typer.Typer(help="查看、检索资源库，人工修改记录；人工改过的内容不会被再次导入覆盖。")

Json = Annotated[bool, typer.Option("--json", help="每条输出一行 JSON")]
Id = Annotated[str, typer.Argument(help="记录，如 experts/Z1")]
Name = Annotated[str, typer.Argument(help="哪一项：表格的列名，如 简介、有效期至、手机")]
Libraries = Annotated[list[str] | None, typer.Option("--library", help="资源库，可重复")]

STANDINGS = {
    Standing.CURRENT: "有效",
    Standing.COMING: "未生效",
    Standing.OVER: "已过期",
    Standing.WITHDRAWN: "已撤下",
    Standing.PRIVATE: "不公开",
}


@app.command("list")
def list_(  # noqa: PLR0913 -- one option for each thing to ask by
    *,
    library: Libraries = None,
    industry: Annotated[str, typer.Option(help="行业")] = "",
    region: Annotated[str, typer.Option(help="服务到的地区，如 江苏省苏州市")] = "",
    keyword: Annotated[str, typer.Option(help="关键词")] = "",
    every: Annotated[bool, typer.Option("--all", help="也列出已撤下、过期和不公开的")] = False,
    start: Annotated[str, typer.Option(help="从哪一页开始：上一页末尾给出的标记")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="最多列出多少条")] = 50,
    json: Json = False,
) -> None:
    """按条件列出记录，默认只列有效的。"""
    wanted = Wanted(
        libraries=tuple(library_of(one) for one in library or ()),
        industry=industry,
        region=region,
        keyword=keyword,
        standings=frozenset(Standing) if every else CURRENT_ONLY,
    )
    with open_site() as site:
        found = site.libraries.find(wanted, start=start, limit=limit)
        for one in found.records:
            _print(site, one, json=json)
    if found.next:
        progress(f"还有更多，接着看：--start {found.next}")
    elif not found.records:
        progress("没有符合条件的记录")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="要找什么，一句话即可")],
    *,
    library: Libraries = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="最多列出多少条")] = 10,
    json: Json = False,
) -> None:
    """按意思检索，最接近的在前；只检索有效的。"""
    wanted = Wanted(libraries=tuple(library_of(one) for one in library or ()))
    with open_site() as site:
        found = site.libraries.find(wanted, text, limit=limit)
        for one in found.records:
            _print(site, one, json=json)
    if not found.records:
        progress("没有找到相近的记录")


@app.command()
def show(record: Id, *, json: Json = False) -> None:
    """一条记录的全部内容，包括不公开的联系方式。"""
    with open_site() as site:
        one = _get(site, record)
        _print(site, one, json=json)
        if not json:
            _print_fields(one)


@app.command()
def edit(
    record: Id,
    name: Name,
    value: Annotated[str, typer.Argument(help="新值，写法与表格相同；写空引号表示清空")],
    *,
    json: Json = False,
) -> None:
    """人工修改一项；再次导入或拉取都不会覆盖，直到 unset。"""
    from keqiao.libraries.reading import read_name, read_value

    with open_site() as site:
        changes = {read_name(name): read_value(_get(site, record), name, value)}
        _print(site, site.libraries.edit(RecordId(record), changes), json=json)


@app.command()
def unset(record: Id, name: Name, *, json: Json = False) -> None:
    """撤销一项人工修改的保护，下次导入可以更新它。"""
    from keqiao.libraries.reading import read_name

    field = read_name(name)
    with open_site() as site:
        if field not in _get(site, record).edited:
            raise BadInputError(f"{record} 的“{name}”没有人工修改过")
        _print(site, site.libraries.edit.unset(RecordId(record), field), json=json)


def _get(site: Site, record_id: str) -> Record:
    try:
        with site.units() as unit:
            return unit.records.get(RecordId(record_id))
    except NotFoundError:
        raise BadInputError(f"没有编号为 {record_id} 的记录，应形如 experts/Z1") from None


def _standing(site: Site, record: Record) -> Standing:
    now = site.clock.now()
    return record.standing_at(now, now.astimezone(SHANGHAI).date())


def _print(site: Site, one: Record, *, json: bool) -> None:
    standing = _standing(site, one)
    if json:
        from channels.records.messages import render

        private = {"private": dict(one.private), "edited": list(one.edited)}
        told = {"conditions": values(one, "conditions"), "standing": standing, **private}
        say_json({**render(one), **told})
        return
    parts = (one.id, STANDINGS[standing], one.title, one.organisation or "", one.summary[:40])
    say("  ".join(part for part in parts if part))


def _print_fields(one: Record) -> None:
    from keqiao.imports.columns import label

    for name in ("region", "industries", "keywords", "modes", "source", "valid_until"):
        if value := getattr(one, name):
            shown = "、".join(value) if isinstance(value, tuple) else value
            say(f"  {label(name)}：{shown}{_mark(one, name)}")
    for part in ("details", "private", "conditions"):
        for key, value in values(one, part).items():
            if value not in (None, (), ""):
                where = "（不公开）" if part == "private" else ""
                say(f"  {label(f'{part}.{key}')}{where}：{value}{_mark(one, f'{part}.{key}')}")


def _mark(one: Record, name: str) -> str:
    return "（人工修改）" if name in one.edited else ""
