"""A model folder as published: where its parts lie and how its vectors are meant to be made."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from core.domain.errors import BadInputError
from knowledge.index.embedding.words import say

_MODULES = "modules.json"
_POOLING = Path("1_Pooling") / "config.json"
_POOLINGS = ("mean", "cls", "max")
_PLAIN_LAYERS = {"Transformer", "Pooling", "Normalize"}
_MAX_TOKENS = 512
"""What models of this size read when their folder does not say."""

_SAMPLE = 1 << 20


@dataclass(frozen=True)
class ModelFolder:
    """The folder of one embedding model, in the layout of sentence-transformers."""

    path: Path

    @property
    def onnx(self) -> Path | None:
        """The model as an ONNX graph."""
        places = (self.path / "model.onnx", self.path / "onnx" / "model.onnx")
        return next((place for place in places if place.is_file()), None)

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's own file."""
        return self.path / "tokenizer.json"

    @property
    def for_transformers(self) -> bool:
        """Whether sentence-transformers can load it."""
        return (self.path / _MODULES).is_file()

    @property
    def pooling(self) -> str:
        """How the vectors of tokens become one: mean, cls or max; mean when nothing is said.

        Raises:
            BadInputError: another way, or several at once.
        """
        config = self._json(_POOLING, {})
        asked = config.get("pooling_mode")
        named = [str(asked)] if asked else [n for n in config if n.startswith("pooling_mode_")]
        chosen = [n for n in named if asked or config[n]]
        names = [name.removeprefix("pooling_mode_").split("_")[0] for name in chosen] or ["mean"]
        if len(names) != 1 or names[0] not in _POOLINGS:
            pooling = "、".join(chosen)
            raise BadInputError(say("pooling_unknown", file=self.path / _POOLING, pooling=pooling))
        return names[0]

    @property
    def max_tokens(self) -> int:
        """Longer texts are cut."""
        said = self._json("sentence_bert_config.json", {}).get("max_seq_length")
        return int(said) if isinstance(said, int) and said > 0 else _MAX_TOKENS

    @property
    def instruction(self) -> str:
        """What the model wants to read before a question."""
        config = self._json("config_sentence_transformers.json", {})
        prompts = config.get("prompts") or {}
        return str(prompts.get("query") or prompts.get(config.get("default_prompt_name")) or "")

    @cached_property
    def name(self) -> str:
        """The folder's name with a digest of its files: a model that is swapped is another."""
        digest = hashlib.blake2b(digest_size=6)
        weights = (self.path / "model.safetensors", self.path / "pytorch_model.bin")
        for file in filter(None, (self.onnx, self.tokenizer, self.path / _POOLING, *weights)):
            digest.update(_sample(file))
        return f"{self.path.name}-{digest.hexdigest()}"

    def demand_plain_layers(self) -> None:
        """See that nothing is computed behind the pooling but a normalisation.

        Raises:
            BadInputError: there is such a layer, and the ONNX graph does not hold it.
        """
        for module in self._json(_MODULES, []):
            layer = str(module.get("type", "")).rpartition(".")[2]
            if layer not in _PLAIN_LAYERS:
                raise BadInputError(say("layer_unknown", folder=self.path, layer=layer))

    def _json(self, name: str | Path, default: Any) -> Any:  # noqa: ANN401 -- JSON
        file = self.path / name
        if not file.is_file():
            return default
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadInputError(say("file_broken", file=file, error=error)) from error
        if not isinstance(found, type(default)):
            raise BadInputError(say("file_broken", file=file, error=type(found).__name__))
        return found


def _sample(file: Path) -> bytes:
    """Size, beginning and end of a file: enough to tell models apart."""
    if not file.is_file():
        return b""
    size = file.stat().st_size
    with file.open("rb") as handle:
        first = handle.read(_SAMPLE)
        handle.seek(max(size - _SAMPLE, 0))
        return f"{file.name} {size} ".encode() + first + handle.read()
