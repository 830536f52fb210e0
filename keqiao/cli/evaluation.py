"""`evaluate`: measuring on data in a folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.domain.errors import BadInputError
from keqiao.cli.output import citation_json, instant, progress, say, say_json

if TYPE_CHECKING:
    from datetime import datetime

    from keqiao.evaluation.marking import Mark
    from keqiao.evaluation.needs import NeedMark
    from keqiao.evaluation.spans import SpanMark

app = typer.Typer(help="用一套数据衡量效果。", no_args_is_help=True)

WORDS = {
    "questions": "问题",
    "right": "全对",
    "facts": "事实齐全",
    "cited": "出处正确",
    "cited_first": "首条出处正确",
    "verbatim": "引文一字不差",
    "withheld": "该拒答而拒答",
    "refused": "不该拒答而拒答",
    "followups": "追问正确",
    "answered": "作答",
    "span@300": "前300字含标注答案",
    "rouge_l": "ROUGE-L",
    "build_s": "收录用时（秒）",
    "p50_ms": "中位用时（毫秒）",
    "p99_ms": "99%用时（毫秒）",
}


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


@app.command()
def answers(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="问题文件或文件夹（.jsonl），或含 corpus、queries、answers.jsonl 的文件夹"
        ),
    ] = None,
    *,
    documents: Annotated[
        Path | None, typer.Option(help="只用这个文件夹里的文档作答；默认用本站的知识库")
    ] = None,
    now: Annotated[str | None, typer.Option(help="以此刻为“现在”（ISO 时间）")] = None,
    failures: Annotated[bool, typer.Option("--failures", help="列出答错的问题及答复")] = False,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """作答效果：事实、出处、引文、拒答、追问、速度。"""
    from keqiao.evaluation.spans import is_collection

    if not paths:
        raise BadInputError("请给出问题文件或文件夹，如 keqiao evaluate answers 问题.jsonl")
    at = instant(now)
    if not any(is_collection(path) for path in paths):
        _questions(paths, documents, at, failures=failures, json=json)
    elif len(paths) > 1 or documents is not None:
        raise BadInputError("带 corpus.jsonl 的文件夹要单独给出，不与其他文件和 --documents 同用")
    else:
        _spans(paths[0], at, failures=failures, json=json)


@app.command()
def needs(
    file: Annotated[Path, typer.Argument(help="带标注的需求（.jsonl）")],
    *,
    failures: Annotated[bool, typer.Option("--failures", help="列出读错的需求")] = False,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """从话里读出需求的效果：各项准确率、召回率、F1、无中生有的值、速度。"""
    from keqiao.evaluation.needs import figures, mark_all, read_labelled

    marks = mark_all(read_labelled(file), progress)
    found = figures(marks)
    missed = [_misread(one) for one in marks if one.faults] if failures else []
    if json:
        say_json({**found, "failures": missed} if failures else found)
        return
    for one in missed:
        say(f"✗ {one['id']} {one['text']}")
        for slot, (expected, given) in one["slots"].items():
            say(f"  {slot}：应为 {expected}，读作 {given}")
    for name, values in {**found["slots"], "micro": found["micro"]}.items():
        shown = "  ".join(f"{key} {value}" for key, value in values.items())
        say(f"{name:>10}  {shown}")
    say("  ".join(f"{key} {found[key]}" for key in ("needs", "clean", "p50_ms", "p99_ms")))


def _misread(mark: "NeedMark") -> dict[str, Any]:
    return {
        "id": mark.need.id,
        "text": mark.need.text,
        "slots": {slot: mark.versus(slot) for slot in mark.faults},
    }


def _spans(folder: Path, now: "datetime | None", *, failures: bool, json: bool) -> None:
    from keqiao.evaluation.spans import evaluate_spans

    figures, marks = evaluate_spans(folder, now=now, say=progress)
    missed = [_missed(one) for one in marks if not one.held] if failures else []
    if json:
        say_json({**figures, "failures": missed} if failures else figures)
        return
    for one in missed:
        say(f"✗ {one['question']}\n  应有：{'/'.join(one['expected'])}\n  答复：{one['text']}")
    _show("全部", figures)


def _questions(
    paths: Sequence[Path],
    documents: Path | None,
    now: "datetime | None",
    *,
    failures: bool,
    json: bool,
) -> None:
    from keqiao.evaluation.answers import ask_all, by_kind, figures, site_of, texts_of
    from keqiao.evaluation.questions import read_questions

    questions = read_questions(paths)
    with site_of(documents, progress) as site:
        moment = now or site.clock.now()
        texts = texts_of(site.units)
        marks = ask_all(questions, site.knowledge, texts, now=moment, say=progress)
    wrong = [one for one in marks if not (one.right and one.verbatim)] if failures else []
    if json:
        found = {"overall": figures(marks), "kinds": by_kind(marks)}
        say_json({**found, "failures": [_failure(one) for one in wrong]} if failures else found)
        return
    for one in wrong:
        _tell(one)
    for kind, of_kind in by_kind(marks).items():
        _show(kind, of_kind)
    _show("全部", figures(marks))


def _show(title: str, figures: Mapping[str, float | None]) -> None:
    known = [f"{WORDS[name]} {value}" for name, value in figures.items() if value is not None]
    say(f"{title}：" + "，".join(known))


def _failure(mark: "Mark") -> dict[str, object]:
    return {
        "id": mark.question.id,
        "kind": mark.question.kind,
        "turns": list(mark.question.turns),
        "faults": _faults(mark),
        "expected": [list(group) for group in mark.question.facts],
        "sources": list(mark.question.sources),
        "text": mark.answer.text,
        "reason": mark.answer.reason,
        "citations": [citation_json(one) for one in mark.answer.citations],
    }


def _missed(mark: "SpanMark") -> dict[str, Any]:
    return {
        "question": mark.asked.text,
        "document": mark.asked.document,
        "cited": mark.cited,
        "expected": list(mark.asked.spans),
        "text": mark.answer.text,
        "reason": mark.answer.reason,
    }


def _faults(mark: "Mark") -> list[str]:
    if not mark.question.answerable:
        held = {"文档未说明，却作了回答": mark.answer.abstained}
    elif mark.answer.abstained:
        held = {f"文档有说明，却拒答（{mark.answer.reason}）": False}
    else:
        held = {"事实不全": mark.facts, "出处不对": mark.cited}
    held["引文与原文不符"] = mark.verbatim
    return [fault for fault, holds in held.items() if not holds]


def _tell(mark: "Mark") -> None:
    say(f"✗ {mark.question.id} {' → '.join(mark.question.turns)}")
    say(f"  {'；'.join(_faults(mark))}")
    if mark.question.facts:
        say("  应有：" + "；".join("/".join(group) for group in mark.question.facts))
    say("  答复：" + mark.answer.text.replace("\n", "\n        "))


@app.command()
def matches(
    folder: Annotated[
        Path,
        typer.Argument(help="含 needs.jsonl、judgements.tsv；resources.jsonl 在此或上一级文件夹"),
    ],
    *,
    now: Annotated[str | None, typer.Option(help="以此刻为“现在”（ISO 时间）")] = None,
    json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """匹配效果：nDCG@5、前十召回、越过门槛的次数，与纯词面检索、纯向量检索并列。"""
    from keqiao.clock import SystemClock
    from keqiao.evaluation.matches import evaluate, read_judged

    at = instant(now) or SystemClock().now()
    results = evaluate(read_judged(folder), at, progress)
    if json:
        say_json(results)
        return
    for name, figures in results.items():
        told = "  ".join(f"{figure} {value}" for figure, value in figures.items())
        say(f"{name:>8}  {told}")
