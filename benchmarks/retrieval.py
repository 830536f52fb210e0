"""Retrieval side by side: this project's, LangChain's BM25Retriever, Chroma alone.

    make bench, or: python benchmarks/retrieval.py [--sizes 10000 200000] [--corpus FILE ...]

Ours is the whole `retrieve` (LangChain's `BaseRetriever.invoke`) on an index built from documents
in a database. BM25Retriever (rank_bm25) gets the same passages cut by jieba, as is usual for
Chinese, Chroma the same passages as vectors of the embedding that comes with the house. Each
contender runs in a process of its own, whose resident memory is told. Milliseconds are wall-clock
time; beside them stands the processor time of the asking thread, which a busy machine does not
change as much.
"""  # noqa: INP001 -- a script

import argparse
import gc
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any

from chinese import documents, questions

from core.domain.documents import Document, DocumentFacts, DocumentId
from core.persistence import SqlUnits, make_engine, migrate
from knowledge.index.embedding.hashed import HashedEmbeddings
from knowledge.index.versions import Versions
from knowledge.retrieval.loading import load_corpus
from knowledge.retrieval.renewal import DocumentIndexer
from knowledge.retrieval.retriever import PassageRetriever
from knowledge.retrieval.search import Corpus
from knowledge.structure.chunks import chunks

QUESTIONS = 400
SLOW_QUESTIONS = 12
"""Questions for a contender that takes about a second for each."""
LIMIT = 10
CHANGED_AT = 100_000
CHANGES = 8
Row = dict[str, Any]


def unheard(_done: int, _all: int) -> None:
    """Nobody listens."""


def resident_mb() -> int:
    """Resident memory of this process, files mapped into it included."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def opened(folder: Path) -> tuple[SqlUnits, Versions]:
    """The database and the index of a folder."""
    url = f"sqlite:///{folder / 'benchmark.db'}"
    migrate(url)
    return SqlUnits(make_engine(url)), Versions(folder / "index")


def corpus_of(folder: Path) -> Corpus:
    """The index as it is searched."""
    versions = Versions(folder / "index")
    version = versions.current()
    if version is None:
        raise SystemExit("the index was not built")
    return load_corpus(versions, version.parts)


def document(number: int, title: str, text: str) -> Document:
    """A document of the benchmark."""
    return Document(
        id=DocumentId(f"d{number}"),
        source=f"{number}.md",
        digest=f"{number:064x}",
        text=text,
        facts=DocumentFacts(title=title),
        ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def written(corpora: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """The documents of corpus.jsonl files."""
    for path in corpora:
        with path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield row.get("title", ""), row["text"]


def build(folder: Path, size: int, corpora: list[Path]) -> Row:
    """Ours: from documents in a database to a published index."""
    units, versions = opened(folder)
    taken = total = 0
    per_document = statistics.fmean(len(chunks(text)) for _, text in documents(30))
    for title, text in written(corpora):
        taken, total = taken + 1, total + len(chunks(text))
        with units() as unit:
            unit.documents.put(document(taken, title, text))
            unit.commit()
    made = documents(max(int((size - total) / per_document), 0))
    for some in batched(enumerate(made, start=taken), 500):
        with units() as unit:
            for number, (title, text) in some:
                unit.documents.put(document(number, title, text))
            unit.commit()
    began = time.perf_counter()
    used = time.process_time()
    with versions.lock():
        DocumentIndexer(units, versions).renew(unheard)
    took, used = time.perf_counter() - began, time.process_time() - used
    corpus = corpus_of(folder)
    passages = len(corpus.passages)
    return {
        "what": "ours: build",
        "chunks": passages,
        "chars": round(
            sum(len(p.chunk.text) for p, _ in zip(corpus.passages, range(500), strict=False)) / 500
        ),
        "segments": len(corpus.parts),
        "build_s": round(took, 1),
        "chunks/s": round(passages / took),
        "chunks/cpu_s": round(passages / used),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def change(folder: Path) -> Row:
    """Ours: one document more, from the database to what a running reader searches."""
    units, versions = opened(folder)
    corpus = corpus_of(folder)
    publish: list[float] = []
    reload: list[float] = []
    for number, (title, text) in enumerate(documents(CHANGES, seed=99)):
        one = document(1_000_000 + number, title, text)
        with units() as unit:
            unit.documents.put(replace(one, source=f"new-{number}.md"))
            unit.commit()
        began = time.perf_counter()
        with versions.lock():
            DocumentIndexer(units, versions).renew(unheard)
        shown = time.perf_counter()
        version = versions.current()
        if version is not None:
            corpus = load_corpus(versions, version.parts, before=corpus)
        publish.append(shown - began)
        reload.append(time.perf_counter() - shown)
    return {
        "what": "ours: one document more",
        "publish_s": round(statistics.median(publish), 3),
        "publish_max_s": round(max(publish), 3),
        "reader_s": round(statistics.median(reload), 3),
    }


def timed(ask: Callable[[str], Any], asked: list[str]) -> Row:
    """Milliseconds a question."""
    for question in asked[:SLOW_QUESTIONS]:
        ask(question)
    took: list[float] = []
    used: list[float] = []
    for question in asked:
        began, started = time.perf_counter(), time.thread_time()
        ask(question)
        took.append((time.perf_counter() - began) * 1000)
        used.append((time.thread_time() - started) * 1000)
    return {
        "p50_ms": round(statistics.median(took), 2),
        "p99_ms": round(sorted(took)[int(len(took) * 0.99)], 2),
        "cpu_p50_ms": round(statistics.median(used), 2),
        "cpu_p99_ms": round(sorted(used)[int(len(used) * 0.99)], 2),
        "rss_mb": resident_mb(),
    }


def asked_of(folder: Path, count: int) -> tuple[list[str], Corpus]:
    """Questions on passages spread over the whole index."""
    corpus = corpus_of(folder)
    numbers = range(0, len(corpus.passages), max(len(corpus.passages) // 2_000, 1))
    return questions([corpus.passages[number].chunk.text for number in numbers], count), corpus


def questions_on(folder: Path, count: int) -> list[str]:
    """The same alone, for a process in which the index is left as it is."""
    return asked_of(folder, count)[0]


def ours(folder: Path, asked: list[str]) -> Row:
    """Ours: the whole retrieve."""
    corpus = corpus_of(folder)
    retriever = PassageRetriever(corpus=lambda: corpus, limit=LIMIT)
    retriever.invoke("科协")
    gc.collect()
    gc.freeze()  # as IndexedKnowledgeBase.warm_up does
    return {"what": "ours: retrieve", **timed(retriever.invoke, asked)}


def langchain(folder: Path) -> Row:
    """LangChain's BM25Retriever over the same passages, cut by jieba."""
    warnings.simplefilter("ignore")
    import jieba  # noqa: PLC0415 -- heavy: loaded on first use
    from langchain_community.retrievers import BM25Retriever  # noqa: PLC0415 -- heavy

    jieba.setLogLevel(60)
    asked, corpus = asked_of(folder, SLOW_QUESTIONS)
    texts = [passage.chunk.text for passage in corpus.passages]
    began = time.perf_counter()
    retriever = BM25Retriever.from_texts(texts, preprocess_func=jieba.lcut, k=LIMIT)
    took = time.perf_counter() - began
    row = {"build_s": round(took, 1), "chunks/s": round(len(texts) / took)}
    return {"what": "LangChain BM25Retriever", **row, **timed(retriever.invoke, asked)}


def chroma(folder: Path) -> Row:
    """LangChain's Chroma alone over the same passages."""
    import chromadb  # noqa: PLC0415 -- heavy: loaded on first use
    from langchain_chroma import Chroma  # noqa: PLC0415 -- heavy: loaded on first use

    asked, corpus = asked_of(folder, QUESTIONS)
    client = chromadb.PersistentClient(path=str(folder / "chroma"))
    store = Chroma(client=client, embedding_function=HashedEmbeddings())
    began = time.perf_counter()
    for some in batched((passage.chunk.text for passage in corpus.passages), 2_000):
        store.add_texts(list(some))
    took = time.perf_counter() - began
    row = {"build_s": round(took, 1), "chunks/s": round(len(corpus.passages) / took)}
    retriever = store.as_retriever(search_kwargs={"k": LIMIT})
    return {"what": "Chroma alone", **row, **timed(retriever.invoke, asked)}


def away[T](work: Callable[..., T], *given: object) -> T:
    """Run it in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def apart(work: Callable[..., Row], *given: object) -> Row:
    """Run it in a new process, and print what it found."""
    row: Row = away(work, *given)
    print(json.dumps(row, ensure_ascii=False), flush=True)  # noqa: T201 -- the result
    return row


def main(arguments: list[str]) -> None:
    """Run all contenders at all sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 200_000])
    parser.add_argument("--corpus", type=Path, nargs="*", default=[], help="corpus.jsonl first")
    parser.add_argument("--only-ours", action="store_true")
    given = parser.parse_args(arguments)
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            apart(build, folder, size, given.corpus)
            own = apart(ours, folder, away(questions_on, folder, QUESTIONS))
            if not given.only_ours:
                other = apart(langchain, folder)
                apart(chroma, folder)
                times = {one: round(other[one] / own[one]) for one in ("p50_ms", "cpu_p50_ms")}
                print(json.dumps({"what": "BM25Retriever / ours", **times}), flush=True)  # noqa: T201
            if size == CHANGED_AT:
                apart(change, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
