"""Which embedding the settings ask for."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.domain.errors import BadInputError
from knowledge.index.embedding.words import say

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from pydantic import SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingSettings:
    """Where vectors come from; nothing set means the embedded default."""

    folder: Path | None = None
    url: str | None = None
    model: str | None = None
    key: "SecretStr | None" = None
    instruction: str | None = None
    """Put before every question; None: what the model's folder says."""


def open_embeddings(settings: EmbeddingSettings) -> "Embeddings | None":
    """The embedding that is asked for, loaded; None for the default.

    A folder is loaded at once, so that what is wrong with it is known at the start; an endpoint
    is asked when it is first needed, as it may be down for a while.

    Raises:
        BadInputError: settings that contradict each other, or a folder that cannot be used.
    """
    if settings.folder is not None and settings.url is not None:
        raise BadInputError(say("two_makers"))
    if settings.folder is not None:
        return _from_folder(settings.folder, settings.instruction)
    if settings.url is not None:
        return _from_endpoint(settings, settings.url)
    return None


def _from_folder(path: Path, instruction: str | None) -> "Embeddings":
    from knowledge.index.embedding.folder import ModelFolder  # noqa: PLC0415 -- heavy makers
    from knowledge.index.embedding.onnx import OnnxEmbeddings  # noqa: PLC0415 -- heavy makers
    from knowledge.index.embedding.transformers import (  # noqa: PLC0415 -- heavy makers
        TransformerEmbeddings,
    )

    if not path.is_dir():
        raise BadInputError(say("folder_missing", folder=path))
    folder = ModelFolder(path.resolve())
    before = folder.instruction if instruction is None else instruction
    graph = folder.onnx
    if graph is not None:
        return OnnxEmbeddings(folder, graph, before)
    if folder.for_transformers:
        return TransformerEmbeddings(folder, before)
    raise BadInputError(say("folder_unknown", folder=path))


def _from_endpoint(settings: EmbeddingSettings, url: str) -> "Embeddings":
    from knowledge.index.embedding.remote import RemoteEmbeddings  # noqa: PLC0415 -- heavy maker

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInputError(say("url_bad"))
    if not settings.model:
        raise BadInputError(say("model_missing"))
    return RemoteEmbeddings(url, settings.model, settings.key, settings.instruction or "")
