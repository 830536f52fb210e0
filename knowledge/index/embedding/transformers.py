"""A local model that is no ONNX graph, through sentence-transformers (the extra `models`)."""

from collections.abc import Sequence
from typing import override

import numpy as np

from core.domain.errors import BadInputError
from knowledge.index.embedding.folder import ModelFolder
from knowledge.index.embedding.learned import LearnedEmbeddings, Vectors
from knowledge.index.embedding.words import say


class TransformerEmbeddings(LearnedEmbeddings):
    """Runs a folder with sentence-transformers, from the disk alone."""

    def __init__(self, folder: ModelFolder, instruction: str) -> None:
        """Load it.

        Raises:
            BadInputError: the extra is not installed, or the folder cannot be loaded.
        """
        super().__init__(folder.name, instruction)
        try:
            import sentence_transformers  # noqa: PLC0415 -- heavy, and an extra
        except ImportError as error:
            raise BadInputError(say("extra_missing", folder=folder.path)) from error
        try:
            self._model = sentence_transformers.SentenceTransformer(
                str(folder.path), local_files_only=True
            )
        except Exception as error:  # whatever is wrong with the folder
            raise BadInputError(say("file_broken", file=folder.path, error=error)) from error

    @override
    def _embed(self, texts: Sequence[str]) -> Vectors:
        found = self._model.encode(list(texts), prompt="", show_progress_bar=False)
        return np.asarray(found, np.float32)
