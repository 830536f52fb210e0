"""A local model as an ONNX graph with its own tokenizer: no torch, no network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, override

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import BadInputError
from knowledge.index.embedding.folder import ModelFolder
from knowledge.index.embedding.learned import LearnedEmbeddings, Vectors
from knowledge.index.embedding.words import say

_BATCH = 32
_PER_TOKEN = 3
_POOLED = 2
_PADDINGS = ("[PAD]", "<pad>")


class OnnxEmbeddings(LearnedEmbeddings):
    """Runs the graph of a model folder; pooling and length are those that the folder names."""

    def __init__(self, folder: ModelFolder, graph: Path, instruction: str) -> None:
        """Load it.

        Raises:
            BadInputError: a part is missing, broken or of a kind that is not known here.
        """
        super().__init__(folder.name, instruction)
        folder.demand_plain_layers()
        self._graph = graph
        self._pooling = folder.pooling
        self._tokenizer = _tokenizer(folder)
        self._session = _session(graph)
        self._inputs = [one.name for one in self._session.get_inputs()]
        names = [one.name for one in self._session.get_outputs()]
        preferred = ("last_hidden_state", "token_embeddings")
        self._output = next((name for name in preferred if name in names), names[0])
        self.dimension  # noqa: B018 -- a first run at the start shows a graph that does not fit

    @override
    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Short texts together and long ones together, so that little is padded."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        rows: list[Vectors] = [np.zeros(0, np.float32)] * len(texts)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            for at, row in zip(places, self._run([texts[at] for at in places]), strict=True):
                rows[at] = row
        return np.stack(rows)

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        fed = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
        }
        try:
            (found,) = self._session.run(
                [self._output], {name: fed[name] for name in self._inputs}
            )
        except Exception as error:  # onnxruntime's errors share no base but this
            raise BadInputError(say("file_broken", file=self._graph, error=error)) from error
        return self._pooled(np.asarray(found, np.float32), mask)

    def _pooled(self, found: NDArray[np.float32], mask: NDArray[np.int64]) -> Vectors:
        if found.ndim == _POOLED and len(found) == len(mask):
            return found
        if found.ndim != _PER_TOKEN or found.shape[:2] != mask.shape:
            raise BadInputError(say("output_unknown", file=self._graph, shape=found.shape))
        if self._pooling == "cls":
            return found[:, 0]
        kept = mask[:, :, None].astype(np.float32)
        if self._pooling == "max":
            return np.where(kept > 0, found, -np.inf).max(axis=1).astype(np.float32)
        pooled = (found * kept).sum(axis=1) / np.maximum(kept.sum(axis=1), 1)
        return pooled.astype(np.float32)


def _tokenizer(folder: ModelFolder) -> Any:  # noqa: ANN401 -- tokenizers ships no full types
    from tokenizers import Tokenizer  # noqa: PLC0415 -- heavy: loaded on first use

    if not folder.tokenizer.is_file():
        raise BadInputError(say("folder_tokenizer", folder=folder.path))
    try:
        tokenizer = Tokenizer.from_file(str(folder.tokenizer))
    except Exception as error:  # tokenizers raises nothing narrower
        raise BadInputError(say("file_broken", file=folder.tokenizer, error=error)) from error
    known = (tokenizer.token_to_id(name) for name in _PADDINGS)
    tokenizer.enable_padding(pad_id=next((at for at in known if at is not None), 0))
    tokenizer.enable_truncation(folder.max_tokens)
    return tokenizer


def _session(graph: Path) -> Any:  # noqa: ANN401 -- onnxruntime ships no types
    import onnxruntime  # noqa: PLC0415 -- heavy: loaded on first use

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no base but this
        raise BadInputError(say("file_broken", file=graph, error=error)) from error
