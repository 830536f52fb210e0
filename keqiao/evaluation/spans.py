"""Answers on a judged collection: does the reply hold the span that people marked."""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.domain.documents import Answer
from core.domain.errors import BadInputError
from keqiao.evaluation.answers import Figures, site_of
from keqiao.evaluation.marking import folded
from keqiao.evaluation.retrieval import percentile
from keqiao.jsonl import JsonLine, json_lines

READ = 300
"""Characters of a reply that a hurried reader reads."""

_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """A question with the document that answers it and the spans that do, any of them."""

    text: str
    document: str
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMark:
    """One question of a collection, its reply and what holds of it."""

    asked: Spanned
    answer: Answer
    held: bool
    """What is read of the reply holds a span."""
    cited: bool
    """A citation comes from the document that answers."""
    rouge_l: float
    elapsed_ms: float


def is_collection(path: Path) -> bool:
    """Whether a folder holds a judged collection rather than questions."""
    return (path / "corpus.jsonl").is_file()


def read_spanned(folder: Path) -> list[Spanned]:
    """Read queries.jsonl {id,text} and answers.jsonl {qid,docid,answers}.

    Raises:
        BadInputError: a file is missing or a line is broken.
    """
    texts = {line.text("id"): line.text("text") for line in json_lines(folder / "queries.jsonl")}
    return [_spanned(line, texts) for line in json_lines(folder / "answers.jsonl")]


def _spanned(line: JsonLine, texts: dict[str, str]) -> Spanned:
    spans = line.fields.get("answers")
    if not isinstance(spans, list) or not spans or not all(isinstance(one, str) for one in spans):
        raise BadInputError(f"answers.jsonl 第 {line.number} 行的 answers 不是文字列表")
    query = line.text("qid")
    if query not in texts:
        raise BadInputError(f"answers.jsonl 第 {line.number} 行的 {query} 不在 queries.jsonl 里")
    return Spanned(text=texts[query], document=line.text("docid"), spans=tuple(spans))


def evaluate_spans(
    folder: Path, *, now: datetime | None, say: Callable[[str], None]
) -> tuple[Figures, list[SpanMark]]:
    """Ingest corpus.jsonl, every entry as a document, ask every query and compare with its spans.

    Returns the figures (shares of all questions, seconds and milliseconds) and every mark.

    Raises:
        BadInputError: a file is missing or a line is broken.
    """
    asked = read_spanned(folder)
    if not asked:
        raise BadInputError(f"{folder / 'answers.jsonl'}：没有一行答案")
    with tempfile.TemporaryDirectory() as scratch:
        _write_documents(folder / "corpus.jsonl", Path(scratch))
        began = time.perf_counter()
        with site_of(Path(scratch), say) as site:
            build_s = time.perf_counter() - began
            moment = now or site.clock.now()
            marks: list[SpanMark] = []
            for number, one in enumerate(asked, start=1):
                began = time.perf_counter()
                answer = site.knowledge.answer(one.text, now=moment)
                marks.append(_marked(one, answer, (time.perf_counter() - began) * 1000))
                if number % _EVERY == 0:
                    say(f"已提问 {number}/{len(asked)}")
    return _figures(marks, build_s), marks


def _figures(marks: Sequence[SpanMark], build_s: float) -> Figures:
    times = [one.elapsed_ms for one in marks]
    return {
        "questions": len(marks),
        "answered": round(statistics.fmean(not one.answer.abstained for one in marks), 4),
        f"span@{READ}": round(statistics.fmean(one.held for one in marks), 4),
        "cited": round(statistics.fmean(one.cited for one in marks), 4),
        "rouge_l": round(statistics.fmean(one.rouge_l for one in marks), 4),
        "build_s": round(build_s, 2),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(percentile(times, 0.99), 2),
    }


def _write_documents(corpus: Path, folder: Path) -> None:
    """Every {id,text} of a corpus as a file of that name."""
    for line in json_lines(corpus):
        name = line.text("id")
        if not re.fullmatch(r"[\w-]+", name):
            raise BadInputError(f"{corpus.name} 第 {line.number} 行的 id 不能作文件名：{name}")
        (folder / f"{name}.txt").write_text(line.text("text"), "utf-8")


def _marked(asked: Spanned, answer: Answer, elapsed_ms: float) -> SpanMark:
    reply, spans = folded(answer.text[:READ]), [folded(one) for one in asked.spans]
    return SpanMark(
        asked=asked,
        answer=answer,
        held=any(span in reply for span in spans),
        cited=any(one.source == f"{asked.document}.txt" for one in answer.citations),
        rouge_l=max(rouge_l(folded(answer.text), span) for span in spans),
        elapsed_ms=elapsed_ms,
    )


def rouge_l(given: str, wanted: str) -> float:
    """F1 of the longest common subsequence of characters."""
    if not given or not wanted:
        return 0.0
    return 2 * _common(given, wanted) / (len(given) + len(wanted))


def _common(one: str, other: str) -> int:
    """Length of the longest common subsequence, one row of bits a character (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << at
    full = (1 << len(one)) - 1
    row = full
    for character in other:
        hit = row & places.get(character, 0)
        row = ((row + hit) | (row - hit)) & full
    return len(one) - row.bit_count()
