"""Learns how much each feature of a sentence speaks for it, and for answering at all.

    python benchmarks/answer_weights.py --documents DIR --questions FILE...
        [--library DIR] [--policy DIR] [--write]

`--documents` are the files the questions are asked about; `--library` is a folder of other
documents with a questions.jsonl of their own, which teaches what holds beyond the first;
`--policy` is a folder in the format of `keqiao evaluate retrieval` with answers.jsonl, whose
questions teach the ranking only. Prints how well questions that were left out are ranked and
decided (five folds, by question), and with `--write` stores the weights of all questions in
knowledge/answers/weighing/scorer.json.
"""  # noqa: INP001 -- a script

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from answer_cases import YEAR, Case, cases_of, corpus_of, documents_of, policy_cases
from numpy.typing import NDArray

from keqiao.evaluation.questions import read_questions
from knowledge.answers.deciding import case_of, ranked
from knowledge.answers.evidence import Evidence
from knowledge.answers.kinds import STRICT
from knowledge.answers.question import understand
from knowledge.answers.weighing import scorer as learned

FOLDS = 5
REFUSED = 0.03
"""The share of answerable questions that may be refused when the decision is measured."""

ABSENT_WEIGHT = 0.3
"""What a question teaches whose own document was taken away: it may be answered elsewhere."""

PRIOR = {
    "elsewhere": -2.0,
    "opposed": -2.0,
    "consulted": 1.0,
    "other_end": -2.0,
    "sealed": 1.0,
    **dict.fromkeys(("turn_unsaid", "exact_unsaid", "only_planned", "only_each"), -1.5),
}
"""What is held of features that the questions hardly ever show; examples pull away from it."""

RIDGE_RANKING, RIDGE_DECISION = 1.0, 10.0
_STEPS = 250
_RATE = 0.05
Vector = NDArray[np.float64]
Features = dict[str, float]
Say = Callable[[str], None]


class Table:
    """Names of features and their columns."""

    def __init__(self, rows: Iterable[Features]) -> None:
        self.names = sorted({name for row in rows for name in row})
        self._at = {name: at for at, name in enumerate(self.names)}

    def of(self, rows: Sequence[Features]) -> Vector:
        """The rows as one matrix."""
        matrix = np.zeros((len(rows), len(self.names)))
        for at, row in enumerate(rows):
            for name, value in row.items():
                matrix[at, self._at[name]] = value
        return matrix

    def prior(self) -> Vector:
        """What is held of the features before any example."""
        return np.array([PRIOR.get(name, 0.0) for name in self.names])

    def weights(self, vector: Vector) -> Features:
        """A vector by names, without what weighs nothing."""
        pairs = zip(self.names, vector, strict=True)
        return {name: round(float(one), 3) for name, one in pairs if abs(one) >= 0.005}  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was found for a question, as a matrix, and which rows answer it."""

    rows: Vector
    right: NDArray[np.bool_]
    weight: float


def learn_ranking(lessons: Sequence[Lesson], prior: Vector) -> Vector:
    """Weights under which the rows that answer take most of the belief; Adam on all lessons."""
    weights, first, second = prior.copy(), np.zeros(len(prior)), np.zeros(len(prior))
    for step in range(1, _STEPS + 1):
        slope = RIDGE_RANKING * (weights - prior)
        for one in lessons:
            scores = one.rows @ weights
            belief = np.exp(scores - scores.max())
            right = belief * one.right
            slope -= one.weight * (one.rows.T @ (right / right.sum() - belief / belief.sum()))
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        rate = _RATE * min(1.0, 2 * (1 - step / (_STEPS + 1)))
        weights = weights - rate * (first / (1 - 0.9**step)) / (
            np.sqrt(second / (1 - 0.99**step)) + 1e-8
        )
    return weights


def learn_decision(rows: Vector, right: Vector, weight: Vector) -> Vector:
    """Logistic regression by Newton's method, scaled by each feature's spread."""
    spread = rows.std(axis=0) + 1e-6
    scaled = np.hstack([rows / spread, np.ones((len(rows), 1))])
    ridge = RIDGE_DECISION * np.eye(scaled.shape[1])
    ridge[-1, -1] = 0.0
    weights = np.zeros(scaled.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (weight * (likely - right)) + ridge @ weights
        curve = (scaled * (weight * likely * (1 - likely))[:, None]).T @ scaled + ridge
        weights -= np.linalg.solve(curve, slope)
    return np.append(weights[:-1] / spread, weights[-1])


def lessons_of(cases: Sequence[Case], table: Table) -> list[Lesson | None]:
    """A lesson for each question of which some sentence states the facts."""
    found: list[Lesson | None] = []
    for case in cases:
        best = max(case.gains, default=0.0)
        right = np.array([best > 0 and one >= best for one in case.gains])
        rows = [one.seen.features for one in case.found]
        found.append(Lesson(table.of(rows), right, case.weight) if right.any() else None)
    return found


def rescored(case: Case) -> tuple[list[Evidence], list[float]]:
    """What was found, scored by the weights in use and in their order."""
    scorer = learned.scorer()
    pairs = [
        (replace(one, score=scorer.score(one.seen.features)), gained)
        for one, gained in zip(case.found, case.gains, strict=True)
    ]
    pairs.sort(key=lambda pair: -pair[0].score)
    asked = understand(case.text, YEAR)
    order = ranked(asked, [one for one, _ in pairs])
    gains = {id(one): gained for one, gained in pairs}
    return order, [gains[id(one)] for one in order]


def absent(case: Case) -> Case:
    """The question with its own document taken away."""
    right = max(zip(case.gains, case.found, strict=True), key=lambda pair: pair[0])[1]
    kept = [one for one in case.found if one.passage.source.id != right.passage.source.id]
    top = max((one.seen.features["found"] for one in kept), default=1.0)
    for_top = [
        replace(
            one,
            seen=replace(
                one.seen,
                features={**one.seen.features, "found": one.seen.features["found"] / top},
            ),
        )
        for one in kept
    ]
    return replace(
        case, answerable=False, weight=ABSENT_WEIGHT, found=for_top, gains=[0.0] * len(kept)
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Features of the best evidence, whether answering is right, and what it teaches."""

    row: Features
    right: float
    weight: float
    text: str


def decisions_of(cases: Iterable[Case]) -> Iterator[Decision]:
    """What is to be decided for each question, and for it without its own document."""
    for case in cases:
        stated = case.answerable and max(case.gains, default=0.0) > 0
        for one in (case, absent(case)) if stated else (case,):
            order, gains = rescored(one)
            asked = understand(one.text, YEAR)
            if not order or (asked.kind in STRICT and not order[0].held):
                continue
            if not one.answerable or max(gains[:2]) > 0:
                yield Decision(case_of(asked, order), float(one.answerable), one.weight, one.text)


def report(likely: Vector, decisions: Sequence[Decision], say: Say) -> None:
    """How many questions without an answer are recognised when few others are refused."""
    right = np.array([one.right for one in decisions])
    weight = np.array([one.weight for one in decisions])
    for share in (REFUSED, REFUSED + 0.02):
        bar = float(np.quantile(likely[right > 0], share))
        silent = float((likely[(right == 0) & (weight == 1)] < bar).mean())
        other = float((likely[(right == 0) & (weight < 1)] < bar).mean())
        say(f"refused {share:.2f} below {bar:.2f}: withheld {silent:.3f}, absent {other:.3f}")


def store(ranking: Features, answering: Features) -> None:
    """Write the weights, and use them from here on."""
    path = Path(learned.__file__).with_name("scorer.json")
    content = {"ranking": ranking, "answering": answering}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")
    learned.scorer.cache_clear()


def folds_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """The fold of each question, the same for the same text."""
    known = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    drawn = np.random.default_rng(1).integers(0, FOLDS, len(known))
    return np.array([drawn[known[text]] for text in texts])


def teach_ranking(own: Sequence[Case], other: Sequence[Case], say: Say) -> Features:
    """The weights of all questions; says how those left out are ranked."""
    cases = [*own, *other]
    table = Table(one.seen.features for case in cases for one in case.found)
    lessons = lessons_of(cases, table)
    hits = _ranked_right(lessons, folds_of([one.text for one in cases]), table.prior())
    for name, part in (("own", hits[: len(own)]), ("policy", hits[len(own) :])):
        known = [one for one in part if one is not None]
        if known:
            say(f"{name}: of {len(known)} questions {np.mean(known):.3f} ranked right")
    return table.weights(learn_ranking([one for one in lessons if one], table.prior()))


def teach_decision(own: Sequence[Case], say: Say) -> Features:
    """The weights of all questions; says how those left out are decided."""
    decisions = list(decisions_of(own))
    columns = Table(one.row for one in decisions)
    rows = columns.of([one.row for one in decisions])
    right = np.array([one.right for one in decisions])
    weight = np.array([one.weight for one in decisions])
    fold = folds_of([one.text for one in decisions])
    likely = np.zeros(len(decisions))
    for at in range(FOLDS):
        seen, new = fold != at, fold == at
        found = learn_decision(rows[seen], right[seen], weight[seen])
        likely[new] = 1 / (1 + np.exp(-rows[new] @ found[:-1] - found[-1]))
    report(likely, decisions, say)
    found = learn_decision(rows, right, weight)
    return {**columns.weights(found[:-1]), "always": round(float(found[-1]), 3)}


def main() -> None:
    """Gather, learn, measure and, if asked to, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    with tempfile.TemporaryDirectory() as scratch:
        corpus = corpus_of(documents_of(options.documents), Path(scratch) / "own")
        own = list(cases_of(read_questions(options.questions), corpus))
        if options.library:
            corpus = corpus_of(documents_of(options.library), Path(scratch) / "library")
            questions = read_questions([options.library / "questions.jsonl"])
            own.extend(cases_of(questions, corpus))
        folder = options.policy
        other = list(policy_cases(folder, Path(scratch) / "policy")) if folder else []
    before = json.loads(Path(learned.__file__).with_name("scorer.json").read_text("utf-8"))
    ranking = teach_ranking(own, other, say)
    store(ranking, before["answering"])
    answering = teach_decision(own, say)
    if options.write:
        store(ranking, answering)
    else:
        store(**before)


def _ranked_right(
    lessons: Sequence[Lesson | None], fold: NDArray[np.int64], prior: Vector
) -> list[bool | None]:
    """Whether the best sentence, by weights that never saw its question, states the facts."""
    hits: list[bool | None] = [None] * len(lessons)
    for at in range(FOLDS):
        pairs = list(zip(lessons, fold, strict=True))
        weights = learn_ranking([one for one, its in pairs if one and its != at], prior)
        for number, (one, its) in enumerate(pairs):
            if one and its == at:
                hits[number] = bool(one.right[np.argmax(one.rows @ weights)])
    return hits


if __name__ == "__main__":
    main()
