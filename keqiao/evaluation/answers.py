"""Answers on a set of questions: facts, citations, silence, follow-ups, speed."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from core.domain.documents import IngestState
from core.domain.errors import BadInputError
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from keqiao.asking import converse
from keqiao.bootstrap import Site, open_site
from keqiao.evaluation.marking import Mark, Texts, mark
from keqiao.evaluation.questions import Question
from keqiao.evaluation.retrieval import percentile

Say = Callable[[str], None]
Figures = dict[str, float | int | None]

_EVERY = 100
"""Questions between two lines of progress."""


@contextmanager
def site_of(documents: Path | None, say: Say) -> Iterator[Site]:
    """A passing site that holds the files of a folder, or this site when none is named; warmed up.

    Raises:
        BadInputError: no such folder, or none of its files can be read.
    """
    if documents is None:
        with open_site() as site:
            site.knowledge.warm_up()
            yield site
        return
    if not documents.is_dir():
        raise BadInputError(f"{documents}：没有这个文件夹")
    with (
        tempfile.TemporaryDirectory() as home,
        open_site(home=Path(home), database_url=None, chroma_url=None) as site,
    ):
        files = sorted(path for path in documents.rglob("*") if path.is_file())
        say(f"收录 {len(files)} 份文档……")
        outcomes = list(site.knowledge.ingest(files))
        refused = [one for one in outcomes if one.state is IngestState.REFUSED]
        for one in refused:
            say(f"未收录 {one.source}：{one.detail}")
        if len(refused) == len(outcomes):
            raise BadInputError(f"{documents}：没有可收录的文档")
        site.knowledge.warm_up()
        yield site


def texts_of(units: Units) -> Texts:
    """The documents' texts, each read once."""
    kept: dict[str, str | None] = {}

    def text(source: str) -> str | None:
        if source not in kept:
            with units() as unit:
                document = unit.documents.by_source(source)
            kept[source] = document.text if document else None
        return kept[source]

    return text


def ask_all(
    questions: Sequence[Question],
    knowledge: KnowledgeBase,
    texts: Texts,
    *,
    now: datetime,
    say: Say,
) -> list[Mark]:
    """Ask every question at its own moment, or at `now`, and judge the replies."""
    marks: list[Mark] = []
    for number, question in enumerate(questions, start=1):
        began = time.perf_counter()
        answer = converse(knowledge, question.turns, question.now or now)
        elapsed_ms = (time.perf_counter() - began) * 1000 / len(question.turns)
        marks.append(mark(question, answer, texts, elapsed_ms))
        if number % _EVERY == 0:
            say(f"已提问 {number}/{len(questions)}")
    return marks


def figures(marks: Sequence[Mark]) -> Figures:
    """Shares (0 to 1, four places; None where no question asks for it) and milliseconds a turn.

    Shares of answerable questions: facts, cited, cited_first, refused. Of the others: withheld.
    Of those that are follow-ups: followups. Of all: right, verbatim.
    """
    wanted = [one for one in marks if one.question.answerable]
    silent = [one for one in marks if not one.question.answerable]
    times = [one.elapsed_ms for one in marks]
    return {
        "questions": len(marks),
        "right": _share(one.right for one in marks),
        "facts": _share(one.facts for one in wanted),
        "cited": _share(one.cited for one in wanted),
        "cited_first": _share(one.cited_first for one in wanted),
        "verbatim": _share(one.verbatim for one in marks),
        "withheld": _share(one.answer.abstained for one in silent),
        "refused": _share(one.answer.abstained for one in wanted),
        "followups": _share(one.right for one in marks if one.follow_up),
        "p50_ms": round(statistics.median(times), 2) if times else None,
        "p99_ms": round(percentile(times, 0.99), 2) if times else None,
    }


def by_kind(marks: Sequence[Mark]) -> dict[str, Figures]:
    """The figures of every kind, in order of the kinds' names."""
    kinds = sorted({one.question.kind for one in marks})
    return {kind: figures([one for one in marks if one.question.kind == kind]) for kind in kinds}


def _share(hits: Iterable[bool]) -> float | None:
    values = list(hits)
    return round(sum(values) / len(values), 4) if values else None
