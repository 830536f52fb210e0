"""`ingest` and `ask`."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.domain.documents import Answer, IngestOutcome, IngestState, IngestStep
from core.domain.errors import BadInputError
from keqiao.asking import converse, turns_of
from keqiao.bootstrap import Site, open_site
from keqiao.cli.output import (
    citation_json,
    instant,
    progress,
    say,
    say_json,
)
from keqiao.jsonl import JsonLine, json_lines

WORDS = {
    IngestState.STORED: "已入库",
    IngestState.UNCHANGED: "未变化",
    IngestState.REFUSED: "已拒绝",
}

STEPS = {IngestStep.INDEX: "建立索引", IngestStep.VECTORS: "生成向量"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ingest")(ingest)
    app.command("ask")(ask)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹（txt、md、html、docx、pdf）")],
    *,
    json: Annotated[bool, typer.Option("--json", help="每个文件输出一行 JSON")] = False,
) -> None:
    """把文档收入知识库；可重复运行，未变化的文件不重做。"""
    files = list(_files(paths))
    refused = 0
    with open_site() as site:
        outcomes = site.knowledge.ingest(files, told=_tell)
        for number, outcome in enumerate(outcomes, start=1):
            progress(f"[{number}/{len(files)}] {outcome.source}")
            refused += outcome.state is IngestState.REFUSED
            _show(outcome, json=json)
    if refused:
        raise BadInputError(f"{refused} 个文件未能入库，原因见上；其余已入库")


def _tell(step: IngestStep, done: int, every: int) -> None:
    progress(f"{STEPS[step]} {done}/{every}")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            yield from sorted(inside)
        elif path.exists():
            yield path
        else:
            raise BadInputError(f"{path}：没有这个文件或文件夹")


def _show(outcome: IngestOutcome, *, json: bool) -> None:
    if json:
        say_json(
            {
                "source": outcome.source,
                "state": outcome.state,
                "chunks": outcome.chunks,
                "detail": outcome.detail,
            }
        )
    else:
        amount = f"，{outcome.chunks} 段" if outcome.chunks else ""
        detail = f"：{outcome.detail}" if outcome.detail else ""
        say(f"{WORDS[outcome.state]}  {outcome.source}{amount}{detail}")


def ask(
    question: Annotated[str | None, typer.Argument(help="问题")] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help='每行 {"id","question"} 或 {"id","turns":[...]}')
    ] = None,
    now: Annotated[str | None, typer.Option(help="以此刻为“现在”（ISO 时间）")] = None,
    json: Annotated[bool, typer.Option("--json", help="输出 JSON，每问一行")] = False,
) -> None:
    """直接向知识库提问（不经过对话机器人）。"""
    if (question is None) == (file is None):
        raise BadInputError("请给出一个问题，或用 --file 给出问题文件")
    at = instant(now)
    lines = json_lines(file) if file else iter([JsonLine(1, {"question": question})])
    with open_site() as site:
        for line in lines:
            _answer(site, line, at or site.clock.now(), json=json)


def _answer(site: Site, line: JsonLine, now: datetime, *, json: bool) -> None:
    began = time.perf_counter()
    answer = converse(site.knowledge, turns_of(line), now)
    elapsed = round((time.perf_counter() - began) * 1000, 1)
    if json:
        say_json({"id": line.fields.get("id"), **answer_json(answer), "elapsed_ms": elapsed})
    else:
        _print(answer)


def answer_json(answer: Answer) -> dict[str, object]:
    """An answer as others read it."""
    return {
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "citations": [citation_json(citation) for citation in answer.citations],
        "notes": list(answer.notes),
    }


def _print(answer: Answer) -> None:
    say(answer.text)
    for note in answer.notes:
        say(f"注：{note}")
    for citation in answer.citations:
        say(f"  〔{citation.document}｜{citation.section}｜{citation.source}〕")
        say(f"  “{citation.quote}”")
