"""The `keqiao` command: families of commands joined, errors as one line."""

import sys

import typer

from core.domain.errors import KeqiaoError
from keqiao.cli import (
    broadcasts,
    calendar,
    care,
    conversations,
    deliveries,
    desk,
    documents,
    evaluation,
    handoffs,
    knowledge,
    libraries,
    matching,
    needs,
    operators,
    processes,
    records,
    sandbox,
    sources,
    submissions,
    wechat,
)
from keqiao.cli.output import progress

app = typer.Typer(
    name="keqiao",
    help="科桥：科协与「科创中国」的对话与通知助手。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for family in (
    processes,
    knowledge,
    records,
    conversations,
    matching,
    desk,
    operators,
    care,
    sandbox,
):
    family.register(app)
app.add_typer(broadcasts.app, name="broadcast")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(evaluation.app, name="evaluate")
app.add_typer(documents.app, name="documents")
app.add_typer(needs.app, name="needs")
app.add_typer(libraries.app, name="records")
app.add_typer(sources.app, name="sources")
app.add_typer(handoffs.app, name="handoffs")
app.add_typer(submissions.app, name="submissions")
app.add_typer(calendar.app, name="calendar")
app.add_typer(wechat.app, name="wechat")

BAD_INPUT = 2
"""Exit code when the caller's input, not the program, is at fault."""


def main() -> None:
    """Run the command line; a KeqiaoError is one line on stderr and exit code 2."""
    try:
        app()
    except KeqiaoError as error:
        progress(f"错误：{error}")
        sys.exit(BAD_INPUT)
