"""`evaluate`: measuring on data in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from keqiao.cli.output import progress, say, say_json

app = typer.Typer(help="用一套数据衡量效果。", no_args_is_help=True)


@app.callback()
def _family() -> None:
    """用一套数据衡量效果。"""


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(help="含 corpus.jsonl、queries.jsonl、qrels.tsv")],
    *,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """检索效果：nDCG@10、首位命中、召回、速度。"""
    from keqiao.evaluation.retrieval import evaluate

    figures = evaluate(folder, progress)
    if json:
        say_json(figures)
        return
    for name, value in figures.items():
        say(f"{name:>12}  {value}")
