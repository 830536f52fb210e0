"""Document retrieval on a judged set."""

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import BadInputError
from keqiao.jsonl import json_lines

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """Queries and, for each, the documents that answer it."""

    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]


def read_judged(folder: Path) -> Judged:
    """Read queries.jsonl {id,text} and qrels.tsv (query, document, grade).

    Raises:
        BadInputError: a file is missing or broken.
    """
    queries = {line.text("id"): line.text("text") for line in json_lines(folder / "queries.jsonl")}
    relevant: dict[str, dict[str, int]] = {}
    path = folder / "qrels.tsv"
    if not path.is_file():
        raise BadInputError(f"{path}：没有这个文件")
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) < 3 or not parts[-1].strip().isdecimal():  # noqa: PLR2004 -- three columns
            raise BadInputError(f"qrels.tsv 第 {number} 行不是“查询、文档、等级”三列")
        relevant.setdefault(parts[0], {})[parts[-2]] = int(parts[-1])
    return Judged(queries, relevant)


def evaluate(folder: Path, say: Callable[[str], None]) -> dict[str, float | int]:
    """Build an index of corpus.jsonl {id,title,text}, ask every query, and score the rankings."""
    from knowledge.retrieval.corpus import build_corpus  # noqa: PLC0415 -- heavy

    judged = read_judged(folder)
    with tempfile.TemporaryDirectory() as scratch:
        say("建立索引……")
        began = time.perf_counter()
        corpus = build_corpus(folder / "corpus.jsonl", Path(scratch))
        build_s = time.perf_counter() - began
        rankings: dict[str, list[str]] = {}
        times: list[float] = []
        for number, (query_id, text) in enumerate(judged.queries.items(), start=1):
            asked = time.perf_counter()
            rankings[query_id] = corpus.rank(text, DEPTH)
            times.append((time.perf_counter() - asked) * 1000)
            if number % 200 == 0:
                say(f"已查询 {number}/{len(judged.queries)}")
        figures = score(rankings, judged.relevant)
        chunks = corpus.chunks
    return {
        **figures,
        "chunks": chunks,
        "build_s": round(build_s, 2),
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(percentile(times, 0.99), 2),
    }


def score(rankings: dict[str, list[str]], relevant: dict[str, dict[str, int]]) -> dict[str, float]:
    """Means over judged queries, rounded to four places; 0.0 when nothing is judged."""
    rows = [_one(rankings.get(query, []), grades) for query, grades in relevant.items()]
    names = ("ndcg@10", "success@1", "recall@10", "mrr@10")
    if not rows:
        return dict.fromkeys(names, 0.0)
    return {
        name: round(statistics.fmean(row[at] for row in rows), 4) for at, name in enumerate(names)
    }


def _one(ranking: Sequence[str], grades: dict[str, int]) -> tuple[float, float, float, float]:
    gains = [grades.get(document, 0) for document in ranking[:DEPTH]]
    ideal = sorted(grades.values(), reverse=True)[:DEPTH]
    hits = [position for position, gain in enumerate(gains, start=1) if gain > 0]
    wanted = sum(grade > 0 for grade in grades.values())
    return (
        _dcg(gains) / _dcg(ideal) if any(ideal) else 0.0,
        float(bool(gains) and gains[0] > 0),
        len(hits) / wanted if wanted else 0.0,
        1 / hits[0] if hits else 0.0,
    )


def _dcg(gains: Sequence[int]) -> float:
    return sum(float(2**gain - 1) / math.log2(at + 1) for at, gain in enumerate(gains, start=1))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
