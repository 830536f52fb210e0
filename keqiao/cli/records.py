"""`import`."""

from pathlib import Path
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.records import Library
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json
from keqiao.imports.files import ImportReport, import_file


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)


def import_(
    library: Annotated[str, typer.Argument(help="资源库，如 events、experts、projects")],
    file: Annotated[Path, typer.Argument(help="csv、xlsx 或 jsonl 文件")],
    *,
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入")] = False,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """把表格导入资源库或活动列表；有问题的行逐行指出，其余照常入库。"""
    into = _library(library)
    if check:
        report = import_file(file, into, store=None)
    else:
        with open_site() as site:
            report = import_file(file, into, store=site.store_records)
    _show(report, check=check, json=json)
    if report.refused:
        raise BadInputError(
            f"{len(report.refused)} 行未导入，原因见上；其余 {report.stored} 行可用"
        )


def _library(name: str) -> Library:
    try:
        return Library(name)
    except ValueError as error:
        names = "、".join(Library)
        raise BadInputError(f"没有名为 {name} 的资源库；可用：{names}") from error


def _show(report: ImportReport, *, check: bool, json: bool) -> None:
    if json:
        say_json(
            {
                "library": report.library,
                "file": report.file,
                "checked_only": check,
                "stored": 0 if check else report.stored,
                "valid": report.stored,
                "refused": [{"row": r.row, "reason": r.reason} for r in report.refused],
            }
        )
        return
    for refused in report.refused:
        progress(f"第 {refused.row} 行：{refused.reason}")
    word = "检查通过" if check else "已导入"
    counts = f"{word} {report.stored} 行，拒绝 {len(report.refused)} 行"
    say(f"{report.file} → {report.library}：{counts}")
