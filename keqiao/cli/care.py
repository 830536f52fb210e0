"""`doctor`, `backup` and `restore`: looking after a site."""

from pathlib import Path
from typing import Annotated

import typer

from core.domain.errors import BadInputError
from keqiao.bootstrap import open_site
from keqiao.cli.output import progress, say, say_json

SIGNS = {"ok": "✓", "warning": "!", "broken": "✗"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (doctor, backup, restore):
        app.command()(command)


def doctor(
    *, json: Annotated[bool, typer.Option("--json", help="每项输出一行 JSON")] = False
) -> None:
    """检查设置、数据库、索引、模型与进程：哪里不对，怎么修。"""
    from keqiao.doctor import Health, examine

    broken = 0
    with open_site() as site:
        for finding in examine(site):
            broken += finding.health is Health.BROKEN
            if json:
                say_json(
                    {"part": finding.part, "health": finding.health, "detail": finding.detail}
                )
            else:
                say(f"{SIGNS[finding.health]} {finding.part}：{finding.detail}")
    if broken:
        raise BadInputError(f"{broken} 项需要处理，见上")


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，如 keqiao.tar.gz")],
) -> None:
    """把不能丢的都备份到一个文件；运行中也可备份。"""
    from keqiao.backup import back_up

    with open_site() as site:
        kept = back_up(site.settings, file)
    say(f"已备份到 {file}：{'、'.join(kept)}")


def restore(file: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """把备份恢复到一个空的 KEQIAO_HOME。"""
    from keqiao.backup import restore as put_back

    with open_site() as site:
        names = put_back(site.settings, file)
    say(f"已恢复 {len(names)} 项到 {site.settings.home}；索引会在首次使用时重建")
    progress("下一步：keqiao up")
