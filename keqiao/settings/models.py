"""Engines for meaning and for wording, none of them needed."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class ModelVariables(BaseSettings):
    """Vectors, embeddings and a language model."""

    chroma_url: str | None = Field(
        default=None, description="http://host:port of a Chroma server. Default: embedded."
    )
    embedding_folder: Path | None = Field(
        default=None, description="Folder of a local embedding model, ONNX preferred."
    )
    embedding_url: str | None = Field(
        default=None, description="OpenAI-compatible endpoint for embeddings, up to /v1."
    )
    embedding_model: str | None = Field(
        default=None, description="Name of the model at embedding_url."
    )
    embedding_key: SecretStr | None = Field(
        default=None, description="Key for embedding_url; a local server needs none."
    )
    embedding_instruction: str | None = Field(
        default=None,
        description="Put before every question that is embedded. "
        "Default: what the model's folder says, else nothing.",
    )
    chat_url: str | None = Field(
        default=None,
        description="OpenAI-compatible endpoint of a language model, up to /v1, that words "
        "answers. Default: none; answers are the documents' own words.",
    )
    chat_model: str | None = Field(default=None, description="Name of the model at chat_url.")
    chat_key: SecretStr | None = Field(
        default=None, description="Key for chat_url; a local server needs none."
    )
    chat_timeout: Annotated[float, Field(gt=0, le=60)] = Field(
        default=8.0, description="Seconds a person waits for the language model at most."
    )
    second_reader: bool = Field(
        default=False, description="Let the language model read needs again for what is missing."
    )
