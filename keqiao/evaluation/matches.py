"""Matching on a judged set, beside plain search by words and by vectors."""

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from core.domain.errors import BadInputError
from core.domain.matching.scopes import read_place
from core.domain.needs import Budget, Deadline, Industry, NeedDraft
from core.domain.records import Library, Record, RecordId
from core.ports.unit_of_work import Units
from core.services.matching.needs import MatchNeed, query_of
from keqiao.evaluation.retrieval import percentile
from keqiao.imports.rows import record_of
from keqiao.imports.tables import Row
from keqiao.jsonl import JsonLine, json_lines

DEPTH = 10
NARROW = 5
USEFUL = 2
"""The grade from which a record ought to be found among the first ten."""
GATE = "门槛"
"""How the reason of a grade 0 begins that no score may override."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMatches:
    """Records, needs and grades from 0 to 3; `shut` are pairs that must never be shown."""

    records: tuple[Record, ...]
    needs: Mapping[str, NeedDraft]
    grades: Mapping[str, Mapping[str, int]]
    shut: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class FixedClock:
    """The moment for which a set was judged."""

    at: datetime

    def now(self) -> datetime:
        """That moment."""
        return self.at


@dataclass(slots=True)
class Ranking:
    """What one way of searching found, and how long each need took."""

    found: dict[str, list[str]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)


def read_judged(folder: Path) -> JudgedMatches:
    """Read needs.jsonl and judgements.tsv; resources.jsonl is there or one folder up.

    Raises:
        BadInputError: a file is missing or broken.
    """
    own = folder / "resources.jsonl"
    records = tuple(map(_record, json_lines(own if own.is_file() else folder.parent / own.name)))
    needs = {line.text("id"): _draft(line) for line in json_lines(folder / "needs.jsonl")}
    grades: dict[str, dict[str, int]] = {}
    shut: dict[str, set[str]] = {}
    path = folder / "judgements.tsv"
    if not path.is_file():
        raise BadInputError(f"{path}：没有这个文件")
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        need, record, grade, *why = line.split("\t") + [""] * 2
        if not grade.isdecimal() or need not in needs:
            raise BadInputError(f"{path.name} 第 {number} 行不是“需求、资源、等级、理由”")
        grades.setdefault(need, {})[record] = int(grade)
        if why[0].startswith(GATE):
            shut.setdefault(need, set()).add(record)
    held = {need: frozenset(records) for need, records in shut.items()}
    return JudgedMatches(records=records, needs=needs, grades=grades, shut=held)


def _record(line: JsonLine) -> Record:
    row = cast("Row", dict(line.fields))
    try:
        library = Library(str(row.pop("library", "")))
    except ValueError as error:
        raise BadInputError(f"resources.jsonl 第 {line.number} 行的 library 不对") from error
    return record_of(row, library=library, source="resources.jsonl")


def _draft(line: JsonLine) -> NeedDraft:
    told = line.fields.get("draft")
    if not isinstance(told, dict):
        raise BadInputError(f"needs.jsonl 第 {line.number} 行缺少 draft")
    due, labels = told.get("deadline"), told.get("industries")
    return NeedDraft(
        problem=told.get("problem") or line.text("text"),
        industry=Industry(labels=tuple(labels)) if labels else None,
        region=read_place(told["region"]) if told.get("region") else None,
        budget=_budget(told),
        deadline=Deadline(on=date.fromisoformat(due), raw=due) if due else None,
        modes=tuple(told.get("modes") or ()),
    )


def _budget(told: Mapping[str, Any]) -> Budget | None:
    least, most = (told.get(name) for name in ("budget_min", "budget_max"))
    if least is None and most is None:
        return None
    low, high = (None if end is None else Decimal(end) for end in (least, most))
    return Budget(min=low, max=high)


def evaluate(
    judged: JudgedMatches, now: datetime, say: Callable[[str], None]
) -> dict[str, dict[str, float | int]]:
    """The figures of matching and of plain search, in one run."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        ways = _ways(judged, Path(scratch), now)
        results: dict[str, dict[str, float | int]] = {}
        for name, search in ways.items():
            say(f"{name}：{len(judged.needs)} 条需求……")
            results[name] = _figures(judged, _ranked(judged, search))
    return results


def _ways(
    judged: JudgedMatches, scratch: Path, now: datetime
) -> dict[str, Callable[[NeedDraft], list[RecordId]]]:
    from core.persistence import SqlUnits, make_engine, migrate  # noqa: PLC0415 -- heavy
    from knowledge.base import IndexedKnowledgeBase  # noqa: PLC0415 -- heavy
    from knowledge.recall.plain import by_vectors, by_words  # noqa: PLC0415 -- heavy

    url = f"sqlite:///{scratch}/judged.db"
    migrate(url)
    units: Units = SqlUnits(make_engine(url))
    with units() as unit:
        for record in judged.records:
            unit.records.put(record)
        unit.commit()
    clock = FixedClock(now)
    knowledge = IndexedKnowledgeBase(units, scratch, clock)
    knowledge.recall("科协")  # loads what the first need would wait for
    match_need = MatchNeed(units=units, clock=clock, knowledge=knowledge)
    words, vectors = by_words(judged.records), by_vectors(judged.records, scratch / "chroma")
    return {
        "matching": lambda draft: [one.record_id for one in match_need(draft, limit=DEPTH)],
        "bm25": lambda draft: words(query_of(draft), DEPTH),
        "vectors": lambda draft: vectors(query_of(draft), DEPTH),
    }


def _ranked(judged: JudgedMatches, search: Callable[[NeedDraft], list[RecordId]]) -> Ranking:
    ranking = Ranking()
    for name, draft in judged.needs.items():
        began = time.perf_counter()
        found = search(draft)
        ranking.times.append((time.perf_counter() - began) * 1000)
        ranking.found[name] = [one.rpartition("/")[2] for one in found]
    return ranking


def _figures(judged: JudgedMatches, ranking: Ranking) -> dict[str, float | int]:
    rows = [_one(ranking.found[need], judged.grades.get(need, {})) for need in judged.needs]
    shown = ((need, found) for need, found in ranking.found.items())
    return {
        "needs": len(rows),
        "ndcg@5": round(statistics.fmean(row[0] for row in rows), 4),
        "recall@10": round(statistics.fmean(row[1] for row in rows), 4),
        "gate_violations": sum(
            len(judged.shut.get(need, frozenset()).intersection(found)) for need, found in shown
        ),
        "p50_ms": round(statistics.median(ranking.times), 2),
        "p99_ms": round(percentile(ranking.times, 0.99), 2),
    }


def _one(found: Sequence[str], grades: Mapping[str, int]) -> tuple[float, float]:
    gains = [grades.get(record, 0) for record in found[:NARROW]]
    ideal = sorted(grades.values(), reverse=True)[:NARROW]
    useful = {record for record, grade in grades.items() if grade >= USEFUL}
    return (
        _gained(gains) / _gained(ideal) if any(ideal) else 0.0,
        len(useful.intersection(found[:DEPTH])) / len(useful) if useful else 0.0,
    )


def _gained(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / math.log2(at + 1) for at, grade in enumerate(grades, start=1))
