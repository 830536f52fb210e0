"""The learned weights: how much each feature speaks for a sentence, and for answering at all."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path


class Scorer:
    """Linear scores of named features; a feature it does not know weighs nothing."""

    def __init__(self, content: Mapping[str, Mapping[str, float]]) -> None:
        self._ranking = content["ranking"]
        self._answering = content["answering"]

    def score(self, features: Mapping[str, float]) -> float:
        """How well a sentence answers, in units that only compare sentences of one question."""
        weights = self._ranking
        return sum(weights.get(name, 0.0) * value for name, value in features.items())

    def likely(self, features: Mapping[str, float]) -> float:
        """The probability that evidence answers its question."""
        weights = self._answering
        total = sum(weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-total - weights.get("always", 0.0)))


@cache
def scorer() -> Scorer:
    """The scorer of this process."""
    text = (Path(__file__).parent / "scorer.json").read_text(encoding="utf-8")
    return Scorer(json.loads(text))
