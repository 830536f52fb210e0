"""`import`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from core.domain.records import Library
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json
from keqiao.imports.files import ImportReport, RowState, import_file
from keqiao.imports.tables import rows_of

STATES = {
    RowState.STORED: "新增",
    RowState.UPDATED: "更新",
    RowState.UNCHANGED: "未变化",
    RowState.SKIPPED: "跳过",
    RowState.REFUSED: "拒绝",
}


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
    into = library_of(library)
    with _counting(file) as told:
        if check:
            report = import_file(file, into, bring=None, told=told)
        else:
            with open_site() as site:
                report = import_file(file, into, bring=site.libraries.bring, told=told)
    _show(report, check=check, json=json)
    refused = report.counts[RowState.REFUSED]
    if refused:
        raise BadInputError(f"{refused} 行未导入，原因见上；其余 {report.good} 行可用")


def library_of(name: str) -> Library:
    """The library of that name, English or Chinese.

    Raises:
        BadInputError: there is none.
    """
    from actions.wording import library as called

    known = {called(one): one for one in Library} | {str(one): one for one in Library}
    if name not in known:
        names = "、".join(f"{one}（{called(one)}）" for one in Library)
        raise BadInputError(f"没有名为 {name} 的资源库；可用：{names}")
    return known[name]


@contextmanager
def _counting(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on stderr that follows the rows of a file; only where somebody looks."""
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return
    with typer.progressbar(length=rows_of(file), label="导入", file=sys.stderr) as bar:
        yield lambda rows: bar.update(rows - bar.pos)


def _show(report: ImportReport, *, check: bool, json: bool) -> None:
    if json:
        say_json(_json(report, check=check))
        return
    for refused in report.refused:
        progress(f"第 {refused.row} 行：{refused.reason}")
    unsaid = report.counts[RowState.REFUSED] - len(report.refused)
    if unsaid:
        progress(f"……另有 {unsaid} 行被拒绝，未逐行列出")
    if report.counts[RowState.SKIPPED]:
        progress(f"跳过分组标题：第 {_spans(report, RowState.SKIPPED)} 行")
    if check:
        counts = f"检查通过 {report.good} 行，拒绝 {report.counts[RowState.REFUSED]} 行"
    else:
        counts = "，".join(f"{word} {report.counts[state]} 行" for state, word in STATES.items())
    say(f"{report.file} → {report.library}：{counts}")


def _json(report: ImportReport, *, check: bool) -> dict[str, object]:
    counts = {str(state): report.counts[state] for state in RowState}
    return {
        "library": report.library,
        "file": report.file,
        "checked_only": check,
        "valid": report.good,
        **({**counts, "stored": 0} if check else counts),
        "rows": {str(state): _spans(report, state) for state in RowState},
        "refused": [{"row": one.row, "reason": one.reason} for one in report.refused],
        "refused_count": report.counts[RowState.REFUSED],
    }


def _spans(report: ImportReport, state: RowState) -> str:
    """Row numbers as 2-9,11."""
    spans = report.spans.get(state, [])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
