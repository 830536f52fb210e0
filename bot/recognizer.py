"""What a message is for: a linear model over the features of the sentence.

One component in place of Rasa's tokenizer, featurizers and classifier, because Rasa makes, copies
and hashes a matrix for each sentence and step; measured in docs/decisions/0007-no-diet.md.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from features import Features
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

RANKED = 3
"""Intents that are told, likeliest first; all of them made up most of a recorded conversation."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRecognizer(GraphComponent, IntentClassifier):
    """One logistic regression an intent; confidences are made to sum to one."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        """Know where the model is kept; it is trained or loaded next."""
        self._storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 -- Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "IntentRecognizer":
        """Make one to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003 -- Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: object,
    ) -> "IntentRecognizer":
        """Make one that was trained before."""
        recognizer = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz") as weights:
                recognizer._learn(names, weights["rows"], weights["bias"])
        return recognizer

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the sentences of the training data."""
        from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 -- only to train
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- only to train

        features = Features()
        said = [one for one in training_data.intent_examples if one.get(TEXT)]
        vectorizer = DictVectorizer(dtype=np.float32)
        matrix = vectorizer.fit_transform(features.of(one.get(TEXT)) for one in said)
        model = LogisticRegression(solver="liblinear")
        model.fit(matrix, [one.get(INTENT) for one in said])
        names = {
            "features": vectorizer.get_feature_names_out().tolist(),
            "intents": model.classes_.tolist(),
        }
        rows = model.coef_.T.astype(np.float32)
        with self._storage.write_to(self._resource) as folder:
            (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
            np.savez(folder / "weights.npz", rows=rows, bias=model.intercept_)
        self._learn(names, rows, model.intercept_)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Tell each message's intent and how sure that is."""
        for message in messages:
            sure = self._sure(message.get(TEXT) or "")
            ranking = [
                {"name": self._intents[at], "confidence": float(sure[at])}
                for at in np.argsort(-sure)[:RANKED]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _learn(
        self, names: Mapping[str, Any], rows: NDArray[np.float32], bias: NDArray[np.float64]
    ) -> None:
        self._features = Features()
        self._row_of = {name: row for row, name in enumerate(names["features"])}
        self._intents: list[str] = names["intents"]
        self._rows = rows
        self._bias = bias

    def _sure(self, text: str) -> NDArray[np.float64]:
        known = [
            (self._row_of[name], count)
            for name, count in self._features.of(text).items()
            if name in self._row_of
        ]
        counts = np.array([count for _, count in known], dtype=np.float32)
        scores = self._bias + counts @ self._rows[[row for row, _ in known]]
        sure = 1 / (1 + np.exp(-scores))
        return sure / sure.sum()
