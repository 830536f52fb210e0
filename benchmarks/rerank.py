"""Learns what each feature of a candidate weighs, and tells what that is worth.

    python benchmarks/rerank.py FOLDER[=WEIGHT]... [--out knowledge/retrieval/ranking/weights.json]

Each folder holds corpus.jsonl, queries.jsonl and qrels.tsv, as for `keqiao evaluate retrieval`.
The loss is that of a softmax over the documents of a query, each by its best passage; every folder
counts by its weight, 1 unless said, however many queries it has. Figures are of queries that were
not learned from: five parts by query, three times, all folders with the same weights. With --each
every feature is also left out once.
"""  # noqa: INP001 -- a script

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from keqiao.evaluation.retrieval import read_judged, score
from knowledge.retrieval.corpus import build_corpus
from knowledge.retrieval.ranking.query import query_of
from knowledge.retrieval.rerank import DEPTH, features

Array = NDArray[np.float64]

RIDGE = 0.01
ROUNDS = 6
STEPS = 3
PARTS = 5
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a folder: the documents of its candidates, their features, which are right."""

    query: str
    documents: list[str]
    features: Array
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged folder, with everything the learning looks at."""

    name: str
    weight: float
    judged: dict[str, dict[str, int]]
    asked: list[Asked]


def collection(folder: Path, weight: float) -> tuple[Collection, list[str]]:
    """Index a folder and look at the candidates of each query; also the features' names."""
    judged = read_judged(folder)
    names: list[str] = []
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as scratch:
        corpus = build_corpus(folder / "corpus.jsonl", Path(scratch), semantic=False).corpus
        for identity, text in judged.queries.items():
            query = query_of(text)
            numbers = np.array(
                [one.number for one in corpus.candidates(query, DEPTH)], dtype=np.int64
            )
            if not len(numbers):
                continue
            found = features(query, corpus.lexical, corpus.passages, numbers)
            names = list(found)
            documents = [corpus.passages[number].source.source for number in numbers.tolist()]
            right = np.array(
                [judged.relevant.get(identity, {}).get(one, 0) > 0 for one in documents]
            )
            asked.append(Asked(identity, documents, np.stack(list(found.values()), 1), right))
    return Collection(folder.name, weight, judged.relevant, asked), names


@dataclass(frozen=True, slots=True)
class Rows:
    """The best passage of each document of many queries, one document a row."""

    features: Array
    goal: Array
    query: NDArray[np.int64]
    starts: NDArray[np.int64]
    weights: Array

    def loss(self, weights: Array) -> tuple[float, Array]:
        """What is lost, and the probability of each row."""
        scores = self.features @ weights
        scores -= np.maximum.reduceat(scores, self.starts)[self.query]
        raised = np.exp(scores)
        sums = np.add.reduceat(raised, self.starts)[self.query]
        own = self.weights[self.query]
        lost = -float((own * self.goal * (scores - np.log(sums))).sum())
        return lost + RIDGE * float(weights @ weights), raised / sums

    def step(self, weights: Array) -> Array:
        """One step of Newton's, halved until it helps."""
        before, likely = self.loss(weights)
        own = self.weights[self.query][:, None]
        slope = self.features.T @ (own[:, 0] * (likely - self.goal)) + 2 * RIDGE * weights
        spread = likely[:, None] * self.features
        means = np.add.reduceat(spread, self.starts)
        bend = (own * self.features).T @ spread - (means * self.weights[:, None]).T @ means
        move = np.linalg.solve(bend + 2 * RIDGE * np.eye(len(weights)), slope)
        while self.loss(weights - move)[0] > before and float(np.abs(move).max()) > RIDGE:
            move /= 2
        moved: Array = weights - move
        return moved


def rows(parts: Iterable[tuple[float, Sequence[Asked]]], weights: Array) -> Rows:
    """The rows to learn from, with the passages that the present weights find best."""
    taken: list[Array] = []
    goals: list[Array] = []
    queries: list[NDArray[np.int64]] = []
    own: list[float] = []
    starts = [0]
    for weight, asked in parts:
        answerable = [one for one in asked if one.right.any()]
        for one in answerable:
            order = np.argsort(-(one.features @ weights), kind="stable")
            _, firsts = np.unique(np.array(one.documents)[order], return_index=True)
            best = order[firsts]
            taken.append(one.features[best])
            goals.append(one.right[best] / one.right[best].sum())
            queries.append(np.full(len(best), len(own)))
            starts.append(starts[-1] + len(best))
            own.append(weight / len(answerable))
    return Rows(
        features=np.concatenate(taken),
        goal=np.concatenate(goals),
        query=np.concatenate(queries),
        starts=np.array(starts[:-1]),
        weights=np.array(own),
    )


def learned(parts: Sequence[tuple[float, Sequence[Asked]]]) -> Array:
    """The weights that lose least."""
    every = np.concatenate([one.features for _, asked in parts for one in asked])
    middle, scale = every.mean(axis=0), every.std(axis=0)
    scale[scale == 0] = 1.0
    level = [
        (
            weight,
            [
                Asked(one.query, one.documents, (one.features - middle) / scale, one.right)
                for one in asked
            ],
        )
        for weight, asked in parts
    ]
    weights = np.ones(every.shape[1]) / every.shape[1]
    for _ in range(ROUNDS):
        taken = rows(level, weights)
        for _ in range(STEPS):
            weights = taken.step(weights)
    found: Array = weights / scale
    return found


def ranking(one: Asked, weights: Array) -> list[str]:
    """Documents, the one with the best passage first."""
    order = np.argsort(-(one.features @ weights), kind="stable")
    return list(dict.fromkeys(one.documents[place] for place in order))


def held_out(collections: Sequence[Collection], mask: Array) -> dict[str, dict[str, float]]:
    """Figures of queries that were not learned from, with the features of the mask."""
    figures: dict[str, list[dict[str, float]]] = {one.name: [] for one in collections}
    for repeat in range(REPEATS):
        parts = {one.name: _parts(len(one.asked), repeat) for one in collections}
        found: dict[str, dict[str, list[str]]] = {one.name: {} for one in collections}
        for part in range(PARTS):
            taught = [
                (
                    one.weight,
                    [
                        _masked(each, mask)
                        for each, at in zip(one.asked, parts[one.name], strict=True)
                        if at != part
                    ],
                )
                for one in collections
            ]
            weights = learned(taught)
            for one in collections:
                for each, at in zip(one.asked, parts[one.name], strict=True):
                    if at == part:
                        found[one.name][each.query] = ranking(_masked(each, mask), weights)
        for one in collections:
            figures[one.name].append(score(found[one.name], one.judged))
    return {
        name: {each: round(statistics.fmean(run[each] for run in runs), 4) for each in runs[0]}
        for name, runs in figures.items()
    }


def _masked(one: Asked, mask: Array) -> Asked:
    return Asked(one.query, one.documents, one.features * mask, one.right)


def _parts(count: int, seed: int) -> NDArray[np.int64]:
    part = np.zeros(count, dtype=np.int64)
    part[np.random.default_rng(seed).permutation(count)] = np.arange(count) % PARTS
    return part


def say(what: str, figures: dict[str, dict[str, float]]) -> None:
    """One line of a table."""
    told = (" ".join(f"{value:.4f}" for value in one.values()) for one in figures.values())
    print(f"{what:24}", *told, sep=" | ", flush=True)  # noqa: T201 -- a script


def main(arguments: Sequence[str]) -> None:
    """Learn, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args(arguments)
    collections: list[Collection] = []
    names: list[str] = []
    for folder, _, weight in (one.partition("=") for one in options.folders):
        found, names = collection(Path(folder), float(weight or 1))
        collections.append(found)
    every = np.ones(len(names))
    say(
        "words alone",
        {
            one.name: score(
                {each.query: list(dict.fromkeys(each.documents)) for each in one.asked}, one.judged
            )
            for one in collections
        },
    )
    said = held_out(collections, every)
    say("all features", said)
    for at, name in enumerate(names if options.each else ()):
        mask = every.copy()
        mask[at] = 0.0
        say(f"without {name}", held_out(collections, mask))
    if options.out:
        weights = learned([(one.weight, one.asked) for one in collections])
        content = {
            "weights": {
                name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)
            },
            "from": {
                one.name: {
                    "weight": one.weight,
                    "queries": len(one.asked),
                    "sha256": hashlib.sha256(
                        Path(folder.partition("=")[0], "qrels.tsv").read_bytes()
                    ).hexdigest(),
                    "held out": said[one.name],
                }
                for one, folder in zip(collections, options.folders, strict=True)
            },
            "by": "benchmarks/rerank.py",
        }
        options.out.write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
