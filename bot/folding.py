"""Traditional characters are read as simplified ones before anything else looks at a message.

The sentences of data/nlu are simplified; without this, a message in traditional characters shares
half of its n-grams with none of them. Only what the pipeline sees is changed: the tracker and the
actions keep the words as they were said.
"""

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

TRADITIONAL = Path(__file__).with_name("traditional.txt")


def simplified() -> dict[int, str]:
    """Each traditional character to its simplified one, for `str.translate`."""
    lines = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {ord(traditional): simple for traditional, simple in pairs}


# Rasa knows no kind of component for this; those that run on every message are featurizers to it.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SimplifiedText(GraphComponent):
    """Rewrites the text of a message; the first component of the pipeline."""

    def __init__(self) -> None:
        """Read the table once."""
        self._table = simplified()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 -- Rasa's signature
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "SimplifiedText":
        """Make one; it has no settings and stores nothing."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rewrite every training sentence."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Rewrite every message."""
        for message in messages:
            if text := message.get(TEXT):
                message.set(TEXT, text.translate(self._table))
        return messages
